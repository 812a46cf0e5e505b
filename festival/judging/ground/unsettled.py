"""What of the ground keeps a contest from being locked: two results of a try, counts that differ, a dispute, a message on the way?"""

from __future__ import annotations

from sqlalchemy import select

from festival.core.database import db
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.judging.ground.counters import awaited
from festival.judging.ground.devices import GROUND_KINDS, devices_for
from festival.judging.ground.tries import tries_of
from festival.judging.tally import Tally


def unsettled(tallied: Tally) -> list[tuple[str, str, str]]:
    """(what, who, name of the entry), in the order of appearance."""
    contest = tallied.contest
    if contest.result_kind not in GROUND_KINDS:
        return []
    lines = tries_of([contest.id]).get(contest.id, [])
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
    return [*found, *(("gap", f"#{number}", "") for number in _with_gaps(tallied))]


def _with_gaps(tallied: Tally) -> list[int]:
    """Devices of this contest of which the server has message n+1 but not n."""
    contest = tallied.contest
    wanted = select(Device.number).where(
        Device.festival_id == contest.festival_id,
        Device.role == DeviceRole.GROUND,
        Device.revoked_at.is_(None),
        Device.seq_count < Device.seq_max,
    )
    numbers = set(db.session.scalars(wanted))
    if not numbers:
        return []
    own = {each.number for each in devices_for(contest) if each.given or each.of_station}
    return sorted(numbers & own)
