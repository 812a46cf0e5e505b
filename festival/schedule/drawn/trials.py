"""When does each delegation try the stage, in the order of a contest's draw?

The slots are not stored but follow from the draw: whoever withdraws leaves a gap, two that swap change slots, who comes later is last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import local
from festival.core.database import db
from festival.core.web.errors import BadInput, Overtaken
from festival.roster.models import Delegation, Entry, EntryState
from festival.schedule.drawing import standing_draw
from festival.schedule.drawn.changed import TrialTime, trial_slots
from festival.schedule.drawn.models import StageTrial
from festival.schedule.models import Stage
from festival.schedule.overlaps import Booked, on_one_stage
from festival.schedule.rules.planned import evening_of
from festival.schedule.sessions import blocks, locked, refuse

LONGEST = 240  # minutes of one delegation


@dataclass(frozen=True, slots=True)
class DelegationTrials:
    """The slots of one contest."""

    contest: Contest
    stage: Stage
    row: StageTrial
    slots: tuple[TrialTime, ...]
    out: frozenset[int]  # delegations of which nobody takes part in it any more


def set_trial(
    contest_id: int, stage_code: str, starts_at: datetime, minutes: int, version: int, by: int | None
) -> StageTrial:
    """From then on, so many minutes each; set, changed, or in force again. `version` as the page showed it, 0 for none."""
    contest = db.session.get_one(Contest, contest_id)
    festival = locked(contest.festival_id)
    standing_draw(contest_id)
    stage = db.session.scalars(
        select(Stage).where(Stage.festival_id == festival.id, Stage.code == stage_code)
    ).one_or_none()
    if stage is None:
        raise BadInput(_("Chọn sân khấu để ráp."), field="stage")
    if not 1 <= minutes <= LONGEST:
        raise BadInput(_("Số phút mỗi đoàn từ 1 đến %(most)s.", most=LONGEST), field="minutes")
    ends_at = starts_at + _delegations(contest_id) * timedelta(minutes=minutes)
    if evening_of(local(ends_at)) > festival.ends_on:
        raise BadInput(_("Ráp sân khấu phải xong trước khi ngày hội kết thúc."), field="day")
    new = Booked(contest.name, stage.code, stage.name, "", local(starts_at), local(ends_at))
    refuse(on_one_stage(new, [*blocks(festival.id), *_others(festival.id, contest_id)]))
    row = _seen(contest_id, version) or StageTrial(contest_id=contest_id, version=0)
    row.stage_id, row.starts_at, row.minutes, row.taken_back, row.version = (
        stage.id,
        starts_at,
        minutes,
        False,
        version + 1,
    )
    db.session.add(row)
    db.session.flush()
    _note(contest, "trial_set", row, by)
    return row


def take_trial_back(contest_id: int, version: int, by: int | None) -> None:
    """The delegations do not try the stage after all; what was set stays to be set again."""
    contest = db.session.get_one(Contest, contest_id)
    locked(contest.festival_id)
    row = _seen(contest_id, version)
    if row is None or row.taken_back:
        raise Overtaken(_("Người khác vừa đổi giờ ráp sân khấu. Mở lại trang để xem."))
    row.taken_back, row.version = True, version + 1
    db.session.flush()
    _note(contest, "trial_taken_back", row, by)


def trials(festival_id: int) -> list[DelegationTrials]:
    """All that stand, in the order of time; one statement, because each delegation's page asks it."""
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(
        select(StageTrial, Contest, Stage, Entry.delegation_id, Entry.state)
        .join(Contest, Contest.id == StageTrial.contest_id)
        .join(Stage, Stage.id == StageTrial.stage_id)
        .join(Entry, (Entry.contest_id == Contest.id) & Entry.number.is_not(None))
        .where(Contest.festival_id == festival_id, ~StageTrial.taken_back)
        .order_by(StageTrial.starts_at, Contest.id, Entry.number)
    ):
        found.setdefault(row.Contest.id, []).append(row)
    return [_slots(rows) for rows in found.values()]


def _slots(rows: Sequence[Any]) -> DelegationTrials:
    first, there = rows[0], {row.delegation_id for row in rows if row.state is EntryState.ENROLLED}
    every = [row.delegation_id for row in rows]
    slots = trial_slots(every, first.StageTrial.starts_at, first.StageTrial.minutes)
    return DelegationTrials(first.Contest, first.Stage, first.StageTrial, tuple(slots), frozenset(every) - there)


def delegation_named(delegation_id: int) -> str:
    """Its name."""
    return db.session.get_one(Delegation, delegation_id).name


def trial_of(contest_id: int) -> StageTrial | None:
    """What was set for a contest, also when it was taken back."""
    return db.session.get(StageTrial, contest_id)


def _delegations(contest_id: int) -> int:
    """How many have a number in a contest, also of those that withdrew."""
    numbered = (Entry.contest_id == contest_id) & Entry.number.is_not(None)
    return db.session.scalar(select(func.count(Entry.delegation_id.distinct())).where(numbered)) or 0


def _others(festival_id: int, besides: int) -> list[Booked]:
    return [
        Booked(_("ráp sân khấu %(contest)s", contest=each.contest.name), each.stage.code, each.stage.name, "",
               local(each.slots[0].starts_at), local(each.slots[-1].ends_at))
        for each in trials(festival_id)
        if each.contest.id != besides and each.slots
    ]  # fmt: skip


def _seen(contest_id: int, version: int) -> StageTrial | None:
    row = db.session.get(StageTrial, contest_id, populate_existing=True)
    if (row.version if row else 0) != version:
        raise Overtaken(_("Người khác vừa đổi giờ ráp sân khấu. Mở lại trang để xem."))
    return row


def _note(contest: Contest, kind: str, row: StageTrial, by: int | None) -> None:
    stage = db.session.get_one(Stage, row.stage_id)
    payload = {"stage": stage.code, "starts_at": local(row.starts_at).isoformat(), "minutes": row.minutes}
    ledger.append(f"decisions:{contest.festival.code}", kind, {"contest": contest.code, "by": by}, payload)
