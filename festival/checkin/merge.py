"""Who is in, and whose scan let them in?

Rule: protocols, "Admission". A member is admitted once per purpose and day window. The scan that counts is the one with
the smallest (corrected time, device number, sequence), whatever the order and however often scans are delivered: two
gates without a network may both have let the same family in, and every server that hears both must tell one story.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

VIETNAM_OFFSET = timedelta(hours=7)
DAY_BEGINS = timedelta(hours=3)
EXPORT_FORMAT = "festival-checkin 1"


class AdmissionPurpose(StrEnum):
    """What a pass is shown for."""

    ENTRY = "entry"
    MEAL = "meal"
    CARD = "card"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """When a scan happened: total order over all scans of a festival."""

    at_ms: int
    device: int
    seq: int


@dataclass(frozen=True, slots=True)
class SeenScan:
    """One reading of a pass that was let in: `persons` are public codes, `pass_id` the list id."""

    moment: Moment
    gate: str
    pass_id: str
    purpose: str
    window: str
    persons: tuple[str, ...]


Key = tuple[str, str, str]
"""(person, purpose, day window)."""


def day_window(at: datetime) -> str:
    """The festival day a moment belongs to, as ISO date: a day begins at 3 in the morning in Vietnam."""
    return (at.astimezone(UTC) + VIETNAM_OFFSET - DAY_BEGINS).date().isoformat()


def window_of_ms(at_ms: int) -> str:
    """The same for milliseconds since 1970 UTC."""
    return day_window(datetime.fromtimestamp(at_ms / 1000, UTC))


def merge(scans: Iterable[SeenScan], known: Mapping[Key, SeenScan] | None = None) -> dict[Key, SeenScan]:
    """The winning scan of every admission: commutative, associative, idempotent."""
    winners = dict(known or {})
    for scan in scans:
        for person in scan.persons:
            key = (person, scan.purpose, scan.window)
            held = winners.get(key)
            if held is None or scan.moment < held.moment:
                winners[key] = scan
    return winners


def export(festival: str, scans: Iterable[SeenScan]) -> dict[str, object]:
    """Scans and admissions as one canonical object: no times of receipt, no row ids, sorted."""
    by_moment = {scan.moment: scan for scan in scans}
    ordered = [by_moment[moment] for moment in sorted(by_moment)]
    admissions = sorted(merge(ordered).items())
    return {
        "format": EXPORT_FORMAT,
        "festival": festival,
        "scans": [
            {
                "at_ms": scan.moment.at_ms,
                "device": scan.moment.device,
                "seq": scan.moment.seq,
                "gate": scan.gate,
                "pass": scan.pass_id,
                "purpose": scan.purpose,
                "window": scan.window,
                "persons": sorted(scan.persons),
            }
            for scan in ordered
        ],
        "admissions": [
            {
                "person": person,
                "purpose": purpose,
                "window": window,
                "at_ms": scan.moment.at_ms,
                "device": scan.moment.device,
                "seq": scan.moment.seq,
                "gate": scan.gate,
            }
            for (person, purpose, window), scan in admissions
        ],
    }
