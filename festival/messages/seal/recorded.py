"""Which announcements must there be, and in which words, after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

COLUMNS = ("audience", "delegation", "entry", "words", "until", "state", "version")
KINDS = ("announcement_made", "announcement_corrected", "announcement_withdrawn", "announcement_restored")


class AnnouncementRecord:
    """The lines of announcements, replayed: each says all that the row then holds."""

    def __init__(self) -> None:
        self.announcements = RecordedRows("announcement")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind in KINDS:
            said = {name: line.says(name) for name in COLUMNS}
            self.announcements.put(line, (line.subject["announcement"],), **said)
