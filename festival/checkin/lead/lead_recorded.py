"""Which decisions of the lead must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

DECIDED = "aside_decided"
INCIDENT = "incident_said"


class LeadRecord:
    """Readings that were decided, incidents that were closed; the last line of each counts."""

    def __init__(self) -> None:
        self.decisions = RecordedRows("gate_decision")
        self.incidents = RecordedRows("incident_word")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        said = line.subject
        if line.kind == DECIDED:
            self.decisions.put(
                line,
                (said["mid"],),
                choice=said["choice"],
                version=said["version"],
                reason=line.says("reason"),
                decided_by=line.says("by"),
            )
        elif line.kind == INCIDENT:
            self.incidents.put(
                line,
                (said["scans"],),
                closed=said["closed"],
                version=said["version"],
                word=line.says("word"),
                decided_by=line.says("by"),
            )
