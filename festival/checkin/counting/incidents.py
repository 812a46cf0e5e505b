"""Whom have two gates let in? Pure.

Rule: protocols, "Admission". The same person, purpose and window, two devices, no exit in between: one incident, whatever
the gates are called and in whatever order the news came. A meal after an entry is none, for it is another purpose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from festival.checkin.merge import Key, SeenScan, exits_placed, in_order


@dataclass(frozen=True, slots=True)
class GateIncident:
    """These people came in by each of these scans, of different devices, in the order in which it happened."""

    purpose: str
    window: str
    persons: tuple[str, ...]
    scans: tuple[SeenScan, ...]


def incidents(scans: Iterable[SeenScan]) -> list[GateIncident]:
    """All of them in order of time; people who were let in by the very same scans are one incident."""
    of_person: dict[Key, list[SeenScan]] = {}
    for scan in exits_placed({each.moment: each for each in scans}.values()):
        if scan.undone:
            continue
        for person in scan.persons:
            of_person.setdefault((person, scan.purpose, scan.window), []).append(scan)
    found: dict[tuple[str, str, tuple[SeenScan, ...]], list[str]] = {}
    for (person, purpose, window), read in of_person.items():
        for stay in _stays(scan for _place, scan in in_order(read)):
            if len(stay) > 1:
                found.setdefault((purpose, window, stay), []).append(person)
    every = [
        GateIncident(purpose, window, tuple(sorted(persons)), stay)
        for (purpose, window, stay), persons in found.items()
    ]
    return sorted(every, key=lambda each: (each.scans[1].moment, each.purpose, each.persons))


def _stays(read: Iterable[SeenScan]) -> Iterable[tuple[SeenScan, ...]]:
    """From one exit to the next: the first scan of each device that let this person in."""
    devices: dict[int, SeenScan] = {}
    for scan in read:
        if scan.way == "out":
            yield tuple(devices.values())
            devices = {}
        else:
            devices.setdefault(scan.moment.device, scan)
    yield tuple(devices.values())
