"""What the tests of lists to sign stand on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from festival.core.clock import today
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading
from festival.papers.signing_lists import SigningList
from tests.registration.conftest import World

HERE = "kg-0"


def home(world: World) -> str:
    return f"/delegation/{world.hon_dat}/signing/{HERE}"


def office(world: World) -> str:
    return f"/office/signing/{world.hon_dat}/{HERE}"


def delegation_id(world: World) -> int:
    with world.app.app_context(), reading():
        return world.delegation().id


def day() -> str:
    return f"{today().day}/{today().month}/{today().year}"


def send(client: FlaskClient, page: str, contents: Sequence[bytes], step: str = "sign", **more: str) -> TestResponse:
    """The form of a page with files, as a browser sends it."""
    opened = client.get(page)
    form = next(each for each in re.findall(r"<form.*?</form>", opened.text, re.DOTALL) if f"{page}/{step}" in each)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)"\s+value="([^"]*)"', form))
    typed = {"number": "12/DS-UBND", "day": day(), "signer": "Nguyễn Văn Chủ"}
    files = [(BytesIO(content), f"trang-{place}.jpg") for place, content in enumerate(contents)]
    fields = {**typed, **hidden, **more, "pages": files}
    return client.post(f"{page}/{step}", data=fields, content_type="multipart/form-data")


def rows(world: World) -> list[tuple[int, str, int]]:
    """Number, state, sending of every list."""
    with world.app.app_context(), reading():
        found = select(SigningList.number, SigningList.state, SigningList.turn)
        return [
            (number, state.value, turn) for number, state, turn in db.session.execute(found.order_by(SigningList.id))
        ]


def sealed(world: World) -> list[str]:
    with world.app.app_context(), snapshot():
        return [str(each) for each in inspect().named()]


def photo() -> bytes:
    """As a phone takes it: where, and something behind the picture."""
    made = BytesIO()
    tags = Image.Exif()
    tags[0x010E] = "SECRET-PLACE"
    tags[0x8825] = {1: "N", 2: (10.0, 1.0, 1.0)}
    Image.new("RGB", (60, 80), "white").save(made, "JPEG", exif=tags)
    return made.getvalue() + b"<script>alert(1)</script>PK\x03\x04"
