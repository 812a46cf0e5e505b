"""A person at a browser without a screen: signs in, posts forms, comes from some address."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from festival.accounts import actions
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction

PASSWORD = "hoa sen đỏ"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"


def make_user(app: Flask, login: str, *roles: Role, name: str = "Trần Thị Mai", password: str = PASSWORD) -> int:
    hashed = hash_password(password)
    with app.app_context(), transaction():
        return actions.create_user(login, name, hashed, roles or (Role.ORGANISER,)).id


class Person:
    """One browser, at one address."""

    def __init__(self, app: Flask, address: str = "203.0.113.7") -> None:
        self.client: FlaskClient = app.test_client()
        self.address = {"REMOTE_ADDR": address}

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, environ_base=self.address)

    def post(self, path: str, **form: str) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/sign-in").text)
        assert found
        data = {"csrf_token": found[1], **form}
        return self.client.post(path, data=data, environ_base=self.address, headers={"User-Agent": PHONE})

    def sign_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", login=login, password=password)

    @property
    def is_in(self) -> bool:
        return self.get("/account").status_code == 200


def signed_in(app: Flask, login: str, password: str = PASSWORD) -> Person:
    person = Person(app)
    assert person.sign_in(login, password).status_code == 302
    return person


def noted(app: Flask) -> list[tuple[str, dict[str, object]]]:
    """Every line of the security log, the oldest first."""
    with app.app_context(), reading():
        rows = db.session.execute(select(SecurityNote.kind, SecurityNote.subject).order_by(SecurityNote.id))
        return [(kind, subject) for kind, subject in rows]
