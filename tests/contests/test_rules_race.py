"""Does a first mark that arrives while the rules are saved come before the save or after it, and never in between?"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests import actions
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.errors import Conflict
from tests.contests.test_changing_later import document, held, marked, stand, take
from tests.harness.waiting import PATIENCE_S

__all__ = ["document"]  # a fixture


def naive(document: dict[str, Any], inside: threading.Event, go_on: threading.Event) -> str:
    """Asks whether there is a mark, then writes: what must never be built."""
    fixed = held("bong-ro").rules_fixed_at
    inside.set()
    go_on.wait(PATIENCE_S)
    if fixed is None:
        stand("bong-ro", attempts=document["contests"][1]["attempts"])
    return "saved"


def honest(document: dict[str, Any], inside: threading.Event, go_on: threading.Event) -> str:
    assert held("bong-ro").rules_fixed_at is None
    inside.set()
    go_on.wait(PATIENCE_S)
    try:
        take(document)
    except Conflict:
        return "refused"
    return "saved"


@pytest.mark.parametrize(("save", "expected"), [(honest, ("refused", 2)), (naive, ("saved", 3))])
def test_a_first_mark_while_the_rules_are_being_saved(
    app: Flask, document: dict[str, Any], save: Callable[..., str], expected: tuple[str, int]
) -> None:
    """Whoever looked before the mark and writes after it changes rules that somebody has judged by."""
    changed = copy.deepcopy(document)
    changed["contests"][1]["attempts"] = 3
    inside, go_on = threading.Event(), threading.Event()
    said: list[str] = []

    def saving() -> None:
        with app.app_context():
            said.append(save(changed, inside, go_on))

    organiser = threading.Thread(target=saving)
    organiser.start()
    assert inside.wait(PATIENCE_S)
    marked("bong-ro")
    go_on.set()
    organiser.join(PATIENCE_S)
    assert (said[0], held("bong-ro").attempts) == expected


def test_a_mark_that_is_being_written_is_waited_for(app: Flask, document: dict[str, Any]) -> None:
    """The save begins while the mark's transaction is open, and finds it when it is over."""
    changed = copy.deepcopy(document)
    changed["contests"][1]["attempts"] = 3
    inside, go_on = threading.Event(), threading.Event()
    said: list[str] = []

    def marking() -> None:
        with app.app_context(), transaction():
            actions.fix_rules(db.session.scalars(select(Contest.id).where(Contest.code == "bong-ro")).one())
            inside.set()
            go_on.wait(PATIENCE_S)

    def saving() -> None:
        with app.app_context():
            try:
                take(changed)
                said.append("saved")
            except Conflict:
                said.append("refused")

    judge, organiser = threading.Thread(target=marking), threading.Thread(target=saving)
    db.session.rollback()
    judge.start()
    assert inside.wait(PATIENCE_S)
    organiser.start()
    organiser.join(0.5)
    assert said == []
    go_on.set()
    judge.join(PATIENCE_S)
    organiser.join(PATIENCE_S)
    assert said == ["refused"]
    assert held("bong-ro").attempts == 2
