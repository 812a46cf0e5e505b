"""Does a family let kitchen and helpers know behind its link, with agreements of their own, and does the page tell nobody what?"""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading
from festival.logistics import queries
from festival.logistics.needs import Need
from festival.roster import families
from festival.roster.models import Person
from tests.privacy.test_requests import clean, person_of
from tests.registration.conftest import World, household, make_world, world
from tests.registration.pages_kit import post, token_of, with_link, words
from tests.registration.registered import approve, register

pytestmark = pytest.mark.either_database

__all__ = ["make_world", "world"]
PAGE = "/family/health"
TAIL = {"tail": "0001"}


def version(world: World, family_id: int) -> int:
    with world.app.app_context(), reading():
        return families.family_by_id(family_id).version


def known(world: World) -> tuple[dict[str, frozenset[Need]], dict[str, str]]:
    """What gate and kitchen read, by code and by name."""
    with world.app.app_context(), reading():
        festival_id = world.rules().festival.id
        codes = {row.id: row.code for row in db.session.execute(select(Person.id, Person.code))}
        helped = {codes[person]: kinds for person, kinds in queries.needs_of(festival_id).items()}
        return helped, {line.name: line.words for line in queries.allergies(festival_id)}


def test_it_is_agreed_to_behind_the_link_reaches_who_helps_and_goes_when_taken_back(world: World) -> None:
    made = register(world, household(1))
    approve(world, made.family_id)
    client = with_link(world, made.link)
    father, child = (person_of(world, made.family_id, at) for at in (1, 2))
    eaten = {"what": "allergy", "person": father, "allergy": "sầu riêng chín", "agree": "y", **TAIL}
    for wrong in ({"agree": ""}, {"allergy": " "}, {"person": "KHAC"}, {"person": ""}, {"tail": "9999"}, {"what": "x"}):
        assert post(client, PAGE, eaten | wrong).status_code == 400, wrong
    assert post(client, PAGE, eaten).status_code == 302
    needed = {
        "what": "support",
        "person": child,
        "need": "interpreter",
        "own": "ghế gần sân khấu",
        "agree": "y",
        **TAIL,
    }
    now_at = {"version": str(version(world, made.family_id))}
    guarded = {"guardian": "Danh Chung", "guardian-as": "father"}
    # a child agrees through a grown-up by name, and is asked itself
    for missing in ({}, guarded, {"own-agreed": "y"}):
        assert post(client, PAGE, needed | now_at | missing).status_code == 400, missing
    whole = needed | now_at | guarded | {"own-agreed": "y"}
    assert post(client, PAGE, whole).status_code == 302
    assert post(client, PAGE, whole).status_code == 409  # somebody wrote since that page was opened
    assert known(world) == (
        {child: frozenset({Need.INTERPRETER, Need.OTHER})},
        {"Danh Chung": "sầu riêng chín"},
    )
    # who has the link alone reads for whom, never what; the ledger never says it either
    page = client.get(PAGE)
    assert "Danh Chung: đã ghi một điều" in words(page)
    assert "sầu riêng" not in page.text and "ghế gần sân khấu" not in page.text
    with world.app.app_context(), reading():
        said = [json.loads(each or "{}") for each in db.session.scalars(select(ledger.LedgerPayload.content))]
        assert not any("sầu riêng" in str(each) or "sân khấu" in str(each) for each in said)
    for purpose, person in (("allergy", father), ("support", child)):
        back = {"purpose": purpose, "person": person, **TAIL}
        assert post(client, "/family/consent/withdraw", back, page=PAGE).status_code == 302
    assert known(world) == ({}, {})
    assert clean(world) == []


def test_a_family_that_is_out_writes_nothing_more(world: World) -> None:
    made = register(world, household(1))
    client, person = with_link(world, made.link), person_of(world, made.family_id, 0)
    eaten = {"what": "allergy", "person": person, "allergy": "tôm", "agree": "y", **TAIL}
    before_that = client.get(PAGE)
    assert "Ghi dị ứng" in words(before_that)
    eaten["csrf_token"] = token_of(before_that)
    with world.app.app_context(), reading():
        before = families.family_by_id(made.family_id).version
    post(client, "/family/withdraw", {"version": str(before), **TAIL}, page="/family/registration")
    assert "Ghi dị ứng" not in words(client.get(PAGE))
    assert client.post(PAGE, data=eaten).status_code == 409
