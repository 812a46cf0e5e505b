"""A device's clock went backwards between two of its readings: which exits count earlier now, and who is where by them?

Only then is anything done here: the usual delivery pays two looks into an index (`who_holds`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from sqlalchemy import select, tuple_

from festival.checkin.counting.recount import count_again
from festival.checkin.counting.undoing import person_ids_of, seen
from festival.checkin.counting.who_holds import Clock
from festival.checkin.merge import BY_HAND, Key, SeenScan, exits_placed, keys_of
from festival.checkin.models import Scan
from festival.checkin.purposes.gate_bodies import ScanBody
from festival.core.database import db
from festival.core.statements import table
from festival.devices.handlers import Incoming

_SCAN = table(Scan)


def clocks_of(read: Sequence[tuple[Incoming, ScanBody]]) -> list[Clock]:
    """Of each device the newest reading with the least time and the oldest with the greatest: more can say no more."""
    of_device: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for message, body in read:
        if body.how not in BY_HAND:
            at = (message.seq, int(message.at.timestamp() * 1000))
            of_device.setdefault((message.device_id, message.device_number), []).append(at)
    found = {}
    for (device_id, number), told in of_device.items():
        seqs, times = [seq for seq, _ in told], [at_ms for _, at_ms in told]
        for seq, at_ms in ((max(seqs), min(times)), (min(seqs), max(times))):
            found[number, seq] = {"device_id": device_id, "device_number": number, "seq": seq, "at_ms": at_ms}
    return list(found.values())


def backwards(scans: Iterable[SeenScan]) -> bool:
    """Whether a device's clock went backwards among these alone."""
    ordered = sorted((scan.moment.device, scan.moment.seq, scan.moment.at_ms) for scan in scans if not scan.by_hand)
    return any(one[0] == two[0] and one[2] > two[2] for one, two in pairwise(ordered))


def place_exits(festival_id: int, scans: Sequence[SeenScan], now_ms: int) -> list[SeenScan]:
    """These scans, not kept yet, with the moments at which their exits count; those that are known are counted anew."""
    windows = sorted({(scan.purpose, scan.window) for scan in scans})
    wanted = select(_SCAN).where(
        _SCAN.c.festival_id == festival_id,
        _SCAN.c.device_number.in_(sorted({scan.moment.device for scan in scans})),
        tuple_(_SCAN.c.purpose, _SCAN.c.day_window).in_(windows),
    )
    known = [seen(row) for row in db.session.connection().execute(wanted)]
    were, are = exits_placed(known), exits_placed(known, scans)
    earlier = [now for was, now in zip(were, are, strict=True) if was.place != now.place and not now.undone]
    settle(festival_id, {key for scan in earlier for key in keys_of(scan)}, now_ms, beside=scans)
    return exits_placed(scans, known)


def settle(festival_id: int, keys: Collection[Key], now_ms: int, *, beside: Iterable[SeenScan] = ()) -> None:
    """Count these people once more from all there is."""
    if keys:
        ids = person_ids_of(festival_id, {key[0] for key in keys})
        count_again(festival_id, [key for key in keys if key[0] in ids], ids, now_ms, beside=beside)
