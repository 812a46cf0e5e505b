"""How does a device get in, and what becomes of what it sends?

Rules: protocols, "Devices and sync". `receive` runs inside the door's transaction for one chunk; the device's row is
locked first, so two deliveries of one device never run side by side, and the same mid gets the same answer.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, assert_never

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.errors import Refusal, SignInNeeded
from festival.core.secrets import derived_code, new_token, normal_typed_code, token_hash
from festival.devices.handlers import (
    Applied,
    ConflictKept,
    DeviceRole,
    Duplicate,
    Incoming,
    Quarantined,
    Rejected,
    Verdict,
    handler_of,
)
from festival.devices.models import Device, DeviceNote, EnrolmentCode, Mutation
from festival.devices.queries import Known
from festival.devices.wire import Message, VerdictOut
from festival.editions.models import Festival

log = logging.getLogger(__name__)

CODE_VALID = timedelta(hours=48)
CLOCK_FAR = timedelta(hours=24)
CLOCK_JUMP_MS = 5 * 60 * 1000


# ---------------------------------------------------------------------------------------------- enrolment


@dataclass(frozen=True, slots=True)
class CodeMade:
    """A one-time code to be shown as QR and as 8 characters."""

    id: int
    code: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new device and the only copy of its token."""

    device: Device
    festival: Festival
    token: str


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """The code is unknown, used, cancelled or too old; or a judge's tablet brought no key."""

    reason: str


def make_enrolment_code(festival_id: int, role: DeviceRole, user_id: int | None, station: str) -> CodeMade:
    """A code that lets one device in within 48 hours; it is derived, so the office can show it again."""
    moment = now()
    row = EnrolmentCode(
        festival_id=festival_id,
        code_hash=secrets.token_hex(32),  # replaced below: the code hangs on the row's id
        role=role,
        user_id=user_id,
        station=station.strip(),
        created_at=moment,
        expires_at=moment + CODE_VALID,
    )
    db.session.add(row)
    db.session.flush()
    row.code_hash = token_hash(code_text(row.id))
    db.session.flush()
    return CodeMade(row.id, code_text(row.id))


def code_text(code_id: int) -> str:
    """The 8 characters of a code."""
    return derived_code("enrol", code_id, 1, 8)


def cancel_enrolment_code(festival_id: int, code_id: int) -> bool:
    """Make an unused code useless; False when it was used meanwhile or is not this festival's."""
    done = db.session.execute(
        update(EnrolmentCode)
        .where(EnrolmentCode.id == code_id, EnrolmentCode.festival_id == festival_id, EnrolmentCode.used_at.is_(None))
        .values(cancelled_at=now())
        .returning(EnrolmentCode.id)
    )
    return done.scalar_one_or_none() is not None


def enrol(code: str, name: str, public_key: dict[str, Any] | None) -> Enrolled | CodeRefused:
    """Use a code once: whoever comes second is refused by the conditional update."""
    moment = now()
    taken = db.session.execute(
        update(EnrolmentCode)
        .where(
            EnrolmentCode.code_hash == token_hash(normal_typed_code(code)),
            EnrolmentCode.used_at.is_(None),
            EnrolmentCode.cancelled_at.is_(None),
            EnrolmentCode.expires_at > moment,
        )
        .values(used_at=moment)
        .returning(EnrolmentCode.id, EnrolmentCode.festival_id, EnrolmentCode.role)
    ).one_or_none()
    if taken is None:
        return CodeRefused("code_unknown")
    # The festival's row is the queue for device numbers.
    festival = db.session.scalars(select(Festival).where(Festival.id == taken.festival_id).with_for_update()).one()
    row = db.session.get_one(EnrolmentCode, taken.id)
    if row.role is DeviceRole.JUDGE and public_key is None:
        raise KeyNeeded()
    token = new_token()
    device = Device(
        festival_id=festival.id,
        number=1 + (db.session.scalar(select(func.max(Device.number)).filter_by(festival_id=festival.id)) or 0),
        code=secrets.token_hex(8),
        role=row.role,
        user_id=row.user_id,
        station=row.station,
        name=name.strip(),
        token_hash=token_hash(token),
        public_key=public_key,
        enrolled_at=moment,
        last_seen_at=moment,
    )
    db.session.add(device)
    db.session.flush()
    row.device_id = device.id
    db.session.flush()
    return Enrolled(device, festival, token)


class KeyNeeded(Refusal):
    """A judge's tablet must bring a public key; the code stays unused (the transaction is rolled back)."""

    code = "key_needed"


