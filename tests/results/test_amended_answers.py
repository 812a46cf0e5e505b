"""Signed answers of a quiz are amended as they were first typed: a letter for each question; the points follow."""

from __future__ import annotations

import copy

import pytest
from flask import Flask
from sqlalchemy import select

import verify
from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading
from festival.judging.models import MeasureState
from festival.results.amended.corrections import Corrections, StatedTry, read_corrections
from festival.results.models import Award, StandingAmendment
from tests.judging.panel_cast import Panel
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import Desk, lock_form, people
from tests.results.test_questions_published import answered, sealed_quiz, to, told

pytestmark = pytest.mark.either_database

QUIZ = "/panel/bong-ro"
AMEND = QUIZ + "/amend-standings"
SIGNED_ON = {"number": "12/ĐC", "reason": "chấm sót câu vd", "seen": "1"}
EVERY = (
    ContestState.LOCKED,
    ContestState.SIGNED,
    ContestState.DECIDED,
    ContestState.RELEASED,
    ContestState.PUBLISHED,
)


@pytest.fixture
def panel(app: Flask) -> Panel:
    """Signed 15 points for right, right, wrong, 20 for right, right, passed, none for the third; published with its marks."""
    with app.app_context():
        made = sealed_quiz()
        answered(made)
        for state in EVERY:
            to(made, state)
        return made


def row(letters: str) -> dict[str, str]:
    return {"measure-entry-0": "S000", "measure-value-0": letters}


def first(app: Flask) -> str:
    with app.app_context(), reading():
        (name,) = db.session.scalars(select(Award.name).where(Award.prize == "Nhất"))
        return name


def test_letters_are_amended_like_the_first_entry_and_taken_back(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    assert "Mỗi câu một chữ, theo thứ tự câu hỏi" in secretary.get(AMEND)
    for typed, said in (
        ("ĐĐ", "Mới có 2 câu trả lời, phần thi có 3 câu"),
        ("30", "«3» không phải chữ nào trong đó"),
        ("ĐĐSB", "Có 4 câu trả lời, nhưng phần thi chỉ có 3 câu"),
        ("ĐĐS", "giống như đang có: chưa có gì được sửa"),
    ):
        refused = secretary.post(AMEND, 422, step="read", **row(typed))
        assert said in refused and f'name="measure-value-0" value="{typed}"' in refused
    was = first(app)
    read = secretary.post(AMEND, 200, step="read", **row("đ d đ"))
    assert "15 điểm (ĐĐS) sửa thành 30 điểm (ĐĐĐ)" in read
    two = lock_form(chair="btc")
    secretary.post(AMEND, step="store", **row("đ d đ"), **SIGNED_ON, **two)
    assert first(app) != was
    assert 'name="measure-value-0" value="ĐĐĐ"' in secretary.get(AMEND), "a further one begins with what is in force"
    why = Desk(app, None).get("/contests/bong-ro/explain?entry=S000")
    assert "Đúng 3, sai 0, bỏ qua 0 trên 3 câu." in why
    with app.app_context():
        with reading():
            kept = db.session.scalars(select(StandingAmendment.corrections)).one()
        assert read_corrections(kept) == Corrections(measures={("S000", 1): StatedTry(MeasureState.VALID, 30, "rrr")})
        with checks.snapshot():
            assert list(checks.inspect(("results:bong-ro",)).named()) == []
        file = told(panel, jury=True)
        verify.check(file, [])
        forged = copy.deepcopy(file)
        contest = next(each for each in forged["contests"] if each["code"] == "bong-ro")
        contest["amendments"][0]["corrections"]["measures"][0][-1] = "rrw"
        with pytest.raises(verify.Disagrees):
            verify.check(forged, [])
    secretary.post(AMEND, step="store", takes_back="1", **{**SIGNED_ON, "number": "13/ĐC", "seen": "2"}, **two)
    assert first(app) == was


def test_other_letters_of_the_same_points_are_an_amendment_too_also_by_command(app: Flask, panel: Panel) -> None:
    call = ("results", "amend", "bong-ro", "--number", "12/ĐC", "--reason", "nhầm câu", "--yes")
    both = ("--chair", "btc", "--secretary", "thuky")
    env = {"CHAIR_PASSWORD": "nắng-biển-Hòn-Đất", "SECRETARY_PASSWORD": "nắng-biển-Hòn-Đất"}
    assert "Mới có 2 câu trả lời" in run(app, *call, "--measure", "S001=ĐĐ", *both, env=env, ok=False)
    said = run(app, *call, "--measure", "S002=BSB", *both, env=env)
    assert "0 điểm (SBB) sửa thành 0 điểm (BSB)" in said
    with app.app_context():
        verify.check(told(panel, jury=True), [])
