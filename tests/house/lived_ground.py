"""A day on the ground: contests given and taken back, counts by two, a result typed on an older one, heads who saw or disputed."""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices import enrolment
from festival.devices.enrolment import Enrolled
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.judging.ground.counts import CountersRule
from festival.judging.ground.devices import give
from festival.judging.ground.models import SeenHow
from festival.judging.ground.seen import HeadsAnswer, see, unsee
from festival.judging.ground.taking import GroundSaid, choose, standing, take
from festival.judging.models import Measure, MeasureState
from festival.roster.models import Entry

VALID = MeasureState.VALID


def live(staff: int) -> None:
    """Inside a transaction of its own each time, as devices deliver."""
    with reading():
        contest = db.session.scalars(select(Contest).where(Contest.code == "bong-ro")).one()
        valued = select(Measure.entry_id).join(Entry).where(Entry.contest_id == contest.id, Measure.value.is_not(None))
        contest_id, festival_id = contest.id, contest.festival_id
        first, second = db.session.scalars(valued.order_by(Measure.id).limit(2))
    with transaction():
        devices = []
        for station in ("Sân cỏ", "Sân bên"):
            made = enrolment.make_enrolment_code(festival_id, DeviceRole.GROUND, None, station)
            let_in = enrolment.enrol(made.code, station, None)
            assert isinstance(let_in, Enrolled)
            devices.append(let_in.device.id)
        numbers = {each.id: each.number for each in db.session.scalars(select(Device).where(Device.id.in_(devices)))}
        row = db.session.get_one(Contest, contest_id)
        for each, given in ((0, True), (1, True), (1, False)):
            give(row, numbers[devices[each]], staff, given=given)

    def says(at: int, entry: int, value: int | None, base: int) -> None:
        state = None if value is None else VALID
        mid = f"lived-{at}-{entry}-{value}-{base}"
        with transaction():
            take(GroundSaid(mid, devices[at], numbers[devices[at]], contest_id, entry, 1, state, value, base, now()))

    stood = _stands(first)
    says(0, first, 4, stood)
    says(1, first, 5, stood)
    says(1, first, 6, stood + 1)
    with transaction():
        choose(contest_id, first, 1, "current", stood + 1, {"typed_by": staff})
    says(1, first, 7, stood)
    with transaction():
        choose(contest_id, first, 1, f"lived-1-{first}-7-{stood}", stood + 2, {"typed_by": staff})
        db.session.get_one(Contest, contest_id).counters = 2
    says(0, second, 8, _stands(second))
    says(1, second, 9, _stands(second))
    says(1, second, 8, _stands(second))
    counted = _stands(second)
    assert counted
    with transaction():
        db.session.get_one(Contest, contest_id).counters = CountersRule().people
        seen = HeadsAnswer(VALID, 7, False, "thiếu một quả", SeenHow.TAP, device_id=devices[0])
        see(contest_id, first, 1, seen)
        see(contest_id, first, 1, HeadsAnswer(VALID, 7, True, "", SeenHow.TAP, device_id=devices[0]))
        see(contest_id, second, 1, HeadsAnswer(VALID, 8, True, "máy hết pin", SeenHow.PAPER, noted_by=staff))
        unsee(contest_id, second, 1, counted, staff)


def _stands(entry_id: int) -> int:
    with reading():
        row = standing(entry_id, 1)
        return row.version if row else 0
