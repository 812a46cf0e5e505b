"""The pages of the panel through HTTP: who sees numbers, what is locked by whom, what the MC and the public read."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.consent.models import Consent, ConsentPurpose, ConsentText
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState, RefusedSheet, ScoreSheet
from festival.papers.models import SignedPaper
from festival.results.ladder.lock import Locked
from festival.results.ladder.lock import lock as lock_contest
from festival.results.models import PanelDecision
from festival.results.published import published_results
from festival.roster.models import Entry, EntryPerson, Family, Person
from tests.harness.paper_words import words_of_pdf
from tests.judging.panel_cast import PASSWORD, Panel, cast, full_panel, marks, send
from tests.results.stored import stored_standings
from tests.results.test_commands import RULESET

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

TAI_NANG = "/panel/tai-nang"


class Desk:
    """A browser of somebody who is signed in."""

    def __init__(self, app: Flask, user_id: int | None) -> None:
        self.client: FlaskClient = app.test_client()
        if user_id is not None:
            with app.app_context(), transaction():
                token = open_sign_in(user_id, 8).token
            self.client.set_cookie(SESSION_COOKIE, token)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return words_of_pdf(answer.data) if answer.mimetype == "application/pdf" else answer.get_data(as_text=True)

    def post(self, path: str, status: int = 303, **form: str) -> str:
        page = self.client.get("/sign-in").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        answer = self.client.post(path, data={"csrf_token": token[1], **form})
        assert answer.status_code == status, (path, answer.status_code, answer.get_data(as_text=True)[:2000])
        return answer.get_data(as_text=True)


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast()
        full_panel(made)
        return made


def people(app: Flask, panel: Panel, *names: str) -> list[Desk]:
    return [Desk(app, panel.users[name]) for name in names]


def lock_form(**changes: str) -> dict[str, str]:
    return {
        "chair": "chair",
        "chair_password": PASSWORD,
        "secretary": "thuky",
        "secretary_password": PASSWORD,
    } | changes


MINE = {"password": PASSWORD}
# in these small festivals no delegation has proofed its names
TWO = MINE | {
    "second": "phobtc",
    "second_password": PASSWORD,
    "names_reason": "chưa có bản dò tên",
    "papers_reason": "máy chụp hỏng, bản ký giữ ở bàn thư ký",
}


def test_only_the_panel_and_the_organiser_find_the_contest(app: Flask, panel: Panel) -> None:
    for name, status in (
        ("secretary", 200),
        ("chair", 200),
        ("organiser", 200),
        ("lan", 404),
        ("other", 404),
        ("officer", 404),
        ("mc", 404),
    ):
        (desk,) = people(app, panel, name)
        desk.get(TAI_NANG, status)
        desk.get(TAI_NANG + "/matrix", status)
        desk.get(TAI_NANG + "/minutes", 404 if name != "organiser" else 403)
        desk.get(TAI_NANG + "/mc", 404)
        desk.get("/panel/khong-co", 404)
    Desk(app, None).get(TAI_NANG, 302)


def test_before_the_lock_only_the_secretary_sees_numbers(app: Flask, panel: Panel) -> None:
    secretary, chair, organiser = people(app, panel, "secretary", "chair", "organiser")
    numbers = (">89,75<", ">84,75<", ">79,75<", ">90<", ">84,5<")
    seen = secretary.get(TAI_NANG)
    assert all(number in seen for number in numbers)
    for desk in (chair, organiser):
        text = re.sub(r"<script.*?</script>", "", desk.get(TAI_NANG) + desk.get(TAI_NANG + "/matrix"), flags=re.S)
        assert not any(number in text for number in numbers)
        assert "đã chấm" in text


def test_the_lock_asks_for_both_passwords(app: Flask, panel: Panel) -> None:
    secretary, outsider = people(app, panel, "secretary", "officer")
    for changed, said in (
        ({"chair_password": "sai"}, "của trưởng ban giám khảo chưa đúng"),
        ({"secretary_password": ""}, "của thư ký chưa đúng"),
        ({"chair": "khong-co"}, "của trưởng ban giám khảo chưa đúng"),
        ({"chair": "lan"}, "không phải trưởng ban giám khảo"),
    ):
        assert said in secretary.post(TAI_NANG + "/lock", 422, **lock_form(**changed))
    outsider.post(TAI_NANG + "/lock", 404, **lock_form())
    secretary.post(TAI_NANG + "/lock", **lock_form())
    assert "Khóa điểm" in secretary.get("/panel")
    secretary.post(TAI_NANG + "/lock", 409, **lock_form())


def test_from_the_lock_to_the_public(app: Flask, panel: Panel) -> None:
    secretary, chair, organiser, mc = people(app, panel, "secretary", "chair", "organiser", "mc")
    secretary.post(TAI_NANG + "/lock", **lock_form())
    assert "89,75" in chair.get(TAI_NANG)
    minutes = secretary.get(TAI_NANG + "/minutes")
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Nơi nhận", "89,75", "Danh Thị Lan", "đầu sổ"):
        assert words in minutes
    organiser.post(TAI_NANG + "/decide", 409, number="1")
    chair.post(TAI_NANG + "/special", prize="Trang phục ấn tượng", entry="E002")
    chair.post(TAI_NANG + "/special", prize="Trang phục ấn tượng", entry="-")
    assert "chưa trao cho ai" in chair.get(TAI_NANG)
    chair.post(TAI_NANG + "/special", prize="Trang phục ấn tượng", entry="E001")
    chair.post(TAI_NANG + "/minutes")
    chair.post(TAI_NANG + "/sign", number="07/BB-BGK")
    chair.post(TAI_NANG + "/decide", 403, number="105/QĐ-BTC")
    organiser.post(TAI_NANG + "/decide", number="105/QĐ-BTC")
    mc.get(TAI_NANG + "/mc", 404)
    organiser.post(TAI_NANG + "/release", **TWO)
    quiet = mc.get(TAI_NANG + "/mc")
    assert "Không đăng hình ảnh" not in quiet and "Hỗ trợ" not in quiet
    with app.app_context(), transaction():
        family = db.session.scalars(select(Family).where(Family.code == "gia-dinh-1")).one()
        of_family = {"festival_id": panel.festival_id, "family_id": family.id, "name": "Danh Lê", "folded": "danh le"}
        person = Person(code="khong-chup", needs="xe lăn, nghe kém", **of_family)
        db.session.add(person)
        db.session.flush()
        entry_id = db.session.scalars(select(Entry.id).where(Entry.code == "E001")).one()
        db.session.add(EntryPerson(entry_id=entry_id, person_id=person.id))
    unasked = mc.get(TAI_NANG + "/mc")
    assert "Không đăng hình ảnh: 1 người" in unasked and "Hỗ trợ" not in unasked, (
        "written, and nobody agreed that it is shown"
    )
    with app.app_context(), transaction():
        person_id = db.session.scalars(select(Person.id).where(Person.code == "khong-chup")).one()
        words = ConsentText(purpose=ConsentPurpose.SUPPORT, version=99, body="Hiện cho người đón.")
        given = {"purpose": ConsentPurpose.SUPPORT, "given_by": "Danh Lê", "given_as": "self", "method": "form"}
        db.session.add(Consent(person_id=person_id, words=words, given_at=now(), **given))
    read = mc.get(TAI_NANG + "/mc")
    assert "Không đăng hình ảnh: 1 người" in read and "Hỗ trợ: xe lăn, nghe kém" in read
    assert read.index("Giải Nhì") < read.index("Giải Nhất") < read.index("Trang phục ấn tượng")
    assert "89,75" not in read
    assert "Gia đình tài năng" in mc.get("/panel")
    organiser.post(TAI_NANG + "/publish", **MINE)
    with app.app_context():
        (sealed, _) = published_results(panel.festival_id)
        assert [each.prize for each in sealed.prizes] == ["Nhất", "Nhì", "Trang phục ấn tượng"]


def test_the_mc_reads_the_delegations_prizes_when_they_are_signed_and_the_last_contest_is_released(
    app: Flask, panel: Panel
) -> None:
    secretary, organiser, mc = people(app, panel, "secretary", "organiser", "mc")
    with app.app_context(), transaction():
        for entry, balls in zip(panel.sport_entries, (5, 9, 7), strict=True):
            note_measure(panel.sport_id, entry, 1, MeasureState.VALID, balls, 0, None)
        db.session.get_one(Festival, panel.festival_id).ruleset = json.loads(RULESET.read_text(encoding="utf-8"))
    secretary.post(TAI_NANG + "/lock", **lock_form())
    secretary.post("/panel/bong-ro/lock", **lock_form(chair="btc"))
    for code in ("tai-nang", "bong-ro"):
        assert "toàn đoàn" not in mc.get("/panel")
        secretary.post(f"/panel/{code}/minutes")
        secretary.post(f"/panel/{code}/sign", number="1")
        organiser.post(f"/panel/{code}/decide", number="2")
        organiser.post(f"/panel/{code}/release", **TWO)
    assert "toàn đoàn" not in mc.get("/panel")
    assert "gõ mật khẩu của mình" in organiser.get("/whole-delegation")
    for lacking in ({}, MINE, TWO | {"second": "btc"}, TWO | {"second": "thuky"}):
        assert 'value="9"' in organiser.post("/whole-delegation/sign", 422, number="9", **lacking)
    assert "toàn đoàn" not in mc.get("/panel")
    organiser.post("/whole-delegation/minutes")
    organiser.post("/whole-delegation/sign", number="9", **TWO)
    read = mc.get("/panel")
    read = read[read.index("Giải toàn đoàn") : read.index("</main>")]
    assert (
        read.index("Giải Nhì") < read.index("Đoàn huyện Số 0") < read.index("Giải Nhất") < read.index("Đoàn huyện Số 1")
    )
    assert "Mở giải toàn đoàn" not in read and "29" not in read


def test_the_secretary_types_a_paper_slip_with_a_reason(app: Flask, panel: Panel) -> None:
    secretary, chair = people(app, panel, "secretary", "chair")
    query = "/slip?judge=B&entry=E000"
    assert "thang" not in secretary.get(TAI_NANG + query)
    chair.get(TAI_NANG + query, 403)
    form = {"judge": "B", "entry": "E000", "version": "1", "state": "marked", "reason": "máy hết pin"}
    wrong = secretary.post(
        TAI_NANG + "/slip", 422, **form | {"mark-noi-dung": "9,3", "mark-dien-xuat": "", "total": "9,3", "reason": " "}
    )
    for said in ("bước 0,25", "Để trống không phải là điểm 0", "Ghi rõ vì sao", 'value="9,3"'):
        assert said in wrong
    secretary.post(TAI_NANG + "/slip", **form | {"mark-noi-dung": "9,25", "mark-dien-xuat": "9.25", "total": "18,5"})
    with app.app_context():
        sheet = db.session.query(ScoreSheet).filter_by(judge_id=panel.judges["lan"], entry_id=panel.entry_ids[0]).one()
        assert (sheet.total_milli, sheet.version, sheet.on_paper, sheet.note) == (18_500, 2, True, "máy hết pin")
        assert sheet.typed_by == panel.users["secretary"]


def test_counts_are_typed_and_wrong_ones_stay_in_the_field(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    page = "/panel/bong-ro/measures"
    form = {"entry": "S000", "round": "1", "version": "0", "state": "valid"}
    assert "từ 0 đến 9999" in secretary.post(page, 422, **form, value="-3")
    assert "Nhiều nhất là 30" in secretary.post(page, 422, **form, value="31")
    assert "Chưa gõ kết quả" in secretary.post(page, 422, **form, value="")
    secretary.post(page, **form, value="12")
    # somebody was quicker: both numbers are there, and saving again takes the one that was typed
    overtaken = secretary.post(page, 409, **form, value="13")
    assert 'value="13"' in overtaken and "Người khác vừa sửa, đang ghi: 12." in overtaken
    assert re.search(r'value="S000".{0,200}name="version" value="1"', overtaken, re.S)
    asked = secretary.post(page, 200, **form | {"version": "1", "state": "dnf"})
    assert "Gia đình ông Danh Chung 0, Đoàn huyện Số 0: không hoàn thành" in asked and "Chưa ghi gì" in asked
    assert "12" in secretary.get(page)
    secretary.post(page, **form | {"version": "1", "state": "dnf", "step": "back"})
    secretary.post(page, **form | {"version": "1", "state": "dnf", "step": "confirm"})
    secretary.post(page, **form | {"version": "2"}, value="")
    secretary.post(page, **form, value="7")
    shown = secretary.get(page)
    assert 'value="7"' in shown and "Đã ghi kết quả của Gia đình ông Danh Chung 0: 7." in shown
    secretary.post(TAI_NANG + "/overtime", entry="E001", seconds="2:05")
    assert "Gia đình ông Danh Chung 1 quá giờ 2:05, trừ 4 điểm." in secretary.get(TAI_NANG)
    assert "2:05" in secretary.get(TAI_NANG + "/measures")
    assert "phút:giây" in secretary.post(TAI_NANG + "/overtime", 422, entry="E001", seconds="abc")
    late = secretary.post(TAI_NANG + "/overtime", 409, entry="E001", seconds="1:10", was="0")
    assert 'value="1:10"' in late and "Người khác vừa sửa, đang ghi: 2:05." in late and 'name="was" value="125"' in late
    secretary.post(TAI_NANG + "/overtime", entry="E001", seconds="1:10", was="125")
    secretary.get("/panel/bong-ro")


@pytest.fixture
def equal(app: Flask) -> Panel:
    """Three entries with the same points, locked."""
    with app.app_context():
        made = cast()
        send(
            *(made.message(who, at, marks(40_000, 40_000)) for who in ("chair", "hung") for at in range(3)),
            *(made.message("lan", at, marks(40_000, 40_000)) for at in range(2)),
        )
        with transaction():
            assert isinstance(lock_contest(made.contest_id, made.users["chair"], made.users["secretary"]), Locked)
        return made


ORDER = {"place-E000": "2", "place-E001": "2", "place-E002": "1"}
DECIDED = ORDER | {"reason": "tròn vai hơn", "names": "Nguyễn Thị Chủ\nTrần Văn Hùng"}


def stored_decisions(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        return list(db.session.scalars(select(PanelDecision.content).order_by(PanelDecision.id)))


def read_places(page: str) -> list[str]:
    """Places, names and prizes as they are read back."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def test_a_tie_is_read_back_before_anything_is_stored(app: Flask, equal: Panel) -> None:
    chair, secretary = people(app, equal, "chair", "secretary")
    page = chair.get(TAI_NANG)
    assert "Đồng hạng 1" in page and "Xét giải cho hạng 1" in page and "Ký biên bản" not in page
    read = chair.post(TAI_NANG + "/tie", 200, **DECIDED)
    assert read_places(read) == [
        "1 3 Gia đình ông Danh Chung 2 Đoàn huyện Số 2 Nhất",
        "2= 1 Gia đình ông Danh Chung 0 Đoàn huyện Số 0 Nhì",
        "2= 2 Gia đình ông Danh Chung 1 Đoàn huyện Số 1 Nhì",
    ]
    again = chair.post(TAI_NANG + "/tie", 200, **DECIDED, step="back")
    assert 'value="2"' in again and "tròn vai hơn</textarea>" in again
    assert stored_decisions(app) == [] and "Nhất" not in secretary.get(TAI_NANG + "/minutes")
    seen = re.search(r'name="seen" value="(\d+)"', read)
    assert seen is not None and seen[1] == "0"
    for _ in range(2):  # a double click is one decision
        chair.post(TAI_NANG + "/tie", **DECIDED, step="confirm", seen="0")
    assert stored_decisions(app) == [{"order": [["E002"], ["E000", "E001"]]}]
    # the secretary read something else back meanwhile
    secretary.post(TAI_NANG + "/tie", 409, **DECIDED | {"place-E000": "3"}, step="confirm", seen="0")
    assert len(stored_decisions(app)) == 1
    page = chair.get(TAI_NANG)
    assert "Xét giải cho hạng" not in page and "Ký biên bản" in page
    assert "Thứ tự: Gia đình ông Danh Chung 2; Gia đình ông Danh Chung 0 = Gia đình ông Danh Chung 1" in page
    assert "tròn vai hơn" in chair.get(TAI_NANG + "/minutes")


