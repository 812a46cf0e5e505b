"""Which mixed teams must there be, and of whom, after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

TOLD = ("name", "members", "dissolved", "reason")


class TeamRecord:
    """The lines about teams, replayed: each says all that the team then is."""

    def __init__(self) -> None:
        self.teams = RecordedRows("mixed_team")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind == "entry.renamed" and (line.subject["entry"],) in self.teams.rows:
            self.teams.change(line, (line.subject["entry"],), name=line.says("name"))
        if line.kind == "retention.erased" and line.subject.get("what") == "data":
            for columns in self.teams.rows.values():
                columns |= {"name": UNKNOWN, "reason": ""}
        if line.kind.startswith("team.") and "team" in line.subject:
            said = {name: line.says(name) for name in TOLD}
            self.teams.put(line, (line.subject["team"],), version=line.subject["version"], **said)
