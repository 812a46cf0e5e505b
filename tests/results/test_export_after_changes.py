"""A judge replaced, an act that both marked, a reserve, then amendments: is the export still true, and does it say it all?"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

import verify
from festival.contests.actions import seat
from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.judging.panel.replacing import SeatTaken, replace_judge
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.whole import amend_whole_standings
from festival.results.ladder.sign import StillOpen
from tests.judging.panel_cast import Panel, marks, send
from tests.results.test_amended_standings import amended
from tests.results.test_export import prepared, recounted, stream, told
from tests.results.whole_cast import bring, lock_all
from tests.results.whole_kit import ONE_FIRST, decide, sign

pytestmark = pytest.mark.either_database

Json = dict[str, Any]
RESERVES = 31_250, 12_500  # marks that nobody else gives


def changed_panel() -> tuple[Panel, int, int]:
    """Judge C was replaced; both marked the first act, and the substitute's sheet counts. The deputy waits in reserve."""
    panel = prepared("marks")
    with transaction():
        festival = db.session.get_one(Festival, panel.festival_id)
        first, *others = festival.ruleset["contests"]
        scoring = {"rule": "mean"}
        one = first | {"marked_by_both": "substitute", "scoring": scoring}
        festival.ruleset = {**festival.ruleset, "contests": [one, *others]}
        contest = db.session.get_one(Contest, panel.contest_id)
        contest.marked_by_both, contest.aggregate, contest.smallest_panel = "substitute", "mean", 2
        reserve = seat(panel.contest_id, panel.users["deputy"], PanelSeat.RESERVE).judge_id
    send(panel.message("deputy", 1, marks(*RESERVES)))
    with transaction():
        two = panel.users["chair"], panel.users["secretary"]
        taken = replace_judge(panel.judges["hung"], panel.users["other"], "ốm", *two)
        assert isinstance(taken, SeatTaken)
    send(panel.message("other", 0, marks(47_000, 46_000)))
    return panel, taken.judge_id, reserve


def sheet_of(file: Json, entry: int, letter: str) -> Json:
    contest = file["contests"][0]
    (seated,) = [each["seat"] for each in contest["seats"] if each["letter"] == letter]
    found: Json = next(each for each in contest["entries"][entry]["sheets"] if each["seat"] == seated)
    return found


def other_of_both(file: Json) -> None:
    """The file says that the sheet of who was replaced counts."""
    sheet = sheet_of(file, 0, "C")
    sheet.update(by=file["contests"][0]["seats"][2]["sat"][0], marks=marks(31_000, 31_000), total=62_000)
    recounted(file["contests"][0])


def test_the_sheet_that_counts_for_a_seat_is_held_against_the_ledger_and_a_reserve_is_in_no_file(app: Flask) -> None:
    with app.app_context():
        panel, substitute, reserve = changed_panel()
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)
        files = [told(panel, jury=True), told(panel)]
    for file in files:
        assert verify.check(file, []).startswith("Khớp: 6 thứ hạng, 6 tính lại từ điểm")
        third = file["contests"][0]["seats"][2]
        assert (third["seat"], third["sat"]) == (substitute, [panel.judges["hung"], substitute])
        assert "by" not in sheet_of(file, 0, "C")
        assert sheet_of(file, 1, "C")["by"] == panel.judges["hung"], "what the judge had marked before stays"
        text = json.dumps(file, default=float)
        assert [number for number in ("31250", "12500", f'"judge": {reserve}') if number in text] == []
        changed = copy.deepcopy(file)
        other_of_both(changed)
        with pytest.raises(verify.Disagrees, match="E000"):
            verify.check(changed, [])


def second_wins(panel: Panel) -> Corrections:
    """Everybody gave the second family 50 for its content; the seat of C as who sits there now."""
    with reading():
        mine = select(Judge.id).where(Judge.contest_id == panel.contest_id, Judge.marks)
        seats = list(db.session.scalars(mine))
    return Corrections(marks={("E001", each, name): 50_000 for each in seats for name in ("noi-dung", "dien-xuat")})


Change = Callable[[Json], object]
TAMPERINGS: dict[str, tuple[Change, str]] = {
    "a corrected mark": (lambda last: last["corrections"]["marks"][0].__setitem__(3, 250), "đính chính 1, tiết mục"),
    "a place": (lambda last: last["standings"][0].update(place=2), "đính chính 1, tiết mục, E001"),
    "its hash": (lambda last: last.update(standings_hash="0" * 64), "đính chính 1: mã bảng"),
    "its number": (lambda last: last.update(n=2), "đính chính"),
    "all made to fit": (
        lambda last: [
            last["standings"][0].update(value=last["standings"][0]["value"] + 1),
            last.update(standings_hash=verify.bare_hash(last["standings"])),
        ],
        "đính chính 1, tiết mục, E001",
    ),
}


