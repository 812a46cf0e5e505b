"""Which contests does a device of the ground type: those of its station, and those a secretary gave it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from festival.contests.models import Contest, ResultKind
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.devices.handlers import DeviceRole, DeviceView
from festival.devices.models import Device
from festival.judging.contest_rules import judging_stream
from festival.judging.ground.models import GroundContest
from festival.schedule.models import Session, Stage
from festival.schedule.published.standing import PublishedSession, standing

GROUND_KINDS = (ResultKind.COUNT, ResultKind.TIME, ResultKind.ANSWERS, ResultKind.MATCH)


@dataclass(frozen=True, slots=True)
class GroundDevice:
    """A device of the ground as the secretary of a contest sees it."""

    id: int
    number: int
    name: str
    station: str
    of_station: bool  # the contest is held at the device's station
    given: bool


def contests_of(device: DeviceView) -> list[Contest]:
    """The contests this device may type, in the order of the festival."""
    given = select(GroundContest.contest_id).where(GroundContest.device_id == device.id)
    plan = standing(device.festival_id)
    here: ColumnElement[bool]
    if plan is None:
        drafted = (
            select(Session.contest_id)
            .join(Stage, Stage.id == Session.stage_id)
            .where(or_(Stage.name == device.station, Stage.code == device.station))
        )
        here = Contest.id.in_(drafted)
    else:
        here = Contest.code.in_([each.contest for each in plan.sessions if device.station in _words(each)])
    wanted = select(Contest).where(
        Contest.festival_id == device.festival_id,
        Contest.result_kind.in_(GROUND_KINDS),
        or_(Contest.id.in_(given), here),
    )
    return list(db.session.scalars(wanted.order_by(Contest.position)))


def _words(session: PublishedSession) -> tuple[str, str]:
    """By which a station calls the stage of a session."""
    return session.stage_name, session.stage


def ground_streams(device: DeviceView, _festival_code: str) -> set[str]:
    """The ledgers of these contests, and of no other one."""
    return {judging_stream(contest) for contest in contests_of(device)}


def devices_for(contest: Contest) -> list[GroundDevice]:
    """The devices of the ground that are in use, with whether they type this contest."""
    rows = db.session.scalars(
        select(Device)
        .where(Device.festival_id == contest.festival_id, Device.role == DeviceRole.GROUND, Device.revoked_at.is_(None))
        .order_by(Device.number)
    ).all()
    given = set(db.session.scalars(select(GroundContest.device_id).where(GroundContest.contest_id == contest.id)))
    plan = standing(contest.festival_id)
    if plan is None:
        stages = db.session.execute(
            select(Stage.name, Stage.code)
            .join(Session, Session.stage_id == Stage.id)
            .where(Session.contest_id == contest.id)
            .distinct()
        )
        stations = {word for row in stages for word in row}
    else:
        stations = {word for each in plan.sessions if each.contest == contest.code for word in _words(each)}
    return [
        GroundDevice(row.id, row.number, row.name, row.station, row.station in stations, row.id in given)
        for row in rows
    ]


def give(contest: Contest, number: int, by: int | None, *, given: bool) -> None:
    """Let a device type a contest, or no longer; both as often as one likes. NotFound: no such device of the ground."""
    device = db.session.scalars(
        select(Device)
        .where(Device.festival_id == contest.festival_id, Device.role == DeviceRole.GROUND, Device.number == number)
        .with_for_update()
    ).one_or_none()
    if device is None or contest.result_kind not in GROUND_KINDS:
        raise NotFound()
    row = db.session.get(GroundContest, (device.id, contest.id))
    if (row is not None) == given:
        return
    if row is not None:
        db.session.delete(row)
    else:
        db.session.add(GroundContest(device_id=device.id, contest_id=contest.id, given_by=by, given_at=now()))
    db.session.flush()
    ledger.append(
        judging_stream(contest),
        "ground.given" if given else "ground.withdrawn",
        {"device": device.id, "contest_id": contest.id},
        {"number": device.number, "by": by},
    )
