"""Which comments must there be after the lines of a contest's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine


def comment_rows() -> RecordedRows:
    """Nothing yet."""
    return RecordedRows("sheet_comment")


def replay_comment(rows: RecordedRows, line: RecordLine) -> None:
    """The next line `comment.*`."""
    key = (line.subject["judge"], line.subject["entry"])
    if line.kind == "comment.said":
        said = {"said": line.says("said"), "version": line.says("version")}
        rows.put(line, key, held="", held_by=None, **said)
    else:
        held = line.kind == "comment.held"
        rows.change(
            line,
            key,
            held=line.says("held") if held else "",
            held_by=line.says("held_by") if held else None,
        )
