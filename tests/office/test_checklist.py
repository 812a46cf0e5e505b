"""The steps of a festival: what is done, next, later, late, waiting; by whom, until when; and links that lead somewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import PERMISSIONS, Role
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.access import Actor
from festival.editions.actions import import_units
from festival.editions.queries import the_festival
from festival.editions.rules.document import parse
from festival.editions.unit_history import read as read_units
from festival.logistics.models import Meal, MealKind, MealPortions
from festival.office import standing
from festival.office.checklist import EditionFacts, PhaseTimes, StepState, checklist, is_open
from festival.office.festival_import import import_festival, read_file
from festival.office.queries import day_view
from festival.papers.models import PaperKind, PaperState, SignedPaper
from festival.roster.models import Delegation
from tests.journeys.scene import RULESET, UNITS
from tests.programme.scene import make_festival

pytestmark = pytest.mark.either_database

BEGINS = date(2026, 6, 14)
NEW = EditionFacts(starts_on=BEGINS, ends_on=BEGINS + timedelta(days=1), erase_on=BEGINS + timedelta(days=180))
SOON = BEGINS - timedelta(days=60)
OPEN = PhaseTimes("open", SOON, BEGINS - timedelta(days=14))
CLOSED = replace(OPEN, state="closed")
READY = replace(
    NEW, contests=6, delegations=15, registration=CLOSED, families=40, stages=2, sessions=8, plan_version=1, devices=9,
    judging=PhaseTimes("soon", BEGINS, BEGINS + timedelta(days=1)), unlocked=6, unsigned=6, unpublished=6,
)  # fmt: skip


def states(facts: EditionFacts | None, on: date) -> dict[str, str]:
    return {step.key: step.state.value for step in checklist(facts, on)}


def test_an_empty_house_has_one_thing_to_do() -> None:
    assert states(None, SOON) == {
        "edition": "next",
        "contests": "later",
        "delegations": "later",
        "registration": "later",
    }


def test_a_new_edition_asks_for_contests_and_delegations_first() -> None:
    found = states(NEW, SOON)
    assert [key for key, state in found.items() if state == "done"] == ["edition"]
    assert [key for key, state in found.items() if state == "next"] == ["contests", "delegations"]
    assert {state for key, state in found.items() if key not in {"edition", "contests", "delegations"}} == {"later"}
    assert states(replace(NEW, placed=False), SOON)["edition"] == "next"


def test_registration_is_somebody_elses_turn_until_its_last_day() -> None:
    facts = replace(NEW, contests=6, delegations=15, without_officer=2, registration=OPEN, waiting_review=3)
    steps = {step.key: step for step in checklist(facts, SOON)}
    families, review = steps["families"], steps["review"]
    assert (families.state, families.deadline, str(families.by)) == (
        StepState.WAITING,
        BEGINS - timedelta(days=14),
        "cán bộ các đoàn",
    )
    assert (review.state, str(review.lacks)) == (StepState.NEXT, "3 gia đình chờ duyệt")
    assert (steps["officers"].state, str(steps["officers"].lacks)) == (StepState.NEXT, "2 đoàn chưa có cán bộ")
    assert steps["draw"].state is StepState.LATER
    later = {step.key: step.state for step in checklist(facts, SOON + timedelta(days=1))}
    assert later["officers"] is StepState.LATE  # families of those delegations have nobody to register them


def test_the_draw_comes_after_registration_and_the_programme_after_the_draw() -> None:
    facts = replace(READY, undrawn=6, plan_version=0, devices=0)
    found = states(facts, BEGINS - timedelta(days=10))
    assert (found["draw"], found["plan"], found["devices"], found["passes"]) == ("next", "later", "later", "next")
    found = states(replace(facts, undrawn=0), BEGINS - timedelta(days=10))
    assert (found["draw"], found["plan"]) == ("done", "next")
    assert states(facts, BEGINS + timedelta(days=1))["plan"] == "late"


def test_on_its_days_the_panels_turn_and_afterwards_what_is_late() -> None:
    day = states(READY, BEGINS)
    assert {key: day[key] for key in ("sheets", "lock", "minutes", "publish")} == {
        "sheets": "waiting",
        "lock": "waiting",
        "minutes": "later",
        "publish": "later",
    }
    assert "passes" not in day
    after = {step.key: step for step in checklist(replace(READY, sheets_missing=2), BEGINS + timedelta(days=3))}
    assert {after[key].state for key in ("sheets", "lock", "minutes", "publish")} == {StepState.LATE}
    assert str(after["sheets"].lacks) == "còn thiếu 2 phiếu, kết quả"


def test_names_and_meals_are_asked_of_the_delegations_until_the_festival_is_over() -> None:
    before = BEGINS - timedelta(days=10)
    steps = {step.key: step for step in checklist(replace(READY, meals=4, meals_unsaid=3, unproofed=15), before)}
    assert (steps["meals"].state, str(steps["meals"].lacks)) == (StepState.WAITING, "3 đoàn chưa báo đủ")
    assert (steps["names"].state, str(steps["names"].lacks)) == (StepState.NEXT, "15 đoàn chưa ký bản dò tên")
    done = states(replace(READY, meals=4), before)
    assert (done["meals"], done["names"]) == ("done", "done")
    over = states(replace(READY, meals=4, meals_unsaid=3, unproofed=15), BEGINS + timedelta(days=2))
    assert not {"meals", "names"} & set(over) and "meals" not in states(READY, before)


def test_a_published_festival_leaves_only_the_erasure() -> None:
    over = replace(READY, unlocked=0, unsigned=0, unpublished=0, erase_soon=True, devices=0)
    steps = checklist(over, NEW.erase_on - timedelta(days=20))
    assert [(step.key, step.state, step.deadline) for step in steps if step.state is not StepState.DONE] == [
        ("erasure", StepState.NEXT, NEW.erase_on)
    ]
    assert [step.key for step in steps if is_open(step)] == ["erasure"]
    assert [step for step in checklist(replace(over, erased=True), NEW.erase_on) if is_open(step)] == []


def _client(app: Flask) -> FlaskClient:
    client = app.test_client()
    with app.app_context(), transaction():
        opened = open_sign_in(create_user("ban-to-chuc", "Ban Tổ chức", "", [Role.ORGANISER]).id, 1)
    client.set_cookie(SESSION_COOKIE, opened.token)
    return client


def _signed_sheet(delegation: Delegation) -> SignedPaper:
    said = {"number": "", "content": b"", "sha256": delegation.code, "drawn": "", "static_tree": "", "signers": []}
    when = {"reason": "", "printed_at": now(), "signed_at": now()}
    whose = {"festival_id": delegation.festival_id, "delegation_id": delegation.id}
    return SignedPaper(kind=PaperKind.NAMES, state=PaperState.SIGNED, **whose, **said, **when)


def test_the_facts_are_those_of_the_tables(app: Flask) -> None:
    with app.app_context():
        with transaction():
            make_festival(families=3, contests=2, publish=False, first_day=today() + timedelta(days=30))
        with reading():
            festival = the_festival()
            facts = standing.facts_of(festival, day_view(festival))
    assert (facts.contests, facts.delegations, facts.without_officer, facts.families) == (2, 4, 4, 3)
    assert (facts.panels_short, facts.undrawn, facts.stages, facts.plan_version) == (2, 0, 1, 0)
    assert facts.registration.state == "open" and facts.judging.state == "never"
    assert (facts.unlocked, facts.unsigned, facts.unpublished) == (2, 2, 2)
    assert (facts.unproofed, facts.meals, facts.meals_unsaid) == (3, 0, 0)  # the fourth delegation brings no family
    with app.app_context():
        with transaction():
            festival = the_festival()
            first, second, *_rest = db.session.scalars(select(Delegation).order_by(Delegation.position)).all()
            meals = [Meal(festival_id=festival.id, day=today(), kind=kind, closes_at=now()) for kind in MealKind][:2]
            db.session.add_all([*meals, _signed_sheet(first), _signed_sheet(second)])
            db.session.flush()
            for whose, told in ((first, meals), (second, meals[:1])):
                for meal in told:
                    db.session.add(MealPortions(meal_id=meal.id, delegation_id=whose.id, portions=9))
        with reading():
            festival = the_festival()
            facts = standing.facts_of(festival, day_view(festival))
    assert (facts.unproofed, facts.meals, facts.meals_unsaid) == (1, 2, 2)


@pytest.mark.parametrize("days", [30, 0])
def test_the_first_page_shows_the_steps(app: Flask, days: int) -> None:
    client = _client(app)
    before = client.get("/office").text
    assert "Lập ngày hội" in before and 'id="checklist"' in before
    with app.app_context(), transaction():
        make_festival(families=3, contests=2, first_day=today() + timedelta(days=days))
    text = client.get("/office").text
    assert "Giao cán bộ cho từng đoàn" in text and "4 đoàn chưa có cán bộ" in text
    assert 'href="/office/people/lacking#no_officer"' in text and "Không có việc nào đang chờ" not in text
    for page in ("what", "who", "contests"):
        assert f'href="/office/setup/kg-thu/{page}"' in text
    assert ("Để sau (" in text) == (days > 0)  # on its days the list is folded to what is open


def test_every_step_leads_to_a_page(app: Flask) -> None:
    assert {standing.NAMES, *(each for doors in standing.DOORS.values() for each in doors)} <= set(app.view_functions)
    client = _client(app)
    with app.app_context(), transaction():
        import_units(read_units(parse(UNITS.read_bytes())))
        code = import_festival(read_file(RULESET.read_bytes())).festival.code
    organiser = Actor(kind="user", permissions=PERMISSIONS[Role.ORGANISER])
    with app.test_request_context(), reading():
        festival = the_festival()
        hrefs = [line.href for line in standing.steps_of(festival, day_view(festival), organiser)]
    assert hrefs[:3] == [f"/office/setup/{code}{end}" for end in ("/what", "/contests", "/who")]
    for href in {"/office", "/office/setup/new", *hrefs}:
        assert client.get(href.partition("#")[0]).status_code == 200, href


def test_a_step_leads_only_where_the_account_may_go(app: Flask) -> None:
    nobody = Actor(kind="user", permissions=PERMISSIONS[Role.MC])
    organiser = Actor(kind="user", permissions=PERMISSIONS[Role.ORGANISER])
    with app.test_request_context():
        assert [line.href for line in standing.steps_before(nobody)] == ["", "", "", ""]
        assert [line.href for line in standing.steps_before(organiser)] == ["/office/setup/new", "", "", ""]
