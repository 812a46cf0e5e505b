"""Are the numbers there for whoever holds the token and comes straight, right over several processes, and about nobody?"""

from __future__ import annotations

import http.client
import os
import re
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from config import ROOT, Config, ConfigError
from festival.core.database import db
from festival.core.metrics.sums import UNKNOWN, Sums
from festival.core.post import mail
from festival.core.pulse.pulses import PulseKind, beat
from festival.core.transaction import transaction
from festival.core.web.access import public_api
from tests.devices.kit import Phone, enrolment, open_fair
from tests.harness.served import Served, serve
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.either_database

TOKEN = "0123456789abcdef" * 2
HEAD = {"Authorization": f"Bearer {TOKEN}"}
Numbers = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def watched(app: Flask) -> FlaskClient:
    app.config["FESTIVAL"] = replace(app.config["FESTIVAL"], metrics_token=TOKEN)
    return app.test_client()


def read(body: str) -> Numbers:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


def number(numbers: Numbers, name: str, **labels: str) -> float | None:
    return numbers.get((f"festival_{name}", frozenset(labels.items())))


def test_nobody_reads_them_without_the_token_or_through_a_proxy(app: Flask, client: FlaskClient) -> None:
    asked = [
        client.get("/metrics"),
        client.get("/metrics", headers=HEAD),
        client.get("/metrics", headers={"Authorization": "Bearer "}),
    ]
    app.config["FESTIVAL"] = replace(app.config["FESTIVAL"], metrics_token=TOKEN)
    asked += [client.get("/metrics"), client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN[:-1]}"})]
    asked += [
        client.get("/metrics", headers={**HEAD, name: value})
        for name, value in (("X-Forwarded-For", "10.0.0.1"), ("Forwarded", "for=10.0.0.1"), ("Via", "1.1 caddy"))
    ]
    assert [answer.status_code for answer in asked] == [404] * 8
    assert client.get("/metrics", headers=HEAD).status_code == 200
    assert "respond /metrics 404" in (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("given", ["short", "có dấu" * 10, "a b" * 20])
def test_a_token_that_can_be_guessed_is_refused_at_the_start(tmp_path: Path, given: str) -> None:
    settings = {"FESTIVAL_INSTANCE": str(tmp_path), "FESTIVAL_METRICS_TOKEN": given}
    with pytest.raises(ConfigError, match="FESTIVAL_METRICS_TOKEN"):
        Config.from_environment(settings)


def test_a_day_in_numbers(app: Flask, watched: FlaskClient) -> None:
    fair = open_fair(app)
    gate = Phone(app.test_client(), enrolment(app, fair))
    scans = [gate.scan(each) for each in fair.lists.values()]
    for _again in range(2):  # what is sent twice is one scan
        gate.send(*scans)
    gate.send(gate.write("scan", "", {}), gate.write("kradlovec", "", {}))
    with app.app_context(), transaction():
        mail.enqueue("ai@example.com", "Tin", "x")
        beat(PulseKind.WORKER)
    watched.get("/g/" + "A" * 16)
    watched.get("/Kradlovec?q=Kradlovec")
    watched.open("/", method="KRADLOVEC")
    app.view_functions["health.alive"] = _broken
    watched.get("/healthz")
    body = watched.get("/metrics", headers=HEAD).text
    found = read(body)
    assert number(found, "mutations_total", kind="scan", verdict="applied") == 3
    assert number(found, "mutations_total", kind="scan", verdict="rejected") == 1
    assert number(found, "mutations_total", kind=UNKNOWN, verdict=UNKNOWN) == 1
    assert number(found, "requests_total", method="POST", route="/api/v1/sync", status="2xx") == 3
    assert number(found, "request_seconds_count", method="POST", route="/api/v1/sync") == 3
    assert number(found, "requests_total", method="GET", route="/g/<code>", status="4xx") == 1
    assert number(found, "requests_total", method=UNKNOWN, route=UNKNOWN, status="4xx") == 2
    assert number(found, "requests_total", method="GET", route="/healthz", status="5xx") == 1
    assert number(found, "errors_total", kind="unexpected") == number(found, "refusals_total", code="unexpected") == 1
    assert (number(found, "letters", state="waiting"), number(found, "letters", state="failed")) == (1, 0)
    assert number(found, "last_timestamp_seconds", what="worker") is not None
    assert number(found, "last_timestamp_seconds", what="backup") is None
    assert (number(found, "database_up"), number(found, "ledger_agrees")) == (1, 1)
    planted = ["kradlovec", "A" * 16, "ai@example.com", "Danh", *fair.codes.values(), *fair.lists.values(), gate.token]
    assert [each for each in planted if each in body] == []


@public_api
def _broken() -> str:
    raise ValueError("Kradlovec")


def test_a_database_that_is_silent_is_a_number_too(app: Flask, watched: FlaskClient) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE pulse RENAME TO gone")
    found = read(watched.get("/metrics", headers=HEAD).text)
    assert number(found, "database_up") == 0
    assert number(found, "disk_free_bytes") is not None


@pytest.fixture
def served(app: Flask, config: Config, quick_flask: Path) -> Iterator[Served]:
    with serve(replace(config, metrics_token=TOKEN, workers=3), ready=quick_flask) as running:
        yield running


def test_three_workers_add_up_and_one_that_is_killed_takes_nothing_away(served: Served) -> None:
    def asked(path: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", path, headers=HEAD)
        answer = connection.getresponse().read().decode()
        connection.close()
        return answer

    def alive() -> float | None:
        return number(read(asked("/metrics")), "requests_total", method="GET", route="/readyz", status="2xx")

    for _each in range(30):
        asked("/readyz")
    assert alive() == 30
    first = served.workers()
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(served.workers()) == 3 and not set(served.workers()) & set(first))
    for _each in range(12):
        asked("/readyz")
    assert alive() == 42


def test_a_number_nobody_foresaw_is_the_familys_other() -> None:
    sums = Sums([("GET", "/")], {"refusals": [("busy",), (UNKNOWN,)]}, 2)
    sums.add("refusals", "busy")
    sums.sit(1)
    sums.add("refusals", "Kradlovec")
    sums.answered("GET", "/Kradlovec", "200 OK", 0.3, 2)
    sums.answered("GET", "/", "599 odd", 99.0, 3)
    assert dict(sums.of("refusals")) == {("busy",): 1, (UNKNOWN,): 1}
    (other, home) = sums.answers()
    assert (other.route, other.classes, other.buckets.index(1)) == (UNKNOWN, [1, 0, 0, 0], 6)
    assert (home.route, home.classes, home.buckets.index(1), home.seconds) == ("/", [0, 0, 0, 1], 11, 99)
    assert sums.in_use == 3


def test_every_alarm_speaks_of_numbers_that_are_there(app: Flask, watched: FlaskClient) -> None:
    with app.app_context(), transaction():
        for kind in PulseKind:
            beat(kind, {"ends": "2030-01-01T00:00:00+00:00"} if kind == PulseKind.CERTIFICATE else {})
    watched.get("/")
    told = list(text_string_to_metric_families(watched.get("/metrics", headers=HEAD).text))
    names = {sample.name for family in told for sample in family.samples} | {f"{family.name}_bucket" for family in told}
    rules = yaml.safe_load((ROOT / "deploy" / "festival-alarms.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    page = (ROOT / "docs" / "watching.md").read_text(encoding="utf-8")
    for rule in rules:
        used = set(re.findall(r"\bfestival_\w+", rule["expr"]))
        assert used <= names and (used or rule["expr"] == 'up{job="festival"} == 0'), rule
        assert set(rule) >= {"alert", "expr", "labels", "annotations"} and rule["alert"] in page
    written = set(re.findall(r"`(festival_\w+)", page))
    assert written == {family.name + ("_total" if family.type == "counter" else "") for family in told}
