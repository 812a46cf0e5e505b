"""Does every link lead somewhere, for every role, in every state of a festival?

From the page an account works on, every link of every page is followed (of links that differ in a code only, a few): none
may answer 403, 404 or 410. A page does not offer what is not there yet, what is over, or what this account may not open.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import delete, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from festival.accounts import actions as accounts
from festival.accounts.roles import Role
from festival.core.clock import today
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions import choosing
from festival.editions.models import EditionState, Festival
from festival.editions.queries import festival_by_code
from festival.roster.models import Delegation
from festival.schedule.models import Session, Stage
from tests.house.growing import finished, grown
from tests.programme.scene import make_festival

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

A_FEW = 3
# On the other database those who open most pages walk; which links a page has does not depend on the database.
ON_POSTGRESQL = (Role.ORGANISER, Role.SECRETARY, Role.OFFICER)
START = ("/home", "/account", "/")


class Links(HTMLParser):
    """Where a page leads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href and not href.startswith(("mailto:", "tel:", "#")):
            self.found.append(href)


def alike(app: Flask, path: str) -> str:
    """Addresses of one door with the same words after the question mark are looked at a few times."""
    parts = urlsplit(path)
    try:
        door, _values = app.url_map.bind("localhost").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):  # nothing answers there; the answer will say so
        door = parts.path
    return f"{door}?{re.sub('=[^&]*', '', parts.query)}"


def dead_links(app: Flask, role: Role) -> tuple[list[str], int]:
    """Every link that leads nowhere, with the page it stands on; and how many pages were opened."""
    client = app.test_client()
    with app.app_context(), transaction():
        user = accounts.create_user(f"thu-{role}", "Người thử", "", [role])
        client.set_cookie("signin", accounts.open_sign_in(user.id, 1).token)
    seen, looked = set(START), Counter[str]()
    waiting = deque((path, "the first page") for path in START)
    dead, opened = [], 0
    while waiting:
        path, source = waiting.popleft()
        answer = client.get(path)
        opened += 1
        if answer.status_code >= 400:
            dead.append(f"{source} -> {path}: {answer.status_code}")
        onward = [answer.location] if answer.status_code in {301, 302, 303, 308} else []
        if answer.mimetype == "text/html" and answer.status_code == 200:
            links = Links()
            links.feed(answer.get_data(as_text=True))
            onward = links.found
        for href in onward:
            parts = urlsplit(urljoin(f"http://localhost{path}", href))
            there = parts.path + (f"?{parts.query}" if parts.query else "")
            kind = alike(app, there)
            if parts.netloc != "localhost" or there in seen or looked[kind] >= A_FEW or parts.path == "/language":
                continue
            seen.add(there)
            looked[kind] += 1
            waiting.append((there, path))
    return dead, opened


def nothing(_app: Flask) -> None:
    """As it begins: a database just made."""


def without_contests(app: Flask) -> None:
    """An edition that was just begun: delegations, no contest."""
    with app.app_context(), transaction():
        make_festival(families=0, contests=0, publish=False, first_day=today() + timedelta(days=60))
        db.session.execute(delete(Stage))


def without_delegations(app: Flask) -> None:
    """Not even delegations."""
    without_contests(app)
    with app.app_context(), transaction():
        for festival in db.session.scalars(select(Festival)):
            festival.ruleset = {key: said for key, said in festival.ruleset.items() if key != "delegations"}
        db.session.execute(delete(Delegation))


def without_sessions(app: Flask) -> None:
    """Families are there, nothing is planned."""
    with app.app_context(), transaction():
        make_festival(families=3, contests=0, publish=False, first_day=today() + timedelta(days=30))
        assert db.session.scalars(select(Session)).first() is None


def put_away(app: Flask) -> None:
    """One edition was put away and brought out again, another is current."""
    with app.app_context(), transaction():
        user = accounts.create_user("ban-to-chuc", "Ban Tổ chức", "", [Role.ORGANISER])
        make_festival(families=3, contests=2)
        make_festival(families=0, contests=0, code="kg-sau", first_day=today() + timedelta(days=60))
        choosing.choose(choosing_of("kg-sau"), user.id)
        choosing.put_away(choosing_of("kg-thu"), "Nhập nhầm", user.id)
        db.session.flush()
        choosing.bring_out(choosing_of("kg-thu"), user.id)


def none_chosen(app: Flask) -> None:
    """An edition is there, but none is current."""
    put_away(app)
    with app.app_context(), transaction():
        db.session.execute(delete(EditionState))


def choosing_of(code: str) -> Festival:
    """The edition of that code."""
    found = festival_by_code(code)
    assert found is not None
    return found


STATES = (
    nothing,
    without_contests,
    without_delegations,
    without_sessions,
    # its days: a contest on every rung; then all is published
    pytest.param(nothing, id="running", marks=pytest.mark.begins_with(build=grown)),
    pytest.param(nothing, id="published", marks=pytest.mark.begins_with(build=finished, after=grown)),
    put_away,
    none_chosen,
)


@pytest.mark.long
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_link_leads_somewhere(app: Flask, state: Callable[[Flask], None]) -> None:
    state(app)
    wrong = []
    with app.app_context():
        roles = tuple(Role) if db.engine.dialect.name == "sqlite" else ON_POSTGRESQL
    for role in roles:
        dead, opened = dead_links(app, role)
        wrong += [f"{role}: {line}" for line in dead]
        assert opened > len(START), role
    assert not wrong, "\n".join(wrong)