def revoke(festival_id: int, device_id: int) -> bool:
    """From now on what the device sends is quarantined; False when it was revoked before or is not there."""
    done = db.session.execute(
        update(Device)
        .where(Device.id == device_id, Device.festival_id == festival_id, Device.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(Device.id)
    )
    return done.scalar_one_or_none() is not None


def acknowledge(festival_id: int, mid: str, user_id: int) -> bool:
    """A person has looked at a message set aside; it stays in the table for good."""
    of_festival = select(Device.id).where(Device.festival_id == festival_id)
    done = db.session.execute(
        update(Mutation)
        .where(Mutation.mid == mid, Mutation.device_id.in_(of_festival), Mutation.seen_at.is_(None))
        .values(seen_at=now(), seen_by=user_id)
        .returning(Mutation.mid)
    )
    return done.scalar_one_or_none() is not None


# ---------------------------------------------------------------------------------------------- receiving


@dataclass(frozen=True, slots=True)
class Received:
    """What a chunk left: answers in the order sent, mids without one, and what the device's row says now."""

    verdicts: list[VerdictOut]
    unanswered: list[str]
    seq_max: int
    seq_count: int
    revoked: bool


_DEVICE = Device.__table__
_MUTATION = Mutation.__table__
# One statement locks the device's row and brings what is held under these mids or sequence numbers. Behind another
# delivery of the same device the lock is new but the joined rows may be old: the unique keys notice, the chunk is tried
# again (api._chunk).
_HELD = (
    select(
        _DEVICE.c.seq_max,
        _DEVICE.c.seq_count,
        _DEVICE.c.revoked_at,
        _DEVICE.c.offset_ms.label("known_offset_ms"),
        _MUTATION.c.mid,
        _MUTATION.c.device_id,
        _MUTATION.c.seq,
        _MUTATION.c.digest,
        _MUTATION.c.verdict,
        _MUTATION.c.reason,
        _MUTATION.c.detail,
        _MUTATION.c.ledger_stream,
    )
    .select_from(
        _DEVICE.outerjoin(
            _MUTATION,
            or_(
                _MUTATION.c.mid.in_(bindparam("mids", expanding=True)),
                and_(
                    _MUTATION.c.device_id == bindparam("device_id"),
                    _MUTATION.c.seq.in_(bindparam("seqs", expanding=True)),
                ),
            ),
        )
    )
    .where(_DEVICE.c.id == bindparam("device_id"))
    .with_for_update(of=_DEVICE)
)
_KEEP = insert(Mutation)
_NOTE = insert(DeviceNote)
_ADVANCE = (
    update(Device)
    .where(_DEVICE.c.id == bindparam("device_id"))
    .values(
        last_seen_at=bindparam("seen"),
        seq_max=bindparam("new_max"),
        seq_count=bindparam("new_count"),
        offset_ms=bindparam("new_offset"),
    )
)


def receive(device: Known, messages: Sequence[Message], unsigned: frozenset[str], *, isolate: bool = False) -> Received:
    """Decide one chunk. `unsigned` holds the mids whose signature was checked (outside) and does not hold.

    With `isolate`, each message runs in a savepoint and one that fails is left unanswered instead of failing all.
    """
    connection = db.session.connection()
    moment = now()
    own = device.view.id
    seqs = [message.wire.seq for message in messages]
    asked = {"mids": [m.wire.mid for m in messages], "seqs": [*seqs, min(seqs) - 1], "device_id": own}
    found_rows = connection.execute(_HELD, asked).all()
    if not found_rows:
        raise SignInNeeded()  # the database was exchanged for one that never met this device
    row = found_rows[0]
    held = [found for found in found_rows if found.mid is not None]
    by_mid = {found.mid: found for found in held}
    digest_at = {found.seq: found.digest for found in held if found.device_id == own}
    answers: dict[str, VerdictOut] = {}
    fresh: list[Message] = []
    notes: list[dict[str, Any]] = []
    taken = set(digest_at)
    for message in sorted(messages, key=lambda message: message.wire.seq):
        wire = message.wire
        before = by_mid.get(wire.mid)
        if before is not None:
            if before.device_id == own and before.digest == message.digest:
                answers[wire.mid] = VerdictOut(
                    mid=wire.mid,
                    verdict=before.verdict,
                    reason=before.reason,
                    detail=before.detail,
                    ledger=before.ledger_stream,
                )
            else:
                answers[wire.mid] = VerdictOut(mid=wire.mid, verdict="rejected", reason="id_reuse")
                notes.append(_note(own, moment, "id_reuse", {"mid": wire.mid, "seq": wire.seq}))
        elif wire.seq in taken:
            answers[wire.mid] = VerdictOut(mid=wire.mid, verdict="rejected", reason="seq_reuse")
            notes.append(_note(own, moment, "seq_reuse", {"mid": wire.mid, "seq": wire.seq}))
        elif any(wire.mid == other.wire.mid for other in fresh):
            continue
        else:
            taken.add(wire.seq)
            fresh.append(message)
            notes += _clock_notes(own, row.known_offset_ms, message, moment)
            previous = digest_at.get(wire.seq - 1)
            if wire.prev_hash is not None and previous is not None and wire.prev_hash != previous:
                notes.append(_note(own, moment, "chain_break", {"seq": wire.seq}))
            digest_at[wire.seq] = message.digest
    unanswered: list[str] = []
    decided = _decide(device, fresh, unsigned, moment, row.revoked_at is not None, isolate, unanswered)
    kept = []
    for message, verdict in decided:
        out = _answer(message.wire.mid, verdict)
        answers[out.mid] = out
        kept.append(_mutation_row(own, message, out, moment))
    if kept:
        connection.execute(_KEEP, kept if len(kept) > 1 else kept[0])
    if notes:
        connection.execute(_NOTE, notes)
    seq_max = max([row.seq_max, *(message.wire.seq for message, _ in decided)])
    seq_count = row.seq_count + len(kept)
    offset = messages[-1].wire.offset_ms
    connection.execute(
        _ADVANCE,
        {"device_id": own, "seen": moment, "new_max": seq_max, "new_count": seq_count, "new_offset": offset},
    )
    ordered = [answers[m.wire.mid] for m in messages if m.wire.mid in answers]
    return Received(ordered, unanswered, seq_max, seq_count, row.revoked_at is not None)


def _decide(
    device: Known,
    fresh: Sequence[Message],
    unsigned: frozenset[str],
    moment: datetime,
    revoked: bool,
    isolate: bool,
    unanswered: list[str],
) -> list[tuple[Message, Verdict]]:
    """A verdict for every fresh message, in order of seq; runs of one kind go to their room together."""
    decided: list[tuple[Message, Verdict]] = []

    def obstacle(message: Message) -> Verdict | None:
        found = handler_of(message.wire.kind)
        if message.problem:
            return Rejected(message.problem)
        if message.wire.mid in unsigned:
            return Rejected("bad_signature")
        if revoked:
            return Quarantined("revoked")
        if found is None:
            return Rejected("unknown_kind")
        return None if device.view.role in found[1] else Rejected("wrong_role")

    judged = [(message, obstacle(message)) for message in fresh]
    for (blocked, kind), run in groupby(judged, key=lambda pair: (pair[1] is not None, pair[0].wire.kind)):
        group = list(run)
        if blocked:
            decided += [(message, verdict) for message, verdict in group if verdict is not None]
            continue
        handler = handler_of(kind)
        assert handler is not None
        messages = [message for message, _ in group]
        if not isolate:
            verdicts = handler[0]([_incoming(device, message, moment) for message in messages])
            if len(verdicts) != len(messages):
                raise RuntimeError(f"{kind}: {len(verdicts)} verdicts for {len(messages)} messages")
            decided += zip(messages, verdicts, strict=True)
            continue
        for message in messages:
            outcome = _alone(device, message, moment)
            if outcome is None:
                unanswered.append(message.wire.mid)
            else:
                decided.append((message, outcome))
    return decided


def _alone(device: Known, message: Message, moment: datetime) -> Verdict | None:
    """One message in a savepoint; None when our own code failed on it (no answer is given, nothing is kept)."""
    found = handler_of(message.wire.kind)
    assert found is not None
    pending = db.session().info[ledger.PENDING]
    mark = len(pending)
    try:
        with db.session.begin_nested():
            return found[0]([_incoming(device, message, moment)])[0]
    except Refusal as refusal:
        del pending[mark:]
        return Rejected(refusal.code, {"message": str(refusal.message)})
    except Exception as error:
        del pending[mark:]
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
        subject=wire.subject,
        body=wire.body,
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


def _mutation_row(device_id: int, message: Message, out: VerdictOut, moment: datetime) -> dict[str, Any]:
    wire = message.wire
    return {
        "mid": wire.mid,
        "device_id": device_id,
        "seq": wire.seq,
        "version": wire.v,
        "kind": wire.kind,
        "subject": wire.subject,
        "body": {} if message.problem else wire.body,
        "base_version": wire.base_version,
        "wall_ms": wire.wall_ms,
        "offset_ms": wire.offset_ms,
        "prev_hash": wire.prev_hash,
        "digest": message.digest,
        "sig": wire.sig,
        "received_at": moment,
        "verdict": out.verdict,
        "reason": out.reason,
        "detail": out.detail,
        "ledger_stream": out.ledger,
    }


def _clock_notes(device_id: int, known_offset_ms: int, message: Message, moment: datetime) -> Iterable[dict[str, Any]]:
    """A jump, or a clock more than a day off, is accepted and flagged."""
    wire = message.wire
    if abs(moment - message.at) > CLOCK_FAR:
        yield _note(device_id, moment, "clock_far", {"seq": wire.seq, "at": message.at.isoformat()})
    if wire.v > 1 and known_offset_ms and abs(wire.offset_ms - known_offset_ms) > CLOCK_JUMP_MS:
        jump = {"seq": wire.seq, "from_ms": known_offset_ms, "to_ms": wire.offset_ms}
        yield _note(device_id, moment, "clock_jump", jump)


def _note(device_id: int, moment: datetime, kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"device_id": device_id, "noted_at": moment, "kind": kind, "detail": detail}
