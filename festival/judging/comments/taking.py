"""What becomes of a comment to a family that a judge's tablet sends?

Kind `sheet.comment`, subject `<entry code>/1`, body {"text"}. It is taken while the contest is open, by the judge's own row
that is held, so that two tablets of one judge come one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, Judge, ResultKind
from festival.core import ledger
from festival.core.database import db
from festival.devices.handlers import Applied, ConflictKept, Duplicate, Incoming, Rejected, Verdict
from festival.judging.comments.models import SheetComment
from festival.judging.comments.versions import (
    CommentMet,
    CommentSame,
    CommentTaken,
    CommentThere,
    comment_text,
    compare_comment,
)
from festival.judging.contest_rules import judging_stream
from festival.judging.sheets.knowledge import hold_contests
from festival.judging.ties import tied_pairs
from festival.roster.models import Delegation, Entry, EntryState

KIND = "sheet.comment"


def apply_comments(incoming: Sequence[Incoming]) -> list[Verdict]:
    """Take comments of one or several tablets in order; the number of statements does not grow with them."""
    batch = _Comments(incoming)
    verdicts = [batch.take(each) for each in incoming]
    batch.write()
    return verdicts


class _Comments:
    """The comments of one batch, read once and written once."""

    def __init__(self, incoming: Sequence[Incoming]) -> None:
        self.entries = {
            row.code: row
            for row in db.session.execute(
                select(Entry.id, Entry.code, Entry.contest_id, Entry.state, Delegation.unit_id)
                .join(Delegation, Delegation.id == Entry.delegation_id)
                .where(Entry.code.in_({each.subject.partition("/")[0] for each in incoming}))
            )
        }
        self.contests = hold_contests(sorted({row.contest_id for row in self.entries.values()}))
        users = {each.user_id for each in incoming if each.user_id is not None}
        self.judges = {
            (judge.user_id, judge.contest_id): judge
            for judge in db.session.scalars(
                select(Judge)
                .where(Judge.user_id.in_(users), Judge.contest_id.in_(list(self.contests)), Judge.marks)
                .order_by(Judge.id)
                .with_for_update()
            )
        }
        ids = [judge.id for judge in self.judges.values()]
        self.tied = {pair for pairs in tied_pairs(list(self.contests)).values() for pair in pairs}
        own = select(SheetComment).where(
            SheetComment.judge_id.in_(ids), SheetComment.entry_id.in_([row.id for row in self.entries.values()])
        )
        self.there = {(row.judge_id, row.entry_id): row for row in db.session.scalars(own)}
        self.lines: dict[str, list[tuple[str, dict[str, object], dict[str, object]]]] = defaultdict(list)

    def take(self, each: Incoming) -> Verdict:
        """Decide one message; what it changes is written at the end."""
        entry_code, _, round_ = each.subject.partition("/")
        said = comment_text(each.body.get("text"))
        if said is None or round_ != "1":
            return Rejected("malformed", {"field": "subject" if said is not None else "text"})
        entry = self.entries.get(entry_code)
        if entry is None or entry.state is not EntryState.ENROLLED:
            return Rejected("unknown_entry")
        contest = self.contests[entry.contest_id]
        judge = None if each.user_id is None else self.judges.get((each.user_id, contest.id))
        if (refused := _why_not(contest, judge)) is not None or judge is None:
            return Rejected(refused or "not_on_panel")
        if (judge.id, entry.id) in self.tied:
            return Rejected("tied")
        return self._compared(each, contest, judge.id, entry.id, said)

    def _compared(self, each: Incoming, contest: Contest, judge_id: int, entry_id: int, said: str) -> Verdict:
        row = self.there.get((judge_id, entry_id))
        there = None if row is None else CommentThere(row.version, row.said)
        match compare_comment(there, said, each.base_version or 0):
            case CommentSame():
                return Duplicate({"version": there.version if there else 0})
            case CommentMet():
                assert there is not None
                return ConflictKept({"version": there.version, "current": there.said, "offered": said})
            case CommentTaken(version):
                values: dict[str, Any] = {"version": version, "said": said, "updated_at": each.received_at}
                if row is None:
                    row = SheetComment(judge_id=judge_id, entry_id=entry_id, **values)
                    db.session.add(row)
                    self.there[judge_id, entry_id] = row
                else:
                    # other words than those that were held back: they are looked at anew
                    for name, value in (values | {"held": "", "held_by": None, "held_at": None}).items():
                        setattr(row, name, value)
                stream = judging_stream(contest)
                about: dict[str, object] = {"judge": judge_id, "entry": entry_id, "mid": each.mid}
                self.lines[stream].append(("comment.said", about, {"said": said, "version": version}))
                return Applied({"version": version}, stream)

    def write(self) -> None:
        """The rows, then the lines of the ledger."""
        db.session.flush()
        for stream, lines in self.lines.items():
            ledger.append_many(stream, lines)


def _why_not(contest: Contest, judge: Judge | None) -> str | None:
    if judge is None:
        return "not_on_panel"
    if not contest.comments or contest.result_kind is not ResultKind.RUBRIC:
        return "no_comments"
    return None if contest.state is ContestState.OPEN else "comment_locked"
