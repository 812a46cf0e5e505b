"""Which purposes, hours and settings of gates must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine


class PurposesRecord:
    """The lines of purposes, replayed; each holds the whole row."""

    def __init__(self) -> None:
        self.purposes = RecordedRows("gate_purpose")
        self.hours = RecordedRows("gate_window")
        self.settings = RecordedRows("gate_setting")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        said = line.subject
        match line.kind:
            case "purpose_set":
                values = {name: line.says(name) for name in ("name", "again", "classes", "removed")}
                self.purposes.put(line, (said["purpose"],), kind=said["kind"], every=said["every"], **values)
            case "hours_set":
                values = {name: line.says(name) for name in ("name", "opens_ms", "closes_ms", "removed")}
                self.hours.put(line, (said["purpose"], said["window"]), **values)
            case "gates_set":
                values = {name: line.says(name) for name in ("countdown_s", "exits")}
                self.settings.put(line, ("gates",), **values)
            case _:
                pass
