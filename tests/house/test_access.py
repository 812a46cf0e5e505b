"""May each role open exactly the doors its permissions name, is everybody else turned away, and does no door forget?

The matrix is made from the URL map, so a route nobody thought of is in it. `routes.txt` says what each route asks for;
a new or changed one fails until somebody has written its line there and thereby looked at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from festival.accounts import actions as accounts
from festival.accounts.models import User
from festival.accounts.roles import PERMISSIONS, Role
from festival.contests.models import Contest, Judge
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.access import Policy, policy_of
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.editions.queries import the_festival
from festival.roster.links.of_delegations import delegation_link
from festival.roster.links.of_families import link_code
from festival.roster.models import Delegation, Family, FamilyState
from tests.devices.kit import Phone, as_if_opened

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

ROUTES = Path(__file__).with_name("routes.txt")
# Open to an account, then to those who have a seat in a panel: here nobody has one.
SEAT_DECIDES = {"results.index"}
ANYBODY = "anybody"
FAMILY = "family"
HEAD = "head"
DEVICES = [f"device-{role}" for role in DeviceRole]
ACTORS = [ANYBODY, FAMILY, HEAD, *Role, *DEVICES]


def doors(app: Flask) -> Iterator[tuple[str, Rule, Policy | None]]:
    """Every method of every route with its policy."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        policy = policy_of(app.view_functions[rule.endpoint])
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule, policy


def described(policy: Policy | None) -> str:
    """A policy in the words of routes.txt."""
    if policy is None:
        return "NOBODY"
    words = {"anonymous": "anybody", "user": "account", "device": "device", "family": "family", "head": "head"}[
        policy.kind
    ]
    if policy.permission is not None:
        words = f"may {policy.permission}"
    if policy.device_roles:
        words += " " + "|".join(sorted(policy.device_roles))
    if policy.revoked_too:
        words += " revoked-too"
    return words if policy.csrf else f"{words} no-cookie"


def test_every_route_is_classified(app: Flask) -> None:
    found = [f"{method:<5} {rule.rule}  {described(policy)}" for method, rule, policy in doors(app)]
    written = ROUTES.read_text(encoding="utf-8").splitlines()
    assert "\n".join(sorted(found)) == "\n".join(sorted(written))


