"""What would happen to each family of an Excel file if the officer said yes, and with which reasons?

Pure: the rows that were read and the households the delegation has already. Nothing is written before every row's fate
has been seen; a family with one faulty cell is left out whole and named, the others can go ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from festival.consent.rules import AskedPerson, Ticks, given
from festival.core.names import fold, spelling
from festival.core.sentence import N_, Sentence
from festival.core.text import cut
from festival.registration.excel.comparing import KnownFamily, differences
from festival.registration.excel.sheet import CellProblem, FamilySheet, NameOffer, PersonRow
from festival.roster.eligibility import NO_REPRESENTATIVE, Missing, Quotas, missing
from festival.roster.household import Household, Member
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
    titles: Mapping[str, str] = field(default_factory=dict)  # of its acts, by contest
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
    existing: Iterable[KnownFamily],
    elsewhere: Mapping[str, str],
    quotas: Quotas,
    on: date,
) -> tuple[FamilyFate, ...]:
    """Every family's fate in the order of the file.

    `existing` are the delegation's registrations; `elsewhere` maps identities registered by other delegations (or by the
    families themselves) to words that say where, which may be empty.
    """
    there = list(existing)
    ground = _Ground(
        {known.code: known for known in there if known.code},
        {known.household.identity: known for known in there if known.household.identity},
        elsewhere,
        sheet.columns,
    )
    return tuple(_fate(label, written, ground, quotas, on) for label, written in sheet.families().items())


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is there already, in the tables and above in the file."""

    by_code: Mapping[str, KnownFamily]
    by_identity: Mapping[str, KnownFamily]
    elsewhere: Mapping[str, str]
    columns: frozenset[str]
    seen: dict[str, str] = field(default_factory=dict)  # identity → label
    people: dict[tuple[str, str], int] = field(default_factory=dict)


def _fate(label: str, written: tuple[PersonRow, ...], ground: _Ground, quotas: Quotas, on: date) -> FamilyFate:
    # What becomes of a family whose names are garbled is told of the names as they would be written.
    rows = tuple(row.repaired(every=False) for row in written)
    household = household_of(rows, on)
    titles = {code: title for row in reversed(rows) for code, title in row.titles.items()}
    problems = tuple(problem for row in rows for problem in row.problems)
    identity = household.identity
    code = next((row.code for row in rows if row.code), "")
    known = ground.by_code.get(code) or (None if code else ground.by_identity.get(identity))
    differs = differences(household, titles, known, ground.columns) if known is not None else ()
    # What a registration lacks is lacking in its export too; nobody has to mend a file that says nothing else.
    if known is not None and not differs and all(problem.blank for problem in problems):
        return FamilyFate(label, written, household, Fate.SAME, titles=titles)
    reasons = [*_shape_reasons(rows, household), *_twice(rows, ground.people), *_acts_reasons(rows, household)]
    if code and known is None:
        reasons.append(
            N_(
                "Không có hồ sơ mã %(code)s trong danh sách của đoàn. Gia đình mới thì để trống ô mã đăng ký.",
                "unknown_code",
                code=cut(code, 40),
            )
        )
    if identity and identity in ground.seen:
        reasons.append(
            N_(
                "Trùng với gia đình số %(label)s trong cùng tệp (cùng người đại diện và số điện thoại).",
                "family_twice",
                label=ground.seen[identity],
            )
        )
    elif identity:
        ground.seen[identity] = label
    fate = Fate.NEW
    if problems or reasons:
        fate = Fate.ERROR
    elif known is not None:
        fate = Fate.DIFFERENT
        reasons = [*differs, DIFFERS]
    elif identity in ground.elsewhere:
        fate = Fate.ERROR
        reasons = [ELSEWHERE]
    lacks = missing(household.facts, quotas, on) if fate is Fate.NEW else ()
    every = household_of([row.repaired(every=True) for row in written], on) if any(r.offers for r in written) else None
    return FamilyFate(label, written, household, fate, problems, tuple(reasons), lacks, titles, every)


DIFFERS = N_(
    "Gia đình này đã có trong danh sách nhưng khác tệp. Tệp không ghi đè: hãy mở gia đình trên trang để sửa.",
    "family_differs",
)
ELSEWHERE = N_(
    "Gia đình có người đại diện và số điện thoại này đã được đăng ký ở nơi khác. Hãy hỏi Ban Tổ chức.",
    "family_elsewhere",
)


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
        introduction=one("introduction"),
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


def _acts_reasons(rows: tuple[PersonRow, ...], household: Household) -> list[Sentence]:
    """A title belongs to an act of a contest somebody of the family enters."""
    return [
        N_(
            "Có tên tiết mục “%(title)s” nhưng chưa ai trong gia đình dự phần thi ấy. Hãy ghi x ở cột của phần thi, hoặc xóa tên tiết mục.",
            "title_without_contest",
            title=cut(title, 60),
        )
        for row in rows
        for code, title in row.titles.items()
        if code not in household.entries
    ]


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
