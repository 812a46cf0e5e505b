"""Are dishes and money of each table typed at once, compared with the rules, mended as easily, and never taken off by themselves?"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.judging.kitchen.kitchen_rule import (
    NO_DISHES,
    NO_MONEY,
    TableCount,
    asked_words,
    outside,
    read_dishes,
    read_money,
)
from festival.judging.kitchen.models import KitchenSlip
from festival.judging.kitchen.noting import counted, last_version, note_table, slips_of
from festival.judging.tally import read_tally
from festival.results.ladder.lock import Locked, lock
from festival.results.table import compute_table
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_pages_of_the_panel import Desk

PAGE = "/panel/tai-nang/kitchen"
RULES = [{"code": "qt", "name": "Mua quá mức tiền", "points": 2_000}]


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast(dishes_least=4, dishes_most=5, budget_vnd=600_000, deductions=RULES)
        full_panel(made)
        return made


def stands(panel: Panel) -> list[TableCount]:
    with reading():
        slips = slips_of(panel.contest_id)
        return [counted(slips.get(entry, ())) for entry in panel.entry_ids]


@pytest.mark.parametrize(
    ("typed", "money"),
    [
        ("580000", 580_000), ("580.000", 580_000), ("580,000 đ", 580_000), ("580 000 đồng", 580_000), ("0", 0), ("  ", None),
        ("1.200.000 VNĐ", 1_200_000), ("580.5", NO_MONEY), ("5.80.000", NO_MONEY), ("-1", NO_MONEY), ("đ", NO_MONEY),
        ("580.000,000", NO_MONEY), ("٥٨٠٠٠٠", NO_MONEY), ("999999999999", NO_MONEY),
    ],
)  # fmt: skip
def test_money_is_read_as_it_is_written_or_refused(typed: str, money: object) -> None:
    assert read_money(typed) == money


def test_what_is_outside_is_said_in_words() -> None:
    asked = Contest(dishes_least=4, dishes_most=5, budget_vnd=600_000)
    assert [str(each) for each in asked_words(asked)] == [
        "Từ 4 đến 5 món.",
        "Mua thực phẩm không quá 600.000 đồng.",
    ]
    assert [[str(each) for each in outside(asked, TableCount(*count))] for count in ((4, 600_000), (3, 650_000), (6, None), (None, None))] == [
        [],
        ["3 món, thể lệ ít nhất 4", "mua hết 650.000 đồng, quá mức 600.000 đồng là 50.000 đồng"],
        ["6 món, thể lệ nhiều nhất 5"],
        [],
    ]  # fmt: skip
    assert [read_dishes(each) for each in ("4", " ", "4,5", "-1", "1000")] == [4, None, NO_DISHES, NO_DISHES, NO_DISHES]


def test_a_table_is_saved_once_refused_whole_and_mended_the_same_way(app: Flask, panel: Panel) -> None:
    for who, status in (("lan", 404), ("chair", 403), ("mc", 404), (None, 401)):
        Desk(app, panel.users[who] if who else None).post(PAGE, status, **{"b-E000": "0", "d-E000": "4"})
    desk = Desk(app, panel.users["secretary"])
    first = desk.get(PAGE)
    assert "Từ 4 đến 5 món." in first and "Còn 3 gia đình chưa ghi." in first
    typed = {"b-E000": "0", "d-E000": "4", "m-E000": "650.000 đ", "b-E001": "0", "d-E001": "bốn", "m-E001": "590000"}
    refused = desk.post(PAGE, 422, **typed)
    assert 'value="650.000 đ"' in refused and 'value="bốn"' in refused and say(NO_DISHES) in refused
    with app.app_context():
        assert stands(panel) == [TableCount()] * 3
    desk.post(PAGE, 303, **typed | {"d-E001": "4"})
    with app.app_context():
        assert stands(panel) == [TableCount(4, 650_000), TableCount(4, 590_000), TableCount()]
    page = desk.get(PAGE)
    assert "quá mức 600.000 đồng là 50.000 đồng" in page and page.count('name="reason"') == 1
    # another secretary was here: nothing is written, both are told
    with app.app_context(), transaction():
        note_table(panel.contest_id, panel.entry_ids[0], TableCount(5, 650_000), 1, None)
    stale = desk.post(
        PAGE, 409, **{"b-E000": "1", "d-E000": "3", "m-E000": "1", "b-E001": "1", "d-E001": "5", "m-E001": "1"}
    )
    assert "Đang ghi: 650.000" in stale and 'value="3"' in stale
    with app.app_context():
        assert stands(panel)[:2] == [TableCount(5, 650_000), TableCount(4, 590_000)]
    # and once more from what is shown now; a blank row takes back
    desk.post(
        PAGE, 303, **{"b-E000": "2", "d-E000": "5", "m-E000": "600.000", "b-E001": "1", "d-E001": "", "m-E001": ""}
    )
    with app.app_context():
        assert stands(panel) == [TableCount(5, 600_000), TableCount(), TableCount()]
        with reading():
            assert ledger.verify("judging:tai-nang") == []
    assert "Chưa có gia đình nào ngoài thể lệ" in desk.get(PAGE)


def test_nothing_is_taken_off_until_somebody_reads_it_back(app: Flask, panel: Panel) -> None:
    def points() -> int | None:
        with reading():
            table = compute_table(read_tally(db.session.get_one(Contest, panel.contest_id)), settled=True)
        return next(each for each in table.standings if each.entry == panel.entries[0]).value

    desk = Desk(app, panel.users["secretary"])
    with app.app_context():
        whole = points()
        assert whole is not None
    desk.post(PAGE, 303, **{"b-E000": "0", "d-E000": "4", "m-E000": "650000"})
    with app.app_context():
        assert points() == whole
    reason = "mua hết 650.000 đồng, quá mức 600.000 đồng là 50.000 đồng"
    assert f'value="{reason}"' in desk.get(PAGE)
    back = desk.post("/panel/tai-nang/deductions", 200, entry="E000", code="qt", reason=reason)
    assert 'name="seen" value="0"' in back
    desk.post("/panel/tai-nang/deductions", 303, entry="E000", code="qt", reason=reason, seen="0", step="confirm")
    with app.app_context():
        assert points() == whole - 2_000
    assert "Đã trừ: Mua quá mức tiền (−2)" in desk.get(PAGE)


def test_after_the_lock_or_without_a_rule_nothing_is_typed(app: Flask, panel: Panel) -> None:
    with app.app_context():
        with pytest.raises(NotFound), transaction():
            note_table(panel.sport_id, panel.sport_entries[0], TableCount(4, None), 0, None)
        with transaction():
            note_table(panel.contest_id, panel.entry_ids[0], TableCount(4, None), 0, None)
            db.session.get_one(Contest, panel.contest_id).state = ContestState.LOCKED
        with pytest.raises(Conflict), transaction():
            note_table(panel.contest_id, panel.entry_ids[0], TableCount(5, None), 1, None)
    desk = Desk(app, panel.users["secretary"])
    assert "đã khóa điểm" in desk.post(PAGE, 409, **{"b-E000": "1", "d-E000": "5"})
    desk.get("/panel/bong-ro/kitchen", 404)


Note = Callable[[Panel, int], str]


def honest(panel: Panel, dishes: int) -> str:
    try:
        with transaction():
            note_table(panel.contest_id, panel.entry_ids[0], TableCount(dishes, None), 0, None)
    except Overtaken:
        return "overtaken"
    return "noted"


def naive(panel: Panel, dishes: int) -> str:
    """Takes whatever version is free: what the other typed is gone, and nobody is told."""
    with transaction():
        db.session.execute(select(Contest.id).where(Contest.id == panel.contest_id).with_for_update())
        db.session.add(
            KitchenSlip(
                entry_id=panel.entry_ids[0], version=last_version(panel.entry_ids[0]) + 1, dishes=dishes, typed_at=now()
            )
        )
    return "noted"


@pytest.mark.parametrize(("how", "told"), [(honest, ["noted", "overtaken"]), (naive, ["noted", "noted"])])
def test_two_secretaries_at_the_same_moment(app: Flask, panel: Panel, how: Note, told: list[str]) -> None:
    start, said = threading.Barrier(2), list[str]()

    def one(dishes: int) -> None:
        with app.app_context():
            start.wait(PATIENCE_S)
            said.append(how(panel, dishes))

    threads = [threading.Thread(target=one, args=(dishes,)) for dishes in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(said) == told


def test_by_command(app: Flask, panel: Panel) -> None:
    run = app.test_cli_runner().invoke
    over = run(args=["judging", "kitchen", "tai-nang", "E000", "--dishes", "3", "--spent", "590.000"])
    assert over.output == "E000: đã ghi, ngoài thể lệ: 3 món, thể lệ ít nhất 4\n"
    assert run(args=["judging", "kitchen", "tai-nang", "E000", "--spent", "58,5"]).exit_code != 0
    assert run(args=["judging", "kitchen", "tai-nang", "E000"]).output == "E000: đã ghi\n"
    with app.app_context():
        assert stands(panel)[0] == TableCount()


def test_the_minutes_say_what_was_counted_and_what_is_outside(app: Flask, panel: Panel) -> None:
    with app.app_context():
        with transaction():
            note_table(panel.contest_id, panel.entry_ids[0], TableCount(4, 650_000), 0, None)
            note_table(panel.contest_id, panel.entry_ids[1], TableCount(5, None), 0, None)
        with transaction():
            outcome = lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
            assert isinstance(outcome, Locked), outcome
    minutes = re.sub(r"\s+", " ", Desk(app, panel.users["secretary"]).get("/panel/tai-nang/minutes"))
    assert "số món và số tiền của từng gia đình" in minutes
    assert "4 món, 650.000 đồng; mua hết 650.000 đồng, quá mức 600.000 đồng là 50.000 đồng." in minutes
    assert "5 món." in minutes and minutes.count(" món") == 2 + minutes.count("số món và")
