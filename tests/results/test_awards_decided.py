"""What the panel decides about prizes: on the page, by command, read back, taken back, signed, recounted, replayed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import verify
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.results import decide as results_decide
from festival.results.current import current_table, tally_for_result
from festival.results.decisions import decisions_of
from festival.results.export.contest import recountable
from festival.results.ladder import lock as ladder_lock
from festival.results.ladder import sign
from festival.results.ladder.lock import Locked
from festival.results.ladder.sign import Signed
from festival.results.models import Award, PanelDecision
from festival.results.settling.awarding import (
    PrizeGivenAgain,
    PrizeLeftEmpty,
    PrizeSaying,
    PrizesGiven,
    PrizesTakenBack,
)
from tests.judging.panel_cast import Panel, cast, marks, send
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import Desk

pytestmark = pytest.mark.either_database

AWARDS = "/panel/tai-nang/awards"
NAMES = ["Nguyễn Thị Chủ", "Trần Văn Hùng"]
WHO = {"reason": "nội dung chưa xứng", "names": "Nguyễn Thị Chủ\nTrần Văn Hùng"}


def locked(points: tuple[int, ...] = (45_000, 40_000, 35_000), **contest: Any) -> Panel:
    """Entries with these marks in content, 40 points of style each; those beyond have no sheet."""
    panel = cast(**contest)
    send(*(panel.message(who, at, marks(own, 40_000)) for who in ("chair", "hung") for at, own in enumerate(points)))
    with transaction():
        two = panel.users["chair"], panel.users["secretary"]
        assert isinstance(ladder_lock.lock(panel.contest_id, *two, "giám khảo B vắng"), Locked)
    return panel


def say(panel: Panel, saying: PrizeSaying, reason: str = "nội dung chưa xứng") -> None:
    with transaction():
        results_decide.decide(panel.contest_id, saying, reason, NAMES, panel.users["secretary"])


def prizes(panel: Panel) -> dict[str, str]:
    with reading():
        table = current_table(tally_for_result(db.session.get_one(Contest, panel.contest_id)))
        return {each.entry: each.prize for each in table.prizes.awards}


BY_PLACE = {"E000": "Nhất", "E001": "Nhì", "E002": "Nhì"}


def test_a_prize_is_left_empty_read_back_taken_back_signed_and_printed(app: Flask) -> None:
    with app.app_context():
        panel = locked()
    desk = Desk(app, panel.users["secretary"])
    page = desk.get(AWARDS)
    assert "Hạng 1, trong 1 giải Nhất." in page and "Ngay sau giải này: hạng 2" in page and "Kém 5." in page
    assert "/panel/tai-nang/awards" in desk.get("/panel/tai-nang")
    form = {"how": "empty", "left": "Nhất", "then": "next", **WHO}
    # nothing typed vanishes when something lacks
    for lack, said in (
        ({"left": ""}, "Chọn giải để trống trong các giải của thể lệ."),
        ({"then": ""}, "Chọn những hạng của giải này nhận gì"),
        ({"reason": "  "}, "Ghi rõ lý do."),
        ({"names": " "}, "Ghi họ tên những người quyết định."),
    ):
        again = desk.post(AWARDS, 422, **form | lack)
        assert said in again and ("nội dung chưa xứng" in again or "reason" in lack)
    heard = desk.post(AWARDS, 200, **form)
    assert "Đọc lại cho ban giám khảo nghe" in heard and "nhận giải liền dưới, các hạng khác giữ nguyên" in heard
    assert "Nhì: 3 giải, thể lệ ghi 2" in heard and prizes_in(app, panel) == BY_PLACE
    desk.post(AWARDS, **form, step="confirm", seen="0")
    assert prizes_in(app, panel) == dict.fromkeys(BY_PLACE, "Nhì")
    # what stands is not stored twice; a decision read back before another one is refused
    desk.post(AWARDS, **form, step="confirm", seen="0")
    desk.post(AWARDS, 409, **form | {"then": "none"}, step="confirm", seen="0")
    page = desk.get(AWARDS)
    assert "Để trống theo quyết định" in page and "Rút lại quyết định này" in page
    back = {"how": "empty_back", "left": "Nhất", "reason": "xem lại bảng điểm", "names": WHO["names"]}
    assert "Rút lại quyết định" in desk.post(AWARDS, 200, **back)
    desk.post(AWARDS, **back, step="confirm", seen="1")
    assert prizes_in(app, panel) == BY_PLACE
    desk.post(AWARDS, 409, **back, step="confirm", seen="2")
    desk.post(AWARDS, **form | {"then": "hand_down"}, step="confirm", seen="2")
    printed = desk.get("/panel/tai-nang/minutes")
    assert (
        "Rút lại quyết định để trống giải Nhất" in printed and "Để trống giải Nhất, những hạng của giải ấy" in printed
    )
    with app.app_context(), transaction():
        assert sign.sign(panel.contest_id, "07", None) == Signed(3)
    assert "giải ấy các giải dưới trao lại từ hạng ấy" in " ".join(desk.get("/panel/tai-nang").split())
    desk.post(AWARDS, 409, **form)
    assert 'id="empty"' not in desk.get(AWARDS)
    with app.app_context(), reading():
        kept = db.session.execute(select(Award.prize, Award.position).order_by(Award.entry_id)).all()
        assert [tuple(each) for each in kept] == [("Nhì", 2), ("Nhì", 2), ("Ba", 3)]


def prizes_in(app: Flask, panel: Panel) -> dict[str, str]:
    with app.app_context():
        return prizes(panel)


def test_a_place_is_given_another_prize_and_its_own_again(app: Flask) -> None:
    """Two stand equal: the form has both, one alone is refused; who did not perform is given nothing."""
    with app.app_context():
        panel = locked((45_000, 40_000), special_prizes=[])
        with pytest.raises(BadInput, match="Chỉ trao giải cho tiết mục đã thi và có hạng"):
            say(panel, PrizesGiven({"E002": "Ba"}))
        with pytest.raises(BadInput, match="đúng và đủ những tên đứng cùng một hạng"):
            say(panel, PrizesGiven({"E000": "Nhất", "E001": "Nhất"}))
        with pytest.raises(BadInput, match="không có trong thể lệ"):
            say(panel, PrizesGiven({"E001": "Vàng"}))
    desk = Desk(app, panel.users["chair"])
    assert 'name="prize-E001"' not in desk.get(AWARDS)
    page = desk.get(AWARDS + "?place=2")
    assert 'name="prize-E001"' in page and 'name="prize-E000"' not in page
    form = {"how": "give", "prize-E001": "Ba", **WHO}
    refused = desk.post(AWARDS, 422, **form | {"reason": ""})
    assert 'name="prize-E001"' in refused and '<option value="Ba" selected>' in refused
    desk.post(AWARDS, **form, step="confirm", seen="0")
    with app.app_context():
        assert prizes(panel) == {"E000": "Nhất", "E001": "Ba"}
        for left, said in (("Ba", "Có quyết định đang trao giải «Ba»"), ("Vàng", "Chọn giải để trống")):
            with pytest.raises(BadInput, match=said):
                say(panel, PrizeLeftEmpty(left, "next"))
        with pytest.raises(BadInput, match="Chọn những hạng của giải này nhận gì"):
            say(panel, PrizeLeftEmpty("Nhất", "moved"))
        say(panel, PrizeLeftEmpty("Nhất", "none"))
        assert prizes(panel) == {"E001": "Ba"}
        with pytest.raises(BadInput, match="Giải «Nhất» đang để trống"):
            say(panel, PrizesGiven({"E000": "Nhất"}))
        say(panel, PrizesTakenBack(frozenset({"E001"})))
        with pytest.raises(Conflict):
            say(panel, PrizesTakenBack(frozenset({"E001"})))
        with pytest.raises(Conflict):
            say(panel, PrizeGivenAgain("Nhì"))
        assert prizes(panel) == {"E001": "Nhì"}
        with reading():
            rows = db.session.scalars(select(PanelDecision).order_by(PanelDecision.id)).all()
            assert [(row.kind.value, row.content) for row in rows] == [
                ("prize", {"prizes": {"E001": "Ba"}}),
                ("vacant", {"prize": "Nhất", "then": "none"}),
                ("prize", {"prizes": {"E001": None}, "takes_back": 1}),
            ]


def test_equals_are_decided_together_and_anew(app: Flask) -> None:
    with app.app_context():
        panel = locked((45_000, 40_000, 40_000))
        for alone in ({"E001": "Ba"}, {"E001": "Ba", "E002": "Nhì", "E000": "Nhất"}, {}):
            with pytest.raises(BadInput):
                say(panel, PrizesGiven(alone))
        say(panel, PrizesGiven({"E001": "Nhất", "E002": "Ba"}))
        say(panel, PrizesGiven({"E001": "Ba", "E002": None}), "xem lại")
        assert prizes(panel) == {"E000": "Nhất", "E001": "Ba"}
        with reading():
            kept = decisions_of(panel.contest_id)
            assert (kept.replaced, len(kept.prizes)) == (frozenset({kept.rows[0].id}), 1)
        with transaction():
            assert sign.sign(panel.contest_id, "07", None) == Signed(2)


def test_an_open_question_taken_back_is_asked_again(app: Flask) -> None:
    with app.app_context():
        panel = locked((40_000, 40_000, 35_000))
        say(panel, PrizesGiven({"E000": "Nhất", "E001": "Nhì"}))
        say(panel, PrizesTakenBack(frozenset({"E000", "E001"})))
        assert prizes(panel) == {"E002": "Nhì"}
    page = Desk(app, panel.users["secretary"]).get("/panel/tai-nang")
    assert "<h2>Xét giải cho hạng 1</h2>" in page and "Quyết định lại: Xét giải cho hạng 1" not in page


def test_only_who_sits_there_opens_it_and_only_after_the_lock(app: Flask) -> None:
    with app.app_context():
        panel = cast()
    for who, status in (("secretary", 200), ("chair", 200), ("organiser", 403), ("lan", 404), ("mc", 404)):
        Desk(app, panel.users[who]).get(AWARDS, status)
    desk = Desk(app, panel.users["secretary"])
    assert "chưa khóa điểm" in desk.get(AWARDS)
    desk.post(AWARDS, 409, how="empty", left="Nhất", then="next", **WHO)
    desk.post(AWARDS, 422, how="other", **WHO)


def test_the_organiser_reads_it_and_decides_nothing(app: Flask) -> None:
    with app.app_context():
        panel = locked()
    organiser, secretary = Desk(app, panel.users["organiser"]), Desk(app, panel.users["secretary"])
    assert 'href="/panel/tai-nang/awards"' in organiser.get("/panel/tai-nang")
    read = organiser.get(AWARDS)
    assert "Nhất" in read and 'name="how"' not in read and 'name="how"' in secretary.get(AWARDS)
    organiser.post(AWARDS, 403, how="empty", left="Nhất", then="next", **WHO)


def test_one_bound_more_or_fewer_is_only_looked_at(app: Flask) -> None:
    with app.app_context():
        panel = locked((45_000, 40_000, 35_000), prizes=[{"name": "Nhất", "count": 1}, {"name": "Nhì", "count": 1}])
    desk = Desk(app, panel.users["secretary"])
    more = desk.get(AWARDS + "?bound=Nhất&step=1")
    assert "Giải Nhất thêm 1:" in more and "Nhì → Nhất" in more and "không giải → Nhì" in more
    fewer = desk.get(AWARDS + "?bound=Nhì&step=-1")
    assert "Giải Nhì bớt 1:" in fewer and "Nhì → không giải" in fewer
    for asked in ("?bound=Vàng&step=1", "?bound=Nhì&step=-2", "?bound=Nhì", "?bound=&step=1"):
        assert "Chọn" in desk.get(AWARDS + asked) and "→" not in desk.get(AWARDS + asked)
    assert "Hạng 3, sau các giải của thể lệ." in desk.get(AWARDS)


def test_by_command_and_an_outsider_counts_the_same(app: Flask) -> None:
    bands = [
        {"name": "Vàng", "count": None, "from": 80_000, "share": 67_000},
        {"name": "Bạc", "count": 1, "from": 75_000},
    ]
    with app.app_context():
        panel = locked((45_000, 42_000, 41_000), prizes=bands)
        assert prizes(panel) == {"E000": "Vàng", "E001": "Vàng", "E002": "Bạc"}
    who = ("--reason", "hội ý", "--name", "Nguyễn Thị Chủ")
    assert "Ghi --then" in run(app, "results", "empty-prize", "tai-nang", "Bạc", *who, ok=False)
    run(app, "results", "empty-prize", "tai-nang", "Bạc", "--then", "none", *who)
    run(app, "results", "prize", "tai-nang", "E001=", *who)
    assert prizes_in(app, panel) == {"E000": "Vàng"}
    run(app, "results", "prize-back", "tai-nang", "E001", *who)
    assert prizes_in(app, panel) == {"E000": "Vàng", "E001": "Vàng"}
    with app.app_context(), reading():
        row = db.session.get_one(Contest, panel.contest_id)
        tally, said = tally_for_result(row), decisions_of(row.id)
        codes = {each.delegation_id: each.delegation for each in tally.appearances}
        told = recountable(tally, current_table(tally), said, codes, jury=True)
    assert [each["kind"] for each in told["decisions"]] == ["vacant", "prize", "prize"]
    lines = [{"entry": each["entry"], "place": each["place"], "value": each["value"]} for each in told["standings"]]
    rules = [{"name": "Vàng", "from": 80, "share_percent": 67}, {"name": "Bạc", "from": 75, "count": 1}]
    assert verify.award(lines, rules, json.loads(json.dumps(told["decisions"]))) == {"E000": "Vàng", "E001": "Vàng"}
    run(app, "results", "empty-prize", "tai-nang", "Bạc", "--back", *who)
    assert prizes_in(app, panel)["E002"] == "Bạc"
