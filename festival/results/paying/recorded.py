"""Which lists, lines and sheets must there be after these lines of a festival's ledger? Pure; each says all that the row then holds."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

LIST, LINE, PRINTED = "paying.list", "paying.line", "paying.printed"
OF_LIST = ("kind", "says", "before", "places", "dropped", "version", "said_by")
OF_LINE = ("source", "how", "proposed", "says", "before", "receipt", "version", "said_by")
OF_SHEET = ("sha256", "editable_sha256", "drawn")


class PayRecord:
    """The lines about lists to sign, replayed."""

    def __init__(self) -> None:
        self._anew()

    def _anew(self) -> None:
        self.lists = RecordedRows("pay_list")
        self.lines = RecordedRows("pay_line")
        self.sheets = RecordedRows("pay_sheet")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        match line.kind:
            case "edition_removed":  # nothing of it is left; the code may be used again
                self._anew()
            case "paying.list":
                self.lists.put(line, (line.subject["list"],), **{name: line.says(name) for name in OF_LIST})
            case "paying.line":
                key = (line.subject["list"], line.subject["line"])
                self.lines.put(line, key, **{name: line.says(name) for name in OF_LINE})
            case "paying.printed":
                key = (line.subject["list"], line.subject["sheet"])
                said = {name: line.subject[name] for name in OF_SHEET}
                self.sheets.put(line, key, **said, printed_by=line.says("by"))
            case _:
                pass
