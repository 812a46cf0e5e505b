"""Does the number of statements of our pages stay the same when the festival grows?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from festival.accounts.passwords import hash_password
from festival.core.database import db
from festival.demo import build as demo
from tests.demo.test_demo import sign_in

PAGES = ("/office/schedule", "/office/schedule/tai-nang/draw", "/office/stage", "/office/stage/san-khau-chinh",
         "/office/contests", "/office/contests/tai-nang", "/office/schedule/print")  # fmt: skip


@contextmanager
def counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("families", [15, 75])
def test_pages_need_few_statements_at_any_size(app: Flask, client: FlaskClient, families: int) -> None:
    with app.app_context():
        demo.build(families, 3, hash_password(demo.PASSWORD))
        engine_ready = db.engine
    assert engine_ready is not None
    sign_in(client, "bantochuc")
    for path in PAGES:
        with app.app_context(), counted() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= 30, (path, len(seen))
