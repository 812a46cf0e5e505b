"""What does a device of the ground learn of a contest besides its entries? Each kind of contest brings its own part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from festival.contests.models import Contest, ResultKind
from festival.devices.handlers import DeviceView

GroundPart = Callable[[DeviceView, Sequence[Contest]], Mapping[int, Mapping[str, Any]]]
"""(the device, its contests of one kind) → by contest what is added to its line of the state."""

_parts: dict[ResultKind, GroundPart] = {}


def register_part(kind: ResultKind, part: GroundPart) -> None:
    """Called once for each kind of contest, by the factory."""
    _parts[kind] = part


def parts_of(device: DeviceView, contests: Sequence[Contest]) -> dict[int, Mapping[str, Any]]:
    """By contest: what its kind adds."""
    by_kind: dict[ResultKind, list[Contest]] = defaultdict(list)
    for contest in contests:
        by_kind[contest.result_kind].append(contest)
    found: dict[int, Mapping[str, Any]] = {}
    for kind, those in by_kind.items():
        if (part := _parts.get(kind)) is not None:
            found.update(part(device, those))
    return found
