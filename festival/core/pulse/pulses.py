"""When was each of the things that happen outside of requests last done, and how did it end?

One row a kind: the worker lives, a copy was made, the certificate was looked at. Any process of any machine that shares the
database reads it; it holds no personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.clock import now
from festival.core.database import Base, db
from festival.core.statements import insert_or_pass
from festival.core.types import EnumText, JsonText


class PulseKind(StrEnum):
    """What was done."""

    WORKER = "worker"
    BACKUP = "backup"
    CERTIFICATE = "certificate"
    DRILL = "drill"
    AWAY = "away"  # a sealed copy arrived away from the machine
    AWAY_TRY = "away_try"  # how the last attempt ended


class Pulse(Base):
    """The last time; `said` is what there is to say of it (a certificate's end)."""

    __tablename__ = "pulse"

    kind: Mapped[PulseKind] = mapped_column(EnumText(PulseKind), primary_key=True)
    at: Mapped[datetime]
    said: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)


def beat(kind: PulseKind, said: Mapping[str, Any] | None = None) -> None:
    """It was done just now."""
    values = {"kind": kind, "at": now(), "said": dict(said or {})}
    new = insert_or_pass(Pulse).values(values)
    db.session.execute(
        new.on_conflict_do_update(index_elements=["kind"], set_={"at": new.excluded.at, "said": new.excluded.said})
    )


def pulses() -> dict[PulseKind, Pulse]:
    """All of them, by one statement."""
    return {row.kind: row for row in db.session.scalars(select(Pulse))}


def claim(kind: PulseKind, since: datetime) -> bool:
    """Whether this is the first that asks since then; the others, of whatever process, are told no."""
    new = insert_or_pass(Pulse).values(kind=kind, at=now(), said={})
    mine = new.on_conflict_do_update(
        index_elements=["kind"], set_={"at": new.excluded.at, "said": new.excluded.said}, where=Pulse.at < since
    )
    return db.session.execute(mine.returning(Pulse.kind)).one_or_none() is not None
