"""Are numbers, lengths and what goes with a stage taken back with the steps of the draft, whatever two organisers do?"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken, Refusal
from festival.roster.models import Entry, EntryState
from festival.schedule import drawing, planning
from festival.schedule.drawn import changing, trials
from festival.schedule.editing import draft, steps
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.history.models import DraftStep
from festival.schedule.history.steps import next_steps
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.moving import acts, locking
from festival.schedule.moving.foreseen import places
from festival.schedule.moving.lying import lying
from festival.schedule.moving.shifting import Shift, shift
from festival.schedule.moving.undoing import turn
from festival.schedule.sessions import add_session, add_stage
from festival.schedule.stage_day.taking import take_step
from festival.schedule.wishes.models import Wish, WishKind
from festival.schedule.wishing.deciding import WishValues, add_wish, set_takes, taken_by
from tests.schedule.test_draft_steps import act_of, put, sealed, stands, undo
from tests.schedule.test_programme import Ids, at, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, session_of, times

pytestmark = pytest.mark.either_database

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures

SEEDS = [int(each) for each in os.environ.get("SEEDS", "1 2").split()]
HEADS = ("Danh Văn Một", "Thị Hai")


def numbers(ids: Ids) -> dict[str, int | None]:
    with reading():
        rows = db.session.execute(select(Entry.code, Entry.number).where(Entry.contest_id == ids.talent))
        return {row.code: row.number for row in rows}


@pytest.fixture
def drawn(planned: Ids) -> Ids:
    with transaction():
        drawing.draw_by_seed(planned.talent, "14062024", None)
        planning.make_plan(planned.festival)
    return planned


@pytest.mark.both_databases
def test_a_change_of_numbers_is_a_step_and_others_are_undone_over_it(drawn: Ids) -> None:
    stood, was = [stands(drawn)], [numbers(drawn)]

    def done(work: Callable[[], object]) -> None:
        with transaction():
            work()
        stood.append(stands(drawn))
        was.append(numbers(drawn))

    done(lambda: acts.move_act(act_of("bao-bo-2").id, earlier=True, user_id=None))
    done(lambda: changing.swap(drawn.talent, ("tai-nang-1", "tai-nang-2"), HEADS, "đoàn đến muộn", None))
    done(lambda: acts.take_off(drawn.festival, "bao-bo-3", None))
    other = next(code for code, number in was[-1].items() if number == 7)
    first = next(code for code, number in was[-1].items() if number == 1)
    done(lambda: changing.correct_number(drawn.talent, other, 1, "gõ nhầm", None))
    with reading():
        change = changing.standing_changes(drawing.standing_draw(drawn.talent))[-1].id
    done(lambda: changing.undo(drawn.talent, change, "không nhầm", None))
    assert (was[-1], was[-2][other], was[-2][first]) == (was[-3], 1, 7)
    for _round in range(2):
        for at_step in reversed(range(len(stood) - 1)):
            undo(drawn)
            assert (stands(drawn), numbers(drawn)) == (stood[at_step], was[at_step])
        assert sealed() == []
        for at_step in range(1, len(stood)):
            undo(drawn, back=False)
            assert (stands(drawn), numbers(drawn)) == (stood[at_step], was[at_step])
    assert sealed() == []
    with reading():
        words = next_steps(drawn.festival, None).back
        assert words is not None and str(words.words).startswith("hoàn tác ghi số «Gia đình")
    # a draw that is void takes its changes with it: said, nothing is undone
    with transaction():
        drawing.cancel_draw(drawn.talent, "bốc nhầm", None)
    before = stands(drawn)
    with pytest.raises((Conflict, Overtaken)):
        undo(drawn)
    assert stands(drawn) == before


def test_own_minutes_stay_as_they_were_said_when_steps_are_undone_over_them(planned: Ids) -> None:
    stood = times(planned.talent)
    put(planned, "tai-nang-7", session_of(planned.talent), "tai-nang-1")
    with reading():
        entry_id = act_of("tai-nang-7").entry_id
    with transaction():
        add_wish(planned.festival, WishValues(WishKind.MINUTES, entry_id, minutes=6), None)
    assert undo(planned) == "dời «Gia đình 7»"
    assert times(planned.talent) == stood
    with transaction():
        acts.take_off(planned.festival, "tai-nang-7", None)
        add_wish(planned.festival, WishValues(WishKind.OPENING, entry_id), None)
    undo(planned)
    assert times(planned.talent) == stood
    with reading():
        assert act_of("tai-nang-7").duration_min == 6
    assert sealed() == []


@pytest.mark.both_databases
def test_what_goes_with_a_stage_is_said_first_and_comes_back_with_it(drawn: Ids) -> None:
    with transaction():
        add_stage(drawn.festival, "nho", "Sân nhỏ")
        small = steps.own_stage(drawn.festival, "nho").id
        trials.set_trial(drawn.talent, "nho", at(5), 10, 0, None)
        add_wish(
            drawn.festival,
            WishValues(WishKind.PAUSE, stage_id=small, starts_at=at(11), ends_at=at(13), note="Nghỉ trưa"), None,
        )  # fmt: skip
        set_takes(drawn.festival, "nho", ["tai-nang"], None)
    step = lambda: steps.remove_stage(drawn.festival, "nho", None)  # noqa: E731
    asked = carry_out(drawn.festival, step, "", lambda removed: removed.told)
    assert isinstance(asked, PlanFollows)
    assert [str(each) for each in asked.told] == [
        "Giờ ráp sân khấu của Biểu diễn nghệ thuật «Gia đình tài năng», từ 5 giờ ngày 28/6 (7 đoàn), mất theo sân khấu.",
        "Giờ nghỉ «Nghỉ trưa» ở sân khấu này mất theo sân khấu.",
    ]
    for _round in range(2):
        assert isinstance(carry_out(drawn.festival, step, asked.stamp, lambda removed: removed.told), Carried)
        with reading():
            assert trials.trials(drawn.festival) == []
            assert db.session.scalar(select(func.count(Wish.id))) == 0
        assert undo(drawn) == "bỏ sân khấu «Sân nhỏ»"
        with reading():
            (tried,) = trials.trials(drawn.festival)
            assert (tried.stage.code, tried.row.starts_at, tried.row.minutes) == ("nho", at(5), 10)
            pause = db.session.scalars(select(Wish)).one()
            assert (pause.note, pause.starts_at, pause.stage and pause.stage.code) == ("Nghỉ trưa", at(11), "nho")
            assert taken_by(steps.own_stage(drawn.festival, "nho")) == ["tai-nang"]
        assert sealed() == []


@pytest.mark.both_databases
def test_the_number_of_a_step_is_never_another_s(planned: Ids) -> None:
    """Somebody has the board open on a step; it is undone, something else is done: that is not what would be undone."""
    put(planned, "tai-nang-7", session_of(planned.talent), "tai-nang-1")
    seen = newest(planned)
    undo(planned)
    with transaction():
        add_stage(planned.festival, "san-phu", "Sân phụ")
    stood = stands(planned)
    with pytest.raises(Overtaken, match="thêm sân khấu «Sân phụ»"), transaction():
        turn(planned.festival, seen, None, back=True)
    assert stands(planned) == stood


# ------------------------------------------------------------------------------------------------ two organisers, anything


def some_step(dice: Random, ids: Ids, by: int) -> Callable[[], object]:
    """One of all that changes the draft, as it happens to be possible or not."""
    festival = ids.festival
    with reading():
        rows = db.session.scalars(select(Session).order_by(Session.id)).all()
        stages = list(db.session.scalars(select(Stage.code).order_by(Stage.id)))
        placed = list(db.session.scalars(select(Act.id).order_by(Act.id)))
        every = list(
            db.session.scalars(select(Entry.code).where(Entry.state == EntryState.ENROLLED).order_by(Entry.id))
        )
        session = dice.choice(rows) if rows else None
        values = steps.values_of(session) if session else None
        session_id = session.id if session else 0
    code, stage, hour = dice.choice(every), dice.choice(stages), dice.choice((7, 9, 11, 14))
    held = dice.random() < 0.4

    def moved() -> object:
        table = lying(festival)
        assert code in table.acts
        spots = places(table, code, table.open_to(code))
        spot = dice.choice(spots) if spots else None
        assert spot is not None
        return acts.put(festival, code, spot.session.id, spot.before, spot.stamp, by)

    def changed() -> object:
        assert values is not None
        ends = values.ends_at + timedelta(minutes=dice.choice((-60, 0, 45)))
        begins = values.starts_at + timedelta(minutes=dice.choice((0, 30)))
        to = steps.SessionValues(values.contest_id, values.stage_id, begins, ends, dice.choice(("", "chiều")))
        return steps.change_session(festival, session_id, to, by)

    return dice.choice([
        moved, moved, moved, changed, changed,
        lambda: acts.move_act(dice.choice(placed or [0]), dice.random() < 0.5, by),
        lambda: acts.take_off(festival, code, by),
        lambda: draft.fill(festival, by),
        lambda: planning.make_plan(festival, by=by),
        lambda: draft.discard(festival, by),
        lambda: draft.bring_back(festival, by),
        lambda: draft.back_to_published(festival, by),
        lambda: add_session(steps.own_stage(festival, stage).id, ids.talent, at(hour), at(hour + 2), "", by),
        lambda: steps.remove_session(festival, session_id, by),
        lambda: add_stage(festival, f"s{dice.randrange(9)}", f"Sân {dice.randrange(9)}", by),
        lambda: steps.rename_stage(festival, stage, f"Sân {dice.randrange(99)}", by),
        lambda: steps.remove_stage(festival, stage, by),
        lambda: steps.close_stage(festival, stage, held, by),
        lambda: locking.lock_act(festival, code, held, by),
        lambda: locking.lock_session(festival, session_id, held, by),
        lambda: locking.lock_day(festival, date(2024, 6, 28), held, by),
        lambda: shift(festival, Shift((session_id,), stage if held else "", at(hour)), by),
        lambda: changing.swap(ids.talent, tuple(dice.sample([f"tai-nang-{n}" for n in range(1, 8)], 2)), HEADS, "đổi", by),
    ])  # fmt: skip


def newest(ids: Ids) -> int:
    with reading():
        return db.session.scalar(select(func.max(DraftStep.id))) or 0


@pytest.mark.parametrize("seed", SEEDS)
def test_any_sequence_of_two_organisers_is_taken_back_to_where_it_began_and_done_again(drawn: Ids, seed: int) -> None:
    dice = Random(seed)
    with transaction():
        both = [create_user(name, name, "", [Role.ORGANISER]).id for name in ("mot", "hai")]
        if seed % 2 == 0:  # on the day: one has been on, one is on
            for code, was, to in (
                ("1", "waiting", "on_stage"),
                ("1", "on_stage", "done"),
                ("2", "waiting", "on_stage"),
            ):
                take_step(act_of(f"bao-bo-{code}").id, ActState(was), ActState(to))
    stood = [(stands(drawn), numbers(drawn))]
    for _each in range(40):
        last, work = newest(drawn), some_step(dice, drawn, dice.choice(both))
        try:
            with transaction():
                work()
        except (Refusal, AssertionError):
            assert (stands(drawn), numbers(drawn)) == stood[-1], "a refused step leaves nothing"
            continue
        if newest(drawn) != last:
            stood.append((stands(drawn), numbers(drawn)))
            if dice.random() < 0.3 and len(stood) > 2:
                _turn(drawn, dice.choice(both), back=True)
                assert (stands(drawn), numbers(drawn)) == stood[-2]
                stood.pop()
        else:
            assert (stands(drawn), numbers(drawn)) == stood[-1]
    assert len(stood) > 8
    for before in reversed(stood[:-1]):
        _turn(drawn, dice.choice(both), back=True)
        assert (stands(drawn), numbers(drawn)) == before
    for after in stood[1:]:
        _turn(drawn, dice.choice(both), back=False)
        assert (stands(drawn), numbers(drawn)) == after
    assert sealed() == []


def _turn(ids: Ids, by: int, *, back: bool) -> None:
    with reading():
        following = next_steps(ids.festival, by)
        told = following.back if back else following.again
        assert told is not None
        step = told.id
    with transaction():
        turn(ids.festival, step, by, back=back)
