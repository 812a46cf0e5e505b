"""What the board does, by command: told first where families would be moved, taken back, and the order of a stage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.schedule.models import Act, Session
from festival.schedule.sessions import add_stage
from tests.schedule.test_draft_steps import sealed, stands
from tests.schedule.test_programme import Ids, ids, inside, sessions
from tests.schedule.test_sessions_changed import planned, times

pytestmark = pytest.mark.either_database

__all__ = ["ids", "inside", "planned", "sessions"]  # fixtures

TALENT = ("tai-nang", "hoi-truong", "2024-06-28T07:30")
Run = Callable[..., str]


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(*words: str, code: int = 0) -> str:
        db.session.remove()
        done = app.test_cli_runner().invoke(args=["schedule", words[0], "hon-quan-2024", *words[1:]])
        assert done.exit_code == code, done.output
        db.session.remove()
        return done.output

    return invoke


def test_an_act_is_put_elsewhere_and_out_told_first_and_taken_back(planned: Ids, run: Run) -> None:
    before = times(planned.talent)
    told = run("put", "tai-nang-7", *TALENT[1:], "--before", "tai-nang-1", code=1)
    assert "Chưa ghi" in told and "--yes" in told and "Gia đình 1" in told
    assert times(planned.talent) == before
    said = run("put", "tai-nang-7", *TALENT[1:], "--before", "tai-nang-1", "--yes")
    assert "Đã đặt «Gia đình 7» lúc 7 giờ 30 ngày 28/6, Hội trường." in said
    after = times(planned.talent)
    assert after["tai-nang-7"] == "07:30 hoi-truong"
    told = run("undo", code=1)
    assert told.startswith("Hoàn tác: dời «Gia đình 7» (lệnh, ") and "Chưa ghi" in told
    assert "Đã hoàn tác." in run("undo", "--yes") and times(planned.talent) == before
    assert "Đã làm lại." in run("redo", "--yes") and times(planned.talent) == after
    assert "Không có bước nào để làm lại" in run("redo", code=1)
    assert "mất chỗ" in run("put", "tai-nang-3", "--out", code=1)
    assert "Đã đưa «Gia đình 3» ra khỏi lịch" in run("put", "tai-nang-3", "--out", "--yes")
    assert "tai-nang-3" not in times(planned.talent)
    # nobody is disturbed by one that gets a time behind the others
    assert "Đã đặt «Gia đình 3»" in run("put", "tai-nang-3", *TALENT[1:])
    assert "Cần mã sân khấu" in run("put", "tai-nang-3", code=1)
    assert "Có 2 khớp" in run("put", "Gia đình 3", "--out", code=1)
    assert "Không có buổi thi như vậy" in run("put", "tai-nang-3", "san", "2024-06-28T07:30", code=1)
    assert sealed() == []


def test_what_is_locked_stays_and_is_unlocked_again(planned: Ids, run: Run) -> None:
    assert "Đã khóa Gia đình 7." in run("lock", "--act", "tai-nang-7")
    assert "đã khóa. Mở khóa rồi dời" in run("put", "tai-nang-7", "--out", "--yes", code=1)
    assert "Đã mở khóa Gia đình 7." in run("unlock", "--act", "tai-nang-7")
    assert "buổi sáng" in run("lock", "--session", *TALENT)
    assert "Buổi của «Gia đình 7» đã khóa" in run("put", "tai-nang-7", "--out", "--yes", code=1)
    assert "ngày 28/06/2024, 2 buổi" in run("lock", "--day", "2024-06-28")
    run("unlock", "--day", "2024-06-28")
    with reading():
        assert not any(db.session.scalars(select(Session.locked)))
    assert "Cần đúng một" in run("lock", code=1)
    assert "Cần đúng một" in run("unlock", "--act", "tai-nang-7", "--day", "2024-06-28", code=1)
    assert "chưa có buổi thi nào" in run("lock", "--day", "2024-06-29", code=1)


def test_a_session_and_a_day_go_elsewhere_and_a_stage_closes(planned: Ids, run: Run) -> None:
    with transaction():
        add_stage(planned.festival, "nha-van-hoa", "Nhà văn hóa")
    before = stands(planned)
    told = run("shift", "--session", *TALENT, "--to", "nha-van-hoa", code=1)
    assert "Nhà văn hóa" in told and "--yes" in told and stands(planned) == before
    assert "Đã dời 1 buổi thi." in run("shift", "--session", *TALENT, "--to", "nha-van-hoa", "--yes")
    assert set(times(planned.talent).values()) == {
        when.replace("hoi-truong", "nha-van-hoa") for when in times(planned.talent).values()
    }
    run("undo", "--yes")
    assert "Đã dời 2 buổi thi." in run("shift", "--day", "2024-06-28", "--at", "2024-06-28T14:00", "--yes")
    assert times(planned.talent)["tai-nang-1"] == "14:00 hoi-truong"
    run("undo", "--yes")
    assert stands(planned) == before
    assert "Cần --session" in run("shift", "--to", "san", code=1)
    assert "Cần --session" in run("shift", "--session", *TALENT, "--day", "2024-06-28", code=1)
    closed = run("close-stage", "hoi-truong")
    assert "Đã đóng Hội trường." in closed and "còn 7 tiết mục chưa thi, từ 7 giờ 30 ngày 28/6" in closed
    assert "--on-closed" in run("publish", code=1)
    assert "phiên bản 2" in run("publish", "--on-closed")
    assert "Đã mở lại Hội trường." in run("open-stage", "hoi-truong")
    assert "phiên bản 3" in run("publish")


def test_the_order_of_a_stage_is_that_of_the_day(planned: Ids, run: Run) -> None:
    with reading():
        first, second = db.session.scalars(
            select(Act).join(Session).where(Session.contest_id == planned.talent).order_by(Act.position).limit(2)
        )
        codes, names = (first.entry.code, second.entry.code), (first.entry.name, second.entry.name)
    for state in ("on_stage", "done"):
        run("act", codes[0], state)
    said = run("order", "hoi-truong", "--day", "2024-06-28").splitlines()
    assert said[:2] == ["Hội trường · 28/06/2024", "Theo phiên bản 1."]
    assert [line.split("\t")[2:4] for line in said[2:4]] == [[names[0], "đã thi"], [names[1], "chờ"]]
    assert len(said) == 9
    assert "Không có sân khấu" in run("order", "xa", code=1)
