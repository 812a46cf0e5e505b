"""Which scans and admissions must there be after these lines of a festival's ledger? Pure; `merge` says who is in."""

from __future__ import annotations

from dataclasses import replace

from festival.checkin.lead.lead_recorded import LeadRecord
from festival.checkin.merge import BY_HAND, Moment, SeenScan, exits_placed, keys_of, latest, merge
from festival.checkin.merge import Key as Admitted
from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

SCANS = ("admitted", "moved", "seen_again", "came_back", "went_out", "forced")
KINDS = (*SCANS, "undone")

Place = tuple[int, int]
"""(device number, sequence number) of a scan."""


class CheckinRecord:
    """The lines of scans, replayed. A person one of whose scans was erased is not compared: its moment is not known."""

    def __init__(self) -> None:
        self.scans = RecordedRows("scan")
        self.lead = LeadRecord()
        self._seen: dict[Place, SeenScan] = {}
        self._erased: dict[Admitted, RecordLine] = {}
        self._last_erased: dict[tuple[int, str, str], int] = {}

    def take(self, line: RecordLine) -> None:
        """The next line."""
        self.lead.take(line)
        if line.kind == "undone":
            device, seq = line.subject["scan"]
            self.scans.rows[device, seq]["undone"] = True
            if (device, seq) in self._seen:
                self._seen[device, seq] = replace(self._seen[device, seq], undone=True)
        elif line.kind in SCANS:
            self._scan(line)

    def _scan(self, line: RecordLine) -> None:
        said = line.subject
        place, persons, way = (said["device"], said["seq"]), sorted(said["persons"]), said.get("way", "in")
        at_ms = line.says("at_ms")
        self.scans.put(
            line,
            place,
            at_ms=at_ms,
            gate=line.says("gate"),
            list_id=said["pass"],
            purpose=said["purpose"],
            day_window=said["window"],
            persons=persons,
            how=line.says("how"),
            way=way,
            forced=said.get("forced", False),
            not_allowed=said.get("not_allowed", False),
            unnamed=said.get("count", 0),
            undone=False,
        )
        if at_ms is UNKNOWN:
            self._erased.update({(person, said["purpose"], said["window"]): line for person in persons})
            clock = (place[0], said["purpose"], said["window"])
            self._last_erased[clock] = max(place[1], self._last_erased.get(clock, 0))
            return
        self._seen[place] = SeenScan(
            Moment(at_ms, *place),
            "",
            said["pass"],
            said["purpose"],
            said["window"],
            tuple(persons),
            way,
            by_hand=line.says("how") in BY_HAND,
        )

    def _unsure(self, scan: SeenScan) -> bool:
        """An exit behind which a scan was erased: it may have said that the clock had jumped."""
        return scan.way == "out" and scan.moment.seq < self._last_erased.get(scan.clock, 0)

    def admissions(self) -> RecordedRows:
        """Who must be in, by which scan, and who of them is outside."""
        rows = RecordedRows("admission")
        last = latest(exits_placed(self._seen.values()))
        unsure = {key for scan in self._seen.values() if self._unsure(scan) for key in keys_of(scan)}
        for key, scan in merge(self._seen.values()).items():
            moment = scan.moment
            rows.rows[key] = {
                "at_ms": moment.at_ms,
                "device_number": moment.device,
                "seq": moment.seq,
                "scan": [moment.device, moment.seq],
                "outside": UNKNOWN if key in unsure else last[key][1].way == "out",
            }
        for person, line in self._erased.items():
            rows.put(line, person, at_ms=UNKNOWN)
        self._seen.clear()
        return rows
