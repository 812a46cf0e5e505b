"""What becomes of what a device sends? Each message is kept, decided once, and answered the same for ever."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, assert_never

from sqlalchemy import Row, insert

from festival.core.clock import now
from festival.core.database import db
from festival.core.driver.rows import json_rows, listed
from festival.core.metrics.counting import count
from festival.core.text import clean
from festival.core.transaction import open_connection
from festival.core.types import json_text
from festival.core.web.errors import Refusal
from festival.devices.deliveries.held import ADVANCE, HELD, HOLD, KEEP
from festival.devices.handlers import (
    Applied,
    ConflictKept,
    Duplicate,
    Handler,
    Incoming,
    Quarantined,
    Rejected,
    Verdict,
    handler_of,
)
from festival.devices.models import DeviceNote
from festival.devices.queries import Known
from festival.devices.wire import Message, VerdictOut

log = logging.getLogger(__name__)

AnyRow = Row[*tuple[Any, ...]]

CLOCK_FAR = timedelta(hours=24)

CLOCK_JUMP_MS = 5 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Delivery:
    """At most CHUNK messages of one device; `unsigned` holds the mids whose signature was checked and does not hold."""

    device: Known
    messages: Sequence[Message]
    unsigned: frozenset[str]
    by_hand: bool = False  # a person typed the times: no device's clock is off


@dataclass(frozen=True, slots=True)
class Received:
    """What a delivery left: answers in the order sent, mids without one, and what the device's row says now.

    `moved`: the ledger streams that its own new messages were written to; `decided`: kind and verdict of each new one.
    """

    verdicts: list[VerdictOut]
    unanswered: list[str]
    seq_max: int
    seq_count: int
    revoked: bool
    waiting: bool
    moved: frozenset[str]
    decided: Sequence[tuple[str, str]] = ()


@dataclass(slots=True)
class _Part:
    """One delivery of a group while it is decided; `row` is its device's row, held until the transaction ends."""

    delivery: Delivery
    row: AnyRow
    answers: dict[tuple[str, str], VerdictOut] = field(default_factory=dict)  # by mid and digest: one mid, one body
    fresh: list[Message] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    kept_seqs: list[int] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    decided: list[tuple[str, str]] = field(default_factory=list)

    @property
    def seq_max(self) -> int:
        return max([int(self.row.seq_max), *self.kept_seqs])

    @property
    def seq_count(self) -> int:
        return int(self.row.seq_count) + len(self.kept_seqs)


_NOTE = insert(DeviceNote)


def receive(deliveries: Sequence[Delivery], *, isolate: bool = False) -> list[Received | None]:
    """Decide the deliveries of different devices together; None for a device this database never met.

    The number of statements does not grow with the deliveries. With `isolate`, each message runs in a savepoint and one
    that fails is left unanswered instead of failing all.
    """
    connection = open_connection()
    moment = now()
    devices = sorted(delivery.device.view.id for delivery in deliveries)
    database = connection.dialect.name
    own_devices = listed(devices, database)
    rows = {row.id: row for row in HOLD(connection, {"devices": own_devices})}
    wires = [message.wire for delivery in deliveries for message in delivery.messages]
    seqs = listed(sorted({seq for wire in wires for seq in (wire.seq - 1, wire.seq)}), database)
    mids = listed([wire.mid for wire in wires], database)
    held = HELD(connection, {"devices": own_devices, "mids": mids, "seqs": seqs})
    by_mid = {found.mid: found for found in held}
    digests: dict[int, dict[int, str]] = defaultdict(dict)
    for found in held:
        digests[found.device_id][found.seq] = found.digest
    parts = {
        own: _part(delivery, rows[own], by_mid, digests[own], moment)
        for delivery in deliveries
        if (own := delivery.device.view.id) in rows
    }
    kept = []
    for part, message, verdict in _decide(parts.values(), moment, isolate):
        out = _answer(message.wire.mid, verdict)
        part.answers[out.mid, message.digest] = out
        part.kept_seqs.append(message.wire.seq)
        part.decided.append((message.wire.kind, out.verdict))
        if out.ledger:
            part.moved.add(out.ledger)
        kept.append(_mutation_row(part.row.id, message, out))
    if kept:
        KEEP(connection, {"rows": json_rows(kept), "received_at": moment})
    notes = [note for part in parts.values() for note in part.notes]
    if notes:
        connection.execute(_NOTE, notes)
    if parts:
        advanced = json_rows(_advanced(parts[own]) for own in sorted(parts))
        ADVANCE(connection, {"rows": advanced, "seen": moment})
    return [
        None if part is None else _received(part)
        for part in (parts.get(delivery.device.view.id) for delivery in deliveries)
    ]


