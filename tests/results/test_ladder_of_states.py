"""From the lock to publication on both databases: two people, no way round, every step once, each in the ledger."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.actions import drop_unavailable, note_unavailable, seat, unseat
from festival.contests.models import Contest, ContestState, JurySeat, Unavailability
from festival.core import ledger
from festival.core.database import db
from festival.core.errors import BadInput, Conflict, NotFound
from festival.core.transaction import transaction
from festival.editions.models import Unit
from festival.judging.actions import SheetRefused, note_measure, note_overtime
from festival.judging.models import MeasureState
from festival.judging.queries import tally
from festival.registration.models import Entry, EntryPerson, EntryState, Person
from festival.results import actions
from festival.results.actions import Locked, NotReady, PrizesGiven, Signed, StillOpen, TakenOut, TieOrder, WrongPeople
from festival.results.models import Award, StateChange
from festival.results.queries import (
    published_results,
    released_awards,
    standings_hash,
    steps_of,
    stored_standings,
    table_of,
    tally_of,
)
from tests.judging.jury_cast import Jury, cast, full_panel, marks, send

NAMES = ["Nguyễn Thị Chủ", "Trần Văn Hùng"]


def lock(jury: Jury, override: str = "") -> object:
    with transaction():
        return actions.lock(jury.contest_id, jury.users["chair"], jury.users["secretary"], override)


def contest(jury: Jury) -> Contest:
    return db.session.get_one(Contest, jury.contest_id, populate_existing=True)


def stored(jury: Jury) -> list[tuple[int | None, bool, int | None]]:
    rows = [(row.place, row.shared, row.score_milli) for row in stored_standings(jury.contest_id)]
    db.session.rollback()
    return rows


def test_the_whole_ladder_once_and_in_order(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        full_panel(jury)
        with transaction():
            note_overtime(jury.contest_id, jury.entry_ids[1], 125, None)  # 65 s after the grace: two started minutes
        outcome = lock(jury)
        assert isinstance(outcome, Locked) and outcome.problems == ()
        # 45+45, 45+44,75, 45+44,5 → 89,75; second 84,75 − 4; third without Lan (80 + 79,5) / 2
        assert stored(jury) == [(1, False, 89_750), (2, False, 80_750), (3, False, 79_750)]
        assert outcome.standings_hash == standings_hash(table_of(tally(contest(jury))))
        db.session.rollback()
        with pytest.raises(Conflict):
            lock(jury)
        for step in (actions.release, actions.publish):
            with pytest.raises(Conflict), transaction():
                step(jury.contest_id, None)
        with pytest.raises(NotFound):
            released_awards(contest(jury))
        db.session.rollback()
        with transaction():
            assert actions.sign(jury.contest_id, "07/BB-BGK", jury.users["chair"]) == Signed(3)
        with transaction():
            actions.record_award_decision(jury.contest_id, "105/QĐ-BTC", jury.users["organiser"])
        with pytest.raises(Conflict), transaction():
            actions.publish(jury.contest_id, None)
        with transaction():
            actions.release(jury.contest_id, jury.users["organiser"])
        read = [(each.prize, [w.number for w in each.winners]) for each in released_awards(contest(jury))]
        assert read == [("Nhất", [1]), ("Nhì", [2, 3])]
        assert published_results(jury.festival_id)[0].code == "bong-ro"
        db.session.rollback()
        with transaction():
            actions.publish(jury.contest_id, jury.users["organiser"])
        (sealed, _) = published_results(jury.festival_id)
        assert [each.prize for each in sealed.prizes] == ["Nhất", "Nhì"] and sealed.lines == () and sealed.final
        steps = steps_of(jury.contest_id)
        assert list(steps) and steps[ContestState.SIGNED].number == "07/BB-BGK"
        assert steps[ContestState.LOCKED].ledger_size == ledger.head("judging:tai-nang").size == 9
        assert steps[ContestState.LOCKED].ledger_hash == ledger.head("judging:tai-nang").hash
        assert ledger.head("results:tai-nang").size == 5
        assert ledger.verify("results:tai-nang") == ledger.verify("judging:tai-nang") == []


def test_the_lock_needs_the_chair_and_the_secretary(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        full_panel(jury)
        users = jury.users
        for chair, secretary in (
            (users["lan"], users["secretary"]),
            (users["chair"], users["lan"]),
            (users["secretary"], users["chair"]),
            (users["chair"], users["chair"]),
            (users["other"], users["secretary"]),
            (users["organiser"], users["secretary"]),
        ):
            with transaction():
                assert isinstance(actions.lock(jury.contest_id, chair, secretary), WrongPeople)
        with pytest.raises(BadInput), transaction():
            actions.lock(jury.contest_id, None, None)
        assert contest(jury).state is ContestState.OPEN
        assert stored(jury) == [] and ledger.head("results:tai-nang").size == 0


def test_a_missing_sheet_stops_the_lock_unless_two_people_say_why(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        send(*(jury.message(who, at, marks(40_000, 40_000)) for who in ("chair", "hung") for at in range(3)))
        send(jury.message("lan", 0, marks(50_000, 50_000)))
        outcome = lock(jury)
        assert isinstance(outcome, NotReady)
        assert [(each.what, each.who) for each in outcome.problems] == [("missing", "Danh Thị Lan")]
        assert contest(jury).state is ContestState.OPEN
        db.session.rollback()
        forced = lock(jury, "  máy của giám khảo B   hỏng ")
        assert isinstance(forced, Locked) and len(forced.problems) == 1
        assert db.session.scalar(select(StateChange.note)) == "máy của giám khảo B hỏng"
        db.session.rollback()
        # the missing judge counts as absent, never as zero
        assert sorted(stored(jury), key=str) == sorted(
            [(1, False, 86_667), (2, True, 80_000), (2, True, 80_000)], key=str
        )


def test_a_conflict_stops_the_lock(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        full_panel(jury)
        send(jury.message("lan", 0, marks(1_000, 1_000)))
        outcome = lock(jury)
        assert isinstance(outcome, NotReady) and [each.what for each in outcome.problems] == ["conflict"]
        db.session.rollback()
        send(jury.message("lan", 0, verb="resolve", body={"keep": "current"}, base=1))
        assert isinstance(lock(jury), Locked)


def test_a_mark_after_the_lock_changes_nothing(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        full_panel(jury)
        lock(jury)
        before, head = stored(jury), ledger.head("judging:tai-nang")
        db.session.rollback()
        assert send(jury.message("hung", 0, marks(1_000, 1_000), base=1)) == [SheetRefused("locked")]
        assert stored(jury) == before and ledger.head("judging:tai-nang") == head


def test_ties_and_borders_wait_for_the_jury(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        send(
            *(jury.message(who, at, marks(40_000, 40_000)) for who in ("chair", "hung") for at in range(3)),
            *(jury.message("lan", at, marks(40_000, 40_000)) for at in range(2)),
        )
        lock(jury)
        with transaction():
            assert actions.sign(jury.contest_id, "1", None) == StillOpen(questions=1, unsettled=0)
        three = [["E000"], ["E001"], ["E002"]]
        for order, reason, names in (
            ([["E000"], ["E001"]], "thiếu một", NAMES),
            ([["E000", "E000"], ["E001"], ["E002"]], "hai lần", NAMES),
            (three, "   ", NAMES),
            (three, "không tên", ["  "]),
        ):
            with pytest.raises(BadInput), transaction():
                actions.decide(jury.contest_id, TieOrder(order), reason, names, None)
        with transaction():
            actions.decide(
                jury.contest_id, TieOrder([["E002"], ["E000", "E001"]]), "tiết mục E002 trọn vẹn hơn", NAMES, None
            )
        assert stored(jury) == [(1, False, 80_000), (2, True, 80_000), (2, True, 80_000)]
        with transaction():
            assert actions.sign(jury.contest_id, "1", None) == Signed(3)
        prizes = db.session.execute(select(Award.prize, Award.position).order_by(Award.position, Award.id)).all()
        assert [tuple(each) for each in prizes] == [("Nhất", 1), ("Nhì", 2), ("Nhì", 2)]
        db.session.rollback()
        with pytest.raises(Conflict), transaction():
            actions.decide(jury.contest_id, TieOrder(three), "muộn", NAMES, None)


def test_the_jury_may_give_one_prize_to_all_on_a_border(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        send(*(jury.message(who, at, marks(40_000, 40_000)) for who in ("chair", "hung") for at in range(3)))
        lock(jury, "giám khảo B vắng")
        with pytest.raises(BadInput), transaction():
            actions.decide(jury.contest_id, PrizesGiven(dict.fromkeys(jury.entries, "Vàng")), "x", NAMES, None)
        with transaction():
            actions.decide(jury.contest_id, PrizesGiven(dict.fromkeys(jury.entries, "Nhất")), "ngang tài", NAMES, None)
            actions.give_special(jury.contest_id, "E001", "Trang phục ấn tượng", None)
        with transaction():
            assert actions.sign(jury.contest_id, "1", None) == Signed(3)
        given = db.session.execute(select(Award.prize, Award.special).order_by(Award.id)).all()
        assert [tuple(each) for each in given] == [("Trang phục ấn tượng", True)] + [("Nhất", False)] * 3


def test_balls_are_public_at_once_and_places_shared(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        with transaction():
            for entry, balls in zip(jury.sport_entries, (12, 15, 12), strict=True):
                note_measure(jury.sport_id, entry, 1, MeasureState.VALID, balls, 0, None)
        (sport,) = published_results(jury.festival_id)
        assert [(line.place, line.shared, line.value) for line in sport.lines] == [
            (1, False, "15"),
            (2, True, "12"),
            (2, True, "12"),
        ]
        assert not sport.final and sport.prizes == ()
        db.session.rollback()
        # no chair sits in a contest without judges: an account with the chair's or organiser's right stands for it
        with transaction():
            outcome = actions.lock(jury.sport_id, jury.users["organiser"], jury.users["secretary"])
        assert isinstance(outcome, Locked)


def test_an_entry_that_did_not_come_needs_no_sheets_and_takes_no_place(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        full_panel(jury)
        with transaction():
            note_measure(jury.contest_id, jury.entry_ids[0], 1, MeasureState.DID_NOT_START, None, 0, None)
        assert isinstance(lock(jury), Locked)
        assert stored(jury) == [(1, False, 84_750), (2, False, 79_750), (None, False, None)]


def test_an_entry_nobody_marked_waits_for_the_jury_and_then_takes_no_place(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        send(*(jury.message(who, at, marks(40_000 - 250 * at, 40_000)) for who in ("chair", "hung") for at in range(2)))
        lock(jury, "trời mưa, dừng chương trình")
        with transaction():
            assert actions.sign(jury.contest_id, "1", None) == StillOpen(questions=0, unsettled=1)
        for entry, state, reason in (("E000", "dns", "x"), ("E002", "ranked", "x"), ("E002", "dns", " ")):
            with pytest.raises(BadInput), transaction():
                actions.decide(jury.contest_id, TakenOut(entry, state), reason, NAMES, None)
        with transaction():
            actions.decide(jury.contest_id, TakenOut("E002", "dns"), "gia đình xin rút", NAMES, None)
        assert stored(jury) == [(1, False, 80_000), (2, False, 79_750), (None, False, None)]
        with transaction():
            assert actions.sign(jury.contest_id, "1", None) == Signed(2)


def test_what_was_locked_stands_whoever_withdraws_or_comes_afterwards(app: Flask) -> None:
    with app.app_context():
        jury = cast(tie_ladder=[{"by": "members"}, {"by": "jury"}])
        full_panel(jury)
        outcome = lock(jury)
        assert isinstance(outcome, Locked)
        with transaction():
            first = db.session.get_one(Entry, jury.entry_ids[0])
            first.state = EntryState.WITHDRAWN
            late = Entry(
                contest_id=jury.contest_id,
                delegation_id=first.delegation_id,
                code="MUON",
                name="Đội đến sau",
            )
            person = Person(
                festival_id=jury.festival_id,
                family_id=first.family_id,
                code="p1",
                name="Danh Chung",
                folded="danh chung",
            )
            db.session.add_all([late, person])
            db.session.flush()
            db.session.add(EntryPerson(entry_id=jury.entry_ids[1], person_id=person.id))
        table = table_of(tally_of(contest(jury)))
        assert [each.entry for each in table.standings] == jury.entries
        assert [turn.members for turn in tally_of(contest(jury)).turns] == [0, 0, 0]
        assert standings_hash(table) == outcome.standings_hash
        db.session.rollback()
        with transaction():
            assert actions.sign(jury.contest_id, "07/BB-BGK", None) == Signed(3)
        assert stored(jury) == [(1, False, 89_750), (2, False, 84_750), (3, False, 79_750)]


def test_the_jury_stands_from_the_lock_on(app: Flask) -> None:
    with app.app_context():
        jury = cast()
        full_panel(jury)
        assert isinstance(lock(jury), Locked)
        before = standings_hash(table_of(tally_of(contest(jury))))
        unit = db.session.scalars(select(Unit.id).where(Unit.key == "u0")).one()
        tie = db.session.scalars(select(Unavailability.id)).one()
        db.session.rollback()
        for change in (
            lambda: note_unavailable(jury.judges["hung"], unit, "anh em"),
            lambda: drop_unavailable(tie),
            lambda: seat(jury.contest_id, jury.users["other"], JurySeat.MEMBER),
            lambda: unseat(jury.judges["secretary"]),
        ):
            with pytest.raises(Conflict), transaction():
                change()
        assert standings_hash(table_of(tally_of(contest(jury)))) == before
        db.session.rollback()
