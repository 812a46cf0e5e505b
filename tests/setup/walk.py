"""An organiser at the pages of the three steps, without a screen."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival

WHAT = {
    "name": "Hội thi Gia đình hạnh phúc xã Hòn Đất năm 2026",
    "starts_on": "28/6/2026",
    "organiser": "Ủy ban nhân dân xã Hòn Đất",
}
HOME = "Ngày hội Gia đình tiêu biểu tỉnh Kiên Giang lần thứ IV - năm 2024"


class Organiser:
    """A signed-in organiser; what a page holds in hidden fields comes along, as a browser sends it."""

    def __init__(self, app: Flask, login: str = "btc") -> None:
        self.app, self.client = app, app.test_client()
        with app.app_context(), transaction():
            token = open_sign_in(create_user(login, "Phạm Văn Tổ", "", [Role.ORGANISER]).id, 1).token
        self.client.set_cookie(SESSION_COOKIE, token)

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return unescape(answer.text)

    def post(self, path: str, page: str = "", **typed: Any) -> TestResponse:
        """What is posted to `path`, with the token and the mark of `page` (that of the same address by default)."""
        if not page:
            page = self.get(re.sub(r"/(add|pack|remove|undo|choose)$", "", path))
        hidden = dict(re.findall(r'type="hidden" name="(csrf_token|seen|looked)" value="([^"]*)"', page))
        return self.client.post(path, data=hidden | typed)

    def begin(self, **changed: str) -> str:
        """An edition of which the first step is known: its code."""
        answer = self.post("/office/setup/new", **WHAT | changed)
        assert answer.status_code == 302, unescape(answer.text)
        return answer.location.split("/")[3]


def shown(answer: TestResponse) -> str:
    return unescape(answer.text)


def errors(answer: TestResponse) -> list[str]:
    """What stands beside fields."""
    return [
        each.strip() for each in re.findall(r'class="error"[^>]*><svg.*?</svg><span>(.*?)</span>', shown(answer), re.S)
    ]


def the_document(app: Flask, code: str) -> dict[str, Any]:
    with app.app_context(), reading():
        return dict(db.session.scalars(select(Festival.ruleset).where(Festival.code == code)).one())
