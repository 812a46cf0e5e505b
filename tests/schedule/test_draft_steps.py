"""Is every change of the draft a step that is taken back and done again, locked ones stay, and does the ledger follow?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from festival.core.clock import local
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.roster.models import Entry
from festival.schedule import planning
from festival.schedule.editing import draft, steps
from festival.schedule.history.models import DraftStep
from festival.schedule.history.steps import document, next_steps
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.moving import acts, locking, ways_out
from festival.schedule.moving.foreseen import places
from festival.schedule.moving.lying import lying
from festival.schedule.moving.shifting import Shift, Shifted, shift
from festival.schedule.moving.undoing import turn
from festival.schedule.sessions import add_session, add_stage, locked
from festival.schedule.stage_day.taking import take_step
from tests.schedule.test_programme import Ids, at, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, session_of, times

pytestmark = pytest.mark.either_database

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures


def put(ids: Ids, code: str, session_id: int, before: str) -> None:
    """As a page does it: the place is read, then chosen."""
    with reading():
        table = lying(ids.festival)
        found = places(table, code, [table.sessions[session_id]])
        stamp = next(each.stamp for each in found if each.before == before)
    with transaction():
        acts.put(ids.festival, code, session_id, before, stamp, None)


def undo(ids: Ids, *, back: bool = True) -> str:
    with reading():
        following = next_steps(ids.festival, None)
        told = following.back if back else following.again
        assert told is not None
        step = told.id
    with transaction():
        return str(turn(ids.festival, step, None, back=back))


def stands(ids: Ids) -> object:
    with reading():
        return document(ids.festival)


def sealed() -> list[str]:
    with seals.snapshot():
        return [str(each) for each in seals.worded([each for each in seals.inspect().named() if each[0] == "schedule"])]


def act_of(code: str) -> Act:
    return db.session.scalars(select(Act).join(Entry).where(Entry.code == code)).one()


@pytest.mark.both_databases
def test_every_change_is_taken_back_in_steps_and_done_again(planned: Ids) -> None:
    talent = session_of(planned.talent)
    hall = db.session.get_one(Stage, planned.stages[0]).code
    db.session.rollback()

    def in_one(work: Callable[[], object]) -> Callable[[], None]:
        def done() -> None:
            with transaction():
                work()

        return done

    later = lambda: steps.change_session(  # noqa: E731 - one of a list of steps
        planned.festival, talent, steps.SessionValues(planned.talent, planned.stages[0], at(13), at(16), "chiều"), None
    )
    changes: list[Callable[[], None]] = [
        lambda: put(planned, "tai-nang-7", talent, "tai-nang-2"),
        in_one(lambda: acts.take_off(planned.festival, "tai-nang-3", None)),
        in_one(lambda: draft.fill(planned.festival, None)),
        in_one(lambda: acts.move_act(act_of("tai-nang-2").id, earlier=True, user_id=None)),
        in_one(lambda: add_stage(planned.festival, "san-phu", "Sân phụ")),
        in_one(lambda: steps.rename_stage(planned.festival, "san-phu", "Sân sau", None)),
        in_one(lambda: steps.close_stage(planned.festival, "san-phu", True, None)),
        in_one(later),
        in_one(lambda: locking.lock_act(planned.festival, "tai-nang-5", True, None)),
        in_one(lambda: locking.lock_session(planned.festival, talent, True, None)),
        in_one(lambda: acts.move_act(act_of("bao-bo-3").id, earlier=True, user_id=None)),
        in_one(lambda: planning.make_plan(planned.festival)),
        in_one(lambda: locking.lock_day(planned.festival, date(2024, 6, 28), False, None)),
        in_one(lambda: locking.lock_act(planned.festival, "tai-nang-5", False, None)),
        in_one(lambda: draft.discard(planned.festival, None)),
        in_one(lambda: draft.back_to_published(planned.festival, None)),
        in_one(lambda: add_session(planned.stages[0], planned.relay, at(17), at(18))),
        in_one(lambda: steps.remove_stage(planned.festival, hall, None)),
    ]
    stood = [stands(planned)]
    for change in changes:
        change()
        stood.append(stands(planned))
        assert stood[-1] != stood[-2]
    assert sealed() == []
    for before in reversed(stood[:-1]):
        undo(planned)
        assert stands(planned) == before
    assert sealed() == []
    for after in stood[1:]:
        undo(planned, back=False)
        assert stands(planned) == after
    assert sealed() == []
    # a new step ends what could be done again
    undo(planned)
    with transaction():
        add_stage(planned.festival, "moi", "Sân mới")
    with reading():
        assert next_steps(planned.festival, None).again is None


def test_an_act_goes_to_another_session_and_stage_and_who_is_in_its_way_is_said_first(planned: Ids) -> None:
    with transaction():
        add_session(planned.stages[1], planned.talent, at(10), at(10, 30), "thêm")
    talent = session_of(planned.talent)
    with reading():
        table = lying(planned.festival)
        second = next(row for row in table.open_to("tai-nang-1") if row.id != talent)
        free = places(table, "tai-nang-1", [second])
        inside_own = places(table, "tai-nang-1", [table.sessions[talent]])
        assert [(each.before, f"{each.starts_at:%H:%M}", each.pushed, each.clashes) for each in free] == [
            ("", "10:00", (), ())
        ]
        # before itself and before the one behind it is where it stands
        assert [each.before for each in inside_own] == [*(f"tai-nang-{n}" for n in (2, 3, 4, 6, 7)), ""]
        assert str(inside_own[0].pushed[0]) == "«Gia đình 5» sớm hơn 13 phút."
        second_id = second.id
    before = times(planned.talent)
    put(planned, "tai-nang-1", second_id, "")
    after = times(planned.talent)
    assert after["tai-nang-1"] == "10:00 san"
    # nobody else was moved, the place it left stays free
    assert {code: when for code, when in after.items() if code != "tai-nang-1"} == {
        code: when for code, when in before.items() if code != "tai-nang-1"
    }
    # the same family runs at that hour: said before it is put down
    with transaction():
        steps.change_session(
            planned.festival, second_id,
            steps.SessionValues(planned.talent, planned.stages[1], at(10, 30), at(11), "thêm"), None,
        )  # fmt: skip
        relay = act_of("bao-bo-2")
        relay.session.ends_at = at(12)
        db.session.flush()
    with reading():
        table = lying(planned.festival)
        busy = local(act_of("bao-bo-2").starts_at)
    with transaction():
        db.session.execute(
            update(Act).where(Act.entry_id == table.given.entries_of["bao-bo-2"][0]).values(starts_at=at(10, 45))
        )
    assert busy < at(10, 45)
    with reading():
        table = lying(planned.festival)
        place = next(each for each in places(table, "tai-nang-2", [table.sessions[second_id]]) if not each.before)
        assert any("Một gia đình phải ở hai nơi cùng lúc" in str(each) for each in place.clashes), place


def test_what_is_on_stage_is_over_or_locked_is_refused_in_words(planned: Ids) -> None:
    talent = session_of(planned.talent)
    with reading():
        found = places(lying(planned.festival), "tai-nang-1", list(lying(planned.festival).sessions.values())[:1])
        stamp, before = found[0].stamp, found[0].before

    def refused(match: str, code: str = "tai-nang-1") -> None:
        with pytest.raises(Conflict, match=match), transaction():
            acts.put(planned.festival, code, talent, before, stamp, None)

    for state, words in ((ActState.ON_STAGE, "đang thi, không dời được"), (ActState.DONE, "đã thi xong")):
        with transaction():
            act_of("tai-nang-1").state = state
        refused(words)
    with transaction():
        act_of("tai-nang-1").state = ActState.WAITING
        locking.lock_act(planned.festival, "tai-nang-1", True, None)
    refused("đã khóa. Mở khóa rồi dời")
    with pytest.raises(Conflict, match="đã khóa, không đổi lượt"), transaction():
        acts.move_act(act_of("tai-nang-5").id, earlier=True, user_id=None)
    with transaction():
        locking.lock_act(planned.festival, "tai-nang-1", False, None)
        locking.lock_session(planned.festival, talent, True, None)
    refused("Buổi của «Gia đình 1» đã khóa")
    with pytest.raises(Conflict, match="đã khóa, hoặc có tiết mục đã khóa"), transaction():
        steps.remove_session(planned.festival, talent, None)
    with pytest.raises(Conflict, match="Mở khóa ở bảng lịch"), transaction():
        draft.back_to_published(planned.festival, None)
    # a closed stage takes nothing more, and what stands there stays
    with transaction():
        locking.lock_session(planned.festival, talent, False, None)
        steps.close_stage(planned.festival, "hoi-truong", True, None)
    with pytest.raises(Conflict, match="«Hội trường» đã đóng"), transaction():
        add_session(planned.stages[0], planned.relay, at(20), at(21))
    with pytest.raises(Overtaken, match="Chỗ vừa chọn không còn"), transaction():
        acts.put(planned.festival, "tai-nang-1", talent, before, stamp, None)
    assert len(times(planned.talent)) == 7


def test_planning_anew_and_throwing_away_leave_what_is_locked(planned: Ids) -> None:
    talent = session_of(planned.talent)
    put(planned, "tai-nang-7", talent, "tai-nang-1")
    with transaction():
        locking.lock_act(planned.festival, "tai-nang-4", True, None)
    stood = times(planned.talent)["tai-nang-4"]
    with transaction():
        done = planning.make_plan(planned.festival)
        assert done.placed == 13
    after = times(planned.talent)
    assert (after["tai-nang-4"], len(after), after["tai-nang-1"]) == (stood, 7, "07:30 hoi-truong")
    with reading():
        starts = list(db.session.scalars(select(Act.starts_at).where(Act.session_id == talent).order_by(Act.position)))
        assert starts == sorted(starts) and len(set(starts)) == 7
    with transaction():
        assert draft.discard(planned.festival, None) == 13
    assert times(planned.talent) == {"tai-nang-4": stood}
    assert sealed() == []


@pytest.mark.both_databases
def test_of_two_who_undo_at_once_one_is_told_and_nothing_is_undone_twice(app: Flask, planned: Ids) -> None:
    talent = session_of(planned.talent)
    put(planned, "tai-nang-7", talent, "tai-nang-1")
    first = stands(planned)
    put(planned, "tai-nang-6", talent, "tai-nang-1")
    with reading():
        top = next_steps(planned.festival, None).last
    together, answers = Barrier(2), []

    def work() -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    turn(planned.festival, top, None, back=True)
                answers.append("undone")
            except Overtaken as told:
                answers.append("told" if "dời «Gia đình 7»" in str(told) else str(told))
            finally:
                db.session.remove()

    threads = [Thread(target=work) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["told", "undone"]
    assert stands(planned) == first
    # whoever only says "the last one" takes back two
    put(planned, "tai-nang-5", talent, "tai-nang-1")
    put(planned, "tai-nang-4", talent, "tai-nang-1")
    looked = Barrier(2)

    def naive() -> None:
        with app.app_context():
            looked.wait()
            with transaction():
                locked(planned.festival)
                told = next_steps(planned.festival, None).back
                assert told is not None
                turn(planned.festival, told.id, None, back=True)
            db.session.remove()

    threads = [Thread(target=naive) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stands(planned) == first


def test_a_step_is_not_taken_back_over_who_has_been_on_since(planned: Ids) -> None:
    put(planned, "tai-nang-7", session_of(planned.talent), "tai-nang-1")
    with transaction():
        act_of("tai-nang-7").state = ActState.DONE
    stood = stands(planned)
    with pytest.raises(Conflict, match="«Gia đình 7» đã lên sân khấu sau bước này"):
        undo(planned)
    assert stands(planned) == stood


@pytest.mark.both_databases
def test_rain_after_the_third_act_moves_the_rest_as_one_step(planned: Ids) -> None:
    talent, relay = session_of(planned.talent), session_of(planned.relay)
    before = times(planned.talent)
    with transaction():
        for code, to in (("tai-nang-1", "done"), ("tai-nang-5", "done"), ("tai-nang-2", "on_stage")):
            for was, then in pairwise(["waiting", "on_stage", "done"][: 3 if to == "done" else 2]):
                take_step(act_of(code).id, ActState(was), ActState(then))
        add_stage(planned.festival, "nha-van-hoa", "Nhà văn hóa")
        kept = ways_out.keep(planned.festival, Shift((talent,), "nha-van-hoa"), None).id
    stood = stands(planned)
    with pytest.raises(BadInput, match="Chọn sân khấu khác hoặc giờ bắt đầu khác"), transaction():
        shift(planned.festival, Shift((talent,)), None)
    with transaction():
        assert ways_out.take(planned.festival, kept, None) == Shifted(sessions=1, stayed=3)
    after = times(planned.talent)
    been = {"tai-nang-1", "tai-nang-5", "tai-nang-2"}
    assert after == {
        code: when if code in been else when.replace("hoi-truong", "nha-van-hoa") for code, when in before.items()
    }
    assert sealed() == []
    with reading():
        assert db.session.scalar(select(func.count()).select_from(Session)) == 3
    with pytest.raises(Overtaken, match="vừa dùng hoặc bỏ phương án"), transaction():
        ways_out.take(planned.festival, kept, None)
    undo(planned)
    assert stands(planned) == stood
    assert sealed() == []
    # and to another hour: nobody is on before the one that is on has gone
    with transaction():
        assert shift(planned.festival, Shift((talent, relay), "", at(14)), None).sessions == 2
    later = times(planned.talent)
    assert (later["tai-nang-2"], later["tai-nang-3"]) == (before["tai-nang-2"], "14:39 hoi-truong")
    with reading():
        assert local(act_of("bao-bo-1").starts_at) - local(at(14)) < timedelta(hours=1)
    undo(planned)
    assert stands(planned) == stood


def test_sessions_trade_places_in_one_step_and_what_stands_there_is_named(planned: Ids) -> None:
    talent, relay = session_of(planned.talent), session_of(planned.relay)
    with pytest.raises(BadInput, match="Sân vận động đã có"), transaction():
        shift(planned.festival, Shift((talent,), "san"), None)
    with transaction():
        locking.lock_session(planned.festival, relay, True, None)
    with pytest.raises(Conflict, match="đã khóa"), transaction():
        shift(planned.festival, Shift((talent, relay), "", at(14)), None)
    with transaction():
        locking.lock_session(planned.festival, relay, False, None)
        shift(planned.festival, Shift((talent, relay), "", at(14)), None)
    assert {when[:2] for when in times(planned.talent).values()} <= {"14", "15", "16"}
    with transaction():
        for act in db.session.scalars(select(Act).where(Act.session_id == talent)):
            act.state = ActState.DONE
    with pytest.raises(Conflict, match="đã thi xong"), transaction():
        shift(planned.festival, Shift((talent,), "", at(17)), None)


def test_old_steps_are_forgotten_one_by_one(planned: Ids, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("festival.schedule.history.steps.KEPT", 2)
    for number in range(3):
        with transaction():
            add_stage(planned.festival, f"san-{number}", f"Sân {number}")
    with reading():
        assert db.session.scalar(select(func.count()).select_from(DraftStep)) == 2
    assert [undo(planned), undo(planned)] == ["thêm sân khấu «Sân 2»", "thêm sân khấu «Sân 1»"]
