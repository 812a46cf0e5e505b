"""A small festival in which one contest asks everything of its acts, and the family of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from config import Config
from festival.acts import asking
from festival.acts.facts import ActAsk
from festival.acts.models import ActFile, ActVersion
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.files import store
from festival.core.transaction import reading, transaction
from festival.roster.models import Entry
from tests.registration.conftest import World, household, make_world, world
from tests.registration.pages_kit import post, token_of, with_link
from tests.registration.registered import approve, register

__all__ = ["make_world", "world"]

FACTS = {
    "title": "Hát ru miền sông nước",
    "genre": "đơn ca",
    "minutes": "5",
    "props": "hai ghế",
    "microphones": "0",
    "words": "Ba thế hệ cùng hát\nmột bài ru của bà",
    "said": "Sa Rươl đọc là xa-ruôn",
}


@dataclass(frozen=True)
class Troupe:
    """The family, its act, and who works with it."""

    world: World
    link: str
    family_id: int
    code: str  # of the act
    instance: Path

    @property
    def own(self) -> str:
        return f"/family/acts/{self.code}"

    @property
    def office(self) -> str:
        return f"/office/acts/{self.code}"

    @property
    def officers(self) -> str:
        return f"/delegation/{self.world.hon_dat}/acts/{self.code}"

    def phone(self) -> FlaskClient:
        return with_link(self.world, self.link)

    def organiser(self) -> FlaskClient:
        return self.world.as_user(self.world.organiser)

    def officer(self) -> FlaskClient:
        return self.world.as_user(self.world.officer)

    def ask(self, *asked: ActAsk, until: datetime | None = None) -> None:
        with self.world.app.app_context(), transaction():
            contest = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
            seen = asking.asking_of(contest.id).version
            asking.set_asking(contest.festival, contest, asked or tuple(ActAsk), until, seen, self.world.organiser)

    def seen(self, **more: str) -> dict[str, str]:
        """What the hidden fields of a page opened now say."""
        with self.world.app.app_context(), reading():
            entry = db.session.scalars(select(Entry).where(Entry.code == self.code)).one()
            newest = select(ActVersion.version).where(ActVersion.entry_id == entry.id).order_by(ActVersion.id.desc())
            return {"version": str(db.session.scalars(newest).first() or 0), "was": entry.title, **more}

    def save(self, client: FlaskClient, address: str, **changes: str) -> TestResponse:
        """The form as its page has it, with these changes."""
        page = "/family" if address == self.own else None
        return post(client, address, {**FACTS, **self.seen(tail="0001"), **changes}, page)

    def send(self, client: FlaskClient, address: str, content: bytes, name: str, field: str = "track") -> TestResponse:
        """A file in one piece, as without script."""
        fields = {"csrf_token": token_of(client.get(address)), "tail": "0001", field: (BytesIO(content), name)}
        return client.post(f"{address}/file", data=fields, content_type="multipart/form-data")

    def back(self, client: FlaskClient, address: str, **wanted: str) -> TestResponse:
        return post(client, f"{address}/back", {**self.seen(tail="0001"), **wanted}, address)

    def files(self) -> list[tuple[str, int, str, bool]]:
        with self.world.app.app_context(), reading():
            rows = db.session.scalars(select(ActFile).order_by(ActFile.kind, ActFile.number))
            return [(row.kind.value, row.number, row.format, row.standing) for row in rows]

    def stored(self) -> int:
        config: Config = self.world.app.config["FESTIVAL"]
        return len(list(store.files_in(config)))


@pytest.fixture
def troupe(world: World) -> Troupe:
    made = register(world, household(1))
    approve(world, made.family_id)
    with world.app.app_context(), reading():
        code = db.session.scalars(
            select(Entry.code).join(Contest).where(Contest.code == "tai-nang", Entry.family_id == made.family_id)
        ).one()
    config: Config = world.app.config["FESTIVAL"]
    return Troupe(world, made.link, made.family_id, code, config.instance)


def parts_of(content: bytes, size: int = 1 << 20) -> list[tuple[bytes, str]]:
    """A file in parts with their digests, as the browser sends them."""
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return [(piece, sha256(piece).hexdigest()) for piece in pieces]
