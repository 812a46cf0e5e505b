"""Who sits on which seat, how is the tablet there, when did the acts end, and what of it makes the page another?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from config import Config
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import once
from festival.devices.app_release import number_of, release
from festival.devices.queries import SILENT_AFTER
from festival.judging.calls.calling import CallLine
from festival.judging.models import SeatCall
from festival.judging.tablets.whose_tablet import tablets_on
from festival.judging.tally import MarkingJudge, Tally, marking_judges_of
from festival.results.map.watch import Spread, limit_of, spread_of
from festival.roster.models import Entry
from festival.schedule.models import Act, ActState


@dataclass(frozen=True, slots=True)
class TabletLine:
    """A tablet on a seat: when it was heard last, how many messages are known to be on the way, how wrong its clock is, of
    which release its page is.
    """

    number: int
    heard: datetime | None
    silent: bool
    on_the_way: int
    offset_s: int
    app: str  # "0.7.0"; empty: it has not said so
    outdated: bool


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A marking seat with its person and tablets; none: paper, or not opened yet."""

    letter: str
    name: str
    tablets: tuple[TabletLine, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What of the map follows the clock, the tablets and the calls, beside what was marked."""

    over: frozenset[int]  # entries whose act ended so long ago that a missing sheet is late
    calls: dict[tuple[int, int], CallLine]
    seats: tuple[SeatLine, ...]

    def digest(self) -> str:
        """Another one whenever something of it is shown differently; the moment a tablet was heard counts by the minute."""
        calls = sorted((pair, each.called_at, each.seen_at) for pair, each in self.calls.items())
        seats = [
            (
                seat.letter,
                seat.name,
                [
                    replace(each, heard=each.heard and each.heard.replace(second=0, microsecond=0))
                    for each in seat.tablets
                ],
            )
            for seat in self.seats
        ]
        return repr((sorted(self.over), calls, seats))


NOTHING = Watch(frozenset(), {}, ())


def _config() -> Config:
    config: Config = current_app.config["FESTIVAL"]
    return config


def _acts_and_calls(contest_id: int) -> tuple[dict[int, datetime], dict[tuple[int, int], CallLine]]:
    """By entry the moment at which its act really ended; by (judge, entry) the last call. One statement for both."""
    rows = db.session.execute(
        select(Entry.id, Act.ended_at, SeatCall.judge_id, SeatCall.called_at, SeatCall.seen_at)
        .outerjoin(Act, (Act.entry_id == Entry.id) & (Act.state == ActState.DONE))
        .outerjoin(SeatCall, SeatCall.entry_id == Entry.id)
        .where(Entry.contest_id == contest_id)
        .order_by(SeatCall.id)
    ).all()
    ended = {row.id: row.ended_at for row in rows if row.ended_at is not None}
    return ended, {
        (row.judge_id, row.id): CallLine(row.called_at, row.seen_at) for row in rows if row.judge_id is not None
    }


def seats_of(contest: Contest) -> tuple[MarkingJudge, ...]:
    """Its marking seats, read once for a page."""
    return once(("seats", contest.id), lambda: marking_judges_of([contest.id]).get(contest.id, ()))


def watch_contest(contest: Contest) -> Watch:
    """What is to be watched of an open contest now."""
    (ended, calls), seats = _acts_and_calls(contest.id), seats_of(contest)
    least = now() - timedelta(minutes=_config().late_sheet_minutes)
    over = frozenset(entry_id for entry_id, moment in ended.items() if moment <= least)
    return Watch(over, calls, seat_lines(contest.festival_id, seats))


def seat_lines(festival_id: int, seats: Sequence[MarkingJudge]) -> tuple[SeatLine, ...]:
    """Each seat with its tablets in use."""
    if not seats:
        return ()
    at = now()
    found: dict[int, list[TabletLine]] = defaultdict(list)
    for each in tablets_on(festival_id, seats):
        silent = each.heard is None or at - each.heard > SILENT_AFTER
        offset_s = (abs(each.offset_ms) + 500) // 1000
        outdated = each.app not in ("", release())
        found[each.user_id].append(
            TabletLine(each.number, each.heard, silent, each.on_the_way, offset_s, number_of(each.app), outdated)
        )
    return tuple(SeatLine(seat.letter, seat.name, tuple(found[seat.user_id])) for seat in seats)


def spreads(tally: Tally) -> dict[int, Spread]:
    """By entry the totals that lie too far apart, where every sheet is in."""
    limit = limit_of([each.max_milli for each in tally.criteria], _config().spread_percent)
    found = ((each.id, spread_of(tally, each, limit)) for each in tally.appearances)
    return {entry_id: each for entry_id, each in found if each is not None} if limit else {}
