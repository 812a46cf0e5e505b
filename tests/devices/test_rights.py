"""Who may let which devices in, list them and shut them out: the same on pages and commands, and noted with the session."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from festival.accounts import actions as accounts
from festival.accounts.models import User
from festival.accounts.roles import PERMISSIONS, Role
from festival.core.database import db
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import transaction
from festival.core.web.access import Permission
from festival.devices import rights
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device, EnrolmentCode
from tests.devices.kit import Phone, enrolment, open_fair, verdicts
from tests.devices.test_office import post, signed_in, text_of

pytestmark = pytest.mark.either_database

CODE = re.compile(r"\b([0-9A-Z]{4}-[0-9A-Z]{4})\b")
ALL = frozenset(DeviceRole)
GATES, PANELS = frozenset({"gate", "desk"}), frozenset({"stage", "ground", "judge"})


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def judge(app, fair):
    with app.app_context(), transaction():
        return accounts.create_user("lan", "Danh Thị Lan", "", [Role.JUDGE]).id


def codes(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(EnrolmentCode))


def asks_for(browser, role, judge):
    """The status of asking for a code for such a device."""
    fields = {"role": role, "station": "Bàn giám khảo 1", "user_id": str(judge) if role == "judge" else ""}
    return post(browser, "/office/devices/codes", fields).status_code


def test_the_table_of_rights_in_full():
    may = {role: rights.handled(PERMISSIONS[role]) for role in Role}
    nobody = dict.fromkeys(Role, frozenset())
    assert may == nobody | {Role.ORGANISER: ALL, Role.GATE_LEAD: GATES, Role.SECRETARY: PANELS}


def test_a_gate_lead_gets_no_code_for_a_judges_tablet(app, fair, judge):
    lead = signed_in(app, "cong", Role.GATE_LEAD)
    assert [asks_for(lead, role, judge) for role in ("judge", "lead", "stage", "ground")] == [403] * 4
    assert codes(app) == 0
    assert [asks_for(lead, role, judge) for role in ("gate", "desk")] == [200, 200]
    assert 'value="judge"' not in lead.get("/office/devices").get_data(as_text=True)


def test_the_test_sees_a_right_that_follows_the_page_only(app, fair, judge, monkeypatch):
    """The check of before: whoever opens the page of devices makes a code for any of them."""
    naive = {Permission.DEVICES: ALL}
    monkeypatch.setattr(rights, "HANDLED", naive)
    assert asks_for(signed_in(app, "cong", Role.GATE_LEAD), "judge", judge) == 200
    assert codes(app) == 1


def test_a_secretary_lets_in_judges_and_no_gate(app, fair, judge):
    secretary = signed_in(app, "thu-ky", Role.SECRETARY)
    assert [asks_for(secretary, role, judge) for role in ("gate", "desk", "lead")] == [403] * 3
    assert (asks_for(secretary, "judge", judge), codes(app)) == (200, 1)


def test_lists_and_revocation_follow_the_same_right(app, fair, judge):
    gate = Phone(app.test_client(), enrolment(app, fair, station="Cổng 77"))
    tablet = Phone(app.test_client(), enrolment(app, fair, DeviceRole.JUDGE, "Bàn giám khảo 1", judge), with_key=True)
    enrolment(app, fair, DeviceRole.GATE, "Cổng chờ")
    enrolment(app, fair, DeviceRole.JUDGE, "Bàn chờ", judge)
    lead, secretary = signed_in(app, "cong", Role.GATE_LEAD), signed_in(app, "thu-ky", Role.SECRETARY)
    marks = {"Cổng 77": True, "Cổng chờ": True, "Bàn giám khảo 1": False, "Bàn chờ": False, "Danh Thị Lan": False}
    for browser, own in ((lead, True), (secretary, False)):
        words = text_of(browser.get("/office/devices"))
        assert {mark: mark in words for mark in marks} == {mark: seen == own for mark, seen in marks.items()}
    assert post(lead, "/office/devices/2/revoke", {}).status_code == 403
    assert post(secretary, "/office/devices/1/revoke", {}).status_code == 403
    assert post(lead, "/office/devices/codes/4/cancel", {}).status_code == 403
    assert post(secretary, "/office/devices/codes/3/cancel", {}).status_code == 403
    assert (gate.state()["device"]["revoked"], tablet.state()["device"]["revoked"]) == (False, False)
    assert post(secretary, "/office/devices/2/revoke", {}).status_code == 302
    late = tablet.write("sheet.send", "E000/1", {})
    assert verdicts(tablet.send(late)) == ["quarantined"]
    assert "Gửi từ máy đã thu hồi" not in text_of(lead.get("/office/devices"))
    assert post(lead, f"/office/devices/aside/{late['mid']}", {}).status_code == 403
    assert post(secretary, f"/office/devices/aside/{late['mid']}", {}).status_code == 302


def test_a_code_is_shown_once_to_its_maker_and_the_maker_is_written_down(app, fair, judge):
    secretary, office = signed_in(app, "thu-ky", Role.SECRETARY), signed_in(app, "to-chuc", Role.ORGANISER)
    made = post(secretary, "/office/devices/codes", {"role": "judge", "station": "", "user_id": str(judge)})
    code = CODE.search(text_of(made))[1]
    assert "no-store" in made.headers["Cache-Control"]
    for browser in (secretary, office):
        page = browser.get("/office/devices")
        assert code not in page.get_data(as_text=True)
        assert "Bà thu-ky" in text_of(page)
        assert browser.get("/office/devices/codes/1").status_code in {404, 405}
    Phone(app.test_client(), code, with_key=True)
    with app.app_context():
        maker = db.session.scalar(select(User.id).where(User.login == "thu-ky"))
        assert db.session.scalar(select(EnrolmentCode.issued_by)) == maker
        lines = db.session.scalars(
            select(SecurityNote)
            .where(SecurityNote.kind.in_([SecurityKind.ENROLMENT_CODE, SecurityKind.ENROLLED]))
            .order_by(SecurityNote.id)
        ).all()
        assert [(line.kind, line.user_id, line.subject) for line in lines] == [
            ("enrolment_code", maker, {"code": 1, "device_role": "judge", "for": judge}),
            ("enrolled", None, {"device": 1, "device_role": "judge", "code": 1, "for": judge}),
        ]
        assert lines[0].sign_in_id is not None
        assert code.replace("-", "") not in str([line.subject for line in lines])


@pytest.mark.parametrize("ends", ["account", "role"])
def test_a_code_lives_no_longer_than_the_right_of_its_maker(app, client, fair, ends):
    lead = signed_in(app, "cong", Role.GATE_LEAD)
    made = post(lead, "/office/devices/codes", {"role": "gate", "station": "Cổng 9", "user_id": ""})
    code = CODE.search(text_of(made))[1]
    with app.app_context(), transaction():
        user_id = db.session.scalar(select(User.id).where(User.login == "cong"))
        if ends == "account":
            accounts.set_active(user_id, False)
        else:
            accounts.change_user(user_id, "Bà cong", [Role.MC])
    assert client.post("/api/v1/enrol", json={"code": code}).status_code == 409
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Device)) == 0


def test_commands_ask_for_the_same_right(app, fair, judge):
    run = app.test_cli_runner().invoke
    signed_in(app, "cong", Role.GATE_LEAD)
    signed_in(app, "thu-ky", Role.SECRETARY)

    def enrol(role, by):
        return run(args=["device", "enrol", "--role", role, "--gate", "Cổng 1", "--user", "lan", "--by", by]).exit_code

    assert [enrol("judge", "cong"), enrol("lead", "cong"), enrol("gate", "thu-ky"), enrol("gate", "lan")] == [1] * 4
    assert run(args=["device", "enrol", "--role", "gate", "--gate", "Cổng 1"]).exit_code == 2
    assert codes(app) == 0
    assert [enrol("gate", "cong"), enrol("judge", "thu-ky")] == [0, 0]
    Phone(app.test_client(), enrolment(app, fair))
    assert run(args=["device", "list", "--by", "thu-ky"]).stdout == ""
    assert run(args=["device", "list", "--by", "cong"]).stdout == run(args=["device", "list"]).stdout != ""
    assert run(args=["device", "revoke", "1", "--by", "thu-ky"]).exit_code == 1
    assert run(args=["device", "cards", "lan", "--by", "thu-ky"]).exit_code == 1
    assert run(args=["device", "revoke", "1", "--by", "cong"]).exit_code == 0
    with app.app_context():
        done = db.session.execute(
            select(SecurityNote.actor, SecurityNote.subject, User.login)
            .join(User, User.id == SecurityNote.user_id)
            .where(SecurityNote.kind == SecurityKind.REVOKED)
        ).all()
        assert [tuple(row) for row in done] == [("command", {"device": 1}, "cong")]
