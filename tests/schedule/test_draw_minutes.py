"""Are the minutes of a draw made, signed, put right, taken back, and do they say who was absent and what changed since?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from subprocess import run
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import today
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.papers.draw_minutes import DrawMinutes
from festival.schedule import drawing
from festival.schedule.drawn import changing, meetings, trials
from tests.demo.test_demo import csrf
from tests.house.filling_draws import kept, letter, meeting_typed, sent
from tests.house.filling_signing import picture
from tests.schedule.test_draw_changed import drawn, organiser, sealed, swap
from tests.schedule.test_programme import Ids, at, ids, inside, sessions

pytestmark = pytest.mark.either_database

__all__ = ["drawn", "ids", "inside", "organiser", "sessions"]  # fixtures

DRAWS = "/office/schedule/draws"


def noted(ids: Ids, absent: int = 1) -> int:

    with transaction():
        contest = db.session.get_one(Contest, ids.talent)
        return meetings.note_meeting(ids.festival, 0, 0, meeting_typed(ids.festival, contest, absent), None).number


def words(docx: bytes) -> str:
    with ZipFile(BytesIO(docx)) as archive:
        return " ".join(ET.fromstring(archive.read("word/document.xml")).itertext())


def states(ids: Ids) -> list[tuple[int, str]]:
    with reading():
        rows = db.session.scalars(select(DrawMinutes).order_by(DrawMinutes.id))
        return [(row.number, row.state.value) for row in rows]


def test_minutes_say_who_was_absent_before_whom_and_what_changed_since(drawn: Ids) -> None:
    number = noted(drawn)
    first = kept(drawn.festival, number, None)
    with reading():
        row = meetings.minutes_in(drawn.festival, first)
        said, pdf = words(row.editable), row.content
    assert pdf.startswith(b"%PDF")
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BIÊN BẢN BỐC THĂM THỨ TỰ DỰ THI", "Nơi nhận:",
        "Đoàn vắng mặt: Đoàn 7. Ban Tổ chức bốc thăm thay trước sự chứng kiến của ông (bà) Lê Văn Chứng và ông (bà) Phạm Thị Kiến.",
        "Ký tên", "NGƯỜI CHỨNG KIẾN", "CHỦ TRÌ", "nhận số tiếp theo số cuối cùng", "7 Gia đình 7",
    ):  # fmt: skip
        assert text in re.sub(r"\s+", " ", said), text
    assert "Phụ lục" not in said
    assert kept(drawn.festival, number, None) == first
    swap(drawn, 2, 6)
    second = kept(drawn.festival, number, None)
    with reading():
        said = re.sub(r"\s+", " ", words(meetings.minutes_in(drawn.festival, second).editable))
    assert (
        "«Gia đình 2» và «Gia đình 6» đổi số cho nhau theo thỏa thuận của ông (bà) Danh Văn Một và ông (bà) Thị Hai"
        in said
    )
    assert "thứ tự sau thay đổi: 1. Gia đình 1; 2. Gia đình 6;" in said
    assert "2 Gia đình 2 Đoàn 2" in said  # the order as it was read back stands unchanged
    assert states(drawn) == [(1, "replaced"), (2, "printed")]


def test_signed_minutes_are_put_right_replaced_taken_back_and_in_force_again(drawn: Ids) -> None:
    number = noted(drawn, 0)
    first = kept(drawn.festival, number, None)
    with transaction():
        meetings.sign_minutes(drawn.festival, first, letter(), sent(), None)
    with pytest.raises(Overtaken), transaction():
        meetings.sign_minutes(drawn.festival, first, letter(), sent(), None)
    with pytest.raises(Conflict, match="đã ký"), transaction():
        meetings.drop_meeting(drawn.festival, number, 1, True, None)
    swap(drawn, 1, 7)
    second = kept(drawn.festival, number, None)
    assert states(drawn) == [(1, "signed"), (2, "printed")]
    with transaction():
        meetings.sign_minutes(drawn.festival, second, letter("13/BB-BTC"), sent("red"), None)
        meetings.correct_minutes(drawn.festival, second, 1, letter("14/BB-BTC"), sent("blue"), None, None)
        meetings.correct_minutes(drawn.festival, second, 2, letter("14/BB-BTC"), None, 1, None)
    assert states(drawn) == [(1, "replaced"), (2, "signed")]
    with pytest.raises(Overtaken), transaction():
        meetings.take_back_minutes(drawn.festival, second, 1, "cũ", None)
    with transaction():
        assert meetings.take_back_minutes(drawn.festival, second, 3, "ký nhầm", None) is not None
    assert states(drawn) == [(1, "signed"), (2, "annulled")]
    with transaction():
        meetings.reinstate_minutes(drawn.festival, second, 4, None)
    assert states(drawn) == [(1, "replaced"), (2, "signed")]
    assert sealed() == []


def test_minutes_are_not_printed_without_a_draw_nor_from_what_was_changed_meanwhile(drawn: Ids) -> None:
    number = noted(drawn)
    with reading():
        drawing_before = meetings.drawn_now(drawn.festival, number)
    swap(drawn, 1, 2)
    with pytest.raises(Overtaken, match="Bấm in lần nữa"), transaction():
        meetings.print_minutes(drawn.festival, number, drawing_before, None)
    with transaction():
        changing.undo(drawn.talent, 1, "thôi", None)
        drawing.cancel_draw(drawn.talent, "bốc lại", None)
    with pytest.raises(Conflict, match="Chưa bốc thăm"), reading():
        meetings.drawn_now(drawn.festival, number)
    with transaction():
        drawing.restore_draw(drawn.talent, None)
        meetings.drop_meeting(drawn.festival, number, 1, True, None)
    with pytest.raises(Conflict, match="đã bỏ"):
        kept(drawn.festival, number, None)
    with pytest.raises(BadInput, match="chưa diễn ra"), transaction():
        typed = meeting_typed(drawn.festival, db.session.get_one(Contest, drawn.talent))
        meetings.note_meeting(drawn.festival, 0, 0, replace(typed, held_on=today() + timedelta(days=1)), None)


def test_pages_note_print_send_back_and_keep_what_was_typed(organiser: FlaskClient, drawn: Ids, tmp_path: Path) -> None:
    assert "Ghi cuộc họp bốc thăm" in organiser.get(DRAWS).text
    token = csrf(organiser, f"{DRAWS}/0")
    day = f"{today().day}/{today().month}/{today().year}"
    form = {"csrf_token": token, "version": "0", "day": day, "place": "Hội trường", "chair": "Nguyễn Văn Chủ",
            "secretary": "Trần Thị Thư", "contests": "tai-nang", "witness-1": "Lê Văn Một"}  # fmt: skip
    for number in range(1, 7):
        form |= {f"there-d{number}": "y", f"head-d{number}": f"Danh Thị {'ABCDEFG'[number]}"}
    refused = organiser.post(f"{DRAWS}/0/save", data=form)
    assert refused.status_code == 400
    for text in ("hai người chứng kiến", "Danh Thị B", "Lê Văn Một", 'name="there-d6" value="y" checked'):
        assert text in refused.text, text
    assert organiser.post(f"{DRAWS}/0/save", data={**form, "witness-2": "Phạm Thị Hai"}).location == f"{DRAWS}/1"
    assert organiser.post(f"{DRAWS}/1/print", data={"csrf_token": token}).status_code == 303
    page = organiser.get(f"{DRAWS}/1").text
    (paper,) = set(re.findall(rf"{DRAWS}/1/(\d+)/minutes.pdf", page))
    assert organiser.get(f"{DRAWS}/1/{paper}/minutes.pdf").data.startswith(b"%PDF")
    assert organiser.get(f"{DRAWS}/2/{paper}/minutes.pdf").status_code == 404
    sending = {"csrf_token": token, "paper_id": paper, "number": "12/BB-BTC", "day": day, "signer": "Nguyễn Văn Chủ"}
    assert organiser.post(f"{DRAWS}/1/sign", data=sending).status_code == 400
    files = {**sending, "pages": (BytesIO(picture()), "trang.jpg")}
    assert organiser.post(f"{DRAWS}/1/sign", data=files, content_type="multipart/form-data").status_code == 303
    page = organiser.get(f"{DRAWS}/1").text
    assert "Bản đã ký đang có hiệu lực" in page and "12/BB-BTC" in page and "In lại" not in page
    assert organiser.get(f"{DRAWS}/1/{paper}/1-1").mimetype == "image/jpeg"
    swap(drawn, 1, 2)
    assert "thay đổi sau bốc thăm thành phụ lục" in organiser.get(f"{DRAWS}/1").text
    with transaction():
        trials.set_trial(drawn.talent, "hoi-truong", at(8) - timedelta(days=1), 10, 0, None)
    lists = tmp_path / "lists.pdf"
    lists.write_bytes(organiser.get(f"{DRAWS}/all.pdf").data)
    printed = run(["pdftotext", "-layout", str(lists), "-"], capture_output=True, check=True, text=True).stdout
    pages = [re.sub(r"\s+", " ", each) for each in printed.split("\f")]
    assert len(pages) == 1 + 1 + 7 + 1  # an order, a stage that is tried, seven delegations, nothing behind the last
    assert "1 Gia đình 2 Đoàn 2" in pages[0]
    assert "8 giờ, 27/6/2024 – 8 giờ 10 Đoàn 2" in pages[1]
    assert "Đoàn 7" in pages[8] and "9 giờ, 27/6/2024 đến 9 giờ 10, Hội trường" in pages[8]
    assert "đã ký" in organiser.get(DRAWS).text
