"""Have two gates let the same person in? Pure: from the scans there are, the same for every order in which they came.

Rule: protocols, "Admission". Two devices, one purpose and window, no exit between: whatever the stations are called. A meal
after an entry is none; nor is one device that reads a pass twice, nor a scan that was taken back. People let in by the
very same scans are one incident: a family at two gates is looked at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from festival.checkin.merge import Key, SeenScan


@dataclass(frozen=True, slots=True)
class Incident:
    """Who was let in twice, and by which scans, in the order in which they happened."""

    purpose: str
    window: str
    scans: tuple[SeenScan, ...]
    persons: tuple[str, ...]

    @property
    def key(self) -> str:
        """What it is called in the table: one more scan, or one less, and it is another."""
        places = sorted((scan.moment.device, scan.moment.seq) for scan in self.scans)
        return "|".join([self.purpose, self.window, *(f"{device}.{seq}" for device, seq in places)])


def incidents(scans: Iterable[SeenScan]) -> list[Incident]:
    """The latest first."""
    by_key: dict[Key, list[SeenScan]] = defaultdict(list)
    for scan in {scan.moment: scan for scan in scans if not scan.undone}.values():
        for person in scan.persons:
            by_key[person, scan.purpose, scan.window].append(scan)
    persons: dict[tuple[SeenScan, ...], list[str]] = defaultdict(list)
    for (person, _purpose, _window), seen in by_key.items():
        if len({scan.moment.device for scan in seen}) > 1:
            for twice in _twice(sorted(seen, key=lambda scan: scan.moment)):
                persons[twice].append(person)
    found = [Incident(scans[0].purpose, scans[0].window, scans, tuple(sorted(who))) for scans, who in persons.items()]
    return sorted(found, key=lambda each: (each.scans[-1].moment, each.key), reverse=True)


def _twice(seen: Iterable[SeenScan]) -> Iterable[tuple[SeenScan, ...]]:
    """Between two exits: the first scan of each device, where there is more than one."""
    stay: dict[int, SeenScan] = {}
    for scan in seen:
        if scan.way == "out":
            if len(stay) > 1:
                yield tuple(stay.values())
            stay = {}
        else:
            stay.setdefault(scan.moment.device, scan)
    if len(stay) > 1:
        yield tuple(stay.values())
