"""Which statements does a group of deliveries need? Four, however many devices and messages there are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select, update

from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import among, insert_rows, source
from festival.core.statements import table
from festival.devices import life
from festival.devices.models import Device, Mutation

_DEVICE = table(Device)

_MUTATION = table(Mutation)


def _hold(database: str) -> Select[Any]:
    """One order for everybody, so that two processes never wait for each other in a circle."""
    return (
        select(
            _DEVICE.c.id,
            _DEVICE.c.seq_max,
            _DEVICE.c.seq_count,
            _DEVICE.c.offset_ms,
            life.ended().label("ended"),
            life.waiting().label("waiting"),
        )
        .where(among(_DEVICE.c.id, "devices", database))
        .order_by(_DEVICE.c.id)
        .with_for_update()
    )


def _held(database: str) -> Select[Any]:
    """What is known under these mids or sequence numbers; read once the devices are held, so nothing comes between."""
    return select(
        _MUTATION.c.mid,
        _MUTATION.c.device_id,
        _MUTATION.c.seq,
        _MUTATION.c.digest,
        _MUTATION.c.verdict,
        _MUTATION.c.reason,
        _MUTATION.c.detail,
        _MUTATION.c.ledger_stream,
    ).where(
        or_(
            among(_MUTATION.c.mid, "mids", database),
            and_(among(_MUTATION.c.device_id, "devices", database), among(_MUTATION.c.seq, "seqs", database)),
        )
    )


def _keep(database: str) -> Any:
    of_each = [each.name for each in _MUTATION.c if each.name not in ("received_at", "seen_at", "seen_by")]
    return insert_rows(_MUTATION, database, of_each, ("received_at",))


def _advance(database: str) -> Any:
    new = source(_DEVICE, database, ("id", "seq_max", "seq_count", "offset_ms"))
    return (
        update(_DEVICE)
        .where(_DEVICE.c.id == new["id"])
        .values(
            last_seen_at=bindparam("seen", type_=_DEVICE.c.last_seen_at.type),
            seq_max=new["seq_max"],
            seq_count=new["seq_count"],
            offset_ms=new["offset_ms"],
        )
    )


HOLD, HELD, KEEP, ADVANCE = Prepared(_hold), Prepared(_held), Prepared(_keep), Prepared(_advance)
