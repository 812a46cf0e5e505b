"""A festival whose two contests and whole delegation are released, and who leads its screens."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask

from festival.ceremony.reveal import running
from festival.ceremony.reveal.models import Reveal
from festival.contests.models import ContestState
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.editions.queries import the_festival
from tests.judging.panel_cast import Panel
from tests.results.test_pages_of_the_panel import Desk
from tests.results.whole_cast import bring, lock_all, whole_cast
from tests.results.whole_kit import ONE_FIRST, decide, sign

RELEASED = (ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED)


def evening_cast() -> Panel:
    """In the present application's database."""
    panel = whole_cast()
    lock_all(panel)
    decide(panel, ONE_FIRST)
    bring(panel, *RELEASED)
    sign(panel)
    return panel


def the_run(app: Flask) -> Reveal:
    with app.app_context(), reading():
        run = running.last_run(the_festival().id)
        assert run is not None
        return run


def begun(app: Flask, panel: Panel, *, practice: bool = False) -> str:
    """Started by the organiser; answers the address of a screen."""
    with app.app_context(), transaction():
        run = running.start(the_festival(), practice, panel.users["organiser"])
        return f"/hall/reveal/{running.screen_code(run)}"


def step_to(desk: Desk, to: int, was: int, status: int = 303) -> str:
    return desk.post("/mc/reveal/move", status, to=str(to), was=str(was))


def slides_of(desk: Desk) -> list[dict[str, Any]]:
    """What the page of who leads holds."""
    found = re.search(r'id="reveal-steps">(.*?)</script>', desk.get("/mc/reveal"), re.DOTALL)
    assert found is not None
    slides: list[dict[str, Any]] = json.loads(found[1])
    return slides


def sealed(app: Flask) -> list[str]:
    """Every difference between the rows of the reveal and their ledger."""
    with app.app_context(), checks.snapshot():
        return [str(difference) for _room, difference in checks.inspect(("reveal:thu",)).named()]
