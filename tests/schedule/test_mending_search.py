"""Whatever is asked of a draft, no answer breaks a rule it kept, moves what is held or goes too far; and taken back all is as it was, byte for byte."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from festival.core import ledger
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.schedule import queries
from festival.schedule.conflicts import Clash, check
from festival.schedule.history.steps import next_steps
from festival.schedule.mending import answer
from festival.schedule.mending.change import AskedHow, MendKind, PlanChange
from festival.schedule.mending.proposing import Proposal, proposed
from festival.schedule.mending.taking import mend_taken_back, mend_the_day, take_moves
from festival.schedule.models import Act, Plan
from festival.schedule.moving.lying import Lying, lying
from festival.schedule.moving.undoing import turn
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned

pytestmark = pytest.mark.either_database

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures

SEEDS = 24
GIVEN_UP = {Clash.ORDER, Clash.PLACE, Clash.CHANGE, Clash.OVERRUN}  # for whom it is asked, or said beside it


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the solver's process: what it finds is held against the same rules."""
    monkeypatch.setattr(answer, "SOLVER", False)


def rows() -> list[tuple[object, ...]]:
    """Every column of the draft."""
    with reading():
        return [tuple(row) for row in db.session.execute(select(Act.__table__).order_by(Act.id))]


def published(number: int) -> object:
    with reading():
        return db.session.scalars(select(Plan.content).where(Plan.version == number)).one()


def any_change(dice: Random, table: Lying) -> PlanChange:
    """Somebody asks, something stops, is late, or is not there."""
    kind = dice.choice(list(MendKind))
    code = dice.choice(sorted(table.by_code))
    session = table.sessions[table.by_code[code][0].session_id]
    begins: datetime = local(session.starts_at) + timedelta(minutes=dice.randrange(0, 100))
    ends = begins + timedelta(minutes=dice.randint(1, 60))
    of = {
        MendKind.STAGE: session.stage.name,
        MendKind.PANEL: session.contest.code,
        MendKind.SESSION: str(session.id),
    }.get(kind, code)
    if kind is MendKind.ACT:
        ends = begins
    return PlanChange(
        kind, of, begins, ends, dice.choice(list(AskedHow)), dice.choice((0, 10, 20, 45)), dice.choice((0, 30))
    )


def broken(table: Lying) -> set[object]:
    found = check(list(table.placed.values()), gap_min=queries.GAP_MIN, wishes=table.given.wishes)
    return {(each.kind, frozenset(each.acts)) for each in found if each.kind not in GIVEN_UP}


def held_against(found: Proposal, change: PlanChange, before: Lying, after: Lying) -> None:
    """Locked acts stay, nobody else goes further than the limit, and the answer is what was said."""
    stood = {code: (block[0].session_id, block[0].starts_at, block[0].locked) for code, block in before.by_code.items()}
    stands = {code: (block[0].session_id, block[0].starts_at, block[0].locked) for code, block in after.by_code.items()}
    assert {code for code in stands if stands[code] != stood[code]} == {each.code for each in found.moves}
    asked = {each.title for each in found.moved if each.asked}
    for code, (_, was, locked) in stood.items():
        assert not locked or stands[code] == stood[code], code
        if before.acts[code].title not in asked and change.kind is MendKind.ACT:
            assert abs(stands[code][1] - was) <= timedelta(minutes=change.cap), code


def test_every_answer_keeps_the_rules_and_is_taken_back_to_the_byte(planned: Ids) -> None:
    answered = 0
    for seed in range(SEEDS):
        dice = Random(seed)
        with transaction():
            for act in db.session.scalars(select(Act).order_by(Act.id)):
                act.locked = dice.random() < 0.15
        with reading():
            table = lying(planned.festival)
            change, kept = any_change(dice, table), broken(table)
            number = queries.published_version(planned.festival) or 0
        was, told = rows(), published(number)
        found = proposed(planned.festival, change)
        assert rows() == was
        assert found.possible or found.against or not found.impossible
        if not found.moves:
            continue
        answered += 1
        with transaction():
            if seed % 2:
                version = mend_the_day(planned.festival, found.moves, None, "dời", count=len(found.moves))
                assert version == number + 1
            else:
                take_moves(planned.festival, found.moves, None, count=len(found.moves))
        with reading():
            after = lying(planned.festival)
            assert broken(after) <= kept, (seed, change)
            held_against(found, change, table, after)
            step = next_steps(planned.festival, None).last
        with transaction():
            if seed % 2:
                assert mend_taken_back(planned.festival, step or 0, None) == number + 2
            else:
                turn(planned.festival, step or 0, None, back=True)
        assert rows() == was, seed
        if seed % 2:
            assert published(number + 2)["acts"] == told["acts"], seed  # type: ignore[index]
    assert answered >= SEEDS // 3
    with reading():
        assert ledger.verify("decisions:hon-quan-2024") == []