def test_nonsense_typed_for_a_tie_comes_back_with_what_was_typed(app: Flask, equal: Panel) -> None:
    (chair,) = people(app, equal, "chair")
    for step in ("read", "confirm"):
        for nonsense in ("", "0", "x", "1000", "²", "1" * 20):
            page = chair.post(TAI_NANG + "/tie", 422, **DECIDED | {"place-E002": nonsense}, step=step, seen="0")
            assert "tròn vai hơn</textarea>" in page and f'value="{nonsense}"' in page
        assert "Ghi rõ lý do." in chair.post(TAI_NANG + "/tie", 422, **DECIDED | {"reason": " "}, step=step)
        assert "Ghi họ tên" in chair.post(TAI_NANG + "/tie", 422, **DECIDED | {"names": " ,"}, step=step)
    chair.post(TAI_NANG + "/tie", 422, **{"place-E000": "1", "place-E001": "2", "reason": "x", "names": "A"})
    assert stored_decisions(app) == []


def test_a_wrong_decision_is_decided_anew_and_both_are_on_the_minutes(app: Flask, equal: Panel) -> None:
    (chair,) = people(app, equal, "chair")
    chair.post(TAI_NANG + "/tie", **DECIDED, step="confirm", seen="0")
    page = chair.get(TAI_NANG)
    assert "Quyết định lại: Đồng hạng 1" in page
    with app.app_context():
        last = db.session.scalars(select(PanelDecision.id)).one()
    chair.post(TAI_NANG + "/tie", **DECIDED | {"place-E000": "3"}, step="confirm", seen=str(last))
    minutes = chair.get(TAI_NANG + "/minutes")
    assert minutes.count("Đã thay bằng quyết định sau") == 1
    with app.app_context():
        rows = {row.entry_id: row.place for row in stored_standings(equal.contest_id)}
        assert [rows[each] for each in equal.entry_ids] == [3, 2, 1]


