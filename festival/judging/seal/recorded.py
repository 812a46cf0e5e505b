"""Which sheets, versions, counts, times, final orders and overtimes must there be after these lines of a contest's ledger? Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from festival.core.seal.compare import UNKNOWN, Key, RecordedRows, RecordLine
from festival.judging.comments.recorded import comment_rows, replay_comment
from festival.judging.ground.recorded import RecordedGround
from festival.judging.kitchen.recorded import NOTED, kitchen_rows, replay_kitchen
from festival.judging.seal.recorded_brackets import BracketRecord

ORDER = "order"  # in the key of a correction, in place of an entry


class JudgingRecord:
    """The lines `sheet.*`, `comment.*`, `measure.*`, `order.*`, `overtime.noted` and `deduction.*`, replayed; brackets by
    `recorded_brackets`.

    `corrected`: what a try or a final order said before, under its place among the corrections of the same one, by entry
    and round, or by ORDER and contest. A release before 0.4.0 kept none and wrote no `before`. `corrected_unsure`: those
    of which an erased line may have left one.
    """

    def __init__(self) -> None:
        self.sheets = RecordedRows("score_sheet")
        self.revisions = RecordedRows("sheet_revision")
        self.measures = RecordedRows("measure")
        self.overtimes = RecordedRows("overtime")
        self.orders = RecordedRows("final_order")
        self.brackets = BracketRecord()
        self.deductions = RecordedRows("deduction")
        self.corrected = RecordedRows("measure_revision")
        self.corrected_unsure: set[Key] = set()
        self.comments = comment_rows()
        self.kitchens = kitchen_rows()
        self._corrections: dict[Key, int] = defaultdict(int)
        self.ground = RecordedGround()
        self._open: dict[Key, list[Key]] = defaultdict(list)

    def take(self, line: RecordLine) -> None:
        """The next line."""
        match line.kind:
            case (
                "sheet.sent"
                | "sheet.paper"
                | "sheet.corrected"
                | "sheet.abstained"
                | "sheet.resolved"
                | "sheet.conflict"
            ):
                self._sheet(line)
            case "comment.said" | "comment.held" | "comment.freed":
                replay_comment(self.comments, line)
            case kind if kind == NOTED:
                replay_kitchen(self.kitchens, line)
            case "sheet.undone":
                key = (line.subject["judge"], line.subject["entry"], line.subject["round"])
                self.sheets.drop(key)
                for mid in [mid for mid, row in self.revisions.rows.items() if row.get("sheet") == list(key)]:
                    self.revisions.drop(mid)
            case "measure.noted":
                self.measures.put(
                    line, (line.subject["entry"], line.subject["round"]),
                    **{name: line.says(name) for name in ("state", "value", "version", "typed_by")},
                    answers=line.says_or("answers", None),
                )  # fmt: skip
                self._correct(line, (line.subject["entry"], line.subject["round"]))
            case "measure.dropped":
                self.measures.drop((line.subject["entry"], line.subject["round"]))
                self._correct(line, (line.subject["entry"], line.subject["round"]))
            case "order.noted" | "order.dropped":
                self._order(line)
            case "overtime.noted":
                self.overtimes.put(
                    line, (line.subject["entry"],), seconds=line.says("seconds"), noted_by=line.says("noted_by")
                )
            case "deduction.given" | "deduction.taken_back":
                self._deduction(line)
            case _:
                self.brackets.take(line)
                self.ground.take(line)

    def _deduction(self, line: RecordLine) -> None:
        key: Key = (line.subject["entry"], line.subject["number"])
        if line.kind == "deduction.taken_back":
            self.deductions.change(
                line, key, taken_back=True, taken_back_by=line.says("by"), taken_back_reason=line.says("reason")
            )
        else:
            given = {name: line.says(name) for name in ("code", "reason", "given_by")}
            self.deductions.put(
                line,
                key,
                **given,
                points_milli=line.says("points"),
                taken_back=False,
                taken_back_by=None,
                taken_back_reason="",
            )

    def _order(self, line: RecordLine) -> None:
        contest: Key = (line.subject["contest_id"],)
        places = line.says("places") if line.kind == "order.noted" else []
        version = line.says("version")
        self.orders.put(line, contest, places=places, version=version, typed_by=line.says("typed_by"))
        before = line.says_or("before", None)
        if before is not None and before is not UNKNOWN:
            before = {"places": before, "version": version - 1}
        self._correct(line, (ORDER, *contest), before)

    def _correct(self, line: RecordLine, of: Key, before: Any = ...) -> None:
        """Something stood there before: it is kept beside, with who changed it."""
        before = line.says_or("before", None) if before is ... else before
        if before is UNKNOWN:
            self.corrected_unsure.add(of)
        elif before is not None:
            self._corrections[of] += 1
            key = (*of, self._corrections[of])
            self.corrected.put(line, key, content=before, changed_by=line.says("typed_by"))

    def _sheet(self, line: RecordLine) -> None:
        pair = (line.subject["judge"], line.subject["entry"])
        key: Key = (*pair, line.subject["round"])
        revision: Key = (line.subject["mid"],)
        typed_by = line.says_or("typed_by", None)
        on_paper = UNKNOWN if typed_by is UNKNOWN else typed_by is not None and line.kind != "sheet.corrected"
        content = {name: line.says(name) for name in ("state", "marks", "total", "note")} | {"on_paper": on_paper}
        apart = line.kind == "sheet.conflict"
        if apart:
            # The sheet stays as it was; both versions wait for the judge.
            self.sheets.change(line, key, conflict=True)
            self._open[key].append(revision)
        else:
            self.sheets.put(
                line,
                key,
                version=line.says("version"),
                state=content["state"],
                marks=content["marks"],
                total_milli=content["total"],
                conflict=False,
                on_paper=on_paper,
                note=content["note"],
                typed_by=typed_by,
            )
        if line.kind == "sheet.resolved":
            for waiting in self._open.pop(key, ()):
                self.revisions.change(line, waiting, open=False)
        self.revisions.put(
            line, revision, sheet=list(key), version=line.says("version"), open=apart, content=_known(content)
        )


def _known(content: dict[str, Any]) -> Any:
    """A content of which something is not known is not compared at all."""
    return UNKNOWN if any(value is UNKNOWN for value in content.values()) else content
