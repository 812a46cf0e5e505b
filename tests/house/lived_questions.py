"""Questions on a day: answered, put right on the device, offered on an older result, chosen, taken by two who say the same."""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Contest
from festival.contests.questions.answers import digest_of
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.judging.ground.models import SeenHow
from festival.judging.ground.seen import HeadsAnswer, see
from festival.judging.ground.taking import GroundCounted, GroundSaid, GroundTaken, choose, standing, take
from festival.judging.measuring import MeasureTaken, note_measure
from festival.judging.models import Measure, MeasureState
from festival.roster.models import Entry

ASKED = [{"code": "1", "points": 2}, {"code": "2", "points": 2, "minus": 1}, {"code": "3", "points": 1, "seconds": 15}]
VALUES = {"rrr": 5, "rrw": 4, "rwr": 2, "rpp": 2, "ppp": 0}


def answered(staff: int) -> None:
    """Of the contest of balls, as if it asked questions; at the end its rules are as before."""
    with reading():
        contest = db.session.scalars(select(Contest).where(Contest.code == "bong-ro")).one()
        contest_id, festival_id = contest.id, contest.festival_id
        valued = select(Measure.entry_id).join(Entry).where(Entry.contest_id == contest_id, Measure.value.is_not(None))
        first, second = db.session.scalars(valued.order_by(Measure.id).limit(2))
        ground = select(Device.id, Device.number).where(
            Device.festival_id == festival_id, Device.role == DeviceRole.GROUND
        )
        devices = [(row.id, row.number) for row in db.session.execute(ground.order_by(Device.id))]
    _rules(contest_id, ASKED, 1)

    def says(at: int, entry: int, answers: str, base: int) -> object:
        mid = f"asked-{at}-{entry}-{answers}-{base}"
        said = GroundSaid(
            mid, *devices[at], contest_id, entry, 1, MeasureState.VALID, VALUES[answers], base, now(), answers,
            digest_of(ASKED),
        )  # fmt: skip
        with transaction():
            return take(said)

    stood = _stands(first)
    assert says(0, first, "rrr", stood) == GroundTaken(stood + 1, "judging:bong-ro")
    says(1, first, "rrw", stood)
    with transaction():
        choose(contest_id, first, 1, f"asked-1-{first}-rrw-{stood}", stood + 1, {"typed_by": staff})
    with transaction():
        seen = HeadsAnswer(MeasureState.VALID, 4, True, "", SeenHow.TAP, device_id=devices[0][0], answers="rrw")
        assert see(contest_id, first, 1, seen) == GroundTaken(stood + 2, "judging:bong-ro")
    with transaction():
        again = note_measure(contest_id, first, 1, MeasureState.VALID, 2, stood + 2, staff, None, "rpp")
        assert isinstance(again, MeasureTaken)
    _rules(contest_id, ASKED, 2)
    before = _stands(second)
    assert isinstance(says(0, second, "rwr", before), GroundCounted)
    assert isinstance(says(1, second, "rpp", before), GroundCounted)
    says(1, second, "rwr", before)
    assert _stands(second) == before + 1
    _rules(contest_id, None, 1)


def _rules(contest_id: int, asked: list[dict[str, object]] | None, counters: int) -> None:
    with transaction():
        contest = db.session.get_one(Contest, contest_id)
        contest.questions, contest.counters = asked, counters


def _stands(entry_id: int) -> int:
    with reading():
        row = standing(entry_id, 1)
        return row.version if row else 0
