"""Which founding decisions and meetings must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

FOUNDING, MEETING, OF_WHOLE = "founding.said", "meeting.said", "whole_meeting.said"
SAID = ("says", "before", "version", "said_by")


class MeetingsRecord:
    """The lines `founding.said`, `meeting.said` and `whole_meeting.said`, replayed; each says all that the row then holds."""

    def __init__(self) -> None:
        self._anew()

    def _anew(self) -> None:
        self.founding = RecordedRows("founding_paper")
        self.meetings = RecordedRows("panel_meeting")
        self.of_whole = RecordedRows("whole_meeting")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind == "edition_removed":  # nothing of it is left; the code may be used again
            self._anew()
        elif line.kind == FOUNDING:
            self.founding.put(line, (line.subject["what"],), **{name: line.says(name) for name in SAID})
        elif line.kind == MEETING:
            self.meetings.put(line, (line.subject["contest_id"],), **{name: line.says(name) for name in SAID})
        elif line.kind == OF_WHOLE:
            self.of_whole.put(line, (), **{name: line.says(name) for name in SAID})
