"""Is every door of the API described, and do its real answers fit what an outsider's script is told of them?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import select

from festival.accounts import actions as accounts
from festival.accounts.models import User
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web import openapi
from festival.core.web.access import Policy
from festival.roster.models import Delegation, DelegationOfficer
from festival.schedule.models import Stage
from tests.house.test_access import FAMILY, HEAD, Role, allowed, come_as, doors

pytestmark = pytest.mark.either_database

# It is the description itself.
ITSELF = "/api/v1/openapi.json"
# Nobody has searched for a timetable in the demo: tests/schedule/test_filling_pages.py walks it.
NOT_THERE = {"/api/v1/schedule/fill": 404}


def described(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method, path) for path, operations in document["paths"].items() for method in operations}


def addresses(app: Flask) -> Iterator[tuple[str, str, str, Policy]]:
    """Method, route, and address as the document writes it, of every door a script is promised."""
    for method, rule, policy in doors(app):
        if openapi.in_scope(rule) and rule.rule != ITSELF:
            assert policy is not None
            yield method, rule.rule, openapi._address(rule), policy


def test_every_door_is_described_and_no_other(app: Flask, client: FlaskClient) -> None:
    document = client.get(ITSELF).get_json()
    routes = {(method.lower(), written) for method, _route, written, _policy in addresses(app)}
    assert described(document) == routes
    assert len(routes) > 30
    Draft202012Validator.check_schema({"$defs": document["components"]["schemas"]})
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    schemes = set(document["components"]["securitySchemes"])
    assert {name for each in operations for one in each.get("security", []) for name in one} == schemes


def fits(document: dict[str, Any], schema: dict[str, Any], answer: Any) -> list[str]:
    """What of an answer does not fit."""
    whole = {**schema, "components": document["components"]}
    return [f"{list(each.path)}: {each.message}" for each in Draft202012Validator(whole).iter_errors(answer)]


def told_of(document: dict[str, Any], method: str, path: str, status: int) -> dict[str, Any]:
    """The shape an answer of this status must have; an undescribed status is a fault."""
    answers = document["paths"][path][method]["responses"]
    assert str(status) in answers, f"{method} {path} answered {status}; described: {sorted(answers)}"
    return answers[str(status)]["content"]["application/json"]["schema"]


def test_what_is_really_answered_fits(demo_app: Flask) -> None:
    document = demo_app.test_client().get(ITSELF).get_json()
    with demo_app.app_context():
        with reading():
            stage = db.session.scalars(select(Stage.code).order_by(Stage.id)).first()
            officer = db.session.execute(
                select(User.id, Delegation.code)
                .join(DelegationOfficer, DelegationOfficer.user_id == User.id)
                .join(Delegation)
                .order_by(User.id)
            ).first()
        assert officer is not None
        with transaction():
            of_delegation = accounts.open_sign_in(officer.id, 1).token
    clients = {
        actor: come_as(demo_app, actor) for actor in (FAMILY, HEAD, Role.ORGANISER, Role.STAGE_MANAGER, "device-gate")
    }
    clients["anybody"] = (demo_app.test_client(), {})
    own = demo_app.test_client()
    own.set_cookie("signin", of_delegation)
    seen = {}
    for method, route, written, policy in addresses(demo_app):
        if method != "GET":
            continue
        address = route.replace("<code>", officer.code if "/delegation/" in route else stage or "")
        client, headers = (own, {})
        if "/delegation/" not in route:
            client, headers = next(clients[actor] for actor in clients if allowed(policy, actor))
        answer = client.get(address, headers=headers)
        assert answer.status_code == NOT_THERE.get(route, 200), f"{route}: {answer.status_code} {answer.text[:200]}"
        assert fits(document, told_of(document, "get", written, answer.status_code), answer.get_json()) == [], route
        if policy.kind != "anonymous":
            refused = demo_app.test_client().get(address)
            assert fits(document, told_of(document, "get", written, refused.status_code), refused.get_json()) == [], (
                route
            )
        seen[route] = answer.get_json()
    # The control: an answer that lost a member, or whose number became words, does not fit.
    schema, whole = told_of(document, "get", "/api/v1/public/programme", 200), seen["/api/v1/public/programme"]
    assert whole["days"][0]["sessions"][0]["acts"]
    assert fits(document, schema, {**whole, "version": "1"}) and fits(document, schema, {"version": 1})


def test_what_a_door_refuses_fits_too(app: Flask, client: FlaskClient) -> None:
    """Every POST without a body, and with one that is no JSON: a refusal in JSON, as described, never a page."""
    document = client.get(ITSELF).get_json()
    for method, route, written, _policy in addresses(app):
        if method != "POST":
            continue
        for body in (b"", b"[1, 2", b'{"q": "\\ud800"}', "một chữ".encode()):
            answer = client.post(
                route.replace("<int:number>", "1").replace("<act>", "x").replace("<code>", "x").replace("<token>", "x"),
                data=body,
            )
            assert answer.mimetype == "application/json", route
            assert fits(document, told_of(document, "post", written, answer.status_code), answer.get_json()) == [], (
                route
            )


def test_a_method_that_is_not_there_and_an_address_that_is_not_are_told_in_json(
    app: Flask, client: FlaskClient
) -> None:
    document = client.get(ITSELF).get_json()
    refusal = {"$ref": "#/components/schemas/RefusalOut"}
    for _method, route, _written, _policy in addresses(app):
        answer = client.delete(route.replace("<int:number>", "1"))
        assert (answer.status_code, answer.mimetype) == (405, "application/json"), route
        assert fits(document, refusal, answer.get_json()) == []
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, fits(document, refusal, answer.get_json())) == (404, [])
