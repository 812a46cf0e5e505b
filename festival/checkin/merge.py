"""Who is in, and whose scan let them in?

Rule: protocols, "Admission", "In and out". A member is admitted once per purpose and window. The scan that counts is the one with
the smallest (corrected time, device number, sequence), whatever the order and however often scans are delivered: two
gates without a network may both have let the same family in, and every server that hears both must tell one story. A scan
that was taken back counts for nothing, and the next one wins; where somebody is follows from the last scan, in or out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

VIETNAM_OFFSET = timedelta(hours=7)
DAY_BEGINS = timedelta(hours=3)
EXPORT_FORMAT = "festival-checkin 2"
UNDO_WITHIN_MS = 15 * 60_000  # afterwards only the lead takes a reading back


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
    way: str = "in"
    mid: str = ""
    forced: bool = False
    not_allowed: bool = False  # forced where the rule would have refused
    count: int = 0  # people of a pass nobody knows
    undone: bool = False


@dataclass(frozen=True, slots=True, order=True)
class TakenBack:
    """Somebody took the reading with this mid back."""

    moment: Moment
    scan_mid: str
    by_lead: bool


Key = tuple[str, str, str]
"""(person, purpose, day window)."""


def day_window(at: datetime) -> str:
    """The festival day a moment belongs to, as ISO date: a day begins at 3 in the morning in Vietnam."""
    return (at.astimezone(UTC) + VIETNAM_OFFSET - DAY_BEGINS).date().isoformat()


def window_of_ms(at_ms: int) -> str:
    """The same for milliseconds since 1970 UTC."""
    return day_window(datetime.fromtimestamp(at_ms / 1000, UTC))


def may_take_back(scan: SeenScan, undo: TakenBack) -> bool:
    """The device itself within a quarter of an hour, also when its clock was set back meanwhile; the lead always."""
    own = undo.moment.device == scan.moment.device and undo.moment.at_ms - scan.moment.at_ms <= UNDO_WITHIN_MS
    return undo.scan_mid == scan.mid and (own or undo.by_lead)


def after_undoing(scans: Iterable[SeenScan], undos: Iterable[TakenBack]) -> list[SeenScan]:
    """The same scans, those marked that somebody who may has taken back."""
    by_mid: dict[str, list[TakenBack]] = {}
    for undo in undos:
        by_mid.setdefault(undo.scan_mid, []).append(undo)
    return [
        replace(scan, undone=scan.undone or any(may_take_back(scan, undo) for undo in by_mid.get(scan.mid, ())))
        for scan in scans
    ]


def merge(scans: Iterable[SeenScan], known: Mapping[Key, SeenScan] | None = None) -> dict[Key, SeenScan]:
    """The winning scan of every admission: commutative, associative, idempotent."""
    winners = dict(known or {})
    for scan in scans:
        if scan.way != "in" or scan.undone:
            continue
        for person in scan.persons:
            key = (person, scan.purpose, scan.window)
            held = winners.get(key)
            if held is None or scan.moment < held.moment:
                winners[key] = scan
    return winners


def latest(scans: Iterable[SeenScan], known: Mapping[Key, SeenScan] | None = None) -> dict[Key, SeenScan]:
    """The last scan of every person in every window, in or out: where somebody is."""
    last = dict(known or {})
    for scan in scans:
        if scan.undone:
            continue
        for person in scan.persons:
            key = (person, scan.purpose, scan.window)
            held = last.get(key)
            if held is None or held.moment < scan.moment:
                last[key] = scan
    return last


def export(festival: str, scans: Iterable[SeenScan], undos: Iterable[TakenBack] = ()) -> dict[str, object]:
    """Scans, undoings and admissions as one canonical object: no times of receipt, no row ids, sorted."""
    taken = sorted(set(undos))
    by_moment = {scan.moment: scan for scan in scans}
    ordered = after_undoing((by_moment[moment] for moment in sorted(by_moment)), taken)
    by_mid = {scan.mid: scan for scan in ordered if scan.mid}
    admissions = sorted(merge(ordered).items(), key=lambda item: item[0])
    last = latest(ordered)
    return {
        "format": EXPORT_FORMAT,
        "festival": festival,
        "scans": [_scan_told(scan) for scan in ordered],
        "undone": [
            {
                "scan": undo.scan_mid,
                "at_ms": undo.moment.at_ms,
                "device": undo.moment.device,
                "seq": undo.moment.seq,
            }
            for undo in taken
            if undo.scan_mid in by_mid and may_take_back(by_mid[undo.scan_mid], undo)
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
                "outside": last[person, purpose, window].way == "out",
            }
            for (person, purpose, window), scan in admissions
        ],
    }


def _scan_told(scan: SeenScan) -> dict[str, object]:
    return {
        "mid": scan.mid,
        "at_ms": scan.moment.at_ms,
        "device": scan.moment.device,
        "seq": scan.moment.seq,
        "gate": scan.gate,
        "pass": scan.pass_id,
        "purpose": scan.purpose,
        "window": scan.window,
        "way": scan.way,
        "persons": sorted(scan.persons),
        "count": scan.count,
        "forced": scan.forced,
        "not_allowed": scan.not_allowed,
        "undone": scan.undone,
    }
