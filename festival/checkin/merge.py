"""Who is in, and whose scan let them in?

Rule: protocols, "Admission", "In and out". A member is admitted once per purpose and window. The scan that counts is the one with
the smallest (corrected time, device number, sequence), whatever the order and however often scans are delivered: two
gates without a network may both have let the same family in, and every server that hears both must tell one story. A scan
that was taken back counts for nothing, and the next one wins; where somebody is follows from the last scan, in or out.

A device's clock may have jumped between an exit and the return, its own numbers never lie. So an exit counts no later than
anything its device read after it in the same window, and an entry no later than an exit of the same person that its
device read after it: rather one too many inside than one too few. What a person typed or decided afterwards has the time
that was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

VIETNAM_OFFSET = timedelta(hours=7)
DAY_BEGINS = timedelta(hours=3)
EXPORT_FORMAT = "festival-checkin 2"
BY_HAND = (
    "paper",
    "decided",
)  # how a pass was read: the time is not a clock's, somebody typed or decided it afterwards
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
    by_hand: bool = False  # its time is no clock's: typed from paper, decided afterwards
    counted_ms: int | None = None  # of an exit, when it counts earlier than its clock said

    @property
    def place(self) -> Moment:
        """Where it stands among all that say where somebody is."""
        return self.moment if self.counted_ms is None else replace(self.moment, at_ms=self.counted_ms)

    @property
    def clock(self) -> tuple[int, str, str]:
        """Whose clock, for which purpose and window: only there are times compared."""
        return (self.moment.device, self.purpose, self.window)


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


def keys_of(scan: SeenScan) -> list[Key]:
    """Whom it speaks of."""
    return [(person, scan.purpose, scan.window) for person in scan.persons]


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
        for key in keys_of(scan):
            held = winners.get(key)
            if held is None or scan.moment < held.moment:
                winners[key] = scan
    return winners


def exits_placed(scans: Iterable[SeenScan], beside: Iterable[SeenScan] = ()) -> list[SeenScan]:
    """The same scans, exits with the moment at which they count; `beside`: what their devices have read besides."""
    scans = list(scans)
    least: dict[tuple[int, str, str], int] = {}
    counted: dict[Moment, int] = {}
    for scan in sorted({each.moment: each for each in (*beside, *scans)}.values(), key=lambda each: -each.moment.seq):
        if scan.by_hand:
            continue
        at_ms = min(scan.place.at_ms, least.get(scan.clock, scan.place.at_ms))
        least[scan.clock] = at_ms
        if scan.way == "out" and at_ms < scan.moment.at_ms:
            counted[scan.moment] = at_ms
    return [replace(each, counted_ms=counted[each.moment]) if each.moment in counted else each for each in scans]


def in_order(read: Iterable[SeenScan]) -> list[tuple[Moment, SeenScan]]:
    """Scans of one person in one window in the order in which they count, each with its place."""
    gone: dict[int, int] = {}
    placed = []
    for scan in sorted(read, key=lambda each: -each.moment.seq):
        place, device = scan.place, scan.moment.device
        if not scan.by_hand and device in gone:
            place = replace(place, at_ms=min(place.at_ms, gone[device]))
        if not scan.by_hand and scan.way == "out":
            gone[device] = place.at_ms
        placed.append((place, scan))
    return sorted(placed, key=lambda each: each[0])


def latest(scans: Iterable[SeenScan]) -> dict[Key, tuple[Moment, SeenScan]]:
    """The last scan of every person in every window, in or out, with its place: where somebody is."""
    of_key: dict[Key, list[SeenScan]] = {}
    for scan in scans:
        if not scan.undone:
            for key in keys_of(scan):
                of_key.setdefault(key, []).append(scan)
    return {key: in_order(read)[-1] for key, read in of_key.items()}


def export(festival: str, scans: Iterable[SeenScan], undos: Iterable[TakenBack] = ()) -> dict[str, object]:
    """Scans, undoings and admissions as one canonical object: no times of receipt, no row ids, sorted."""
    taken = sorted(set(undos))
    by_moment = {scan.moment: scan for scan in scans}
    ordered = after_undoing((by_moment[moment] for moment in sorted(by_moment)), taken)
    by_mid = {scan.mid: scan for scan in ordered if scan.mid}
    admissions = sorted(merge(ordered).items(), key=lambda item: item[0])
    last = latest(exits_placed(ordered))
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
                "outside": last[person, purpose, window][1].way == "out",
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
