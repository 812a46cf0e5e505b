"""What several tests of these pages stand on."""

from __future__ import annotations

import html
import re
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from festival.consent.models import Consent
from festival.core.database import db
from festival.core.transaction import reading
from festival.roster import families
from festival.roster.models import Family, Person
from tests.registration.conftest import World


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def post(client: FlaskClient, address: str, fields: dict[str, object], page: str | None = None) -> TestResponse:
    """Open the page, take its token, send the form."""
    opened = client.get(page or address)
    assert opened.status_code == 200, opened.text
    return client.post(address, data={"csrf_token": token_of(opened), **fields})


def refused(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """The page a refused grid leads to: what was typed is kept, nothing is registered."""
    assert answer.status_code == 303, words(answer)
    return client.get(answer.location)


def as_shown(page: TestResponse, form: str = "data-grid") -> dict[str, list[str]]:
    """What a browser would send of a form as it stands: every box that holds something, no button."""
    text = next(each for each in re.findall(r"<form.*?</form>", page.text, re.DOTALL) if form in each)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        attrs = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in attrs and (attrs.get("type") != "checkbox" or " checked" in tag):
            found.setdefault(attrs["name"], []).append(html.unescape(attrs.get("value", "")))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = [chosen[1] if chosen else ""]
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL):
        found[name] = [html.unescape(value)]
    return found


def words(page: TestResponse) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def start(client: FlaskClient, world: World) -> str:
    answer = post(client, "/register", {"festival": world.festival})
    assert answer.status_code == 302
    return answer.location.removesuffix("/family")


PEOPLE = [
    {"name": "Danh Thị Sa Rươl", "relation": "representative", "sex": "female", "birth": "3/2/1986"},
    {"name": "Danh Chung", "relation": "spouse", "sex": "male", "birth": "1950"},
    {"name": "Danh Minh Khôi", "relation": "child", "sex": "male", "birth": "1-9-2014", "needs": "ăn chay"},
]


AGREED = {
    "agree-0": "y", "agree-1": "y", "agree-2": "y", "guardian-2": "Danh Thị Sa Rươl", "guardian-as-2": "mother", "own-2": "y",
    "publish-0": "y",
}  # fmt: skip


def only_family(app: Flask) -> Family:
    with app.app_context(), reading():
        (family_id,) = db.session.scalars(select(Family.id))
        return families.family_by_id(family_id)


def answered(client: FlaskClient, refused: TestResponse) -> TestResponse:
    """The page a refused form leads to by itself, as Back and refresh find it."""
    assert refused.status_code == 303, refused.text
    page = client.get(refused.location)
    assert page.status_code == 200
    return page


def seen(page: TestResponse) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


def with_link(world: World, link: str) -> FlaskClient:
    client = world.app.test_client()
    assert client.get(f"/g/{link}").status_code == 302
    return client


def typed_family(**changes: str) -> dict[str, str]:
    fields = {"phone": "0912 345 678", "address": "Ấp Hòn Me", "form_key": "k1"}
    for row, person in enumerate(PEOPLE):
        fields |= {f"members-{row}-{key}": value for key, value in person.items()}
        fields |= {f"members-{row}-signed": "y", f"members-{row}-contests": "tai-nang"}
    return fields | {"members-2-guardian": "Danh Thị Sa Rươl", "members-2-own": "y", "members-3-name": ""} | changes


def standing(world: World) -> list[tuple[str, str, str, str]]:
    """Agreements that stand: for whom, to what, by whom, as what."""
    with world.app.app_context(), reading():
        query = (
            select(Person.name, Consent.purpose, Consent.given_by, Consent.given_as)
            .join(Consent, Consent.person_id == Person.id)
            .where(Consent.withdrawn_at.is_(None))
            .order_by(Person.position, Consent.purpose)
        )
        return [tuple(row) for row in db.session.execute(query)]


def upload(client: FlaskClient, world: World, content: bytes, name: str = "danh-sach.xlsx") -> TestResponse:
    address = f"/delegation/{world.hon_dat}/import"
    token = token_of(client.get(address))
    return client.post(
        address, data={"csrf_token": token, "file": (BytesIO(content), name)}, content_type="multipart/form-data"
    )
