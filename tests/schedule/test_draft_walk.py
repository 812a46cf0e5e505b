"""Whatever is done to a draft and its draws, in whatever order: do tables and ledger say the same after each step, and is nothing refused by an accident?

A walk by dice over all that changes an act's entry, place or lock, or lets it disappear. Short here; WALK=2000 SEEDS="1 2 3" walks far.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from random import Random

import pytest
from sqlalchemy import select, update

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.models import Contest, ResultKind
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Refusal
from festival.roster.models import Entry, EntryState
from festival.schedule import drawing, planning, queries
from festival.schedule.drawn import changing
from festival.schedule.history.steps import next_steps
from festival.schedule.mending.taking import ActMove, take_moves
from festival.schedule.models import Act, ActState
from festival.schedule.moving import acts, locking
from festival.schedule.moving.foreseen import places
from festival.schedule.moving.lying import lying
from festival.schedule.moving.undoing import turn
from festival.schedule.rounds.adding import add_later_rounds, drop_later_rounds
from festival.schedule.stage_day.taking import take_step
from tests.schedule.test_draft_steps import sealed
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned
from tests.schedule.test_turned_steps import HEADS, some_step

pytestmark = pytest.mark.either_database

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures

SEEDS = [int(each) for each in os.environ.get("SEEDS", "1").split()]
STEPS = int(os.environ.get("WALK", "20"))
STATES = (ActState.WAITING, ActState.READY, ActState.ON_STAGE, ActState.DONE, ActState.ABSENT)


@pytest.fixture
def drawn(planned: Ids) -> Ids:
    """Seven sing, and seven meet in a knock-out with its later rounds; both drawn, one singer approved later."""
    with transaction():
        db.session.execute(
            update(Contest).where(Contest.id == planned.relay).values(result_kind=ResultKind.MATCH, best_possible=None)
        )
        db.session.execute(update(Entry).where(Entry.code == "tai-nang-7").values(state=EntryState.PROPOSED))
        for contest in (planned.talent, planned.relay):
            drawing.draw_by_seed(contest, "14062024", None)
        add_later_rounds(planned.festival, planned.relay, None)
        planning.make_plan(planned.festival)
    return planned


def some_deed(dice: Random, ids: Ids, by: int) -> tuple[str, Callable[[], object]]:
    """One of all there is, as it happens to be possible or not; with its name."""
    festival, contest = ids.festival, dice.choice((ids.talent, ids.relay))
    with reading():
        codes = list(db.session.scalars(select(Entry.code).where(Entry.contest_id == contest).order_by(Entry.id)))
        placed = db.session.execute(select(Act.id, Act.state, Act.session_id).order_by(Act.id)).all()
        drawing_now = drawing.last_voided(contest) is None
        changes = changing.standing_changes(drawing.standing_draw(contest)) if _stands(contest) else []
        change = changes[-1].id if changes else 0
        following = next_steps(festival, by)
        table = lying(festival)
        blocks = sorted(table.acts)
        session = dice.choice(sorted(table.sessions) or [0])
        begins = local(table.sessions[session].starts_at) if session else None
    one, other = dice.sample(codes, 2)
    block, held, act = dice.choice(blocks or [""]), dice.random() < 0.6, dice.choice(placed) if placed else None

    def turned(back: bool) -> object:
        told = following.back if back else following.again
        assert told is not None
        return turn(festival, told.id, by, back=back)

    deeds: dict[str, Callable[[], object]] = {
        f"put {block}": lambda: _put(dice, festival, block, by),
        f"take off {block}": lambda: acts.take_off(festival, block, by),
        f"lock {block} {held}": lambda: locking.lock_act(festival, block, held, by),
        f"swap {one} {other}": lambda: changing.swap(contest, (one, other), HEADS, "đổi", by),
        f"correct {one}": lambda: changing.correct_number(contest, one, dice.randrange(1, 9), "nhầm", by),
        "undo change": lambda: changing.undo(contest, change, "thôi", by),
        "add late": lambda: changing.add_late(contest, {}, "7", by),
        f"withdraw {one}": lambda: _now(one, EntryState.WITHDRAWN),
        f"enrol {one}": lambda: _now(one, EntryState.ENROLLED),
        f"enrol {other}": lambda: _now(other, EntryState.ENROLLED),
        "back": lambda: turned(True),
        "back again": lambda: turned(True),
        "again": lambda: turned(False),
        f"move {block}": lambda: _moved(dice, festival, block, (session, begins), by),
        "add rounds": lambda: add_later_rounds(festival, ids.relay, by),
        "drop rounds": lambda: drop_later_rounds(festival, ids.relay, by),
        "void or restore": lambda: (
            drawing.cancel_draw(contest, "nhầm", by) if drawing_now else drawing.restore_draw(contest, by)
        ),
        "publish": lambda: planning.publish(festival, by, without=planning.left_out(festival).stamp),
        f"called {act}": lambda: act and take_step(act.id, act.state, dice.choice(STATES)),
    }
    name = dice.choice(sorted(deeds))
    return name, deeds[name]


def _put(dice: Random, festival: int, block: str, by: int) -> object:
    now = lying(festival)
    spots = places(now, block, now.open_to(block))
    assert spots
    spot = dice.choice(spots)
    return acts.put(festival, block, spot.session.id, spot.before, spot.stamp, by)


def _moved(dice: Random, festival: int, block: str, to: tuple[int, datetime | None], by: int) -> object:
    session, begins = to
    assert begins is not None
    move = ActMove(block, session, begins.replace(minute=dice.randrange(0, 60, 5)))
    return take_moves(festival, [move], by, count=1)


def _now(code: str, state: EntryState) -> None:
    db.session.execute(update(Entry).where(Entry.code == code).values(state=state))


def _stands(contest: int) -> bool:
    with_order = select(Entry.id).where(Entry.contest_id == contest, Entry.number.is_not(None)).limit(1)
    return db.session.scalar(with_order) is not None


@pytest.mark.parametrize("seed", SEEDS)
def test_tables_and_ledger_agree_after_each_step_of_a_walk(drawn: Ids, seed: int) -> None:
    dice = Random(seed)
    with transaction():
        by = create_user("mot", "Một", "", [Role.ORGANISER]).id
    done: list[str] = []
    for _each in range(STEPS):
        if dice.random() < 0.35:
            name, work = "any", some_step(dice, drawn, by)
        else:
            name, work = some_deed(dice, drawn, by)
        try:
            with transaction():
                work()
        except (Refusal, AssertionError) as refused:
            done.append(f"({name}: {str(refused)[:60]})")
        else:
            done.append(name)
        assert sealed() == [], done
        with reading():
            queries.plan_conflicts(drawn.festival)
    assert sum(not each.startswith("(") for each in done) >= STEPS // 5, done
