"""Do the pages and commands of the whole delegation show and store what they should?"""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from festival.contests.models import ContestState
from festival.core.web.errors import Forbidden
from tests.judging.panel_cast import Panel, cast
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import TWO, Desk, people, read_places
from tests.results.whole_cast import (
    DELEGATIONS,
    NAMES,
    bring,
    lock_all,
    stored_decisions,
    whole_cast,
)
from tests.results.whole_kit import ONE_FIRST, decide, sign

pytestmark = pytest.mark.either_database


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return whole_cast()


WHOLE = "/whole-delegation"


ORDER = {"place-doan-0": "2", "place-doan-1": "1"}


DECIDED = ORDER | {"reason": "tròn vai hơn", "names": "Nguyễn Thị Chủ\nPhạm Tổ Chức"}


def test_only_who_may_see_every_contest_finds_the_whole_delegation(app: Flask, panel: Panel) -> None:
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
        page = desk.get(WHOLE, status)
        assert not any(delegation in page for delegation in DELEGATIONS), "a sealed place"
        desk.get(WHOLE + "/minutes", 404)
        for step in ("tie", "prize", "sign"):
            desk.post(f"{WHOLE}/{step}", 409 if status == 200 else 404, number="1", **DECIDED)
    Desk(app, None).get(WHOLE, 302)
    with app.app_context():
        lock_all(panel)
    for name in ("chair", "secretary", "organiser"):
        (desk,) = people(app, panel, name)
        assert all(delegation in desk.get(WHOLE) for delegation in DELEGATIONS)


def test_an_edition_without_a_rule_says_so(app: Flask) -> None:
    with app.app_context():
        panel = cast()
    (organiser,) = people(app, panel, "organiser")
    assert "Thể lệ không có giải toàn đoàn" in organiser.get(WHOLE)
    organiser.post(WHOLE + "/sign", 404, number="1")
    assert WHOLE not in organiser.get("/panel")


def test_a_tie_of_delegations_is_read_back_before_anything_is_stored(app: Flask, panel: Panel) -> None:
    chair, secretary, organiser, mc = people(app, panel, "chair", "secretary", "organiser", "mc")
    waiting = chair.get(WHOLE)
    assert "Chưa xét được giải toàn đoàn" in waiting
    assert set(re.findall(r'data-label="Trạng thái">.*?</svg>\s*([^<]+)<', waiting, re.S)) == {"Đang chấm"}
    assert "chờ khóa điểm" in chair.get("/panel")
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
    assert "chờ quyết định" in chair.get("/panel")
    page = chair.get(WHOLE)
    assert "Đồng hạng 1" in page and "Xét giải cho hạng 1" in page and "Số biên bản" not in page
    told = chair.post(WHOLE + "/tie", 200, **DECIDED)
    assert read_places(told) == [
        "1 Đoàn huyện Số 1 trước: hạng 1=, chờ xét giải Nhất",
        "2 Đoàn huyện Số 0 trước: hạng 1=, chờ xét giải Nhì",
    ]
    again = chair.post(WHOLE + "/tie", 200, **DECIDED, step="back")
    assert 'value="2"' in again and "tròn vai hơn</textarea>" in again
    with app.app_context():
        assert stored_decisions() == []
    seen = re.search(r'name="seen" value="(\d+)"', told)
    assert seen is not None and seen[1] == "0"
    for _ in range(2):
        chair.post(WHOLE + "/tie", **DECIDED, step="confirm", seen="0")
    with app.app_context():
        assert stored_decisions() == [{"order": [["doan-1"], ["doan-0"]]}]
    secretary.post(WHOLE + "/tie", 409, **DECIDED | {"place-doan-0": "1"}, step="confirm", seen="0")
    nonsense = secretary.post(WHOLE + "/tie", 422, **DECIDED | {"place-doan-0": "²"}, step="confirm", seen="0")
    assert 'value="²"' in nonsense and "tròn vai hơn</textarea>" in nonsense
    page = chair.get(WHOLE)
    assert "Quyết định lại: Đồng hạng 1" in page and "Xét giải cho hạng" not in page
    assert "Thứ tự: Đoàn huyện Số 1; Đoàn huyện Số 0" in page
    assert "…/BB-BGK" in chair.get(WHOLE + "/minutes")
    secretary.post(WHOLE + "/sign", 409, number="09/BB-BGK")  # nobody signs what was not printed
    secretary.post(WHOLE + "/minutes", number="09/BB-BGK")
    secretary.post(WHOLE + "/sign", number="09/BB-BGK")
    minutes = chair.get(WHOLE + "/minutes")
    assert "09/BB-BGK" in minutes and "tròn vai hơn" in minutes and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in minutes
    assert "Còn chờ: Gia đình tài năng, Ném bóng vào rổ" in chair.get(WHOLE)
    assert "toàn đoàn" not in mc.get("/panel")
    with app.app_context():
        bring(panel, ContestState.DECIDED, ContestState.RELEASED)
    heard = mc.get("/panel")
    heard = heard[heard.index("Giải toàn đoàn") : heard.index("</main>")]
    order = [heard.index(words) for words in ("Giải Khuyến khích", DELEGATIONS[2], "Giải Nhì", "Giải Nhất")]
    assert order == sorted(order) and "29" not in heard
    assert "toàn đoàn" not in organiser.get("/results")
    with app.app_context():
        bring(panel, ContestState.PUBLISHED)
    shown = organiser.get("/results")
    shown = shown[shown.index("Giải toàn đoàn") :]
    assert shown.index("Nhất") < shown.index(DELEGATIONS[1]) < shown.index("Nhì") < shown.index(DELEGATIONS[0])


