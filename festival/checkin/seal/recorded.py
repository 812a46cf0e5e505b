"""Which scans and admissions must there be after these lines of a festival's ledger? Pure; `merge` says who is in."""

from __future__ import annotations

from festival.checkin.lead.lead_recorded import LeadRecord
from festival.checkin.merge import Key as Admitted
from festival.checkin.merge import Moment, SeenScan, merge
from festival.core.seal.compare import UNKNOWN, Key, RecordedRows, RecordLine

KINDS = ("admitted", "moved", "seen_again")


class CheckinRecord:
    """The lines of scans, replayed. A person one of whose scans was erased is not compared: its moment is not known."""

    def __init__(self) -> None:
        self.scans = RecordedRows("scan")
        self.lead = LeadRecord()
        self._winners: dict[Admitted, SeenScan] = {}
        self._erased: dict[Key, RecordLine] = {}

    def take(self, line: RecordLine) -> None:
        """The next line."""
        self.lead.take(line)
        if line.kind not in KINDS:
            return
        said = line.subject
        persons = sorted(said["persons"])
        self.scans.put(
            line,
            (said["device"], said["seq"]),
            at_ms=line.says("at_ms"),
            gate=line.says("gate"),
            list_id=said["pass"],
            purpose=said["purpose"],
            day_window=said["window"],
            persons=persons,
            how=line.says("how"),
        )
        at_ms = line.says("at_ms")
        if at_ms is UNKNOWN:
            self._erased.update({(person, said["purpose"], said["window"]): line for person in persons})
            return
        scan = SeenScan(
            Moment(at_ms, said["device"], said["seq"]),
            "",
            said["pass"],
            said["purpose"],
            said["window"],
            tuple(persons),
        )
        # In place, so that a long day is one dictionary.
        for key, winner in merge([scan]).items():
            held = self._winners.get(key)
            if held is None or winner.moment < held.moment:
                self._winners[key] = winner

    def admissions(self) -> RecordedRows:
        """Who must be in, and by which scan."""
        rows = RecordedRows("admission")
        for key, scan in self._winners.items():
            moment = scan.moment
            rows.rows[key] = {
                "at_ms": moment.at_ms,
                "device_number": moment.device,
                "seq": moment.seq,
                "scan": [moment.device, moment.seq],
            }
        for person, line in self._erased.items():
            rows.put(line, person, at_ms=UNKNOWN)
        self._winners.clear()
        return rows
