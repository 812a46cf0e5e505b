"""Devices, the secretary's table and the command against one quiz: what is taken, refused, kept beside, and what others see."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.contests.models import Contest, ResultKind
from festival.contests.questions.answers import digest_of
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.ground.models import MeasureSeen
from festival.judging.models import Measure
from festival.judging.tally import read_tally
from festival.results.decisions import decisions
from festival.results.explain.steps import steps_of
from festival.results.explain.words import explained
from festival.results.ladder.annex import annex_of
from festival.results.table import compute_table
from tests.devices.kit import Phone
from tests.judging.panel_cast import Panel
from tests.judging.test_ground_sync import chooses, one_try, scene, sealed, told
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import Desk

ASKED: list[dict[str, Any]] = [
    {"code": "1", "points": 10, "seconds": 15},
    {"code": "2", "points": 10, "seconds": 15},
    {"code": "vd", "points": 10, "minus": 5},
]
TABLE = "/panel/bong-ro/measures/table"


def quiz(app: Flask, client: FlaskClient, **rules: Any) -> tuple[Panel, list[Phone]]:
    asked = {"result_kind": ResultKind.ANSWERS, "questions": ASKED, "unit_label": "điểm", "best_possible": 30}
    return scene(app, client, **asked | rules)


def answers(phone: Phone, said: str, value: int, base: int = 0, **body: Any) -> tuple[str, Any]:
    told_ = {"state": "valid", "value": value, "answers": said, "questions": digest_of(ASKED)} | body
    return told(phone, phone.write("measure.note", "S000/1", told_, base_version=base))


def stands(app: Flask) -> list[tuple[str | None, int | None, int]]:
    with app.app_context(), reading():
        rows = db.session.execute(select(Measure.answers, Measure.value, Measure.version).order_by(Measure.id))
        return [(row.answers, row.value, row.version) for row in rows]


def test_answers_are_taken_put_right_and_kept_apart_when_a_device_was_stale(app: Flask, client: FlaskClient) -> None:
    _panel, (phone, other) = quiz(app, client)
    (contest,) = phone.state()["state"]["contests"]
    assert (contest["questions"], contest["digest"], contest["most"]) == (ASKED, digest_of(ASKED), 30)
    assert answers(phone, "rrp", 20) == ("applied", {"version": 1})
    assert answers(phone, "rrp", 20) == ("duplicate", {"version": 1})
    # the same points by other answers are another result
    said, detail = answers(other, "prr", 20)
    assert (said, detail["current"]) == ("conflict", {"state": "valid", "value": 20, "answers": "rrp"})
    (offer,) = one_try(other)["offers"]
    assert (offer["answers"], one_try(other)["answers"]) == ("prr", "rrp")
    assert chooses(other, offer["mid"], 1) == ("applied", {"version": 2})
    assert answers(phone, "rrw", 15, 2) == ("applied", {"version": 3})
    assert stands(app) == [("rrw", 15, 3)]
    # the head answers to exactly what is shown
    for shown, expected in (("wrr", "rejected"), ("rrw", "applied")):
        body = {"state": "valid", "value": 15, "answers": shown, "agrees": True, "note": ""}
        assert told(phone, phone.write("measure.confirm", "S000/1", body, base_version=3))[0] == expected
    with app.app_context(), reading():
        assert [each.version for each in db.session.scalars(select(MeasureSeen))] == [3]
    assert sealed(app) == []


def test_other_questions_and_no_questions_are_refused_and_change_nothing(app: Flask, client: FlaskClient) -> None:
    _panel, (phone, _other) = quiz(app, client)
    older = digest_of(ASKED[:2])
    assert answers(phone, "rr", 20, questions=older) == ("rejected", "other_questions")  # rules of before
    assert answers(phone, "rrr", 30, questions=None) == ("rejected", "other_questions")
    assert answers(phone, "rrr", 3, answers=None) == ("rejected", "other_questions")  # an app that counts only
    assert answers(phone, "rrrr", 30) == ("rejected", "malformed")  # a question that is not there
    assert answers(phone, "rrx", 20) == ("rejected", "malformed")
    assert answers(phone, "rrr", 20) == ("rejected", "malformed")  # points that do not follow
    assert answers(phone, "rrr", 30, answers=7) == ("rejected", "malformed")
    assert stands(app) == []
    # and answers where nothing is asked
    with app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "bong-ro").values(questions=None))
    assert answers(phone, "rrr", 30) == ("rejected", "other_questions")
    assert stands(app) == [] and sealed(app) == []


def test_two_who_write_blind_stand_when_every_answer_is_the_same(app: Flask, client: FlaskClient) -> None:
    panel, (one, two) = quiz(app, client, counters=2)
    assert answers(one, "rpp", 10) == ("applied", {"awaits": "other"})
    assert (one_try(two)["own_answers"], one_try(one)["own_answers"]) == (None, "rpp")
    assert answers(two, "prp", 10) == ("applied", {"awaits": "differs"})
    desk = Desk(app, panel.users["secretary"])
    page = desk.get("/panel/bong-ro/ground")
    assert "Máy 1: 10 điểm (ĐBB)" in page and "Máy 2: 10 điểm (BĐB)" in page
    form = {"entry": "S000", "round": "1", "version": "0", "reason": "Trọng tài chính nghe lại băng"}
    refused = desk.post("/panel/bong-ro/ground/decide", 422, **form | {"value": "ĐB"})
    assert "Mới có 2 câu trả lời" in refused and 'value="ĐB"' in refused
    assert answers(two, "rpp", 10) == ("applied", {"version": 1})
    assert stands(app) == [("rpp", 10, 1)]
    desk.post("/panel/bong-ro/ground/decide", **form | {"value": "ĐBĐ", "version": "1"})
    assert stands(app) == [("rpr", 20, 2)] and sealed(app) == []


def test_the_secretary_types_letters_and_a_refused_save_keeps_them(app: Flask, client: FlaskClient) -> None:
    panel, _phones = quiz(app, client)
    desk = Desk(app, panel.users["secretary"])
    form = {"v-S000-1": "đđs", "b-S000-1": "0", "v-S001-1": "ĐĐ", "b-S001-1": "0", "v-S002-1": "", "b-S002-1": "0"}
    refused = desk.post(TABLE, 422, **form)
    assert "Mới có 2 câu trả lời, phần thi có 3 câu." in refused and 'value="đđs"' in refused
    assert stands(app) == []
    desk.post(TABLE, **form | {"v-S001-1": "d b d"})
    assert stands(app) == [("rrw", 15, 1), ("rpr", 20, 1)]
    page = desk.get(TABLE)
    assert 'value="ĐĐS"' in page and "15 điểm" in page
    # unchanged is not written again; a bare number is no answer
    desk.post(TABLE, **form | {"v-S000-1": "ĐĐS", "b-S000-1": "1", "v-S001-1": "ĐBĐ", "b-S001-1": "1"})
    assert stands(app) == [("rrw", 15, 1), ("rpr", 20, 1)]
    one = {"entry": "S000", "round": "1", "version": "1"}
    assert "«1» không phải chữ nào" in desk.post("/panel/bong-ro/measures", 422, **one | {"value": "15"})
    desk.post("/panel/bong-ro/measures", **one | {"value": "ĐĐĐ"})
    assert stands(app) == [("rrr", 30, 2), ("rpr", 20, 1)]
    assert 'value="ĐĐĐ"' in desk.get("/panel/bong-ro/measures")
    desk.post(TABLE, **form | {"v-S000-1": "", "b-S000-1": "2", "v-S001-1": "ĐBĐ", "b-S001-1": "1"})
    assert stands(app) == [("rpr", 20, 1)] and sealed(app) == []


def test_commands_write_all_answers_or_put_one_right(app: Flask, client: FlaskClient) -> None:
    panel, _phones = quiz(app, client)
    assert "15 điểm. Đúng 2, sai 1, bỏ qua 0 trên 3 câu. ĐĐS" in run(app, "judging", "answer", "bong-ro", "S000", "ĐĐS")
    assert "20 điểm" in run(app, "judging", "answer", "bong-ro", "S000", "B", "--question", "vd")
    assert stands(app) == [("rrp", 20, 2)]
    for refused, words in (
        (("S000", "Đ", "--question", "9"), "không có câu hỏi «9»"),
        (("S001", "Đ", "--question", "1"), "chưa có câu trả lời"),
        (("S000", "ĐĐ"), "Mới có 2 câu trả lời"),
        (("S9", "ĐĐĐ"), "không có tiết mục"),
    ):
        assert words in run(app, "judging", "answer", "bong-ro", *refused, ok=False)
    run(app, "judging", "measure", "bong-ro", "S001", "SSS")
    assert stands(app) == [("rrp", 20, 2), ("www", 0, 1)]
    with app.app_context(), reading():
        tallied = read_tally(db.session.get_one(Contest, panel.sport_id))
        table = compute_table(tallied, settled=True)
        names = {code: code for code in table.appearances}
        (tries, *_rest) = explained(steps_of(tallied, table, "S000", decisions(())), table, names, "S000")
        said = [str(each) for each in tries.said]
        assert said == ["Lượt 1: 20 điểm.", "Đúng 2, sai 0, bỏ qua 1 trên 3 câu.", "Câu đúng: 1, 2.", "Câu bỏ qua: vd."]
        assert [(each.name, each.answers) for each in annex_of(tallied).answered] == [
            (tallied.appearances[0].name, "ĐĐB"),
            (tallied.appearances[1].name, "SSS"),
        ]


def test_an_old_quiz_counts_right_answers_as_before(app: Flask, client: FlaskClient) -> None:
    panel, (phone, _other) = scene(app, client, result_kind=ResultKind.ANSWERS, points_per_answer_milli=2000)
    desk = Desk(app, panel.users["secretary"])
    message = phone.write("measure.note", "S000/1", {"state": "valid", "value": 12}, base_version=0)
    assert told(phone, message) == ("applied", {"version": 1})
    assert "answers" not in one_try(phone) and "questions" not in phone.state()["state"]["contests"][0]
    desk.post("/panel/bong-ro/measures", entry="S001", round="1", version="0", value="9")
    assert stands(app) == [(None, 12, 1), (None, 9, 1)]
    assert "flask judging measure" in run(app, "judging", "answer", "bong-ro", "S000", "ĐĐS", ok=False)
    assert sealed(app) == []
