"""How did the contests of the file come up the ladder, and what was their jury asked and did it answer?"""

from __future__ import annotations

from collections.abc import Callable

from festival.judging.actions import SheetMessage, SheetTaken, take_sheets
from festival.results.queries import agenda_of, table_of, tally_of
from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest, ContestState, Judge, JurySeat
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.judging.models import ScoreSheet
from festival.registration.models import Entry
from festival.results import actions as results
from festival.schedule.queries import enrolled

JURY = ["Danh Thị Chung", "Lê Hoàng Phúc"]
NOW, BEFORE = "kien-giang-2024", "kien-giang-2023"


def user_named(login: str) -> int:
    return db.session.scalars(select(User.id).where(User.login == login)).one()


def contest_named(code: str, festival: str = NOW) -> Contest:
    return db.session.scalars(
        select(Contest).join(Festival).where(Contest.code == code, Festival.code == festival)
    ).one()


def equal_sheets(contest: Contest) -> None:
    """Three acts that nobody has marked get the same marks from everybody."""
    marked = select(ScoreSheet.entry_id)
    unmarked = list(
        db.session.scalars(
            select(Entry).where(Entry.contest_id == contest.id, Entry.id.not_in(marked), Entry.state == "enrolled")
        )
    )[:3]
    judges = list(db.session.scalars(select(Judge).where(Judge.contest_id == contest.id, Judge.marks)))
    messages = [
        SheetMessage(
            mid=f"even-{contest.code}-{entry.id}-{judge.id}",
            user_id=judge.user_id,
            entry_code=entry.code,
            round=1,
            verb="send",
            body={"marks": {each.code: each.max_milli * 3 // 4 for each in contest.criteria}},
            base_version=0,
            received_at=contest.rules_fixed_at,
        )
        for entry in unmarked
        for judge in judges
    ]
    outcomes = take_sheets(messages)
    assert sum(isinstance(each, SheetTaken) for each in outcomes) > 10, outcomes


def _people_of(contest: Contest) -> tuple[int | None, int | None]:
    seats = dict(db.session.execute(select(Judge.seat, Judge.user_id).where(Judge.contest_id == contest.id)).all())
    return seats.get(JurySeat.CHAIR), seats.get(JurySeat.SECRETARY)


def walk(code: str, to: ContestState, festival: str = NOW) -> None:
    """Take a contest up the ladder as far as `to`, answering what the jury is asked."""
    with transaction():
        contest = contest_named(code, festival)
        chair, secretary = _people_of(contest)
        locked = results.lock(contest.id, chair, secretary if chair else None, "Diễn tập: chấm nửa phần thi.")
        assert isinstance(locked, results.Locked), locked
    if to is ContestState.LOCKED:
        return
    decide(lambda: _questions(code, festival))
    with transaction():
        contest = contest_named(code, festival)
        if contest.special_prizes:
            first = enrolled(contest.id)[0]
            results.give_special(contest.id, first.code, contest.special_prizes[0], user_named("thuky"))
        by = user_named("bantochuc")
        signed = results.sign(contest.id, f"{contest.position:02d}/BB-BGK", user_named("thuky"))
        assert isinstance(signed, results.Signed), signed
        steps: list[tuple[ContestState, Callable[[], None]]] = [
            (ContestState.SIGNED, lambda: None),
            (ContestState.DECIDED, lambda: results.record_award_decision(contest.id, "15/QĐ-BTC", by)),
            (ContestState.RELEASED, lambda: results.release(contest.id, by)),
            (ContestState.PUBLISHED, lambda: results.publish(contest.id, by)),
        ]
        for state, step in steps:
            step()
            if state is to:
                break


def _questions(code: str, festival: str) -> Callable[[], None] | None:
    """The next thing the jury must answer about a contest; None when it is asked nothing."""
    contest = contest_named(code, festival)
    agenda, table = agenda_of(contest), table_of(tally_of(contest))
    by = user_named("thuky")
    decided = {
        frozenset(entry for group in row.content.get("order", ()) for entry in group) for row in agenda.decided.rows
    }
    for each in table.unsettled:
        return lambda: results.decide(contest.id, results.TakenOut(each.entry, "dns"), "không đến", JURY, by)
    for tie in agenda.ties:
        order = sorted(each.entry for each in tie)
        if frozenset(order) not in decided:
            # in the edition before, whoever was equal stayed equal, so that the jury had to share out prizes
            saying = results.TieOrder([order] if festival == BEFORE else [[entry] for entry in order])
            return lambda: results.decide(contest.id, saying, "tròn vai hơn", JURY, by)
    for question in table.prizes.questions:
        given = results.PrizesGiven(dict.fromkeys(question.entries, contest.prizes[0]["name"]))
        return lambda: results.decide(contest.id, given, "ngang tài", JURY, by)
    return None


def decide(asked: Callable[[], Callable[[], None] | None]) -> None:
    for _ in range(60):
        with transaction():
            answer = asked()
            if answer is None:
                return
            answer()
    raise RuntimeError("the jury is asked without end")
