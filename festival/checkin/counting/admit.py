"""How do scans become admissions, and an admission an earlier scan's, or that of somebody who came back?

One statement decides, never a look before the leap: INSERT, and where there is a row already, UPDATE of it only when this
scan is the earlier one, or the first that counts again, or the last of somebody who had gone out. On PostgreSQL it locks
the row also when nothing changes, so that an undoing at the same moment waits for it and then sees the scan (`recount`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, false, func, literal, not_, or_, select, tuple_

from festival.checkin import merge
from festival.checkin.merge import Key, Moment, SeenScan
from festival.checkin.models import Admission, Scan
from festival.core.database import db
from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import insert_rows, json_rows
from festival.core.statements import table
from festival.core.transaction import open_connection

_SCAN = table(Scan)
_ADMISSION = table(Admission)
_KEY = (_ADMISSION.c.person_id, _ADMISSION.c.purpose, _ADMISSION.c.day_window)


class Came(IntEnum):
    """What a write did to an admission."""

    NEW = 0
    AGAIN_FIRST = 1  # the scan that counted had been taken back
    MOVED = 2
    BACK = 3
    OUT = 4


_STANDING = (
    select(*_KEY, _ADMISSION.c.at_ms, _ADMISSION.c.device_number, _ADMISSION.c.seq, _SCAN.c.gate)
    .join(_SCAN, _SCAN.c.id == _ADMISSION.c.scan_id)
    .where(
        _ADMISSION.c.person_id.in_(bindparam("persons", expanding=True)),
        _ADMISSION.c.purpose.in_(bindparam("purposes", expanding=True)),
        _ADMISSION.c.day_window.in_(bindparam("windows", expanding=True)),
    )
)


def _upsert(database: str) -> Any:
    of_each = ("person_id", "purpose", "day_window", "scan_id", "at_ms", "device_number", "seq", "last_ms")
    same = ("festival_id", "annulled", "outside", "came", "changed_ms")
    last = {"last_device": "device_number", "last_seq": "seq"}
    statement = insert_rows(_ADMISSION, database, of_each, same, last)
    new, held = statement.excluded, _ADMISSION.c
    earlier = tuple_(new.at_ms, new.device_number, new.seq) < tuple_(held.at_ms, held.device_number, held.seq)
    first = and_(not_(new.annulled), or_(held.annulled, earlier))
    later = tuple_(new.last_ms, new.last_device, new.last_seq) > tuple_(
        func.coalesce(held.last_ms, held.at_ms),
        func.coalesce(held.last_device, held.device_number),
        func.coalesce(held.last_seq, held.seq),
    )
    turned = and_(or_(held.outside, new.outside), later)

    def one(condition: ColumnElement[bool], *names: str) -> dict[str, Any]:
        return {name: case((condition, new[name]), else_=held[name]) for name in names}

    changes = {
        **one(first, "scan_id", "at_ms", "device_number", "seq"),
        **one(turned, "outside", "last_ms", "last_device", "last_seq"),
        "annulled": case((first, false()), else_=held.annulled),
        "came": case(
            (and_(first, held.annulled), literal(int(Came.AGAIN_FIRST))),
            (first, literal(int(Came.MOVED))),
            (new.outside, literal(int(Came.OUT))),
            else_=literal(int(Came.BACK)),
        ),
        "changed_ms": new.changed_ms,
    }
    return statement.on_conflict_do_update(index_elements=list(_KEY), set_=changes, where=or_(first, turned)).returning(
        *_KEY, _ADMISSION.c.came
    )


_UPSERT = Prepared(_upsert)


@dataclass(slots=True)
class AdmissionsDone:
    """What a part of a delivery did: whose scan came first in it, which keys are new or moved, which scan is a return."""

    first: dict[Key, SeenScan]
    new: set[Key] = field(default_factory=set)
    moved: set[Key] = field(default_factory=set)
    back: dict[Key, SeenScan] = field(default_factory=dict)
    standing: dict[Key, SeenScan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """What turns codes and moments into numbers of rows, and when this is written.

    `beside`: what is still to be kept of the delivery, where it says that a clock had jumped.
    """

    festival_id: int
    person_ids: Mapping[str, int]
    scan_ids: Mapping[Moment, int]
    now_ms: int
    beside: Sequence[SeenScan] = ()


def let_in(scans: Iterable[SeenScan], rows: Rows) -> AdmissionsDone:
    """Insert what nobody has admitted yet; an admission that an earlier scan now explains moves to it."""
    scans = list(scans)
    first = merge.merge(scans)
    done = AdmissionsDone(first)
    for key, came in _write(first, rows).items():
        if came in (Came.NEW, Came.AGAIN_FIRST):
            done.new.add(key)
        elif came is Came.MOVED:
            done.moved.add(key)
        else:
            done.back[key] = first[key]
    # Twice in one delivery: the later reading may be that of somebody who came back.
    twice = {key: scan for key, (_place, scan) in merge.latest(scans).items() if first[key] is not scan}
    done.back.update({key: twice[key] for key in _write(twice, rows)})
    done.standing.update(first)
    passed = first.keys() - done.new - done.moved
    if passed:
        done.standing.update(_standing(passed, rows))
    return done


def let_out(scans: Iterable[SeenScan], rows: Rows) -> set[Key]:
    """Whom these scans bring out, as far as nobody has seen them later."""
    last = {key: scan for key, (_place, scan) in merge.latest(scans).items()}
    return set(_write(last, rows, out=True))


def _write(winners: Mapping[Key, SeenScan], rows: Rows, *, out: bool = False) -> dict[Key, Came]:
    if not winners:
        return {}
    connection = open_connection()
    code_of = {rows.person_ids[person]: person for person, _purpose, _window in winners}
    wanted = [
        {
            "person_id": rows.person_ids[person],
            "purpose": purpose,
            "day_window": window,
            "scan_id": rows.scan_ids[scan.moment],
            "at_ms": scan.moment.at_ms,
            "device_number": scan.moment.device,
            "seq": scan.moment.seq,
            "last_ms": scan.place.at_ms,
        }
        # One order for everybody: two gates that admit the same people wait for each other, never in a circle.
        for (person, purpose, window), scan in sorted(
            winners.items(), key=lambda item: (rows.person_ids[item[0][0]], item[0])
        )
    ]
    of_all = {
        "rows": json_rows(wanted),
        "festival_id": rows.festival_id,
        "annulled": out,
        "outside": out,
        "came": int(Came.OUT if out else Came.NEW),
        "changed_ms": rows.now_ms,
    }
    written = _UPSERT(connection, of_all)
    return {(code_of[person_id], purpose, window): Came(came) for person_id, purpose, window, came in written}


def _standing(keys: set[Key], rows: Rows) -> dict[Key, SeenScan]:
    """What the admissions of these keys point at now (read after the insert, so they are there)."""
    code_of = {rows.person_ids[person]: person for person, _purpose, _window in keys}
    asked = {
        "persons": sorted(code_of),
        "purposes": sorted({purpose for _person, purpose, _window in keys}),
        "windows": sorted({window for _person, _purpose, window in keys}),
    }
    found = {
        (code_of[row.person_id], row.purpose, row.day_window): SeenScan(
            Moment(row.at_ms, row.device_number, row.seq), row.gate, "", row.purpose, row.day_window, ()
        )
        for row in db.session.connection().execute(_STANDING, asked)
    }
    return {key: found[key] for key in keys}
