"""Which messages of a desk must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

KINDS = ("handed_out", "handout_corrected", "handout_taken_back")


class HandoutRecord:
    """The lines of handings-over, replayed: each is a row for good."""

    def __init__(self) -> None:
        self.handouts = RecordedRows("handout")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind not in KINDS:
            return
        said = line.subject
        self.handouts.put(
            line,
            (said["device"], said["seq"]),
            delegation=said["delegation"],
            mid=said["mid"],
            root=said["root"],
            items=said["items"],
            at_ms=line.says("at_ms"),
            station=line.says("station"),
            receiver=line.says("receiver"),
            reason=line.says("reason"),
        )
