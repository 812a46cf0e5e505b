"""A special prize of no contest is given once in the festival, by whichever panel comes first, and can be taken back."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.errors import Conflict
from festival.editions.models import Festival
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.results import decide
from festival.results.current import special_names
from festival.results.ladder.lock import Locked, lock
from festival.results.models import Award
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_commands import RULESET
from tests.results.test_pages_of_the_panel import TAI_NANG, people

pytestmark = pytest.mark.either_database

WIDE = "Gia đình nhiều thế hệ nhất"


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast()
        full_panel(made)
        with transaction():
            db.session.get_one(Festival, made.festival_id).ruleset = json.loads(RULESET.read_text(encoding="utf-8"))
            for entry in made.sport_entries:
                note_measure(made.sport_id, entry, 1, MeasureState.VALID, entry, 0, None)
        with transaction():
            assert isinstance(lock(made.contest_id, made.users["chair"], made.users["secretary"]), Locked)
            assert isinstance(lock(made.sport_id, made.users["organiser"], made.users["secretary"]), Locked)
        return made


def given() -> list[tuple[str, int | None]]:
    found = [(row.prize, row.contest_id) for row in db.session.scalars(select(Award).where(Award.special))]
    db.session.rollback()
    return found


def test_it_is_given_once_and_by_another_panel_after_it_was_taken_back(app: Flask, panel: Panel) -> None:
    with app.app_context():
        with transaction():
            names = special_names(db.session.get_one(Contest, panel.sport_id))
            assert names == [WIDE, "Thí sinh nhỏ tuổi nhất", "Người cao tuổi nhất"]
            decide.give_special(panel.contest_id, "E001", WIDE, None)
        with pytest.raises(Conflict, match="đã ghi ở phần thi «Gia đình tài năng»"), transaction():
            decide.give_special(panel.sport_id, "S000", WIDE, None)
        assert given() == [(WIDE, panel.contest_id)]
        with transaction():
            decide.give_special(panel.contest_id, "", WIDE, None)
        assert given() == []
        with transaction():
            decide.give_special(panel.sport_id, "S000", WIDE, None)
        assert given() == [(WIDE, panel.sport_id)]
        assert ledger.verify("results:tai-nang") == []


def test_the_page_takes_nothing_back_by_a_form_left_as_it_is(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    assert WIDE in secretary.get(TAI_NANG)
    secretary.post(TAI_NANG + "/special", 303, prize=WIDE, entry="E001")
    secretary.post(TAI_NANG + "/special", 400, prize=WIDE, entry="")
    with app.app_context():
        assert given() == [(WIDE, panel.contest_id)]
    secretary.post(TAI_NANG + "/special", 303, prize=WIDE, entry="-")
    with app.app_context():
        assert given() == []
