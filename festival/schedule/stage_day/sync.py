"""What may a device at a stage say? That an act is called, on, over, absent, or the way back, each at the hour of its tap.

Kind `stage.step`, subject the entry's code, body {"was", "to"}: states as `ActState` has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.core.web.i18n import say
from festival.devices.handlers import Applied, ConflictKept, DeviceView, Duplicate, Incoming, Rejected, Verdict
from festival.editions.models import Festival
from festival.roster.models import Entry, EntryState
from festival.schedule.later.naming import later_of_code, match_called
from festival.schedule.later.reading import later_matches
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.published.following import gone_stages
from festival.schedule.published.standing import standing
from festival.schedule.stage_day.matches import take_match_step
from festival.schedule.stage_day.taking import take_step

KIND = "stage.step"


def apply_steps(incoming: Sequence[Incoming]) -> list[Verdict]:
    """Take what devices tapped, in order."""
    return [_one(each) for each in incoming]


def _one(each: Incoming) -> Verdict:
    try:
        was, to = ActState(str(each.body.get("was"))), ActState(str(each.body.get("to")))
    except ValueError:
        return Rejected("malformed")
    if later_of_code(each.subject):
        return _match(each, was, to)
    row = db.session.execute(
        select(Act, Stage.name, Stage.code, Festival.code.label("festival"))
        .join(Entry, Entry.id == Act.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Festival, Festival.id == Contest.festival_id)
        .join(Session, Session.id == Act.session_id)
        .join(Stage, Stage.id == Session.stage_id)
        .where(Entry.code == each.subject, Contest.festival_id == each.festival_id)
    ).one_or_none()
    if row is None:
        return Rejected("unknown_act")
    if each.station not in _stations(each, row):
        return Rejected("other_stage")
    act, stream = row.Act, f"decisions:{row.festival}"
    if act.state is to:
        return Duplicate({"state": to.value}, stream)
    if act.entry.state is not EntryState.ENROLLED:
        return Rejected("withdrawn")
    try:
        take_step(act.id, was, to, at=min(each.at, each.received_at), by={"device": each.device_number})
    except BadInput:
        return Rejected("malformed")
    except Overtaken:
        db.session.refresh(act)
        return ConflictKept({"state": act.state.value})
    except Conflict:  # somebody else is on this stage
        return ConflictKept({"state": act.state.value, "occupied": True})
    return Applied({"state": to.value}, stream)


def _stations(each: Incoming, row: Any) -> tuple[str, ...]:
    """What the stage of an act is called, by code and name: where the version that holds has it, else where it lies."""
    plan = standing(each.festival_id)
    place = plan.places.get(each.subject) if plan is not None else None
    if place is None:
        return (row.code, row.name)
    of_it = (place.session.stage, place.session.stage_name)
    called = db.session.scalar(select(Stage.name).where(Stage.festival_id == each.festival_id, Stage.code == of_it[0]))
    return of_it if called is None else (*of_it, called)


def _match(each: Incoming, was: ActState, to: ActState) -> Verdict:
    """A match of a later round: what it says of who is out, who is on and who was first holds here too."""
    match = next((match for match in later_matches(each.festival_id) if match.code == each.subject), None)
    if match is None or match.session is None:
        return Rejected("unknown_act")
    if each.station not in (match.session.stage.name, match.session.stage.code):
        return Rejected("other_stage")
    stream = f"decisions:{match.contest.festival.code}"
    if match.state is to:
        return Duplicate({"state": to.value}, stream)
    try:
        take_match_step(match.id, was, to, at=min(each.at, each.received_at), by={"device": each.device_number})
    except BadInput:
        return Rejected("malformed")
    except Overtaken:
        db.session.refresh(match)
        return ConflictKept({"state": match.state.value})
    except Conflict:  # somebody else is on this stage, or nobody knows yet who plays
        return ConflictKept({"state": match.state.value, "occupied": True})
    return Applied({"state": to.value}, stream)


def stage_of_device(device: DeviceView) -> Stage | None:
    """The stage whose name or code is the station of the device, also one that only the version that holds still has."""
    named = or_(Stage.name == device.station, Stage.code == device.station)
    here = db.session.scalars(select(Stage).where(Stage.festival_id == device.festival_id, named)).first()
    gone = () if here else gone_stages(device.festival_id)
    return here or next((each for each in gone if device.station in (each.code, each.name)), None)


def stage_streams(device: DeviceView, festival_code: str) -> set[str]:
    """The ledger its steps stand in; of a device without a stage none."""
    return {f"decisions:{festival_code}"} if stage_of_device(device) is not None else set()


def step_words(festival_id: int, bodies: Sequence[Mapping[str, Any]]) -> list[str]:
    """How the office's inbox calls a step: the entry; "" for one that nobody knows."""
    codes = {str(body.get("subject", "")) for body in bodies}
    wanted = select(Entry.code, Entry.name).join(Contest, Contest.id == Entry.contest_id)
    rows = db.session.execute(wanted.where(Contest.festival_id == festival_id, Entry.code.in_(sorted(codes))))
    names = {row.code: _("lượt của %(name)s", name=row.name) for row in rows}
    matches = {code: found for code in codes if (found := later_of_code(code))}
    names |= {code: _("lượt của %(name)s", name=say(match_called(at))) for code, (_contest, at) in matches.items()}
    return [names.get(str(body.get("subject", "")), "") for body in bodies]
