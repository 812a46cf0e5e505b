"""Whoever saw a result that was public at once sees that it was corrected, when, and what it was."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import transaction
from festival.judging.measuring import drop_measure, note_measure
from festival.judging.models import MeasureRevision, MeasureState
from festival.results.published import published_results
from tests.judging.panel_cast import Panel, cast
from tests.results.test_commands import run

pytestmark = pytest.mark.either_database


def lines(panel: Panel) -> list[tuple[int | None, str, str | None, str | None]]:
    (sport,) = published_results(panel.festival_id)
    told = [
        (
            line.place,
            line.value,
            str(line.remark) if line.remark else None,
            str(line.corrected.before) if line.corrected else None,
        )
        for line in sport.lines
    ]
    db.session.rollback()
    return told


def note(panel: Panel, state: MeasureState, value: int | None, base: int) -> None:
    with transaction():
        note_measure(panel.sport_id, panel.sport_entries[0], 1, state, value, base, None)


def test_a_corrected_or_taken_back_result_says_so(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        note(panel, MeasureState.DISQUALIFIED, None, 0)
        assert lines(panel) == [(None, "", "Bị loại theo thể lệ.", None)]
        note(panel, MeasureState.VALID, 12, 1)
        assert lines(panel) == [(1, "12", None, "trước: Bị loại theo thể lệ.")]
        note(panel, MeasureState.VALID, 13, 2)
        assert lines(panel) == [(1, "13", None, "trước: 12 quả")]
        with transaction():
            drop_measure(panel.sport_id, panel.sport_entries[0], 1, 3, None)
        assert lines(panel) == [(None, "", "Chưa có kết quả.", "trước: 13 quả")]
        kept = [row.content for row in db.session.scalars(select(MeasureRevision).order_by(MeasureRevision.id))]
        assert kept == [
            {"state": "dsq", "value": None, "version": 1},
            {"state": "valid", "value": 12, "version": 2},
            {"state": "valid", "value": 13, "version": 3},
        ]
        db.session.rollback()
    page = app.test_client().get("/contests/bong-ro").text
    assert "Đã sửa lúc" in page and "trước: 13 quả" in page


def test_a_command_asks_before_a_family_is_shown_as_out(app: Flask) -> None:
    with app.app_context():
        panel = cast()
    asked = run(app, "judging", "measure", "bong-ro", "S000", "dsq", ok=False)
    assert "Mọi người sẽ thấy ngay: Gia đình ông Danh Chung 0, Đoàn huyện Số 0: bị loại. Ghi?" in asked
    with app.app_context():
        assert lines(panel) == []
    run(app, "judging", "measure", "bong-ro", "S000", "dsq", "--yes")
    # what a panel marks is never public at once: nobody is asked
    run(app, "judging", "measure", "tai-nang", "E000", "dns")
    run(app, "judging", "measure", "bong-ro", "S000", "12")
    (told,) = json.loads(run(app, "results", "public"))
    assert told["lines"][0]["corrected"]["before"] == "trước: Bị loại theo thể lệ."
