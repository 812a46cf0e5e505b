"""What does a family still lack before it can be approved, and what must somebody do about it? Pure.

Quotas come from the festival's rule set. Who must agree for whom is decided in `consent.rules`; publishing a name or picture
is never a condition of taking part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from festival.consent.rules import Agreement, Agreements, AskedPerson, missing_consents
from festival.core.births import Birth
from festival.core.sentence import N_, Sentence
from festival.roster.people import Relation, Sex


class Place(StrEnum):
    """Where the missing thing is put in: the step of the form."""

    FAMILY = "family"
    MEMBERS = "members"
    CONTESTS = "contests"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many at least and at most; None is no bound."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class ContestQuota:
    """What a contest asks of one entry, and how many entries a delegation may send.

    `team`: a mixed team of the delegation enters, with people from several families. It is no contest of the family's own:
    "each family does one item, and gives people to the team besides".
    """

    code: str
    name: str
    performers: Bounds = Bounds()
    entries_per_delegation: Bounds = Bounds()
    team: bool = False


@dataclass(frozen=True, slots=True)
class Quotas:
    """The bounds of an edition."""

    members: Bounds = Bounds()
    contests_per_family: Bounds = Bounds()
    families_per_delegation: Bounds = Bounds()
    contests: tuple[ContestQuota, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One person of a family as far as completeness asks.

    `consented_by` is who agreed to taking part (a name, or ''), `consented_as` what that one is: self, father, …
    """

    name: str
    relation: Relation | None = None
    sex: Sex | None = None
    birth: Birth | None = None
    consented_by: str = ""
    own_agreement: bool = False
    consented_as: str = ""
    refused: tuple[str, ...] = ()  # to what a child that was asked said no


