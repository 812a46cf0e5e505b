"""What does the lead's device get of lost children, beside its list: whose each pass is with whom to call, and every step?

The list tells a pass anew when what a gate reads of it has changed. A telephone number or a birth changes nothing there, so
each process remembers which families it has seen change, and tells those since the cursor as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app

from festival.checkin.lost import kin
from festival.checkin.lost.recording import steps
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.devices.handlers import DeviceView

Provider = Callable[[DeviceView, str | None], dict[str, Any]]

REMEMBERED = 500  # changes of the list; more than a festival's morning has


@dataclass(frozen=True, slots=True)
class _KinHeld:
    """The families as this process last read them, by list id; `changes`: when, and of which passes."""

    stamp: str
    lines: dict[str, dict[str, Any]]
    changes: tuple[tuple[int, frozenset[str]], ...] = ()


def with_children(provider: Provider) -> Provider:
    """The state of the lead's device with `kin`, for passes told anew or changed, and `children`, every step."""

    def state(device: DeviceView, cursor: str | None) -> dict[str, Any]:
        told = provider(device, cursor)
        held = _held(device.festival_id, str(told["cursor"]).partition(".")[0])
        since = typed_number([*(cursor or "").split("."), ""][1]) or 0
        changed = frozenset[str]().union(*(ids for at_ms, ids in held.changes if at_ms > since))
        listed = {line[0] for line in told.get("passes") or ()} | set(told.get("replaced") or ())
        # None: nobody is to be called by this pass any more
        lines = [
            [each, held.lines.get(each)] for each in sorted(listed | changed) if each in held.lines or each in changed
        ]
        if lines or told.get("passes") is not None:
            told["kin"] = lines
        told["children"] = [
            {
                "key": step.key,
                "child": step.child,
                "kind": step.kind,
                "at_ms": step.at_ms,
                "device": step.device,
                "seq": step.seq,
                "station": step.station,
                "person": step.person,
                "words": step.words,
                "undoes": step.undoes,
            }
            for step in steps(device.festival_id)
        ]
        return told

    return state


def _held(festival_id: int, stamp: str) -> _KinHeld:
    """Read anew when the list has another stamp; while a device is still receiving it, what is held is told."""
    kept: dict[int, _KinHeld] = current_app.extensions.setdefault("kin", {})
    before = kept.get(festival_id)
    if before is not None and (before.stamp == stamp or len(stamp) < 2):
        return before
    at = now()
    lines = kin.by_pass(festival_id, at)
    changes: tuple[tuple[int, frozenset[str]], ...] = ()
    if before is not None:
        other = frozenset(
            each for each in before.lines.keys() | lines.keys() if before.lines.get(each) != lines.get(each)
        )
        changes = (*before.changes, (int(at.timestamp() * 1000), other))[-REMEMBERED:]
    held = kept[festival_id] = _KinHeld(stamp, lines, changes)
    return held
