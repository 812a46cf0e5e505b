"""`flask schedule mend`: an hour asked for, a stage that stops, a family that comes later; printed first, one step, taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import reading
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule.mending import answer
from festival.schedule.models import Act, Session
from tests.portal.test_delegation_page import Head
from tests.schedule.test_board_commands import Run, run
from tests.schedule.test_mending_day import head, starts, version
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, times

pytestmark = pytest.mark.either_database

__all__ = ["head", "ids", "inside", "planned", "run", "sessions"]  # fixtures


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the solver's process: what is found in a moment is enough here."""
    monkeypatch.setattr(answer, "SOLVER", False)


def test_an_hour_is_asked_for_printed_taken_and_taken_back(planned: Ids, run: Run) -> None:
    before = times(planned.talent)
    first, last = next(iter(before)), list(before)[-1]
    hour = before[first].split()[0]
    told = run("mend", "--act", last, "--at", hour, code=1)
    assert "xin đúng 7 giờ 30." in told and "gia đình khác đổi giờ, nhiều nhất" in told
    assert "→ 7 giờ 30 ngày 28/6" in told and "Chưa ghi. Đồng ý với các điều trên thì thêm --yes." in told
    assert times(planned.talent) == before
    assert "Lấy lại: flask schedule undo" in run("mend", "--act", last, "--at", hour, "--day", "2024-06-28", "--yes")
    assert times(planned.talent)[last] == before[first]
    assert "Đã hoàn tác." in run("undo", "--yes") and times(planned.talent) == before
    same = run("mend", "--act", last, "--from", before[last].split()[0], "--yes")
    assert "Không phải đổi gì." in same and times(planned.talent) == before
    out = run("mend", "--act", last, "--at", "6:00", "--yes", code=1)
    assert "- vướng: «" in out and "Không có cách nào trong giới hạn này." in out
    for wrong, said in (
        (("--act", last), "Cần đúng một trong ba: --at, --from, --until."),
        (("--act", last, "--at", "lúc sáng"), "Giờ viết như 7:30"),
        (("--act", last, "--at", "8:00", "--day", "2030-01-01"), "Chọn một ngày có buổi thi."),
        (("--act", last, "--at", "8:00", "--minutes", "5"), "Không dùng cùng --act: --minutes."),
        (("--act", last, "--stage", "san"), "Cần đúng một trong năm"),
        ((), "Cần đúng một trong năm"),
        (("--undo", "--yes"), "Không có lần vá nào để hoàn tác"),
        (("--undo", "--stage", "san"), "--undo không đi cùng lựa chọn nào khác."),
        (
            ("--stage", "san", "--from", "8:00", "--minutes", "25"),
            "Ở đó hôm nay không còn tiết mục nào chưa thi. Còn: không có.",
        ),
    ):
        refused = run("mend", *wrong, code=2 if "Cần đúng" in said or "cùng" in said else 1)
        assert said in " ".join(refused.split()), refused
    assert times(planned.talent) == before


def test_on_the_day_a_stop_is_printed_published_in_one_step_and_taken_back(app: Flask, head: Head) -> None:
    with app.app_context(), reading():
        festival = db.session.scalars(select(Festival.code)).one()
        code = db.session.scalars(select(Entry.code).join(Act).order_by(Act.position)).all()[-2]

    def mend(*words: str, code: int = 0) -> str:
        with app.app_context():
            db.session.remove()
            done = app.test_cli_runner().invoke(args=["schedule", "mend", festival, *words])
        assert done.exit_code == code, done.output
        return " ".join(done.output.split())

    was, (number, _told) = starts(app), version(app)
    stop = "--stage", "a", "--minutes", "25", "--from", "7:50"
    told = mend(*stop, code=1)
    assert "Sân khấu A tạm ngừng 25 phút từ 7 giờ 50." in told and "muộn hơn" in told and "Chưa ghi." in told
    assert starts(app) == was and version(app)[0] == number
    assert f"Đã đổi giờ và công bố phiên bản {number + 1}." in mend(*stop, "--yes")
    assert version(app) == (number + 1, starts(app)) and starts(app) != was
    assert f"Đã trả lại giờ trước đó và công bố phiên bản {number + 2}." in mend("--undo")
    assert starts(app) == was and version(app) == (number + 2, was)
    assert "Gõ giờ gia đình có mặt" in mend("--family", code, code=1)
    assert "chưa có mặt đến 8 giờ 40." in mend("--family", code, "--until", "8:40", "--over", "60", code=1)
    assert "Số phút ngừng hoặc muộn là số từ 1 đến 240." in mend("--stage", "a", "--minutes", "nhiều", code=1)
    assert "Không dùng cùng --family: --from." in mend("--family", code, "--from", "8:40", code=2)
    with app.app_context(), reading():
        contest, begins = db.session.execute(select(Contest.code, Session.starts_at).join(Session)).one()
    assert "Ban giám khảo" in mend("--panel", contest, "--minutes", "5", "--from", "7:50", code=1)
    late = "--session", contest, "a", f"{local(begins):%Y-%m-%dT%H:%M}", "--minutes", "60"
    assert "muộn 60 phút" in mend(*late, "--over", "60", code=1)
    assert "Không có buổi thi như vậy" in mend("--session", contest, "a", "2000-01-01T07:30", "--minutes", "5", code=1)
