"""What becomes of a score sheet that comes before the lock: taken, corrected, kept beside another, refused?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from festival.contests.actions import fix_rules
from festival.contests.marks import Scale
from festival.contests.models import (
    Contest,
    ContestState,
    Criterion,
    Judge,
    PanelSeat,
    ResultKind,
    Unavailability,
)
from festival.contests.panel import SheetState
from festival.core import ledger
from festival.core.database import db
from festival.judging.contest_rules import judging_stream, scale_of
from festival.judging.correcting.acts import CorrectionTime, time_of
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
from festival.judging.tally import sheets_of
from festival.judging.ties import tied_by_family
from festival.roster.models import Delegation, Entry, EntryState

# A reserve's sheets are taken and count nowhere; what still comes of somebody who was replaced is kept aside.
BESIDE = (PanelSeat.RESERVE, PanelSeat.REPLACED)


@dataclass(slots=True)
class _Known:
    """What the messages of one batch speak of, read once."""

    entries: dict[str, Any]
    contests: dict[int, Contest]
    judges: dict[tuple[int, int], Judge]  # by (user, contest)
    scales: dict[int, dict[str, Scale]]
    criteria: dict[tuple[int, str], int]
    tied_units: dict[int, set[int]]
    tied: set[tuple[int, int]]  # (judge, entry) by family
    time: CorrectionTime


def hold_contests(contest_ids: Sequence[int]) -> dict[int, Contest]:
    """The contests with their state as it is *now*, held against a lock until this transaction ends."""
    fresh = db.session.scalars(
        select(Contest.id).where(Contest.id.in_(contest_ids), Contest.rules_fixed_at.is_(None)).order_by(Contest.id)
    ).all()
    for contest_id in fresh:
        fix_rules(contest_id)
    rows = db.session.scalars(
        select(Contest)
        .where(Contest.id.in_(contest_ids))
        .order_by(Contest.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    return {contest.id: contest for contest in rows}


def _know(messages: Sequence[SheetMessage]) -> _Known:
    entries = {
        row.code: row
        for row in db.session.execute(
            select(Entry.id, Entry.code, Entry.contest_id, Entry.state, Delegation.unit_id)
            .join(Delegation, Delegation.id == Entry.delegation_id)
            .where(Entry.code.in_({message.entry_code for message in messages}))
        )
    }
    contests = hold_contests(sorted({row.contest_id for row in entries.values()}))
    judges = {
        (judge.user_id, judge.contest_id): judge
        for judge in db.session.scalars(
            select(Judge)
            .where(
                Judge.user_id.in_({message.user_id for message in messages}),
                Judge.contest_id.in_(list(contests)),
                or_(Judge.marks, Judge.seat.in_(BESIDE)),
            )
            .order_by(Judge.id)
            .with_for_update()
        )
    }
    tied_units: dict[int, set[int]] = defaultdict(set)
    for judge in judges.values():
        if judge.unit_id is not None:
            tied_units[judge.id].add(judge.unit_id)
    with_family: list[int] = []
    for judge_id, unit_id in db.session.execute(
        select(Unavailability.judge_id, Unavailability.unit_id).where(
            Unavailability.judge_id.in_([judge.id for judge in judges.values()])
        )
    ):
        if unit_id is None:
            with_family.append(judge_id)
        else:
            tied_units[judge_id].add(unit_id)
    tied = tied_by_family(with_family, [row.id for row in entries.values()])
    scales: dict[int, dict[str, Scale]] = defaultdict(dict)
    criteria: dict[tuple[int, str], int] = {}
    for criterion in db.session.scalars(
        select(Criterion).where(Criterion.contest_id.in_(list(contests))).order_by(Criterion.position)
    ):
        scales[criterion.contest_id][criterion.code] = scale_of(criterion)
        criteria[criterion.contest_id, criterion.code] = criterion.id
    times = time_of(messages, contests.values())
    return _Known(entries, contests, judges, scales, criteria, tied_units, tied, times)


def take_sheets(messages: Sequence[SheetMessage]) -> list[SheetOutcome]:
    """Take a batch of sheets in order; one outcome each. Set-wise: the number of statements does not grow with it."""
    known = _know(messages)
    batch = _Batch(known)
    outcomes = [batch.take(message) for message in messages]
    batch.write()
    return outcomes


class _Batch:
    """The sheets of one batch as they change message by message, written once at the end."""

    def __init__(self, known: _Known) -> None:
        self.known = known
        self.reserves = {judge.id for judge in known.judges.values() if judge.seat is PanelSeat.RESERVE}
        self.ids: dict[tuple[int, int], int] = {}
        self.present: dict[tuple[int, int], Present] = {}
        self.meta: dict[tuple[int, int], dict[str, Any]] = {}
        self.offers: dict[tuple[int, int], dict[str, Content]] = defaultdict(dict)
        self.revisions: list[tuple[tuple[int, int], dict[str, Any]]] = []
        self.closed: set[tuple[int, int]] = set()
        self.refused: list[dict[str, Any]] = []
        self.lines: dict[str, list[tuple[str, dict[str, object], dict[str, object]]]] = defaultdict(list)
        for pair, sheet in sheets_of(
            [judge.id for judge in known.judges.values()], [row.id for row in known.entries.values()]
        ).items():
            self.ids[pair] = sheet.id
            self.present[pair] = Present(
                sheet.version, Content(sheet.state, sheet.marks, sheet.total_milli, sheet.note), sheet.conflict
            )
        in_conflict = {self.ids[pair]: pair for pair, present in self.present.items() if present.conflict}
        for revision in db.session.scalars(
            select(SheetRevision).where(SheetRevision.sheet_id.in_(list(in_conflict)), SheetRevision.open_conflict)
        ):
            if revision.mid is not None:
                self.offers[in_conflict[revision.sheet_id]][revision.mid] = _from_json(revision.content)

    def take(self, message: SheetMessage) -> SheetOutcome:
        """Decide one message and remember what must be written."""
        entry = self.known.entries.get(message.entry_code)
        if entry is None or entry.state is not EntryState.ENROLLED:
            return SheetRefused("unknown_entry")
        contest = self.known.contests[entry.contest_id]
        judge = self.known.judges.get((message.user_id, contest.id))
        if judge is None:
            return SheetRefused("not_on_panel")
        if contest.result_kind is not ResultKind.RUBRIC or message.round != 1:
            return SheetRefused("not_marked_by_sheets")
        if contest.state is not ContestState.OPEN:
            return self._refuse("locked", message, contest, judge, entry.id)
        if judge.seat is PanelSeat.REPLACED and not message.on_paper:  # a slip given before is still put right
            return self._refuse("replaced", message, contest, judge, entry.id)
        pair = (judge.id, int(entry.id))
        too_late = self.known.time.refusal(contest, message, pair[1])
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
        self, message: SheetMessage, contest: Contest, pair: tuple[int, int], content: Content
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

    def _resolve(self, message: SheetMessage, contest: Contest, pair: tuple[int, int]) -> SheetOutcome:
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
        contest: Contest,
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

    def _stream(self, contest: Contest, pair: tuple[int, int]) -> str | None:
        """The ledger a sheet is written into: none while it is a reserve's, of whom nothing may be seen in its head."""
        return None if pair[0] in self.reserves else judging_stream(contest)

    def _line(
        self,
        message: SheetMessage,
        contest: Contest,
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
        self, reason: str, message: SheetMessage, contest: Contest, judge: Judge, entry_id: int
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
        session = db.session
        if self.refused:
            session.execute(insert(RefusedSheet), self.refused)
        new = [pair for pair in self.meta if pair not in self.ids]
        if new:
            made = session.execute(
                insert(ScoreSheet).returning(ScoreSheet.id, ScoreSheet.judge_id, ScoreSheet.entry_id),
                [{"judge_id": pair[0], "entry_id": pair[1], "round": 1} | self._row(pair) for pair in new],
            )
            self.ids.update({(row.judge_id, row.entry_id): row.id for row in made})
        old = [pair for pair in self.meta if pair not in new]
        if old:
            session.execute(update(ScoreSheet), [{"id": self.ids[pair]} | self._row(pair) for pair in old])
        changed = [pair for pair, meta in self.meta.items() if meta]
        if rewritten := [self.ids[pair] for pair in changed if pair in old]:
            session.execute(delete(Mark).where(Mark.sheet_id.in_(rewritten)))
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
            session.execute(insert(Mark), marks)
        if self.closed:
            session.execute(
                update(SheetRevision)
                .where(SheetRevision.sheet_id.in_([self.ids[pair] for pair in self.closed]))
                .values(open_conflict=False)
            )
        if self.revisions:
            # an offer that a later message of the same batch has settled is not open any more
            session.execute(
                insert(SheetRevision),
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
