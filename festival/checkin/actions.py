"""How does a reading of a pass become an admission, or an exit?

Set-wise: all scans of a delivery are decided with a handful of statements. The unique key (person, purpose, window)
decides who was first, never a look before the leap; `merge` says which scan an admission points at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from festival.checkin import merge
from festival.checkin.counting.admit import AdmissionsDone, Rows, let_in, let_out
from festival.checkin.counting.jumping import backwards, clocks_of, place_exits, settle
from festival.checkin.counting.recount import count_again
from festival.checkin.counting.undoing import early_undos, undone_line
from festival.checkin.counting.who_holds import PassesShown, holders
from festival.checkin.decide import ForTheLead, LetIn, Refused, decide
from festival.checkin.merge import BY_HAND, Moment, SeenScan, TakenBack, keys_of
from festival.checkin.models import Scan
from festival.checkin.purposes.gate_bodies import SCAN_BODY, ScanBody
from festival.checkin.purposes.windows import Closed, Purpose, counted_anyway, window_at
from festival.core import ledger
from festival.core.clock import VIETNAM
from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import insert_rows, json_rows
from festival.core.statements import table
from festival.core.transaction import open_connection
from festival.core.types import json_text
from festival.devices.handlers import Applied, Duplicate, Incoming, Quarantined, Rejected, Verdict

_SCAN = table(Scan)


def _keep_scans(database: str) -> Any:
    of_each = [each.name for each in _SCAN.c if each.name not in ("id", "festival_id")]
    kept = insert_rows(_SCAN, database, of_each, ("festival_id",))
    return kept.returning(_SCAN.c.at_ms, _SCAN.c.device_number, _SCAN.c.seq, _SCAN.c.id)


_KEEP_SCANS = Prepared(_keep_scans)

# A clock that says a moment before the house was set up, or one that is not yet, would win or lose everywhere.
BEFORE_THE_FESTIVAL = timedelta(days=60)
NOT_YET = timedelta(hours=24)

Line = tuple[str, dict[str, object], dict[str, object]]


@dataclass(slots=True)
class _Taken:
    """A reading that counts: it is kept."""

    message: Incoming
    body: ScanBody
    scan: SeenScan
    purpose: Purpose
    against: str = ""


def apply_scans(incoming: Sequence[Incoming]) -> list[Verdict]:
    """The verdicts of scans (kind `scan`) of one festival's devices, in order."""
    verdicts: dict[str, Verdict] = {}
    read: list[tuple[Incoming, ScanBody]] = []
    for message in incoming:
        try:
            body = SCAN_BODY.validate_python(message.body)
        except ValidationError as wrong:
            field = ".".join(str(part) for part in wrong.errors()[0]["loc"])
            verdicts[message.mid] = Rejected("malformed", {"field": field})
            continue
        if body.decision == "refused":
            # Shown red at the gate and kept: the message itself is the record, nobody has come in.
            verdicts[message.mid] = Applied({"refused": body.why})
        else:
            read.append((message, body))
    if read:
        verdicts.update(_decide(read))
    return [verdicts[message.mid] for message in incoming]


def _decide(read: list[tuple[Incoming, ScanBody]]) -> dict[str, Verdict]:
    lists = sorted({body.pass_id for _, body in read if body.pass_id is not None})
    known = holders(read[0][0].festival_id, lists, [message.mid for message, _ in read], clocks_of(read))
    verdicts: dict[str, Verdict] = {}
    taken: list[_Taken] = []
    for message, body in read:
        match _asked(message, body, known):
            case _Taken() as one:
                taken.append(one)
            case verdict:
                verdicts[message.mid] = verdict
    if not taken:
        return verdicts
    undos = early_undos([each.message.mid for each in taken]) if known.early_undos else []
    if undos:
        for one, scan in zip(taken, merge.after_undoing([each.scan for each in taken], undos), strict=True):
            one.scan = scan
    stream, festival_id = f"checkin:{known.festival_code}", read[0][0].festival_id
    person_ids, now_ms = known.person_ids(), int(read[0][0].received_at.timestamp() * 1000)
    jumped: list[SeenScan] = []
    if known.jumped or backwards(each.scan for each in taken):
        jumped = place_exits(festival_id, [each.scan for each in taken], now_ms)
        for one, scan in zip(taken, jumped, strict=True):
            one.scan = scan
    lines: list[Line] = []
    # What goes the same way is decided together; kept only then, so that no exit sees the return that comes after it.
    for way, part in groupby(taken, key=lambda each: each.scan.way):
        together = list(part)
        rows = Rows(festival_id, person_ids, _keep(together, known), now_ms, jumped)
        for one, verdict in _count(way, together, rows, stream):
            verdicts[one.message.mid] = verdict
            lines += _lines(one, verdict, undos)
    settle(festival_id, {key for scan in jumped for key in keys_of(scan)}, now_ms)
    ledger.append_many(stream, lines)
    return verdicts