def test_prizes_at_a_border_are_read_back_and_can_be_decided_anew(app: Flask, equal: Panel) -> None:
    (chair,) = people(app, equal, "chair")
    given = {"prize-E000": "Nhất", "prize-E001": "Nhất", "prize-E002": "", "reason": "ngang tài", "names": "A"}
    read = read_places(chair.post(TAI_NANG + "/prize", 200, **given))
    assert [each.rsplit(" ", 2)[-1] for each in read] == ["Nhất", "Nhất", "giải"]
    assert stored_decisions(app) == []
    chair.post(TAI_NANG + "/prize", **given, step="confirm", seen="0")
    assert "Quyết định lại: Xét giải cho hạng 1" in chair.get(TAI_NANG)
    assert stored_decisions(app) == [{"prizes": {"E000": "Nhất", "E001": "Nhất", "E002": None}}]


def test_refused_sheets_are_shown_to_the_secretary(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    secretary.post(TAI_NANG + "/lock", **lock_form())
    with app.app_context():
        send(panel.message("hung", 0, marks(1_000, 1_000), base=1))
        assert db.session.query(RefusedSheet).count() == 1
    assert "Phiếu không được tính (1)" in secretary.get(TAI_NANG)


def test_the_tablets_shell_holds_no_row_of_the_database(app: Flask, panel: Panel) -> None:
    page = Desk(app, None).get("/judge")
    assert not any(word in page for word in ("E000", "tai-nang", "Danh", "89,75"))


def test_minutes_are_drawn_when_nothing_was_marked_before_the_lock(app: Flask, panel: Panel) -> None:
    """The head of a ledger without a line is a row of zeros, and its code is on the paper all the same."""
    with app.app_context(), transaction():
        assert isinstance(lock_contest(panel.contest_id, None, None, "hội thi hoãn"), Locked)
    (secretary,) = people(app, panel, "secretary")
    secretary.post(TAI_NANG + "/minutes")
    with app.app_context():
        paper = db.session.scalars(select(SignedPaper)).one()
    assert re.search(r"đầu sổ [0-9a-f]{16}\.", secretary.get(f"/papers/{paper.id}"))
