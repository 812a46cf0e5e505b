"""Do the stage, the timetable and the delegation's page know who of an act's performers has arrived, as soon as a gate has said so?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.transaction import transaction
from festival.roster.models import Entry, EntryPerson, Person
from festival.schedule.models import Act, ActState
from tests.portal.test_delegation_page import MORNING, Head, come, let_in
from tests.registration.pages_kit import words

pytestmark = pytest.mark.either_database

STAGE, TIMETABLE = "/api/v1/stage/a/here", "/api/v1/schedule/here"


def signed_in(app: Flask, role: Role) -> FlaskClient:
    with app.app_context(), transaction():
        user = create_user(role.value, role.value, "", [role])
        db.session.flush()
        token = open_sign_in(user.id, 48).token
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    return client


@pytest.fixture
def head(app: Flask) -> Iterator[Head]:
    with time_machine.travel(MORNING):
        yield come(app, 3)


def test_the_stage_and_the_timetable_say_who_of_the_performers_has_come(app: Flask, head: Head) -> None:
    stage, office = signed_in(app, Role.STAGE_MANAGER), signed_in(app, Role.ORGANISER)
    with app.app_context():
        acts = {act.entry.family_id: act.id for act in db.session.scalars(select(Act).order_by(Act.id.desc()))}
        first, second, third = (str(acts[family]) for family in head.scene.families)
        tomorrow = {str(act.id) for act in db.session.scalars(select(Act)) if act.starts_at.day == MORNING.day + 1}
    assert len(tomorrow) == 3
    quiet = stage.get(STAGE)
    # before anybody has come, nobody is missing
    assert (quiet.json, office.get(TIMETABLE).json) == ({"here": {}}, {"here": {}})
    assert stage.get(STAGE, headers={"If-None-Match": quiet.headers["ETag"]}).status_code == 304
    with app.app_context(), transaction():
        let_in(head.scene, 0, 2)
        let_in(head.scene, 1, 1)
    told = stage.get(STAGE, headers={"If-None-Match": quiet.headers["ETag"]})
    assert told.status_code == 200  # the next question of the open page has it
    assert told.json == office.get(TIMETABLE).json
    assert told.json == {
        "here": {
            first: {"tone": "good", "words": "Đã đến đủ 2 người", "away": ""},
            second: {"tone": "note", "words": "Đã đến 1/2 người", "away": "Chưa đến: Trần Bí Mật Con"},
            third: {"tone": "warn", "words": "Chưa ai đến, cả 2 người", "away": ""},
        }
    }
    page = words(stage.get("/office/stage/a"))
    assert "Đã đến 1/2 người Chưa đến: Trần Bí Mật Con" in page
    assert "Chưa ai đến, cả 2 người" in words(office.get("/office/schedule"))
    # an act that names who appears waits for these alone; one that is on the stage is seen
    with app.app_context(), transaction():
        child = db.session.scalars(select(Person).where(Person.name == "Trần Bí Mật Con")).one()
        entry = db.session.scalars(select(Entry).join(Act, Act.entry_id == Entry.id).where(Act.id == int(second))).one()
        db.session.add(EntryPerson(entry_id=entry.id, person_id=child.id))
        db.session.get_one(Act, int(first)).state = ActState.ON_STAGE
    assert stage.get(STAGE).json == {
        "here": {
            second: {"tone": "warn", "words": "Chưa ai đến, cả 1 người", "away": ""},
            third: {"tone": "warn", "words": "Chưa ai đến, cả 2 người", "away": ""},
        }
    }


def test_the_next_day_begins_with_nobody(app: Flask, head: Head) -> None:
    stage = signed_in(app, Role.STAGE_MANAGER)
    with app.app_context(), transaction():
        let_in(head.scene, 0, 2)
    assert len((stage.get(STAGE).json or {})["here"]) == 3
    with time_machine.travel(MORNING + timedelta(hours=19)):  # 2 in the morning in Vietnam: still the same festival day
        assert len((stage.get(STAGE).json or {})["here"]) == 3
    with time_machine.travel(MORNING + timedelta(hours=20)):
        assert stage.get(STAGE).json == {"here": {}}


def test_the_delegations_page_names_who_of_a_turn_is_missing_and_its_mark_changes(app: Flask, head: Head) -> None:
    own = f"/api/v1/delegation/{head.code}/mark"
    before = (head.officer.get(own).json or {})["mark"]
    assert before == (head.phone.get("/api/v1/head/mark").json or {})["mark"]
    with app.app_context(), transaction():
        let_in(head.scene, 1, 1)
    assert (head.officer.get(own).json or {})["mark"] != before
    for page in (head.phone.get("/head"), head.officer.get(f"/delegation/{head.code}/day")):
        turns = words(page).partition("Lượt thi")[2]
        assert "Đã đến 1/2 người. Chưa đến: Trần Bí Mật Con" in turns
        assert turns.count("Chưa ai đến, cả 2 người") == 2  # tomorrow's turns say nothing yet
    assert f'data-mark-at="{own}"' in head.officer.get(f"/delegation/{head.code}/day").text
    assert signed_in(app, Role.STAGE_MANAGER).get(own).status_code == 403
