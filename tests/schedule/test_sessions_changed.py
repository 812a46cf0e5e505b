"""Are sessions and stages changed, moved and taken out with what follows said first, on both databases?"""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from festival.accounts.models import User
from festival.contests.models import Judge, PanelSeat
from festival.core.clock import local, now
from festival.core.database import Base, db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.roster.models import Entry
from festival.schedule import planning, queries
from festival.schedule.changes import changes
from festival.schedule.editing import draft, steps
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.moving.acts import move_act, take_off
from festival.schedule.planning import Published
from festival.schedule.sessions import add_session, add_stage, block, stage_free
from festival.schedule.stage_day.taking import take_step
from tests.schedule.test_programme import Ids, at, ids, inside, plans, sessions

__all__ = ["ids", "inside", "sessions"]  # fixtures


@pytest.fixture
def planned(sessions: Ids) -> Ids:
    """Seven sing in the hall and seven run on the ground, from half past seven; published once."""
    with transaction():
        planning.make_plan(sessions.festival)
        assert planning.publish(sessions.festival, None) == Published(1)
    return sessions


def session_of(contest_id: int) -> int:
    with reading():
        return db.session.scalars(
            select(Session.id).where(Session.contest_id == contest_id).order_by(Session.id)
        ).all()[0]


def values(session_id: int) -> steps.SessionValues:
    with reading():
        return steps.values_of(db.session.get_one(Session, session_id))


def times(contest_id: int) -> dict[str, str]:
    """Entry -> when and where, in the draft."""
    with reading():
        rows = db.session.scalars(select(Act).join(Entry).where(Entry.contest_id == contest_id).order_by(Act.position))
        return {act.entry.code: f"{local(act.starts_at):%H:%M} {act.session.stage.code}" for act in rows}


def carried(ids: Ids, step: object, agreed: str | None = None) -> object:
    assert callable(step)
    return carry_out(ids.festival, step, agreed, lambda done: done.told if isinstance(done, steps.Changed) else ())


def test_two_sessions_on_a_stage_are_refused_in_words_and_neighbours_are_not(sessions: Ids) -> None:
    with (
        pytest.raises(BadInput, match="Hội trường đã có «Biểu diễn nghệ thuật «Gia đình tài năng», buổi sáng»"),
        transaction(),
    ):
        add_session(sessions.stages[0], sessions.relay, at(9, 59), at(11))
    with transaction():
        after = add_session(sessions.stages[0], sessions.relay, at(10), at(11)).id
    with pytest.raises(BadInput, match="Trùng giờ trên sân khấu"), transaction():
        steps.change_session(sessions.festival, after, replace(values_now(after), starts_at=at(9)), None)
    with transaction():
        # it does not stand in its own way
        steps.change_session(sessions.festival, after, replace(values_now(after), starts_at=at(10, 15)), None)
    with pytest.raises(BadInput, match="Giờ kết thúc phải sau"), transaction():
        steps.change_session(sessions.festival, after, replace(values_now(after), ends_at=at(10)), None)
    with pytest.raises(BadInput, match="có trong ngày hội"), transaction():
        steps.change_session(sessions.festival, after, replace(values_now(after), stage_id=10_000), None)


