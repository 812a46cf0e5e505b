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


def components_of(sums: Sequence[Contest]) -> dict[int, list[Contest]]:
    """The contests that each of these adds up, in the order of its rule."""
    wanted = [
        and_(Contest.festival_id == each.festival_id, Contest.code.in_([of["contest"] for of in each.sum_of or ()]))
        for each in sums
    ]
    rows = db.session.scalars(select(Contest).where(or_(*wanted))).all() if wanted else ()
    by_code = {(row.festival_id, row.code): row for row in rows}
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
    """What one entry of a component brings, and whose it is."""

    code: str
    family_id: int | None
    delegation_id: int
    place: int | None
    points_milli: int
    members: int


def fresh_parts(sums: Sequence[Contest]) -> dict[int, FreshParts]:
    """As their components stand now, in as many statements for all sums as for one."""
    components = components_of(sums)
    signed = {each.id: each for own in components.values() for each in own if each.state not in NOT_SIGNED}
    standings, whose = _standings(list(signed.values())), _whose([each.id for each in sums])
    found = {}
    for contest in sums:
        weights = {of["contest"]: of["weight"] for of in contest.sum_of or ()}
        brought = {
            each.code: _of_component(each, WholeSum(contest.sum_by or WholeSum.POINTS), standings.get(each.id, ()))
            for each in components[contest.id]
            if each.id in signed
        }
        by_family = contest.entrant is EntrantKind.FAMILY
        parts, members = {}, {}
        for entry_id, family_id, delegation_id in whose.get(contest.id, ()):
            own = {
                code: [
                    one
                    for one in rows
                    if (one.family_id == family_id if by_family else one.delegation_id == delegation_id)
                ]
                for code, rows in brought.items()
            }
            parts[entry_id] = tuple(
                PartPoints(
                    each.code,
                    each.name,
                    weights[each.code],
                    tuple(one.code for one in own[each.code]),
                    tuple(sorted(one.place for one in own[each.code] if one.place is not None)),
                    sum(one.points_milli for one in own[each.code]),
                )
                for each in components[contest.id]
                if each.code in own
            )
            members[entry_id] = sum(one.members for rows in own.values() for one in rows)
        waits = tuple(each.name for each in components[contest.id] if each.id not in signed)
        found[contest.id] = FreshParts(parts, members, waits)
    return found


def _whose(contest_ids: Sequence[int]) -> dict[int, list[tuple[int, int | None, int]]]:
    """The entries of sums: their family and delegation."""
    rows = select(Entry.contest_id, Entry.id, Entry.family_id, Entry.delegation_id).where(
        Entry.contest_id.in_(contest_ids)
    )
    found: dict[int, list[tuple[int, int | None, int]]] = defaultdict(list)
    for row in db.session.execute(rows.order_by(Entry.id)):
        found[row.contest_id].append((row.id, row.family_id, row.delegation_id))
    return found


def _standings(contests: Sequence[Contest]) -> dict[int, list[tuple[Any, Mapping[str, Any]]]]:
    """Of signed contests: each entry that took part with state, place and value, as signed or as last amended."""
    ids = [each.id for each in contests]
    if not ids:
        return {}
    amended = {
        row.contest_id: {each["entry"]: each for each in row.standings}
        for row in db.session.execute(
            select(StandingAmendment.contest_id, StandingAmendment.standings)
            .where(StandingAmendment.contest_id.in_(ids))
            .order_by(StandingAmendment.ordinal)
        )
    }
    rows = db.session.execute(
        select(
            Entry.contest_id, Entry.code, Entry.family_id, Entry.delegation_id,
            Standing.state, Standing.place, Standing.score_milli, Standing.detail,
        )
        .join(Standing, Standing.entry_id == Entry.id)
        .where(Entry.contest_id.in_(ids))
        .order_by(Entry.id)
    )  # fmt: skip
    found: dict[int, list[tuple[Any, Mapping[str, Any]]]] = defaultdict(list)
    for row in rows:
        stands = {"state": row.state.value, "place": row.place, "value": row.score_milli}
        found[row.contest_id].append((row, amended.get(row.contest_id, {}).get(row.code, stands)))
    return found


def _of_component(contest: Contest, by: WholeSum, lines: Sequence[tuple[Any, Mapping[str, Any]]]) -> list[_Brought]:
    ranked = [
        RankedEntry(row.code, ResultState(said["state"]), said["value"], said["place"], False, False, ())
        for row, said in lines
    ]
    points = brought_into(contest, by, ranked)
    return [
        _Brought(
            row.code, row.family_id, row.delegation_id, said["place"], points[row.code], row.detail.get("members") or 0
        )
        for row, said in lines
    ]
