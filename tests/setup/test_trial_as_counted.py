"""Is what a trial says of marks exactly what the real contest says when judges send the same marks?"""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.marks import ReadMark, parse_mark
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.judging.contest_rules import scale_of
from festival.judging.measuring import note_measure, note_overtime
from festival.judging.models import MeasureState
from festival.judging.sheet_messages import SheetMessage, SheetTaken
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import read_tally
from festival.results.table import ContestTable, compute_table
from festival.roster.models import Delegation, Entry, Family, FamilyState, Origin
from festival.setup import pieces
from festival.setup.saving import begin, document_of
from festival.setup.templates import pack, with_pack
from festival.setup.trying.sample import cell, mark_cell, sample, try_cell
from festival.setup.trying.trial import TriedContest, trial, tried
from tests.setup.test_templates import FESTIVAL, blank

pytestmark = pytest.mark.either_database


def an_edition() -> pieces.Document:
    """A province's festival with six delegations, five judges for the talent contest, an entry of each in both contests."""
    chosen = pack("cap-tinh")
    assert chosen is not None
    with transaction():
        festival = begin(with_pack(blank(delegations=6), chosen)).festival
        contests = {each.code: each.id for each in db.session.scalars(select(Contest))}
        for at in range(5):
            user = create_user(f"gk-{at}", f"Giám khảo {at}", "", [Role.JUDGE])
            seat = PanelSeat.CHAIR if at == 0 else PanelSeat.MEMBER
            db.session.add(Judge(contest_id=contests["tai-nang"], user_id=user.id, seat=seat, letter="ABCDE"[at]))
        for at, delegation in enumerate(db.session.scalars(select(Delegation).order_by(Delegation.position)).all()):
            family = Family(
                festival_id=festival.id,
                delegation_id=delegation.id,
                code=f"gia-dinh-{at}",
                name=f"Gia đình ông Danh Chung {at}",
                folded=f"gia dinh ong danh chung {at}",
                state=FamilyState.APPROVED,
                origin=Origin.OFFICER,
                identity=f"danh chung {at}",
                created_at=now(),
            )
            db.session.add(family)
            db.session.flush()
            for code in ("tai-nang", "bong-da"):
                of = {"contest_id": contests[code], "delegation_id": delegation.id, "family_id": family.id}
                db.session.add(Entry(code=f"{code}-{at}", name=family.name, number=at + 1, **of))
    return document_of(FESTIVAL["code"])


def said(table: ContestTable) -> list[tuple[str, str, int | None, int | None, bool, list[str]]]:
    """Everything a table says of each entry; a real code ends with the number a trial gives."""
    return [
        (each.entry[-1], each.state, each.value, each.rank, each.open, [str(reason) for reason in each.reasons])
        for each in table.standings
    ]


def prizes(table: ContestTable) -> list[tuple[str, str]]:
    return [(each.entry[-1], each.prize) for each in table.prizes.awards]


def mark_all(those: TriedContest, typed: dict[str, str]) -> None:
    """The judges send what stands in the cells."""
    with transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        judges = db.session.scalars(select(Judge).where(Judge.contest_id == contest.id).order_by(Judge.letter)).all()
        messages = []
        for entry in range(those.size.entries):
            for at, judge in enumerate(judges):
                marks = {}
                for number, criterion in enumerate(contest.criteria):
                    read = parse_mark(typed.get(mark_cell(entry, at, number), ""), scale_of(criterion))
                    if isinstance(read, ReadMark):
                        marks[criterion.code] = read.milli
                if marks:
                    code, mid = f"tai-nang-{entry}", uuid.uuid4().hex
                    messages.append(SheetMessage(mid, judge.user_id, code, 1, "send", {"marks": marks}, 0, now(), None))
        assert {type(each) for each in take_sheets(messages)} == {SheetTaken}
        ids = {each.code: each.id for each in db.session.scalars(select(Entry))}
        note_measure(contest.id, ids["tai-nang-5"], 1, MeasureState.DID_NOT_START, None, 0, None)
        minutes, _, seconds = typed[cell("x", 3)].partition(":")
        note_overtime(contest.id, ids["tai-nang-3"], int(minutes) * 60 + int(seconds), None)


def count_all(typed: dict[str, str]) -> None:
    """The secretary types the balls that stand in the cells."""
    with transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == "bong-da")).one()
        for entry in db.session.scalars(select(Entry).where(Entry.contest_id == contest.id)).all():
            balls = typed.get(try_cell(int(entry.code[-1]), 0))
            state = MeasureState.VALID if balls else MeasureState.DID_NOT_START
            note_measure(contest.id, entry.id, 1, state, int(balls) if balls else None, 0, None)


def counted(code: str) -> ContestTable:
    with reading():
        contest = db.session.scalars(select(Contest).where(Contest.code == code)).one()
        found = db.session.scalars(select(Festival.code)).one()
        assert found == FESTIVAL["code"]
        return compute_table(read_tally(contest), settled=True)


def test_a_trial_says_what_the_real_contest_says_of_the_same_marks(app: Flask) -> None:
    with app.app_context():
        document = an_edition()
        talent, ball = (
            tried(piece, document)
            for code in ("tai-nang", "bong-da")
            if (piece := pieces.contest(document, code)) is not None
        )
        typed = sample(talent.rule, 5)
        mark_all(talent, typed)
        tried_out, real = trial(talent, typed), counted("tai-nang")
        assert tried_out.faults == {}
        assert said(tried_out.table) == said(real)
        assert prizes(tried_out.table) == prizes(real)
        assert any("Loại phiếu B" in reason for line in said(real) for reason in line[5])
        typed = sample(ball.rule, 5)
        count_all(typed)
        tried_out, real = trial(ball, typed), counted("bong-da")
        assert said(tried_out.table) == said(real)
        assert prizes(tried_out.table) == prizes(real)
        assert any(line[4] for line in said(real))
