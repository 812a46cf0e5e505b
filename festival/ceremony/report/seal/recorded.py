"""Which lines, versions and documents of reports must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

VERSIONS = ("report.made", "report.taken_back", "report.reinstated")


class ReportRecord:
    """The lines about the report, replayed."""

    def __init__(self) -> None:
        self.lines = RecordedRows("report_line")
        self.versions = RecordedRows("report_version")
        self.files = RecordedRows("report_file")

    def take(self, line: RecordLine) -> None:
        """The next line; a typed line is told whole each time."""
        said = line.subject
        if line.kind == "report.line":
            self.lines.put(
                line,
                (said["line"],),
                kind=said["kind"],
                amount=said["amount"],
                version=said["version"],
                out=said["out"],
                name=line.says("name"),
                grounds=line.says("grounds"),
            )
        elif line.kind in VERSIONS:
            self.versions.put(
                line,
                (said["report"],),
                sha256=said["sha256"],
                version=said["version"],
                out=said["out"],
                reason=line.says("reason"),
                content=True,
            )
        elif line.kind == "report.drawn":
            self.files.put(line, (said["report"], said["form"]), sha256=said["sha256"], content=True)
        elif line.kind == "retention.erased":
            self._erased(str(said.get("what", "")))

    def _erased(self, what: str) -> None:
        """Typed lines go with the data; what was made goes with the papers, its digests stay."""
        if what == "data":
            self.lines.rows.clear()
        elif what == "papers":
            for columns in (*self.versions.rows.values(), *self.files.rows.values()):
                columns |= {"content": UNKNOWN, **({"reason": UNKNOWN} if "reason" in columns else {})}
