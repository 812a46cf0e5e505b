"""Are points taken off by name and with a reason, once, taken back as easily, and told in the reasons and the record?"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.judging.deductions.giving import give, given, take_back
from festival.judging.measuring import note_overtime
from festival.judging.models import Deduction
from festival.judging.tally import read_tally
from festival.results.table import compute_table
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_pages_of_the_panel import Desk

pytestmark = pytest.mark.either_database

RULES = [
    {"code": "dc", "name": "Dùng đạo cụ bị cấm", "points": 1_500},
    {"code": "tp", "name": "Trang phục", "points": 500},
]
PAGE = "/panel/tai-nang/deductions"


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast(deductions=RULES, least_s=600, undertime_penalty_milli=250)
        full_panel(made)
        return made


def standing(panel: Panel) -> tuple[int | None, list[str]]:
    """Points and reasons of the first entry."""
    with reading():
        table = compute_table(read_tally(db.session.get_one(Contest, panel.contest_id)), settled=True)
    one = next(each for each in table.standings if each.entry == panel.entries[0])
    return one.value, [str(reason) for reason in one.reasons]


def test_what_is_taken_off_stands_in_the_points_and_reasons_and_comes_back(app: Flask, panel: Panel) -> None:
    first = panel.entry_ids[0]
    with app.app_context():
        whole, said = standing(panel)
        assert whole == 89_750 and said == []
        with transaction():
            give(panel.contest_id, first, "dc", "hai cây pháo", 0, panel.users["secretary"])
            give(panel.contest_id, first, "tp", "thiếu khăn", 1, None)
            note_overtime(panel.contest_id, first, -301, None)  # 9:59, one second short of ten minutes
        assert standing(panel) == (
            89_750 - 2_000 - 250,
            ["Trừ 0,25 điểm do thiếu giờ.", "Trừ 1,5 điểm: Dùng đạo cụ bị cấm.", "Trừ 0,5 điểm: Trang phục."],
        )
        with transaction():
            take_back(panel.contest_id, first, 1, "xem lại băng ghi hình", None)
        assert standing(panel)[0] == 89_750 - 500 - 250
        with pytest.raises(Overtaken), transaction():
            take_back(panel.contest_id, first, 1, "lần nữa", None)
        with reading():
            assert ledger.verify("judging:tai-nang") == []
            rows = db.session.scalars(select(Deduction).order_by(Deduction.number)).all()
            assert [(row.code, row.points_milli, row.taken_back_reason) for row in rows] == [
                ("dc", 1_500, "xem lại băng ghi hình"),
                ("tp", 500, ""),
            ]


def test_without_a_reason_without_a_rule_or_after_the_lock_nothing_is_written(app: Flask, panel: Panel) -> None:
    first = panel.entry_ids[0]
    with app.app_context():
        for code, reason, fault in (("dc", "  ", BadInput), ("khac", "vì", BadInput), ("dc", "x" * 301, BadInput)):
            with pytest.raises(fault), transaction():
                give(panel.contest_id, first, code, reason, 0, None)
        with transaction():
            db.session.get_one(Contest, panel.contest_id).state = ContestState.LOCKED
        with pytest.raises(Conflict), transaction():
            give(panel.contest_id, first, "dc", "muộn", 0, None)
        with reading():
            assert db.session.scalar(select(func.count()).select_from(Deduction)) == 0


Give = Callable[[Panel, threading.Barrier, int], str]


def honest(panel: Panel, start: threading.Barrier, who: int) -> str:
    start.wait(PATIENCE_S)
    try:
        with transaction():
            give(
                panel.contest_id, panel.entry_ids[0], "dc", "cùng một lỗi", 0, panel.users["secretary"] if who else None
            )
    except Overtaken:
        return "overtaken"
    return "given"


def naive(panel: Panel, start: threading.Barrier, who: int) -> str:
    """Takes whatever number is free: the same fault costs twice."""
    start.wait(PATIENCE_S)
    with transaction():
        db.session.execute(select(Contest.id).where(Contest.id == panel.contest_id).with_for_update())
        number = given(panel.entry_ids[0]) + 1
        db.session.add(
            Deduction(entry_id=panel.entry_ids[0], number=number, code="dc", reason="x", points_milli=1, given_at=now())
        )
    return "given"


@pytest.mark.parametrize(("how", "told"), [(honest, ["given", "overtaken"]), (naive, ["given", "given"])])
@pytest.mark.both_databases
def test_two_secretaries_at_the_same_moment(app: Flask, panel: Panel, how: Give, told: list[str]) -> None:
    start, said = threading.Barrier(2), list[str]()

    def one(who: int) -> None:
        with app.app_context():
            said.append(how(panel, start, who))

    threads = [threading.Thread(target=one, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(said) == told


def test_an_answer_that_was_lost_changes_nothing_when_sent_again(app: Flask, panel: Panel) -> None:
    with app.app_context():
        for _again in range(2):
            with transaction():
                give(panel.contest_id, panel.entry_ids[0], "dc", "hai cây pháo", 0, None)
            with reading():
                assert given(panel.entry_ids[0]) == 1


def test_the_page_reads_back_keeps_what_was_typed_and_is_the_secretarys_alone(app: Flask, panel: Panel) -> None:
    for who, status in (("lan", 404), ("chair", 403), ("mc", 404), (None, 401)):
        Desk(app, panel.users[who] if who else None).post(
            PAGE, status, entry="1", code="dc", reason="vì", step="confirm"
        )
    desk = Desk(app, panel.users["secretary"])
    assert "Chưa trừ điểm tiết mục nào" in desk.get(PAGE)
    refused = desk.post(PAGE, 422, entry="99", code="", reason="hai cây pháo")
    assert (
        'value="hai cây pháo"' in refused
        and "Không có tiết mục nào mang số" in refused
        and "Chọn một khoản trừ" in refused
    )
    asked = desk.post(PAGE, 200, entry="1", code="dc", reason="hai cây pháo")
    assert "−1,5" in asked.replace("<b>", "").replace("</b>", "") and 'name="seen" value="0"' in asked
    with app.app_context(), reading():
        assert given(panel.entry_ids[0]) == 0
    desk.post(PAGE, 303, entry="E000", code="dc", reason="hai cây pháo", seen="0", step="confirm")
    assert "hai cây pháo" in desk.get(PAGE)
    assert "Hãy ghi lý do" in desk.post(f"{PAGE}/back", 422, entry="E000", number="1", reason=" ")
    desk.post(f"{PAGE}/back", 303, entry="E000", number="1", reason="nhầm tiết mục")
    said = re.sub(r"\s+", " ", desk.get(PAGE))
    assert 'nhầm tiết mục <span class="quiet">Lê Thư Ký · ' in said, "who took it back stands beside why"
    with app.app_context():
        assert standing(panel) == (89_750, [])


def test_by_command(app: Flask, panel: Panel) -> None:
    run = app.test_cli_runner().invoke
    done = run(args=["judging", "deduct", "tai-nang", "E000", "tp", "--reason", "thiếu khăn"])
    assert done.output == "E000: đã ghi khoản trừ số 1\n"
    back = run(args=["judging", "deduct-back", "tai-nang", "E000", "1", "--reason", "có khăn"])
    assert back.output == "E000: đã bỏ khoản trừ số 1\n"
    assert run(args=["judging", "deduct", "tai-nang", "E000", "la", "--reason", "x"]).exit_code != 0
