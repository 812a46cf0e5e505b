"""What can happen to marks before the lock: sent, corrected, chosen between, not given, typed from paper, measured.

The order of locks is the proof that no mark slips past a lock: the contest's row is held in SHARE mode first (the lock
of a contest takes it exclusively), then the judge's row (two tablets of one judge write one after the other), the
ledger's head last. On SQLite the one writer has the same effect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from festival.contests.actions import fix_rules
from festival.contests.models import Contest, ContestState, Criterion, Judge, ResultKind, Unavailability
from festival.contests.scoring import (
    BadTyped,
    Blank,
    Scale,
    SheetState,
    Typed,
    parse_count,
    parse_time,
)
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.errors import Conflict, NotFound
from festival.judging.models import (
    Mark,
    Measure,
    MeasureState,
    Overtime,
    RefusedSheet,
    ScoreSheet,
    SheetRevision,
)
from festival.judging.queries import judging_stream, scale_of, sheets_of
from festival.judging.sheets import (
    Apart,
    Content,
    First,
    Next,
    Present,
    Same,
    Unreadable,
    abstained,
    compare,
    marked,
)
from festival.registration.models import Delegation, Entry, EntryState

Verb = Literal["send", "abstain", "resolve"]


@dataclass(frozen=True, slots=True)
class SheetMessage:
    """What a judge says about an entry, from a tablet or through the secretary's hands.

    `body`: send {"marks": {criterion: milli}}, abstain {"state", "note"}, resolve {"keep": "current" or a mid}.
    """

    mid: str
    user_id: int
    entry_code: str
    round: int
    verb: Verb
    body: Mapping[str, Any]
    base_version: int
    received_at: datetime
    typed_by: int | None = None  # the secretary, for a paper slip

    @property
    def on_paper(self) -> bool:
        return self.typed_by is not None


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """It is the sheet's new version."""

    version: int
    total_milli: int | None
    stream: str


@dataclass(frozen=True, slots=True)
class SheetSame:
    """The sheet says that already."""

    version: int
    total_milli: int | None


@dataclass(frozen=True, slots=True)
class SheetApart:
    """Both versions are kept; the same judge chooses."""

    version: int
    current: Mapping[str, Any]
    offered: Mapping[str, Any]
    stream: str


@dataclass(frozen=True, slots=True)
class SheetRefused:
    """Not taken; `reason` is a word of docs/judging.md."""

    reason: str
    criterion: str = ""


SheetOutcome = SheetTaken | SheetSame | SheetApart | SheetRefused


@dataclass(slots=True)
class _Known:
    """What the messages of one batch speak of, read once."""

    entries: dict[str, Any]
    contests: dict[int, Contest]
    judges: dict[tuple[int, int], Judge]  # by (user, contest)
    scales: dict[int, dict[str, Scale]]
    criteria: dict[tuple[int, str], int]
    tied_units: dict[int, set[int]]


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
                Judge.marks,
            )
            .order_by(Judge.id)
            .with_for_update()
        )
    }
    tied_units: dict[int, set[int]] = defaultdict(set)
    for judge in judges.values():
        if judge.unit_id is not None:
            tied_units[judge.id].add(judge.unit_id)
    for judge_id, unit_id in db.session.execute(
        select(Unavailability.judge_id, Unavailability.unit_id).where(
            Unavailability.judge_id.in_([judge.id for judge in judges.values()])
        )
    ):
        tied_units[judge_id].add(unit_id)
    scales: dict[int, dict[str, Scale]] = defaultdict(dict)
    criteria: dict[tuple[int, str], int] = {}
    for criterion in db.session.scalars(
        select(Criterion).where(Criterion.contest_id.in_(list(contests))).order_by(Criterion.position)
    ):
        scales[criterion.contest_id][criterion.code] = scale_of(criterion)
        criteria[criterion.contest_id, criterion.code] = criterion.id
    return _Known(entries, contests, judges, scales, criteria, tied_units)


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
        pair = (judge.id, int(entry.id))
        content: Content | Unreadable
        if message.verb == "resolve":
            return self._resolve(message, contest, pair)
        if message.verb == "abstain":
            content = abstained(message.body.get("state"), message.body.get("note", ""))
        elif entry.unit_id in self.known.tied_units[judge.id]:
            return self._refuse("tied", message, contest, judge, entry.id)
        else:
            content = marked(message.body.get("marks"), self.known.scales[contest.id], message.body.get("note", ""))
        if isinstance(content, Unreadable):
            return SheetRefused(content.reason, content.criterion)
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
                return SheetApart(
                    present.version, present.content.as_json(), content.as_json(), judging_stream(contest)
                )

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
        if kind == "sheet.sent" and message.on_paper:
            kind = "sheet.paper"
        elif kind == "sheet.sent" and content.state is not SheetState.MARKED:
            kind = "sheet.abstained"
        self._line(message, contest, pair, kind, content, version)
        return SheetTaken(version, content.total_milli, judging_stream(contest))

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
        self.lines[judging_stream(contest)].append((kind, subject, payload))

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


