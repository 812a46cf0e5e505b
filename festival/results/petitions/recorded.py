"""Which petitions with which steps must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

LINE = "petition."
LODGED = "petition.lodged"
STANDS = ("about", "contest", "entry", "state", "desk", "late", "carried", "told")
AS_LODGED = ("title", "road", "lodged_by", "words", "lodged_at", "taken_by", "until", "photo_sha256")


class PetitionRecord:
    """The lines about petitions, replayed: each says what the petition is from then on."""

    def __init__(self) -> None:
        self.petitions = RecordedRows("petition")
        self.steps = RecordedRows("petition_step")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if line.kind == "retention.erased" and line.subject.get("what") == "data":
            self._emptied()
        if not line.kind.startswith(LINE):
            return
        number = line.subject["petition"]
        stands = {name: line.says(name) for name in STANDS}
        if line.kind == LODGED:
            said = {name: line.says(name) for name in AS_LODGED}
            self.petitions.put(line, (number,), delegation=line.subject["delegation"], **said, **stands)
            return
        self.petitions.change(line, (number,), **stands)
        self.steps.put(
            line,
            (number, line.subject["step"]),
            deed=line.kind.removeprefix(LINE),
            words=line.says("words"),
            by_user=line.says("by"),
            with_user=line.says("with"),
            before=line.says("before"),
            paper_id=line.says("paper"),
            told=line.says("read_at_once"),
        )

    def _emptied(self) -> None:
        """What was written went with the data."""
        for columns in self.petitions.rows.values():
            columns |= {"words": UNKNOWN, "lodged_by": UNKNOWN}
        for columns in self.steps.rows.values():
            columns["words"] = UNKNOWN
