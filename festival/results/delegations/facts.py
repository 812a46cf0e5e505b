"""What is the order of the delegations made of: what contests bring, what the organiser gave, by which facts equal ones part?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, ResultKind
from festival.core.database import db
from festival.core.sentence import N_
from festival.editions.models import Festival
from festival.editions.queries import rules
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.ties import TieRule, TieStep
from festival.editions.rules.use import Brings, brings, highest_possible
from festival.editions.rules.whole import WholeDelegationRule, WholeOrder
from festival.results.current import current_tables, tallies_for_results
from festival.results.delegations.counting import (
    CountedContest,
    CountedSum,
    EntryBrings,
    counted,
    order_values,
)
from festival.results.delegations.given import GivenPoints
from festival.results.models import DelegationPoints
from festival.results.rungs import MEMBERS, OF_WHOLE, draw_rung
from festival.results.standings import EntryResult, RankedEntry, ResultState, place_points, standings
from festival.results.sums.points import own_values
from festival.results.table import ContestTable
from festival.results.ties import Rung, Settling, Shown
from festival.roster.models import Delegation

# Steps of the ladder that look at every contest, also at one that brings no points for places.
EVERY_CONTEST = {TieStep.FIRST_PLACES, TieStep.MEMBERS, TieStep.MEDALS}
FIRST_PLACES = N_("số giải Nhất")
NOT_ENTERED = N_("không dự phần thi này")
PRIZES_NAMED = N_("số giải «%(name)s»")
NO_PLACE_THERE = N_("không có hạng ở phần thi này")


def rules_of(festival: Festival) -> Ruleset | None:
    """The rules of an edition; None while it states none."""
    return rules(festival) if festival.ruleset else None


def whole_rule(festival: Festival) -> WholeDelegationRule | None:
    """How this edition ranks delegations; None when it does not."""
    stated = rules_of(festival)
    return stated.whole_delegation if stated else None


def counted_contests(rule: WholeDelegationRule, contests: Sequence[Contest]) -> tuple[Contest, ...]:
    """The contests the order of the delegations can depend on; what a sum stands for, or brings beside it, counts once."""
    stands_for = {of["contest"] for each in contests if any(each.place_points) for of in each.sum_of or ()}
    contests = [
        each
        for each in contests
        if each.code not in stands_for and (each.result_kind is not ResultKind.SUM or any(each.place_points))
    ]
    if rule.sum is WholeOrder.POINTS or any(tie.by in EVERY_CONTEST for tie in rule.ties):
        return tuple(contests)
    if rule.sum is WholeOrder.MEDALS:
        asked = {tie.contest for tie in rule.ties}
        return tuple(
            each
            for each in contests
            if each.code in asked or any(prize["name"] in rule.medals for prize in each.prizes)
        )
    return tuple(contest for contest in contests if any(contest.place_points))


def points_brought(table: ContestTable, rule: WholeOrder, stated: ContestRule | None) -> dict[str, int]:
    """What each entry of a contest brings, in 1/1000 points, by the conversion that the rules state."""
    contest = table.contest
    if rule is WholeOrder.MEDALS:
        return dict.fromkeys((each.entry for each in table.standings), 0)
    how = None if stated is None else brings(stated)
    if rule is WholeOrder.PLACE_POINTS or how is Brings.PLACE_POINTS:
        return place_points(table.standings, contest.place_points)
    values = {each.entry: each.value for each in table.standings if each.value is not None}
    if how is not None or contest.result_kind is not ResultKind.RUBRIC:
        values = own_values(contest, values) if how is not None else {}  # see `unlike`
    return {each.entry: values.get(each.entry, 0) for each in table.standings}


@dataclass(frozen=True, slots=True)
class WholeFacts:
    """What the order is made of, by code of delegation."""

    names: Mapping[str, str]
    sums: Mapping[str, CountedSum]
    ladder: tuple[Rung, ...]
    by: WholeOrder = WholeOrder.POINTS

    def places(self, decisions: Sequence[Settling]) -> tuple[RankedEntry, ...]:
        values = order_values(self.by, self.sums)
        results = [
            EntryResult(code, ResultState.RANKED, values[code], each.reasons) for code, each in self.sums.items()
        ]
        return standings(results, higher_wins=True, ladder=self.ladder, decisions=decisions)


@dataclass(slots=True)
class LockedResults:
    """The results of the locked contests, and what the ladder looks at beside the points."""

    results: list[EntryBrings] = field(default_factory=list)
    members: dict[str, int] = field(default_factory=dict)


def facts_of_whole(
    festival: Festival,
    rule: WholeDelegationRule,
    contests: Sequence[Contest],
    proposed: Mapping[str, Sequence[GivenPoints]],
    instead: Mapping[int, ContestTable],
) -> WholeFacts:
    """Only locked contests bring points. `proposed`: points by code of delegation that are not recorded, to see what follows;
    `instead`: by contest another table than the one that stands.
    """
    stated = rules_of(festival)
    by_code = {each.code: each for each in stated.contests} if stated else {}
    delegations = {
        row.id: row
        for row in db.session.execute(
            select(Delegation.id, Delegation.code, Delegation.name).where(Delegation.festival_id == festival.id)
        )
    }
    brought = LockedResults(members={row.code: 0 for row in delegations.values()})
    locked = [contest for contest in contests if contest.state is not ContestState.OPEN]
    tables = {**current_tables(tallies_for_results(locked).values()), **instead}
    for contest in locked:
        table = tables[contest.id]
        points = points_brought(table, rule.sum, by_code.get(contest.code))
        prizes = {each.entry: each.prize for each in table.prizes.awards}
        for each in table.standings:
            appearance = table.appearances[each.entry]
            code = delegations[appearance.delegation_id].code
            prize = prizes.get(each.entry, "")
            brought.results.append(
                EntryBrings(code, contest.code, each.entry, each.state, each.rank, points[each.entry], prize)
            )
            brought.members[code] += appearance.members
    named = [CountedContest(each.code, each.name, _highest(by_code.get(each.code))) for each in locked]
    held = given_points(festival.id)
    given = {code: (*held.get(code, ()), *proposed.get(code, ())) for code in brought.members}
    sums = counted(rule, named, brought.results, brought.members, given)
    names = {row.code: row.name for row in delegations.values()}
    ladder = [
        rung
        for tie in rule.ties
        for rung in _rungs(tie, rule, {each.code: each.name for each in contests}, sums, brought)
    ]
    return WholeFacts(names, sums, tuple(ladder), rule.sum)


def _highest(contest: ContestRule | None) -> int | None:
    return None if contest is None else highest_possible(contest)


def _rungs(
    tie: TieRule,
    rule: WholeDelegationRule,
    names: Mapping[str, str],
    sums: Mapping[str, CountedSum],
    brought: LockedResults,
) -> list[Rung]:
    """The rungs of one step; prizes that are counted are one for each name."""
    match tie.by:
        case TieStep.CONTEST if tie.contest is not None:
            name = names.get(tie.contest, tie.contest)
            if rule.sum is WholeOrder.MEDALS:
                best = {code: _best_place(code, tie.contest, brought.results) for code in sums}
                return [Rung(name, best, higher_wins=False, shown=Shown.COUNT, absent=NO_PLACE_THERE)]
            facts = {code: each.by_contest.get(tie.contest) for code, each in sums.items()}
            return [Rung(name, facts, absent=NOT_ENTERED)]
        case TieStep.FIRST_PLACES:
            firsts = {code: each.first_places for code, each in sums.items()}
            return [Rung(FIRST_PLACES, firsts, shown=Shown.COUNT)]
        case TieStep.MEDALS:
            return [
                Rung(
                    PRIZES_NAMED.filled(name=name),
                    {code: each.medals[at] for code, each in sums.items()},
                    shown=Shown.COUNT,
                )
                for at, name in enumerate(rule.medals)
            ]
        case TieStep.MEMBERS:
            return [Rung(MEMBERS, dict(brought.members), shown=Shown.COUNT)]
        case TieStep.DRAW:
            return [draw_rung(OF_WHOLE)]
        case _:
            return []


def _best_place(code: str, contest: str, results: Sequence[EntryBrings]) -> int | None:
    ranks = [each.rank for each in results if (each.delegation, each.contest) == (code, contest)]
    return min((rank for rank in ranks if rank is not None), default=None)


def given_points(festival_id: int) -> dict[str, tuple[GivenPoints, ...]]:
    """What was given and stands, by code of delegation, in the order in which it came."""
    wanted = (
        select(
            Delegation.code,
            DelegationPoints.number,
            DelegationPoints.points_milli,
            DelegationPoints.reason,
            DelegationPoints.document,
            DelegationPoints.day,
        )
        .join(Delegation, Delegation.id == DelegationPoints.delegation_id)
        .where(DelegationPoints.festival_id == festival_id, DelegationPoints.taken_back_at.is_(None))
        .order_by(DelegationPoints.number)
    )
    found: dict[str, list[GivenPoints]] = defaultdict(list)
    for row in db.session.execute(wanted):
        found[row.code].append(GivenPoints(row.number, row.points_milli, row.reason, row.document, row.day))
    return {code: tuple(each) for code, each in found.items()}
