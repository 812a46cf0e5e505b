"""A whole small festival: does a name, a phone, an address, a code or a key of it stand in any log of any layer?

Web server, worker and PostgreSQL write into files here, as they would into the journal. Names are looked for in every writing an
address or an error gives them. Each layer has its control: the same, written down without our care, is found.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import socket
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, quote_plus

import psycopg
import pytest
from gunicorn.config import Config as GunicornConfig
from gunicorn.glogging import Logger

from config import ROOT
from festival.core.logs.lines import KindAndPlace
from tests.conftest import test_config
from tests.faults.attacks.client import Bounds, Device
from tests.faults.attacks.families import family, sender
from tests.faults.attacks.house import House
from tests.harness.postgres import Cluster
from tests.harness.ready_flask import start_ready
from tests.harness.served import environment, serve
from tests.harness.waiting import wait_until
from tests.messages.test_letters import StrictPostBox

PERSON, ADDRESS, PHONE = "Quýnh Kradlovec", "Ấp Xuýt Xoát", "0987654321"
REFUSED_BOX, KEY, PASSWORD = "sai@example.com", "kradlovec2kradlovec3", "mật khẩu Zlodějka"
FOREIGNER = "Zuzana Pokladnik"  # whose row the database refuses
OTHERS = ["Olga Vrabec"]
STATE = re.compile(r'name="([^"]+)"[^>]*value="([^"]*)"')


def writings(planted: str) -> set[str]:
    """How something may stand in a log, all in small letters."""
    bare = "".join(each for each in unicodedata.normalize("NFD", planted) if not unicodedata.combining(each))
    forms = {planted, bare, bare.replace("đ", "d"), *planted.split(), *bare.split()}
    forms |= {way(form) for form in list(forms) for way in (quote, quote_plus, lambda text: json.dumps(text)[1:-1])}
    return {form.lower() for form in forms if len(form) > 4} | {planted.lower()}


def found(planted: list[str], log: str) -> list[str]:
    """Which of them stand there."""
    small = log.lower()
    return sorted({each for each in planted if any(form in small for form in writings(each))})


def postgresql_log(cluster: Cluster) -> str:
    return (cluster.folder / "data" / "log").read_text(encoding="utf-8", errors="replace")


def set_on(cluster: Cluster, database: str, statements: str) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        for each in filter(None, (part.strip() for part in statements.split(";"))):
            connection.execute(each.replace("DATABASE festival", f'DATABASE "{database}"'))


NAIVE = """ALTER DATABASE festival SET log_min_messages = 'warning'; ALTER DATABASE festival SET log_min_error_statement = 'error';
ALTER DATABASE festival SET log_error_verbosity = 'default'"""


@pytest.fixture
def database(cluster: Cluster, demo_templates: Callable[[str], str], tmp_path: Path) -> Iterator[str]:
    """The demo's festival in PostgreSQL."""
    name = f"logs_{os.getpid()}"
    cluster.create(name, demo_templates("postgresql"))
    yield name
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def working(house: House, log: Path) -> Iterator[None]:
    """`flask worker` beside the web server."""
    assert house.ready is not None
    with log.open("ab") as output:
        settings = {**environment(house.config), "FLASK_APP": "app"}
        running = start_ready(house.ready, ["flask", "worker"], settings, output.fileno(), ROOT)
    try:
        yield
    finally:
        os.kill(running.pid, signal.SIGTERM)
        assert running.ended(60)


def lived(house: House) -> list[str]:
    """Registered, approved, at the gate, marked; looked up, typed wrong, guessed. Answers every key that was given out."""
    told = house.browser().call("POST", "/api/v1/registrations", canary(house, 1), Registration_Sender=sender(house))
    assert told.status == 200, told.text
    link, code = str(told.json["link"]).rpartition("/g/")[2], str(told.json["family"])
    office = house.sign_in("bantochuc")
    page = office.get(f"/office/registrations/{code}")
    form = page.text[page.text.index(f"{code}/approve") :].partition("</form>")[0]
    fields = {name: value for name, value in STATE.findall(form) if name != "csrf_token"}
    assert office.post(f"/office/registrations/{code}/approve", **fields).status == 302
    list_id = house.one(
        "SELECT list_id FROM pass p JOIN family f ON f.id = p.family_id WHERE f.code = :code", code=code
    )
    gate = house.device("gate", gate="Cổng 1")
    assert gate.sync(gate.scan(list_id)).json["verdicts"][0]["verdict"] == "applied"
    judge = house.judge(0)
    tablet = house.tablet(judge)
    assert tablet.sync(house.blank_sheet(tablet, judge)).json["verdicts"][0]["verdict"] == "applied"
    home = house.browser()
    assert home.get(f"/g/{link}").status == 302
    home.get("/family")
    asked_wrongly(house, office, link)
    return [link, code, list_id, gate.token, tablet.token, office.cookies["signin"]]


def canary(house: House, number: int, name: str = PERSON) -> dict[str, object]:
    sent = {**family(house, number), "phone": PHONE, "email": REFUSED_BOX, "address": ADDRESS}
    first, *others = sent["members"]
    return {**sent, "members": [{**first, "name": name, "agreed_by": name}, *others]}


