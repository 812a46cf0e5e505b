"""The sex of judges and secretaries: written down on a page of the report, counted, taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from festival.ceremony.report import versions
from festival.ceremony.report.counting.tables import SUM
from festival.ceremony.report.models import ReportLine
from festival.ceremony.report.reading import facts_of
from festival.core.database import db
from festival.core.seal.checks import inspect
from festival.core.transaction import reading
from festival.editions.queries import the_festival
from tests.accounts.kit import make_user, signed_in

pytestmark = pytest.mark.either_database

HOME = "/office/report"


def test_the_sex_of_judges_is_written_down_and_counted(demo_app: Flask) -> None:
    """Accounts have none; each judge stays counted once, so women, men and not written always make the whole."""
    app, page = demo_app, f"{HOME}/typed/panel"
    make_user(app, "bc")
    organiser = signed_in(app, "bc")

    def jury() -> list[object]:
        with app.app_context(), reading():
            found = versions.report_now(the_festival(), []).content
            table = next(each for each in found.tables if each.key == "equality")
            assert not any(kind.startswith("panel") for kind, *_rest in [(line.kind,) for line in found.lines])
            return [table.shown("jury", column) for column in ("women", "men", "unknown", SUM)]

    with app.app_context(), reading():
        first, second = facts_of(the_festival(), {}).panel[:2]
    women, men, unknown, whole = jury()
    assert isinstance(unknown, int) and f"{HOME}/typed/panel" in organiser.get(HOME).text
    assert first in organiser.get(page).text and "Thêm một dòng" not in organiser.get(page).text
    assert organiser.post(page, kind="panel_woman", name=first.upper()).status_code == 303
    assert organiser.post(page, kind="panel_man", name=second).status_code == 303
    assert jury() == [women + 1, men + 1, unknown - 2, whole]  # type: ignore[operator]
    twice = organiser.post(page, kind="panel_man", name=first)
    assert (twice.status_code, "Người này đã ghi rồi" in twice.text) == (409, True)
    stranger = organiser.post(page, kind="panel_man", name="Người Lạ")
    assert (stranger.status_code, "Không có giám khảo, thư ký nào tên" in stranger.text) == (400, True)
    with app.app_context(), reading():
        row = db.session.scalars(select(ReportLine).where(ReportLine.name == first)).one()
        line_id = row.id
    assert organiser.post(f"{HOME}/lines/{line_id}/take-back", version="1").status_code == 303
    assert jury() == [women, men + 1, unknown - 1, whole]  # type: ignore[operator]
    assert organiser.post(f"{HOME}/lines/{line_id}/bring-back", version="2").status_code == 303
    with app.app_context(), reading():
        assert inspect().clean