def _asked(message: Incoming, body: ScanBody, known: PassesShown) -> _Taken | Verdict:
    """The reading as it counts, or why it does not."""
    purpose = known.gates.purpose(body.purpose)
    if purpose is None or body.pass_id is None:
        return Rejected("malformed", {"field": "purpose"})
    at_ms = int(message.at.timestamp() * 1000)
    if body.decision != "turned_away" and _clock_wrong(message, known):
        return Quarantined("clock_wrong", {"at_ms": at_ms})
    out = body.way == "out"
    window = window_at(purpose, at_ms, body.window)
    closed = _closed(window) if isinstance(window, Closed) and not out else None
    decided = decide(
        known.known(body.pass_id, purpose),
        body.persons,
        turned_away=body.decision == "turned_away",
        people_seen=body.count or 0,
        closed=closed,
        # Nobody is held back inside by a rule about coming in.
        forced=body.force is not None or (out and body.pass_id in known.pass_ids),
    )
    match decided:
        case ForTheLead(reason, people_seen, detail):
            return Quarantined(reason, {**detail} if people_seen is None else {**detail, "count": people_seen})
        case Refused(reason):
            return Rejected(reason)
        case LetIn(people, against, count):
            forced = body.force is not None
            scan = SeenScan(
                Moment(at_ms, message.device_number, message.seq),
                message.station,
                body.pass_id,
                purpose.code,
                counted_anyway(purpose, at_ms, body.window) if isinstance(window, Closed) else window,
                tuple(sorted(people)),
                body.way,
                message.mid,
                forced,
                forced and against != "",
                count,
                by_hand=body.how in BY_HAND,
            )
            return _Taken(message, body, scan, purpose, against)


def _clock_wrong(message: Incoming, known: PassesShown) -> bool:
    starts = datetime.combine(known.starts_on, datetime.min.time(), tzinfo=VIETNAM)
    earliest = min(starts, message.received_at) - BEFORE_THE_FESTIVAL
    return not earliest <= message.at <= message.received_at + NOT_YET


def _closed(window: Closed) -> ForTheLead:
    if window.opens_ms is None:
        return ForTheLead("closed")
    return ForTheLead("closed", detail={"opens_ms": window.opens_ms, "closes_ms": window.closes_ms})


def _keep(taken: Sequence[_Taken], known: PassesShown) -> dict[Moment, int]:
    rows = json_rows(_scan_row(each, known.pass_ids.get(each.scan.pass_id)) for each in taken)
    connection = open_connection()
    kept = _KEEP_SCANS(connection, {"rows": rows, "festival_id": taken[0].message.festival_id})
    return {Moment(at_ms, device, seq): number for at_ms, device, seq, number in kept}


def _scan_row(taken: _Taken, pass_id: int | None) -> dict[str, Any]:
    scan, message = taken.scan, taken.message
    return {
        "device_id": message.device_id,
        "device_number": message.device_number,
        "seq": message.seq,
        "at_ms": scan.moment.at_ms,
        "gate": scan.gate,
        "mid": scan.mid,
        "pass_id": pass_id,
        "unknown_list": "" if pass_id is not None else scan.pass_id,
        "purpose": scan.purpose,
        "day_window": scan.window,
        "persons": json_text(scan.persons),
        "how": taken.body.how,
        "way": scan.way,
        "forced": scan.forced,
        "not_allowed": scan.not_allowed,
        "unnamed": scan.count,
        "undone": scan.undone,
    }