def _part(
    delivery: Delivery, row: AnyRow, by_mid: Mapping[str, AnyRow], digest_at: dict[int, str], moment: datetime
) -> _Part:
    """Tell what this device has said before from what is new."""
    part = _Part(delivery, row)
    if row.waiting and not row.ended:
        # Nothing counts before its judge has opened it, and nothing is lost: the tablet keeps it and sends it again.
        part.unanswered = [message.wire.mid for message in delivery.messages]
        return part
    own = row.id
    taken = set(digest_at)
    fresh: dict[str, str] = {}
    for message in sorted(delivery.messages, key=lambda message: message.wire.seq):
        wire, named = message.wire, (message.wire.mid, message.digest)
        before = by_mid.get(wire.mid)
        other = before is not None and (before.device_id, before.digest) != (own, message.digest)
        if other or fresh.get(wire.mid, message.digest) != message.digest:
            part.answers[named] = VerdictOut(mid=wire.mid, verdict="rejected", reason="id_reuse")
            part.notes.append(_note(own, moment, "id_reuse", {"mid": wire.mid, "seq": wire.seq}))
        elif before is not None:
            part.answers[named] = VerdictOut(
                mid=wire.mid,
                verdict=before.verdict,
                reason=before.reason,
                detail=before.detail,
                ledger=before.ledger_stream,
            )
        elif wire.mid in fresh:
            continue  # the same once more
        elif wire.seq in taken:
            part.answers[named] = VerdictOut(mid=wire.mid, verdict="rejected", reason="seq_reuse")
            part.notes.append(_note(own, moment, "seq_reuse", {"mid": wire.mid, "seq": wire.seq}))
        else:
            taken.add(wire.seq)
            fresh[wire.mid] = message.digest
            part.fresh.append(message)
            if not delivery.by_hand:
                known = row.offset_ms if row.seq_count else None  # a clock that is right is corrected by 0
                part.notes += _clock_notes(own, known, message, moment)
            previous = digest_at.get(wire.seq - 1)
            if wire.prev_hash is not None and previous is not None and wire.prev_hash != previous:
                part.notes.append(_note(own, moment, "chain_break", {"seq": wire.seq}))
            digest_at[wire.seq] = message.digest
    return part


def _advanced(part: _Part) -> dict[str, Any]:
    return {
        "id": part.row.id,
        "seq_max": part.seq_max,
        "seq_count": part.seq_count,
        "offset_ms": part.delivery.messages[-1].wire.offset_ms,
    }


def _received(part: _Part) -> Received:
    answers = part.answers
    named = dict.fromkeys((message.wire.mid, message.digest) for message in part.delivery.messages)
    ordered = [answers[each] for each in named if each in answers]
    ended = bool(part.row.ended)
    waiting = bool(part.row.waiting) and not ended
    moved = frozenset(part.moved)
    return Received(ordered, part.unanswered, part.seq_max, part.seq_count, ended, waiting, moved, part.decided)


def _obstacle(part: _Part, message: Message) -> Verdict | None:
    """Why no room gets to see this message, if there is a reason."""
    found = handler_of(message.wire.kind)
    if message.problem:
        return Rejected(message.problem)
    if message.wire.mid in part.delivery.unsigned:
        return Rejected("bad_signature")
    if part.row.ended:
        return Quarantined("revoked")
    if found is None:
        return Rejected("unknown_kind")
    return None if part.delivery.device.view.role in found[1] else Rejected("wrong_role")


def _decide(parts: Iterable[_Part], moment: datetime, isolate: bool) -> list[tuple[_Part, Message, Verdict]]:
    """A verdict for every fresh message; each device's in order of seq, runs for one room go to it together."""
    decided: list[tuple[_Part, Message, Verdict]] = []
    ready: list[tuple[_Part, Message]] = []
    for part in sorted(parts, key=lambda part: (part.delivery.device.view.festival_id, part.row.id)):
        for message in part.fresh:
            blocked = _obstacle(part, message)
            if blocked is None:
                ready.append((part, message))
            else:
                decided.append((part, message, blocked))
    if isolate:
        for part, message in ready:
            outcome = _apply_singly(part.delivery.device, message, moment)
            if outcome is None:
                part.unanswered.append(message.wire.mid)
            else:
                decided.append((part, message, outcome))
        return decided
    for (_festival, handler), run in groupby(ready, key=_room_of):
        group = list(run)
        verdicts = handler([_incoming(part.delivery.device, message, moment) for part, message in group])
        if len(verdicts) != len(group):
            raise RuntimeError(f"{group[0][1].wire.kind}: {len(verdicts)} verdicts for {len(group)} messages")
        decided += [(part, message, verdict) for (part, message), verdict in zip(group, verdicts, strict=True)]
    return decided


