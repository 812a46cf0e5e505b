"""Which signed sheets and which confirmations must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, Key, RecordedRows, RecordLine


class ProofingRecord:
    """The lines about names, replayed: every signed sheet with its state, every confirmation with its names."""

    def __init__(self) -> None:
        self.sheets = RecordedRows("name_sheet")
        self.confirmations = RecordedRows("name_confirmation")

    def take(self, line: RecordLine) -> None:
        """The next line; a kind of another room is passed over."""
        match line.kind:
            case "names.signed":
                key: Key = (line.subject["delegation"], line.subject["paper"])
                self._becomes(line, line.subject["replaces"], "replaced")
                self.sheets.put(line, key, state="signed", sha256=line.subject["sha256"])
            case "names.annulled":
                self._becomes(line, line.subject["paper"], "annulled")
                self._becomes(line, line.subject["restores"], "signed")
            case "names.confirmed":
                self.confirmations.put(
                    line,
                    (line.subject["confirmation"],),
                    contest=line.subject["contest"],
                    reason=line.says("reason"),
                    by_user=line.says("by"),
                    names=line.says("names"),
                )
            case "retention.erased" if line.subject.get("what") == "data":
                for columns in self.confirmations.rows.values():
                    columns |= {"reason": UNKNOWN, "names": UNKNOWN}
            case _:
                pass

    def _becomes(self, line: RecordLine, paper: object, state: str) -> None:
        if paper is not None:
            self.sheets.change(line, (line.subject["delegation"], paper), state=state)  # type: ignore[arg-type]
