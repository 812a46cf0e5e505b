"""Which plates must there be after these lines of a contest's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine


class PlatesRecord:
    """The lines `plates.put` and `plates.swapped`, replayed: each says whole plates, with the entry they come from."""

    def __init__(self) -> None:
        self.plates = RecordedRows("plate")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        plates = line.says("plates")
        if plates is not UNKNOWN:
            for entry, number, origin in plates:
                self.plates.put(line, (entry,), number=number, from_id=origin)
