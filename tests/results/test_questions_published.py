"""Answers by question are nobody's until the result is published; then its rules say how far, and the file recounts them."""

from __future__ import annotations

import copy
import json

import pytest
from flask import Flask

import verify
from config import Config
from festival.contests.models import Contest, ContestState, ResultKind, Secrecy
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.judging.measuring import MeasureTaken, note_measure
from festival.judging.models import MeasureState
from festival.results.export.edition import export_of
from festival.results.ladder import lock, sign
from festival.results.ladder.lock import Locked
from tests.judging.panel_cast import USUAL, Panel, cast
from tests.results.test_commands import RULESET
from tests.results.test_pages_of_the_panel import Desk
from tests.results.test_secrecy import changed, public_paths, seen

QUESTIONS = [{"count": 2, "points": 10, "seconds": 15}, {"code": "vd", "points": 10, "minus": 5}]
RULES = {
    "code": "bong-ro", "name": "Ném bóng vào rổ", "kind": "quiz", "secrecy": "kín", "published": "marks", "duration_min": 3,
    "questions": QUESTIONS, "place_points": [15, 14, 13], "prizes": [each | {"count": each["count"] or "rest"} for each in USUAL],
}  # fmt: skip
STORED = [
    {"code": "1", "points": 10, "seconds": 15},
    {"code": "2", "points": 10, "seconds": 15},
    {"code": "vd", "points": 10, "minus": 5},
]
GIVEN = {"rrw": 15, "rrp": 20, "wpp": 0}


def sealed_quiz() -> Panel:
    panel = cast()
    with transaction():
        contest = db.session.get_one(Contest, panel.sport_id)
        contest.result_kind, contest.secrecy, contest.published = ResultKind.ANSWERS, Secrecy.SECRET, "marks"
        contest.questions, contest.unit_label, contest.best_possible = STORED, "điểm", 30
        rules = json.loads(RULESET.read_text(encoding="utf-8"))
        rules["contests"] = [RULES, *(each for each in rules["contests"] if each["code"] != RULES["code"])]
        db.session.get_one(Festival, panel.festival_id).ruleset = rules
    return panel


def answered(panel: Panel) -> None:
    with transaction():
        for entry, (answers, value) in zip(panel.sport_entries, GIVEN.items(), strict=True):
            taken = note_measure(panel.sport_id, entry, 1, MeasureState.VALID, value, 0, None, None, answers)
            assert isinstance(taken, MeasureTaken)


def to(panel: Panel, state: ContestState) -> None:
    with transaction():
        match state:
            case ContestState.LOCKED:
                locked = lock.lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"])
                assert isinstance(locked, Locked)
            case ContestState.SIGNED:
                sign.sign(panel.sport_id, "1", None)
            case ContestState.DECIDED:
                sign.record_award_decision(panel.sport_id, "2", None)
            case ContestState.RELEASED:
                sign.release(panel.sport_id, None)
            case _:
                sign.publish(panel.sport_id, None)


def told(panel: Panel, *, jury: bool) -> verify.Json:
    with reading():
        return verify.read(json.dumps(export_of(db.session.get_one(Festival, panel.festival_id), jury=jury)))


def test_no_answer_is_public_before_the_publication_and_each_is_recounted_after(app: Flask, config: Config) -> None:
    with app.app_context():
        panel = sealed_quiz()
    paths = [path for path in public_paths(app) if not path.startswith(("/readyz", "/register"))]
    steady = seen(config, paths)
    with app.app_context():
        answered(panel)
    assert changed(config, paths, steady) == []
    for state in (ContestState.LOCKED, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED):
        with app.app_context():
            to(panel, state)
        assert changed(config, paths, steady) == [], state
        if state is ContestState.SIGNED:
            minutes = Desk(app, panel.users["secretary"]).get("/panel/bong-ro/minutes")
            assert (
                "Phụ lục: câu trả lời của từng đội" in minutes and "ĐĐS. Đúng 2, sai 1, bỏ qua 0 trên 3 câu." in minutes
            )
    with app.app_context():
        to(panel, ContestState.PUBLISHED)
    assert changed(config, paths, steady) != []
    why = app.test_client().get("/contests/bong-ro/explain?entry=S001").get_data(as_text=True)
    assert "Đúng 2, sai 0, bỏ qua 1 trên 3 câu." in why and "Câu bỏ qua: vd." in why
    with app.app_context():
        for jury in (False, True):
            file = told(panel, jury=jury)
            contest = next(each for each in file["contests"] if each["code"] == "bong-ro")
            assert [each["results"][0]["answers"] for each in contest["entries"]] == list(GIVEN)
            verify.check(file, [])
            for answers, value in (("rrr", 15), ("rrr", 30), ("rrwr", 15), ("rwr", 20)):
                forged = copy.deepcopy(file)
                there = next(each for each in forged["contests"] if each["code"] == "bong-ro")
                there["entries"][0]["results"][0].update(answers=answers, value=value)
                with pytest.raises(verify.Disagrees):
                    verify.check(forged, [])