def test_prizes_that_were_given_fold_both_questions(app: Flask, panel: Panel) -> None:
    (chair,) = people(app, panel, "chair")
    with app.app_context():
        lock_all(panel)
    given = {"prize-doan-0": "Nhất", "prize-doan-1": "", "reason": "ngang tài", "names": "A"}
    told = read_places(chair.post(WHOLE + "/prize", 200, **given))
    assert told == [
        "1= Đoàn huyện Số 0 trước: hạng 1=, chờ xét giải Nhất",
        "1= Đoàn huyện Số 1 trước: hạng 1=, chờ xét giải không giải",
    ]
    chair.post(WHOLE + "/prize", **given, step="confirm", seen="0")
    page = chair.get(WHOLE)
    assert re.findall(r"<summary>(.*?)</summary>", page)[-2:] == [
        "Xếp thứ tự: Đồng hạng 1 (Đoàn huyện Số 0, Đoàn huyện Số 1)",
        "Quyết định lại: Xét giải cho hạng 1",
    ]
    assert "Còn chờ: Gia đình tài năng, Ném bóng vào rổ." in page


def test_what_would_be_read_at_once_is_signed_by_the_organiser(app: Flask, panel: Panel) -> None:
    secretary, organiser, mc = people(app, panel, "secretary", "organiser", "mc")
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED)
        decide(panel, ONE_FIRST)
        with pytest.raises(Forbidden):
            sign(panel, may_release=False)
    assert "Việc này do Ban Tổ chức làm." in secretary.get(WHOLE)
    secretary.post(WHOLE + "/sign", 403, number="9")
    assert "toàn đoàn" not in mc.get("/panel")
    assert "MC đọc được giải toàn đoàn ngay" in organiser.get(WHOLE)
    assert "hai người khác nhau" in organiser.post(WHOLE + "/sign", 422, number="9", **TWO | {"second": "btc"})
    assert "toàn đoàn" not in mc.get("/panel")
    organiser.post(WHOLE + "/minutes")
    organiser.post(WHOLE + "/sign", number="9", **TWO)
    assert "Giải toàn đoàn" in mc.get("/panel")


def test_the_whole_delegation_by_commands(app: Flask, panel: Panel) -> None:
    said = ["--reason", "đồng đều hơn", "--name", NAMES[0], "--name", NAMES[1], "--by", "thuky"]
    assert "Chưa khóa" in run(app, "results", "delegations-tie", "doan-1", "doan-0", *said, ok=False)
    assert "Tạm tính" in run(app, "results", "delegations")
    with app.app_context():
        lock_all(panel)
    assert "Chờ ban giám khảo: hạng 1: doan-0, doan-1" in run(app, "results", "delegations")
    assert "Chưa ký" in run(app, "results", "delegations-sign", "--number", "9", ok=False)
    with app.app_context():
        bring(panel, ContestState.SIGNED)
    assert "1 chỗ" in run(app, "results", "delegations-sign", "--number", "9", ok=False)
    run(app, "results", "delegations-prize", "doan-1=Nhất", "doan-0=", *said)
    run(app, "results", "delegations-tie", "doan-1", "doan-0", *said)
    run(app, "results", "delegations-sign", "--number", "9", "--by", "thuky")
    run(app, "results", "delegations-sign", "--number", "9")
    run(app, "results", "delegations-sign", "--number", "10", ok=False)
    told = json.loads(run(app, "results", "delegations", "--json"))
    assert (told["open"], told["questions"], told["signed"]) == ([], [], "9")
    assert [(each["delegation"], each["prize"]) for each in told["delegations"]] == [
        ("doan-1", "Nhất"),
        ("doan-0", "Nhì"),
        ("doan-2", "Khuyến khích"),
    ]
    with app.app_context():
        bring(panel, ContestState.DECIDED, ContestState.RELEASED)
    assert [each["contest"] for each in json.loads(run(app, "results", "public"))] == ["bong-ro"]
    with app.app_context():
        bring(panel, ContestState.PUBLISHED)
    assert json.loads(run(app, "results", "public"))[-1] == {
        "contest": None,
        "final": True,
        "prizes": [
            {"prize": "Nhất", "winners": DELEGATIONS[1:2]},
            {"prize": "Nhì", "winners": DELEGATIONS[:1]},
            {"prize": "Khuyến khích", "winners": DELEGATIONS[2:]},
        ],
        "lines": [],
    }
