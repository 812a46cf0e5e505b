"""A festival with an organiser at its desk; the act of the first family, and what a page announces."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from festival.accounts.actions import create_user
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.transaction import transaction
from festival.demo.build import PASSWORD
from festival.roster.links.of_families import link_code
from festival.roster.models import DelegationOfficer, Family
from tests.demo.test_demo import csrf, sign_in
from tests.programme.scene import Scene, make_festival

FIRST_DAY = date(2024, 6, 14)
NEW = "/office/messages/new"


@dataclass
class Desk:
    """The organiser's browser, and everybody else's."""

    app: Flask
    scene: Scene
    office: FlaskClient

    def post(self, path: str, **fields: object) -> tuple[int, str]:
        """A form sent from the desk: the status, the page it leads to."""
        token = csrf(self.office, "/office/messages")
        answer = self.office.post(path, data={"csrf_token": token, **fields})
        if answer.status_code == 302:
            return 302, str(answer.headers["Location"])
        return answer.status_code, answer.get_data(as_text=True)

    def announce(self, words: str, **fields: object) -> int:
        """Looked at and put up; answers its number."""
        sent = {"words": words, "lasting": "three_hours", "audience": "all", "key": words, **fields}
        status, page = self.post(NEW, **sent, step="preview")
        assert status == 200 and words in html.unescape(page), page
        status, place = self.post(NEW, **sent, step="confirm")
        assert status == 302, place
        return int(place.rpartition("/")[2])

    def family(self, index: int) -> FlaskClient:
        """A family that came in by its own link."""
        client = self.app.test_client()
        with self.app.app_context(), transaction():
            family = db.session.get_one(Family, self.scene.families[index])
            code = link_code(family)
            family.link_hash = look_up_hash(code)
        assert client.get(f"/g/{code}").status_code == 302
        return client

    def officer(self, index: int) -> FlaskClient:
        """The officer of a delegation."""
        with self.app.app_context(), transaction():
            user_id = create_user(f"cb{index}", "Cán bộ", hash_password(PASSWORD), [Role.OFFICER]).id
            db.session.add(DelegationOfficer(delegation_id=self.scene.delegations[index], user_id=user_id))
        client = self.app.test_client()
        sign_in(client, f"cb{index}")
        return client


def make_desk(app: Flask, *, families: int = 3) -> Desk:
    """A published festival of two contests and its organiser."""
    with app.app_context(), transaction():
        scene = make_festival(families=families, contests=2, first_day=FIRST_DAY)
        create_user("btc", "Ban Tổ chức", hash_password(PASSWORD), [Role.ORGANISER])
    client = app.test_client()
    sign_in(client, "btc")
    return Desk(app, scene, client)


def banner(page: str) -> str:
    """What is announced on a page, as text."""
    found = re.search(r'<section class="news.*?</section>', page, re.S)
    assert found is not None, page
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split())
