"""What becomes of a score sheet that comes before the lock: taken, corrected, kept beside another, refused?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from festival.contests.models import ContestState, PanelSeat, ResultKind
from festival.contests.panel import SheetState
from festival.core import ledger
from festival.core.database import db
from festival.core.statements import table
from festival.judging.contest_rules import judging_stream
from festival.judging.models import Mark, RefusedSheet, ScoreSheet, SheetRevision
from festival.judging.sheet_messages import SheetApart, SheetMessage, SheetOutcome, SheetRefused, SheetSame, SheetTaken
from festival.judging.sheet_versions import (
    Apart,
    Content,
    First,
    Next,
    Present,
    Same,
    UnreadableSheet,
    abstained,
    compare,
    marked,
)
from festival.judging.sheets.knowledge import HeldContest, SheetsKnown, SittingJudge, know, open_offers, sheets_there
from festival.roster.models import EntryState

_SHEET, _MARK, _REVISION = table(ScoreSheet), table(Mark), table(SheetRevision)
# Built once: every sheet of every judge is written by these.
_NEW = insert(_SHEET).returning(_SHEET.c.id, _SHEET.c.judge_id, _SHEET.c.entry_id)
_OFFERED = update(_SHEET).where(_SHEET.c.id == bindparam("sheet")).values(conflict=bindparam("to_conflict"))
_CHANGED = _OFFERED.values(
    {
        name: bindparam(f"to_{name}")
        for name in ("version", "state", "total_milli", "note", "on_paper", "typed_by", "updated_at")
    }
)
_REWRITTEN = delete(_MARK).where(_MARK.c.sheet_id.in_(bindparam("sheets", expanding=True)))
_CLOSED = (
    update(_REVISION).where(_REVISION.c.sheet_id.in_(bindparam("sheets", expanding=True))).values(open_conflict=False)
)


def take_sheets(messages: Sequence[SheetMessage]) -> list[SheetOutcome]:
    """Take a batch of sheets in order; one outcome each. Set-wise: the number of statements does not grow with it."""
    known = know(messages)
    batch = _Batch(known)
    outcomes = [batch.take(message) for message in messages]
    batch.write()
    return outcomes


class _Batch:
    """The sheets of one batch as they change message by message, written once at the end."""

    def __init__(self, known: SheetsKnown) -> None:
        self.known = known
        self.reserves = {judge.id for judge in known.seats() if judge.seat is PanelSeat.RESERVE}
        self.ids: dict[tuple[int, int], int] = {}
        self.present: dict[tuple[int, int], Present] = {}
        self.meta: dict[tuple[int, int], dict[str, Any]] = {}
        self.offers: dict[tuple[int, int], dict[str, Content]] = defaultdict(dict)
        self.revisions: list[tuple[tuple[int, int], dict[str, Any]]] = []
        self.closed: set[tuple[int, int]] = set()
        self.refused: list[dict[str, Any]] = []
        self.lines: dict[str, list[tuple[str, dict[str, object], dict[str, object]]]] = defaultdict(list)
        for pair, (sheet_id, present) in sheets_there(
            [judge.id for judge in known.seats()], [row.id for row in known.entries.values()]
        ).items():
            self.ids[pair] = sheet_id
            self.present[pair] = present
        in_conflict = {self.ids[pair]: pair for pair, present in self.present.items() if present.conflict}
        for row in open_offers(list(in_conflict)):
            self.offers[in_conflict[row.sheet_id]][row.mid] = _from_json(row.content)

    def take(self, message: SheetMessage) -> SheetOutcome:
        """Decide one message and remember what must be written."""
        entry = self.known.entries.get(message.entry_code)
        if entry is None or entry.state is not EntryState.ENROLLED:
            return SheetRefused("unknown_entry")
        contest = self.known.contests[entry.contest_id]
        judge = self.known.seat_of(message, contest.id)
        if judge is None:
            return SheetRefused("not_on_panel")
        if contest.result_kind is not ResultKind.RUBRIC or message.round != 1:
            return SheetRefused("not_marked_by_sheets")
        if contest.state is not ContestState.OPEN:
            return self._refuse("locked", message, contest, judge, entry.id)
        if judge.seat is PanelSeat.REPLACED and not message.on_paper:  # a slip given before is still put right
            return self._refuse("replaced", message, contest, judge, entry.id)
        pair = (judge.id, int(entry.id))
        too_late = self.known.time.refusal(contest.corrections, message, pair[1])
        content: Content | UnreadableSheet
        if message.verb == "resolve":
            return self._resolve(message, contest, pair)
        if message.verb == "abstain":
            content = abstained(message.body.get("state"), message.body.get("note", ""))
        elif entry.unit_id in self.known.tied_units[judge.id] or pair in self.known.tied:
            return self._refuse("tied", message, contest, judge, entry.id)
        else:
            content = marked(message.body.get("marks"), self.known.scales[contest.id], message.body.get("note", ""))
        if isinstance(content, UnreadableSheet):
            return SheetRefused(content.reason, content.criterion)
        present = self.present.get(pair)
        if message.correction and (present is None or present.conflict or present.version != message.base_version):
            return SheetRefused("stale_choice")  # what was read back to the secretary stands no more
        if too_late is not None and present is not None and not present.content.same_as(content):
            return self._refuse(too_late, message, contest, judge, entry.id)
        return self._compare(message, contest, pair, content)

    def _compare(
        self, message: SheetMessage, contest: HeldContest, pair: tuple[int, int], content: Content
    ) -> SheetOutcome:
        present = self.present.get(pair)
        match compare(present, content, message.base_version):
            case Same():
                assert present is not None
                return SheetSame(present.version, present.content.total_milli)
            case First():
                return self._put(message, contest, pair, content, 1, "sheet.sent", conflict=False)
            case Next(version):
                assert present is not None
                return self._put(message, contest, pair, content, version, "sheet.sent", conflict=present.conflict)
            case Apart():
                assert present is not None
                self.present[pair] = replace(present, conflict=True)
                self.meta.setdefault(pair, {})
                self.offers[pair][message.mid] = content
                self._revise(message, pair, present.version, content, open_conflict=True)
                self._line(message, contest, pair, "sheet.conflict", content, present.version)
                stream = self._stream(contest, pair)
                return SheetApart(present.version, present.content.as_json(), content.as_json(), stream)

    def _resolve(self, message: SheetMessage, contest: HeldContest, pair: tuple[int, int]) -> SheetOutcome:
        present = self.present.get(pair)
        if present is None or not present.conflict:
            return SheetRefused("no_conflict")
        if message.base_version != present.version:
            return SheetRefused("stale_choice")
        keep = message.body.get("keep")
        content = present.content if keep == "current" else self.offers[pair].get(str(keep))
        if content is None:
            return SheetRefused("unknown_choice")
        self.closed.add(pair)
        self.offers[pair].clear()
        return self._put(message, contest, pair, content, present.version + 1, "sheet.resolved", conflict=False)

    def _put(
        self,
        message: SheetMessage,
        contest: HeldContest,
        pair: tuple[int, int],
        content: Content,
        version: int,
        kind: str,
        *,
        conflict: bool,
    ) -> SheetTaken:
        self.present[pair] = Present(version, content, conflict)
        self.meta[pair] = {
            "on_paper": message.on_paper,
            "typed_by": message.typed_by,
            "updated_at": message.received_at,
            "contest_id": contest.id,
        }
        self._revise(message, pair, version, content, open_conflict=False)
        if message.correction:
            kind = "sheet.corrected"
        elif kind == "sheet.sent" and message.on_paper:
            kind = "sheet.paper"
        elif kind == "sheet.sent" and content.state is not SheetState.MARKED:
            kind = "sheet.abstained"
        self._line(message, contest, pair, kind, content, version)
        return SheetTaken(version, content.total_milli, self._stream(contest, pair))

    def _revise(
        self, message: SheetMessage, pair: tuple[int, int], version: int, content: Content, *, open_conflict: bool
    ) -> None:
        self.revisions.append(
            (
                pair,
                {
                    "version": version,
                    "mid": message.mid,
                    "content": content.as_json() | {"on_paper": message.on_paper},
                    "open_conflict": open_conflict,
                    "received_at": message.received_at,
                },
            )
        )

    def _stream(self, contest: HeldContest, pair: tuple[int, int]) -> str | None:
        """The ledger a sheet is written into: none while it is a reserve's, of whom nothing may be seen in its head."""
        return None if pair[0] in self.reserves else judging_stream(contest)

    def _line(
        self,
        message: SheetMessage,
        contest: HeldContest,
        pair: tuple[int, int],
        kind: str,
        content: Content,
        version: int,
    ) -> None:
        subject: dict[str, object] = {"judge": pair[0], "entry": pair[1], "round": message.round, "mid": message.mid}
        payload: dict[str, object] = content.as_json() | {"version": version}
        if message.typed_by is not None:
            payload["typed_by"] = message.typed_by
        if (stream := self._stream(contest, pair)) is not None:
            self.lines[stream].append((kind, subject, payload))

    def _refuse(
        self, reason: str, message: SheetMessage, contest: HeldContest, judge: SittingJudge, entry_id: int
    ) -> SheetRefused:
        self.refused.append(
            {
                "contest_id": contest.id,
                "judge_id": judge.id,
                "entry_id": entry_id,
                "mid": message.mid,
                "reason": reason,
                "content": {"verb": message.verb, "body": dict(message.body)},
                "received_at": message.received_at,
            }
        )
        return SheetRefused(reason)

    def write(self) -> None:
        """Store what changed: new sheets, new versions, their marks, every revision, the ledger."""
        write = db.session.connection().execute
        if self.refused:
            write(insert(RefusedSheet), self.refused)
        old = [pair for pair in self.meta if pair in self.ids]
        new = [pair for pair in self.meta if pair not in self.ids]
        if new:
            made = write(
                _NEW,
                [
                    {"judge_id": judge, "entry_id": entry, "round": 1} | self._row((judge, entry))
                    for judge, entry in new
                ],
            )
            self.ids.update({(row.judge_id, row.entry_id): row.id for row in made})
        for statement, pairs in (
            (_CHANGED, [pair for pair in old if self.meta[pair]]),
            (_OFFERED, [pair for pair in old if not self.meta[pair]]),
        ):
            if pairs:
                write(
                    statement,
                    [
                        {"sheet": self.ids[pair]} | {f"to_{name}": value for name, value in self._row(pair).items()}
                        for pair in pairs
                    ],
                )
        changed = [pair for pair, meta in self.meta.items() if meta]
        if rewritten := [self.ids[pair] for pair in changed if pair in old]:
            write(_REWRITTEN, {"sheets": rewritten})
        marks = [
            {
                "sheet_id": self.ids[pair],
                "criterion_id": self.known.criteria[self.meta[pair]["contest_id"], code],
                "milli": milli,
            }
            for pair in changed
            for code, milli in self.present[pair].content.marks.items()
        ]
        if marks:
            write(insert(_MARK), marks)
        if self.closed:
            write(_CLOSED, {"sheets": [self.ids[pair] for pair in self.closed]})
        if self.revisions:
            # an offer that a later message of the same batch has settled is not open any more
            write(
                insert(_REVISION),
                [
                    values
                    | {"sheet_id": self.ids[pair]}
                    | ({"open_conflict": False} if not self.present[pair].conflict else {})
                    for pair, values in self.revisions
                ],
            )
        for stream, lines in self.lines.items():
            ledger.append_many(stream, lines)

    def _row(self, pair: tuple[int, int]) -> dict[str, Any]:
        present, meta = self.present[pair], self.meta[pair]
        row: dict[str, Any] = {"conflict": present.conflict}
        if meta:
            row |= {
                "version": present.version,
                "state": present.content.state,
                "total_milli": present.content.total_milli,
                "note": present.content.note,
                "on_paper": meta["on_paper"],
                "typed_by": meta["typed_by"],
                "updated_at": meta["updated_at"],
            }
        return row


def _from_json(content: Mapping[str, Any]) -> Content:
    return Content(SheetState(content["state"]), content["marks"], content["total"], content.get("note", ""))
