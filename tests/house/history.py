"""What does a browser keep of the answers it is shown: the titles of pages, and the addresses it is sent on to?

None of it may name anybody. In a festival where everybody bears one name (`plant`) all answers of a walk are looked at.
"""

from __future__ import annotations

import html
import re

from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from festival.accounts.models import User
from festival.core.database import db
from festival.core.transaction import transaction
from festival.roster.models import Delegation, Entry, Family, Person

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


class History:
    """Of all answers it is shown: their titles, what of them names somebody, and how many pages do show a name."""

    def __init__(self) -> None:
        self.titles: set[str] = set()
        self.named: list[str] = []
        self.shown = 0

    def take(self, path: str, answer: TestResponse) -> None:
        kept = [value for _header, value in answer.headers]
        if answer.mimetype == "text/html":
            page = answer.get_data(as_text=True)
            titles = [html.unescape(title) for title in TITLE.findall(page)]
            self.titles.update(titles)
            self.shown += "Zuzana" in page
            kept += titles
        self.named += [f"{path}: {each}" for each in kept if PLANTED.search(each)]
