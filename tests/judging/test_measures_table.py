"""Measures of a whole page are typed in one table with one save: all of it or nothing, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.measuring import note_measure
from festival.judging.models import Measure, MeasureState
from tests.judging.panel_cast import Panel, cast
from tests.results.test_pages_of_the_panel import Desk, people

pytestmark = pytest.mark.either_database

TABLE = "/panel/bong-ro/measures/table"


@pytest.fixture
def scene(app: Flask) -> tuple[Panel, Desk]:
    with app.app_context():
        panel = cast()
        with transaction():
            db.session.execute(update(Contest).where(Contest.id == panel.sport_id).values(attempts=2))
    return panel, people(app, panel, "secretary")[0]


def stored(app: Flask) -> dict[tuple[int, int], tuple[str, int | None, int]]:
    with app.app_context(), reading():
        return {
            (row.entry_id, row.round): (row.state.value, row.value, row.version)
            for row in db.session.scalars(select(Measure))
        }


def filled(desk: Desk, **changes: str) -> dict[str, str]:
    """The form as the page shows it, with what somebody types."""
    page = desk.get(TABLE)
    boxes = re.findall(r'name="([bv]-[^"]+)"\s+value="([^"]*)"', page)
    states = dict.fromkeys(re.findall(r'<select class="input" name="(s-[^"]+)"', page), "")
    return {**states, **dict(boxes), **changes}


def test_one_save_for_all_and_only_what_changed(app: Flask, scene: tuple[Panel, Desk]) -> None:
    panel, secretary = scene
    first, second, third = panel.sport_entries
    secretary.post(
        TABLE, **filled(secretary, **{"v-S000-1": "12", "v-S000-2": "9", "v-S001-1": "31".replace("31", "30")})
    )
    assert stored(app) == {(first, 1): ("valid", 12, 1), (first, 2): ("valid", 9, 1), (second, 1): ("valid", 30, 1)}
    # corrected, taken back, and said to be absent: what is public at once is read back as one list
    form = filled(secretary, **{"v-S000-1": "13", "v-S000-2": "", "s-S002-1": "dns"})
    asked = secretary.post(TABLE, 200, **form)
    assert "Chưa ghi gì" in asked and "Đoàn huyện Số 2: không dự thi" in asked and 'name="v-S000-1" value="13"' in asked
    assert stored(app)[first, 1] == ("valid", 12, 1)
    assert 'value="13"' in secretary.post(TABLE, 200, **form, step="back")
    secretary.post(TABLE, **form, step="confirm")
    assert stored(app) == {(first, 1): ("valid", 13, 2), (second, 1): ("valid", 30, 1), (third, 1): ("dns", None, 1)}
    secretary.post(TABLE, **filled(secretary, **{"s-S002-1": "dns"}))
    assert stored(app)[third, 1] == ("dns", None, 1), "nothing changed, nothing is written"


def test_a_bad_cell_is_named_and_everything_stays_typed(app: Flask, scene: tuple[Panel, Desk]) -> None:
    panel, secretary = scene
    typed = {"v-S000-1": "12", "v-S001-1": "mười", "v-S002-2": "7"}
    page = secretary.post(TABLE, 422, **filled(secretary, **typed))
    assert stored(app) == {} and "Số lượt là số nguyên" in page and 'href="#v-S001-1"' in page
    assert all(f'value="{value}"' in page for value in typed.values())
    page = secretary.post(TABLE, 409, **filled(secretary, **{"v-S000-1": "12", "v-S001-2": "31"}))
    assert stored(app) == {} and "Nhiều nhất là 30 quả." in page and 'value="12"' in page
    for name in ("lan", "chair", "officer"):
        (desk,) = people(app, panel, name)
        desk.get(TABLE, 404 if name != "chair" else 403)
    secretary.get("/panel/tai-nang/measures/table", 404)


def test_somebody_elses_number_and_a_lock_keep_what_was_typed(app: Flask, scene: tuple[Panel, Desk]) -> None:
    panel, secretary = scene
    form = filled(secretary, **{"v-S000-1": "12", "v-S001-1": "8"})
    with app.app_context(), transaction():
        note_measure(panel.sport_id, panel.sport_entries[1], 1, MeasureState.VALID, 5, 0, None)
    page = secretary.post(TABLE, 409, **form)
    assert "Người khác vừa sửa ô này" in page and "Đang ghi: 5" in page and 'value="8"' in page and 'value="12"' in page
    assert set(stored(app).values()) == {("valid", 5, 1)}, "not half of the table"
    again = {**form, **dict(re.findall(r'name="(b-[^"]+)" value="([^"]*)"', page))}
    secretary.post(TABLE, **again)
    assert set(stored(app).values()) == {("valid", 12, 1), ("valid", 8, 2)}
    form = filled(secretary, **{"v-S002-1": "20"})
    with app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.id == panel.sport_id).values(state=ContestState.LOCKED))
    page = secretary.post(TABLE, 409, **form)
    assert "Phần thi đã khóa điểm" in page and 'value="20"' in page and "Ghi cả bảng" not in page
