"""Which substitutions must there be after these lines of a festival's ledger, and whose are the entries they moved? Pure."""

from __future__ import annotations

from festival.core.seal.compare import Key, RecordedRows, RecordLine


class SubstitutionRecord:
    """The lines about substitutions, replayed; `entries`: those that ever went on with another family."""

    def __init__(self) -> None:
        self.rows = RecordedRows("substitution")
        self.entries = RecordedRows("entry")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        about = line.subject
        if line.kind == "substitution.asked":
            said = {name: about[name] for name in ("what", "road", "entry", "into", "leaves", "comes")}
            asked = {"out": about["family"], "asked_by": line.says("by"), "state": "waiting", "decided_by": None}
            self.rows.put(line, _key(line), **said, **asked)
        elif line.kind == "substitution.decided":
            self.rows.change(line, _key(line), state=about["state"], decided_by=line.says("by"))
            for entry in about.get("entries", ()):
                self.entries.put(line, (entry,), family=about["holder"])


def _key(line: RecordLine) -> Key:
    return (line.subject["delegation"], line.subject["number"])
