"""Petitions of a day: moved, answered twice, carried out by an amendment; on paper withdrawn; handed on, accepted, done."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.results.amending import Amended
from festival.results.amendments.storing import amend_standings, corrections_before
from festival.results.current import current_table, tally_for_result
from festival.results.ladder.lock import WrongPeople
from festival.results.petition_desk import answering, lodging
from festival.results.petition_desk.lodging import Lodged
from festival.results.petition_desk.subjects import typed_subject
from festival.results.petitions.grounds import StatedGround
from festival.results.petitions.kinds import GroundCode, PetitionDeed, PetitionTitle
from festival.roster.models import Delegation


def lodged(festival_id: int, about: str, by: int | None = None, photo: bytes | None = None) -> tuple[int, int]:
    """Of the first delegation: which row and which number."""
    with transaction():
        own = select(Delegation).where(Delegation.festival_id == festival_id).order_by(Delegation.id)
        delegation = db.session.scalars(own).first()
        assert delegation is not None
        subject = typed_subject(delegation, about)
        said = Lodged(subject, PetitionTitle.PETITION, "Loa rè giữa bài hát.", "Danh Văn Trưởng", photo=photo)
        row = lodging.lodge(delegation, said, by)
        return row.id, row.number


def petitioned(festival_id: int, code: str, staff: int, organiser: int) -> None:
    """Of a contest that was amended already."""
    first, number = lodged(festival_id, "contest:bong-ro")
    second, _number = lodged(festival_id, "organisation", staff, b"a picture")
    third, _number = lodged(festival_id, "whole")
    with reading():
        own = (Contest.festival_id == festival_id) & (Contest.code == code)
        contest = db.session.scalars(select(Contest).where(own)).one()
        contest_id, delegation_id = (
            contest.id,
            db.session.scalars(select(Delegation.id).order_by(Delegation.id)).first(),
        )
        seats = dict(db.session.execute(select(Judge.seat, Judge.user_id).where(Judge.contest_id == contest_id)).all())
        held, last = corrections_before(contest_id, 99), current_table(tally_for_result(contest)).standings[-1]
    two = seats[PanelSeat.CHAIR], seats[PanelSeat.SECRETARY]
    with transaction():
        there = typed_subject(db.session.get_one(Delegation, delegation_id), f"contest:{code}")
        lodging.move(first, there, "ghi nhầm phần thi", staff)
        lodging.withdraw(second, "đoàn xin rút", staff)
        answering.answer(third, PetitionDeed.PARTLY, "Đúng một phần.", organiser)
        answering.carry_out(third, "Đã xin lỗi đoàn.", organiser)
    for what, told in ((PetitionDeed.REFUSED, True), (PetitionDeed.ACCEPTED, False)):
        with transaction():
            assert not isinstance(answering.answer(first, what, "Xem lại băng ghi hình.", *two, told=told), WrongPeople)
    corrections = replace(held, prizes={**held.prizes, last.entry: None})
    with transaction():
        ground = StatedGround(GroundCode.PETITION, number)
        outcome = amend_standings(contest_id, corrections, "31/ĐC", "kiến nghị đúng", *two, ground=ground)
        assert isinstance(outcome, Amended), outcome
