"""A judge's tablet against the real sync door: what it learns, what is answered, what a repetition does."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices import enrolment
from festival.devices.handlers import DeviceRole
from festival.judging.models import RefusedSheet, ScoreSheet, SheetRevision
from tests.devices.kit import Phone, as_if_opened, verdicts
from tests.judging.panel_cast import Panel, cast, full_panel, marks


def tablet(app: Flask, client: FlaskClient, panel: Panel, who: str) -> Phone:
    with app.app_context(), transaction():
        made = enrolment.make_enrolment_code(panel.festival_id, DeviceRole.JUDGE, panel.users[who], "")
    return as_if_opened(app, Phone(client, made.code, with_key=True))


def panel_of(app: Flask) -> Panel:
    with app.app_context():
        return cast()


def test_a_sheet_goes_the_whole_way_and_comes_back_in_the_state(app: Flask, client: FlaskClient) -> None:
    panel = panel_of(app)
    lan = tablet(app, client, panel, "lan")
    sheet = lan.write("sheet.send", "E000/1", {"marks": marks(45_000, 44_750)}, base_version=0)
    told = lan.send(sheet)
    (verdict,) = told["verdicts"]
    assert (verdict["verdict"], verdict["detail"]) == ("applied", {"version": 1, "total": 89_750})
    assert verdict["ledger"] == "judging:tai-nang"
    state = lan.state()["state"]
    assert [each["total"] for each in state["contests"][0]["sheets"]] == [89_750]
    assert lan.state()["state"]["cursor"] == state["cursor"]
    # the answer was lost: the same mid gets the same answer and nothing is written twice
    again = lan.send(sheet)["verdicts"][0]
    assert (again["verdict"], again["detail"], again["mid"]) == (verdict["verdict"], verdict["detail"], verdict["mid"])
    with app.app_context():
        assert db.session.scalar(select(func.count(SheetRevision.id))) == 1


def test_two_tablets_of_one_judge_and_the_choice(app: Flask, client: FlaskClient) -> None:
    panel = panel_of(app)
    one, two = tablet(app, client, panel, "lan"), tablet(app, client, panel, "lan")
    one.send(one.write("sheet.send", "E000/1", {"marks": marks(10_000, 10_000)}, base_version=0))
    offered = two.write("sheet.send", "E000/1", {"marks": marks(12_000, 10_000)}, base_version=0)
    (verdict,) = two.send(offered)["verdicts"]
    assert verdict["verdict"] == "conflict"
    assert (verdict["detail"]["current"]["total"], verdict["detail"]["offered"]["total"]) == (20_000, 22_000)
    # nothing may settle the choice by overwriting
    assert verdicts(one.send(one.write("sheet.send", "E000/1", {"marks": marks(1_000, 0)}, base_version=1))) == [
        "conflict"
    ]
    (sheet,) = one.state()["state"]["contests"][0]["sheets"]
    assert sheet["conflict"] and [each["total"] for each in sheet["offers"]] == [22_000, 1_000]
    kept = one.write("sheet.resolve", "E000/1", {"keep": offered["mid"]}, base_version=1)
    assert verdicts(one.send(kept)) == ["applied"]
    (sheet,) = two.state()["state"]["contests"][0]["sheets"]
    assert (sheet["total"], sheet["version"], sheet["conflict"], sheet["offers"]) == (22_000, 2, False, [])


def test_refusals_have_words_and_what_came_late_is_kept(app: Flask, client: FlaskClient) -> None:
    panel = panel_of(app)
    lan = tablet(app, client, panel, "lan")
    told = lan.send(
        lan.write("sheet.send", "E002/1", {"marks": marks(1_000, 1_000)}, base_version=0),
        lan.write("sheet.send", "gia-dinh-mau/1", {"marks": marks(1_000, 1_000)}, base_version=0),
        lan.write("sheet.send", "E000", {"marks": marks(1_000, 1_000)}, base_version=0),
        lan.write("sheet.send", "E000/1", {"marks": marks(101_000, 1_000)}, base_version=0),
        lan.write("sheet.send", "S000/1", {"marks": {}}, base_version=0),
    )
    assert [each["reason"] for each in told["verdicts"]] == [
        "tied",
        "unknown_entry",
        "malformed",
        "too_high",
        "not_on_panel",
    ]
    with app.app_context(), transaction():
        db.session.get_one(Contest, panel.contest_id).state = ContestState.LOCKED
    (late,) = lan.send(lan.write("sheet.send", "E000/1", {"marks": marks(1_000, 1_000)}, base_version=0))["verdicts"]
    assert (late["verdict"], late["reason"]) == ("rejected", "locked")
    with app.app_context():
        assert db.session.scalar(select(func.count(ScoreSheet.id))) == 0
        kept = db.session.scalars(select(RefusedSheet.reason).order_by(RefusedSheet.id)).all()
        assert kept == ["tied", "locked"]
    assert lan.state()["state"]["contests"][0]["locked"] is True


def test_a_gate_phone_cannot_mark_and_a_tablet_learns_no_other_judges_marks(app: Flask, client: FlaskClient) -> None:
    panel = panel_of(app)
    with app.app_context():
        full_panel(panel)
        with transaction():
            made = enrolment.make_enrolment_code(panel.festival_id, DeviceRole.GATE, None, "Cổng 1")
    gate = Phone(client, made.code)
    told = gate.send(gate.write("sheet.send", "E000/1", {"marks": marks(1_000, 1_000)}, base_version=0))
    assert told["verdicts"][0]["reason"] == "wrong_role"
    state = str(tablet(app, client, panel, "hung").state()["state"])
    assert "89500" in state and "89750" not in state and "90000" not in state


def test_a_batch_of_a_whole_evening_is_taken_in_one_delivery(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast(entries=60)
    hung = tablet(app, client, panel, "hung")
    evening = [
        hung.write("sheet.send", f"E{at:03d}/1", {"marks": marks(250 * at, 1_000)}, base_version=0) for at in range(60)
    ]
    corrections = [
        hung.write("sheet.send", f"E{at:03d}/1", {"marks": marks(250 * at, 2_000)}, base_version=1) for at in range(60)
    ]
    assert verdicts(hung.send(*evening, *corrections, packed=True)) == ["applied"] * 120
    with app.app_context():
        rows = db.session.execute(select(ScoreSheet.version, func.count()).group_by(ScoreSheet.version)).all()
        assert [tuple(row) for row in rows] == [(2, 60)]
