"""Devices at a stage against the real sync door: taps of an hour without network, two devices that disagree, what each is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.transaction import transaction
from festival.devices import enrolment
from festival.devices.handlers import DeviceRole
from festival.roster.models import Entry
from festival.schedule.models import Act, Session, Stage
from festival.schedule.planning import Published, left_out, publish
from tests.devices.kit import Phone
from tests.programme.scene import Scene, make_festival

MORNING = datetime.fromisoformat("2024-06-14T08:00:00+07:00")
HALL = "Sân khấu A"


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    with time_machine.travel(MORNING, tick=False):
        with app.app_context(), transaction():
            made = make_festival(families=4, contests=1)
        yield made


def enrolled(client: FlaskClient, scene: Scene, station: str = HALL) -> Phone:
    with client.application.app_context(), transaction():
        code = enrolment.make_enrolment_code(scene.festival_id, DeviceRole.STAGE, None, station).code
    return Phone(client, code, with_key=True)


def entry(scene: Scene, number: int) -> str:
    return f"e{scene.contests[0]}-{scene.families[number - 1]}"


def tap(phone: Phone, scene: Scene, number: int, was: str, to: str, minutes: int = 0) -> dict[str, Any]:
    """Tapped so many minutes ago."""
    wall = int((MORNING - timedelta(minutes=minutes)).timestamp() * 1000)
    return phone.write("stage.step", entry(scene, number), {"was": was, "to": to}, wall_ms=wall, offset_ms=0)


def told(phone: Phone, *messages: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(each["verdict"], each["reason"] or each["detail"]) for each in phone.send(*messages)["verdicts"]]


def stands(app: Flask) -> list[tuple[str, float | None, float | None]]:
    """State, begun and ended in minutes before now, in the order of the programme."""

    def ago(moment: datetime | None) -> float | None:
        return None if moment is None else (MORNING - moment).total_seconds() / 60

    with app.app_context():
        rows = db.session.execute(select(Act.state, Act.began_at, Act.ended_at).order_by(Act.position))
        return [(row.state.value, ago(row.began_at), ago(row.ended_at)) for row in rows]


def test_taps_of_an_hour_without_network_count_at_their_own_hour_and_once(
    app: Flask, scene: Scene, client: FlaskClient
) -> None:
    phone = enrolled(client, scene)
    assert (phone.device["page"], phone.device["waiting"]) == ("/stage", False)
    said = [
        tap(phone, scene, 1, "waiting", "ready", 31), tap(phone, scene, 1, "ready", "on_stage", 28),
        tap(phone, scene, 1, "on_stage", "done", 19), tap(phone, scene, 2, "waiting", "absent", 18),
        tap(phone, scene, 3, "waiting", "on_stage", 17), tap(phone, scene, 3, "on_stage", "ready", 16),
        tap(phone, scene, 3, "ready", "on_stage", 15), tap(phone, scene, 2, "absent", "waiting", 2),
    ]  # fmt: skip
    verdicts = told(phone, *said)
    assert [verdict for verdict, _why in verdicts] == ["applied"] * 8
    after = [("done", 28.0, 19.0), ("waiting", None, None), ("on_stage", 15.0, None), ("waiting", None, None)]
    assert stands(app) == after
    # delivered again, whole and in part: the same answers, nothing twice
    assert told(phone, *said) == verdicts
    assert told(phone, *said[3:5]) == verdicts[3:5]
    assert stands(app) == after
    steps = select(LedgerEntry.subject).where(LedgerEntry.kind == "act_stepped").order_by(LedgerEntry.seq)
    with app.app_context():
        subjects = db.session.scalars(steps).all()
    assert [each["device"] for each in subjects] == [phone.device["number"]] * 8
    state = phone.state(known="decisions:kg-thu")
    assert [each["stream"] for each in state["heads"]] == ["decisions:kg-thu"]
    assert (state["state"]["stage"], state["state"]["seq"], len(state["state"]["acts"])) == (HALL, 8, 4)
    assert [each["state"] for each in state["state"]["acts"]] == [state for state, *_times in after]
    assert "Bí Mật" not in str(state)  # no performer is named to a device


def test_two_devices_disagree_and_the_later_delivery_is_told(app: Flask, scene: Scene, client: FlaskClient) -> None:
    here, there = enrolled(client, scene), enrolled(client, scene, "a")
    offline = [tap(there, scene, 1, "waiting", "on_stage", 20), tap(there, scene, 1, "on_stage", "done", 11)]
    same = tap(there, scene, 4, "waiting", "absent", 9)
    assert (
        told(here, tap(here, scene, 1, "waiting", "absent", 15), tap(here, scene, 4, "waiting", "absent", 10))
        == [("applied", {"state": "absent"})] * 2
    )
    assert told(there, *offline, same) == [
        ("conflict", {"state": "absent"}), ("conflict", {"state": "absent"}), ("duplicate", {"state": "absent"}),
    ]  # fmt: skip
    # two on one stage cannot be
    assert told(here, tap(here, scene, 2, "waiting", "on_stage")) == [("applied", {"state": "on_stage"})]
    assert told(there, tap(there, scene, 3, "waiting", "on_stage")) == [
        ("conflict", {"state": "waiting", "occupied": True})
    ]
    assert [state for state, *_times in stands(app)] == ["absent", "on_stage", "waiting", "absent"]


def test_a_later_message_that_comes_first_counts_for_nothing_and_spoils_nothing(
    app: Flask, scene: Scene, client: FlaskClient
) -> None:
    phone = enrolled(client, scene)
    on, done = tap(phone, scene, 1, "waiting", "on_stage", 9), tap(phone, scene, 1, "on_stage", "done", 1)
    assert told(phone, done) == [("conflict", {"state": "waiting"})]
    assert told(phone, on) == [("applied", {"state": "on_stage"})]
    assert told(phone, tap(phone, scene, 1, "on_stage", "done")) == [("applied", {"state": "done"})]
    # a tap from a clock that runs ahead is not later than it was received
    assert told(phone, tap(phone, scene, 2, "waiting", "on_stage", -600)) == [("applied", {"state": "on_stage"})]
    assert stands(app)[:2] == [("done", 9.0, 0.0), ("on_stage", 0.0, None)]


def test_what_a_device_may_not_say(app: Flask, scene: Scene, client: FlaskClient) -> None:
    phone, other, lost = enrolled(client, scene), enrolled(client, scene, "Sân B"), enrolled(client, scene, "đâu đó")
    with app.app_context(), transaction():
        db.session.add(Stage(festival_id=scene.festival_id, code="b", name="Sân B", position=1))
        code = entry(scene, 4)
        db.session.execute(update(Entry).where(Entry.code == code).values(state="withdrawn"))
    unknown = phone.write("stage.step", "nobody", {"was": "waiting", "to": "ready"})
    assert told(phone, unknown, tap(phone, scene, 4, "waiting", "ready"), tap(phone, scene, 1, "waiting", "gone"),
                tap(phone, scene, 1, "waiting", "done")) == [
        ("rejected", "unknown_act"), ("rejected", "withdrawn"), ("rejected", "malformed"), ("rejected", "malformed"),
    ]  # fmt: skip
    assert told(other, tap(other, scene, 1, "waiting", "ready")) == [("rejected", "other_stage")]
    assert (other.state()["state"]["stage"], other.state()["state"]["acts"]) == ("Sân B", [])
    state = lost.state(known="decisions:kg-thu")
    assert (state["state"]["stage"], state["state"]["stages"], state["heads"]) == (None, [HALL, "Sân B"], [])
    assert {state for state, *_times in stands(app)} == {"waiting"}
    with app.app_context(), transaction():
        db.session.execute(update(Session).values(stage_id=select(Stage.id).where(Stage.code == "b").scalar_subquery()))
    # where the draft has it is nobody's stage before that is published
    assert told(other, tap(other, scene, 1, "waiting", "ready")) == [("rejected", "other_stage")]
    with app.app_context(), transaction():
        assert isinstance(publish(scene.festival_id, None, without=left_out(scene.festival_id).stamp), Published)
    assert told(other, tap(other, scene, 1, "waiting", "ready")) == [("applied", {"state": "ready"})]
