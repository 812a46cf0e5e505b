"""Which places, days and reminders of delegations must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

NOTHING: dict[str, Any] = {"families": None, "people": None, "contests": {}, "until": None}


class PlacesRecord:
    """The lines `places.allotted`, `deadline.extended`, `delegation.reminded`, replayed; by the code of the delegation."""

    def __init__(self) -> None:
        self.own = RecordedRows("delegation")
        self.reminders = RecordedRows("delegation_reminder")

    def take(self, line: RecordLine) -> None:
        """The next line; the first about a delegation begins with what a delegation has of its own: nothing."""
        code = str(line.subject.get("delegation"))
        if line.kind == "retention.erased" and line.subject.get("what") == "data":
            for columns in self.own.rows.values():
                columns["until"] = None  # nobody registers with an edition that was erased
        elif line.kind == "places.allotted":
            self._change(line, code, *("families", "people", "contests"))
        elif line.kind == "deadline.extended":
            self._change(line, code, "until")
        elif line.kind == "delegation.reminded":
            self.reminders.put(line, (code,), times=line.subject["times"])

    def _change(self, line: RecordLine, code: str, *columns: str) -> None:
        before = self.own.rows.get((code,), NOTHING)
        said = {column: line.says(column) for column in columns}
        self.own.put(line, (code,), **{**before, **said, "version": line.subject["version"]})


def without(contests: Any, gone: set[str]) -> Any:
    """What was allotted in contests that are no longer held went with them."""
    if contests is UNKNOWN or not gone:
        return contests
    return {code: own for code, own in contests.items() if code not in gone}
