"""Is a scan that takes the short way answered as on the usual one, and does everything else take the usual one?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request_started

from festival.core.web.access import Policy, policy_of
from tests.devices.kit import Phone, enrolment, open_fair, verdicts

pytestmark = pytest.mark.either_database


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def phone(app, client, fair):
    """A gate's phone that this process has let in before: what it has not met goes the usual way."""
    phone = Phone(client, enrolment(app, fair))
    phone.send()
    return phone


@pytest.fixture
def usual(app):
    """The addresses that were asked for the usual way."""
    asked = []

    def note(_app, **_more):
        asked.append("usual")

    with request_started.connected_to(note, app):
        yield asked


def sent(phone, *mutations):
    return {"v": 2, "mutations": list(mutations), "known": []}


def test_a_scan_is_answered_alike_on_both_ways(app, fair, phone, usual):
    family, *others = fair.lists.values()
    scan = phone.scan(family)
    short = phone.post(sent(phone, scan), packed=True)
    assert usual == [] and verdicts(short.get_json()) == ["applied"]
    app.extensions.pop("devices_met")  # as another process, which has not met it
    long = phone.post(sent(phone, scan), packed=True)
    assert usual == ["usual"]
    assert (short.status, dict(short.headers)) == (long.status, dict(long.headers))
    assert short.get_json() | {"server_ms": 0} == long.get_json() | {"server_ms": 0}
    several = phone.post(sent(phone, *(phone.scan(each) for each in others)))
    assert usual == ["usual"] and verdicts(several.get_json()) == ["applied"] * len(others)


def test_everything_else_goes_the_usual_way_and_is_refused_in_words(app, fair, phone, usual):
    family = next(iter(fair.lists.values()))
    scan = phone.scan(family)
    phone.send(scan)
    assert usual == []
    undo = phone.write("undo", family, {"scan": scan["mid"], "reason": "quét nhầm"})
    assert verdicts(phone.send(undo)) == ["applied"] and len(usual) == 1

    broken = phone.post(b'{"v": 2, "mutations": [')
    assert (broken.status_code, broken.get_json()["error"]) == (400, "bad_input")
    mistaken = phone.send("no mutation")
    assert (verdicts(mistaken), mistaken["verdicts"][0]["reason"]) == (["rejected"], "malformed")
    large = phone.post(b" " * (app.config["MAX_CONTENT_LENGTH"] + 1))
    assert (large.status_code, large.get_json()["error"]) == (413, "too_large")
    phone.token = "somebody-elses"
    assert phone.post(sent(phone, scan)).status_code == 401
    assert len(usual) == 5


def test_a_server_with_another_pass_key_takes_no_scan_either_way(app, fair, phone, usual):
    config = app.config["FESTIVAL"]
    app.config["FESTIVAL"] = replace(config, pass_key=bytes(32))
    try:
        refused = phone.post(sent(phone, phone.scan(fair.lists[next(iter(fair.lists))])))
    finally:
        app.config["FESTIVAL"] = config
    assert (refused.status_code, len(usual)) == (503, 1)


def test_the_short_way_keeps_the_policy_of_its_door(app):
    assert policy_of(app.view_functions["devices_api.sync"]) == Policy("device", csrf=False, revoked_too=True)
