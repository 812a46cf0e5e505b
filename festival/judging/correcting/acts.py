"""When did the stage go on after an entry, and when did a tablet write what it sends?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.devices.models import Mutation
from festival.devices.wire import EPOCH
from festival.judging.correcting.closing import NEXT_ACT, ActTimes, closings, refusal, written_at
from festival.judging.sheet_messages import SheetMessage
from festival.roster.models import Entry
from festival.schedule.models import Act, Session, Stage
from festival.schedule.published.standing import as_published, holding


def closed_at(contest_ids: Collection[int], entries: Collection[int] | None = None) -> dict[int, datetime]:
    """By entry of these contests (of those named), when the next act began, in the order the day has: that of the version
    that holds, as far as nobody changed turns.
    """
    if not contest_ids:
        return {}
    rows = db.session.execute(
        select(Act.entry_id, Entry.contest_id, Entry.code, Stage.name.label("stage"), Session.label.label("session"),
               Act.session_id, Act.position, Act.turn, Act.starts_at, Act.began_at, holding().label("plan_id"))
        .join(Session, Session.id == Act.session_id)
        .join(Stage, Stage.id == Session.stage_id)
        .join(Entry, Entry.id == Act.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.contest_id.in_(contest_ids))
    ).all()  # fmt: skip
    of_day = sorted(map(_of_the_day, rows), key=lambda row: (row.turn is None, row.turn or 0, row.position))
    found: dict[int, datetime] = {}
    for contest_id in sorted(contest_ids):
        own = (
            ActTimes(row.entry_id, row.stage, row.session_id, place, row.began_at)
            for place, row in enumerate(of_day)
            if row.contest_id == contest_id
        )
        found |= closings(own, entries)
    return found


def _of_the_day(row: Any) -> Any:
    """Where it is published; what a later version leaves out stays where the draft has it."""
    published = as_published(row)
    return row if published.stage is None else published


@dataclass(frozen=True, slots=True)
class CorrectionTime:
    """What a batch of sheets must know to tell a correction in time from one too late; empty where no contest asks."""

    closed: Mapping[int, datetime]
    written: Mapping[tuple[int, int], datetime]

    def refusal(self, rule: str, message: SheetMessage, entry_id: int) -> str | None:
        """Why, by the contest's rule, this judge's correction is not taken; what the secretary writes has its reason and is taken."""
        if message.typed_by is not None:
            return None
        made_at = None if message.made is None else self.written.get(message.made[:2])
        return refusal(rule, made_at, self.closed.get(entry_id))


def time_of(messages: Sequence[SheetMessage], rules: Mapping[int, str], entries: Collection[int]) -> CorrectionTime:
    """Read what corrections of these entries depend on, by the rule of each contest.

    Nothing where they are free until the lock; what a tablet said before only when an act has followed one of the entries.
    """
    asking = [contest_id for contest_id, rule in rules.items() if rule == NEXT_ACT]
    closed = closed_at(asking, entries)
    if not closed:
        return CorrectionTime({}, {})
    made = [message.made for message in messages if message.made is not None]
    return CorrectionTime(closed, written_at(_said_before(made), made))


def _said_before(made: Sequence[tuple[int, int, datetime]]) -> dict[int, datetime]:
    """By device, the latest moment of what it said before these messages: a clock that was set back moves nothing back."""
    first: dict[int, int] = {}
    for device, seq, _at in made:
        first[device] = min(seq, first.get(device, seq))
    if not first:
        return {}
    before = or_(*(and_(Mutation.device_id == device, Mutation.seq < seq) for device, seq in first.items()))
    said = Mutation.wall_ms + Mutation.offset_ms
    # what claims to come from later than now is a clock that ran ahead, not a moment
    until = int((now() - EPOCH).total_seconds() * 1000)
    rows = db.session.execute(
        select(Mutation.device_id, func.max(said).label("said"))
        .where(before, said >= 0, said <= until)
        .group_by(Mutation.device_id)
    )
    return {row.device_id: EPOCH + timedelta(milliseconds=row.said) for row in rows}
