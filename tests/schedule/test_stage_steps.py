"""The taps of the day, an order that is changed and put back, and what the ledger and its seal say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.roster.models import EntryState
from festival.schedule.models import Act, ActState, Stage
from festival.schedule.moving.acts import move_act
from festival.schedule.stage_day import mending
from festival.schedule.stage_day.models import TurnChange
from festival.schedule.stage_day.reading import StageDay, stage_day
from festival.schedule.stage_day.taking import take_step
from tests.programme.scene import Scene, make_festival

pytestmark = pytest.mark.either_database

MORNING = datetime.fromisoformat("2024-06-14T07:00:00+07:00")
WAITING, READY, ON, DONE, ABSENT = (
    ActState.WAITING, ActState.READY, ActState.ON_STAGE, ActState.DONE, ActState.ABSENT,
)  # fmt: skip


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    with time_machine.travel(MORNING, tick=False), app.app_context():
        with transaction():
            made = make_festival(families=6, contests=1)
        yield made


def today() -> StageDay:
    return stage_day(db.session.scalars(select(Stage)).one(), datetime.now(MORNING.tzinfo))


def order() -> list[int]:
    """The numbers of the families as they come."""
    with reading():
        day = today()
        return [act.entry.number or 0 for act in (*day.now, *day.then, *day.rest)]


def act(number: int) -> int:
    """The act of the family with that number."""
    return db.session.scalars(select(Act.id).join(Act.entry).where(Act.entry.has(number=number))).one()


def step(number: int, *states: ActState) -> None:
    for was, to in pairwise(states):
        with transaction():
            take_step(act(number), was, to, by={"by": None})


def later(number: int, behind: int) -> int:
    with transaction():
        shown = mending.propose(act(number), act(behind), datetime.now(MORNING.tzinfo))
        return mending.take(act(number), act(behind), shown.seen, None).id


def test_each_step_and_its_way_back_stand_in_the_ledger_with_their_times(app: Flask, scene: Scene) -> None:
    step(1, WAITING, READY, WAITING, ON, READY, ON, DONE, ON, DONE)
    step(2, WAITING, ABSENT, READY, ABSENT, WAITING)
    with reading():
        kinds = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind == "act_stepped")
        assert db.session.scalar(kinds) == 12
        first = db.session.get_one(Act, act(1))
        assert (first.state, first.began_at, first.ended_at) == (DONE, MORNING, MORNING)
    for was, to in ((DONE, WAITING), (ABSENT, DONE), (WAITING, DONE), (READY, DONE)):
        with pytest.raises(BadInput), transaction():
            take_step(act(3), was, to)


def test_a_step_brings_its_own_hour_and_never_ends_before_it_began(app: Flask, scene: Scene) -> None:
    with transaction():
        take_step(act(1), WAITING, ON, at=MORNING + timedelta(minutes=31))
        ended = take_step(act(1), ON, DONE, at=MORNING + timedelta(minutes=20))
        assert (ended.began_at, ended.ended_at) == (MORNING + timedelta(minutes=31),) * 2


def test_who_is_passed_over_and_who_is_absent(app: Flask, scene: Scene) -> None:
    assert order() == [1, 2, 3, 4, 5, 6]
    step(1, WAITING, ON, DONE)
    step(2, WAITING, ABSENT)
    step(4, WAITING, ON)
    assert order() == [4, 5, 6, 3]
    step(2, ABSENT, WAITING)
    assert order() == [4, 5, 6, 2, 3]
    with reading():
        assert [each.entry.number for each in today().over] == [1]


def test_not_ready_the_next_one_first_shown_taken_and_put_back(app: Flask, scene: Scene) -> None:
    step(1, WAITING, ON, DONE)
    with reading():
        shown = mending.propose(act(2), 0, datetime.now(MORNING.tzinfo))
        moves = [(each.act.entry.number, each.was, each.begins) for each in shown.shifts]
    at = MORNING + timedelta(minutes=30)
    minutes = timedelta(minutes=1)
    # nobody before the published time: the third comes at its own, the second behind it, all others as much later
    assert moves == [
        (2, at + 10 * minutes, at + 30 * minutes), (4, at + 30 * minutes, at + 40 * minutes),
        (5, at + 40 * minutes, at + 50 * minutes), (6, at + 50 * minutes, at + 60 * minutes),
    ]  # fmt: skip
    change = later(2, 3)
    assert order() == [3, 2, 4, 5, 6]
    second = later(4, 6)
    assert order() == [3, 2, 5, 6, 4]
    with pytest.raises(Conflict, match="còn một lần đổi"), transaction():
        mending.undo(change, None)
    for each in (second, change):
        with transaction():
            mending.undo(each, None)
    assert order() == [2, 3, 4, 5, 6]
    with pytest.raises(Overtaken, match="vừa được hoàn tác"), transaction():
        mending.undo(change, None)


def test_an_absent_family_is_expected_again_where_it_is_put(app: Flask, scene: Scene) -> None:
    step(1, WAITING, ABSENT)
    step(2, WAITING, ON)
    later(1, 5)
    assert order() == [2, 3, 4, 5, 1, 6]


def test_what_cannot_be_changed_is_said(app: Flask, scene: Scene) -> None:
    at = datetime.now(MORNING.tzinfo)
    step(1, WAITING, ON, DONE)
    step(2, WAITING, ON)
    for number, why in ((1, "đã thi"), (2, "đang thi")):
        with pytest.raises(Conflict, match=why), reading():
            mending.propose(act(number), 0, at)
    with pytest.raises(BadInput, match="Chọn lại"), reading():
        mending.propose(act(3), act(1), at)
    with reading():
        seen = mending.propose(act(3), act(4), at).seen
    step(5, WAITING, ABSENT)
    with pytest.raises(Overtaken, match="Buổi thi vừa đổi"), transaction():
        mending.take(act(3), act(4), seen, None)
    with transaction():
        db.session.get_one(Act, act(4)).entry.state = EntryState.WITHDRAWN
    with pytest.raises(Conflict, match="đã rút"), reading():
        mending.propose(act(4), 0, at)
    change = later(3, 6)
    with transaction():
        move_act(act(3), earlier=False, user_id=None)
    with pytest.raises(Conflict, match="xếp lại từ đó"), transaction():
        mending.undo(change, None)


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[str]:
    """Each in a thread of its own at the same moment; what became of them."""
    said: list[str] = []
    together = Barrier(len(deeds))

    def work(deed: Callable[[], object]) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    deed()
                said.append("done")
            except Conflict as refused:
                said.append(type(refused).__name__)
            finally:
                db.session.remove()

    threads = [Thread(target=work, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


@pytest.mark.both_databases
def test_of_two_hands_at_one_moment_one_is_told(app: Flask, scene: Scene) -> None:
    """Two acts are started at once, one is ended twice at once, an order is changed twice at once: each time one hand wins. The
    naive way (look, then write) lets both do it.
    """
    with reading():
        acts = {number: act(number) for number in range(1, 7)}
    starts = [partial(take_step, acts[number], WAITING, ON) for number in (1, 2)]
    assert at_once(app, *starts) == ["Conflict", "done"]
    with reading():
        on = db.session.scalars(select(Act.id).where(Act.state == ON)).one()
        at = datetime.now(MORNING.tzinfo)
    assert at_once(app, *[partial(take_step, on, ON, to) for to in (DONE, READY)]) == ["Overtaken", "done"]
    with reading():
        seen = {behind: mending.propose(acts[3], acts[behind], at).seen for behind in (4, 5)}
    turns = [partial(mending.take, acts[3], acts[behind], seen[behind], None) for behind in (4, 5)]
    assert at_once(app, *turns) == ["Overtaken", "done"]
    with reading():
        change = db.session.scalars(select(TurnChange)).one().id
    assert at_once(app, *[partial(mending.undo, change, None) for _twice in range(2)]) == ["Overtaken", "done"]

    def naive(number: int) -> None:
        found = db.session.get_one(Act, acts[number])
        if not db.session.scalar(select(func.count()).where(Act.state == ON)):
            looked.wait()
            found.state = ON

    if db.engine.dialect.name == "postgresql":  # SQLite has one writer: there nobody can look beside another one
        looked = Barrier(2)
        assert at_once(app, *[partial(naive, number) for number in (5, 6)]) == ["done", "done"]