def test_a_forgotten_policy_closes_the_door(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert app.test_client().get("/forgotten").status_code == 403


def test_a_search_does_not_go_on_into_the_sign_in_address(client: FlaskClient) -> None:
    answer = client.get("/office/registrations?state=all&q=Zuzana")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/office/registrations?state%3Dall")


def come_as(app: Flask, actor: str, login: str = "") -> tuple[FlaskClient, dict[str, str]]:
    """A client that is this actor, and the headers it sends."""
    client = app.test_client()
    if actor in DEVICES:
        role = DeviceRole(actor.removeprefix("device-"))
        with app.app_context():
            with reading():
                festival_id = the_festival().id
                seated = select(Judge.user_id).join(Contest).where(Judge.marks, Contest.festival_id == festival_id)
                judge = db.session.scalar(seated.order_by(Judge.id))
            with transaction():
                code = make_enrolment_code(festival_id, role, judge if role == DeviceRole.JUDGE else None, "Thử").code
        phone = Phone(client, code, with_key=role == DeviceRole.JUDGE)
        if role == DeviceRole.JUDGE:
            as_if_opened(app, phone)
        return client, {"Authorization": f"Bearer {phone.token}"}
    if actor == FAMILY:
        with app.app_context(), reading():
            family = db.session.scalars(select(Family).where(Family.state == FamilyState.APPROVED)).first()
            assert family is not None
            path = f"/g/{link_code(family)}"
        assert client.get(path).status_code in {302, 303}
    elif actor == HEAD:
        with app.app_context(), reading():
            delegation = db.session.scalars(select(Delegation).order_by(Delegation.id)).first()
            assert delegation is not None
            path = f"/d/{delegation_link(delegation)}"
        assert client.get(path).status_code in {302, 303}
    elif actor != ANYBODY:
        with app.app_context(), transaction():
            user = accounts.create_user(login or f"thu-{actor}", "Người thử", "", [Role(actor)])
            token = accounts.open_sign_in(user.id, 1).token
        client.set_cookie("signin", token)
    return client, {}


def allowed(policy: Policy | None, actor: str) -> bool:
    """What the policy says of the actor, written down a second time and simply."""
    if policy is None:
        return False
    match policy.kind:
        case "anonymous":
            return True
        case "family":
            return actor == FAMILY
        case "head":
            return actor == HEAD
        case "device":
            role = actor.removeprefix("device-")
            return actor in DEVICES and (not policy.device_roles or role in policy.device_roles)
        case "user":
            if actor not in set(Role):
                return False
            return policy.permission is None or policy.permission in PERMISSIONS[Role(actor)]


PASSWORD_FIRST = {"accounts.second_step_post"}


def turned_away(answer: TestResponse) -> bool:
    """Whether the caller was refused for who it is."""
    sent_to_sign_in = answer.status_code in {302, 303} and "/sign-in" in answer.headers["Location"]
    return answer.status_code in {401, 403} or sent_to_sign_in


def path_of(rule: Rule) -> str:
    """The route with made-up values: whoever may knock gets 404, whoever may not gets nothing at all."""
    values = {
        name: 999_999_999 if isinstance(conv, IntegerConverter) else "khong-co"
        for name, conv in rule._converters.items()
    }
    _domain, path = rule.build(values, append_unknown=False) or ("", rule.rule)
    return path


def only_statuses(app: Flask) -> None:
    """How a refusal is drawn is not asked here, so none is; test_refusals looks at all of them."""
    app.extensions["draw_again"] = lambda _refusal: "refused"


def goes_in(policy: Policy | None, actor: str) -> bool:
    """Whether what lies behind the door is asked too: made-up values are the same to all who are let in, so by the first of them;
    by everybody where a seat decides, which only the view knows.
    """
    seat = policy is not None and policy.kind == "user" and policy.permission is None
    return seat or actor == next((each for each in ACTORS if allowed(policy, each)), None)


@pytest.mark.parametrize("actor", ACTORS)
def test_route_by_role(demo_app: Flask, actor: str) -> None:
    # Tokens have a test of their own; here only who asks shall decide.
    demo_app.config["WTF_CSRF_METHODS"] = set()
    only_statuses(demo_app)
    demo_app.before_request(lambda: "let in" if "X-Only-Knocks" in request.headers else None)  # the last to be asked
    client, headers = come_as(demo_app, actor)
    wrong = []
    for method, rule, policy in doors(demo_app):
        if rule.endpoint in {"accounts.sign_out", "registration.family_forget", "registration.head_forget"}:
            continue  # it would end what the others need; test_sign_in has it
        if rule.endpoint in PASSWORD_FIRST:
            continue  # whoever has not typed the password is sent to do so; test_second_factor has it
        knocks = {} if goes_in(policy, actor) else {"X-Only-Knocks": "yes"}
        answer = client.open(path_of(rule), method=method, headers=headers | knocks)
        if answer.status_code == 403 and rule.endpoint in SEAT_DECIDES and allowed(policy, actor):
            continue
        if answer.status_code >= 500 or turned_away(answer) == allowed(policy, actor):
            wrong.append(f"{method} {rule.rule}: {answer.status_code}, policy {described(policy)}")
    assert not wrong, "\n".join(wrong)


def test_nothing_changes_without_a_token(demo_app: Flask) -> None:
    only_statuses(demo_app)
    wrong = []
    tried: set[tuple[str, str]] = set()  # whether a token is asked for is the door's to say, whoever stands before it
    for actor in (Role.ORGANISER, Role.OFFICER, Role.SECRETARY, Role.CHAIR, FAMILY):
        client, headers = come_as(demo_app, actor)
        for method, rule, policy in doors(demo_app):
            if policy is None or not policy.csrf or method == "GET" or not allowed(policy, actor):
                continue
            if (method, rule.rule) in tried:
                continue
            tried.add((method, rule.rule))
            answer = client.open(path_of(rule), method=method, headers=headers)
            if answer.status_code != 400:
                wrong.append(f"{actor} {method} {rule.rule}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert len(tried) > 300


def test_an_officer_finds_only_the_own_delegation(demo_app: Flask) -> None:
    demo_app.config["WTF_CSRF_METHODS"] = set()
    with demo_app.app_context():
        with reading():
            users = {row.login: row.id for row in db.session.scalars(select(User))}
            theirs = db.session.scalars(select(Family).where(Family.name != "").order_by(Family.id.desc())).first()
            assert theirs is not None
            delegation = db.session.get_one(Delegation, theirs.delegation_id)
            values = {
                "code": delegation.code,
                "family": theirs.code,
                "token": "khong-co",
                "asked": "khong-co",
                "act": "khong-co",
                "paper_id": 1,
                "imported": 1,
                "team_contest": "cau-long",
                "team": "new",
                "link_id": 1,
                "number": 1,
                "choice": "khong-co-gi",
                "person": theirs.members[0].code,
                "unit": delegation.unit.key,
                "step": "sign",
                "list_id": 1,
                "file": "list.pdf",
            }
            leak = (theirs.name, theirs.phone)
            owners = {f"canbo{number}" for number in range(1, 16)}
        tokens = {}
        for login in sorted(owners & set(users)):
            with transaction():
                tokens[login] = accounts.open_sign_in(users[login], 1).token
    rules = [(method, rule) for method, rule, _ in doors(demo_app) if rule.rule.startswith("/delegation/<code>")]
    assert rules
    opened = strangers = 0
    for token in tokens.values():
        client = demo_app.test_client()
        client.set_cookie("signin", token)
        own = client.get(f"/delegation/{values['code']}").status_code == 200
        opened += own
        strangers += not own
        # All are turned away at the first door; the others, which are alike for each of them, one tries.
        for method, rule in rules if not own and strangers == 1 else []:
            wanted = {name: values[name] for name in rule.arguments}
            _domain, path = rule.build(wanted, append_unknown=False) or ("", "")
            answer = client.open(path, method=method)
            assert (answer.status_code, [text for text in leak if text in answer.get_data(as_text=True)]) == (
                404,
                [],
            ), path
    assert opened == 1


def test_a_family_link_shows_one_family(demo_app: Flask) -> None:
    with demo_app.app_context(), reading():
        first, second = db.session.scalars(
            select(Family).where(Family.state == FamilyState.APPROVED).order_by(Family.id).limit(2)
        )
        link, others = link_code(first), [second.name, second.phone, second.code, *(m.name for m in second.members)]
    client = demo_app.test_client()
    client.get(f"/g/{link}")
    for path in ("/family", "/family/registration"):
        page = client.get(path)
        assert page.status_code == 200
        assert first.name in page.get_data(as_text=True)
        assert [text for text in others if text in page.get_data(as_text=True)] == []
