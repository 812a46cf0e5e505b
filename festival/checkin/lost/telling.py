"""What does the lead's device get of lost children, beside its list: whose each pass is with whom to call, and the open stories?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from festival.checkin.lost import kin
from festival.checkin.lost.recording import steps
from festival.core.clock import now
from festival.devices.handlers import DeviceView

Provider = Callable[[DeviceView, str | None], dict[str, Any]]


def with_children(provider: Provider) -> Provider:
    """The state of the lead's device with `kin`, for the passes that are told anew, and every step about a child."""

    def state(device: DeviceView, cursor: str | None) -> dict[str, Any]:
        told = provider(device, cursor)
        listed = told.get("passes")
        if listed is not None:
            lists = [line[0] for line in listed] + list(told.get("replaced") or ())
            told["kin"] = kin.by_pass(device.festival_id, lists, now())
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