def asked_wrongly(house: House, office: object, link: str) -> None:
    """Searches, keys that are no keys, what no client of good manners sends, a wrong password."""
    doors = ("parent", "join", "setup", "sign-in/once", "d", "g", "kept", "calendars/families/x")
    paths = [f"/{door}/{KEY}" for door in doors] + [f"/register/{KEY}/family", f"/{quote(PERSON)}", f"/g/{link}/{KEY}"]
    paths += [f"{path}?q={quote(PERSON)}&phone={PHONE}" for path in ("/office/registrations", "/programme/search", "/")]
    for path in paths:
        assert office.get(path).status < 500, path  # type: ignore[attr-defined]
    stranger = house.browser()
    assert stranger.post("/sign-in", login=PERSON, password=PASSWORD).status == 422
    Device(stranger, KEY)
    for body in (
        json.dumps({"name": PERSON}).encode()[:-3],
        f"{PERSON}\0".encode(),
        b'{"phone": 9876543210000000000000001}',
    ):
        stranger.call("POST", "/api/v1/registrations", body)
    stranger.call(PERSON.split()[1].upper(), "/")
    for request in (f"GET /{KEY} {KEY} HTTP/1.1\r\n\r\n", f"GET / HTTP/1.1\r\n{KEY} {PHONE}\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", house.served.port), timeout=60) as connection:
            connection.sendall(request.encode())
            assert b" 400 " in connection.recv(1000)


def refused_by_the_database(house: House) -> None:
    """Two faults of a real database: a rule of its own holds, with the row in its words; then a table is not there."""
    house.change("UPDATE delegation SET families_max = 100")
    house.change("ALTER TABLE person ADD CONSTRAINT no_strangers CHECK (position('Pokladnik' in name) = 0) NOT VALID")
    assert (
        house.browser()
        .call("POST", "/api/v1/registrations", canary(house, 2, FOREIGNER), Registration_Sender=sender(house))
        .status
        == 500
    )
    house.change("ALTER TABLE person RENAME TO gone; ALTER TABLE outbox_mail RENAME TO letters_gone")
    assert house.browser().call(
        "POST", "/api/v1/registrations", canary(house, 3), Registration_Sender=sender(house)
    ).status in {500, 503}


def naively_logged(cluster: Cluster, database: str) -> None:
    """As PostgreSQL and Python log by themselves, a refused row is in their logs; as we let them, it is not."""
    set_on(cluster, database, NAIVE)
    with psycopg.connect(cluster.url(database)) as connection, pytest.raises(psycopg.Error) as failed:
        connection.execute("INSERT INTO person (name, phone) VALUES (%s, '')", OTHERS)
    naive, ours = (
        way().formatException((failed.type, failed.value, failed.tb)) for way in (logging.Formatter, KindAndPlace)
    )
    assert [found(OTHERS, log) for log in (naive, postgresql_log(cluster), ours)] == [OTHERS, OTHERS, []]
    assert "psycopg.errors.NotNullViolation 23502 person" in ours
    line = Logger(GunicornConfig()).atoms(
        SimpleNamespace(status="200 OK", headers=[]), SimpleNamespace(headers=[]),
        {"REQUEST_METHOD": "GET", "RAW_URI": f"/g/{KEY}", "SERVER_PROTOCOL": "HTTP/1.1"}, timedelta(),
    )["r"]  # fmt: skip
    assert found([KEY], line) == [KEY]


def test_no_log_of_a_festival_holds_what_it_is_about(
    cluster: Cluster, database: str, quick_flask: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCESS_LOG", "yes")
    naively_logged(cluster, database)
    settings = (ROOT / "deploy" / "festival-postgresql.sql").read_text(encoding="utf-8")
    set_on(cluster, database, re.sub(r"^--.*$", "", settings, flags=re.MULTILINE))
    before = len(postgresql_log(cluster))
    box = StrictPostBox()
    box.start()
    url = cluster.url(database)
    config = replace(test_config(tmp_path / "instance", url), smtp_host="127.0.0.1", smtp_port=box.port)
    with serve(config, ready=quick_flask) as served:
        house = House(
            "postgresql", config, served, tmp_path, 7, 1, Bounds(400, 300), lambda: "", quick_flask, cluster.binaries
        )
        keys = lived(house)
        with working(house, tmp_path / "worker.log"):
            wait_until(lambda: house.one("SELECT count(*) FROM outbox_mail WHERE state = 'failed'") == 2)
            refused_by_the_database(house)
            wait_until(lambda: "failed: ProgrammingError" in (tmp_path / "worker.log").read_text())
        house.engine.dispose()
    box.stop()
    web, worker = served.log.read_text(encoding="utf-8"), (tmp_path / "worker.log").read_text(encoding="utf-8")
    assert '"GET /g/<code> HTTP/1.1" 302' in web and '"POST /api/v1/sync HTTP/1.1" 200' in web
    assert '"GET /programme/search HTTP/1.1" 200' in web and "Invalid request" in web
    assert "psycopg.errors.CheckViolation 23514 person no_strangers" in web
    planted = [PERSON, FOREIGNER, ADDRESS, PHONE, PHONE[1:], REFUSED_BOX, KEY, PASSWORD, *keys]
    assert [found(planted, log) for log in (web, worker, postgresql_log(cluster)[before:])] == [[]] * 3
