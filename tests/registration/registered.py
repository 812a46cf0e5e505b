"""What several tests of these pages stand on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from sqlalchemy import func, select

from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.registration import changing, decisions, registering
from festival.registration.outcomes import Decision, Registered
from festival.roster import families, views
from festival.roster.household import Household
from festival.roster.models import (
    Origin,
)
from tests.registration.conftest import World, household

STREAM = "decisions:kg-2024"


def register(world: World, home: Household, *, key: str | None = None, submit: bool = True) -> Registered:
    with world.app.app_context(), transaction():
        outcome = registering.register_family(
            world.rules(), world.delegation(), home, Origin.FAMILY, submission_key=key, submit=submit
        )
    assert isinstance(outcome, Registered)
    return outcome


def approve(world: World, family_id: int, version: int = 1) -> Decision:
    with world.app.app_context(), transaction():
        rules = world.rules()
        return decisions.approve(rules, views.view(families.family_by_id(family_id), rules), version, world.organiser)


def count(world: World, *query: object) -> int:
    with world.app.app_context(), reading():
        return db.session.scalar(select(func.count()).select_from(*query)) or 0  # type: ignore[arg-type]


def kinds(world: World) -> list[str]:
    """What the ledger says of families; its first line is that the festival itself was chosen."""
    with world.app.app_context(), reading():
        assert ledger.verify(STREAM) == []
        first, *rest = db.session.scalars(select(ledger.LedgerEntry.kind).order_by(ledger.LedgerEntry.seq))
        assert first == "edition_chosen"
        return rest


def race(app: Flask, number: int, act: Callable[[], object], pause: threading.Barrier | None = None) -> list[object]:
    """Run `act` in its own transaction in `number` threads that start together; every outcome, none lost."""
    start, outcomes = threading.Barrier(number), []

    def run() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    outcomes.append(act())
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == number
    return outcomes


def incomplete(world: World, home: Household) -> int:
    """A family that was sent complete and has lost all people but one since."""
    made = register(world, home)
    with world.app.app_context(), transaction():
        family = families.family_by_id(made.family_id)
        changing.change_family(world.rules(), family, replace(home, members=home.members[:1]), 1)
    return made.family_id


def waiting(world: World, number: int) -> list[int]:
    with world.app.app_context(), transaction():
        made = registering.register_families(
            world.rules(),
            world.delegation(),
            [(household(each), None) for each in range(number)],
            Origin.EXCEL,
            submit=True,
        )
    return [each.family_id for each in made]
