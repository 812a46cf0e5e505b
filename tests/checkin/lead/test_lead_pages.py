"""Can the lead see who is missing and call, decide what was set aside one by one, and see which phone needs a hand?"""

from __future__ import annotations

import re
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from festival.accounts.roles import Role
from festival.checkin.lead import deciding
from festival.checkin.lead.models import GateChoice, GateDecision
from festival.checkin.models import Admission, Scan
from festival.checkin.purposes.models import GateSetting
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.devices.models import Device
from festival.editions.models import Festival
from festival.roster.models import Delegation
from tests.devices.kit import Phone, enrolment, open_fair, verdicts
from tests.devices.test_office import post, signed_in, text_of

CHUNG, HOA, DUC = "Gia đình ông Danh Chung", "Gia đình bà Trương Mỹ Hoa", "Gia đình ông Nguyễn Hoàng Anh Đức"
HOUR_MS = 3_600_000


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def lead(app, fair):
    return signed_in(app, "truong-cong", Role.GATE_LEAD)


def decide(browser, mid, choice, reason, was=0):
    fields = {"choice": choice, "reason": reason, "was": str(was)}
    return post(browser, f"/office/gates/aside/{mid}", fields, page="/office/gates")


def inside(app, fair, name):
    with app.app_context(), reading():
        rows = db.session.execute(
            select(Admission.at_ms, Scan.how)
            .join(Scan, Scan.id == Admission.scan_id)
            .where(~Admission.annulled)
            .order_by(Admission.id)
        ).all()
    return [(row.at_ms, row.how) for row in rows]


def revoke(app, number=1):
    with app.app_context(), transaction():
        db.session.scalars(select(Device).where(Device.number == number)).one().revoked_at = now()


def sealed(app):
    """The tables say what the ledger says; the places that differ."""
    with app.app_context(), seals.snapshot():
        report = seals.inspect(only=["checkin:thu-2024"])
        return [str(said) for said in seals.worded(report.named())]


@pytest.mark.either_database
def test_who_is_missing_is_read_by_name_with_a_number_to_tap_and_the_look_is_noted(app, fair, lead):
    gate = Phone(app.test_client(), enrolment(app, fair))
    gate.send(gate.scan(fair.lists[CHUNG], fair.persons[CHUNG][:3]), gate.scan(fair.lists[HOA]))
    with app.app_context():
        code = db.session.scalar(select(Delegation.code))
    assert " 5 10 " in text_of(lead.get("/office/gates/missing")).replace("Đoàn huyện Hòn Đất", "")
    with app.app_context():
        assert db.session.scalar(select(SecurityNote.id).where(SecurityNote.kind == SecurityKind.READ_CHILDREN)) is None
    page = lead.get(f"/office/gates/delegations/{code}")
    words = text_of(page)
    for name in ("Thị Hòa", "Nguyễn Hoàng Anh Đức", "Lê Thị Thùy Dung", "Nguyễn Lê Bảo Ngọc", "Châu Văn Tài"):
        assert name in words
    for name in ("Danh Minh Khang", "Trương Mỹ Hoa"):
        assert name not in words
    calls = re.findall(r'href="tel:(\d+)"', page.get_data(as_text=True))
    assert calls == ["0912000111", "0912000000", "0912000002", "0912000111"], "head, two families, head for the driver"
    with app.app_context():
        noted = db.session.scalars(select(SecurityNote).where(SecurityNote.kind == SecurityKind.READ_CHILDREN)).one()
        assert noted.subject == {"delegation": code, "what": "missing"}
    assert lead.get("/office/gates/delegations/khong-co").status_code == 404
    assert signed_in(app, "thu-ky", Role.SECRETARY).get("/office/gates/missing").status_code == 403


