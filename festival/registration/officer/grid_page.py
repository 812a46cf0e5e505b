"""What does an officer's grid show: the families as typed, what is wrong beside its cell, what each still lacks?"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import render_template, request, url_for

from festival.core.clock import today
from festival.core.looks import looked
from festival.core.names import fold
from festival.core.old_fonts import offered
from festival.core.secrets import new_token
from festival.core.security_log import SecurityKind
from festival.core.sentence import N_, Sentence
from festival.core.web.access import acting_user
from festival.core.web.i18n import say
from festival.registration.editing import saving
from festival.registration.grid import keeping, typed
from festival.registration.grid.comparing import GridDifference, differing
from festival.registration.grid.pieces import PastedWords
from festival.registration.grid.reading import FamilyRead, GridRule, read_family, relations_by_word, while_typing
from festival.registration.grid.sheet import TYPED_OVER, Sheet
from festival.registration.grid.typed import MOST_FAMILIES, TypedFamily, TypedPerson
from festival.registration.models import RegistrationDraft
from festival.registration.officer.desk import Desk
from festival.registration.receiving import receiving_of
from festival.registration.sending import hindrances
from festival.registration.versions import version_of_form
from festival.roster import views
from festival.roster.household import MOST_MEMBERS, Household
from festival.roster.people import RELATION_WORDS, SEX_WORDS
from festival.roster.views import FamilyView

FEWEST_ROWS = 4
SAME_HOUSEHOLD = N_(
    "Gia đình có người đại diện và số điện thoại này đã được đăng ký. Hãy tìm trong danh sách, hoặc hỏi Ban Tổ chức.",
    "same_household",
)
KEY_WORDS: dict[str, Sentence] = {
    "phone": N_("Số điện thoại"), "address": N_("Địa chỉ"), "email": N_("Thư điện tử"), "introduction": N_("Giới thiệu"),
    "rest": N_("Chữ chưa xếp"), "name": N_("Họ và tên"), "relation": N_("Quan hệ"), "sex": N_("Giới tính"),
    "birth": N_("Ngày sinh"), "needs": N_("Nhu cầu hỗ trợ"), "guardian": N_("Cha, mẹ hoặc người giám hộ đã ký"),
    "contests": N_("Phần thi"), "signed": N_("Đã ký phiếu đồng ý"), "own": N_("Bạn nhỏ từ 7 tuổi đã đồng ý"),
}  # fmt: skip
_AT = re.compile(r"(?:f(\d{1,2})-)?(?:members-(\d{1,2})-)?[a-z]+")


@dataclass(frozen=True, slots=True)
class DrawnFamily:
    """A family of the page: what stands in it, what is wrong by cell, which names are offered, what its line says."""

    number: int
    typed: TypedFamily
    faults: dict[str, list[str]]
    offers: dict[str, str]
    tone: str
    words: str

    @property
    def prefix(self) -> str:
        """Before the names of its fields."""
        return typed.prefix(self.number)

    @property
    def signed(self) -> int:
        """For how many people the paper is ticked."""
        return sum(each.signed for each in self.typed.people)

    @property
    def unfolded(self) -> bool:
        """Whether something is wrong among what is folded away, or something stands there while anything is wrong."""
        rare = any(key.endswith(("-needs", "-guardian", "-signed", "-own")) for key in self.faults)
        return rare or (bool(self.faults) and any(each.rare for each in self.typed.people))


class GridPage:
    """The grid of a delegation's new families, or of one that is registered."""

    def __init__(self, code: str, family: str | None = None, *, lock: bool = False) -> None:
        self.desk = Desk(code)
        self.item: FamilyView | None = self.desk.family(family) if family is not None else None
        self.draft: RegistrationDraft | None = keeping.own_draft(
            acting_user(), self.desk.delegation, self.item.family.id if self.item else None, lock=lock
        )
        self.sheet: Sheet = keeping.sheet_of(self.draft) if self.draft else Sheet(new_token(), self.registered)

    @cached_property
    def _relation_words(self) -> dict[Any, str]:
        return {relation: say(words) for relation, words in RELATION_WORDS.items()}

    @property
    def registered(self) -> tuple[TypedFamily, ...]:
        """The registered family as cells; nothing for new ones."""
        shown = {str(relation): words for relation, words in self._relation_words.items()}
        return (typed.of_household(self.item.household, shown),) if self.item else ()

    @property
    def old(self) -> Household:
        """What is registered; empty for new families."""
        return self.item.household if self.item else Household()

    @property
    def editable(self) -> bool:
        """Whether what stands here can be kept as the family's."""
        return self.item is None or self.item.family.state in views.OPEN_STATES

    @property
    def address(self) -> str:
        """Of this page."""
        code = self.desk.delegation.code
        if self.item is None:
            return url_for("registration.family_new", code=code)
        return url_for("registration.family_edit", code=code, family=self.item.family.code)

    @cached_property
    def rule(self) -> GridRule:
        """What the cells are read by."""
        most = self.desk.rules.quotas.members.most or MOST_MEMBERS
        return GridRule(
            tuple(self.desk.rules.contests), self.desk.festival.starts_on, today(), most,
            relations_by_word(self._relation_words),
        )  # fmt: skip

    @property
    def words(self) -> PastedWords:
        """What a pasted word means here."""
        contests = {fold(name): code for code, name in self.desk.rules.names.items()}
        contests |= {fold(name).removeprefix("thi "): code for code, name in self.desk.rules.names.items()}
        leader = next(word for relation, word in self._relation_words.items() if relation == "representative")
        return PastedWords(contests, self.rule.relations, leader)

    def take(self) -> bool:
        """What stands in the form that was sent; whether another page of this officer wrote meanwhile.

        Then what that page wrote stays beside, to be had back.
        """
        families = typed.from_form(request.form.to_dict(flat=False))
        if self.item is not None:
            families = (families or (TypedFamily(),))[:1]
        key = request.form.get("form_key", "")[:80] or self.sheet.key
        here = self.draft.version if self.draft else 0
        overtaken = self.draft is not None and (key != self.sheet.key or request.form.get("seen") != str(here))
        if overtaken and typed.compact(families) != typed.compact(self.sheet.families):
            self.sheet = self.sheet.did(TYPED_OVER, families)
        self.sheet = replace(self.sheet, key=key, families=families)
        return overtaken

    def keep(self) -> int | None:
        """Keep it on the server; None when another page began to at this very moment."""
        begun = (self.item.family.id, version_of_form()) if self.item else None
        return keeping.keep(acting_user(), self.desk.delegation, begun, self.draft, self.sheet)

    def end(self) -> None:
        """Nothing typed is left."""
        if self.draft is not None:
            keeping.end(self.draft)
            self.draft = None

    def read(self) -> list[FamilyRead]:
        """Every family, read."""
        return [read_family(each, self.old, self.rule) for each in self.sheet.families]

    def _taken(self, reads: list[FamilyRead]) -> set[str]:
        """The identities that another registration has: asked once somebody wanted to keep the families."""
        own = self.item.family.id if self.item else None
        wanted = {read.household.identity for read in reads} - {""}
        return keeping.taken(self.desk.festival.id, wanted, own) if self.sheet.checked and wanted else set()

    def drawn(self) -> list[DrawnFamily]:
        """Every family as the page shows it."""
        reads = self.read()
        taken = self._taken(reads)
        twice = [
            replace(read, faults=(*read.faults, ("phone", SAME_HOUSEHOLD)))
            if read.household.identity in taken
            else read
            for read in reads
        ]
        pairs = zip(self.sheet.families, twice, strict=True)
        return [self._drawn(number, each, read) for number, (each, read) in enumerate(pairs)]

    def _drawn(self, number: int, each: TypedFamily, read: FamilyRead) -> DrawnFamily:
        shown = read.faults if self.sheet.checked and not each.blank else while_typing(read.faults, each)
        faults: dict[str, list[str]] = defaultdict(list)
        for key, reason in shown:
            faults[typed.prefix(number) + key].append(say(reason))
        names = [
            (typed.cell(number, row, key), getattr(one, key))
            for row, one in enumerate(each.people)
            for key in ("name", "guardian")
        ]
        offers = {cell: offer for cell, text in names if (offer := offered(text))}
        tone, words = self._line(each, read, len(shown))
        return DrawnFamily(number, each, dict(faults), offers, tone, words)

    def _line(self, each: TypedFamily, read: FamilyRead, wrong: int) -> tuple[str, str]:
        """What the family's line says: what cannot stay, else what it lacks, else that it may be sent."""
        if each.blank or not self.editable:
            return "", ""
        barred = hindrances(
            read.household.facts, self.desk.rules.quotas, self.desk.festival.starts_on, self.desk.ground
        )
        if wrong:
            return "bad", say(N_("%(n)s ô cần sửa", "cells_wrong", n=wrong))
        if not barred:
            return "good", say(N_("Đủ hồ sơ, gửi được"))
        said = "; ".join(say(one.reason).rstrip(".") for one in barred[:3])
        more = len(barred) - 3
        lacks: Sentence = N_("Còn thiếu: %(what)s", "line_lacks", what=said)
        if more > 0:
            lacks = N_("Còn thiếu: %(what)s; và %(n)s chỗ nữa", "line_lacks_more", what=said, n=more)
        return "warn", say(lacks)

    def state(self) -> dict[str, object]:
        """What a script writes beside the cells."""
        drawn = self.drawn()
        return {
            "faults": {cell: " ".join(said) for each in drawn for cell, said in each.faults.items()},
            "lines": [{"tone": each.tone, "words": each.words} for each in drawn],
            "undo": say(self.sheet.back[-1].what) if self.sheet.back else "",
        }

    @property
    def overtaken(self) -> tuple[GridDifference, ...] | None:
        """How what is typed differs from the family that somebody changed meanwhile; None while nobody did."""
        if self.item is None or self.draft is None or self.draft.base_version == self.item.family.version:
            return None
        return differing(self.sheet.families[0] if self.sheet.families else TypedFamily(), self.registered[0])

    def called(self, each: DrawnFamily, cell: str) -> str:
        """How the summary calls a cell: whose, and which."""
        _before, members, place = cell.partition("members-")
        row, _dash, key = place.partition("-")
        words = say(KEY_WORDS[key if members else cell.removeprefix(each.prefix)])
        if members:
            words = say(N_("Người thứ %(n)s, %(what)s", n=int(row) + 1, what=words.lower()))
        return (
            words
            if len(self.sheet.families) == 1
            else say(N_("Gia đình thứ %(n)s, %(what)s", n=each.number + 1, what=words.lower()))
        )

    @property
    def unsaved(self) -> bool:
        """Whether a registered family is typed otherwise than it is saved."""
        return self.item is not None and typed.compact(self.sheet.families) != typed.compact(self.registered)

    def draw(self) -> str:
        """The page."""
        at = request.args.get("at", "")[:40]
        newer = self.overtaken
        shown = self.registered  # nothing is typed into a family that is only read, and no empty row waits for it
        if self.editable:
            shown = _roomy(typed.compact(self.sheet.families), at, self.item is None, self.rule.most)
        self.sheet = replace(self.sheet, families=shown)
        if self.item is not None:
            looked(SecurityKind.READ_CHILDREN, family=self.item.family.code)
        return render_template(
            "registration/officer/grid.html",
            desk=self.desk,
            delegation=self.desk.delegation,
            page=self,
            sheet=self.sheet,
            families=self.drawn(),
            view=self.item,
            receiving=receiving_of(self.item.family) if self.item else None,
            seen=self.draft.version if self.draft else 0,
            at=at,
            more=self.item is None and len(self.sheet.families) < MOST_FAMILIES,
            unsaved=self.unsaved,
            former=saving.brought_back(self.item) if self.item and self.editable else (),
            newer=newer,
            key_words=KEY_WORDS,
            sexes=[(str(sex), say(words)) for sex, words in SEX_WORDS.items()],
        )


def _roomy(families: tuple[TypedFamily, ...], at: str, several: bool, most: int) -> tuple[TypedFamily, ...]:
    """With an empty row in each family, a family to begin with, and the place where the hand goes."""
    found = _AT.fullmatch(at)
    family, row = (int(found[1] or 0), int(found[2] or 0)) if found else (0, 0)
    kept = list(families) or [TypedFamily()]
    if several and family == len(kept) < MOST_FAMILIES:
        kept.append(TypedFamily())
    for number, each in enumerate(kept):
        wanted = max(FEWEST_ROWS, len(each.people) + 1, row + 1 if number == family else 0)
        spare = min(wanted, max(most, len(each.people))) - len(each.people)
        kept[number] = replace(each, people=(*each.people, *[TypedPerson()] * spare))
    return tuple(kept)
