"""The ladder by commands: an outsider's script needs no browser, and the two-person lock has no way round."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from festival import editions
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.results.models import Award
from festival.roster.models import Entry
from tests.judging.panel_cast import PASSWORD, Panel, cast, full_panel, marks, send

pytestmark = pytest.mark.either_database

RULESET = Path(editions.__path__[0]) / "data" / "rulesets" / "kien-giang-2024.json"
PASSWORDS = {"CHAIR_PASSWORD": PASSWORD, "SECRETARY_PASSWORD": PASSWORD}
BY_PASSWORDS = {"BY_PASSWORD": PASSWORD, "SECOND_PASSWORD": PASSWORD}
BY, SECOND = ["--by", "btc"], ["--second", "phobtc"]
UNPROOFED = ["--names-reason", "chưa có bản dò tên", "--papers-reason", "máy chụp hỏng, bản ký giữ ở bàn thư ký"]
PEOPLE = ["--chair", "chair", "--secretary", "thuky"]


def run(app: Flask, *arguments: str, env: dict[str, str] | None = None, ok: bool = True) -> str:
    done = app.test_cli_runner().invoke(args=list(arguments), env=env)
    assert (done.exit_code == 0) is ok, done.output + repr(done.exception)
    return done.output


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return cast()


def test_a_contest_from_the_first_sheet_to_the_public(app: Flask, panel: Panel) -> None:
    status = json.loads(run(app, "judging", "status", "tai-nang", "--json"))
    assert (status["state"], status["sheets"], len(status["missing"])) == ("open", 0, 8)
    with app.app_context():
        full_panel(panel)
    run(app, "judging", "overtime", "tai-nang", "E001", "125")
    assert "chưa đúng" in run(
        app, "judging", "lock", "tai-nang", *PEOPLE, env=PASSWORDS | {"CHAIR_PASSWORD": "x"}, ok=False
    )
    run(app, "judging", "lock", "tai-nang", "--chair", "chair", env=PASSWORDS, ok=False)
    run(app, "judging", "lock", "tai-nang", ok=False)
    run(app, "judging", "lock", "tai-nang", *PEOPLE, env=PASSWORDS)
    run(app, "judging", "lock", "tai-nang", *PEOPLE, env=PASSWORDS, ok=False)
    told = json.loads(run(app, "results", "standings", "tai-nang", "--json"))
    assert [(each["entry"], each["place"], each["value"], each["prize"]) for each in told["standings"]] == [
        ("E000", 1, 89_750, "Nhất"),
        ("E001", 2, 80_750, "Nhì"),
        ("E002", 3, 79_750, "Nhì"),
    ]
    assert told["standings"][1]["reasons"] == ["Trừ 4 điểm do quá giờ."]
    assert "89,75" in run(app, "results", "standings", "tai-nang")
    run(app, "results", "publish", "tai-nang", *BY, env=BY_PASSWORDS, ok=False)
    run(app, "results", "sign", "tai-nang", "--number", "07/BB-BGK", "--by", "chair")
    run(app, "results", "decide", "tai-nang", "--number", "105/QĐ-BTC", "--by", "btc")
    run(app, "results", "release", "tai-nang", *BY, *SECOND, *UNPROOFED, env=BY_PASSWORDS)
    assert [each["contest"] for each in json.loads(run(app, "results", "public"))] == ["bong-ro"]
    run(app, "results", "publish", "tai-nang", *BY, env=BY_PASSWORDS)
    (sealed, _) = json.loads(run(app, "results", "public"))
    assert sealed["prizes"][0] == {"prize": "Nhất", "winners": ["Gia đình ông Danh Chung 0"]}
    assert re.fullmatch(r"results:tai-nang 5 [0-9a-f]{64}\n", run(app, "ledger", "head", "results:tai-nang"))


def test_an_override_needs_a_reason_and_is_told(app: Flask, panel: Panel) -> None:
    with app.app_context():
        send(panel.message("chair", 0, marks(1_000, 1_000)))
    assert "missing" in run(app, "judging", "lock", "tai-nang", *PEOPLE, env=PASSWORDS, ok=False)
    run(app, "judging", "lock", "tai-nang", "--override", "   ", ok=False)
    assert "Bỏ qua 7" in run(app, "judging", "lock", "tai-nang", "--override", "mất điện cả buổi")
    assert "chưa có điểm" in run(app, "results", "sign", "tai-nang", "--number", "1", ok=False)


def test_counts_and_ties_by_command(app: Flask, panel: Panel) -> None:
    for entry, balls in (("S000", "12"), ("S001", "12")):
        run(app, "judging", "measure", "bong-ro", entry, balls)
    run(app, "judging", "measure", "bong-ro", "S002", "dns", ok=False)  # asks, and nobody answers
    run(app, "judging", "measure", "bong-ro", "S002", "dns", "--yes")
    run(app, "judging", "measure", "bong-ro", "S000", "31", ok=False)
    run(app, "judging", "measure", "bong-ro", "S000", "-1", ok=False)
    run(app, "judging", "measure", "bong-ro", "E000", "1", ok=False)
    run(app, "judging", "measure", "khong-co", "S000", "1", ok=False)
    run(app, "judging", "lock", "bong-ro", "--chair", "btc", "--secretary", "thuky", env=PASSWORDS)
    told = json.loads(run(app, "results", "standings", "bong-ro", "--json"))
    assert [each["place"] for each in told["standings"]] == [1, 1, None]
    assert told["questions"] == [{"entries": ["S000", "S001"], "rank": 1}]
    run(app, "results", "sign", "bong-ro", "--number", "1", ok=False)
    run(app, "results", "tie", "bong-ro", "S001", "S000", "--reason", "ném lại", "--name", "Trần Văn Hùng")
    run(app, "results", "sign", "bong-ro", "--number", "1")


def test_the_whole_delegation_sums_the_points_of_places(app: Flask, panel: Panel) -> None:
    run(app, "results", "delegations", ok=False)
    with app.app_context():
        full_panel(panel)
        with transaction():
            for entry, balls in zip(panel.sport_entries, (5, 9, 7), strict=True):
                note_measure(panel.sport_id, entry, 1, MeasureState.VALID, balls, 0, None)
            db.session.get_one(Festival, panel.festival_id).ruleset = json.loads(RULESET.read_text(encoding="utf-8"))
    run(app, "judging", "lock", "tai-nang", *PEOPLE, env=PASSWORDS)
    told = json.loads(run(app, "results", "delegations", "--json"))
    assert told["open"] == ["bong-ro"]
    assert [(each["delegation"], each["points"]) for each in told["delegations"]] == [
        ("doan-0", 15_000),
        ("doan-1", 14_000),
        ("doan-2", 13_000),
    ]
    run(app, "judging", "lock", "bong-ro", "--chair", "btc", "--secretary", "thuky", env=PASSWORDS)
    told = json.loads(run(app, "results", "delegations", "--json"))
    assert told["open"] == []
    assert [(each["delegation"], each["place"], each["points"], each["prize"]) for each in told["delegations"]] == [
        ("doan-1", 1, 29_000, "Nhất"),
        ("doan-0", 2, 28_000, "Nhì"),
        ("doan-2", 3, 27_000, "Nhì"),
    ]
    assert "29" in run(app, "results", "delegations")


def test_a_special_prize_is_given_moved_and_taken_back(app: Flask, panel: Panel) -> None:
    prize = "Trang phục ấn tượng"

    def given() -> list[tuple[str, str]]:
        with app.app_context(), transaction():
            rows = db.session.execute(select(Award.prize, Entry.code).join(Entry, Entry.id == Award.entry_id))
            return [(row.prize, row.code) for row in rows]

    with app.app_context():
        full_panel(panel)
    assert "sau khi khóa điểm" in run(app, "results", "special", "tai-nang", prize, "E001", ok=False)
    run(app, "judging", "lock", "tai-nang", *PEOPLE, env=PASSWORDS)
    run(app, "results", "special", "tai-nang", prize, "E001", "--by", "chair")
    assert given() == [(prize, "E001")]
    run(app, "results", "special", "tai-nang", prize, "E002")
    assert given() == [(prize, "E002")]
    assert "Tên giải không có" in run(app, "results", "special", "tai-nang", "Giải lạ", "E001", ok=False)
    assert "không có tiết mục" in run(app, "results", "special", "tai-nang", prize, "E999", ok=False)
    assert run(app, "results", "special", "tai-nang", prize) == f"{prize}: chưa trao\n"
    assert given() == []
