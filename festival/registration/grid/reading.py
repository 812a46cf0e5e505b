"""What family does a grid describe, and which of its cells cannot stay as they are? Pure.

Every fault is named by its cell, in the same sentence as on every other road (`core.names`, `core.phones`, `core.births`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from festival.consent.rules import Agreements, AskedPerson, Ticks, on_paper, paper_faults
from festival.core.births import Birth, birth
from festival.core.names import fold, nfc, too_long
from festival.core.old_fonts import written_fault
from festival.core.phones import phone
from festival.core.post.mail_address import email_fault
from festival.core.sentence import N_, Sentence
from festival.core.text import cut, line
from festival.registration.grid.kin import read_kin
from festival.registration.grid.typed import TypedFamily, TypedPerson, of_member
from festival.roster.household import LONGEST_INTRODUCTION, LONGEST_TEXT, Household, Member, somebody_else
from festival.roster.people import Relation, Sex, read_sex

# By cell of the family (`phone`, `members-0-birth`): what is wrong and what to do.
Fault = tuple[str, Sentence]


@dataclass(frozen=True, slots=True)
class GridRule:
    """What a grid is read by: the edition's contests and first day, today, the most people, the page's words of relations."""

    contests: tuple[str, ...]
    on: date
    today: date
    most: int
    relations: Mapping[str, Relation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FamilyRead:
    """The household as far as it can be read, and what cannot."""

    household: Household
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the grid beside the one it was."""

    typed: TypedPerson
    old: Member | None
    name: str
    relation: Relation | None
    sex: Sex | None
    birth: Birth | None

    @property
    def replaces(self) -> bool:
        """Whether another person was typed over the old one."""
        return self.old is not None and somebody_else(self.old, self.name, self.birth)

    @property
    def asked(self) -> tuple[Member | None, Ticks]:
        """Who stood here before, if it is the same person, and what was ticked and typed for the one who stands here now."""
        typed = self.typed
        ticks = Ticks(typed.signed, typed.guardian, own=typed.own)
        if self.old is None or not self.replaces:
            return self.old, ticks
        # Ticks that were there before are the other person's: only what is new is for this one.
        shown = of_member(self.old, {})
        named = nfc(ticks.guardian) not in ("", shown.guardian)
        fresh = ticks.agreed and (named or not shown.signed)
        kept = Ticks(fresh, ticks.guardian if fresh else "", own=ticks.own and (named or not shown.own))
        return None, kept

    def member(self, rule: GridRule) -> Member:
        """As a value; an agreement given before on another road is kept, one on paper goes with its tick."""
        old, ticks = self.asked
        return replace(
            old or Member(""),
            name=self.name,
            relation=self.relation,
            sex=self.sex,
            birth=self.birth,
            needs=line(self.typed.needs),
            contests=tuple(code for code in rule.contests if code in self.typed.contests),
        ).agreeing(on_paper(self._person(rule), old.agreements if old else Agreements(), ticks))

    def lost(self, rule: GridRule) -> Iterator[Fault]:
        """What of the agreements would count for nothing."""
        old, ticks = self.asked
        yield from paper_faults(self._person(rule), old.agreements if old else Agreements(), ticks)

    def _person(self, rule: GridRule) -> AskedPerson:
        return AskedPerson(self.name, self.birth, rule.on)


def read_family(typed: TypedFamily, old: Household, rule: GridRule) -> FamilyRead:
    """The family as typed beside the one it was; people are known again by their code, once each."""
    rows = [(place, row) for place, row in enumerate(_rows(typed, old, rule)) if not row.typed.blank]
    number = phone(typed.phone)
    household = Household(
        phone=number if isinstance(number, str) else "",
        email=nfc(typed.email),
        address=line(typed.address),
        introduction=line(typed.introduction),
        members=tuple(row.member(rule) for _place, row in rows),
    )
    faults = [*_of_family(typed), *(fault for place, row in rows for fault in _of_row(place, row, rule))]
    leading = [place for place, row in rows if row.relation is Relation.REPRESENTATIVE]
    faults += [(f"members-{place}-relation", _TWO_LEAD) for place in leading[1:]]
    if len(rows) > rule.most:
        too_many = N_(
            "Gia đình được đăng ký nhiều nhất %(most)s thành viên. Hãy bớt dòng.", "too_many_rows", most=rule.most
        )
        faults.append((f"members-{rows[rule.most][0]}-name", too_many))
    return FamilyRead(household, tuple(faults))


