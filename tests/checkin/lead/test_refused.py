"""Does the lead see every reading that was refused, why, where and when, and may it be put right?"""

from __future__ import annotations

import re
import time

import pytest
from sqlalchemy import select, update

from festival.accounts.roles import Role
from festival.checkin.models import Admission
from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.passes import code
from festival.passes.models import Pass
from tests.checkin.lead.test_lead_pages import CHUNG, DUC, HOA, HOUR_MS, decide, sealed
from tests.checkin.test_reading import another_festival
from tests.devices.kit import Phone, enrolment, open_fair
from tests.devices.test_office import post, signed_in, text_of
from tests.house.test_statements import statements

pytestmark = pytest.mark.either_database


@pytest.fixture
def fair(app):
    return open_fair(app)


@pytest.fixture
def lead(app, fair):
    return signed_in(app, "truong-cong", Role.GATE_LEAD)


def refused(phone: Phone, list_id: str | None, why: str, **more: object) -> dict:
    body = {"pass": list_id, "persons": None, "purpose": "entry", "how": "camera", "decision": "refused", "why": why}
    return phone.write("scan", str(list_id or ""), body, **more)


def admitted(app) -> int:
    with app.app_context(), reading():
        return len(db.session.scalars(select(Admission.id).where(~Admission.annulled)).all())


def test_refused_readings_are_counted_and_shown_with_why_gate_and_hour(app, fair, lead):
    assert "Chưa có lượt nào bị từ chối" in text_of(lead.get("/office/gates/refused"))
    one, two = (Phone(app.test_client(), enrolment(app, fair, station=f"Cổng {n}")) for n in (1, 2))
    with app.app_context(), transaction():
        db.session.execute(update(Pass).where(Pass.list_id == fair.lists[DUC]).values(replaced_at=now()))
    at = 1_718_330_400_000  # 14/6/2024, 9 giờ
    away = {"pass": "ef" * 16, "persons": None, "purpose": "entry", "how": "decided", "decision": "turned_away"}
    one.send(
        refused(one, None, "torn", wall_ms=at),
        refused(one, None, "torn", wall_ms=at),
        refused(one, "cd" * 16, "foreign", wall_ms=at),
        refused(one, None, "foreign", wall_ms=at),
        one.scan(fair.lists[CHUNG]),
        one.write("scan", "", {"pass": None}),
    )
    two.send(
        refused(two, fair.lists[HOA], "closed", wall_ms=at + 5 * 60_000),
        two.scan(fair.lists[DUC]),
        refused(two, fair.lists[DUC], "replaced"),
        two.write("scan", "", away),
    )
    with statements(app) as asked:
        words = text_of(lead.get("/office/gates/refused"))
    assert len(asked) <= 20
    for told in (
        "Tất cả (9)", "Mã sai hoặc rách (2)", "Thẻ của ngày hội khác, mã lạ (2)", "Thẻ cũ, đã cấp lại thẻ khác (2)",
        "Ngoài giờ của mục đích này (1)", "Tin sai định dạng (1)", "không cho vào (1)", "Cổng 1: 5; Cổng 2: 4",
    ):  # fmt: skip
        assert told in words
    assert CHUNG not in words, "whoever was let in is not here"
    alone = text_of(lead.get("/office/gates/refused?why=closed"))
    assert re.search(rf"9 giờ 05, 14/6/2024 Cổng 2, máy 2 {HOA} Vào cổng Ngoài giờ của mục đích này", alone)
    assert "Mã sai hoặc rách (2)" in alone and alone.count("máy 1") == 0
    foreign = text_of(lead.get("/office/gates/refused?why=foreign"))
    assert foreign.count("Thẻ của ngày hội khác ") == 1 and "Không phải mã của thẻ" in foreign
    assert "Tất cả (9)" in text_of(lead.get("/office/gates/refused?why=khong-co"))
    with app.app_context():
        notes = db.session.scalars(
            select(SecurityNote.subject).where(SecurityNote.kind == SecurityKind.LOOKED_UP)
        ).all()
        own = db.session.scalar(select(Festival.code))
    assert {"festival": own, "what": "refused"} in notes
    assert signed_in(app, "thu-ky", Role.SECRETARY).get("/office/gates/refused").status_code == 403


def test_whoever_was_refused_wrongly_is_let_in_and_the_decision_is_taken_back(app, fair, lead):
    gate = Phone(app.test_client(), enrolment(app, fair))
    told = refused(gate, fair.lists[HOA], "closed", wall_ms=int(time.time() * 1000) - HOUR_MS)
    torn = refused(gate, None, "torn")
    gate.send(told, torn)
    assert "Không có lượt nào chờ" in text_of(lead.get("/office/gates")), "nobody has to look at them"
    page = "/office/gates/refused"
    assert f"/aside/{torn['mid']}" not in lead.get(page).get_data(as_text=True), "nobody's pass lets nobody in"

    def say(choice: str, reason: str, was: int):
        fields = {"choice": choice, "reason": reason, "was": str(was), "list": "refused"}
        return post(lead, f"/office/gates/aside/{told['mid']}", fields, page=page)

    answer = say("let_in", "giờ mở ghi sai", 0)
    assert (answer.status_code, answer.location) == (302, page)
    assert admitted(app) == 2 and "giờ mở ghi sai" in text_of(lead.get(page))
    assert HOA in text_of(lead.get("/office/gates")), "among what was decided"
    assert say("let_in", "bấm lại", 0).status_code == 409
    assert say("open", "nhầm gia đình", 1).status_code == 302
    assert admitted(app) == 0 and "Đã rút quyết định" in text_of(lead.get(page))
    assert "Không có lượt nào chờ" in text_of(lead.get("/office/gates"))
    assert say("let_in", "đúng là họ", 2).status_code == 302
    assert admitted(app) == 2
    assert decide(lead, torn["mid"], "let_in", "mã rách nhưng quen").status_code == 409, "there is no pass"
    assert sealed(app) == []
    assert gate.send(told)["verdicts"][0]["detail"] == {"refused": "closed"}, "the phone gets the answer it got"


def test_the_server_says_where_a_pass_was_issued(app, fair):
    gate = Phone(app.test_client(), enrolment(app, fair))
    foreign = code.list_id(code.decode(another_festival(app)))

    def home(list_id: object) -> tuple[int, dict]:
        headers = {"Authorization": f"Bearer {gate.token}"}
        answer = gate.client.post("/api/v1/checkin/home", json={"pass": list_id}, headers=headers)
        return answer.status_code, answer.get_json()

    assert home(fair.lists[CHUNG]) == (200, {"here": True, "festival": ""})
    assert home(foreign) == (200, {"here": False, "festival": "Ngày hội thử 2023"})
    assert home("ab" * 16) == (200, {"here": False, "festival": ""})
    assert home("không phải")[0] == 400
    assert gate.client.post("/api/v1/checkin/home", json={"pass": "ab" * 16}).status_code == 401
