"""Which draws, numbers, places and published programmes must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine


class ScheduleRecord:
    """The lines of draws, plans and swaps, replayed.

    `acts` None: the plan was made by a release that did not write it into the ledger, or by a line that is erased
    (`acts_erased`). `numbers_unsure`: contests whose
    drawn order was erased.
    """

    def __init__(self) -> None:
        self.draws = RecordedRows("draw")
        self.plans = RecordedRows("plan")
        self.acts: RecordedRows | None = RecordedRows("act")
        self.acts_erased = False
        self.numbers_unsure: set[str] = set()

    def take(self, line: RecordLine) -> None:
        """The next line."""
        match line.kind:
            case "order_drawn":
                self._drawn(line)
            case "draw_cancelled":
                self.draws.drop((line.subject["contest"],))
                self.numbers_unsure.discard(line.subject["contest"])
            case "plan_made" | "acts_swapped":
                self._placed(line)
            case "programme_published":
                note = line.says("note")
                self.plans.put(
                    line,
                    (line.subject["version"],),
                    published_by=line.subject["by"],
                    note=note if note is UNKNOWN else " ".join(note.split()),
                    digest=line.says("digest"),
                )
            case _:
                pass

    def _drawn(self, line: RecordLine) -> None:
        contest = line.subject["contest"]
        order = line.says("order")
        if order is UNKNOWN:
            self.numbers_unsure.add(contest)
        self.draws.put(
            line,
            (contest,),
            method=line.says("method"),
            seed=line.says("seed"),
            order=order,
            drawn_by=line.subject["by"],
        )

    def _placed(self, line: RecordLine) -> None:
        places = line.says("places")
        if line.kind == "plan_made":
            self.acts = None if places is UNKNOWN else RecordedRows("act")
        if places is UNKNOWN:
            self.acts = None
            self.acts_erased = line.payload is None
        if self.acts is not None:
            for entry_id, session_id, position in places:
                self.acts.put(line, (entry_id,), session_id=session_id, position=position)

    def numbers(self) -> RecordedRows:
        """Which number each drawn entry must have; take it before the draws are compared."""
        rows = RecordedRows("entry")
        for contest, drawn in self.draws.rows.items():
            order: Any = drawn["order"]
            if order is not UNKNOWN:
                rows.rows.update({(code,): {"number": at} for at, code in enumerate(order, start=1)})
            else:
                self.numbers_unsure.add(str(contest[0]))
        return rows
