"""Prizes of the delegations by levels and shares: from the rules to the public, what one bound moves, read back, recounted."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask import Flask

import verify
from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.editions.rules.document import BrokenRuleset, Node
from festival.editions.rules.whole import read_whole_delegation
from festival.results.ladder import lock
from festival.results.ladder.sign import Signed, StillOpen
from tests.judging.panel_cast import Panel
from tests.results.test_commands import run
from tests.results.test_export import prepared, told
from tests.results.test_pages_of_the_panel import people, read_places
from tests.results.whole_cast import DELEGATIONS, NAMES, bring, lock_all, stored_awards, stored_decisions, whole_cast
from tests.results.whole_kit import ONE_FIRST, decide, sign

pytestmark = pytest.mark.either_database

AWARDS = "/whole-delegation/awards"
# 29, 29 and 26 points; 35 % of three is one
LEVELS = [{"name": "Xuất sắc", "from": 28, "share_percent": 35}, {"name": "Khá", "from": 26}]
WHO = {"reason": "đoàn bỏ lễ khai mạc", "names": "\n".join(NAMES)}


def ranked_by(panel: Panel, **whole: Any) -> Panel:
    """The same festival whose rules say this of the whole delegation."""
    with transaction():
        festival = db.session.get_one(Festival, panel.festival_id)
        festival.ruleset = {**festival.ruleset, "whole_delegation": {"sum": "place_points", "ties": [], **whole}}
    return panel


def test_levels_are_handed_down_decided_signed_and_read(app: Flask) -> None:
    with app.app_context():
        panel = ranked_by(whole_cast(), prizes=LEVELS)
    chair, mc = people(app, panel, "chair", "mc")
    mc.get(AWARDS, 404)
    assert "Chưa khóa: Gia đình tài năng, Ném bóng vào rổ" in chair.get(AWARDS, 409)
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        assert sign(panel) == StillOpen(1, 0)  # the share cuts through two that are equal
    page = chair.get(AWARDS)
    assert AWARDS in chair.get("/whole-delegation")
    assert "2 đoàn cùng đứng thứ 1, nằm giữa hai mức giải" in page and "chờ ban giám khảo quyết định" not in page
    assert "từ 28 điểm" in page and "cùng các giải trên không quá 35 % = 1" in page
    with app.app_context():
        decide(panel, ONE_FIRST)
    page = chair.get(AWARDS)
    assert "Được 29 điểm, đủ mức Xuất sắc (từ 28 điểm)." in page
    assert "Được 29 điểm, đủ mức Xuất sắc, nhưng giải đã đủ 35 % (1/3)." in page
    assert "Ngay sau giải này: hạng 2, Đoàn huyện Số 0." in page
    more = chair.get(AWARDS + "?bound=Xuất sắc&step=1")
    assert "Đoàn huyện Số 0: Khá → Xuất sắc" in more
    assert "số giải không thể ít hơn 0" in chair.get(AWARDS + "?bound=Khá&step=1")
    # left empty, read back with all whom it moves, taken back; then a place is given another prize
    form = {"how": "empty", "left": "Xuất sắc", "then": "next", **WHO}
    refused = chair.post(AWARDS, 422, **form | {"then": ""})
    assert "Chọn những hạng của giải này nhận gì" in refused and "đoàn bỏ lễ khai mạc</textarea>" in refused
    heard = chair.post(AWARDS, 200, **form)
    assert read_places(heard) == ["1 Đoàn huyện Số 1 trước: hạng 1, Xuất sắc Khá"] and "Giải để trống" in heard
    chair.post(AWARDS, **form, step="confirm", seen="1")
    said = ("--reason", "xem lại", "--name", NAMES[0])
    run(app, "results", "delegations-empty-prize", "Xuất sắc", "--back", *said)
    run(app, "results", "delegations-prize", "doan-2=", *said)
    run(app, "results", "delegations-prize-back", "doan-2", *said)
    give = {"how": "give", "prize-doan-2": "", **WHO}
    assert 'name="prize-doan-2"' in chair.get(AWARDS + "?place=3")
    assert read_places(chair.post(AWARDS, 200, **give)) == ["3 Đoàn huyện Số 2 trước: hạng 3, Khá không giải"]
    chair.post(AWARDS, **give, step="confirm", seen="5")
    printed = chair.get("/whole-delegation/minutes")
    assert "Rút lại quyết định để trống giải Xuất sắc" in printed and "không giải" in chair.get("/whole-delegation")
    with app.app_context():
        assert len(stored_decisions()) == 6
        assert sign(panel) == Signed(2)
        assert [(prize, at) for prize, at, _who in stored_awards()] == [("Xuất sắc", 1), ("Khá", 2)]
        bring(panel, ContestState.DECIDED, ContestState.RELEASED)
    chair.post(AWARDS, 409, **give)
    assert 'name="how"' not in chair.get(AWARDS)
    heard = mc.get("/panel")
    heard = heard[heard.index("Giải toàn đoàn") : heard.index("</main>")]
    assert (
        heard.index("Giải Khá")
        < heard.index(DELEGATIONS[0])
        < heard.index("Giải Xuất sắc")
        < heard.index(DELEGATIONS[1])
    )
    assert DELEGATIONS[2] not in heard
    with app.app_context():
        bring(panel, ContestState.PUBLISHED)
    shown = chair.get("/results")
    assert "Xuất sắc" in shown[shown.index("Giải toàn đoàn") :]


def test_an_outsider_hands_out_the_same_and_agrees_to_no_other_level(app: Flask) -> None:
    with app.app_context():
        panel = ranked_by(prepared(), prizes=LEVELS)
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        decide(panel, ONE_FIRST)
        assert sign(panel) == Signed(3)
        file = told(panel, jury=True)
        prizes = {each["delegation"]: (each["points"], each["prize"]) for each in file["whole"]["lines"]}
        assert prizes == {"doan-1": (29_000, "Xuất sắc"), "doan-0": (29_000, "Khá"), "doan-2": (26_000, "Khá")}
    verify.check(file, [])
    for at, change in ((0, {"share_percent": 70}), (0, {"from": 30}), (1, {"from": 26.5}), (1, {"count": 1})):
        other = copy.deepcopy(file)
        other["whole"]["rule"]["prizes"][at] |= change
        with pytest.raises(verify.Disagrees):
            verify.check(other, [])
    other = copy.deepcopy(file)
    other["whole"]["lines"][1]["prize"] = "Xuất sắc"
    with pytest.raises(verify.Disagrees):
        verify.check(other, [])


def test_levels_need_points_and_go_down() -> None:
    medals = {"sum": "medals", "medals": ["Nhất"], "ties": [], "prizes": [{"name": "Khá", "from": 5}]}
    upside = {"sum": "points", "ties": [], "prizes": [{"name": "Khá", "from": 5}, {"name": "Giỏi", "from": 6}]}
    for rule, path, said in (
        (medals, "$.prizes[0].from", "không có điểm để đặt mức"),
        (upside, "$.prizes[1].from", "không được đòi nhiều điểm hơn giải trên"),
    ):
        read_whole_delegation(Node(rule, "$", problems := []))
        assert path in [each.path for each in problems] and said in str(BrokenRuleset(problems))


def test_what_a_contest_decides_is_read_beside_the_delegations_it_moves(app: Flask) -> None:
    """Ranked by their prizes: one first prize fewer in a contest moves the delegations."""
    with app.app_context():
        panel = ranked_by(whole_cast(), sum="medals", medals=["Nhất", "Nhì"], prizes=[{"name": "Cờ", "count": 1}])
    (chair,) = people(app, panel, "chair")
    with app.app_context(), transaction():
        lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
    give = {"how": "give", "prize-E000": "", **WHO}
    hidden = chair.post("/panel/tai-nang/awards", 200, **give)
    assert "Toàn đoàn nếu ghi quyết định này" in hidden and "Hạng mới" not in hidden
    with app.app_context(), transaction():
        lock.lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"])
    read = chair.post("/panel/tai-nang/awards", 200, **give)
    assert "Hạng đang có" in read and "Hạng mới" in read and "đổi" in read
    same = chair.post("/panel/tai-nang/awards", 200, **give | {"prize-E000": "Nhất"})
    assert "Hạng, điểm và giải của các đoàn không đổi." in same
