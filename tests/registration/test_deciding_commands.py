"""The reviewer's decisions and their ways back by command, and every name a delegation may be called by."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Unit
from festival.registration.by_command.commands import short
from festival.roster.models import Entry, Family
from tests.registration.conftest import World, household
from tests.registration.registered import approve, kinds, register

# What a command says is the same on both databases.
pytestmark = pytest.mark.either_database


def run(world: World, *arguments: str, code: int = 0) -> str:
    done = world.app.test_cli_runner().invoke(args=["registration", *arguments])
    assert done.exit_code == code, done.output
    return done.output


def state(world: World, family: str) -> tuple[str, str]:
    with world.app.app_context(), reading():
        row = db.session.execute(select(Family.state, Family.return_reason).where(Family.code == family)).one()
        return str(row.state), row.return_reason


def entries(world: World, family_id: int) -> list[tuple[str, str]]:
    with world.app.app_context(), reading():
        rows = db.session.execute(
            select(Contest.code, Entry.state)
            .join(Contest, Contest.id == Entry.contest_id)
            .where(Entry.family_id == family_id)
            .order_by(Contest.code)
        )
        return [(code, str(each)) for code, each in rows]


def test_return_reject_and_restore(world: World) -> None:
    made = register(world, household(1))
    assert "đã trả lại" in run(world, "return", made.code, "--reason", "Thiếu ngày sinh của cháu")
    assert state(world, made.code) == ("returned", "Thiếu ngày sinh của cháu")
    again = run(world, "return", made.code, "--reason", "lần nữa", code=1)
    assert "không được, hiện là" in again
    assert state(world, made.code)[1] == "Thiếu ngày sinh của cháu"
    assert "đã từ chối" in run(world, "reject", made.code, "--reason", "Không phải hộ của xã", "--by", "btc")
    assert "đã khôi phục" in run(world, "restore", made.code, "--reason", "Nhầm hộ")
    assert state(world, made.code) == ("submitted", "Nhầm hộ")
    assert kinds(world)[1:] == ["registration.returned", "registration.rejected", "registration.rejection_undone"]


def test_withdrawal_and_its_way_back_keep_the_contests(world: World) -> None:
    made = register(world, household(1))
    approve(world, made.family_id)
    before = entries(world, made.family_id)
    assert "tai-nang" in [code for code, _state in before]
    run(world, "withdraw", made.code)
    assert {each for _code, each in entries(world, made.family_id)} == {"withdrawn"}
    run(world, "undo", made.code, "--reason", "không phải cách này", code=1)
    run(world, "restore", made.code, "--reason", "Gia đình đến được")
    assert (state(world, made.code)[0], entries(world, made.family_id)) == ("approved", before)
    run(world, "undo", made.code, "--reason", "duyệt nhầm")
    assert state(world, made.code) == ("submitted", "duyệt nhầm")


def test_a_household_registered_anew_is_not_restored_beside_it(world: World) -> None:
    made = register(world, household(1))
    run(world, "withdraw", made.code)
    anew = register(world, household(1))
    said = run(world, "restore", made.code, "--reason", "nhầm", code=1)
    assert "đã được đăng ký lại bằng hồ sơ khác" in said
    assert (state(world, made.code)[0], state(world, anew.code)[0]) == ("withdrawn", "submitted")


@pytest.mark.parametrize(
    "arguments",
    [
        ["return", "NOBODY", "--reason", "x"],
        ["reject", "NOBODY", "--reason", "   "],
        ["restore", "NOBODY", "--reason", "x", "--by", "khong-co-ai"],
        ["withdraw", "NOBODY"],
    ],
)
def test_refused_with_a_sentence(world: World, arguments: list[str]) -> None:
    said = run(world, *arguments, code=1)
    assert said.startswith("Lỗi: ") and "Traceback" not in said


@pytest.mark.parametrize(
    "unit",
    ["DOAN0", "kg-0", "900", "hon-dat", "Hòn Đất", "hòn đất", "HON DAT", "huyen-hon-dat", "Đoàn huyện Hòn Đất", "hd"],
)
def test_a_delegation_is_found_however_it_is_called(world: World, unit: str) -> None:
    with world.app.app_context(), transaction():
        written: dict[str, Any] = {"delegations": [{"code": "hd", "name": "Đoàn huyện Hòn Đất"}]}
        world.rules().festival.ruleset = written
    made = register(world, household(1))
    assert made.code in run(world, "list", "--unit", unit)
    assert run(world, "list", "--unit", "kien-luong") == ""


def test_two_that_are_called_alike_are_told_apart_by_their_keys(world: World) -> None:
    with world.app.app_context(), transaction():
        db.session.execute(update(Unit).where(Unit.key == "kg-1").values(name="Hòn Đất"))
    said = run(world, "list", "--unit", "hon-dat", code=1)
    assert "Đoàn huyện Hòn Đất (kg-0), Đoàn huyện Kiên Lương (kg-1)" in said
    assert run(world, "list", "--unit", "kg-1") == ""
    assert "flask registration delegations" in run(world, "list", "--unit", "rach-gia", code=1)


def test_delegations_are_listed_with_quota_and_officers(world: World) -> None:
    approve(world, register(world, household(1)).family_id)
    assert run(world, "delegations").splitlines() == [
        "kg-0\t900\t1/6\tcanbo0\tĐoàn huyện Hòn Đất",
        "kg-1\t901\t0/6\tcanbo1\tĐoàn huyện Kiên Lương",
    ]
    assert json.loads(run(world, "delegations", "--json"))[0] == {
        "unit": "kg-0", "official_code": "900", "approved": 1, "most": 6, "officers": ["canbo0"], "name": "Đoàn huyện Hòn Đất",
    }  # fmt: skip


def test_a_short_name_is_what_one_types() -> None:
    assert [short(text) for text in ("Hòn Đất", " HÒN  ĐẤT ", "hon-dat", "Thuỷ")] == ["hon-dat"] * 3 + ["thuy"]
