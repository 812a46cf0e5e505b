"""Which matches of later rounds must the timetable have, and where, after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import RecordedRows, RecordLine

WAITS: dict[str, Any] = {"state": "waiting", "began_at": None, "ended_at": None}


class MatchesRecord:
    """The lines of matches, replayed; one that has no time waits."""

    def __init__(self) -> None:
        self.rows = RecordedRows("later_match")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        match line.kind:
            case "matches_placed":
                for code, stands in line.subject["matches"].items():
                    self._placed((code,), stands)
            case "match_stepped":
                said = {name: line.says(name) for name in WAITS}
                self.rows.change(line, (line.subject["match"],), **said)
            case _:
                pass

    def _placed(self, key: tuple[str], stands: list[Any] | None) -> None:
        if stands is None:
            self.rows.drop(key)
            return
        session, begins, minutes, held = stands
        of_the_day = WAITS if session is None else WAITS | self.rows.rows.get(key, {})
        place = {"session_id": session, "starts_at": begins, "minutes": minutes, "locked": held}
        self.rows.rows[key] = of_the_day | place
