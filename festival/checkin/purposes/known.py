"""Which purposes has a festival, and how do its gates work? Read once per process and version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select

from festival.checkin.purposes.models import GatePurpose, GateSetting, GateWindow
from festival.checkin.purposes.windows import STANDARD, Purpose, Window
from festival.core.database import db


@dataclass(frozen=True, slots=True)
class Gates:
    """`version` 0: nobody has said anything yet."""

    purposes: tuple[Purpose, ...] = STANDARD
    countdown_s: int = 4
    exits: bool = False
    version: int = 0

    def purpose(self, code: str) -> Purpose | None:
        return next((each for each in self.purposes if each.code == code), None)


def gates_of(festival_id: int) -> Gates:
    """As it is now."""
    row = db.session.execute(
        select(GateSetting.countdown_s, GateSetting.exits, GateSetting.version).where(
            GateSetting.festival_id == festival_id
        )
    ).one_or_none()
    return gates_at(festival_id, row.version, row.countdown_s, row.exits) if row else Gates()


def gates_at(festival_id: int, version: int | None, countdown_s: int | None, exits: bool | None) -> Gates:
    """The same for whoever has read the line of settings with something else; None: there is none."""
    if version is None or countdown_s is None:
        return Gates()
    kept: dict[int, Gates] = current_app.extensions.setdefault("gate_purposes", {})
    held = kept.get(festival_id)
    if held is None or held.version != version:
        held = Gates(read_purposes(festival_id) or STANDARD, countdown_s, bool(exits), version)
        kept[festival_id] = held
    return held


def read_purposes(festival_id: int) -> tuple[Purpose, ...]:
    """Everything that was named, also what is put away, in the organiser's order."""
    windows: dict[int, list[Window]] = {}
    rows = db.session.execute(
        select(GateWindow.__table__)
        .join(GatePurpose, GatePurpose.id == GateWindow.purpose_id)
        .where(GatePurpose.festival_id == festival_id)
        .order_by(GateWindow.opens_ms, GateWindow.code)
    )
    for row in rows:
        windows.setdefault(row.purpose_id, []).append(
            Window(row.code, row.name, row.opens_ms, row.closes_ms, row.removed_ms, row.version)
        )
    purposes = db.session.execute(
        select(GatePurpose.__table__)
        .where(GatePurpose.festival_id == festival_id)
        .order_by(GatePurpose.position, GatePurpose.id)
    )
    return tuple(
        Purpose(
            row.code,
            row.name,
            str(row.kind),
            str(row.every),
            bool(row.again),
            None if row.classes is None else tuple(row.classes),
            tuple(windows.get(row.id, ())),
            row.removed_ms,
            row.version,
        )
        for row in purposes
    )


def window_values(purpose_id: int) -> list[Window]:
    """The hours of one purpose as they stand in the table, also what is put away."""
    rows = db.session.execute(
        select(GateWindow.__table__)
        .where(GateWindow.purpose_id == purpose_id)
        .order_by(GateWindow.opens_ms, GateWindow.code)
    )
    return [Window(row.code, row.name, row.opens_ms, row.closes_ms, row.removed_ms, row.version) for row in rows]


def told_to_gates(gates: Gates) -> dict[str, Any]:
    """The part of a gate's state about purposes and settings; what is put away is not told."""
    return {
        "purposes": [
            {
                "code": purpose.code,
                "name": purpose.name,
                "kind": purpose.kind,
                "every": purpose.every,
                "again": purpose.again,
                "classes": None if purpose.classes is None else list(purpose.classes),
                "windows": [
                    {
                        "code": window.code,
                        "name": window.name,
                        "opens_ms": window.opens_ms,
                        "closes_ms": window.closes_ms,
                    }
                    for window in purpose.windows
                    if window.removed_ms is None
                ],
            }
            for purpose in gates.purposes
            if purpose.removed_ms is None
        ],
        "settings": {"countdown_s": gates.countdown_s, "exits": gates.exits},
    }
