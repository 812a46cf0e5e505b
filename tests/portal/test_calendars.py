"""Does a calendar follow each version: a turn that moved replaces itself, one that is off says so, and the address opens nothing else?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.transaction import reading, transaction
from festival.portal.calendar_addresses import delegation_address, family_address
from festival.roster.links.of_families import replace_link
from festival.roster.models import Delegation, Family
from festival.roster.rules import rules_of
from festival.schedule.models import Plan
from tests.house.test_statements import statements
from tests.programme.scene import Scene, make_festival

pytestmark = pytest.mark.either_database


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context(), transaction():
        return make_festival(families=4, contests=2, first_day=date(2024, 6, 14))


def addresses(app: Flask, scene: Scene) -> tuple[str, str]:
    with app.app_context(), reading():
        family = family_address(db.session.get_one(Family, scene.families[0]))
        delegation = delegation_address(db.session.get_one(Delegation, scene.delegations[0]))
    return "/calendars" + family.partition("/calendars")[2], "/calendars" + delegation.partition("/calendars")[2]


def events(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar"), path
    whole = answer.get_data(as_text=True).replace("\r\n ", "")
    return [
        dict(
            line.split(":", 1)
            for line in event.split("\r\n")
            if ":" in line and not line.startswith(("TRIGGER", "ACTION"))
        )
        for event in whole.split("BEGIN:VEVENT\r\n")[1:]
    ]


def test_a_turn_moves_under_its_uid_and_one_that_is_out_is_off(app: Flask, client: FlaskClient, scene: Scene) -> None:
    family, delegation = addresses(app, scene)
    stage = "/programme/stages/a.ics"
    before = events(client, family)
    assert [(each["SEQUENCE"], each["STATUS"], each["DTSTART"]) for each in before] == [
        ("1", "CONFIRMED", "20240614T003000Z"),
        ("1", "CONFIRMED", "20240615T003000Z"),
    ]
    assert (len(events(client, delegation)), len(events(client, stage))) == (2, 8)
    assert client.get(family).data == client.get(family).data, "the same turns, the same bytes"
    with app.app_context(), transaction():
        first = db.session.scalars(select(Plan)).one()
        first_id = first.festival_id
        own = first.content["acts"]
        acts = [own[0] | {"starts_at": "2024-06-14T09:00:00+07:00"}, *own[1:4], *own[5:]]
        db.session.add(
            Plan(
                festival_id=first.festival_id,
                version=2,
                content={"acts": acts},
                published_at=datetime(2024, 6, 2, tzinfo=UTC),
            )
        )
    after = events(client, family)
    assert [each["UID"] for each in after] == [each["UID"] for each in before]
    assert [(each["SEQUENCE"], each["STATUS"], each["DTSTART"]) for each in after] == [
        ("2", "CONFIRMED", "20240614T020000Z"),
        ("2", "CANCELLED", "20240615T003000Z"),
    ]
    assert "Danh Chung" not in after[1]["SUMMARY"]
    assert [each["SEQUENCE"] for each in events(client, stage)].count("1") == 6, "what did not change keeps its own"
    # another version changes nothing of them; the one that is off comes again
    with app.app_context(), transaction():
        db.session.add(
            Plan(festival_id=first_id, version=3, content={"acts": acts}, published_at=datetime(2024, 6, 3, tzinfo=UTC))
        )
        db.session.add(
            Plan(festival_id=first_id, version=4, content={"acts": [*acts, own[4]]},
                 published_at=datetime(2024, 6, 4, tzinfo=UTC))
        )  # fmt: skip
    assert [(each["SEQUENCE"], each["STATUS"]) for each in events(client, family)] == [
        ("2", "CONFIRMED"),
        ("4", "CONFIRMED"),
    ]
    with app.app_context(), transaction():
        db.session.execute(delete(Plan).where(Plan.version > 2))
    assert [each["STATUS"] for each in events(client, stage)].count("CANCELLED") == 1
    with statements(app) as seen:
        client.get(family)
    assert len(seen) <= 20


def test_nobody_reads_in_a_calendar_what_nobody_is_to_know_yet(app: Flask, client: FlaskClient, scene: Scene) -> None:
    """An entry of a final that is not announced, or of plates judged blind, stands in the version: not even as a turn that is off."""
    family, _delegation = addresses(app, scene)
    with app.app_context(), transaction():
        second = db.session.scalars(select(Contest).order_by(Contest.position.desc())).first()
        assert second is not None
        second.plates_of = "khac"
        name = second.name
    told = [(each["STATUS"], name in each["SUMMARY"]) for each in events(client, family)]
    assert told == [("CONFIRMED", False)]


def test_the_address_is_its_own_and_ends_with_the_link(app: Flask, client: FlaskClient, scene: Scene) -> None:
    family, delegation = addresses(app, scene)
    token = family.rpartition("/")[2].removesuffix(".ics")
    assert client.get(f"/g/{token}").status_code == 404
    assert client.get(family[:-6] + "00.ics").status_code == 404
    assert client.get(delegation.replace("delegations", "families")).status_code == 404
    assert client.get("/programme/stages/khong.ics").status_code == 404
    with app.test_request_context(), transaction():
        row = db.session.get_one(Family, scene.families[0])
        row.link_hash = look_up_hash("x")
        db.session.flush()
        replace_link(rules_of(row.delegation.festival), row, None)
    assert client.get(family).status_code == 404
    assert addresses(app, scene)[0] != family