def test_scans_of_a_revoked_phone_are_decided_one_by_one(app, fair, lead):
    gate = Phone(app.test_client(), enrolment(app, fair))
    at = int(time.time() * 1000) - HOUR_MS
    first = gate.scan(fair.lists[CHUNG], fair.persons[CHUNG][:3], wall_ms=at)
    second = gate.scan(fair.lists[HOA], wall_ms=at)
    revoke(app)
    assert verdicts(gate.send(first, second)) == ["quarantined"] * 2
    assert f"{CHUNG}, 3 người" in text_of(lead.get("/office/gates"))
    refused = decide(lead, first["mid"], "let_in", "x")
    assert refused.status_code == 400 and "từ 3 đến 200 chữ" in text_of(refused)
    assert 'value="x"' in refused.get_data(as_text=True), "what was typed stands in its box"
    assert decide(lead, first["mid"], "let_in", "người quen của đoàn").status_code == 302
    assert inside(app, fair, CHUNG) == [(at, "decided")] * 3, "as if it had been taken at its time"
    assert verdicts(gate.send(first)) == ["quarantined"], "the phone gets the answer it got"
    assert decide(lead, first["mid"], "let_in", "bấm hai lần", was=1).status_code == 409
    assert decide(lead, first["mid"], "open", "bấm nhầm", was=1).status_code == 302
    assert inside(app, fair, CHUNG) == [], "as easy as the step forward"
    assert decide(lead, first["mid"], "let_in", "đúng là họ thật", was=2).status_code == 302
    assert inside(app, fair, CHUNG) == [(at, "decided")] * 3, "once more, at the hour of the reading"
    assert decide(lead, first["mid"], "kept_out", "không phải họ", was=3).status_code == 302
    assert inside(app, fair, CHUNG) == []
    assert decide(lead, first["mid"], "let_in", "gia đình đã đến bàn", was=4).status_code == 302
    assert decide(lead, second["mid"], "kept_out", "máy mất từ hôm qua").status_code == 302
    words = text_of(lead.get("/office/gates"))
    assert "Không có lượt nào chờ" in words and "máy mất từ hôm qua" in words
    assert decide(lead, second["mid"], "open", "gọi hỏi lại rồi", was=1).status_code == 302
    assert "Xem lại: gọi hỏi lại rồi" in text_of(lead.get("/office/gates"))
    assert decide(lead, second["mid"], "let_in", "đúng là họ", was=2).status_code == 302
    assert len(inside(app, fair, HOA)) == 5
    assert sealed(app) == []
    with app.app_context(), transaction():
        db.session.scalars(select(GateDecision).where(GateDecision.mid == first["mid"])).one().reason = "khác"
    assert sealed(app) == [f"Quyết định của trưởng cổng «{first['mid']}», lý do: bảng khác với sổ"]


def test_of_two_leads_at_once_the_first_decides(app, fair, lead):
    gate = Phone(app.test_client(), enrolment(app, fair))
    scan = gate.scan(fair.lists[HOA])
    revoke(app)
    gate.send(scan)
    assert decide(lead, scan["mid"], "kept_out", "máy lạ").status_code == 302
    late = decide(lead, scan["mid"], "let_in", "tôi biết họ")
    assert late.status_code == 409 and "tôi biết họ" in text_of(late), "what the second typed is not lost"
    assert inside(app, fair, HOA) == []
    with app.app_context(), pytest.raises(Exception, match="vừa quyết định"), transaction():
        deciding.decide_reading(
            db.session.get_one(Festival, fair.festival_id), scan["mid"], GateChoice.OPEN, "xem lại", 7, 1
        )
    with app.app_context():
        assert db.session.scalars(select(GateDecision.version)).all() == [1]


@pytest.mark.either_database
def test_phones_that_need_a_hand_stand_first(app, fair, lead):
    phones = [Phone(app.test_client(), enrolment(app, fair, station=f"Cổng {n}")) for n in (1, 2, 3)]
    ahead = int(time.time() * 1000) + 3 * HOUR_MS
    phones[0].send(phones[0].scan(fair.lists[CHUNG]))
    phones[1].send(phones[1].scan(fair.lists[HOA], wall_ms=ahead))  # never measured its offset
    phones[2].send(phones[2].scan(fair.lists[DUC], wall_ms=ahead, offset_ms=-3 * HOUR_MS))
    with app.app_context(), transaction():
        quiet = db.session.scalars(select(Device).where(Device.number == 1)).one()
        quiet.last_seen_at = now() - timedelta(minutes=4)
    words = text_of(lead.get("/office/gates"))
    assert words.count("Đồng hồ nhanh 180 phút") == 2
    assert words.count("Im lặng quá 3 phút") == 1
    with app.app_context(), transaction():
        db.session.scalars(select(Device).where(Device.number == 1)).one().app = "0.1.0+alt"
    assert "Chương trình bản cũ" in text_of(lead.get("/office/gates"))


