"""Which messages of a desk must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

KINDS = ("handed_out", "handout_corrected", "handout_taken_back")


class HandoutRecord:
    """The lines of handings-over, replayed: each is a row for good."""

    def __init__(self) -> None:
        self.handouts = RecordedRows("handout")
        self.papers = RecordedRows("signed_paper")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        said = line.subject
        if line.kind.startswith("receipt."):
            self._paper(line)
        if line.kind not in KINDS:
            return
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

    def _paper(self, line: RecordLine) -> None:
        """A receipt is signed, gets a photo, is marked as signed by mistake."""
        said = line.subject
        match line.kind:
            case "receipt.signed":
                if said["replaces"] is not None:
                    self.papers.change(line, (said["replaces"],), state="replaced")
                self.papers.put(
                    line, (said["paper"],), delegation=said["delegation"], state="signed", sha256=said["sha256"],
                    drawn=said["drawn"], photo=said.get("photo", ""),
                )  # fmt: skip
            case "receipt.pictured":
                self.papers.change(line, (said["paper"],), photo=said["photo"])
            case "receipt.annulled":
                self.papers.change(line, (said["paper"],), state="annulled")
                if said["restores"] is not None:
                    self.papers.change(line, (said["restores"],), state="signed")
            case _:
                pass
