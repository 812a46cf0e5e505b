"""Now, next and late by, on plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from festival.programme.live import Call, Line, boards

START = datetime(2024, 6, 14, 0, 30, tzinfo=UTC)


def line(act: int, *, stage: str = "a", session: int = 1) -> Line:
    return Line(
        act=act,
        entry=f"e{act}",
        number=act,
        name=f"Gia đình {act}",
        title="",
        unit="Hòn Đất",
        contest="tai-nang",
        contest_name="Gia đình tài năng",
        stage=stage,
        stage_name=stage.upper(),
        session=session,
        session_label="",
        starts_at=START + timedelta(minutes=10 * (act - 1)),
        duration_min=10,
    )


LINES = [line(1), line(2), line(3), line(4)]


def test_a_stage_nobody_called_follows_the_timetable() -> None:
    (board,) = boards(LINES, {}, START + timedelta(minutes=12))
    assert (board.called, board.now, board.then, board.late_min) == (False, LINES[1], (LINES[2], LINES[3]), 0)


def test_a_called_stage_follows_the_calls_and_says_how_late_it_is() -> None:
    calls = {"e1": Call("done"), "e2": Call("on_stage", START + timedelta(minutes=25))}
    (board,) = boards(LINES, calls, START + timedelta(minutes=31))
    assert (board.called, board.now, board.then, board.late_min) == (True, LINES[1], (LINES[2], LINES[3]), 15)


def test_between_two_acts_the_stage_is_late_by_the_next_one() -> None:
    (board,) = boards(LINES, {"e1": Call("done")}, START + timedelta(minutes=17))
    assert (board.now, board.then[0], board.late_min) == (None, LINES[1], 7)


def test_an_absent_family_is_neither_now_nor_next() -> None:
    (board,) = boards(LINES, {"e1": Call("done"), "e2": Call("absent")}, START + timedelta(minutes=15))
    assert (board.now, board.then) == (None, (LINES[2], LINES[3]))


def test_a_stage_that_is_over_has_no_board() -> None:
    assert boards(LINES, {f"e{act}": Call("done") for act in (1, 2, 3, 4)}, START) == ()
    assert boards(LINES, {}, START + timedelta(hours=5)) == ()
    assert boards([], {}, START) == ()


def test_each_stage_has_its_own_board() -> None:
    both = [line(1), line(2, stage="b", session=2)]
    assert [board.stage for board in boards(both, {}, START)] == ["a", "b"]
