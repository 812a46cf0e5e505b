"""A petition has a number, a receipt and an answer with a reason; an accepted one becomes an amendment that everybody sees.

The head lodges it behind the own link with four digits, or on paper; open ones are seen at each step of the ladder, never
their text; what a kín contest's answer says waits for its publication.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.editions.models import Festival
from festival.papers.models import SignedPaper
from festival.results.ladder.lock import WrongPeople
from festival.results.models import StateChange
from festival.results.petition_desk import answering, lodging
from festival.results.petition_desk.lodging import Lodged
from festival.results.petition_desk.subjects import PetitionSubject, typed_subject
from festival.results.petitions.kinds import (
    GroundCode,
    PetitionAbout,
    PetitionDeed,
    PetitionDesk,
    PetitionRoad,
    PetitionState,
    PetitionTitle,
)
from festival.results.petitions.models import AmendmentGround, HeadGuard, Petition, PetitionStep
from festival.results.petitions.reading import unsettled_numbers
from festival.roster.links.of_delegations import delegation_link, first_link
from festival.roster.models import Delegation
from tests.harness.paper_words import words_of_pdf
from tests.judging.panel_cast import Panel
from tests.results.test_amended_standings import EVERY, RIGHT, SIGNED_ON
from tests.results.test_pages_of_the_panel import TAI_NANG, TWO, Desk, lock_form, people
from tests.results.whole_cast import bring, lock_all, whole_cast

pytestmark = pytest.mark.either_database

HEAD = "/head/petitions"
STREAMS = ("decisions:thu", "results:tai-nang", "results:bong-ro", "results:thu/delegations")
TURN = count(1)
OURS = ("petition", "petition_step", "amendment_ground")
WHY = "Loa rè giữa bài hát của gia đình ông Chung, xin được nghe lại."
LODGE = {"about": "entry:E000", "title": "petition", "words": WHY, "lodged_by": "Danh Văn Trưởng", "tail": "5678"}
READ = {"what": "accepted", "words": "Băng ghi hình cho thấy loa rè.", "seen": "0"}


def lodged(panel: Panel, about: str = "contest:tai-nang", **more: object) -> int:
    """By the head of the first delegation."""
    with transaction():
        own = db.session.scalars(select(Delegation).order_by(Delegation.id)).first()
        assert own is not None
        words = f"{WHY} Lần {next(TURN)}."
        said = Lodged(typed_subject(own, about), PetitionTitle.PETITION, words, "Danh Văn Trưởng")
        return lodging.lodge(own, said, **more).id  # type: ignore[arg-type]


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        panel = whole_cast((9, 7, 5))
        with transaction():
            for own in db.session.scalars(select(Delegation)):
                own.head_name, own.head_phone = "Danh Văn Trưởng", "0912345678"
                first_link(own)
        return panel


def head(app: Flask, at: int = 0) -> Desk:
    """A phone that holds the link of a delegation."""
    desk = Desk(app, None)
    with app.app_context(), reading():
        own = db.session.scalars(select(Delegation).order_by(Delegation.id)).all()[at]
        link = delegation_link(own)
    assert desk.client.get(f"/d/{link}").status_code == 302
    return desk


def one(app: Flask, number: int = 1) -> Petition:
    with app.app_context(), reading():
        return db.session.scalars(select(Petition).where(Petition.number == number)).one()


def differing(app: Flask) -> set[str]:
    with app.app_context(), checks.snapshot():
        return {f"{each.table} {each.column}" for _room, each in checks.inspect(STREAMS).named() if each.table in OURS}


def waiting(panel: Panel) -> list[int]:
    with reading():
        return unsettled_numbers([panel.contest_id]).get(panel.contest_id, [])


def answer(desk: Desk, number: int, **form: str) -> str:
    """Read back, then stored by both."""
    asked = READ | form
    page = desk.post(f"/petitions/{number}/answer", 200, step="read", **asked)
    assert "Chưa có gì được ghi" in page
    return desk.post(f"/petitions/{number}/answer", step="store", **asked, **lock_form())


def test_the_head_lodges_with_four_digits_and_reads_the_answer_after_the_publication(app: Flask, panel: Panel) -> None:
    phone, other, secretary = head(app), head(app, 1), *people(app, panel, "secretary")
    assert f'href="{HEAD}"' in phone.get("/head")
    assert "entry:E000" in phone.get(HEAD)
    assert "entry:E000" not in other.get(HEAD), "another delegation's entry"
    for wrong, said in (
        ({"tail": "1234"}, "4 số cuối chưa đúng"),
        ({"tail": "56"}, "Hãy nhập đúng 4 chữ số cuối"),
        ({"words": " "}, "Chưa viết nội dung"),
        ({"about": "entry:E001"}, "Chọn kiến nghị về việc gì"),
        ({"words": "x" * 4001}, "Dài quá 4000 ký tự"),
    ):
        page = phone.post(HEAD, 400, **{**LODGE, **wrong})
        assert said in page, wrong
        assert WHY in page or "words" in wrong, "what was typed stays"
    assert f'value="{LODGE["tail"]}"' not in phone.post(HEAD, 400, **{**LODGE, "words": " "})
    phone.post(HEAD, **LODGE)
    phone.post(HEAD, **LODGE)
    phone.get(f"{HEAD}/2", 404)  # a form sent twice is one petition
    page = phone.get(f"{HEAD}/1")
    assert WHY in page and "chờ trả lời" in page
    assert phone.client.get(f"{HEAD}/1/receipt.pdf").data[:4] == b"%PDF"
    other.get(f"{HEAD}/1", 404)
    row = one(app)
    assert (row.road, row.desk, row.about, row.late) == (
        PetitionRoad.LINK,
        PetitionDesk.PANEL,
        PetitionAbout.ENTRY,
        False,
    )

    told = {"words": "Tiết mục được 89,75 điểm, hạng Nhất.", "told": "y"}
    assert "có thể lộ kết quả" in secretary.post("/petitions/1/answer", 400, step="read", **{**READ, **told})
    answer(secretary, 1, words=told["words"])
    hidden = phone.get(f"{HEAD}/1") + phone.get(HEAD)
    assert "89,75" not in hidden and "chấp nhận" not in hidden and "đoàn đọc được khi công bố" in hidden
    phone.get(f"{HEAD}/1/letter.pdf", 404)
    assert "89,75" in secretary.get("/petitions/1")
    # a further answer that tells nothing is read at once, the earlier one still is not
    answer(secretary, 1, words="Băng ghi hình cho thấy loa rè, tiết mục được diễn lại.", told="y", seen="1")
    page = phone.get(f"{HEAD}/1")
    assert "diễn lại" in page and "89,75" not in page
    assert phone.client.get(f"{HEAD}/1/letter.pdf").data[:4] == b"%PDF"
    with app.app_context(), transaction():
        db.session.execute(update(Contest).values(state=ContestState.PUBLISHED))
    page = phone.get(f"{HEAD}/1")
    assert "89,75" in page and "đã được thay bằng trả lời sau" in page


def test_digits_guessed_ten_times_close_the_link_until_it_is_replaced(app: Flask, panel: Panel) -> None:
    phone = head(app)
    for _try in range(10):
        phone.post(HEAD, 400, **{**LODGE, "tail": "0000"})
    assert "chỉ còn xem được" in phone.post(HEAD, 409, **LODGE)
    with app.app_context(), transaction():
        guard = db.session.scalars(select(HeadGuard)).one()
        assert guard.misses == 10
        own = db.session.get_one(Delegation, guard.delegation_id)
        own.link_issue += 1
        first_link(own)
    head(app).post(HEAD, **LODGE)
    with app.app_context(), transaction():
        db.session.execute(update(Delegation).values(head_phone=""))
    assert "Chưa có số điện thoại" in head(app, 1).post(HEAD, 409, **{**LODGE, "about": "whole"})


def test_on_paper_it_is_typed_with_photo_and_hour_moved_and_withdrawn(app: Flask, panel: Panel) -> None:
    secretary, organiser, chair, mc = people(app, panel, "secretary", "organiser", "chair", "mc")
    with app.app_context(), reading():
        code = db.session.scalars(select(Delegation.code).order_by(Delegation.id)).first() or ""
    typed = {
        "delegation": code,
        "about": "contest:bong-ro",
        "title": "petition",
        "words": WHY,
        "lodged_by": "Danh Trưởng",
    }
    for wrong, said in (
        ({"entry": "99"}, "không có tiết mục mang số 99"),
        ({"received": "chiều"}, "Giờ nhận chưa đọc được"),
        ({"received": "10:00 1/1/2999"}, "Giờ nhận chưa đến"),
        ({"lodged_by": ""}, "Ghi họ tên trưởng đoàn"),
        ({"delegation": "x"}, "Chọn đoàn"),
    ):
        page = secretary.post("/petitions/new", 400, **{**typed, **wrong})
        assert said in page and WHY in page, wrong
    mc.get("/petitions", 404)
    mc.post("/petitions/new", 404, **typed)
    picture = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(picture, "PNG")
    token = re.search(r'name="csrf_token" value="([^"]+)"', secretary.get("/petitions/new"))
    assert token is not None
    sent = {**typed, "csrf_token": token[1], "received": "08:05 1/6/2024", "photo": (io.BytesIO(b"not one"), "a.png")}
    assert secretary.client.post("/petitions/new", data=sent).status_code == 400
    sent |= {"photo": (io.BytesIO(picture.getvalue()), "a.png")}
    assert secretary.client.post("/petitions/new", data=sent).status_code == 303
    assert secretary.client.get("/petitions/1/photo").data[:2] == b"\xff\xd8"
    row = one(app)
    assert (row.lodged_at.isoformat(), row.road) == ("2024-06-01T01:05:00+00:00", PetitionRoad.PAPER)
    mc.get("/petitions/1", 404)
    assert "đang ở đúng chỗ" in secretary.post(
        "/petitions/1/move", 400, about="contest:bong-ro", reason="nhầm", seen="0"
    )
    secretary.post("/petitions/1/move", about="contest:tai-nang", reason="ghi nhầm phần thi", seen="0")
    secretary.post("/petitions/1/move", 409, about="whole", reason="x", seen="0")
    page = chair.get("/petitions/1")
    assert "ghi nhầm phần thi" in page and "bong-ro" in page
    organiser.post("/petitions/1/withdraw", words="Đoàn xin rút bằng giấy", seen="1")
    assert "đoàn đã rút" in organiser.get("/petitions") and "Đoàn xin rút bằng giấy" in head(app).get(f"{HEAD}/1")
    secretary.post("/petitions/1/answer", 409, step="read", **READ)
    assert differing(app) == set()


def test_who_answers_what(app: Flask, panel: Panel) -> None:
    chair, secretary = panel.users["chair"], panel.users["secretary"]
    with app.app_context():
        first, whole = lodged(panel), lodged(panel, "whole")
        with transaction():
            one = answering.answer(first, PetitionDeed.REFUSED, "Không có căn cứ", chair, chair)
            assert isinstance(one, WrongPeople) and "khác nhau" in one.said
            one = answering.answer(first, PetitionDeed.REFUSED, "Không có căn cứ", secretary, chair)
            assert isinstance(one, WrongPeople)
            one = answering.answer(whole, PetitionDeed.REFUSED, "Không có căn cứ", secretary)
            assert isinstance(one, WrongPeople) and "Ban Tổ chức" in one.said
        with transaction():
            handed = answering.answer(first, PetitionDeed.HANDED_ON, "Việc của Ban Tổ chức", chair, secretary, seen=0)
            assert not isinstance(handed, WrongPeople) and handed.state is PetitionState.OPEN
        with pytest.raises(Overtaken), transaction():
            answering.answer(first, PetitionDeed.REFUSED, "lần nữa", panel.users["organiser"], seen=0)
        assert waiting(panel) == [1]
        with transaction():
            done = answering.answer(first, PetitionDeed.PARTLY, "Đúng một phần", panel.users["organiser"], seen=1)
            assert not isinstance(done, WrongPeople) and done.state is PetitionState.PARTLY
        assert waiting(panel) == [1], "accepted, not done"
        with pytest.raises(BadInput), transaction():
            answering.carry_out(first, " ", None)
        with transaction():
            answering.carry_out(first, "Cho diễn lại", panel.users["organiser"])
        assert waiting(panel) == []
        with pytest.raises(Conflict), transaction():
            answering.carry_out(first, "lần nữa", None)
        with reading():
            deeds = db.session.scalars(select(PetitionStep.deed).order_by(PetitionStep.id)).all()
        assert deeds == [PetitionDeed.HANDED_ON, PetitionDeed.PARTLY, PetitionDeed.CARRIED]
    assert differing(app) == set()


def test_the_hour_of_the_rules_closes_the_jurys_review_and_nothing_else(app: Flask, panel: Panel) -> None:
    with app.app_context():
        with transaction():
            row = db.session.get_one(Festival, panel.festival_id)
            stated = row.ruleset or {}
            hour = {"petitions_after": "locked", "petitions_minutes": 60}
            row.ruleset = {**stated, "festival": {**stated["festival"], **hour}}
        lock_all(panel)
        lodged(panel)
        with transaction():
            long_ago = now() - timedelta(minutes=61)
            db.session.execute(update(StateChange).values(at=long_ago))
        lodged(panel)
        lodged(panel, "organisation")
        with transaction():
            own = db.session.scalars(select(Delegation)).first()
            assert own is not None
            paper = Lodged(PetitionSubject(PetitionAbout.WHOLE), PetitionTitle.COMPLAINT, WHY, "Danh Trưởng")
            lodging.lodge(own, paper, panel.users["secretary"])
    found = [(one(app, n).late, one(app, n).desk.value) for n in range(1, 5)]
    assert found == [(False, "panel"), (True, "office"), (False, "office"), (False, "office")]
    page = head(app).get(f"{HEAD}/2")
    assert "quá hạn xem xét của ban giám khảo" in page and "không mất" in page
    assert "60 phút sau khi khóa điểm" in head(app).get(HEAD)
    (secretary,) = people(app, panel, "secretary")
    assert "pháp luật về khiếu nại" in secretary.get("/petitions/4")


def test_an_open_one_is_seen_at_each_step_and_by_the_mc_never_its_text(app: Flask, panel: Panel) -> None:
    secretary, organiser, mc = people(app, panel, "secretary", "organiser", "mc")
    with app.app_context():
        lodged(panel)
    assert "kiến nghị mang số này chưa giải quyết xong" in secretary.get(TAI_NANG)
    secretary.post(TAI_NANG + "/lock", 422, **lock_form())
    secretary.post(TAI_NANG + "/lock", **lock_form(override="đã xem kiến nghị số 1"))
    with app.app_context(), transaction():
        # the tie of the cast is nobody's matter here: the minutes are printed as they are
        db.session.execute(update(Contest).values(tie_ladder=[]))
    secretary.post(TAI_NANG + "/minutes", number="")
    page = secretary.post(TAI_NANG + "/sign", 400, number="1")
    assert "Còn kiến nghị chưa giải quyết xong, số 1" in page
    secretary.post(TAI_NANG + "/sign", number="1", petitions_reason="trả lời sau lễ")
    organiser.post(TAI_NANG + "/decide", number="2")
    assert "số 1" in organiser.post(TAI_NANG + "/release", 400, **TWO)
    organiser.post(TAI_NANG + "/release", **TWO, petitions_reason="trả lời sau lễ")
    with app.app_context(), reading():
        notes = {each.state: each.note for each in db.session.scalars(select(StateChange))}
    assert notes[ContestState.LOCKED] == "đã xem kiến nghị số 1"
    assert {notes[ContestState.SIGNED], notes[ContestState.RELEASED]} == {"trả lời sau lễ"}
    read = mc.get(TAI_NANG + "/mc")
    assert "Còn 1 kiến nghị chưa giải quyết xong" in read and "Số 1." in read
    assert WHY not in read and WHY not in secretary.get(TAI_NANG)
    assert "kiến nghị" in organiser.get("/office")


def test_an_accepted_one_becomes_an_amendment_that_everybody_sees(app: Flask, panel: Panel) -> None:
    secretary, mc, guest, phone = *people(app, panel, "secretary", "mc"), Desk(app, None), head(app)
    amend = TAI_NANG + "/amend-standings"
    with app.app_context():
        lock_all(panel)
        bring(panel, *EVERY)
        lodged(panel)
        lodged(panel, "contest:bong-ro")
    refused = secretary.post(
        amend, 422, step="store", seen="1", **RIGHT, **SIGNED_ON, **lock_form(), ground="petition-1"
    )
    assert "Kiến nghị số 1 chưa được chấp nhận" in refused
    answer(secretary, 1)
    page = secretary.get("/petitions/1")
    assert "được chấp nhận, chưa làm xong" in page and f'href="{amend}"' in page
    secretary.post("/petitions/1/done", 409, words="sửa tay", seen="1")
    read = secretary.post(amend, 200, step="read", **RIGHT)
    assert re.search(r'<option value="petition-1">Kiến nghị số 1</option>\s*<option value="other">', read)
    secretary.post(amend, step="store", seen="1", **RIGHT, **SIGNED_ON, **lock_form(), ground="petition-1")
    assert one(app).carried
    said = "kiến nghị số 1"
    assert all(
        said in desk.get(path).casefold()
        for desk, path in ((mc, TAI_NANG + "/mc"), (guest, "/results"), (secretary, TAI_NANG))
    )
    assert "biên bản số 12/ĐC" in phone.get(f"{HEAD}/1") and "được chấp nhận, đã làm" in phone.get(HEAD)
    assert phone.client.get(f"{HEAD}/1/letter.pdf").data[:4] == b"%PDF"
    with app.app_context(), reading():
        paper = db.session.scalars(select(SignedPaper.content).where(SignedPaper.number == "12/ĐC")).one()
    assert "Căn cứ: kiến nghị số 1." in words_of_pdf(paper)
    assert differing(app) == set()
    with app.app_context(), transaction():
        db.session.execute(update(AmendmentGround).values(ground=GroundCode.OTHER, petition_id=None))
        db.session.execute(update(PetitionStep).values(words="khác"))
        db.session.execute(update(Petition).values(late=True))
    # a ground that nobody named is not told: the reason stands beside it
    assert "Căn cứ" not in mc.get(TAI_NANG + "/mc")
    assert differing(app) == {
        "amendment_ground ground",
        "amendment_ground petition",
        "petition late",
        "petition_step words",
    }
