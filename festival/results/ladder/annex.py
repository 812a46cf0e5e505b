"""What stands in the annex of the minutes: every lock and opening, with who and why, and every sheet that was replaced?

Read from what the house holds already: the openings with the locks they took back, the lock in force, the earlier
versions of sheets, dishes and money. Of each replaced sheet the totals it had, so that the paper alone tells what was changed before the lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from festival.accounts.models import User
from festival.contests.marks import written
from festival.contests.models import Judge
from festival.contests.questions.answers import counted, written_answers
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.judging.kitchen.kitchen_rule import asks_anything, money, outside
from festival.judging.kitchen.noting import counted as counted_table
from festival.judging.kitchen.noting import slips_of
from festival.judging.models import ScoreSheet, SheetRevision
from festival.judging.tally import Tally
from festival.results.models import Unlocking, UnlockReason


@dataclass(frozen=True, slots=True)
class OpenedLock:
    """A lock that was taken back: who locked, with which reason of an override, who opened it and why."""

    locked_at: datetime
    locked_by: tuple[str, ...]
    override: str
    at: datetime
    by: tuple[str, ...]
    code: UnlockReason
    reason: str


@dataclass(frozen=True, slots=True)
class ReplacedSheet:
    """A sheet that had other versions before: totals as written, the first first, the last one in force."""

    letter: str
    number: int | None
    name: str
    totals: tuple[str, ...]
    at: datetime  # of the version in force


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """What an entry answered, question by question, and how many of it were right."""

    number: int | None
    name: str
    answers: str
    counted: Sentence


@dataclass(frozen=True, slots=True)
class TableTyped:
    """What the secretary counted on an entry's table, and in what it is outside the rules."""

    number: int | None
    name: str
    dishes: int | None
    spent: str | None  # đồng, as written
    outside: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Annex:
    opened: tuple[OpenedLock, ...]
    replaced: tuple[ReplacedSheet, ...]
    answered: tuple[AnsweredBy, ...] = ()
    tables: tuple[TableTyped, ...] = ()


def annex_of(tallied: Tally) -> Annex:
    """Of a contest that is locked."""
    people = [aliased(User) for _each in range(4)]
    ids = (Unlocking.locked_by, Unlocking.locked_with, Unlocking.by_user, Unlocking.with_user)
    wanted = select(Unlocking, *(each.name for each in people)).where(Unlocking.contest_id == tallied.contest.id)
    for whose, each in zip(ids, people, strict=True):
        wanted = wanted.outerjoin(each, each.id == whose)
    opened = tuple(
        OpenedLock(
            row.locked_at,
            tuple(name for name in names[:2] if name),
            row.locked_note,
            row.at,
            tuple(name for name in names[2:] if name),
            row.code,
            row.reason,
        )
        for row, *names in db.session.execute(wanted.order_by(Unlocking.id))
    )
    answered = tuple(
        AnsweredBy(appearance.number, appearance.name, written_answers(each.answers), counted(each.answers))
        for appearance in tallied.appearances
        for each in tallied.measures.get(appearance.id, ())
        if each.answers is not None
    )
    return Annex(opened, _replaced(tallied), answered, _tables(tallied))


def _tables(tallied: Tally) -> tuple[TableTyped, ...]:
    """Of a contest that asks for dishes or money; a table nobody counted is not there."""
    if not asks_anything(tallied.contest):
        return ()
    slips = slips_of(tallied.contest.id)
    found = []
    for each in tallied.appearances:
        count = counted_table(slips.get(each.id, ()))
        if not count.blank:
            spent = None if count.spent_vnd is None else money(count.spent_vnd)
            faults = tuple(outside(tallied.contest, count))
            found.append(TableTyped(each.number, each.name, count.dishes, spent, faults))
    return tuple(found)


def _replaced(tallied: Tally) -> tuple[ReplacedSheet, ...]:
    """Sheets with earlier versions, in the order of appearance."""
    if all(each.version == 1 for each in tallied.sheets.values()):
        return ()
    rows = db.session.execute(
        select(ScoreSheet.judge_id, ScoreSheet.entry_id, SheetRevision.content)
        .join(ScoreSheet, ScoreSheet.id == SheetRevision.sheet_id)
        .join(Judge, Judge.id == ScoreSheet.judge_id)
        .where(
            Judge.contest_id == tallied.contest.id,
            SheetRevision.version < ScoreSheet.version,
            ~SheetRevision.open_conflict,
        )
        .order_by(SheetRevision.id)
    )
    earlier: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        earlier.setdefault((row.judge_id, row.entry_id), []).append(_total(row.content.get("total")))
    return tuple(
        ReplacedSheet(
            seat.letter,
            appearance.number,
            appearance.name,
            (*earlier[seat.id, appearance.id], _total(sheet.total_milli)),
            sheet.updated_at,
        )
        for appearance in tallied.appearances
        for seat in tallied.seats
        if (seat.id, appearance.id) in earlier and (sheet := tallied.sheets.get((seat.id, appearance.id))) is not None
    )


def _total(milli: int | None) -> str:
    return "–" if milli is None else written(milli)
