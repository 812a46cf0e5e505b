"""The secretary beside the ground: chooses, writes the head judge's decision, ticks what was signed on paper; and commands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.transaction import transaction
from festival.judging.ground.models import GroundContest, MeasureSeen
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.judging.tally import read_tally
from festival.results.ladder.lock import lock
from festival.results.ladder.states import lock_problems
from tests.judging.test_ground_sync import chooses, confirms, one_try, says, scene, sealed, stands
from tests.results.test_pages_of_the_panel import Desk

pytestmark = pytest.mark.either_database

PAGE = "/panel/bong-ro/ground"


def test_the_secretary_chooses_and_only_on_what_is_shown(app: Flask, client: FlaskClient) -> None:
    panel, (phone, _other) = scene(app, client)
    desk, stranger = Desk(app, panel.users["secretary"]), Desk(app, panel.users["hung"])
    with app.app_context(), transaction():
        note_measure(panel.sport_id, panel.sport_entries[0], 1, MeasureState.VALID, 12, 0, panel.users["secretary"])
    says(phone, 13, 0)
    page = desk.get(PAGE)
    assert "Đang ghi: 12 quả" in page and "Lấy 13 quả (máy 1)" in page
    (offer,) = one_try(phone)["offers"]
    form = {"entry": "S000", "round": "1", "version": "1", "keep": offer["mid"]}
    stranger.post(f"{PAGE}/choose", 404, **form)
    desk.post(f"{PAGE}/choose", 409, **form | {"version": "9"})
    desk.post(f"{PAGE}/choose", 400, **form | {"entry": "S999"})
    desk.post(f"{PAGE}/choose", **form)
    assert stands(app) == [("valid", 13, 2)]
    desk.post(f"{PAGE}/choose", 409, **form)  # somebody has chosen
    assert sealed(app) == []


def test_the_head_judge_decides_with_a_reason(app: Flask, client: FlaskClient) -> None:
    panel, (one, two) = scene(app, client, counters=2)
    desk = Desk(app, panel.users["secretary"])
    says(one, 12, 0)
    says(two, 14, 0)
    page = desk.get(PAGE)
    assert "Hai người đếm khác nhau" in page and "Máy 1: 12 quả" in page and "Máy 2: 14 quả" in page
    form = {"entry": "S000", "round": "1", "version": "0", "value": "13", "reason": "Trọng tài Sơn xem lại băng hình"}
    refused = desk.post(f"{PAGE}/decide", 422, **form | {"reason": " "})
    assert "Ghi ai quyết định và vì sao." in refused and 'value="13"' in refused
    for wrong in ("", "31", "mười"):
        desk.post(f"{PAGE}/decide", 422, **form | {"value": wrong})
    desk.post(f"{PAGE}/decide", **form)
    assert stands(app) == [("valid", 13, 1)]
    page = desk.get(PAGE)
    assert "Hai người đếm khác nhau" not in page and "13 quả: Trọng tài Sơn xem lại băng hình" in page
    assert "về sau đã sửa" not in page
    desk.post(f"{PAGE}/decide", 409, **form | {"value": "14"})
    assert sealed(app) == []
    with app.app_context(), transaction():
        lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"], "hai tiết mục chưa ghi")
    assert "13 quả. Lý do: Trọng tài Sơn xem lại băng hình" in desk.get("/panel/bong-ro/minutes")


def test_nothing_is_locked_while_something_of_the_ground_is_open(app: Flask, client: FlaskClient) -> None:
    panel, (one, two) = scene(app, client)

    def problems() -> list[tuple[str, str]]:
        with app.app_context():
            found = lock_problems(read_tally(db.session.get_one(Contest, panel.sport_id)))
            return [(each.what, each.who or each.entry) for each in found if each.what != "unmeasured"]

    says(one, 12, 0)
    assert problems() == []
    says(two, 13, 0)
    assert problems() == [("ground_apart", "Gia đình ông Danh Chung 0")]
    page = Desk(app, panel.users["secretary"]).get("/panel/bong-ro")
    assert "có hai kết quả ở sân, chưa chọn" in page
    (offer,) = one_try(one)["offers"]
    chooses(one, offer["mid"], 1)
    confirms(one, 13, 2, agrees=False, note="thiếu một quả")
    assert problems() == [("ground_dispute", "Gia đình ông Danh Chung 0")]
    confirms(one, 13, 2)
    one.write("measure.drop", "S002/1", {}, base_version=0)  # on the way
    says(one, 3, 0, "S001/1")
    assert problems() == [("gap", "#1")]


def test_a_signed_slip_is_ticked_with_a_reason_and_can_be_taken_back(app: Flask, client: FlaskClient) -> None:
    panel, (phone, _other) = scene(app, client)
    desk = Desk(app, panel.users["secretary"])
    says(phone, 12, 0)
    form = {"entry": "S000", "round": "1", "version": "1"}
    desk.post(f"{PAGE}/paper", 422, **form, reason="  ")
    desk.post(f"{PAGE}/paper", 409, **form | {"version": "3"}, reason="máy hết pin")
    desk.post(f"{PAGE}/paper", **form, reason="máy hết pin")
    assert one_try(phone)["seen"] == {"how": "paper", "agrees": True, "note": "máy hết pin"}
    assert "máy hết pin" in desk.get(PAGE)
    desk.post(f"{PAGE}/paper", **form, step="undo")
    assert one_try(phone)["seen"] is None
    assert confirms(phone, 12, 1, agrees=False, note="thiếu một quả")[0] == "applied"
    assert "thiếu một quả" in desk.get(PAGE)
    assert "thiếu một quả" not in Desk(app, None).get("/results")  # nothing of a dispute is public
    with app.app_context():
        kinds = select(LedgerEntry.kind).where(LedgerEntry.kind.like("measure.%seen")).order_by(LedgerEntry.seq)
        assert db.session.scalars(kinds).all() == ["measure.seen", "measure.unseen", "measure.seen"]
    assert sealed(app) == []


def test_the_same_by_commands(app: Flask, client: FlaskClient) -> None:
    panel, (phone, _other) = scene(app, client)
    run = app.test_cli_runner()

    def flask(*words: str) -> Any:
        return run.invoke(args=["judging", *words])

    says(phone, 12, 0)
    says(phone, 13, 0)
    told = json.loads(flask("ground", "bong-ro").output)
    assert [each["number"] for each in told["devices"]] == [1, 2]
    (line,) = told["tries"]
    assert (line["value"], [each["value"] for each in line["offers"]]) == (12, [13])
    assert flask("measure-choose", "bong-ro", "S000", "nobody").exit_code == 1
    assert flask("measure-choose", "bong-ro", "S000", line["offers"][0]["mid"]).exit_code == 0
    assert stands(app) == [("valid", 13, 2)]
    assert flask("measure-seen", "bong-ro", "S000").exit_code == 1
    assert flask("measure-seen", "bong-ro", "S000", "--dispute", "thiếu một quả").exit_code == 0
    assert one_try(phone)["seen"]["agrees"] is False
    assert flask("measure-seen", "bong-ro", "S000", "--paper", "máy hết pin").exit_code == 0
    assert one_try(phone)["seen"]["agrees"] is True
    assert flask("measure-seen", "bong-ro", "S000", "--undo").exit_code == 0
    assert flask("measure-drop", "bong-ro", "S000").exit_code == 0
    assert flask("measure-drop", "bong-ro", "S001").exit_code != 0
    assert stands(app) == []
    assert flask("ground-give", "bong-ro", "2", "--back").exit_code == 0
    assert flask("ground-give", "bong-ro", "9").exit_code != 0
    with app.app_context():
        assert db.session.scalars(select(GroundContest.contest_id)).all() == [panel.sport_id]
        assert db.session.scalars(select(MeasureSeen)).all() == []
    assert sealed(app) == []