def _count(way: str, part: list[_Taken], rows: Rows, stream: str) -> Iterable[tuple[_Taken, Verdict]]:
    """Readings one after the other that go the same way, decided together."""
    scans = [each.scan for each in part if not each.scan.undone]
    if way == "in":
        done = let_in(scans, rows)
        for one in part:
            yield one, _verdict(one, done, stream)
        return
    out = let_out(scans, rows)
    if out:
        since_ms = min(scan.place.at_ms for scan in scans)
        count_again(rows.festival_id, out, rows.person_ids, rows.now_ms, since_ms=since_ms, beside=rows.beside)
    for one in part:
        gone = [person for person, purpose, window in keys_of(one.scan) if (person, purpose, window) in out]
        detail = {"out": gone, "window": one.scan.window}
        yield one, Applied(detail, stream) if gone else Duplicate(detail, stream)


def _verdict(one: _Taken, done: AdmissionsDone, stream: str) -> Applied | Duplicate:
    """First for whom it admitted; a scan that admits nobody new is a duplicate and says where and when the first was."""
    scan, keys = one.scan, keys_of(one.scan)
    admitted = [key[0] for key in keys if key in done.new and done.first[key] is scan]
    earlier = [key[0] for key in keys if key in done.moved and done.first[key] is scan]
    back = [key[0] for key in keys if one.purpose.again and done.back.get(key) is scan]
    others = [key for key in keys if key in done.standing and key[0] not in {*admitted, *earlier, *back}]
    detail: dict[str, Any] = {"admitted": admitted, "window": scan.window}
    if earlier:
        detail["moved"] = earlier
    if back:
        detail["back"] = back
    if others:
        first = min((done.standing[key] for key in others), key=lambda held: held.moment)
        detail["already"] = [key[0] for key in others]
        detail["first"] = {"gate": first.gate, "at_ms": first.moment.at_ms, "device": first.moment.device}
    if scan.count:
        detail["count"] = scan.count
    if scan.not_allowed:
        detail["not_allowed"] = one.against
    if scan.undone:
        detail["undone"] = True
    counts = admitted or back or (scan.count and not scan.undone)
    return Applied(detail, stream) if counts else Duplicate(detail, stream)


def _lines(one: _Taken, verdict: Verdict, undos: Sequence[TakenBack]) -> list[Line]:
    """What the ledger says of it; what was taken back before it came is said after it."""
    scan, detail = one.scan, dict(verdict.detail)
    subject: dict[str, object] = {
        "device": scan.moment.device,
        "seq": scan.moment.seq,
        "pass": scan.pass_id,
        "purpose": scan.purpose,
        "window": scan.window,
        "persons": list(scan.persons),
        "admitted": list(detail.get("admitted", ())),
    }
    if scan.way == "out":
        subject["way"] = scan.way
    if scan.forced:
        subject |= {"forced": True, "not_allowed": scan.not_allowed, "count": scan.count}
    payload: dict[str, object] = {"at_ms": scan.moment.at_ms, "gate": scan.gate, "how": one.body.how}
    if one.body.force is not None:
        payload["reason"] = one.body.force.reason
    lines: list[Line] = [(_kind(one, detail), subject, payload)]
    ours = [undo for undo in undos if merge.may_take_back(replace(scan, undone=False), undo)]
    return lines + [undone_line(scan, undo, "") for undo in sorted(ours)[:1]]


def _kind(one: _Taken, detail: dict[str, Any]) -> str:
    if one.scan.way == "out":
        return "went_out"
    if one.scan.forced:
        return "forced"
    if detail["admitted"]:
        return "admitted"
    if detail.get("back"):
        return "came_back"
    return "moved" if detail.get("moved") else "seen_again"
