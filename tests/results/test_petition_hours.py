"""Does the hour that the organiser types stand in place of the rules', changed, taken back and brought again, and close the jury's review alone?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from festival.core.clock import local, now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.results.petition_desk.models import PetitionHour
from tests.judging.panel_cast import Panel
from tests.results.test_pages_of_the_panel import people
from tests.results.test_papers import seals
from tests.results.test_petitions import HEAD, head, lodged, one, panel

__all__ = ["panel"]

pytestmark = pytest.mark.either_database

HOURS, HERE = "/petitions/hours", "/petitions/hours/tai-nang"


def written(at: datetime) -> str:
    own = local(at)
    return f"{own:%H:%M} {own.day}/{own.month}/{own.year}"


def differing(app: Flask) -> list[str]:
    return [each for each in seals(app, "decisions:thu") if "petition_hour" in each]


def test_the_typed_hour_is_changed_taken_back_and_brought_again(app: Flask, panel: Panel) -> None:
    organiser, secretary = people(app, panel, "organiser", "secretary")
    secretary.get(HOURS, 403)
    secretary.post(HERE, 403, until=written(now() + timedelta(hours=1)))
    assert HOURS not in secretary.get("/petitions") and HOURS in organiser.get("/petitions")
    assert "Thể lệ không định giờ" in organiser.get(HOURS)
    soon, later = now() + timedelta(hours=1), now() + timedelta(hours=3)
    for wrong, said in (
        ("tối nay", "Giờ chưa đọc được. Viết như 21:30 15/6/2026."),
        (" ", "Ghi giờ như 21:30 15/6/2026."),
        (written(now() - timedelta(minutes=2)), "đã qua"),
        (written(now() + timedelta(days=70)), "còn quá xa"),
    ):
        page = organiser.post(HERE, 400, until=wrong, version="0")
        assert said in page and (wrong.strip() in page), wrong
    organiser.post("/petitions/hours/khong-co", 404, until=written(soon), version="0")
    organiser.post(HERE, until=written(soon), version="0")
    assert f'value="{written(soon)}"' in organiser.get(HOURS)
    organiser.post(HERE, 409, until=written(later), version="0")
    organiser.post(HERE, until=written(later), version="1")
    organiser.post(HERE, do="take_back", version="2")
    assert f'value="{written(later)}"' not in organiser.get(HOURS)
    organiser.post(HERE, do="undo", version="3")
    assert f'value="{written(later)}"' in organiser.get(HOURS)
    assert "Gia đình tài năng: đến" in head(app).get(HEAD)
    assert differing(app) == []
    with app.app_context(), transaction():
        db.session.execute(update(PetitionHour).values(says={"closes_at": now().isoformat()}))
    assert len(differing(app)) == 1


def test_it_stands_before_the_rules_and_closes_the_jurys_review_alone(app: Flask, panel: Panel) -> None:
    (organiser,) = people(app, panel, "organiser")
    with app.app_context(), transaction():
        row = db.session.get_one(Festival, panel.festival_id)
        stated = row.ruleset or {}
        hour = {"petitions_after": "locked", "petitions_minutes": 60}
        row.ruleset = {**stated, "festival": {**stated["festival"], **hour}}
    organiser.post(HERE, until=written(now() + timedelta(hours=1)), version="0")
    with app.app_context():
        lodged(panel)
        with transaction():
            # the hour that was typed comes
            db.session.execute(
                update(PetitionHour).values(says={"closes_at": (now() - timedelta(minutes=1)).isoformat()})
            )
        lodged(panel)
        lodged(panel, "contest:bong-ro")
    found = [(one(app, n).late, one(app, n).desk.value, one(app, n).until is not None) for n in (1, 2, 3)]
    assert found == [(False, "panel", True), (True, "office", True), (False, "panel", False)]
    # later again: what was late is the jury's when the organiser moves it there
    organiser.post(HERE, until=written(now() + timedelta(hours=1)), version="1")
    organiser.post("/petitions/2/move", about="contest:tai-nang", reason="giờ đã lùi", seen="0")
    assert (one(app, 2).late, one(app, 2).desk.value) == (False, "panel")