def test_two_that_add_at_once_make_no_overlap_and_without_the_lock_they_do(app: Flask, ids: Ids) -> None:
    answers: list[str] = []
    together = Barrier(2)

    def work(minute: int) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    add_session(ids.stages[0], ids.talent, at(8, minute), at(9, minute))
                answers.append("added")
            except BadInput:
                answers.append("refused")
            finally:
                db.session.remove()

    threads = [Thread(target=work, args=(minute,)) for minute in (0, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["added", "refused"]
    looked = Barrier(2)

    def naive(minute: int) -> None:
        """Looks first and writes afterwards."""
        with app.app_context():
            try:
                with reading():
                    stage = db.session.get_one(Stage, ids.stages[1])
                    contest = db.session.get_one(Entry, 1).contest
                    new = Session(stage=stage, contest=contest, starts_at=at(8, minute), ends_at=at(9, minute))
                    stage_free(ids.festival, block(new))
                    db.session.expunge_all()
                looked.wait()
                with transaction():
                    db.session.add(
                        Session(
                            stage_id=ids.stages[1],
                            contest_id=ids.talent,
                            starts_at=at(8, minute),
                            ends_at=at(9, minute),
                        )
                    )
            finally:
                db.session.remove()

    threads = [Thread(target=naive, args=(minute,)) for minute in (0, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading():
        per_stage = select(Session.stage_id, func.count(Session.id)).group_by(Session.stage_id)
        counts = {row[0]: row[1] for row in db.session.execute(per_stage)}
    assert counts == {ids.stages[0]: 1, ids.stages[1]: 2}


def test_a_session_is_moved_with_its_acts_once_what_follows_was_seen(planned: Ids) -> None:
    session = session_of(planned.talent)
    before = times(planned.talent)
    to = replace(values(session), starts_at=at(14), ends_at=at(15, 10), label="  buổi   chiều ")

    def step() -> steps.Changed:
        return steps.change_session(planned.festival, session, to, None)

    asked = carried(planned, step, "")
    assert isinstance(asked, PlanFollows)
    assert (len(asked.lost), len(asked.moved), asked.version, asked.differs) == (2, 5, 1, 7)
    assert str(asked.lost[0]).startswith("«Gia đình ")
    assert "muộn hơn 390 phút" in str(asked.moved[0])
    assert times(planned.talent) == before  # undone
    assert values(session).starts_at == at(7, 30)
    done = carried(planned, step, asked.stamp)
    assert isinstance(done, Carried)
    assert (values(session).starts_at, values(session).label) == (at(14), "buổi chiều")
    moved = times(planned.talent)
    assert list(moved) == list(before)[:5]
    assert moved[next(iter(moved))] == "14:00 hoi-truong"
    with reading():
        plan = queries.published_plan(planned.festival)
        assert plan is not None
        assert (plan.version, len(plan.content["acts"])) == (1, 14)
        assert plan.content["acts"][0]["starts_at"] == "2024-06-28T07:30:00+07:00"


def test_what_somebody_agreed_to_is_asked_again_when_it_is_no_longer_so(planned: Ids) -> None:
    session = session_of(planned.talent)

    def step() -> str:
        return steps.remove_session(planned.festival, session, None)

    asked = carried(planned, step, "")
    assert isinstance(asked, PlanFollows) and len(asked.lost) == 7
    with reading():
        second = db.session.scalars(select(Act.id).where(Act.session_id == session, Act.position == 2)).one()
    with transaction():
        move_act(second, earlier=True, user_id=None)
    again = carried(planned, step, asked.stamp)
    assert isinstance(again, PlanFollows) and again.stamp != asked.stamp
    assert isinstance(carried(planned, step, again.stamp), Carried)
    assert times(planned.talent) == {}


def test_the_same_contest_and_the_same_judges_elsewhere_are_told(planned: Ids) -> None:
    def add() -> steps.Changed:
        added = add_session(planned.stages[1], planned.talent, at(10), at(11), "hai nơi")
        return steps.Changed(added, tuple(steps.told_about(added)))

    with transaction():
        session = add_session(planned.stages[0], planned.talent, at(10, 30), at(11), "buổi trưa").id
        user = _judge_in_both(planned)
    asked = carried(planned, add, "")
    assert isinstance(asked, PlanFollows)
    noon = "«Biểu diễn nghệ thuật «Gia đình tài năng», buổi trưa» ở Hội trường, từ 10 giờ 30 ngày 28/6."
    assert [str(each) for each in asked.told] == [
        f"Cùng lúc đó phần thi này còn {noon}",
        f"1 giám khảo phải ngồi hai nơi cùng lúc: buổi này và {noon}",
    ]
    assert user
    assert isinstance(carried(planned, add, asked.stamp), Carried)
    # what was so before is not asked again
    with transaction():
        changed = steps.change_session(planned.festival, session, replace(values_now(session), label="trưa"), None)
        assert changed.told == ()


def values_now(session_id: int) -> steps.SessionValues:
    return steps.values_of(db.session.get_one(Session, session_id))


def _judge_in_both(ids: Ids) -> int:
    user = User(login="gk", name="Giám khảo", password_hash="x", created_at=now())
    db.session.add(user)
    db.session.flush()
    db.session.add(Judge(contest_id=ids.talent, user_id=user.id, seat=PanelSeat.MEMBER, letter="A", marks=True))
    db.session.flush()
    return user.id


def test_what_has_been_on_a_stage_keeps_its_session_and_the_rest_moves_on(planned: Ids) -> None:
    session = session_of(planned.talent)
    with reading():
        first = db.session.scalars(select(Act.id).where(Act.session_id == session, Act.position == 1)).one()
    with transaction():
        take_step(first, ActState.WAITING, ActState.ON_STAGE)
    to = values(session)
    for wrong, why in (
        (replace(to, contest_id=planned.relay), "không đổi sang phần thi khác"),
        (replace(to, starts_at=at(7, 45)), "giờ bắt đầu không đổi được nữa"),
        (replace(to, stage_id=planned.stages[1], starts_at=to.starts_at), "đang thi trên sân khấu này"),
    ):
        with pytest.raises(Conflict, match=why), transaction():
            steps.change_session(planned.festival, session, wrong, None)
    with pytest.raises(Conflict, match="đã có tiết mục lên sân khấu, không bỏ được"), transaction():
        steps.remove_session(planned.festival, session, None)
    with pytest.raises(Conflict, match="không bỏ được"), transaction():
        steps.remove_stage(planned.festival, "hoi-truong", None)
    # rain: the session is cut, the rest goes to the afternoon, nobody else is moved
    relay = times(planned.relay)
    with transaction():
        take_step(first, ActState.ON_STAGE, ActState.DONE)
        steps.change_session(planned.festival, session, replace(to, ends_at=at(8)), None)
        add_session(planned.stages[0], planned.talent, at(15), at(17), "buổi chiều")
        assert draft.fill(planned.festival, None) == 5
        assert draft.fill(planned.festival, None) == 0
    assert "07:30 hoi-truong" in times(planned.talent).values()
    assert sorted(each[:5] for each in times(planned.talent).values())[2] == "15:00"
    assert len(times(planned.talent)) == 7
    assert times(planned.relay) == relay


def test_a_stage_is_called_otherwise_and_the_next_version_says_it_once(planned: Ids) -> None:
    with transaction():
        steps.rename_stage(planned.festival, "hoi-truong", "  Nhà văn  hóa ", None, seen="Hội trường")
    with pytest.raises(Conflict, match="tên «Nhà văn hóa»"), transaction():
        steps.rename_stage(planned.festival, "san", "Nhà văn hóa", None)
    with pytest.raises(steps.TimetableChanged, match="thành «Nhà văn hóa»"), transaction():
        steps.rename_stage(planned.festival, "hoi-truong", "Nhà hát", None, seen="Hội trường")
    with pytest.raises(Conflict, match="tên «Sân vận động»"), transaction():
        add_stage(planned.festival, "san-2", "Sân vận động")
    with transaction():
        assert planning.publish(planned.festival, None) == Published(2)
    with reading():
        second, first = plans(planned.festival)
        assert [str(each) for each in changes(first.content, second.content)] == [
            "Sân khấu «Hội trường» nay gọi là «Nhà văn hóa»."
        ]


def test_a_stage_goes_with_its_sessions_and_says_who_loses_a_place(planned: Ids) -> None:
    def step() -> steps.StageRemoved:
        return steps.remove_stage(planned.festival, "san", None)

    asked = carried(planned, step, "")
    assert isinstance(asked, PlanFollows) and len(asked.lost) == 7
    assert all("Sân vận động" in str(each) for each in asked.lost)
    done = carried(planned, step, asked.stamp)
    assert isinstance(done, Carried) and done.result == steps.StageRemoved("Sân vận động", ())
    with reading():
        assert [stage.code for stage in queries.stages(planned.festival)] == ["hoi-truong"]
        published = queries.published_plan(planned.festival)
        assert published is not None and len(published.content["acts"]) == 14


def test_a_draft_is_thrown_away_whole_and_brought_back_and_the_published_stays(planned: Ids) -> None:
    with reading():
        published = queries.published_plan(planned.festival)
        assert published is not None
        kept = published.content
        second = db.session.scalars(select(Act.id).where(Act.position == 2)).first()
    assert second is not None
    with transaction():
        move_act(second, earlier=True, user_id=None)
    swapped = times(planned.talent), times(planned.relay)
    asked = carried(planned, lambda: draft.discard(planned.festival, None), "")
    assert isinstance(asked, PlanFollows) and len(asked.lost) == 14
    done = carried(planned, lambda: draft.discard(planned.festival, None), asked.stamp)
    assert isinstance(done, Carried) and done.result == 14
    assert (times(planned.talent), times(planned.relay)) == ({}, {})
    with pytest.raises(Conflict, match="không có gì để bỏ"), transaction():
        draft.discard(planned.festival, None)
    with reading():
        published = queries.published_plan(planned.festival)
        assert published is not None and published.content == kept
    with transaction():
        assert draft.bring_back(planned.festival, None) == 14
    assert (times(planned.talent), times(planned.relay)) == swapped
    # planned anew by mistake: the swap is not lost
    with transaction():
        planning.make_plan(planned.festival)
    assert (times(planned.talent), times(planned.relay)) != swapped
    with transaction():
        draft.bring_back(planned.festival, None)
    assert (times(planned.talent), times(planned.relay)) == swapped


def test_the_draft_goes_back_to_what_is_published_with_its_sessions(planned: Ids) -> None:
    published = times(planned.talent), times(planned.relay)
    talent, relay = session_of(planned.talent), session_of(planned.relay)
    with transaction():
        to = replace(values_now(talent), starts_at=at(14), ends_at=at(16))
        steps.change_session(planned.festival, talent, to, None)
        in_the_way = add_session(planned.stages[0], planned.relay, at(8), at(9)).id
        steps.remove_session(planned.festival, relay, None)
        steps.remove_stage(planned.festival, "san", None)
    with pytest.raises(Conflict, match="Bỏ hoặc dời buổi ấy trước"), transaction():
        draft.back_to_published(planned.festival, None)
    with transaction():
        steps.remove_session(planned.festival, in_the_way, None)
        assert draft.back_to_published(planned.festival, None) == 14
    assert (times(planned.talent), times(planned.relay)) == published
    with reading():
        plan = queries.published_plan(planned.festival)
        assert plan is not None
        festival = steps.own_session(planned.festival, talent).stage.festival
        assert changes(plan.content, queries.snapshot(festival)) == []


@pytest.mark.both_databases
def test_the_number_of_a_session_or_an_act_that_is_gone_is_never_given_again(planned: Ids) -> None:
    """Lines of the ledger, steps and open pages speak of it; on the largest number SQLite gave it to the next one."""
    with transaction():
        last = add_session(planned.stages[0], planned.talent, at(14), at(16), "chiều").id
        steps.remove_session(planned.festival, last, None)
        assert add_session(planned.stages[0], planned.talent, at(14), at(16), "tối").id > last
    with reading():
        highest = db.session.scalar(select(func.max(Act.id))) or 0
        code = db.session.scalar(select(Entry.code).join(Act, Act.entry_id == Entry.id).where(Act.id == highest))
    with transaction():
        take_off(planned.festival, code or "", None)
        draft.fill(planned.festival, None)
    with reading():
        assert (db.session.scalar(select(func.max(Act.id))) or 0) > highest
    wanted = {name for name, table in Base.metadata.tables.items() if table.dialect_options["sqlite"]["autoincrement"]}
    assert len(wanted) == 10
    if db.engine.dialect.name == "sqlite":
        with reading():
            counted = text("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE TABLE %AUTOINCREMENT%'")
            assert set(db.session.scalars(counted)) == wanted
