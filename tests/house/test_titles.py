"""Does a person's name or phone get into a browser's history: the title of a page, an address it is sent on to?"""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import update

from festival.accounts.models import User
from festival.core.database import db
from festival.core.transaction import transaction
from festival.roster.models import Delegation, Entry, Family, Person
from tests.house.filling import known, made
from tests.house.growing import STAFF, finished, grown
from tests.house.test_access import ANYBODY, DEVICES, FAMILY, HEAD, doors
from tests.house.test_statements import addresses, opens, visitor

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

PLANTED = re.compile("zuzana|0987654321", re.IGNORECASE)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# An entry is called by what the MC reads; of a family that is its name.
PEOPLE = (Family, Person, User, Entry)


def plant(app: Flask) -> None:
    """Everybody is called so, and has this phone."""
    with app.app_context(), transaction():
        for model in PEOPLE:
            db.session.execute(update(model).values(name="Gia đình bà Zuzana"))
        db.session.execute(update(Family).values(phone="0987654321", folded="gia dinh ba zuzana"))
        db.session.execute(update(Delegation).values(head_name="Zuzana", head_phone="0987654321"))


@pytest.mark.begins_with(build=finished, after=grown)
def test_no_title_and_no_address_names_anybody(app: Flask) -> None:
    plant(app)
    values = known(app)
    made(app, values["contests"][0])
    found, titles, shown = [], set(), 0
    opened: set[str] = set()
    for actor in (ANYBODY, FAMILY, HEAD, *STAFF, *DEVICES):
        client, headers = visitor(app, actor)
        for method, rule, policy in doors(app):
            if method != "GET" or "filename" in rule.arguments or not opens(policy, actor):
                continue
            for _name, path in addresses(rule, values):
                if path in opened:
                    continue
                answer = client.get(path, headers=headers)
                # What a page is called does not depend on who looks: who opened it once need not be followed by the others.
                opened |= {path} if answer.status_code == 200 else set()
                title = TITLE.search(answer.text) if answer.mimetype == "text/html" else None
                titles |= {html.unescape(title[1])} if title else set()
                shown += (
                    PLANTED.search(answer.get_data(as_text=True)) is not None if answer.mimetype == "text/html" else 0
                )
                kept = [html.unescape(title[1]) if title else "", *(value for _header, value in answer.headers)]
                found += [f"{path}: {each}" for each in kept if PLANTED.search(each)]
    assert found == []
    assert len(titles) > 30 and shown > 20, "pages do show the names"


def test_a_search_does_not_go_on_into_the_sign_in_address(app: Flask) -> None:
    answer = app.test_client().get("/office/registrations?state=all&q=Zuzana")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/office/registrations?state%3Dall")
