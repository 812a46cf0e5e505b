"""Which draws of brackets and which results of matches must there be after these lines of a contest's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import UNKNOWN, Key, RecordedRows, RecordLine

_STANDS = ("how", "winner_id", "sets", "version", "typed_by")


class BracketRecord:
    """The lines `bracket.*` and `match.*`, replayed. A match keeps beside it what it said before, the oldest first."""

    def __init__(self) -> None:
        self.draws = RecordedRows("bracket_draw")
        self.matches = RecordedRows("played_match")

    def take(self, line: RecordLine) -> None:
        """The next line; others pass."""
        match line.kind:
            case "bracket.drawn":
                said = {name: line.says(name) for name in ("seed", "lines", "drawn_by")}
                self.draws.put(line, _draw(line), **said, ended=False, ended_by=None, ended_why="")
            case "bracket.ended":
                ended = {"ended": True, "ended_by": line.says("ended_by"), "ended_why": line.says("reason")}
                self.draws.change(line, _draw(line), **ended)
            case "match.noted" | "match.dropped":
                self._match(line)
            case _:
                pass

    def _match(self, line: RecordLine) -> None:
        key: Key = (*_draw(line), line.subject["round"], line.subject["number"])
        row = self.matches.rows.get(key)
        before = [] if row is None else row["before"]
        if row is not None and row["how"] is not None:
            stood = {name: row[name] for name in _STANDS}
            before = UNKNOWN if before is UNKNOWN or UNKNOWN in stood.values() else [*before, stood]
        said: dict[str, Any] = {name: line.says(name) for name in ("version", "typed_by", "mid")}
        if line.kind == "match.noted":
            said |= {name: line.says(name) for name in ("a_id", "b_id", "how", "winner_id", "sets")}
            if said["how"] is UNKNOWN:
                said["winner_id"] = UNKNOWN
        else:
            sides = {name: UNKNOWN if row is None else row[name] for name in ("a_id", "b_id")}
            said |= {**sides, "how": None, "winner_id": None, "sets": []}
        self.matches.put(line, key, **said, before=before)


def _draw(line: RecordLine) -> Key:
    return line.subject["contest_id"], line.subject["drawing"]
