"""The day on a stage: steps and their way back, one of them from a device without a network, an order that is changed and put back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from festival.contests.models import Contest, ResultKind
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.handlers import Applied, ConflictKept, Incoming
from festival.roster.models import Entry, EntryState
from festival.schedule.models import Act, ActState
from festival.schedule.stage_day import mending
from festival.schedule.stage_day.sync import KIND, apply_steps
from festival.schedule.stage_day.taking import take_step


def led(festival_id: int, staff: int) -> None:
    """Three waiting acts of one session."""
    with transaction():
        first = db.session.scalars(
            select(Act)
            .join(Entry, Entry.id == Act.entry_id)
            .join(Contest, Contest.id == Entry.contest_id)
            .where(Act.state == ActState.WAITING, Entry.state == EntryState.ENROLLED)
            .where(Contest.result_kind != ResultKind.MATCH, Contest.festival_id == festival_id)
            .order_by(Act.starts_at.desc(), Act.id)
        ).first()
        assert first is not None
        waiting = [each.id for each in first.session.acts if each.state is ActState.WAITING][:3]
        assert len(waiting) == 3
        code, station = db.session.get_one(Act, waiting[0]).entry.code, first.session.stage.name
    for was, to in ((ActState.WAITING, ActState.ABSENT), (ActState.ABSENT, ActState.READY)):
        with transaction():
            take_step(waiting[0], was, to, by={"by": staff})
    incoming = Incoming(
        "m", 1, "stage", None, 1, KIND, code, {"was": "ready", "to": "waiting"}, None,
        now() - timedelta(minutes=5), now(), festival_id, 9, station,
    )  # fmt: skip
    with transaction():
        (taken,) = apply_steps([incoming])
        assert isinstance(taken, Applied)
    with transaction():
        body = {"was": "ready", "to": "absent"}
        said = Incoming("n", 1, "stage", None, 2, KIND, code, body, None, now(), now(), festival_id, 9, station)
        (kept,) = apply_steps([said])
        assert isinstance(kept, ConflictKept)
    for after in (waiting[1], waiting[2]):
        with transaction():
            shown = mending.propose(waiting[0], after, now())
            change = mending.take(waiting[0], after, shown.seen, staff).id
    with transaction():
        mending.undo(change, staff)