def test_an_amendment_is_recounted_from_the_signed_marks_and_every_change_of_it_is_named(app: Flask) -> None:
    with app.app_context():
        panel, _substitute, _reserve = changed_panel()
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)
        assert isinstance(amended(panel, second_wins(panel)), Amended)
        files = [told(panel, jury=True), told(panel)]
    for file in files:
        contest = file["contests"][0]
        assert verify.check(file, []).startswith("Khớp: 9 thứ hạng, 9 tính lại từ điểm")
        assert contest["standings"][0]["entry"] == "E000", "the signed standings stay"
        (after,) = contest["amendments"]
        assert after["standings"][0]["entry"] == "E001"
        assert {each["entry"]: each["prize"] for each in contest["awards"]}["E001"] == "Nhất", "the awards in force"
        assert ("reason" in after) == (file["holds"] == "jury")
        (line,) = [each for each in stream(file, "results:tai-nang")["lines"] if each["kind"] == "standings.amended"]
        assert line["subject"]["standings_hash"] == after["standings_hash"]
        for what, (change, where) in TAMPERINGS.items():
            changed = copy.deepcopy(file)
            change(changed["contests"][0]["amendments"][-1])
            with pytest.raises(verify.Disagrees, match=where):
                verify.check(changed, [])
            assert what
        for others in ([], [after, after]):
            changed = copy.deepcopy(file)
            changed["contests"][0]["amendments"] = others
            with pytest.raises(verify.Disagrees, match="biên bản đính chính khác với sổ"):
                verify.check(changed, [])


def test_standings_alone_hold_the_amended_table_against_the_chain(app: Flask) -> None:
    with app.app_context():
        panel, _substitute, _reserve = changed_panel()
        with transaction():
            db.session.execute(update(Contest).where(Contest.id == panel.contest_id).values(published="standings"))
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)
        amended(panel, second_wins(panel))
        file = told(panel)
    (after,) = file["contests"][0]["amendments"]
    assert set(after) == {"n", "takes_back", "standings", "standings_hash"}, "no mark, no reason, no number"
    assert verify.check(file, []).startswith("Khớp: 9 thứ hạng, 3 tính lại từ điểm")
    after["standings"][0]["value"] += 1
    after["standings_hash"] = verify.bare_hash(after["standings"])
    with pytest.raises(verify.Disagrees, match="biên bản đính chính khác với sổ"):
        verify.check(file, [])


def test_the_delegations_are_recounted_with_the_amendments_they_counted(app: Flask) -> None:
    """Signed before a contest was amended they are the signed ones, then amended themselves with what it made of them."""
    with app.app_context():
        panel, _substitute, _reserve = changed_panel()
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        decide(panel, ONE_FIRST)
        two = panel.users["chair"], panel.users["secretary"]
        assert not isinstance(sign(panel, "9/TĐ"), StillOpen)
        amended(panel, second_wins(panel))
        before = told(panel, jury=True)
        assert verify.check(before, []).startswith("Khớp: 9 thứ hạng")
        given = {"doan-0": "Nhì", "doan-1": "Nhất", "doan-2": "Khuyến khích"}
        with transaction():
            outcome = amend_whole_standings(panel.festival_id, given, "10/TĐ", "theo phần thi", *two)
        assert isinstance(outcome, Amended)
        after = told(panel, jury=True)
        assert verify.check(after, []).startswith("Khớp: 9 thứ hạng")
        assert {each["delegation"]: each["prize"] for each in after["whole"]["lines"]} == given
        assert after["whole"]["lines"] != before["whole"]["lines"]
        after["whole"]["given"]["doan-2"] = "Nhất"
        with pytest.raises(verify.Disagrees, match="toàn đoàn"):
            verify.check(after, [])


def test_the_public_explanation_tells_what_is_in_force_and_says_where_the_amendment_decided(app: Flask) -> None:
    with app.app_context():
        panel, _substitute, _reserve = changed_panel()
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)
    client = app.test_client()
    note = "Phần thi đã được đính chính"
    assert note not in client.get("/contests/tai-nang/explain?entry=E001").text
    with app.app_context():
        amended(panel, second_wins(panel))
    told_now = client.get("/contests/tai-nang/explain?entry=E001").text
    assert note in told_now and "Giám khảo A: 100 điểm." in told_now and "Xếp hạng 1." in told_now
    with app.app_context():
        amended(panel, Corrections(places={"E000": 1, "E001": 3, "E002": 2}, prizes={"E001": None}), "14/ĐC")
    stated = client.get("/contests/tai-nang/explain?entry=E001").text
    assert "Hạng ghi trong biên bản đính chính." in stated and "Xếp hạng 3." in stated
    assert "Giải ghi trong biên bản đính chính." in stated and "Không có giải." in stated
    with app.app_context():
        files = [told(panel, jury=True), told(panel)]
    for file in files:
        assert [each["n"] for each in file["contests"][0]["amendments"]] == [1, 2]
        assert verify.check(file, []).startswith("Khớp: 12 thứ hạng, 12 tính lại từ điểm")
