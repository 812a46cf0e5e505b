"""Is the meeting about the whole delegation written, put right and brought again, and does it stand on its minutes with who signs?"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests.models import ContestState
from festival.core.clock import today
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import day
from festival.documents.docx import MIMETYPE as DOCX
from festival.papers.models import SignedPaper
from festival.results.meeting.models import WholeMeeting
from tests.judging.panel_cast import Panel
from tests.results.test_pages_of_the_panel import people
from tests.results.test_papers import seals
from tests.results.whole_cast import bring, lock_all, whole_cast

pytestmark = pytest.mark.either_database

WHOLE, MEETING = "/whole-delegation", "/whole-delegation/meeting"


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return whole_cast((9, 7, 5))


def met(panel: Panel, **changes: str) -> dict[str, str]:
    """The form as the secretary fills it; the chair was away."""
    return {
        "held_on": day(today()),
        "opened": "20:15",
        "closed": "21 giờ",
        "place": "Hội trường xã",
        "copies": "4",
        "guests": "Ông Danh Văn Đầu, Trưởng Ban Tổ chức",
        "receivers": "Sở Văn hóa\nLưu: VT",
        "version": "0",
        f"there-{panel.users['secretary']}": "present",
        f"there-{panel.users['chair']}": "absent",
        f"why-{panel.users['chair']}": "đi công tác",
        **changes,
    }


def test_the_meeting_stands_on_the_minutes_of_the_whole(app: Flask, panel: Panel) -> None:
    secretary, chair, lan = people(app, panel, "secretary", "chair", "lan")
    lan.get(MEETING, 404)
    secretary.get(MEETING, 409)  # places are not known yet
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
    assert MEETING in secretary.get(WHOLE)
    blank = secretary.get(WHOLE + "/minutes")
    assert "họp xét kết quả" not in blank
    page = secretary.get(MEETING)
    assert f"there-{panel.users['chair']}" in page and "Nguyễn Thị Chủ" in page and day(today()) in page
    refused = secretary.post(MEETING, 400, **met(panel, copies="0"))
    assert "Số bản là số từ 1 đến 50." in refused and "Ông Danh Văn Đầu" in refused
    secretary.post(MEETING, **met(panel))
    secretary.post(MEETING, 409, **met(panel, place="nơi khác"))
    secretary.post(MEETING, **met(panel, version="1", place="nơi khác"))
    chair.post(MEETING, do="undo", version="2")
    assert "Trả lại lần ghi trước" in secretary.get(MEETING)
    paper = " ".join(secretary.get(WHOLE + "/minutes").split())
    for said in (
        f"tại Hội trường xã, bắt đầu lúc 20 giờ 15 ngày {day(today())}.",
        "Có mặt 1 người:",
        "Nguyễn Thị Chủ. Lý do: đi công tác",
        "Ông Danh Văn Đầu, Trưởng Ban Tổ chức",
        "lập thành 04 (bốn) bản",
        "- Sở Văn hóa;",
    ):
        assert said in paper, said
    assert paper.count("Nguyễn Thị Chủ") == 1, "who was away has no block"
    secretary.post(WHOLE + "/minutes", number="09/BB")
    secretary.post(MEETING, **met(panel, version="3", copies="5"))
    secretary.post(WHOLE + "/sign", 409, number="09/BB")  # another paper than was printed
    secretary.post(WHOLE + "/minutes", number="09/BB")
    secretary.post(WHOLE + "/sign", number="09/BB")
    assert "lập thành 05 (năm) bản" in " ".join(secretary.get(WHOLE + "/minutes").split())
    secretary.get(MEETING, 409)
    secretary.post(MEETING, 409, **met(panel, version="4"))
    with app.app_context(), reading():
        paper_id = db.session.scalars(
            select(SignedPaper.id).where(SignedPaper.number == "09/BB").order_by(SignedPaper.id.desc())
        ).first()
    assert secretary.client.get(f"/papers/{paper_id}/paper.docx").mimetype == DOCX
    streams = ("decisions:thu", "results:thu/delegations")
    differing = [each for stream in streams for each in seals(app, stream) if "whole_meeting" in each]
    assert differing == []
    with app.app_context(), transaction():
        db.session.execute(update(WholeMeeting).values(version=9))
    assert len([each for each in seals(app, "decisions:thu") if "whole_meeting" in each]) == 1
