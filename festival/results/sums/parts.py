"""What do the components of a sum bring, as their signed minutes (or their last amendments) say?

An open sum follows them; from its own lock on it holds what they said then, in the rows of its standings. What they say now
is asked again where an amendment is made, and where it is told that one is due.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, or_, select

from festival.contests.models import Contest, ContestState, EntrantKind, ResultKind
from festival.contests.summed.parts import PartPoints, read_parts
from festival.core.database import db
from festival.editions.rules.whole import WholeSum
from festival.judging.tally import Tally
from festival.results.models import Standing, StandingAmendment
from festival.results.standings import RankedEntry, ResultState
from festival.results.sums.points import brought_into
from festival.roster.models import Entry

NOT_SIGNED = (ContestState.OPEN, ContestState.LOCKED)


def is_sum(contest: Contest) -> bool:
    """Whether a contest adds up others."""
    return contest.result_kind is ResultKind.SUM


@dataclass(frozen=True, slots=True)
class Component:
    """A contest that a sum adds up, with its table as last amended, by entry; none where it was not."""

    contest: Contest
    amended: Mapping[str, Mapping[str, Any]]


def components_of(sums: Sequence[Contest]) -> dict[int, list[Component]]:
    """The contests that each of these adds up, in the order of its rule; by one statement."""
    last = (
        select(StandingAmendment.standings)
        .where(StandingAmendment.contest_id == Contest.id)
        .order_by(StandingAmendment.ordinal.desc())
        .limit(1)
        .correlate(Contest)
        .scalar_subquery()
    )
    wanted = [
        and_(Contest.festival_id == each.festival_id, Contest.code.in_([of["contest"] for of in each.sum_of or ()]))
        for each in sums
    ]
    rows = db.session.execute(select(Contest, last).where(or_(*wanted))).all() if wanted else ()
    by_code = {
        (row.festival_id, row.code): Component(row, {each["entry"]: each for each in amended or ()})
        for row, amended in rows
    }
    return {
        each.id: [
            by_code[each.festival_id, of["contest"]]
            for of in each.sum_of or ()
            if (each.festival_id, of["contest"]) in by_code
        ]
        for each in sums
    }


def with_parts(tallies: Mapping[int, Tally], kept: Mapping[int, Mapping[int, Any]]) -> dict[int, Tally]:
    """The tallies, those of sums with what their components bring. `kept`: what a locked sum holds, by contest and entry."""
    found = dict(tallies)
    open_ones = []
    for contest_id, tally in tallies.items():
        if not is_sum(tally.contest):
            continue
        if tally.contest.state is ContestState.OPEN:
            open_ones.append(tally.contest)
        else:
            held = {entry: read_parts(parts or ()) for entry, parts in kept.get(contest_id, {}).items()}
            found[contest_id] = replace(tally, parts=held)
    for contest_id, now in fresh_parts(open_ones).items() if open_ones else ():
        tally = found[contest_id]
        members = now.members
        found[contest_id] = replace(
            tally,
            appearances=tuple(replace(each, members=members.get(each.id, 0)) for each in tally.appearances),
            parts={} if now.waits_for else now.parts,
            waits_for=now.waits_for,
        )
    return found


@dataclass(frozen=True, slots=True)
class FreshParts:
    """By entry of the sum; `waits_for`: names of components whose minutes are not signed."""

    parts: Mapping[int, tuple[PartPoints, ...]]
    members: Mapping[int, int]
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Brought:
    """What one entry of a component brings."""

    code: str
    place: int | None
    points_milli: int
    members: int


def fresh_parts(sums: Sequence[Contest], known: Mapping[int, list[Component]] | None = None) -> dict[int, FreshParts]:
    """As their components stand now, in as many statements for all sums as for one. `known`: the components, read already."""
    components = components_of(sums) if known is None else known
    signed = {
        each.contest.id: each for own in components.values() for each in own if each.contest.state not in NOT_SIGNED
    }
    rows = _entries([*signed, *(each.id for each in sums)])
    found = {}
    for contest in sums:
        by, by_family = WholeSum(contest.sum_by or WholeSum.POINTS), contest.entrant is EntrantKind.FAMILY
        weights = {of["contest"]: of["weight"] for of in contest.sum_of or ()}
        own = [each for each in components[contest.id] if each.contest.id in signed]
        brought = {each.contest.id: _of_component(each, by, rows[each.contest.id], by_family) for each in own}
        parts, members = {}, {}
        for row in rows[contest.id]:
            key = row.family_id if by_family else row.delegation_id
            mine = [(each.contest, brought[each.contest.id].get(key, [])) for each in own]
            parts[row.id] = tuple(_part(of, weights[of.code], entries) for of, entries in mine)
            members[row.id] = sum(one.members for _of, entries in mine for one in entries)
        waits = tuple(each.contest.name for each in components[contest.id] if each.contest.id not in signed)
        found[contest.id] = FreshParts(parts, members, waits)
    return found


def _part(contest: Contest, weight: int, entries: Sequence[_Brought]) -> PartPoints:
    return PartPoints(
        contest.code,
        contest.name,
        weight,
        tuple(one.code for one in entries),
        tuple(sorted(one.place for one in entries if one.place is not None)),
        sum(one.points_milli for one in entries),
    )


def _entries(contest_ids: Sequence[int]) -> dict[int, list[Any]]:
    """By contest its entries: whose each is, and of signed contests state, place and value as signed."""
    rows = db.session.execute(
        select(
            Entry.contest_id, Entry.id, Entry.code, Entry.family_id, Entry.delegation_id,
            Standing.state, Standing.place, Standing.score_milli, Standing.detail,
        )
        .outerjoin(Standing, Standing.entry_id == Entry.id)
        .where(Entry.contest_id.in_(contest_ids))
        .order_by(Entry.id)
    )  # fmt: skip
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.contest_id].append(row)
    return found


def _of_component(
    component: Component, by: WholeSum, rows: Sequence[Any], by_family: bool
) -> dict[int | None, list[_Brought]]:
    """By family (or delegation) what each of its entries brings, as signed or as last amended."""
    there = [row for row in rows if row.state is not None]
    said = {
        row.code: component.amended.get(
            row.code, {"state": row.state.value, "place": row.place, "value": row.score_milli}
        )
        for row in there
    }
    ranked = [
        RankedEntry(code, ResultState(each["state"]), each["value"], each["place"], False, False, ())
        for code, each in said.items()
    ]
    points = brought_into(component.contest, by, ranked)
    found: dict[int | None, list[_Brought]] = defaultdict(list)
    for row in there:
        one = _Brought(row.code, said[row.code]["place"], points[row.code], row.detail.get("members") or 0)
        found[row.family_id if by_family else row.delegation_id].append(one)
    return found
