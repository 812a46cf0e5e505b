"""Which askings, versions of acts and files must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import Key, RecordedRows, RecordLine

TOLD = ("title", "genre", "minutes", "props", "microphones", "words", "said")
FILE = ("name", "format", "size", "sha256", "length_ms")


class ActRecord:
    """The lines about acts, replayed. Erased with the data of the edition: rows of acts are gone then."""

    def __init__(self) -> None:
        self.asked = RecordedRows("act_asking")
        self.versions = RecordedRows("act_version")
        self.files = RecordedRows("act_file")
        self.reminders = RecordedRows("act_reminder")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        about = line.subject
        match line.kind:
            case "act.asked":
                said = {name: line.says(name) for name in ("asked", "until")}
                self.asked.put(line, (about["contest"],), version=about["version"], **said)
            case "act.told":
                told = {name: line.says(name) for name in TOLD}
                self.versions.put(
                    line, (about["entry"], about["number"]), **told, told_how=line.says("how"), told_by=line.says("by")
                )
            case "act.file_kept":
                self._step_aside(about)
                kept = {name: line.says(name) for name in FILE}
                self.files.put(
                    line, _key(about), **kept, standing=True, put_how=line.says("how"), put_by=line.says("by")
                )
            case "act.file_put_back":
                self._step_aside(about)
                self.files.change(line, _key(about), standing=True)
            case "act.file_taken_away":
                self.files.change(line, _key(about), standing=False)
            case "act.reminded":
                self.reminders.put(line, (about["family"],), times=int(about["times"]))
            case "retention.erased" if about.get("what") == "data":
                self.versions.rows.clear()
                self.files.rows.clear()
            case _:
                pass

    def _step_aside(self, about: Any) -> None:
        for key, columns in self.files.rows.items():
            if key[:2] == (about["entry"], about["kind"]):
                columns["standing"] = False


def _key(about: Any) -> Key:
    return (about["entry"], about["kind"], about["number"])
