"""Who reads which comments: the judge the own ones, the chair all from the lock on, a family those of its published results?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest, ContestState, Judge
from festival.core.database import db
from festival.judging.comments.models import SheetComment
from festival.roster.models import Entry


def own_comments(judge_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """By seat, what its own tablet is told."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = select(SheetComment, Entry.code).join(Entry, Entry.id == SheetComment.entry_id)
    for comment, code in db.session.execute(rows.where(SheetComment.judge_id.in_(judge_ids)).order_by(SheetComment.id)):
        told = {"entry": code, "text": comment.said, "version": comment.version, "held": comment.held or None}
        found.setdefault(comment.judge_id, []).append(told)
    return found


@dataclass(frozen=True, slots=True)
class WrittenComment:
    """A comment as the chair looks through them."""

    id: int
    letter: str
    judge: str
    number: int | None
    name: str
    said: str
    version: int
    held: str
    held_at: datetime | None


def comments_of(contest_id: int) -> list[WrittenComment]:
    """Everything written about the entries of a contest, in their order."""
    rows = db.session.execute(
        select(SheetComment, Judge.letter, User.name.label("judge"), Entry.number, Entry.name)
        .join(Judge, Judge.id == SheetComment.judge_id)
        .join(User, User.id == Judge.user_id)
        .join(Entry, Entry.id == SheetComment.entry_id)
        .where(Judge.contest_id == contest_id, SheetComment.said != "")
        .order_by(Entry.number, Entry.id, Judge.letter)
    )
    return [
        WrittenComment(
            row[0].id, row.letter or "", row.judge, row.number, row.name, row[0].said, row[0].version, row[0].held,
            row[0].held_at,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommentForFamily:
    """What a family reads: of a judge only the letter."""

    contest: str
    letter: str
    said: str


def comments_for(entry_codes: Collection[str]) -> list[CommentForFamily]:
    """For these entries; only of contests whose result is published and whose rules say so, and nothing held back."""
    rows = db.session.execute(
        select(Contest.name, Judge.letter, SheetComment.said)
        .join(Entry, Entry.id == SheetComment.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Judge, Judge.id == SheetComment.judge_id)
        .where(
            Entry.code.in_(entry_codes),
            Contest.comments,
            Contest.state == ContestState.PUBLISHED,
            SheetComment.said != "",
            SheetComment.held == "",
        )
        .order_by(Contest.position, Judge.letter)
    )
    return [CommentForFamily(row.name, row.letter or "", row.said) for row in rows]
