"""Who is in and where, once more from the scans there are: after one was taken back, an exit came late, a clock had jumped?

The rows of the people concerned are locked first and the scans read afterwards, so that a scan written at the same moment
is either seen here, or waits for these rows and counts itself (`admit`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Text, bindparam, case, func, or_, select, type_coerce, update

from festival.checkin import merge
from festival.checkin.merge import BY_HAND, Key, Moment, SeenScan
from festival.checkin.models import Admission, Scan
from festival.core.database import db
from festival.core.statements import table

_SCAN = table(Scan)
_ADMISSION = table(Admission)

# So many people are looked for by the database; more are sorted out here.
SOUGHT = 40

# The smallest time its device has read after an exit, in the same window.
_AFTER = _SCAN.alias("read_after")
_LEAST_AFTER = (
    select(func.min(_AFTER.c.at_ms))
    .where(
        _AFTER.c.device_id == _SCAN.c.device_id,
        _AFTER.c.seq > _SCAN.c.seq,
        _AFTER.c.purpose == _SCAN.c.purpose,
        _AFTER.c.day_window == _SCAN.c.day_window,
        _AFTER.c.how.not_in(BY_HAND),
    )
    .scalar_subquery()
)

_SET = (
    update(Admission)
    .where(_ADMISSION.c.id == bindparam("row_id"))
    .values(
        scan_id=bindparam("new_scan"),
        at_ms=bindparam("new_at"),
        device_number=bindparam("new_device"),
        seq=bindparam("new_seq"),
        annulled=bindparam("new_annulled"),
        outside=bindparam("new_outside"),
        last_ms=bindparam("new_last_ms"),
        last_device=bindparam("new_last_device"),
        last_seq=bindparam("new_last_seq"),
        changed_ms=bindparam("now_ms"),
    )
)


def count_again(
    festival_id: int,
    keys: Collection[Key],
    person_ids: Mapping[str, int],
    now_ms: int,
    *,
    since_ms: int | None = None,
    beside: Iterable[SeenScan] = (),
) -> set[Key]:
    """Write what follows from the scans for these people; answers who holds no admission there any more.

    `since_ms`: only where somebody is can have changed, and only by scans from this moment on. `beside`: what is not
    kept yet, and says that a clock had jumped.
    """
    held = _held(keys, person_ids)
    scans = list(_scans(festival_id, keys, since_ms))
    ids = {scan.moment: number for number, scan in scans}
    seen = merge.exits_placed([scan for _number, scan in scans], beside)
    first, last = merge.merge(seen), merge.latest(seen)
    changes, gone = [], set()
    for key, row in held.items():
        change = dict(row)
        change["last_ms"], change["last_device"], change["last_seq"] = _place(last.get(key), row, since_ms)
        if key in last or since_ms is None:
            change["outside"] = key in last and last[key][1].way == "out"
        if since_ms is None and key in first:
            winner = first[key].moment
            change |= {"scan_id": ids[winner], "annulled": False}
            change |= {"at_ms": winner.at_ms, "device_number": winner.device, "seq": winner.seq}
        elif since_ms is None:
            change["annulled"] = True
            gone.add(key)
        if change != row:
            changes.append(_bound(change, now_ms))
    if changes:
        db.session.connection().execute(_SET, changes)
    return gone


def _place(
    last: tuple[Moment, SeenScan] | None, row: Mapping[str, Any], since_ms: int | None
) -> tuple[int | None, ...]:
    if last is not None:
        return last[0].at_ms, last[0].device, last[0].seq
    return (None, None, None) if since_ms is None else (row["last_ms"], row["last_device"], row["last_seq"])


def _bound(change: Mapping[str, Any], now_ms: int) -> dict[str, Any]:
    return {
        "row_id": change["id"],
        "new_scan": change["scan_id"],
        "new_at": change["at_ms"],
        "new_device": change["device_number"],
        "new_seq": change["seq"],
        "new_annulled": change["annulled"],
        "new_outside": change["outside"],
        "new_last_ms": change["last_ms"],
        "new_last_device": change["last_device"],
        "new_last_seq": change["last_seq"],
        "now_ms": now_ms,
    }


def _held(keys: Collection[Key], person_ids: Mapping[str, int]) -> dict[Key, dict[str, Any]]:
    """The rows of these keys, held until the transaction ends; in one order for everybody."""
    code_of = {person_ids[person]: person for person, _purpose, _window in keys if person in person_ids}
    rows = db.session.connection().execute(
        select(_ADMISSION)
        .where(
            _ADMISSION.c.person_id.in_(sorted(code_of)),
            _ADMISSION.c.purpose.in_(sorted({key[1] for key in keys})),
            _ADMISSION.c.day_window.in_(sorted({key[2] for key in keys})),
        )
        .order_by(_ADMISSION.c.person_id, _ADMISSION.c.id)
        .with_for_update()
    )
    found = {(code_of[row.person_id], row.purpose, row.day_window): dict(row._mapping) for row in rows}
    return {key: row for key, row in found.items() if key in set(keys)}


def _scans(festival_id: int, keys: Collection[Key], since_ms: int | None) -> Iterable[tuple[int, SeenScan]]:
    persons = {key[0] for key in keys}
    wanted = select(_SCAN, case((_SCAN.c.way == "out", _LEAST_AFTER)).label("least_after")).where(
        _SCAN.c.festival_id == festival_id,
        ~_SCAN.c.undone,
        _SCAN.c.purpose.in_(sorted({key[1] for key in keys})),
        _SCAN.c.day_window.in_(sorted({key[2] for key in keys})),
    )
    if since_ms is not None:
        wanted = wanted.where(_SCAN.c.at_ms >= since_ms)
    if len(persons) <= SOUGHT:
        listed = type_coerce(_SCAN.c.persons, Text())
        wanted = wanted.where(or_(*(listed.contains(f'"{code}"', autoescape=True) for code in sorted(persons))))
    for row in db.session.connection().execute(wanted):
        inside = tuple(code for code in row.persons if code in persons)
        if inside:
            yield row.id, _seen(row, inside)


def _seen(row: Any, persons: tuple[str, ...]) -> SeenScan:
    by_hand = row.how in BY_HAND
    jumped = row.least_after is not None and row.least_after < row.at_ms and not by_hand
    return SeenScan(
        Moment(row.at_ms, row.device_number, row.seq),
        row.gate,
        "",
        row.purpose,
        row.day_window,
        persons,
        row.way,
        by_hand=by_hand,
        counted_ms=row.least_after if jumped else None,
    )
