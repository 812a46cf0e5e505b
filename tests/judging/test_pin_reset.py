"""A judge forgot the PIN: two people, a new card, sheets on tablet and server kept, recorded; nobody alone."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.security_log import SecurityNote
from festival.judging.models import ScoreSheet
from tests.devices.kit import verdicts
from tests.judging.panel_cast import PASSWORD, cast, marks
from tests.judging.test_activation import OTHER_PIN, PIN, card_of, enrolled
from tests.judging.test_corrections_of_sheets import desk

pytestmark = pytest.mark.either_database

PAGE = "/panel/tai-nang/pin"


def test_the_secretary_resets_a_pin_with_a_witness_and_nothing_is_lost(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
    tablet = enrolled(app, client, panel, "lan", by="secretary")  # the same secretary made the tablet's code
    assert tablet.open(PIN, card_of(app, panel, "lan"))["activated"]
    assert verdicts(tablet.send(tablet.write("sheet.send", "E000/1", {"marks": marks(1_000, 0)}, base_version=0))) == [
        "applied"
    ]
    waiting = tablet.write("sheet.send", "E001/1", {"marks": marks(2_000, 0)}, base_version=0)  # not sent yet
    office = desk(app, panel, "secretary")
    assert "Danh Thị Lan" in office.get(f"{PAGE}?judge=B").text
    form = {
        "judge": "B",
        "reason": "quên mã PIN",
        "password": PASSWORD,
        "witness": "chair",
        "witness_password": PASSWORD,
    }
    for wrong, said in (
        ({"password": "sai"}, "Mật khẩu của người đang đăng nhập chưa đúng."),
        ({"witness_password": "sai"}, "của người chứng kiến chưa đúng."),
        ({"witness": "thuky"}, "Người chứng kiến phải là người khác"),
        ({"witness": "hung"}, "Người chứng kiến là chính giám khảo ấy"),
        ({"reason": " "}, "Ghi lý do đặt lại mã PIN."),
    ):
        refused = office.post(PAGE, data=form | wrong)
        assert (refused.status_code, said in refused.text) == (422, True), said
    assert [desk(app, panel, who).post(PAGE, data=form).status_code for who in ("chair", "lan", "hung")] == [
        403,
        404,
        404,
    ]
    assert tablet.state()["device"]["waiting"] is False, "a refusal closes nothing"
    done = office.post(PAGE, data=form)
    assert done.status_code == 200 and done.headers["Cache-Control"] == "no-store"
    card = re.search(r"\d{3} \d{3} \d{4}", done.text)
    assert card is not None and "Số máy đang chờ thẻ này: 1" in done.text
    # closed, and told no name; what it holds waits
    told = tablet.state()
    assert told["device"]["waiting"] is True and "Danh" not in str(told["state"])
    assert tablet.send(waiting)["unanswered"] == [waiting["mid"]]
    assert tablet.open(PIN)["reason"] == "needs_card", "the forgotten PIN is good no more"
    assert tablet.open(OTHER_PIN, card[0])["activated"]
    assert verdicts(tablet.send(waiting)) == ["applied"]
    with app.app_context():
        assert sorted(db.session.scalars(select(ScoreSheet.total_milli))) == [1_000, 2_000]
        kinds = db.session.scalars(select(LedgerEntry.kind).where(LedgerEntry.stream == "judging:tai-nang")).all()
        assert kinds.count("tablet.pin_reset") == 1
        noted = [row for row in db.session.scalars(select(SecurityNote)) if "witness" in row.subject]
        assert [row.subject["witness"] for row in noted] == [panel.users["chair"]]


def test_the_same_by_command(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
    tablet = enrolled(app, client, panel, "lan")
    tablet.open(PIN, card_of(app, panel, "lan"))
    run = app.test_cli_runner().invoke
    command = ["judging", "pin-reset", "tai-nang", "B", "--reason", "quên", "--secretary", "thuky", "--witness"]
    env = {"SECRETARY_PASSWORD": PASSWORD, "WITNESS_PASSWORD": PASSWORD}
    assert run(args=[*command, "hung"], env=env).exit_code == 1
    assert run(args=[*command, "chair"], env=env | {"WITNESS_PASSWORD": "sai"}).exit_code == 1
    done = run(args=[*command, "lan"], env=env)
    assert done.exit_code == 0, done.output
    assert tablet.open(OTHER_PIN, re.findall(r"\d{10}", done.output)[0])["activated"]
