"""What of the ground keeps a contest from being locked: two results of a try, counts that differ, a dispute, a message on the way?"""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.judging.ground.counters import awaited
from festival.judging.ground.devices import GROUND_KINDS, devices_for
from festival.judging.ground.models import GroundReading, MeasureSeen, ReadingState
from festival.judging.ground.tries import tries_of
from festival.judging.tally import Tally
from festival.roster.models import Entry


def unsettled(tallied: Tally) -> list[tuple[str, str, str]]:
    """(what, who, name of the entry), in the order of appearance."""
    contest = tallied.contest
    if contest.result_kind not in GROUND_KINDS:
        return []
    beside, gaps = _anything(contest)
    lines = tries_of([contest.id]).get(contest.id, []) if beside else []
    by_entry = {
        entry: [each for each in lines if each.entry_id == entry] for entry in {each.entry_id for each in lines}
    }
    found = []
    for appearance in tallied.appearances:
        for each in by_entry.get(appearance.id, ()):
            if each.offers:
                found.append(("ground_apart", "", appearance.name))
            if awaited(each.counts, contest):
                found.append(("ground_counts", "", appearance.name))
            if each.seen is not None and not each.seen.agrees:
                found.append(("ground_dispute", "", appearance.name))
    return [*found, *(("gap", f"#{number}", "") for number in (_with_gaps(contest) if gaps else ()))]


def _anything(contest: Contest) -> tuple[bool, bool]:
    """Whether anything waits beside the results, and whether a device has messages on the way: asked by one statement."""
    of_contest = select(Entry.id).where(Entry.contest_id == contest.id)
    waiting = (ReadingState.OFFERED, ReadingState.COUNTED)
    typed = exists().where(GroundReading.entry_id.in_(of_contest), GroundReading.became.in_(waiting))
    disputed = exists().where(MeasureSeen.entry_id.in_(of_contest), ~MeasureSeen.agrees)
    on_the_way = exists().where(*_gaps(contest))
    row = db.session.execute(select(or_(typed, disputed), on_the_way)).one()
    return bool(row[0]), bool(row[1])


def _gaps(contest: Contest) -> tuple[ColumnElement[bool], ...]:
    """Devices of the ground of which the server has message n+1 but not n."""
    return (
        Device.festival_id == contest.festival_id,
        Device.role == DeviceRole.GROUND,
        Device.revoked_at.is_(None),
        Device.seq_count < Device.seq_max,
    )


def _with_gaps(contest: Contest) -> list[int]:
    """Those of them that type this contest."""
    numbers = set(db.session.scalars(select(Device.number).where(*_gaps(contest))))
    own = {each.number for each in devices_for(contest) if each.given or each.of_station}
    return sorted(numbers & own)
