"""Are points of a delegation, given or taken by a document, read back, in the sum, on paper, in the export, and taken back?"""

from __future__ import annotations

import copy
import re
import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

import verify
from festival.contests.models import ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.editions.models import Festival
from festival.papers.models import SignedPaper, WholeMinutes
from festival.results.amending import Amended
from festival.results.amendments.whole import amend_whole_standings
from festival.results.delegations.giving import give_points, take_points_back
from festival.results.delegations.table import whole_delegation
from festival.results.ladder.sign import Signed
from festival.results.models import DelegationPoints
from tests.harness.paper_words import words_of_pdf
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel
from tests.results.test_export import prepared, told
from tests.results.test_pages_of_the_panel import people
from tests.results.whole_cast import bring, lock_all, whole_cast
from tests.results.whole_kit import STREAM, sign

pytestmark = pytest.mark.either_database

POINTS = "/whole-delegation/points"
DAY = date(2024, 6, 14)
TYPED = {
    "delegation": "doan-2", "way": "add", "points": "4", "reason": "đoàn đông nhất", "document": "15/QĐ-BTC", "day": "14/6/2024",
}  # fmt: skip


def give(panel: Panel, code: str, milli: int, seen: int, reason: str = "đoàn đông nhất") -> int:
    with transaction():
        return give_points(
            panel.festival_id, code, milli, reason, "15/QĐ-BTC", DAY, panel.users["organiser"], seen=seen
        )


def back(panel: Panel, number: int, reason: str = "ghi nhầm đoàn") -> None:
    with transaction():
        take_points_back(panel.festival_id, number, reason, panel.users["organiser"])


def order(panel: Panel) -> list[tuple[str, int, int]]:
    with reading():
        found = whole_delegation(db.session.get_one(Festival, panel.festival_id, populate_existing=True))
        assert found is not None
        return [(line.code, line.place, line.points_milli) for line in found.lines]


def test_points_are_read_back_beside_the_old_order_recorded_and_taken_back(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
    organiser, chair = people(app, panel, "organiser", "chair")
    chair.get(POINTS, 403)
    early = organiser.post(POINTS, 200, **TYPED)
    assert "chỉ hiện ra khi mọi phần thi tính điểm đã khóa" in early and "Hạng mới" not in early
    with app.app_context():
        lock_all(panel)
        assert order(panel) == [("doan-0", 1, 29_000), ("doan-1", 1, 29_000), ("doan-2", 3, 26_000)]
    read = organiser.post(POINTS, 200, **TYPED)
    cells = re.findall(r'<td[^>]*data-label="(Hạng đang có|Hạng mới|Điểm mới|Giải mới)">(?:<b>)?([^<]*)', read)
    assert cells[:4] == [("Hạng đang có", "3"), ("Hạng mới", "1"), ("Điểm mới", "30"), ("Giải mới", "Nhất")]
    assert "Cộng 4 điểm: đoàn đông nhất (văn bản số 15/QĐ-BTC ngày 14/6/2024)." in read
    assert 'value="15/QĐ-BTC"' in organiser.post(POINTS, 200, **TYPED, step="back")  # nothing typed is lost
    with app.app_context():
        assert ledger.head(STREAM).size == 0
        db.session.rollback()
    organiser.post(POINTS, **TYPED, step="confirm", seen="0")
    organiser.post(POINTS, **TYPED, step="confirm", seen="0")  # sent twice, recorded once
    refused = organiser.post(POINTS, 409, **TYPED | {"points": "5"}, step="confirm", seen="0")
    assert "Vừa có người ghi điểm cộng, trừ khác" in refused
    with app.app_context():
        assert order(panel)[0] == ("doan-2", 1, 30_000)
        assert ledger.head(STREAM).size == 1
        db.session.rollback()
    page = organiser.get("/whole-delegation")
    assert "Cộng 4 điểm: đoàn đông nhất (văn bản số 15/QĐ-BTC ngày 14/6/2024)." in page
    assert "Cộng 4 điểm" in organiser.get("/whole-delegation/minutes")
    assert "Hãy ghi lý do" in organiser.post(POINTS + "/back", 400, number="1", reason=" ")
    assert "vừa được bỏ rồi" in organiser.post(POINTS + "/back", 409, number="7", reason="nhầm")
    organiser.post(POINTS + "/back", number="1", reason="ghi nhầm đoàn")
    assert "ghi nhầm đoàn" in organiser.get(POINTS)
    with app.app_context():
        assert order(panel)[2] == ("doan-2", 3, 26_000)
        assert ledger.verify(STREAM) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"points": "nhiều"}, "Điểm chỉ gồm chữ số"),
        ({"points": "0"}, "Ghi số điểm lớn hơn 0"),
        ({"points": "-3"}, "Điểm không có dấu trừ"),
        ({"way": "khac"}, "Chọn cộng hay trừ"),
        ({"reason": " "}, "Hãy ghi lý do"),
        ({"document": ""}, "Hãy ghi số của văn bản"),
        ({"day": "31/2/2024"}, "Ghi ngày của văn bản"),
        ({"day": "1/1/2999"}, "Ghi ngày của văn bản"),
        ({"delegation": "khong-co"}, "Chọn một đoàn"),
    ],
)
def test_what_cannot_be_read_is_said_and_stays_in_its_box(app: Flask, wrong: dict[str, str], said: str) -> None:
    with app.app_context():
        panel = whole_cast()
    (organiser,) = people(app, panel, "organiser")
    page = organiser.post(POINTS, 400, **TYPED | wrong)
    assert said in page
    if "reason" not in wrong:
        assert 'value="đoàn đông nhất"' in page


def summed(panel: Panel) -> dict[str, int]:
    """The points of each delegation in the order of their places."""
    return {code: points for code, _place, points in order(panel)}


