"""Which scans and admissions must there be after these lines of a festival's ledger? Pure; `merge` says who is in."""

from __future__ import annotations

from dataclasses import replace

from festival.checkin.merge import Key as Admitted
from festival.checkin.merge import Moment, SeenScan, latest, merge
from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

SCANS = ("admitted", "moved", "seen_again", "came_back", "went_out", "forced")
KINDS = (*SCANS, "undone")

Place = tuple[int, int]
"""(device number, sequence number) of a scan."""


class CheckinRecord:
    """The lines of scans, replayed. A person one of whose scans was erased is not compared: its moment is not known."""

    def __init__(self) -> None:
        self.scans = RecordedRows("scan")
        self._seen: dict[Place, SeenScan] = {}
        self._erased: dict[Admitted, RecordLine] = {}

    def take(self, line: RecordLine) -> None:
        """The next line."""
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
            return
        self._seen[place] = SeenScan(
            Moment(at_ms, *place), "", said["pass"], said["purpose"], said["window"], tuple(persons), way
        )

    def admissions(self) -> RecordedRows:
        """Who must be in, by which scan, and who of them is outside."""
        rows = RecordedRows("admission")
        last = latest(self._seen.values())
        for key, scan in merge(self._seen.values()).items():
            moment = scan.moment
            rows.rows[key] = {
                "at_ms": moment.at_ms,
                "device_number": moment.device,
                "seq": moment.seq,
                "scan": [moment.device, moment.seq],
                "outside": last[key].way == "out",
            }
        for person, line in self._erased.items():
            rows.put(line, person, at_ms=UNKNOWN)
        self._seen.clear()
        return rows
