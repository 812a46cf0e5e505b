"""On paper, in the day of a festival: a slip typed twice, one typed unlike and decided, a typing taken back, a photo replaced."""

from __future__ import annotations

from sqlalchemy import select

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.models import Contest, Criterion, Judge
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.paper.border import check_of, hold_locked, paper_slips, settle, type_border
from festival.judging.paper.confirming import on_tablet, override_confirmation
from festival.judging.paper.photos import drop_photo, keep_photo, put_back_photo
from festival.judging.paper.resolving import decide_slip, question_of
from festival.judging.paper.seats import set_paper_seats
from festival.judging.paper.slips import Slip, SlipReading, take_back_typing, type_slip, waiting_typings
from festival.judging.tally import read_tally
from festival.results.border.pages import begin
from festival.results.current import tally_for_result


def typed(staff: int) -> None:
    """In the first contest that is marked and still open: two judges of it on paper."""
    with transaction():
        helper = create_user("thuky-giup", "Lâm Giúp Việc", "", [Role.SECRETARY]).id
        contest = db.session.scalars(select(Contest).where(Contest.code == "trang-phuc")).one()
        contest_id = contest.id
        tallied = read_tally(contest)
        marks = {
            each.code: each.min_milli
            for each in db.session.scalars(select(Criterion).where(Criterion.contest_id == contest.id))
        }
        pairs = [(seat, act) for act in tallied.appearances for seat in tallied.expected(act)][-2:]
        slips = [Slip(contest.id, seat.id, seat.user_id, act.id, act.code) for seat, act in pairs]
        letters = {seat.letter for seat, _act in pairs}
        chair = db.session.scalars(select(Judge.user_id).where(Judge.contest_id == contest.id, Judge.marks)).first()
    assert chair is not None
    for chosen in (letters, set()):
        with transaction():
            set_paper_seats(contest_id, chosen, staff)
    low = SlipReading(marks, sum(marks.values()), "")
    first = next(iter(marks))
    high = SlipReading({**marks, first: marks[first] + 1_000}, low.total_milli + 1_000, "đọc khó")
    alike, unlike = slips
    for slip, reading_, by in ((alike, low, staff), (unlike, low, staff), (unlike, high, helper)):
        with transaction():
            type_slip(slip, reading_, by)
    with transaction():
        take_back_typing(alike, waiting_typings(alike)[0].id, staff)
    for choice in ("first", "second"):
        with reading():
            asked = question_of(unlike)
        assert asked is not None
        with transaction():
            decide_slip(unlike, choice, None, "xem lại phiếu", asked.seen, chair)
    with transaction():
        contest = db.session.get_one(Contest, contest_id)
        earlier = keep_photo(contest, unlike.judge_id, b"\xff\xd8\xff-1", staff, entry=unlike.entry_id).id
        keep_photo(contest, unlike.judge_id, b"\xff\xd8\xff-2", staff, entry=unlike.entry_id)
        put_back_photo(contest, earlier)
        drop_photo(contest, earlier)


def checked(code: str, staff: int) -> None:
    """Before the signature: begun, begun anew with other dice, one slip typed wrong and settled by the panel, a judge not awaited."""
    with reading():
        contest = db.session.scalars(select(Contest).where(Contest.code == code)).one()
        slips = {each.pair: each for each in paper_slips(tally_for_result(contest))}
        contest_id = contest.id
    if not slips:
        return
    with transaction():
        third = create_user(f"kiem-{code}", "Thị Kiểm Tra", "", [Role.SECRETARY]).id
    for dice, reason in (("3125466123", ""), ("6543216543", "gieo lại trước mọi người")):
        with transaction():
            begin(contest_id, dice, reason, staff)
    with reading():
        state = check_of(contest_id)
    assert state is not None
    for pair in state.pairs:
        read = dict(slips[pair].sheet.marks)
        wrong = read | {next(iter(read)): 500}
        for said in (wrong, read) if pair != next(iter(state.pairs)) else (read, wrong):
            with transaction():
                type_border(slips[pair], contest_id, SlipReading(said, sum(said.values()), ""), third)
    with reading():
        (apart,) = [each.id for each in check_of(contest_id).differing]  # type: ignore[union-attr]
    with transaction():
        settle(contest_id, apart, "phiếu đúng như đã khóa", ["Danh Thị Chủ"], staff)
    with transaction():
        tallied = tally_for_result(hold_locked(contest_id))
        for seat in on_tablet(tallied)[:1]:
            override_confirmation(tallied, seat.id, "đã về", staff, third)
