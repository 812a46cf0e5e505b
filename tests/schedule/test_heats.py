"""Several run at a time, each in a lane: planned, moved, published, called as one, and every step has its way back, on both databases."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.roster.models import Delegation, Entry, EntryState
from festival.schedule import drawing, planning, queries
from festival.schedule.conflicts import Clash
from festival.schedule.drawn import changing
from festival.schedule.editing import draft
from festival.schedule.models import Act, ActState, Stage
from festival.schedule.moving import acts, locking, undoing
from festival.schedule.moving.foreseen import place
from festival.schedule.moving.lying import lying
from festival.schedule.stage_day import mending
from festival.schedule.stage_day.reading import stage_day
from festival.schedule.stage_day.taking import take_step
from tests.schedule.test_programme import Ids, at, ids, inside, sessions
from tests.schedule.test_stage_steps import at_once

__all__ = ["ids", "inside", "sessions"]  # fixtures

pytestmark = pytest.mark.either_database

HEADS = ("Danh Văn Một", "Thị Hai")
WAITING, READY, ON, DONE, ABSENT = (
    ActState.WAITING, ActState.READY, ActState.ON_STAGE, ActState.DONE, ActState.ABSENT,
)  # fmt: skip


@pytest.fixture
def drawn(sessions: Ids) -> Ids:
    """Seven run in three lanes, so as 1 2 3, 4 5, 6 7, in the order of their delegations; planned."""
    with transaction():
        db.session.execute(update(Contest).where(Contest.id == sessions.relay).values(lanes=3))
        drawing.draw_by_hand(sessions.relay, {f"bao-bo-{number}": str(number) for number in range(1, 8)}, None)
        planning.make_plan(sessions.festival)
    return sessions


def stand(ids: Ids) -> str:
    """Who stands together, in the order of the hours; who withdrew in brackets."""
    with reading():
        rows = db.session.scalars(
            select(Act).join(Entry).where(Entry.contest_id == ids.relay).order_by(Act.starts_at, Act.position)
        ).all()
        heats: dict[object, str] = {}
        for row in rows:
            name = row.entry.code[-1]
            said = name if row.entry.state is EntryState.ENROLLED else f"({name})"
            heats[row.starts_at] = heats.get(row.starts_at, "") + said
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        return " ".join(heats.values())


def torn(ids: Ids) -> list[Clash]:
    with reading():
        kinds = (Clash.TORN, Clash.UNPLACED, Clash.ORDER, Clash.STAGE)
        return [each.kind for each in queries.plan_conflicts(ids.festival) if each.kind in kinds]


def sealed() -> list[str]:
    with snapshot():
        return [str(found) for room, found in inspect().named() if room == "schedule"]


def heat(ids: Ids, number: int) -> str:
    """The code of what this one stands in."""
    table = lying(ids.festival)
    entry = db.session.scalars(select(Entry.id).where(Entry.code == f"bao-bo-{number}")).one()
    return next(code for code, several in table.given.entries_of.items() if entry in several)


def put(ids: Ids, number: int, before: int | None) -> None:
    with transaction():
        code, other = heat(ids, number), heat(ids, before) if before else ""
        table = lying(ids.festival)
        session = table.open_to(code)[0]
        acts.put(ids.festival, code, session.id, other, place(table, code, session, other).stamp, None)


def swap(ids: Ids, one: int, other: int) -> int:
    with transaction():
        return changing.swap(ids.relay, (f"bao-bo-{one}", f"bao-bo-{other}"), HEADS, "bận việc nhà", None).id


def back(ids: Ids) -> None:
    """The last step of the draft is taken back."""
    with transaction():
        step = undoing.next_steps(ids.festival, None).back
        assert step is not None
        undoing.turn(ids.festival, step.id, None, back=True)


def late(ids: Ids, number: int) -> None:
    """One more is approved after the draw."""
    with transaction():
        delegation = db.session.scalars(select(Delegation).order_by(Delegation.position)).first()
        assert delegation is not None
        db.session.add(Entry(contest_id=ids.relay, delegation_id=delegation.id, code=f"bao-bo-{number}",
                             name=f"Gia đình {number}", state=EntryState.ENROLLED))  # fmt: skip


def test_a_heat_is_one_act_of_several_families(drawn: Ids) -> None:
    assert stand(drawn) == "123 45 67" and torn(drawn) == []
    with reading():
        given = queries.material(drawn.festival)
        (first, *others) = [act for act in given.acts if act.contest == "bao-bo"]
        assert first.title == "đợt 1: Gia đình 1, Gia đình 2, Gia đình 3"
        assert [act.number for act in (first, *others)] == [1, 4, 6] and len(first.families) == 3
        # nobody of them sings while the heat runs
        assert [each for each in queries.plan_conflicts(drawn.festival) if each.kind is Clash.FAMILY] == []
        content = queries.snapshot(db.session.get_one(Contest, drawn.relay).festival)
        assert {(act["entry"][-1], act["heat"], act["lane"]) for act in content["acts"] if "lane" in act} == {
            ("1", 1, 1), ("2", 1, 2), ("3", 1, 3), ("4", 2, 1), ("5", 2, 2), ("6", 3, 1), ("7", 3, 2),
        }  # fmt: skip
    assert sealed() == []


def test_on_the_board_a_heat_is_moved_locked_and_taken_off_as_one_and_back(drawn: Ids) -> None:
    put(drawn, 7, before=2)
    assert stand(drawn) == "67 123 45" and Clash.ORDER in torn(drawn)
    back(drawn)
    assert stand(drawn) == "123 45 67" and torn(drawn) == []
    with transaction():
        third = db.session.scalars(select(Act.id).join(Entry).where(Entry.code == "bao-bo-5")).one()
        acts.move_act(third, earlier=True, user_id=None)
    assert stand(drawn) == "45 123 67"
    back(drawn)
    with transaction():
        locking.lock_act(drawn.festival, heat(drawn, 2), True, None)
    with reading():
        assert db.session.scalar(select(func.count(Act.id)).where(Act.locked)) == 3
    with pytest.raises(Conflict, match="«đợt 1: Gia đình 1, Gia đình 2, Gia đình 3» đã khóa"):
        put(drawn, 2, before=6)
    swap(drawn, 3, 4)  # the lock stays on the heat
    with reading():
        held = select(Entry.code).join(Act, Act.entry_id == Entry.id).where(Act.locked).order_by(Entry.code)
        assert [code[-1] for code in db.session.scalars(held)] == ["1", "2", "4"]
    with transaction():
        locking.lock_act(drawn.festival, heat(drawn, 2), False, None)
        acts.take_off(drawn.festival, heat(drawn, 6), None)
    assert stand(drawn) == "124 35" and torn(drawn) == [Clash.UNPLACED]
    back(drawn)
    assert stand(drawn) == "124 35 67"
    assert sealed() == []


def test_a_swap_of_numbers_swaps_lanes_and_a_withdrawal_leaves_its_lane_empty(drawn: Ids) -> None:
    change = swap(drawn, 1, 5)
    assert stand(drawn) == "523 41 67" and torn(drawn) == []
    with transaction():
        changing.undo(drawn.relay, change, "hai bên thôi", None)
    assert stand(drawn) == "123 45 67"
    with transaction():
        db.session.execute(update(Entry).where(Entry.code == "bao-bo-2").values(state=EntryState.WITHDRAWN))
    assert stand(drawn) == "1(2)3 45 67" and torn(drawn) == []
    with reading():
        lanes = queries.material(drawn.festival).lanes
        third = db.session.scalars(select(Entry.id).where(Entry.code == "bao-bo-3")).one()
        assert (lanes[third].heat, lanes[third].lane) == (1, 3)
    put(drawn, 1, before=None)
    assert stand(drawn) == "45 67 1(2)3"
    with transaction():
        db.session.execute(update(Entry).where(Entry.code == "bao-bo-2").values(state=EntryState.ENROLLED))
    assert stand(drawn) == "45 67 123"
    assert sealed() == []


def test_who_comes_late_takes_a_free_lane_then_a_new_heat(drawn: Ids) -> None:
    for number in (8, 9):
        late(drawn, number)
    with transaction():
        added = changing.add_late(drawn.relay, {"bao-bo-8": "8", "bao-bo-9": "9"}, "", None)
        assert isinstance(added, changing.DrawChange)
    assert torn(drawn) == [Clash.UNPLACED] * 2  # two heats of which somebody has no time yet
    with reading():
        assert len(planning.left_out(drawn.festival).acts) == 2
    with transaction():
        assert draft.fill(drawn.festival, None) == 2
    assert stand(drawn) == "123 459 678" and torn(drawn) == []
    back(drawn)
    assert stand(drawn) == "123 45 67"
    with transaction():
        changing.undo(drawn.relay, added.id, "bốc lại", None)
        changing.add_late(drawn.relay, {"bao-bo-8": "9", "bao-bo-9": "8"}, "", None)
        draft.fill(drawn.festival, None)
    assert stand(drawn) == "123 458 679"
    late(drawn, 0)
    with transaction():
        changing.add_late(drawn.relay, {"bao-bo-0": "10"}, "", None)
        draft.fill(drawn.festival, None)
    assert stand(drawn) == "123 458 679 0" and torn(drawn) == []
    assert sealed() == []


def test_a_heat_that_is_torn_is_named_not_published_and_put_together_again(drawn: Ids) -> None:
    with transaction():
        planning.publish(drawn.festival, None)
        db.session.execute(update(Contest).where(Contest.id == drawn.relay).values(lanes=4))
    assert torn(drawn).count(Clash.TORN) == 2  # 1 2 3 4, 5 6 7
    with transaction():
        refused = planning.publish(drawn.festival, None)
        assert isinstance(refused, planning.NotPublished)
        assert any("bị tách" in str(each) for each in refused.conflicts)
    for number in (1, 5):
        with transaction():
            acts.take_off(drawn.festival, heat(drawn, number), None)
    assert stand(drawn) == ""
    with transaction():
        draft.fill(drawn.festival, None)
    assert stand(drawn) == "1234 567" and torn(drawn) == []
    for _step in range(3):
        back(drawn)
    assert stand(drawn) == "123 45 67"
    with transaction():
        planning.make_plan(drawn.festival)
    assert stand(drawn) == "1234 567" and torn(drawn) == []
    assert sealed() == []


def act(number: int) -> int:
    return db.session.scalars(select(Act.id).join(Entry).where(Entry.code == f"bao-bo-{number}")).one()


def step(number: int, was: ActState, to: ActState) -> None:
    with transaction():
        take_step(act(number), was, to, by={"by": None})


def day(ids: Ids) -> str:
    """«on 13 · next 45 67 · after · absent 2 · over»"""
    with reading():
        found = stage_day(db.session.get_one(Stage, ids.stages[1]), at(8))
        parts = (found.now, found.then, found.rest, found.absent, found.over)
        return " · ".join("".join(each.entry.code[-1] for each in part) for part in parts)


def states() -> str:
    with reading():
        rows = db.session.execute(
            select(Entry.code, Act.state).join(Act).where(Entry.code.like("bao-bo-%")).order_by(Entry.code)
        )
        return "".join(row.state.value[0] for row in rows)


@pytest.mark.parametrize("published", [True, False])
def test_a_heat_is_called_begins_and_ends_as_one_and_back(drawn: Ids, published: bool) -> None:
    if published:
        with transaction():
            planning.publish(drawn.festival, None)
    assert day(drawn) == "123 · 4567 ·  ·  · "
    step(2, WAITING, ABSENT)  # one alone
    step(1, WAITING, READY)
    assert states() == "rarwwww"
    step(3, READY, WAITING)
    step(3, WAITING, ON)
    assert (day(drawn), states()) == ("13 · 4567 ·  · 2 · ", "oaowwww")
    with pytest.raises(Conflict, match="còn đang thi"):
        step(4, WAITING, ON)
    step(2, ABSENT, WAITING)  # late after all, and begun on the lane that is kept
    step(2, WAITING, ON)
    assert states() == "ooowwww"
    step(2, ON, READY)  # a slip: the whole heat has not begun
    step(1, READY, ON)
    step(1, ON, DONE)
    assert (day(drawn), states()) == ("45 · 67 ·  ·  · 123", "dddwwww")
    step(3, DONE, ON)
    step(3, ON, DONE)
    with reading():
        began = {row.began_at for row in db.session.scalars(select(Act).where(Act.state == DONE))}
        assert len(began) == 1
    step(5, WAITING, ABSENT)
    step(4, WAITING, ON)
    step(4, ON, DONE)
    step(5, ABSENT, READY)  # the heat is over: alone
    step(5, READY, ON)
    assert states() == "ddddoww"
    with pytest.raises(Conflict, match="Cả đợt lên cùng lúc"), reading():
        mending.propose(act(6), 0, at(8))
    assert sealed() == []


def test_the_stage_calls_together_who_is_published_together(drawn: Ids) -> None:
    with transaction():
        planning.publish(drawn.festival, None)
    swap(drawn, 1, 5)  # not published yet
    assert day(drawn).startswith("123 · 45")
    step(1, WAITING, READY)
    assert states() == "rrrwwww"
    with transaction():  # who sings meanwhile would be in two places
        db.session.execute(
            delete(Act).where(Act.entry_id.in_(select(Entry.id).where(Entry.contest_id == drawn.talent)))
        )
        found = planning.publish(drawn.festival, None, without=planning.left_out(drawn.festival).stamp)
        assert found == planning.Published(2)
    assert day(drawn).startswith("523 · 41")


@pytest.mark.both_databases
def test_two_taps_on_one_heat_at_once_are_one(app: Flask, drawn: Ids, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hand calls the heat by its first, the other by its last: one is told, and each entry has one line. A tap that takes the
    entry alone lets both through.
    """
    with reading():
        first, last = act(1), act(3)

    def taps() -> list[str]:
        return at_once(app, *(partial(take_step, each, WAITING, READY, by={"by": None}) for each in (first, last)))

    def lines() -> int | None:
        with reading():
            return db.session.scalar(
                select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind == "act_stepped")
            )

    assert taps() == [Overtaken.__name__, "done"]
    assert (states(), lines()) == ("rrrwwww", 3)
    step(1, READY, WAITING)
    monkeypatch.setattr("festival.schedule.stage_day.taking.beside", lambda _act: [])
    assert taps() == ["done", "done"]
    assert (states(), lines()) == ("rwrwwww", 8)
