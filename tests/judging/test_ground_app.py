"""The devices of a ground: who lets them in, which contests they are told of, and that it can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.transaction import transaction
from festival.devices import enrolment
from festival.devices.handlers import DeviceRole
from festival.judging.ground.models import GroundContest
from festival.schedule.models import Session, Stage
from tests.devices.kit import Phone
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_pages_of_the_panel import Desk

pytestmark = pytest.mark.either_database


def on_ground(app: Flask, client: FlaskClient, panel: Panel, station: str = "Sân cỏ") -> Phone:
    """A device let in by the secretary."""
    with app.app_context(), transaction():
        made = enrolment.make_enrolment_code(
            panel.festival_id, DeviceRole.GROUND, None, station, panel.users["secretary"]
        )
    return Phone(client, made.code, with_key=True)


def contests(phone: Phone) -> list[str]:
    return [each["code"] for each in phone.state()["state"]["contests"]]


def test_a_device_knows_what_it_was_given_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
    phone = on_ground(app, client, panel)
    assert (phone.device["page"], phone.device["waiting"]) == ("/ground", False)
    assert contests(phone) == []
    assert client.get("/ground").status_code == 200
    secretary, chair = Desk(app, panel.users["secretary"]), Desk(app, panel.users["lan"])
    page = secretary.get("/panel/bong-ro/ground")
    assert "Máy 1" in page and "Sân cỏ" in page and "không ghi" in page
    chair.get("/panel/bong-ro/ground", 404)
    secretary.get("/panel/tai-nang/ground", 404)  # judges mark it on tablets
    secretary.post("/panel/bong-ro/ground", 400, device="một", given="yes")
    secretary.post("/panel/bong-ro/ground", 404, device="7", given="yes")
    for _twice in range(2):
        secretary.post("/panel/bong-ro/ground", device="1", given="yes")
    whole = phone.state(known="judging:bong-ro,judging:tai-nang")
    (told,) = whole["state"]["contests"]
    assert [told[key] for key in ("code", "kind", "attempts", "unit", "most", "locked", "public")] == [
        "bong-ro", "count", 1, "quả", 30, False, True,
    ]  # fmt: skip
    assert [(each["code"], each["number"]) for each in told["entries"]] == [("S000", 1), ("S001", 2), ("S002", 3)]
    assert [each["stream"] for each in whole["heads"]] == ["judging:bong-ro"]
    said = str(whole)
    assert not any(secret in said for secret in ("E000", "tai-nang", "45000", "Danh Thị Lan"))
    secretary.post("/panel/bong-ro/ground", device="1", given="no")
    assert contests(phone) == []
    with app.app_context():
        assert db.session.scalars(select(GroundContest)).all() == []
        kinds = select(LedgerEntry.kind).where(LedgerEntry.stream == "judging:bong-ro").order_by(LedgerEntry.seq)
        assert db.session.scalars(kinds).all() == ["ground.given", "ground.withdrawn"]


def test_what_is_held_at_its_station_is_its_own_without_giving(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            stage = Stage(festival_id=panel.festival_id, code="san-co", name="Sân cỏ")
            db.session.add(stage)
            db.session.flush()
            hours: dict[str, Any] = {"starts_at": now(), "ends_at": now() + timedelta(hours=1)}
            db.session.add_all(
                Session(stage_id=stage.id, contest_id=contest, **hours)
                for contest in (panel.sport_id, panel.contest_id)
            )
    assert contests(on_ground(app, client, panel)) == ["bong-ro"]
    assert contests(on_ground(app, client, panel, "san-co")) == ["bong-ro"]
    assert contests(on_ground(app, client, panel, "Sân khấu")) == []
    page = Desk(app, panel.users["secretary"]).get("/panel/bong-ro/ground")
    assert page.count("thi ngay tại đó") == 2
