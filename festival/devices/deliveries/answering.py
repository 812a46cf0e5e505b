"""What is a device told when it has delivered? Every answered mutation is on disk before the answer leaves."""

from __future__ import annotations

import logging
import time

from flask import current_app
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy.exc import IntegrityError, OperationalError

from festival.core.database import db
from festival.core.metrics.counting import count
from festival.core.transaction import reading, transaction
from festival.core.web.errors import SignInNeeded
from festival.devices.deliveries.gathering import Gathering, Written
from festival.devices.deliveries.receiving import Delivery, Received, receive
from festival.devices.queries import Known, forget_devices, gaps, heads, standing
from festival.devices.wire import (
    CHUNK,
    Broken,
    HeadOut,
    Message,
    SyncIn,
    SyncOut,
    VerdictOut,
    read_mutation,
    signature_holds,
)

log = logging.getLogger(__name__)

DEADLOCK_TRIES = 5


def answered(asking: Known, envelope: SyncIn) -> SyncOut:
    """Take what the device has to say, outside of any transaction."""
    readable: list[Message] = []
    # One mid may come with several bodies: who sent them hears what became of the first, and that the others are reuse.
    verdicts: dict[tuple[str, bool], VerdictOut] = {}
    for raw in envelope.mutations:
        match read_mutation(raw, asking.view.code):
            case Broken(mid, why):
                verdicts[mid, False] = VerdictOut(
                    mid=mid, verdict="rejected", reason="malformed", detail={"field": why}
                )
            case Message() as message:
                readable.append(message)
    # A signature costs more than a write.
    key = asking.public_key
    unsigned = frozenset(m.wire.mid for m in readable if key is not None and not signature_holds(key, m))
    readable.sort(key=lambda message: message.wire.seq)
    unanswered: list[str] = []
    missing: list[list[int]] = []
    ends: dict[str, HeadOut] = {}
    now_is: tuple[bool, bool] | None = None
    for start in range(0, len(readable), CHUNK):
        received, moved = _deliver(Delivery(asking, readable[start : start + CHUNK], unsigned))
        verdicts.update(((out.mid, out.reason == "id_reuse"), out) for out in received.verdicts)
        unanswered += received.unanswered
        now_is = (received.revoked, received.waiting)
        ends.update(moved)
        missing = [[received.seq_max, received.seq_count]] if received.seq_count < received.seq_max else []
    wanted = {out.ledger for out in verdicts.values() if out.ledger} | set(envelope.known)
    if missing or wanted - ends.keys() or now_is is None:
        with reading():
            now_is = now_is or standing(asking.view.id)
            missing = gaps(asking.view.id, missing[0][0], missing[0][1]) if missing else []
            ends.update((end.stream, end) for end in heads(asking, wanted - ends.keys()) if not any(now_is))
    return SyncOut(
        server_ms=time.time_ns() // 1_000_000,
        device=asking.out(revoked=now_is[0], waiting=now_is[1]),
        verdicts=list(verdicts.values()),
        unanswered=unanswered,
        gaps=missing,
        heads=[ends[name] for name in sorted(ends)],
    )


def _deliver(delivery: Delivery) -> tuple[Received, dict[str, HeadOut]]:
    """One chunk, durable: in a group with what other devices deliver now, else alone; and the heads it moved."""
    gathering: Gathering = current_app.extensions["gathering"]
    written = gathering.deliver(delivery) or _deliver_singly(delivery)
    if written.received is None:
        forget_devices()
        raise SignInNeeded()  # the database was exchanged for one that never met this device
    for kind, verdict in written.received.decided:
        count("mutations", kind, verdict)
    # The group's transaction moved the streams of others too: a device hears of those its new messages were taken into.
    # What an old message was taken into may be a panel's that this judge has left.
    moved = {
        stream: HeadOut(stream=stream, size=end.size, head=end.hash)
        for stream, end in written.heads.items()
        if stream in written.received.moved
    }
    return written.received, moved


def _deliver_singly(delivery: Delivery) -> Written:
    """A transaction of its own; on a failure of our own code once more, message by message in savepoints."""
    isolate = False
    for attempt in range(DEADLOCK_TRIES):
        try:
            with transaction() as done:
                received = receive([delivery], isolate=isolate)[0]
            return Written(received, done.heads)
        except OperationalError as error:
            if not isinstance(error.orig, DeadlockDetected | SerializationFailure) or attempt == DEADLOCK_TRIES - 1:
                raise
            time.sleep(0.01 * (attempt + 1))
        except IntegrityError:
            # Another delivery came between; only a second clash is the fault of a message.
            if isolate:
                raise
            isolate = attempt > 0
        except Exception as error:
            if isolate:
                raise
            log.warning("%d messages failed (%s), taken one by one", len(delivery.messages), type(error).__name__)
            isolate = True
        db.session.rollback()
    raise RuntimeError("a delivery could not be stored")
