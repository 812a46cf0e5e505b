"""What would happen to each family of an Excel file if the officer said yes, and with which reasons?

Pure: the rows that were read and the households the delegation has already. Nothing is written before every row's fate
has been seen; a family with one faulty cell is left out whole and named, the others can go ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from festival.consent.rules import AskedPerson, Ticks, given
from festival.core.names import fold, spelling
from festival.core.sentence import N_, Sentence
from festival.core.text import cut
from festival.registration.excel.sheet import CellProblem, FamilySheet, NameOffer, PersonRow
from festival.roster.eligibility import NO_REPRESENTATIVE, Missing, Quotas, missing
from festival.roster.household import Household, Member, same_people
from festival.roster.people import Relation


class Fate(StrEnum):
    """What becomes of a family of the file."""

    NEW = "new"
    SAME = "same"
    DIFFERENT = "different"
    ERROR = "error"


FATE_WORDS: dict[Fate, Sentence] = {
    Fate.NEW: N_("Sẽ ghi mới"),
    Fate.SAME: N_("Đã có, giữ nguyên"),
    Fate.DIFFERENT: N_("Đã có, khác tệp"),
    Fate.ERROR: N_("Cần sửa trong tệp"),
}


@dataclass(frozen=True, slots=True)
class FamilyFate:
    """One family of the file: its label, rows, household, fate with reasons, and what it would still lack."""

    label: str
    rows: tuple[PersonRow, ...]
    household: Household
    fate: Fate
    problems: tuple[CellProblem, ...] = ()
    reasons: tuple[Sentence, ...] = ()
    lacks: tuple[Missing, ...] = ()
    offered: Household | None = None  # with every name as it is offered; None when nothing is offered
    twin: Sentence | None = None  # with whom it may be one family
    beside: tuple[str, ...] = ()  # the people of that one, where they may be shown

    @property
    def offers(self) -> tuple[NameOffer, ...]:
        """The names that may be written otherwise."""
        return tuple(offer for row in self.rows for offer in row.offers)

    @property
    def garbled(self) -> bool:
        """Whether a name cannot stay as it is: without a yes to the offered one the family is left out."""
        return any(offer.why is not None for offer in self.offers)


def fates(
    sheet: FamilySheet,
    existing: Iterable[Household],
    elsewhere: Mapping[str, str],
    quotas: Quotas,
    on: date,
) -> tuple[FamilyFate, ...]:
    """Every family's fate in the order of the file.

    `existing` are the delegation's households; `elsewhere` maps identities registered by other delegations (or by the
    families themselves) to words that say where, which may be empty.
    """
    known = {household.identity: household for household in existing if household.identity}
    seen: dict[str, str] = {}
    people: dict[tuple[str, str], int] = {}
    found = []
    for label, written in sheet.families().items():
        # What becomes of a family whose names are garbled is told of the names as they would be written.
        rows = tuple(row.repaired(every=False) for row in written)
        household = household_of(rows, on)
        every = household_of([row.repaired(every=True) for row in written], on)
        problems = tuple(problem for row in rows for problem in row.problems)
        reasons = [*_shape_reasons(rows, household), *_twice(rows, people)]
        identity = household.identity
        if identity and identity in seen:
            reasons.append(
                N_(
                    "Trùng với gia đình số %(label)s trong cùng tệp (cùng người đại diện và số điện thoại).",
                    "family_twice",
                    label=seen[identity],
                )
            )
        elif identity:
            seen[identity] = label
        fate = Fate.NEW
        if problems or reasons:
            fate = Fate.ERROR
        elif identity in known:
            fate = Fate.SAME if same_people(household, known[identity]) else Fate.DIFFERENT
            if fate is Fate.DIFFERENT:
                reasons.append(
                    N_(
                        "Gia đình này đã có trong danh sách nhưng khác tệp. Tệp không ghi đè: hãy mở gia đình trên trang để sửa.",
                        "family_differs",
                    )
                )
        elif identity in elsewhere:
            fate = Fate.ERROR
            reasons.append(
                N_(
                    "Gia đình có người đại diện và số điện thoại này đã được đăng ký ở nơi khác. Hãy hỏi Ban Tổ chức.",
                    "family_elsewhere",
                )
            )
        lacks = missing(household.facts, quotas, on) if fate is Fate.NEW else ()
        offered = every if any(row.offers for row in written) else None
        found.append(FamilyFate(label, written, household, fate, problems, tuple(reasons), lacks, offered))
    return tuple(found)


def other_unit(sheet: FamilySheet, own: str, others: Iterable[str]) -> Sentence | None:
    """A file made for another delegation, by the name above its headings: names are as delegations are called."""
    heads = {fold(text): text for text in sheet.heads}
    if fold(own) in heads:
        return None
    found = next((heads[fold(name)] for name in others if fold(name) in heads), None)
    if found is None:
        return None
    return N_(
        "Tệp này ghi là của “%(theirs)s”, còn đây là “%(own)s”. Hãy xem lại có chọn nhầm tệp không.",
        "other_unit",
        theirs=cut(found, 80),
        own=own,
    )


def household_of(rows: Iterable[PersonRow], on: date) -> Household:
    """The household that the rows of one family describe; a value of the family may stand in any of its rows."""
    people = list(rows)
    head = next((row for row in people if row.relation is Relation.REPRESENTATIVE), None)
    first = [head, *people] if head else people

    def one(key: str) -> str:
        return next((value for row in first if (value := getattr(row, key))), "")

    phone = one("phone")
    return Household(
        phone=phone,
        email=one("email"),
        address=one("address"),
        members=tuple(
            Member(
                name=row.name,
                relation=row.relation,
                sex=row.sex,
                birth=row.birth,
                phone=row.phone if row.phone != phone else "",
                needs=row.needs,
                contests=row.contests,
            ).agreeing(given(AskedPerson(row.name, row.birth, on), Ticks(row.signed, row.guardian, own=row.own)))
            for row in people
        ),
    )


def _shape_reasons(rows: tuple[PersonRow, ...], household: Household) -> list[Sentence]:
    leads = sum(row.relation is Relation.REPRESENTATIVE for row in rows)
    reasons = []
    # A relation that could not be read is named at its cell; to complain of its consequence too would confuse.
    if leads == 0 and all(row.relation is not None for row in rows):
        reasons.append(NO_REPRESENTATIVE)
    if leads > 1:
        reasons.append(
            N_("Có nhiều hơn một “Người đại diện”. Có thể hai gia đình đang ghi cùng một số.", "two_representatives")
        )
    if not household.phone and not any(problem.heading == "Số điện thoại" for row in rows for problem in row.problems):
        reasons.append(N_("Chưa có số điện thoại của gia đình. Hãy ghi ở dòng người đại diện.", "no_phone"))
    return reasons


def _twice(rows: tuple[PersonRow, ...], people: dict[tuple[str, str], int]) -> list[Sentence]:
    """The same name and birth on two rows is one person written twice."""
    reasons = []
    for row in rows:
        if not row.name or row.birth is None or not row.birth.month:
            continue
        key = (spelling(row.name), str(row.birth))
        if key in people:
            reasons.append(
                N_(
                    "%(name)s sinh ngày %(birth)s đã có ở dòng %(row)s. Hãy bỏ một dòng.",
                    "person_twice",
                    name=row.name,
                    birth=str(row.birth),
                    row=people[key],
                )
            )
        else:
            people[key] = row.row
    return reasons
