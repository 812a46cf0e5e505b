"""Who must have gone on into a contest, and is it announced, after these lines of its results? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

KIND = "cut."


class CutRecord:
    """The lines `cut.*` of one contest, replayed: what the cut keeps, and where each entry of the final comes from."""

    def __init__(self) -> None:
        self.cut = RecordedRows("contest_cut")
        self.origins = RecordedRows("entry_origin")
        self.unsure = False  # a list was erased from the ledger

    def take(self, line: RecordLine) -> None:
        """The next line."""
        match line.kind:
            case "cut.taken" | "cut.renewed":
                lines = line.says("lines")
                self.unsure = line.payload is None
                self.cut.change(line, (), cut={"lines": lines} if line.payload is not None else lines)
                self.origins = RecordedRows("entry_origin")
                for each in lines if line.payload is not None else ():
                    self.origins.put(line, (each["entry"],), origin=each["from"])
                if line.kind == "cut.taken":
                    self.cut.change(line, (), announced=False)
            case "cut.taken_back":
                self.unsure = False
                self.cut.drop(())
                self.origins = RecordedRows("entry_origin")
            case "cut.announced" | "cut.unannounced":
                self.cut.change(line, (), announced=line.kind == "cut.announced")
            case _:
                pass
