"""Does a name, a phone, a search or a link ever stand in what the server writes down?"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.roster.links.of_families import link_code
from festival.roster.models import Family
from tests.harness.served import Served, serve

pytestmark = pytest.mark.either_database

NAME = "Zuzana Kradlovec"
PHONE = "0987654321"
PLANTED = (NAME, quote(NAME), NAME.replace(" ", "+"), PHONE, "zuzana", "kradlovec")


@pytest.fixture
def served(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """With the access log on, which it is not by itself."""
    monkeypatch.setenv("ACCESS_LOG", "yes")
    with serve(demo_app.config["FESTIVAL"]) as running:
        yield running


def ask(served: Served, method: str, path: str, body: bytes | None = None, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request(method, path, body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def raw(served: Served, request: str) -> bytes:
    """What no client of good manners sends."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        connection.sendall(request.encode())
        return connection.recv(1000)


def household(name: str) -> bytes:
    member = {"name": name, "relation": "representative", "sex": "female", "birth": "1986", "phone": PHONE}
    return json.dumps(
        {"key": NAME, "festival": "kg-2024", "phone": PHONE, "members": [member], "address": NAME}
    ).encode()


def test_nothing_planted_is_in_the_log(demo_app: Flask, served: Served) -> None:
    with demo_app.app_context(), reading():
        family = db.session.scalars(select(Family)).first()
        assert family is not None
        link = link_code(family)
    searched = quote(NAME)
    assert ask(served, "GET", f"/g/{link}") == 302
    for path in ("/office/registrations", "/office/checkin", "/", "/register", "/sign-in"):
        ask(served, "GET", f"{path}?q={searched}&phone={PHONE}")
    for body in (household(NAME), household(NAME + "\0"), household(NAME)[:-7], NAME.encode()):
        ask(served, "POST", "/api/v1/registrations", body)
    ask(served, "POST", "/sign-in", f"login={searched}&password={PHONE}".encode())
    ask(served, "GET", f"/nowhere/{'x' * 10}?name={searched}")
    assert b"400" in raw(served, f"GET /{NAME}?{PHONE} {NAME} HTTP/1.1\r\n\r\n")
    assert b"400" in raw(served, f"GET / HTTP/1.1\r\n{NAME} {PHONE}\r\n\r\n")
    with demo_app.app_context():
        with db.engine.begin() as connection:  # now every page that reads people fails
            connection.execute(text("ALTER TABLE person RENAME TO gone"))
        db.engine.dispose()
    for _again in range(3):
        ask(served, "POST", "/api/v1/registrations", household(NAME))
        ask(served, "GET", f"/family?q={searched}", Cookie=f"family={link}")
    log = served.log.read_text(encoding="utf-8", errors="replace")
    assert '"GET /office/registrations?*** HTTP/1.1" 302' in log, log
    assert '"GET /g/*** HTTP/1.1" 302' in log
    assert "Invalid request" in log
    assert [word for word in (*PLANTED, link) if word.lower() in log.lower()] == []


def test_what_a_statement_carried_is_not_in_its_error(demo_app: Flask) -> None:
    """An exception ends in a log sooner or later."""
    with demo_app.app_context():
        with pytest.raises(IntegrityError) as failed, transaction():
            values = {"name": NAME, "phone": PHONE, "festival": 999_999}
            statement = "INSERT INTO person (festival_id, code, badge, name, folded, phone) VALUES (:festival, 'x', 'x', :name, :name, :phone)"
            db.session.execute(text(statement), values)
        assert "hide_parameters" in str(failed.value) and PHONE not in str(failed.value.statement)
        assert f"'{PHONE}'" not in str(failed.value).partition("[SQL")[2]