def test_two_gates_without_network_with_the_same_family_are_one_incident_closed_with_a_word(app, fair, lead):
    first, second = (Phone(app.test_client(), enrolment(app, fair, station="Cổng 1")) for _ in range(2))
    at = int(time.time() * 1000) - HOUR_MS
    at -= at % HOUR_MS  # the minutes that follow are of one festival day: those begin on the hour
    late = first.scan(fair.lists[CHUNG], fair.persons[CHUNG][:3], wall_ms=at)
    meal = {"pass": fair.lists[HOA], "persons": None, "purpose": "meal", "how": "camera"}
    second.send(
        second.scan(fair.lists[CHUNG], wall_ms=at + 60_000),
        second.scan(fair.lists[HOA], wall_ms=at + 61_000),
        second.write("scan", fair.lists[HOA], meal, wall_ms=at + 62_000),
    )
    assert "Không có lượt trùng nào chưa kết" in text_of(lead.get("/office/gates")), "a meal after an entry is none"
    first.send(late)
    first.send(late)
    page = lead.get("/office/gates").get_data(as_text=True)
    keys = set(re.findall(r'name="incident" value="([^"]+)"', page))
    assert len(keys) == 1, "one family, two devices of one name: one incident"
    (key,) = keys
    assert "Danh Minh Khang" in page and "Thị Hòa" not in page, "those whom both let in"

    def say(word, was, closed="y", browser=lead):
        fields = {"incident": key, "reason": word, "was": str(was), "closed": closed}
        return post(browser, "/office/gates/incidents", fields, page="/office/gates")

    assert say("ok", 0).status_code == 400
    assert say("hai cổng cùng quét lúc mất mạng", 0).status_code == 302
    assert "hai cổng cùng quét lúc mất mạng" in text_of(lead.get("/office/gates"))
    assert "Không có lượt trùng nào chưa kết" in text_of(lead.get("/office/gates"))
    assert say("tôi cũng xem rồi", 0).status_code == 409, "of two leads the first counts"
    assert say("hỏi lại cổng 2", 1, closed="").status_code == 302
    assert say("đã rõ", 2).status_code == 302
    third = Phone(app.test_client(), enrolment(app, fair, station="Cổng 9"))
    third.send(third.scan(fair.lists[CHUNG], fair.persons[CHUNG][:3], wall_ms=at + 120_000))
    assert say("đã rõ", 3).status_code == 409, "a third gate makes another incident"
    assert sealed(app) == []


def test_the_lead_sets_countdown_and_exits_and_the_gates_hear_of_it(app, fair, lead):
    gate = Phone(app.test_client(), enrolment(app, fair))
    assert gate.state()["state"]["settings"] == {"countdown_s": 4, "exits": False}

    def shown():
        page = lead.get("/office/gates/settings").get_data(as_text=True)
        return re.search(r'name="was" value="(\d+)"', page)[1]

    def set_to(countdown, was, **more):
        fields = {"countdown": countdown, "was": was, **more}
        return post(lead, "/office/gates/settings", fields, page="/office/gates/settings")

    assert set_to("5", shown()).status_code == 400
    before = shown()
    assert set_to("0", before, exits="y").status_code == 302
    assert gate.state()["state"]["settings"] == {"countdown_s": 0, "exits": True}
    assert set_to("8", before).status_code == 409, "somebody has changed it meanwhile"
    assert set_to("8", shown()).status_code == 302
    assert gate.state()["state"]["settings"] == {"countdown_s": 8, "exits": False}
    assert set_to("4", shown()).status_code == 302
    assert sealed(app) == []
    with app.app_context(), transaction():
        db.session.scalars(select(GateSetting)).one().exits = True
    assert sealed(app) == ["Mục đích của cổng «gates», quét khi ra: bảng khác với sổ"]


