"""Which orders of the ceremony and which printed sheets must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

WRITTEN, PRINTED = "ceremony.written", "ceremony.printed"


class OrderRecord:
    """The lines `ceremony.written` and `ceremony.printed`, replayed; each is a row of its own."""

    def __init__(self) -> None:
        self._anew()

    def _anew(self) -> None:
        self.orders = RecordedRows("ceremony_order")
        self.prints = RecordedRows("ceremony_print")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind == "edition_removed":  # nothing of it is left; the code may be used again
            self._anew()
        elif line.kind == WRITTEN:
            key = (line.subject["part"], line.subject["version"])
            self.orders.put(line, key, content=line.says("content"), by_user=line.says("by"))
        elif line.kind == PRINTED:
            key = (line.subject["sheet"], line.subject["number"])
            self.prints.put(line, key, digest=line.says("digest"), parts=line.says("parts"), by_user=line.says("by"))