# ------------------------------------------------------------------------------------------- counts, times, absences


@dataclass(frozen=True, slots=True)
class MeasureTaken:
    """The try is noted."""

    version: int


@dataclass(frozen=True, slots=True)
class MeasureRefused:
    """The typed value is not one; `said` tells why."""

    said: str


def _open_entry(entry_id: int, contest_id: int) -> Contest:
    contest = hold_contests([contest_id]).get(contest_id)
    held = db.session.scalar(
        select(Entry.id)
        .where(Entry.id == entry_id, Entry.contest_id == contest_id, Entry.state == EntryState.ENROLLED)
        .with_for_update()
    )
    if contest is None or held is None:
        raise NotFound()
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))
    return contest


def read_value(contest: Contest, typed: str) -> Typed | Blank | BadTyped:
    """A typed count (of balls, of right answers, of matches won) or a time, by the kind of the contest."""
    return parse_time(typed) if contest.result_kind is ResultKind.TIME else parse_count(typed)


def note_measure(
    contest_id: int,
    entry_id: int,
    round_: int,
    state: MeasureState,
    value: int | None,
    base_version: int,
    typed_by: int | None,
) -> MeasureTaken | MeasureRefused:
    """Note one try of an entry, or that it did not start, did not finish, was disqualified.

    Conflict when somebody else has changed it since `base_version` (0: nothing was there).
    """
    contest = _open_entry(entry_id, contest_id)
    if not 1 <= round_ <= contest.attempts:
        return MeasureRefused(_("Phần thi này có %(n)s lượt thử.", n=contest.attempts))
    if state is MeasureState.VALID:
        if contest.result_kind is ResultKind.RUBRIC or value is None:
            return MeasureRefused(_("Phần thi này chấm bằng phiếu của giám khảo."))
        if contest.best_possible is not None and value > contest.best_possible:
            return MeasureRefused(
                _("Nhiều nhất là %(most)s %(unit)s.", most=contest.best_possible, unit=contest.unit_label)
            )
    else:
        value = None
    row = db.session.scalars(select(Measure).where(Measure.entry_id == entry_id, Measure.round == round_)).one_or_none()
    if (row.version if row else 0) != base_version:
        if row is not None and (row.state, row.value) == (state, value):
            return MeasureTaken(row.version)
        raise Conflict(_("Kết quả này vừa được người khác sửa. Mở lại trang để xem số mới nhất."))
    if row is None:
        row = Measure(entry_id=entry_id, round=round_, version=0)
        db.session.add(row)
    row.state, row.value, row.typed_by, row.updated_at = state, value, typed_by, now()
    row.version += 1
    db.session.flush()
    ledger.append(
        judging_stream(contest),
        "measure.noted",
        {"entry": entry_id, "round": round_},
        {"state": state.value, "value": value, "version": row.version, "typed_by": typed_by},
    )
    return MeasureTaken(row.version)


def drop_measure(contest_id: int, entry_id: int, round_: int, base_version: int, typed_by: int | None) -> None:
    """A try was noted by mistake (an entry said absent has come after all)."""
    contest = _open_entry(entry_id, contest_id)
    gone = db.session.execute(
        delete(Measure).where(Measure.entry_id == entry_id, Measure.round == round_, Measure.version == base_version)
    )
    if gone.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(_("Kết quả này vừa được người khác sửa. Mở lại trang để xem số mới nhất."))
    ledger.append(
        judging_stream(contest), "measure.dropped", {"entry": entry_id, "round": round_}, {"typed_by": typed_by}
    )


def note_overtime(contest_id: int, entry_id: int, seconds: int, noted_by: int | None) -> None:
    """Note by how much an act ran over its time; 0 takes the note back."""
    contest = _open_entry(entry_id, contest_id)
    row = db.session.get(Overtime, entry_id)
    if (row.seconds if row else 0) == seconds:
        return
    if row is None:
        row = Overtime(entry_id=entry_id, seconds=seconds, noted_by=noted_by, noted_at=now())
        db.session.add(row)
    row.seconds, row.noted_by, row.noted_at = seconds, noted_by, now()
    db.session.flush()
    ledger.append(
        judging_stream(contest), "overtime.noted", {"entry": entry_id}, {"seconds": seconds, "noted_by": noted_by}
    )
