"""Does the page tell the whole chain of a standing, the very steps of the recount, to those who may read marks?"""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

import verify
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import transaction
from festival.judging.tally import read_tally
from festival.results.current import current_table
from festival.results.explain.words import explained
from tests.judging.panel_cast import SECRET_NAMES, Panel, marks, send
from tests.results.test_export import prepared, told
from tests.results.test_pages_of_the_panel import Desk
from tests.results.whole_cast import bring, lock_all

pytestmark = pytest.mark.either_database
WHY = "/panel/tai-nang/explain"


def sentences(page: str) -> list[str]:
    """The steps of the page in order."""
    return [
        unescape(re.sub(r"\s+", " ", said))
        for part in re.findall(r'<section class="card flow explain">(.*?)</section>', page, re.S)
        for said in re.findall(r"<li>(.*?)</li>", part, re.S)
    ]


def recounted(panel: Panel, entry: str) -> list[str]:
    """The same from the steps that `verify.py` computes of the export alone."""
    file = next(each for each in told(panel, jury=True)["contests"] if each["code"] == "tai-nang")
    recount = verify.Contest(file)
    recount.standings()
    contest = db.session.get_one(Contest, panel.contest_id)
    table = current_table(read_tally(contest))
    names = {code: f"số {each.number} ({each.name})" for code, each in table.appearances.items()}
    parts = explained(recount.steps[entry], table, names, entry)
    db.session.rollback()
    return [str(said) for part in parts for said in part.said]


def test_the_chain_is_told_as_it_is_recounted(app: Flask) -> None:
    with app.app_context():
        panel = prepared()
        # E001 and E002 are equal, and parted by the content
        send(*(panel.message(who, 2, marks(39_000, 39_000), base=1) for who in ("chair", "hung")))
        send(*(panel.message(who, 1, marks(38_500, 41_500), base=1) for who in ("chair", "lan", "hung")))
        lock_all(panel)
        wanted = {entry: recounted(panel, entry) for entry in panel.entries}
    secretary = Desk(app, panel.users["secretary"])
    pages = {entry: secretary.get(f"{WHY}?entry={entry}") for entry in panel.entries}
    assert {entry: sentences(page) for entry, page in pages.items()} == wanted
    assert wanted["E000"] == [
        "Giám khảo A: 90 điểm.",
        "Giám khảo B: 89,75 điểm.",
        "Giám khảo C: 62 điểm.",
        "Loại phiếu C (62 điểm): cách trung bình 80,583 là 18,583 điểm, quá mức 15.",
        "Trung bình các phiếu A, B: 179,75 chia 2 bằng 89,875.",
        "Dùng đạo cụ bị cấm: trừ 1 điểm.",
        "Làm tròn 88,875 đến 0,001 điểm, nửa thì lên: 88,875 điểm.",
        "Xếp hạng 1.",
        "Giải: Nhất.",
    ]
    name = "số %s (Gia đình ông Danh Chung %s)"
    assert wanted["E002"] == [
        "Giám khảo A: 78 điểm.",
        "Giám khảo B: không chấm vì có liên quan.",
        "Giám khảo C: 78 điểm.",
        "Không phiếu nào lệch quá 15 điểm so với trung bình: không loại phiếu nào.",
        "Trung bình các phiếu A, C: 156 chia 2 bằng 78.",
        "Làm tròn 78 đến 0,001 điểm, nửa thì lên: 78 điểm.",
        f"Bằng nhau: {name % (3, 2)}, {name % (2, 1)}.",
        f"Xét «Nội dung»: phân định. {name % (2, 1)}: 38,5; {name % (3, 2)}: 39.",
        "Xếp hạng 2.",
        "Giải: Nhì.",
    ]
    assert "Quá giờ 100 giây: trừ 2 điểm." in wanted["E001"]
    assert [who for who in SECRET_NAMES.values() if who in pages["E000"].split("<main")[1]] == []


def test_it_is_for_those_who_may_read_the_marks(app: Flask) -> None:
    with app.app_context():
        panel = prepared()
    own = f"{WHY}?entry=E000"
    desk = {who: Desk(app, panel.users[who]) for who in ("secretary", "chair", "lan", "organiser", "mc", "officer")}
    assert "Tạm tính" in desk["secretary"].get(own)
    for who, status in (("chair", 403), ("organiser", 403), ("lan", 404), ("mc", 404), ("officer", 404)):
        desk[who].get(own, status)
        desk[who].get(WHY, status)
    with app.app_context():
        lock_all(panel)
    assert "Tạm tính" not in desk["chair"].get(own)
    desk["organiser"].get(own, 403)
    assert 'href="/panel/tai-nang/explain?entry=E000"' in desk["chair"].get("/panel/tai-nang")
    assert "/panel/tai-nang/explain" not in desk["organiser"].get("/panel/tai-nang")
    with app.app_context():
        bring(panel, ContestState.SIGNED)
    assert "Giám khảo A: 90 điểm." in desk["organiser"].get(own)
    assert "Gia đình ông Danh Chung 2" in desk["organiser"].get(WHY)
    assert "Lượt 1: 7 quả." in desk["organiser"].get("/panel/bong-ro/explain?entry=S000")
    for who in ("lan", "mc", "officer"):
        desk[who].get(own, 404)
    desk["chair"].get(f"{WHY}?entry=S000", 404)
    with app.app_context():
        readers = db.session.scalars(
            select(SecurityNote.user_id).where(SecurityNote.kind == SecurityKind.READ_MARKS).distinct()
        )
        assert {panel.users["organiser"], panel.users["chair"], panel.users["secretary"]} <= set(readers)


def test_levels_of_points_are_told_with_the_prize_and_without_one(app: Flask) -> None:
    with app.app_context():
        panel = prepared()
        with transaction():
            row = db.session.get_one(Contest, panel.contest_id)
            row.prizes = [{"name": "Vàng", "count": 1, "from": 88_000}, {"name": "Bạc", "count": None, "from": 87_000}]
        lock_all(panel)
    secretary = Desk(app, panel.users["secretary"])
    told_of = {entry: sentences(secretary.get(f"{WHY}?entry={entry}"))[-2:] for entry in panel.entries}
    assert told_of["E000"] == ["Được 88,875 điểm, đủ mức Vàng (từ 88 điểm).", "Giải: Vàng."]
    assert told_of["E001"][-1].endswith("chưa đủ mức Bạc (từ 87 điểm).")