_TWO_LEAD = N_("Gia đình có nhiều hơn một người đại diện. Hãy chỉ giữ một người.", "two_representatives")
_NO_SEX = N_("Hãy chọn nam hoặc nữ.", "no_sex")
_NO_RELATION = N_(
    "Chưa ghi quan hệ. Hãy ghi một chữ: đại diện, vợ, chồng, con, cha, mẹ, ông, bà, cháu, anh, chị, em.",
    "relation_missing",
)


def _rows(typed: TypedFamily, old: Household, rule: GridRule) -> Iterator[Row]:
    known = {member.code: member for member in old.members if member.code}
    for each in typed.people:
        relation, implied = read_kin(nfc(each.relation), rule.relations)
        written = nfc(each.sex)
        sex = Sex(written) if written in set(Sex) else read_sex(written)
        born = birth(each.birth, rule.today)
        yield Row(
            each,
            known.pop(each.code, None),
            nfc(each.name),
            relation,
            sex or (implied if not written else None),
            born if isinstance(born, Birth) else None,
        )


def _of_family(typed: TypedFamily) -> Iterator[Fault]:
    number, email = phone(typed.phone), nfc(typed.email)
    asked = (
        ("phone", number if isinstance(number, Sentence) else None),
        ("address", too_long(line(typed.address), LONGEST_TEXT)),
        ("email", email_fault(email) if email else None),
        ("introduction", too_long(line(typed.introduction), LONGEST_INTRODUCTION)),
    )
    yield from ((key, reason) for key, reason in asked if reason is not None)
    if nfc(typed.rest):
        yield (
            "rest",
            N_("Còn chữ chưa xếp vào ô nào. Chép sang ô đúng nếu cần, rồi xóa khỏi ô này.", "rest_unplaced"),
        )


def _of_row(place: int, row: Row, rule: GridRule) -> Iterator[Fault]:
    typed = row.typed
    born = birth(typed.birth, rule.today)
    said = nfc(typed.relation)
    bad = N_(
        "Không rõ quan hệ “%(text)s”. Hãy ghi một chữ: đại diện, vợ, chồng, con, cha, mẹ, ông, bà, cháu, anh, chị, em.",
        "bad_relation",
        text=cut(said, 40),
    )
    asked = (
        ("name", written_fault(typed.name)),
        ("relation", (bad if said else _NO_RELATION) if row.relation is None else None),
        ("sex", _NO_SEX if row.sex is None else None),
        ("birth", born if isinstance(born, Sentence) else None),
        ("needs", too_long(line(typed.needs), LONGEST_TEXT)),
        ("guardian", written_fault(typed.guardian) if nfc(typed.guardian) else None),
    )
    for key, reason in asked:
        if reason is not None:
            yield f"members-{place}-{key}", reason
    yield from ((f"members-{place}-{key}", reason) for key, reason in row.lost(rule))


def while_typing(faults: tuple[Fault, ...], typed: TypedFamily) -> tuple[Fault, ...]:
    """Those that can be said before anybody asked for the family to be kept: of cells in which something stands."""
    return tuple(each for each in faults if _written(each[0], typed))


def _written(key: str, typed: TypedFamily) -> bool:
    _members, _dash, rest = key.partition("-")
    if not rest:
        return bool(nfc(getattr(typed, key)))
    row, _dash, name = rest.partition("-")
    value = getattr(typed.people[int(row)], name)
    return bool(nfc(value)) if isinstance(value, str) else bool(value)


def replaced(typed: TypedFamily, old: Household, rule: GridRule) -> tuple[tuple[str, str], ...]:
    """Who was typed over whom, where the old person's agreement does not count for the new one."""
    agreed = {member.code for member in old.members if member.agreement.by or member.own_agreement}
    rows = [row for row in _rows(typed, old, rule) if not row.typed.blank and row.replaces]
    return tuple((row.name, row.old.name) for row in rows if row.old is not None and row.old.code in agreed)


def relations_by_word(words: Mapping[Relation, str]) -> dict[str, Relation]:
    """Relations by the folded words a page shows them with."""
    return {fold(word): relation for relation, word in words.items()}
