"""Which rows on paper must there be after these lines of a contest's ledger? Pure: each line says its rows whole."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

TABLES = (
    "paper_seat", "slip_typing", "slip_decision", "slip_photo", "border_check", "border_typing", "sheet_confirmation",
)  # fmt: skip


class PaperRecord:
    """The lines of `paper:`, replayed: the last line that names a row says what it is."""

    def __init__(self) -> None:
        self.tables = {name: RecordedRows(name) for name in TABLES}

    def take(self, line: RecordLine) -> None:
        """The next line."""
        said = line.says("rows")
        for at, (name, key) in enumerate(line.subject.get("rows", ())):
            rows = self.tables.get(name)
            if rows is None:
                continue
            if said is UNKNOWN:
                rows.put(line, (key,), erased=UNKNOWN)
            elif said[at] is None:
                rows.drop((key,))
            else:
                rows.put(line, (key,), **said[at])
