"""Which decisions of the lead must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

DECIDED = "aside_decided"
INCIDENT = "incident_said"
GATES = "gates_set"


class LeadRecord:
    """Readings that were decided, incidents that were closed, how gates work; the last line of each counts."""

    def __init__(self) -> None:
        self.decisions = RecordedRows("gate_decision")
        self.incidents = RecordedRows("incident_word")
        self.settings = RecordedRows("gate_setting")

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
        elif line.kind == GATES:
            self.settings.put(line, (), countdown_s=said["countdown_s"], exits=said["exits"])
        elif line.kind == INCIDENT:
            self.incidents.put(
                line,
                (said["scans"],),
                closed=said["closed"],
                version=said["version"],
                word=line.says("word"),
                decided_by=line.says("by"),
            )
