"""Where must each run of the reveal stand after these lines, in which order are the contests, which scripts were printed? Pure."""

from __future__ import annotations

from festival.core.seal.compare import RecordedRows, RecordLine

STEPPED = ("reveal.moved", "reveal.confirmed", "reveal.ended", "reveal.resumed")


class RevealRecord:
    """The lines about the reveal, replayed."""

    def __init__(self) -> None:
        self.runs = RecordedRows("reveal")
        self.orders = RecordedRows("reveal_order")
        self.prints = RecordedRows("script_print")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        if isinstance(run := line.subject.get("reveal"), int):
            self._run(line, run)
        if line.kind == "reveal.ordered" and isinstance(festival := line.subject.get("reveal_order"), str):
            self.orders.put(line, (festival,), codes=line.says("codes"), version=line.says("version"))
        if line.kind == "script.printed" and isinstance(number := line.subject.get("script"), int):
            self.prints.put(line, (number,), digest=line.says("digest"), parts=line.says("parts"))

    def _run(self, line: RecordLine, run: int) -> None:
        stands = {name: line.says(name) for name in ("step", "key", "version")}
        if line.kind == "reveal.started":
            self.runs.put(line, (run,), practice=line.says("practice"), ended=False, **stands)
        elif line.kind in STEPPED:
            over = {"ended": line.kind == "reveal.ended"} if line.kind in ("reveal.ended", "reveal.resumed") else {}
            self.runs.change(line, (run,), **stands, **over)
