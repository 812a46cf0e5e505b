"""Which announcements must there be, in which words, and which messages with turns went, after these lines of a ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

TOLD = ("delegation", "family", "version", "turns")
COLUMNS = ("audience", "delegation", "entry", "words", "until", "state", "version")
KINDS = ("announcement_made", "announcement_corrected", "announcement_withdrawn", "announcement_restored")


class AnnouncementRecord:
    """The lines of announcements, replayed: each says all that the row then holds."""

    def __init__(self) -> None:
        self.announcements = RecordedRows("announcement")
        self.told = RecordedRows("turns_told")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind in KINDS:
            said = {name: line.says(name) for name in COLUMNS}
            self.announcements.put(line, (line.subject["announcement"],), **said)
        elif line.kind == "turns_told":
            rows = line.says("rows")
            for at, number in enumerate(line.subject["told"]):
                told = [UNKNOWN] * len(TOLD) if rows is UNKNOWN else rows[at]
                said = dict(zip(TOLD, told, strict=True))
                self.told.put(line, (number,), **said, way=line.says("way"), told_by=line.subject["by"], stands=True)
        elif line.kind == "turns_told_back":
            self.told.change(line, (line.subject["told"],), stands=False)
