"""Which slips of dishes and money must there be after these lines of a contest's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

NOTED = "kitchen.noted"


def kitchen_rows() -> RecordedRows:
    """None yet."""
    return RecordedRows("kitchen_slip")


def replay_kitchen(rows: RecordedRows, line: RecordLine) -> None:
    """The next line `kitchen.noted`."""
    said = {name: line.says(name) for name in ("dishes", "spent_vnd", "typed_by")}
    rows.put(line, (line.subject["entry"], line.subject["version"]), **said)
