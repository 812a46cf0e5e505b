"""`flask results petitions`: lodged on paper, listed without a word of the text, answered by whose business it is."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading
from festival.results.petitions.models import PetitionStep
from festival.roster.models import Delegation
from tests.judging.panel_cast import PASSWORD, Panel
from tests.results.test_commands import run
from tests.results.test_petitions import WHY, panel

__all__ = ["panel"]

pytestmark = pytest.mark.either_database

LODGE = ("results", "petitions", "lodge")
ANSWER = ("results", "petitions", "answer", "1", "--what", "refused", "--words", "Không có căn cứ")


def test_without_a_browser(app: Flask, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context(), reading():
        code = db.session.scalars(select(Delegation.code).order_by(Delegation.id)).first() or ""
    paper = (*LODGE, code, "--about", "contest:tai-nang", "--by-head", "Danh Trưởng", "--words", WHY)
    assert "Cần --by" in run(app, *paper, ok=False)
    assert "số 1" in run(app, *paper, "--by", "thuky")
    assert "số 2" in run(
        app,
        *LODGE,
        code,
        "--about",
        "whole",
        "--by-head",
        "Danh Trưởng",
        "--words",
        WHY,
        "--complaint",
        "--by",
        "thuky",
    )
    listed = run(app, "results", "petitions", "list")
    assert [line.split(":")[0] for line in listed.splitlines()] == ["1", "2"] and WHY not in listed
    for name in ("CHAIR_PASSWORD", "SECRETARY_PASSWORD", "ORGANISER_PASSWORD"):
        monkeypatch.setenv(name, PASSWORD)
    assert "Cần --organiser" in run(app, *ANSWER, ok=False)
    assert "cùng trả lời" in run(app, *ANSWER, "--organiser", "btc", ok=False)
    assert "Đã trả lời kiến nghị số 1" in run(app, *ANSWER, "--chair", "chair", "--secretary", "thuky")
    with app.app_context(), reading():
        (step,) = db.session.scalars(select(PetitionStep))
        assert (step.by_user, step.with_user) == (panel.users["chair"], panel.users["secretary"])
