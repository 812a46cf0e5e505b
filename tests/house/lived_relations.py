"""What judges declared and can judge: said, said again in other words, withdrawn; a tie dismissed, asked again and dismissed anew."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, Judge, ResultKind
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.judging.panel import relations
from festival.judging.panel.relations import TieProposed
from festival.judging.panel.scopes import ScopeSaid, say_scope, undo_scope
from festival.roster.models import Entry


def declared(festival_id: int, staff: int) -> None:
    """Of the last judge of the first contest that is still marked, to two families who enter it."""
    with reading():
        contest = db.session.scalars(
            select(Contest)
            .where(
                Contest.festival_id == festival_id,
                Contest.result_kind == ResultKind.RUBRIC,
                Contest.state == ContestState.OPEN,
            )
            .order_by(Contest.position)
            .limit(1)
        ).one()
        judge = db.session.scalars(
            select(Judge).where(Judge.contest_id == contest.id, Judge.marks).order_by(Judge.letter.desc()).limit(1)
        ).one()
        families = db.session.scalars(
            select(Entry.family_id)
            .where(Entry.contest_id == contest.id, Entry.family_id.is_not(None))
            .order_by(Entry.id)
            .limit(2)
        ).all()
        user, seat = judge.user_id, judge.id
    with transaction():
        for words in ("cháu dự thi", "cháu ngoại dự thi"):
            relations.declare(festival_id, user, (None, families[0]), words)
        relations.declare(festival_id, user, (None, families[-1]), "hàng xóm")
    with transaction():
        relations.dismiss(festival_id, _tie(festival_id, seat, families[0]), "chỉ quen biết", staff)
    with transaction():
        relations.ask_again(festival_id, _tie(festival_id, seat, families[0]))
        relations.dismiss(festival_id, _tie(festival_id, seat, families[0]), "họ xa", staff)
        gone = next(each for each in relations.relations_of(festival_id) if each.words == "hàng xóm")
        relations.withdraw(festival_id, gone.id)
    with transaction():
        known = ScopeSaid(frozenset({"tai-nang"}), frozenset({"2024-06-14"}))
        assert say_scope(festival_id, user, replace(known, version=0), known, staff)
    with transaction():
        undo_scope(festival_id, user, 1, staff)
    with transaction():
        undo_scope(festival_id, user, 2, None)


def _tie(festival_id: int, judge_id: int, family_id: int | None) -> TieProposed:
    festival = db.session.get_one(Festival, festival_id)
    found = relations.ties_proposed(festival)
    return next(each for each in found if (each.judge_id, each.family_id) == (judge_id, family_id))
