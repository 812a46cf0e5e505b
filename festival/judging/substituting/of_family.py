"""What would follow if a family in reserve came in for a family that takes part?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select

from festival.checkin.desk import has_arrived
from festival.contests.models import Contest, EntrantKind
from festival.core.database import db
from festival.core.sentence import N_, Sentence, Value
from festival.judging.substituting.foreseen import (
    DEVICES,
    PRINTED,
    Exchange,
    Foreseen,
    NewClashes,
    new_clashes,
    standing_against,
    told_ties,
    turns,
    who_agrees,
)
from festival.judging.substituting.going import comes_in, goes_on
from festival.judging.substituting.tied import Panelled, ties_of
from festival.judging.substituting.wanted import AskedSubstitution
from festival.registration.guarding import held
from festival.roster.models import ContestPlace, Entry, EntryPerson, EntryState, Family, FamilyState, Person, Reserve
from festival.roster.rules import Rules
from festival.roster.views import views
from festival.schedule.queries import GAP_MIN, material, placed


@dataclass(slots=True)
class TakesPart:
    """An entry of one of the two families, or a team of the delegation, with the people of it by family."""

    entry: Entry
    taken: int = 0  # places of the delegation in the contest
    most: int | None = None  # what this delegation alone was allotted there
    people: dict[int | None, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def team(self) -> bool:
        """The delegation's own."""
        return self.entry.family_id is None


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry of the family that leaves, and the reserve's own in the same contest, that stands behind it."""

    goes_on: TakesPart
    own: TakesPart


def standing_of(out: Family, into: Family) -> list[TakesPart]:
    """What both families have in the contests, in their order, and the teams of the delegation. One statement."""
    found: dict[int, TakesPart] = {}
    for entry, person_id, family_id, taken, most in db.session.execute(
        select(Entry, EntryPerson.person_id, Person.family_id, ContestPlace.taken, ContestPlace.entries_most)
        .select_from(Entry)
        .join(Contest, Contest.id == Entry.contest_id)
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .outerjoin(Person, Person.id == EntryPerson.person_id)
        .outerjoin(
            ContestPlace,
            (ContestPlace.contest_id == Entry.contest_id) & (ContestPlace.delegation_id == Entry.delegation_id),
        )
        .where(
            Entry.delegation_id == out.delegation_id,
            or_(Entry.family_id.in_([out.id, into.id]), Entry.family_id.is_(None)),
            Entry.state != EntryState.WITHDRAWN,
        )
        .order_by(Contest.position, Entry.id)
        .execution_options(populate_existing=True)
    ):
        each = found.setdefault(entry.id, TakesPart(entry, taken or 0, most))
        if person_id is not None:
            each.people[family_id].add(person_id)
    return list(found.values())


def pairs_of(out: Family, into: Family, standing: Iterable[TakesPart]) -> list[Pair]:
    """The contests both are in; teams are joined by the approval, rounds follow the entry they come from."""
    of: dict[int, dict[int | None, TakesPart]] = defaultdict(dict)
    for each in standing:
        state = EntryState.ENROLLED if each.entry.family_id == out.id else EntryState.PROPOSED
        if each.entry.from_id is None and each.entry.state is state and not each.team:
            of[each.entry.contest_id][each.entry.family_id] = each
    return [Pair(both[out.id], both[into.id]) for both in of.values() if len(both) == 2]


def _clashes(festival_id: int, made: Mapping[int, Exchange]) -> NewClashes:
    given = material(festival_id)
    return new_clashes(placed(festival_id, given), given.entries_of, made, GAP_MIN, given.wishes)


