"""What do the pages of the day say of a family that withdrew after the programme was published?"""

from __future__ import annotations

import re
from subprocess import run

import pytest
from flask import Flask
from flask.testing import FlaskClient

from festival.core.database import db
from festival.core.transaction import transaction
from festival.roster.models import EntryState
from festival.schedule.models import Act, ActState, Session
from festival.schedule.stage_day.reading import festival_day
from festival.schedule.stage_day.stages import stage_rows
from tests.demo.small import small_demo
from tests.demo.test_demo import csrf, sign_in

pytestmark = pytest.mark.either_database


@pytest.mark.begins_with(build=small_demo)
def test_a_withdrawn_family_is_said_to_be_out_and_cannot_be_called(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        act = db.session.query(Act).filter(Act.state == ActState.WAITING).order_by(Act.id).first()
        assert act is not None
        act.entry.state = EntryState.WITHDRAWN
        session = db.session.get_one(Session, act.session_id)
        act_id, stage, name = act.id, session.stage.code, act.entry.name
        day = f"{festival_day(act.starts_at):%Y%m%d}"
        on_stage = db.session.query(Act).join(Session).filter(Session.stage_id == session.stage_id).count()
        festival_id = session.stage.festival_id
    sign_in(client, "bantochuc")
    page = client.get(f"/office/stage/{stage}?day={day}").get_data(as_text=True)
    row = re.search(rf'<li [^>]*id="act-{act_id}">.*?</li>', page, re.S)
    assert row is not None and name in row[0] and "đã rút" in row[0] and "<button" not in row[0]
    form = {"csrf_token": csrf(client, f"/office/stage/{stage}"), "was": "waiting"}
    for to, status in (("ready", 409), ("on_stage", 409), ("absent", 302)):
        assert client.post(f"/office/stage/acts/{act_id}", data=form | {"to": to}).status_code == status
    office = client.get("/office/schedule").get_data(as_text=True)
    row = re.search(rf'<tr id="act-{act_id}".*?</tr>', office, re.S)
    assert row is not None and "đã rút" in row[0]
    paper = client.get(f"/office/schedule/print/theo-san-khau.pdf?of={stage}").data
    assert "đã rút" in run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
    with app.app_context():
        (counted,) = [each for each in stage_rows(festival_id) if each.stage.code == stage]
        assert counted.acts == on_stage - 1