def test_after_the_signature_points_wait_for_an_amendment_and_the_export_is_recounted(app: Flask) -> None:
    with app.app_context():
        panel = prepared()
        lock_all(panel)
        bare = summed(panel)
        give(panel, "doan-0", 11_500, 0, "nộp hồ sơ sớm")
        give(panel, "doan-2", -500, 1, "vào sân muộn")
        bring(panel, ContestState.SIGNED)
        assert sign(panel) == Signed(3)
        signed = {"doan-0": bare["doan-0"] + 11_500, "doan-1": bare["doan-1"], "doan-2": bare["doan-2"] - 500}
        assert summed(panel) == signed and order(panel)[0][0] == "doan-0"
        kept = {each["delegation"]: each for each in db.session.scalars(select(WholeMinutes)).one().standings}
        assert kept["doan-2"]["given"] == [
            {"n": 2, "points": -500, "reason": "vào sân muộn", "document": "15/QĐ-BTC", "day": "2024-06-14"}
        ]
        assert "given" not in kept["doan-1"]
        own = select(SignedPaper.content).where(SignedPaper.contest_id.is_(None))
        (paper,) = db.session.scalars(own)
        assert "Trừ 0,5 điểm: vào sân muộn" in words_of_pdf(paper)
        db.session.rollback()
        assert recounted(panel) == {1: 11_500, 2: -500}
        back(panel, 1)
        assert summed(panel) == signed
        with reading():
            table = whole_delegation(db.session.get_one(Festival, panel.festival_id))
            assert table is not None and table.asked
        assert recounted(panel) == {1: 11_500, 2: -500}  # the file tells the table that is in force
    (organiser,) = people(app, panel, "organiser")
    assert "Có thay đổi sau khi ký" in organiser.get("/whole-delegation")
    assert "Biên bản đã ký: bảng dưới đây chỉ có hiệu lực khi đính chính" in organiser.post(POINTS, 200, **TYPED)
    with app.app_context():
        give(panel, "doan-1", 12_000, 2)
        two = panel.users["chair"], panel.users["secretary"]
        with transaction():
            done = amend_whole_standings(panel.festival_id, {}, "12/ĐC", "bỏ điểm ghi nhầm", *two)
            assert isinstance(done, Amended)
        assert summed(panel) == bare | {"doan-1": bare["doan-1"] + 12_000, "doan-2": bare["doan-2"] - 500}
        assert recounted(panel) == {2: -500, 3: 12_000}


def recounted(panel: Panel) -> dict[int, int]:
    """What `verify.py` agrees to, and that it agrees to no other points."""
    file = told(panel, jury=True)
    verify.check(file, [])
    assert len(file["whole"]["lines"]) == 3
    for change in ({"points": 7_000}, {"delegation": "doan-1"}):
        other = copy.deepcopy(file)
        other["whole"]["points"][0] |= change
        with pytest.raises(verify.Disagrees):
            verify.check(other, [])
    return {each["n"]: each["points"] for each in file["whole"]["points"]}


def test_delegations_ranked_by_prizes_take_no_points(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        with transaction():
            festival = db.session.get_one(Festival, panel.festival_id)
            whole = {"sum": "medals", "medals": ["Nhất", "Nhì"], "ties": [], "prizes": []}
            festival.ruleset = {**festival.ruleset, "whole_delegation": whole}
        with pytest.raises(Conflict, match="theo số giải"):
            give(panel, "doan-0", 1_000, 0)
    (organiser,) = people(app, panel, "organiser")
    page = organiser.get(POINTS)
    assert "Thể lệ xếp toàn đoàn theo số giải" in page and "Số văn bản" not in page


@pytest.mark.both_databases
def test_of_two_who_record_at_once_exactly_one_is_stored(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        assert at_once(app, panel, naive=False) == ["overtaken", "stored"]
        assert at_once(app, panel, naive=True) == ["stored", "stored"]  # looks first, then writes: the harness sees it


def at_once(app: Flask, panel: Panel, *, naive: bool) -> list[str]:
    together, got = threading.Barrier(2), []
    with reading():
        seen = max([0, *db.session.scalars(select(DelegationPoints.number))])

    def one(code: str) -> None:
        with app.app_context():
            together.wait(PATIENCE_S)
            try:
                if naive:
                    _naive(panel, code)
                else:
                    give(panel, code, 1_000, seen)
            except Overtaken:
                got.append("overtaken")
            else:
                got.append("stored")

    threads = [threading.Thread(target=one, args=(code,)) for code in ("doan-0", "doan-1")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    return sorted(got)


def _naive(panel: Panel, code: str) -> None:
    """Takes whatever number is free, whoever was there meanwhile: what must never be built."""
    for _attempt in range(5):
        try:
            with reading():
                last = max([0, *db.session.scalars(select(DelegationPoints.number))])
            give(panel, code, 1_000, last)
            return
        except Overtaken:
            continue


def test_the_database_itself_refuses_points_without_reason_or_document(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        sound = {
            "festival_id": panel.festival_id, "delegation_id": 1, "number": 1, "points_milli": 1, "reason": "x",
            "document": "1", "day": DAY, "given_at": now(),
        }  # fmt: skip
        for wrong in ({"points_milli": 0}, {"reason": ""}, {"document": ""}, {"number": 0}, {"taken_back_reason": "x"}):
            with pytest.raises(IntegrityError), transaction():
                db.session.add(DelegationPoints(**sound | wrong))
        with transaction():
            db.session.add(DelegationPoints(**sound))
        with pytest.raises(IntegrityError), transaction():
            db.session.add(DelegationPoints(**sound | {"delegation_id": 2}))
        with pytest.raises(BadInput):
            give(panel, "doan-0", 10_000_001, 1)
