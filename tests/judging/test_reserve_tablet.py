"""A reserve's tablet and that of who was replaced, against the real sync door: what each is told, and nobody else is."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.contests.actions import seat
from festival.contests.models import PanelSeat
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.models import Mutation
from festival.judging.panel.replacing import replace_judge
from tests.judging.panel_cast import cast, marks
from tests.judging.test_tablet_sync import tablet

pytestmark = pytest.mark.either_database


def test_a_reserves_sheets_change_no_byte_of_another_tablet_and_who_was_replaced_is_quarantined(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            seat(panel.contest_id, panel.users["other"], PanelSeat.RESERVE)
    lan, hung, other = (tablet(app, client, panel, who) for who in ("lan", "hung", "other"))
    hung.send(hung.write("sheet.send", "E000/1", {"marks": marks(20_000, 20_000)}, base_version=0))

    def told() -> tuple[object, object]:
        answer = lan.state()
        return json.dumps(answer["state"], sort_keys=True), answer["heads"]

    before = told()
    (taken,) = other.send(other.write("sheet.send", "E000/1", {"marks": marks(50_000, 50_000)}, base_version=0))[
        "verdicts"
    ]
    assert (taken["verdict"], taken["ledger"]) == ("applied", None)
    assert other.state()["heads"] == []  # of a ledger in which nothing of the own stands
    assert told() == before
    with app.app_context(), transaction():
        replace_judge(panel.judges["hung"], panel.users["other"], "ốm", None, None)
    # The tablet of who was replaced ends; what it still sends waits for a person's eyes.
    (late,) = hung.send(hung.write("sheet.send", "E001/1", {"marks": marks(9_000, 9_000)}, base_version=0))["verdicts"]
    assert (late["verdict"], late["reason"]) == ("quarantined", "revoked")
    assert hung.state()["state"] is None
    with app.app_context(), reading():
        kept = db.session.execute(select(Mutation.subject, Mutation.verdict).where(Mutation.mid == late["mid"])).one()
        assert tuple(kept) == ("E001/1", "quarantined")
    # The substitute's own tablet marks on, into the ledger, under the letter of the seat.
    contest = other.state()["state"]["contests"][0]
    assert contest["letter"] == "C"
    assert [each.get("given", False) for each in contest["entries"]] == [True, False, False]
    (mark,) = other.send(other.write("sheet.send", "E001/1", {"marks": marks(10_000, 10_000)}, base_version=0))[
        "verdicts"
    ]
    assert (mark["verdict"], mark["ledger"]) == ("applied", "judging:tai-nang")
    state = lan.state()["state"]
    assert "100000" not in json.dumps(state) and "40000" not in json.dumps(state)