@dataclass(frozen=True, slots=True)
class FamilyFacts:
    """A family as far as completeness asks. `entries` maps a contest's code to the number of performers."""

    phone: str = ""
    members: tuple[MemberFacts, ...] = ()
    entries: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing, where it is put in, and for which member (index from 0)."""

    place: Place
    reason: Sentence
    member: int | None = None


NO_REPRESENTATIVE = N_("Chưa chọn ai là người đại diện gia đình. Hãy chọn một người lớn.", "no_representative")


def missing(family: FamilyFacts, quotas: Quotas, on: date) -> tuple[Missing, ...]:
    """All a family lacks to be complete, in the order of the form; empty means "đủ hồ sơ"."""
    return (*_of_family(family), *_of_members(family, quotas, on), *_of_contests(family, quotas))


def _of_family(family: FamilyFacts) -> Iterable[Missing]:
    if not family.phone:
        yield Missing(Place.FAMILY, N_("Chưa có số điện thoại của gia đình. Hãy ghi một số di động.", "no_phone"))


def _of_members(family: FamilyFacts, quotas: Quotas, on: date) -> Iterable[Missing]:
    count = len(family.members)
    if too_few(count, quotas.members):
        yield Missing(
            Place.MEMBERS,
            N_(
                "Gia đình cần ít nhất %(least)s thành viên, hiện có %(n)s. Hãy thêm thành viên.",
                "too_few_members",
                least=quotas.members.least or 0,
                n=count,
            ),
        )
    if too_many(count, quotas.members):
        yield Missing(
            Place.MEMBERS,
            N_(
                "Gia đình được đăng ký nhiều nhất %(most)s thành viên, hiện có %(n)s. Hãy bớt thành viên.",
                "too_many_members",
                most=quotas.members.most or 0,
                n=count,
            ),
        )
    leads = sum(member.relation is Relation.REPRESENTATIVE for member in family.members)
    if leads == 0:
        yield Missing(Place.MEMBERS, NO_REPRESENTATIVE)
    if leads > 1:
        yield Missing(
            Place.MEMBERS, N_("Gia đình có nhiều hơn một người đại diện. Hãy chỉ giữ một người.", "two_representatives")
        )
    for place, member in enumerate(family.members):
        for reason in _of_member(member, on):
            yield Missing(Place.MEMBERS, reason, place)


def _of_member(member: MemberFacts, on: date) -> Iterable[Sentence]:
    if not member.name:
        yield N_("Có một thành viên chưa ghi họ và tên.", "no_name")
    if member.sex is None:
        yield N_("%(name)s: chưa chọn giới tính.", "no_sex", name=member.name)
    if member.relation is None:
        yield N_("%(name)s: chưa chọn quan hệ với người đại diện.", "no_relation", name=member.name)
    if member.birth is None:
        yield N_("%(name)s: chưa ghi ngày sinh hoặc năm sinh.", "no_birth", name=member.name)
        return
    person = AskedPerson(member.name, member.birth, on)
    if member.relation is Relation.REPRESENTATIVE and person.child:
        yield N_(
            "%(name)s chưa đủ 16 tuổi nên chưa thể làm người đại diện gia đình.",
            "child_representative",
            name=member.name,
        )
    agreed = Agreement(member.consented_by, member.consented_as)
    yield from missing_consents(person, Agreements(agreed, member.own_agreement, refused=member.refused))


def _of_contests(family: FamilyFacts, quotas: Quotas) -> Iterable[Missing]:
    teams = {contest.code for contest in quotas.contests if contest.team}
    count = len(family.entries.keys() - teams)
    bounds = quotas.contests_per_family
    if too_few(count, bounds):
        yield Missing(
            Place.CONTESTS,
            N_(
                "Gia đình cần dự ít nhất %(least)s phần thi, hiện chọn %(n)s.",
                "too_few_contests",
                least=bounds.least or 0,
                n=count,
            ),
        )
    if too_many(count, bounds):
        yield Missing(
            Place.CONTESTS,
            N_(
                "Gia đình được dự nhiều nhất %(most)s phần thi, hiện chọn %(n)s.",
                "too_many_contests",
                most=bounds.most or 0,
                n=count,
            ),
        )
    for contest in quotas.contests:
        if contest.code not in family.entries:
            continue
        performers = family.entries[contest.code]
        # A mixed team's performers come from several families: what it lacks is asked of the delegation.
        if too_few(performers, contest.performers) and not contest.team:
            yield Missing(
                Place.CONTESTS,
                N_(
                    "Phần thi %(contest)s cần ít nhất %(least)s người, hiện có %(n)s.",
                    "too_few_performers",
                    contest=contest.name,
                    least=contest.performers.least or 0,
                    n=performers,
                ),
            )
        if too_many(performers, contest.performers):
            yield Missing(
                Place.CONTESTS,
                N_(
                    "Phần thi %(contest)s được nhiều nhất %(most)s người, hiện có %(n)s.",
                    "too_many_performers",
                    contest=contest.name,
                    most=contest.performers.most or 0,
                    n=performers,
                ),
            )


def entries_of_delegation(families: Iterable[Mapping[str, int]], quotas: Quotas) -> dict[str, int]:
    """Entries of each contest, from what its families entered: however many give people to a mixed team, it is one."""
    counted = Counter(code for entered in families for code in entered)
    teams = {contest.code for contest in quotas.contests if contest.team}
    return {code: min(1, count) if code in teams else count for code, count in counted.items()}


def team_performers(families: Iterable[Mapping[str, int]], quotas: Quotas) -> dict[str, int]:
    """The people of each mixed team of a delegation, from what its families give."""
    counted: Counter[str] = Counter()
    for entered in families:
        counted.update(
            {
                contest.code: entered[contest.code]
                for contest in quotas.contests
                if contest.team and contest.code in entered
            }
        )
    return dict(counted)


def delegation_reasons(
    families: int, entries: dict[str, int], quotas: Quotas, performers: Mapping[str, int] | None = None
) -> tuple[Sentence, ...]:
    """Where a whole delegation is outside its bounds: number of families, entries of each contest, people of its teams.

    `performers` by contest, as `team_performers` counts them.
    """
    found = []
    bounds = quotas.families_per_delegation
    if too_few(families, bounds):
        found.append(
            N_(
                "Đoàn cần ít nhất %(least)s gia đình, hiện có %(n)s.",
                "too_few_families",
                least=bounds.least or 0,
                n=families,
            )
        )
    if too_many(families, bounds):
        found.append(
            N_(
                "Đoàn được cử nhiều nhất %(most)s gia đình, hiện có %(n)s.",
                "too_many_families",
                most=bounds.most or 0,
                n=families,
            )
        )
    for contest in quotas.contests:
        count, bounds = entries.get(contest.code, 0), contest.entries_per_delegation
        if too_few(count, bounds):
            found.append(
                N_(
                    "Phần thi %(contest)s: đoàn cần ít nhất %(least)s đội, hiện có %(n)s.",
                    "too_few_entries",
                    contest=contest.name,
                    n=count,
                    least=bounds.least or 0,
                )
            )
        if too_many(count, bounds):
            found.append(
                N_(
                    "Phần thi %(contest)s: đoàn được nhiều nhất %(most)s đội, hiện có %(n)s.",
                    "too_many_entries",
                    contest=contest.name,
                    n=count,
                    most=bounds.most or 0,
                )
            )
        if performers is not None and contest.code in performers:
            found += _of_team(contest, performers[contest.code])
    return tuple(found)


def _of_team(contest: ContestQuota, people: int) -> Iterable[Sentence]:
    bounds = contest.performers
    if too_few(people, bounds):
        yield N_(
            "Đội %(contest)s của đoàn cần ít nhất %(least)s người, các gia đình mới cử %(n)s.",
            "too_small_team",
            contest=contest.name,
            least=bounds.least or 0,
            n=people,
        )
    if too_many(people, bounds):
        yield N_(
            "Đội %(contest)s của đoàn được nhiều nhất %(most)s người, các gia đình cử %(n)s. Hãy bớt người.",
            "too_big_team",
            contest=contest.name,
            most=bounds.most or 0,
            n=people,
        )


def too_few(count: int, bounds: Bounds) -> bool:
    """Below the least."""
    return bounds.least is not None and count < bounds.least


def too_many(count: int, bounds: Bounds) -> bool:
    """Above the most."""
    return bounds.most is not None and count > bounds.most