def foresee_family(rules: Rules, wanted: AskedSubstitution) -> Foreseen:
    """Everything that is said before it is done."""
    out, into = wanted.out, wanted.into
    standing = standing_of(out, into)
    pairs = pairs_of(out, into, standing)
    shared = {each.goes_on.entry.contest_id for each in pairs}
    every = [
        each.entry for each in standing if each.entry.family_id == out.id and each.entry.state is EntryState.ENROLLED
    ]
    going = dict(zip([each.id for each in every], goes_on(every), strict=True))
    going_on = [going[each.goes_on.entry.id] for each in pairs]
    (item,) = views([into], rules)
    full, added = _places(rules, out, into, standing, shared)
    clashes = _clashes(rules.festival.id, _exchanges(out, into, standing, pairs))
    panelled = [Panelled(each.goes_on.entry, frozenset({out.id}), frozenset({into.id})) for each in pairs]
    no_judge, followed, warned = told_ties(ties_of(panelled))
    values: dict[str, Value] = {"out": out.name, "into": into.name}
    barred = [
        *_not_now(out, into),
        *standing_against(going.values()),
        *(each.reason for each in item.lacks),
        *full,
        *clashes.impossible,
        *no_judge,
    ]
    follows = [
        N_("%(out)s thôi dự thi: thẻ hết hiệu lực, chỗ trong chỉ tiêu trả lại.", out=out.name),
        N_("%(into)s được gọi lên từ dự bị và có thẻ mới; gia đình nhận thư nếu có địa chỉ.", into=into.name),
        *turns(going_on),
        DEVICES,
        *followed,
    ]
    warns = [
        *(
            N_("%(contest)s: gia đình dự bị không đăng ký phần thi này, lượt để trống.", contest=going[each.id].contest)
            for each in every
            if each.contest_id not in shared and each.from_id is None
        ),
        *added,
        *(
            N_(
                "%(contest)s: nhạc nền, ảnh của %(out)s thôi dùng; gia đình vào thay gửi lại.",
                contest=each.contest,
                **values,
            )
            for each in going_on
            if each.files
        ),
        *((N_("Gia đình đã điểm danh.", "arrived"),) if has_arrived(out.id) else ()),
        *clashes.tight,
        *warned,
        PRINTED,
    ]
    people = comes_in(rules, [each for each in item.household.members if not each.out])
    return Foreseen(tuple(dict.fromkeys(barred)), tuple(who_agrees(people)), tuple(follows), tuple(warns))


def _not_now(out: Family, into: Family) -> list[Sentence]:
    """What the two families are by now."""
    said = []
    if out.state is not FamilyState.APPROVED:
        said.append(N_("%(family)s không còn dự thi.", "subst_not_approved", family=out.name))
    if into.state is not FamilyState.SUBMITTED or into.reserve is not Reserve.ACCEPTED:
        said.append(N_("%(family)s không còn là gia đình dự bị.", "subst_not_reserve", family=into.name))
    if held.is_held(into.id):
        said.append(N_("%(family)s giống một hồ sơ đã có: hãy xem hồ sơ ấy trước.", "subst_held", family=into.name))
    return said


def _places(
    rules: Rules, out: Family, into: Family, standing: Sequence[TakesPart], shared: set[int]
) -> tuple[list[Sentence], list[Sentence]]:
    """Contests without room for the reserve, and those it enters besides."""
    own = {each.entry.contest_id: each for each in standing if each.entry.family_id == into.id}
    teams = {each.entry.contest_id: each for each in standing if each.team}
    full: list[Sentence] = []
    added: list[Sentence] = []
    for contest in (each for each in rules.contests.values() if each.id in own and each.id not in shared):
        if contest.entrant is EntrantKind.TEAM:
            stands = teams[contest.id].people.items() if contest.id in teams else ()
            others = sum(len(people) for family, people in stands if family != out.id)
            most = contest.performers_max
            if most is not None and others + len(own[contest.id].people[into.id]) > most:
                full.append(N_("Đội %(contest)s của đoàn nhiều nhất %(most)s người.", contest=contest.name, most=most))
        elif own[contest.id].taken >= (most := own[contest.id].most or contest.entries_per_delegation):
            full.append(N_("Phần thi %(contest)s: đoàn đã đủ %(most)s theo chỉ tiêu.", contest=contest.name, most=most))
        else:
            added.append(
                N_(
                    "%(contest)s: gia đình dự bị thi thêm, chưa có số và lượt; cần bốc thăm và xếp lịch bổ sung.",
                    contest=contest.name,
                )
            )
    return full, added


def _exchanges(out: Family, into: Family, standing: Sequence[TakesPart], pairs: Sequence[Pair]) -> dict[int, Exchange]:
    """Who leaves which entry and who comes, in the entries that go on and in the delegation's teams."""
    made: dict[int, Exchange] = {}
    families = frozenset({out.id}), frozenset({into.id})
    for pair in pairs:
        change = Exchange(frozenset(pair.goes_on.people[out.id]), frozenset(pair.own.people[into.id]), *families)
        made |= dict.fromkeys(_rounds(pair.goes_on.entry.id, standing), change)
    own = {
        each.entry.contest_id: frozenset(each.people[into.id]) for each in standing if each.entry.family_id == into.id
    }
    for team in (each for each in standing if each.team):
        leave, come = frozenset(team.people[out.id]), own.get(team.entry.contest_id, frozenset())
        made[team.entry.id] = Exchange(
            leave, come, families[0] if leave else frozenset(), families[1] if come else frozenset()
        )
    return made


def _rounds(entry_id: int, standing: Sequence[TakesPart]) -> list[int]:
    """The entry and those of the family that come from it."""
    came = [each.entry.id for each in standing if each.entry.from_id == entry_id]
    return [entry_id, *(one for each in came for one in _rounds(each, standing))]