def test_the_lead_takes_back_a_reading_of_any_device_later_and_by_name(app, fair, lead):
    gates = [Phone(app.test_client(), enrolment(app, fair, station=f"Cổng {n}")) for n in (1, 2)]
    at = int(time.time() * 1000) - HOUR_MS
    first, second = gates[0].scan(fair.lists[CHUNG], wall_ms=at), gates[1].scan(fair.lists[CHUNG], wall_ms=at + 5)
    third = gates[0].scan(fair.lists[HOA], wall_ms=at)
    told_of = {each["mid"] for each in (first, second, third)}
    gates[0].send(first, third)
    gates[1].send(second)
    state = gates[1].state()["state"]
    words = text_of(lead.get("/office/gates/scans"))
    assert words.count(CHUNG) == 2 and "Danh Minh Khang" in words
    found = post(lead, "/office/gates/scans/search", {"search": "minh khang"}, page="/office/gates/scans")
    assert "khang" not in found.location.lower(), "no name in an address"
    assert "Tìm thấy 2 lượt" in text_of(lead.get(found.location))

    def undo(mid, reason):
        return post(lead, f"/office/gates/scans/{mid}/undo", {"reason": reason}, page="/office/gates/scans")

    assert undo(first["mid"], "").status_code == 400
    assert undo(first["mid"], "quét nhầm thẻ").status_code == 302
    assert sorted(inside(app, fair, CHUNG)) == [(at, "camera")] * 2 + [(at + 5, "camera")] * 4, "the next best counts"
    assert undo(first["mid"], "lần nữa").status_code == 409
    assert undo(second["mid"], "cũng nhầm").status_code == 302
    assert inside(app, fair, CHUNG) == [(at, "camera")] * 2, "only the other family is in"
    told = gates[1].state(state["cursor"])["state"]
    assert {person for person, *_ in told["annulled"]} == set(fair.persons[CHUNG]), "the gates hear of it"
    assert "Đã hoàn tác quét nhầm thẻ" in text_of(lead.get("/office/gates/scans"))
    assert undo("0" * 8, "không có").status_code == 404

    def again(mid, reason):
        return post(lead, f"/office/gates/scans/{mid}/again", {"reason": reason}, page="/office/gates/scans")

    assert again(first["mid"], "x").status_code == 400
    assert again(first["mid"], "hoàn tác nhầm").status_code == 302, "the undoing has its way back, too"
    assert sorted(inside(app, fair, CHUNG)) == [(at, "camera")] * 2 + [(at, "decided")] * 4, (
        "at the hour of the reading"
    )
    assert again(first["mid"], "lần nữa").status_code == 409
    shown = lead.get("/office/gates/scans")
    assert "đã được tính lại" in text_of(shown)
    [counts] = [
        mid for mid in re.findall(r"/scans/([0-9a-f-]{36})/undo", shown.get_data(as_text=True)) if mid not in told_of
    ]
    assert undo(counts, "đúng là nhầm").status_code == 302
    assert inside(app, fair, CHUNG) == [(at, "camera")] * 2
    assert again(counts, "cuối cùng là đúng").status_code == 302
    assert len(inside(app, fair, CHUNG)) == 6
    assert again("0" * 8, "không có").status_code == 404
    assert sealed(app) == []


def test_leads_who_decide_at_the_same_moment_decide_once(app, fair, lead):
    """Everybody has the same page before them; what was set aside is decided by one of them, and the others are told."""
    gate = Phone(app.test_client(), enrolment(app, fair))
    scan = gate.scan(fair.lists[HOA])
    revoke(app)
    gate.send(scan)
    ready = threading.Barrier(4)
    outcomes: list[str] = []
    looked: list[bool] = []

    def decide_now(choice):
        with app.app_context():
            with reading():
                looked.append(db.session.get(GateDecision, scan["mid"]) is None)
            try:
                ready.wait()
                with transaction():
                    festival = db.session.get_one(Festival, fair.festival_id)
                    deciding.decide_reading(festival, scan["mid"], choice, "cùng lúc", 0, 1)
                outcomes.append("done")
            except Overtaken:
                outcomes.append("overtaken")

    choices = [GateChoice.LET_IN, GateChoice.KEPT_OUT] * 2
    threads = [threading.Thread(target=decide_now, args=(choice,)) for choice in choices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert looked == [True] * 4, "the naive control: whoever looks first and then writes would have decided four times"
    assert sorted(outcomes) == ["done", "overtaken", "overtaken", "overtaken"]
    with app.app_context(), reading():
        decision = db.session.scalars(select(GateDecision)).one()
    assert decision.version == 1
    assert len(inside(app, fair, HOA)) == (2 if decision.choice is GateChoice.LET_IN else 0)
    assert sealed(app) == []
