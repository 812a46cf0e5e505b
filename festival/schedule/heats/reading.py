"""In which heat and lane is each entry of the contests that run by lanes?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.roster.models import Entry, EntryState
from festival.schedule.heats.rule import Lane, lanes_of
from festival.schedule.models import Act, Draw


def lanes_by_entry(contests: Iterable[Contest]) -> dict[int, dict[int, Lane]]:
    """By contest, by entry; of a drawn contest also those that withdrew. Nothing is read where no contest runs by lanes."""
    wanted = {each.id: each for each in contests if each.lanes > 1}
    if not wanted:
        return {}
    standing = select(Draw).where(Draw.contest_id.in_(wanted), Draw.voided_at.is_(None))
    draws = {draw.contest_id: draw for draw in db.session.scalars(standing)}
    without: dict[int, list[int]] = defaultdict(list)
    enrolled = Entry.contest_id.in_(wanted), Entry.state == EntryState.ENROLLED
    for row in db.session.execute(select(Entry.id, Entry.contest_id).where(*enrolled).order_by(Entry.id)):
        draw = draws.get(row.contest_id)
        if draw is None or row.id not in draw.order:
            without[row.contest_id].append(row.id)
    return {code: _of(each, draws.get(code), without[code]) for code, each in wanted.items()}


def _of(contest: Contest, draw: Draw | None, without: list[int]) -> dict[int, Lane]:
    """Who has no number yet stands behind those who have one."""
    if draw is None:
        return dict(zip(without, lanes_of([len(without)], 0, contest.lanes), strict=True))
    drawn = [many for _session, many in draw.blocks] or [len(draw.order) - draw.late]
    numbered = [*draw.order, *without]
    return dict(zip(numbered, lanes_of(drawn, len(numbered) - sum(drawn), contest.lanes), strict=True))


def lanes_in(contests: Iterable[Contest]) -> Mapping[int, Lane]:
    """The same by entry alone."""
    return {entry: at for lanes in lanes_by_entry(contests).values() for entry, at in lanes.items()}


def in_heats(entries: Iterable[Entry], lanes: Mapping[int, Lane]) -> list[tuple[Entry, ...]]:
    """Those of a heat together, by lanes."""
    heats: dict[int, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda each: lanes[each.id].lane):
        heats[lanes[entry.id].heat].append(entry)
    return [tuple(heats[heat]) for heat in sorted(heats)]


def gone_from(lanes: Mapping[int, Lane], act_of: Mapping[int | None, str]) -> Iterator[tuple[int, str]]:
    """Who withdrew stands with the heat; a heat of which all withdrew is no act any more."""
    acts = {at.heat: act_of[entry_id] for entry_id, at in lanes.items() if entry_id in act_of}
    first = {at.heat: entry_id for entry_id, at in reversed(list(lanes.items()))}
    for entry_id, at in lanes.items():
        if entry_id not in act_of:
            yield entry_id, acts.get(at.heat, f"#{first[at.heat]}")


def stands_of(lanes: Mapping[int, Lane]) -> dict[int, tuple[int, datetime]]:
    """Session and start of those who have a place; nothing is read where there is no heat."""
    wanted = select(Act.entry_id, Act.session_id, Act.starts_at).where(Act.entry_id.in_(lanes))
    return {row.entry_id: (row.session_id, row.starts_at) for row in db.session.execute(wanted)} if lanes else {}
