"""From the lock to publication on both databases: two people, no way round, every step once, each in the ledger."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.actions import drop_unavailable, note_unavailable, seat, unseat
from festival.contests.models import Contest, ContestState, PanelSeat, Unavailability
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.editions.models import Unit
from festival.judging.measuring import note_measure, note_overtime
from festival.judging.models import MeasureState
from festival.judging.sheet_messages import SheetRefused
from festival.judging.tally import read_tally
from festival.results import decide
from festival.results.awards import released_awards
from festival.results.current import current_table, standings_hash, tally_for_result
from festival.results.decide import TakenOut, TieOrder
from festival.results.ladder import lock as ladder_lock
from festival.results.ladder import sign
from festival.results.ladder.lock import Locked, NotReady, WrongPeople
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.ladder.states import steps_of
from festival.results.models import Award, StateChange
from festival.results.published import published_results
from festival.results.settling.awarding import PrizesGiven
from festival.roster.models import Entry, EntryPerson, EntryState, Person
from tests.judging.panel_cast import Panel, cast, full_panel, marks, send
from tests.results.stored import stored_standings

NAMES = ["Nguyễn Thị Chủ", "Trần Văn Hùng"]


def lock(panel: Panel, override: str = "") -> object:
    with transaction():
        return ladder_lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"], override)


def contest(panel: Panel) -> Contest:
    return db.session.get_one(Contest, panel.contest_id, populate_existing=True)


def stored(panel: Panel) -> list[tuple[int | None, bool, int | None]]:
    rows = [(row.place, row.shared, row.score_milli) for row in stored_standings(panel.contest_id)]
    db.session.rollback()
    return rows


def test_the_whole_ladder_once_and_in_order(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        with transaction():
            note_overtime(panel.contest_id, panel.entry_ids[1], 125, None)  # 65 s after the grace: two started minutes
        outcome = lock(panel)
        assert isinstance(outcome, Locked) and outcome.problems == ()
        # 45+45, 45+44,75, 45+44,5 → 89,75; second 84,75 − 4; third without Lan (80 + 79,5) / 2
        assert stored(panel) == [(1, False, 89_750), (2, False, 80_750), (3, False, 79_750)]
        assert outcome.standings_hash == standings_hash(current_table(read_tally(contest(panel))))
        db.session.rollback()
        with pytest.raises(Conflict):
            lock(panel)
        for step in (sign.release, sign.publish):
            with pytest.raises(Conflict), transaction():
                step(panel.contest_id, None)
        with pytest.raises(NotFound):
            released_awards(contest(panel))
        db.session.rollback()
        with transaction():
            assert sign.sign(panel.contest_id, "07/BB-BGK", panel.users["chair"]) == Signed(3)
        with transaction():
            sign.record_award_decision(panel.contest_id, "105/QĐ-BTC", panel.users["organiser"])
        with pytest.raises(Conflict), transaction():
            sign.publish(panel.contest_id, None)
        with transaction():
            sign.release(panel.contest_id, panel.users["organiser"])
        read = [(each.prize, [w.number for w in each.winners]) for each in released_awards(contest(panel))[0]]
        assert read == [("Nhất", [1]), ("Nhì", [2, 3])]
        assert published_results(panel.festival_id)[0].code == "bong-ro"
        db.session.rollback()
        with transaction():
            sign.publish(panel.contest_id, panel.users["organiser"])
        (sealed, _) = published_results(panel.festival_id)
        assert [each.prize for each in sealed.prizes] == ["Nhất", "Nhì"] and sealed.lines == () and sealed.final
        steps = steps_of(panel.contest_id)
        assert list(steps) and steps[ContestState.SIGNED].number == "07/BB-BGK"
        assert steps[ContestState.LOCKED].ledger_size == ledger.head("judging:tai-nang").size == 9
        assert steps[ContestState.LOCKED].ledger_hash == ledger.head("judging:tai-nang").hash
        assert ledger.head("results:tai-nang").size == 5
        assert ledger.verify("results:tai-nang") == ledger.verify("judging:tai-nang") == []


def test_the_lock_needs_the_chair_and_the_secretary(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        users = panel.users
        for chair, secretary in (
            (users["lan"], users["secretary"]),
            (users["chair"], users["lan"]),
            (users["secretary"], users["chair"]),
            (users["chair"], users["chair"]),
            (users["other"], users["secretary"]),
            (users["organiser"], users["secretary"]),
        ):
            with transaction():
                assert isinstance(ladder_lock.lock(panel.contest_id, chair, secretary), WrongPeople)
        with pytest.raises(BadInput), transaction():
            ladder_lock.lock(panel.contest_id, None, None)
        assert contest(panel).state is ContestState.OPEN
        assert stored(panel) == [] and ledger.head("results:tai-nang").size == 0


def test_a_missing_sheet_stops_the_lock_unless_two_people_say_why(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        send(*(panel.message(who, at, marks(40_000, 40_000)) for who in ("chair", "hung") for at in range(3)))
        send(panel.message("lan", 0, marks(50_000, 50_000)))
        outcome = lock(panel)
        assert isinstance(outcome, NotReady)
        assert [(each.what, each.who) for each in outcome.problems] == [("missing", "Danh Thị Lan")]
        assert contest(panel).state is ContestState.OPEN
        db.session.rollback()
        forced = lock(panel, "  máy của giám khảo B   hỏng ")
        assert isinstance(forced, Locked) and len(forced.problems) == 1
        assert db.session.scalar(select(StateChange.note)) == "máy của giám khảo B hỏng"
        db.session.rollback()
        # the missing judge counts as absent, never as zero
        assert sorted(stored(panel), key=str) == sorted(
            [(1, False, 86_667), (2, True, 80_000), (2, True, 80_000)], key=str
        )


def test_a_conflict_stops_the_lock(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        send(panel.message("lan", 0, marks(1_000, 1_000)))
        outcome = lock(panel)
        assert isinstance(outcome, NotReady) and [each.what for each in outcome.problems] == ["conflict"]
        db.session.rollback()
        send(panel.message("lan", 0, verb="resolve", body={"keep": "current"}, base=1))
        assert isinstance(lock(panel), Locked)


def test_a_mark_after_the_lock_changes_nothing(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        lock(panel)
        before, head = stored(panel), ledger.head("judging:tai-nang")
        db.session.rollback()
        assert send(panel.message("hung", 0, marks(1_000, 1_000), base=1)) == [SheetRefused("locked")]
        assert stored(panel) == before and ledger.head("judging:tai-nang") == head


def test_ties_and_borders_wait_for_the_panel(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        send(
            *(panel.message(who, at, marks(40_000, 40_000)) for who in ("chair", "hung") for at in range(3)),
            *(panel.message("lan", at, marks(40_000, 40_000)) for at in range(2)),
        )
        lock(panel)
        with transaction():
            assert sign.sign(panel.contest_id, "1", None) == StillOpen(questions=1, unsettled=0)
        three = [["E000"], ["E001"], ["E002"]]
        for order, reason, names in (
            ([["E000"], ["E001"]], "thiếu một", NAMES),
            ([["E000", "E000"], ["E001"], ["E002"]], "hai lần", NAMES),
            (three, "   ", NAMES),
            (three, "không tên", ["  "]),
        ):
            with pytest.raises(BadInput), transaction():
                decide.decide(panel.contest_id, TieOrder(order), reason, names, None)
        with transaction():
            decide.decide(
                panel.contest_id, TieOrder([["E002"], ["E000", "E001"]]), "tiết mục E002 trọn vẹn hơn", NAMES, None
            )
        assert stored(panel) == [(1, False, 80_000), (2, True, 80_000), (2, True, 80_000)]
        with transaction():
            assert sign.sign(panel.contest_id, "1", None) == Signed(3)
        prizes = db.session.execute(select(Award.prize, Award.position).order_by(Award.position, Award.id)).all()
        assert [tuple(each) for each in prizes] == [("Nhất", 1), ("Nhì", 2), ("Nhì", 2)]
        db.session.rollback()
        with pytest.raises(Conflict), transaction():
            decide.decide(panel.contest_id, TieOrder(three), "muộn", NAMES, None)


def test_the_panel_may_give_one_prize_to_all_on_a_border(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        send(*(panel.message(who, at, marks(40_000, 40_000)) for who in ("chair", "hung") for at in range(3)))
        lock(panel, "giám khảo B vắng")
        with pytest.raises(BadInput), transaction():
            decide.decide(panel.contest_id, PrizesGiven(dict.fromkeys(panel.entries, "Vàng")), "x", NAMES, None)
        with transaction():
            decide.decide(panel.contest_id, PrizesGiven(dict.fromkeys(panel.entries, "Nhất")), "ngang tài", NAMES, None)
            decide.give_special(panel.contest_id, "E001", "Trang phục ấn tượng", None)
        with transaction():
            assert sign.sign(panel.contest_id, "1", None) == Signed(3)
        given = db.session.execute(select(Award.prize, Award.special).order_by(Award.id)).all()
        assert [tuple(each) for each in given] == [("Trang phục ấn tượng", True)] + [("Nhất", False)] * 3


def test_balls_are_public_at_once_and_places_shared(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            for entry, balls in zip(panel.sport_entries, (12, 15, 12), strict=True):
                note_measure(panel.sport_id, entry, 1, MeasureState.VALID, balls, 0, None)
        (sport,) = published_results(panel.festival_id)
        assert [(line.place, line.shared, line.value) for line in sport.lines] == [
            (1, False, "15"),
            (2, True, "12"),
            (2, True, "12"),
        ]
        assert not sport.final and sport.prizes == ()
        db.session.rollback()
        # no chair sits in a contest without judges: an account with the chair's or organiser's right stands for it
        with transaction():
            outcome = ladder_lock.lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"])
        assert isinstance(outcome, Locked)


def test_an_entry_that_did_not_come_needs_no_sheets_and_takes_no_place(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        with transaction():
            note_measure(panel.contest_id, panel.entry_ids[0], 1, MeasureState.DID_NOT_START, None, 0, None)
        assert isinstance(lock(panel), Locked)
        assert stored(panel) == [(1, False, 84_750), (2, False, 79_750), (None, False, None)]


def test_an_entry_nobody_marked_waits_for_the_panel_and_then_takes_no_place(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        send(
            *(panel.message(who, at, marks(40_000 - 250 * at, 40_000)) for who in ("chair", "hung") for at in range(2))
        )
        lock(panel, "trời mưa, dừng chương trình")
        with transaction():
            assert sign.sign(panel.contest_id, "1", None) == StillOpen(questions=0, unsettled=1)
        for entry, state, reason in (("E000", "dns", "x"), ("E002", "ranked", "x"), ("E002", "dns", " ")):
            with pytest.raises(BadInput), transaction():
                decide.decide(panel.contest_id, TakenOut(entry, state), reason, NAMES, None)
        with transaction():
            decide.decide(panel.contest_id, TakenOut("E002", "dns"), "gia đình xin rút", NAMES, None)
        assert stored(panel) == [(1, False, 80_000), (2, False, 79_750), (None, False, None)]
        with transaction():
            assert sign.sign(panel.contest_id, "1", None) == Signed(2)


def test_what_was_locked_stands_whoever_withdraws_or_comes_afterwards(app: Flask) -> None:
    with app.app_context():
        panel = cast(tie_ladder=[{"by": "members"}, {"by": "jury"}])
        full_panel(panel)
        outcome = lock(panel)
        assert isinstance(outcome, Locked)
        with transaction():
            first = db.session.get_one(Entry, panel.entry_ids[0])
            first.state = EntryState.WITHDRAWN
            late = Entry(
                contest_id=panel.contest_id,
                delegation_id=first.delegation_id,
                code="MUON",
                name="Đội đến sau",
            )
            person = Person(
                festival_id=panel.festival_id,
                family_id=first.family_id,
                code="p1",
                name="Danh Chung",
                folded="danh chung",
            )
            db.session.add_all([late, person])
            db.session.flush()
            db.session.add(EntryPerson(entry_id=panel.entry_ids[1], person_id=person.id))
        table = current_table(tally_for_result(contest(panel)))
        assert [each.entry for each in table.standings] == panel.entries
        assert [appearance.members for appearance in tally_for_result(contest(panel)).appearances] == [0, 0, 0]
        assert standings_hash(table) == outcome.standings_hash
        db.session.rollback()
        with transaction():
            assert sign.sign(panel.contest_id, "07/BB-BGK", None) == Signed(3)
        assert stored(panel) == [(1, False, 89_750), (2, False, 84_750), (3, False, 79_750)]


def test_the_panel_stands_from_the_lock_on(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        assert isinstance(lock(panel), Locked)
        before = standings_hash(current_table(tally_for_result(contest(panel))))
        unit = db.session.scalars(select(Unit.id).where(Unit.key == "u0")).one()
        tie = db.session.scalars(select(Unavailability.id)).one()
        db.session.rollback()
        for change in (
            lambda: note_unavailable(panel.judges["hung"], unit, "anh em"),
            lambda: drop_unavailable(tie),
            lambda: seat(panel.contest_id, panel.users["other"], PanelSeat.MEMBER),
            lambda: unseat(panel.judges["secretary"]),
        ):
            with pytest.raises(Conflict), transaction():
                change()
        assert standings_hash(current_table(tally_for_result(contest(panel)))) == before
        db.session.rollback()
