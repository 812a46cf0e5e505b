"""Is every look at secret marks and at children's data, and every export, in the security log: once an hour, without a name?"""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from config import ROOT
from festival.accounts import log_words
from festival.accounts.models import User
from festival.core.database import db
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.results.ladder import lock
from festival.roster.models import Delegation, DelegationOfficer, Family, FamilyState, Person
from tests.accounts.kit import noted
from tests.judging.panel_cast import cast, full_panel
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import MINE, TAI_NANG, TWO, Desk, people

pytestmark = pytest.mark.either_database

AT = datetime(2026, 6, 14, 1, 5, tzinfo=UTC)
LOOKS = {"read_marks", "read_children", "export"}


def looks(app: Flask) -> list[tuple[str, dict[str, object]]]:
    return [line for line in noted(app) if line[0] in LOOKS]


def test_whoever_sees_sealed_marks_is_noted_once_an_hour(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
    with time_machine.travel(AT, tick=False) as clock:
        secretary, chair, organiser = people(app, panel, "secretary", "chair", "organiser")
        for desk in (chair, organiser):
            desk.get(TAI_NANG)
            desk.get(TAI_NANG + "/matrix")
        assert looks(app) == [], "they see no marks before the lock"
        for _again in range(3):
            secretary.get(TAI_NANG)
            secretary.get(TAI_NANG + "/matrix")
        secretary.get("/panel/bong-ro")
        assert looks(app) == [("read_marks", {"contest": "tai-nang"})], "what is public at once is no secret"
        clock.shift(timedelta(hours=1))
        secretary.get(TAI_NANG + "/slip?judge=B&entry=E000")
        assert len(looks(app)) == 2
        with app.app_context(), transaction():
            lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
        for desk in (chair, organiser):
            desk.get(TAI_NANG)
        chair.get(TAI_NANG + "/minutes")
        with app.app_context(), reading():
            rows = db.session.execute(select(SecurityNote.user_id).where(SecurityNote.kind == "read_marks"))
            who = [row.user_id for row in rows]
        assert who == [panel.users[name] for name in ("secretary", "secretary", "chair", "organiser")]
        run(app, "results", "standings", "tai-nang")
        assert looks(app)[-1] == ("read_marks", {"contest": "tai-nang"})
        chair.post(TAI_NANG + "/minutes")
        chair.post(TAI_NANG + "/sign", number="1")
        organiser.post(TAI_NANG + "/decide", number="2")
        organiser.post(TAI_NANG + "/release", **TWO)
        organiser.post(TAI_NANG + "/publish", **MINE)
        clock.shift(timedelta(hours=1))
        before = len(looks(app))
        for desk in (secretary, chair, organiser):
            desk.get(TAI_NANG)
        run(app, "results", "standings", "tai-nang")
        assert len(looks(app)) == before, "published: no secret any more"


def test_whoever_sees_or_exports_families_is_noted_without_a_name(demo_app: Flask) -> None:
    with demo_app.app_context(), reading():
        family = db.session.scalars(select(Family).where(Family.state == FamilyState.APPROVED)).first()
        assert family is not None
        delegation = db.session.get_one(Delegation, family.delegation_id).code
        code, names = family.code, [*db.session.scalars(select(Person.name)), *db.session.scalars(select(Family.name))]
        officer = db.session.scalars(
            select(DelegationOfficer.user_id).where(DelegationOfficer.delegation_id == family.delegation_id)
        ).first()
        organiser = db.session.scalars(select(User.id).where(User.login == "bantochuc")).one()
    office, local = Desk(demo_app, organiser), Desk(demo_app, officer)
    began = len(looks(demo_app))
    for _again in range(2):
        office.client.get(f"/office/registrations/{code}")
        office.client.get(f"/office/passes/pdf?delegation={delegation}")
        for page in (f"families/{code}", "families.xlsx", "signing", "links"):
            assert local.client.get(f"/delegation/{delegation}/{page}", follow_redirects=True).status_code == 200
    office.client.get("/office/registrations/khong-co")
    run(demo_app, "registration", "list", "--json")
    run(demo_app, "registration", "passes")
    run(demo_app, "checkin", "export")
    found = looks(demo_app)[began:]
    assert found == [
        ("read_children", {"family": code}),
        ("export", {"what": "passes", "delegation": delegation}),
        ("read_children", {"family": code}),
        ("export", {"what": "families.xlsx", "delegation": delegation}),
        ("read_children", {"delegation": delegation}),
        ("export", {"what": "links", "delegation": delegation}),
        ("export", {"what": "families"}),
        ("export", {"what": "passes"}),
        ("export", {"what": "checkin"}),
    ]
    assert not any(name in str(noted(demo_app)) for name in names if name)


def test_what_cannot_be_noted_is_not_shown(demo_app: Flask) -> None:
    """The note goes before the answer: a page whose note fails is an error, not a look nobody knows of."""
    with demo_app.app_context(), reading():
        family = db.session.scalars(select(Family).where(Family.state == FamilyState.APPROVED)).first()
        organiser = db.session.scalars(select(User.id).where(User.login == "bantochuc")).one()
        assert family is not None
    office = Desk(demo_app, organiser)
    demo_app.config["PROPAGATE_EXCEPTIONS"] = False
    with demo_app.app_context(), transaction():
        db.session.connection().exec_driver_sql("ALTER TABLE security_note RENAME TO security_note_away")
    answer = office.client.get(f"/office/registrations/{family.code}")
    assert (answer.status_code, family.name in answer.text) == (500, False)


NOTING = {"note", "note_read", "looked", "reading_secrets"}


def keys_noted(source: str) -> set[str]:
    """The keys of everything that is noted: of what stands in the call, and of a value called `about`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        said: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            kinds = [each for each in node.args if "SecurityKind." in ast.unparse(each)]
            if name in NOTING and kinds:
                said = [each for each in node.args if each not in kinds]
                found |= {each.arg for each in node.keywords if each.arg and name in {"looked", "reading_secrets"}}
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "about":
            said = [node.value]
        for each in said:
            if isinstance(each, ast.Dict):
                found |= {
                    key.value for key in each.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
    return found


def test_everything_that_is_noted_has_words() -> None:
    found = set()
    for path in (ROOT / "festival").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "SecurityKind" in text:
            found |= keys_noted(text)
    assert {"account", "device_role", "for", "found", "delegation"} <= found
    assert found - set(log_words.ABOUT) == set()


def test_the_search_for_what_is_noted_bites() -> None:
    assert keys_noted('note(SecurityKind.EXPORT, {"secret": 1})') == {"secret"}
    assert keys_noted("looked(SecurityKind.EXPORT, whose=code)") == {"whose"}
