"""Who reads which comments: the judge the own ones, the chair all from the lock on, a family those of its published results?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest, ContestState, Judge
from festival.contests.replacing.holders import counting
from festival.core.database import db
from festival.editions.rules.kinds import MarkedByBoth
from festival.judging.comments.models import SheetComment
from festival.judging.tally import marking_judges_of, sheets_of
from festival.roster.deriving.numbers import own_number
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
        select(SheetComment, User.name.label("judge"), own_number().label("number"), Entry.name)
        .join(Judge, Judge.id == SheetComment.judge_id)
        .join(User, User.id == Judge.user_id)
        .join(Entry, Entry.id == SheetComment.entry_id)
        .where(Judge.contest_id == contest_id, SheetComment.said != "")
        .order_by(own_number(), Entry.id)
    ).all()
    letters = letters_of_givers([contest_id] if rows else [])
    found = [
        WrittenComment(
            row[0].id, letter, row.judge, row.number, row.name, row[0].said, row[0].version, row[0].held,
            row[0].held_at,
        )
        for row in rows
        if (letter := letters(row[0].judge_id, row[0].entry_id)) is not None
    ]  # fmt: skip
    acts: dict[int, int] = {}
    of_comment = {row[0].id: acts.setdefault(row[0].entry_id, len(acts)) for row in rows}
    return sorted(found, key=lambda each: (of_comment[each.id], each.letter))


def letters_of_givers(contest_ids: Sequence[int]) -> Callable[[int, int], str | None]:
    """Under which letter a judge speaks of an entry; None for whoever counts nothing there.

    Where a judge was replaced it is who gave the sheet that counts, and where there is none who sits there now.
    """
    seats = [seat for panel in (marking_judges_of(contest_ids) if contest_ids else {}).values() for seat in panel]
    chains = {seat.id: seat.sat for seat in seats if seat.sat}
    sheets = sheets_of([judge for chain in chains.values() for judge in chain], marks_too=False) if chains else {}
    rules = (
        dict(
            db.session.execute(select(Judge.id, Contest.marked_by_both).join(Contest).where(Judge.id.in_(chains))).all()
        )
        if chains
        else {}
    )
    letters = {judge: seat for seat in seats for judge in (seat.sat or (seat.id,))}

    def letter(judge_id: int, entry_id: int) -> str | None:
        seat = letters.get(judge_id)
        if seat is None:
            return None
        if not seat.sat:
            return seat.letter
        given = {judge: sheets[judge, entry_id] for judge in seat.sat if (judge, entry_id) in sheets}
        sheet = counting(seat.sat, seat.id, given, MarkedByBoth(rules[seat.id]))
        return seat.letter if judge_id == (seat.id if sheet is None else sheet.judge_id) else None

    return letter


@dataclass(frozen=True, slots=True)
class CommentForFamily:
    """What a family reads: of a judge only the letter."""

    contest: str
    letter: str
    said: str
    entry: str  # its code


def comments_for(entry_codes: Collection[str]) -> list[CommentForFamily]:
    """For these entries; only of contests whose result is published and whose rules say so, and nothing held back."""
    rows = db.session.execute(
        select(Contest.id, Contest.name, SheetComment.judge_id, SheetComment.entry_id, SheetComment.said, Entry.code)
        .join(Entry, Entry.id == SheetComment.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Entry.code.in_(entry_codes),
            Contest.comments,
            Contest.state == ContestState.PUBLISHED,
            SheetComment.said != "",
            SheetComment.held == "",
        )
        .order_by(Contest.position, Contest.id)
    ).all()
    letters = letters_of_givers(sorted({row.id for row in rows}))
    places = {row.id: at for at, row in enumerate(rows)}
    said = [
        (places[row.id], CommentForFamily(row.name, letter, row.said, row.code))
        for row in rows
        if (letter := letters(row.judge_id, row.entry_id)) is not None
    ]
    return [each for _at, each in sorted(said, key=lambda pair: (pair[0], pair[1].letter))]