def _room_of(pair: tuple[_Part, Message]) -> tuple[int, Handler]:
    part, message = pair
    found = handler_of(message.wire.kind)
    assert found is not None  # the obstacle of an unknown kind
    return part.delivery.device.view.festival_id, found[0]


def _apply_singly(device: Known, message: Message, moment: datetime) -> Verdict | None:
    """One message in a savepoint; None when our own code failed on it (no answer is given, nothing is kept)."""
    found = handler_of(message.wire.kind)
    assert found is not None
    try:
        with db.session.begin_nested():
            return found[0]([_incoming(device, message, moment)])[0]
    except Refusal as refusal:
        return Rejected(refusal.code)  # kept for good, so without words in whatever language the device spoke
    except Exception as error:
        count("errors", "mutation")
        log.error("mutation of kind %s failed: %s", message.wire.kind, type(error).__name__)
        return None


def _incoming(device: Known, message: Message, moment: datetime) -> Incoming:
    wire, view = message.wire, device.view
    return Incoming(
        mid=wire.mid,
        device_id=view.id,
        device_role=view.role,
        user_id=view.user_id,
        seq=wire.seq,
        kind=wire.kind,
        subject=clean(wire.subject),
        body=message.body,
        base_version=wire.base_version,
        at=message.at,
        received_at=moment,
        festival_id=view.festival_id,
        device_number=view.number,
        station=view.station,
    )


def _answer(mid: str, verdict: Verdict) -> VerdictOut:
    match verdict:
        case Applied(detail, stream):
            return VerdictOut(mid=mid, verdict="applied", detail=dict(detail), ledger=stream)
        case Duplicate(detail, stream):
            return VerdictOut(mid=mid, verdict="duplicate", detail=dict(detail), ledger=stream)
        case ConflictKept(detail, stream):
            return VerdictOut(mid=mid, verdict="conflict", detail=dict(detail), ledger=stream)
        case Quarantined(reason, detail, stream):
            return VerdictOut(mid=mid, verdict="quarantined", reason=reason, detail=dict(detail), ledger=stream)
        case Rejected(reason, detail, stream):
            return VerdictOut(mid=mid, verdict="rejected", reason=reason, detail=dict(detail), ledger=stream)
        case _:
            assert_never(verdict)


def _mutation_row(device_id: int, message: Message, out: VerdictOut) -> dict[str, Any]:
    wire = message.wire
    return {
        "mid": wire.mid,
        "device_id": device_id,
        "seq": wire.seq,
        "version": wire.v,
        "kind": wire.kind,
        "subject": wire.subject,
        "body": "{}" if message.problem else json_text(wire.body),
        "base_version": wire.base_version,
        "wall_ms": wire.wall_ms,
        "offset_ms": wire.offset_ms,
        "prev_hash": wire.prev_hash,
        "digest": message.digest,
        "sig": wire.sig,
        "verdict": out.verdict,
        "reason": out.reason,
        "detail": json_text(out.detail),
        "ledger_stream": out.ledger,
    }


def _clock_notes(
    device_id: int, known_offset_ms: int | None, message: Message, moment: datetime
) -> Iterable[dict[str, Any]]:
    """A jump, or a clock more than a day off, is accepted and flagged; None: nothing came from this device before."""
    wire = message.wire
    if abs(moment - message.at) > CLOCK_FAR:
        yield _note(device_id, moment, "clock_far", {"seq": wire.seq, "at": message.at.isoformat()})
    if wire.v > 1 and known_offset_ms is not None and abs(wire.offset_ms - known_offset_ms) > CLOCK_JUMP_MS:
        jump = {"seq": wire.seq, "from_ms": known_offset_ms, "to_ms": wire.offset_ms}
        yield _note(device_id, moment, "clock_jump", jump)


def _note(device_id: int, moment: datetime, kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"device_id": device_id, "noted_at": moment, "kind": kind, "detail": detail}
