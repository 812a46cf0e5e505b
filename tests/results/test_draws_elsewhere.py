"""Draws of delegations, by command, beside an amendment; and nobody outside learns of any before its time."""

from __future__ import annotations

import json
import subprocess

import pytest
from flask import Flask

import verify
from config import Config
from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.storing import amend_standings
from festival.results.decide import TieOrder
from festival.results.delegations import deciding
from festival.results.delegations.deciding import WholeSaying
from festival.results.delegations.table import WholeTable, whole_delegation
from festival.results.ladder import sign
from festival.results.ladder.sign import Signed
from festival.results.settling.recording import RecordTakenBack, Thrown
from festival.results.ties import AskedOf
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_commands import run
from tests.results.test_draws import DICE, SAW, TWO, equal_panel, lock, places, say, third
from tests.results.test_pages_of_the_panel import Desk
from tests.results.test_secrecy import changed, public_paths, seen
from tests.results.whole_cast import bring, lock_all, whole_cast

EQUAL = frozenset({"doan-0", "doan-1"})


def whole(panel: Panel) -> WholeTable:
    with reading():
        found = whole_delegation(db.session.get_one(Festival, panel.festival_id))
    assert found is not None
    return found


def say_whole(panel: Panel, saying: WholeSaying, reason: str = "theo thể lệ") -> None:
    with transaction():
        deciding.decide_whole(panel.festival_id, saying, reason, SAW, panel.users["secretary"])


def test_delegations_are_drawn_once_and_the_minutes_wait_for_it(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        with transaction():
            festival = db.session.get_one(Festival, panel.festival_id)
            rule = {**festival.ruleset["whole_delegation"], "ties": [{"by": "draw"}]}
            festival.ruleset = {**festival.ruleset, "whole_delegation": rule}
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        with pytest.raises(BadInput):
            say_whole(panel, TieOrder([["doan-1"], ["doan-0"]]))
        with pytest.raises(Conflict), transaction():
            deciding.sign_whole(panel.festival_id, "09", panel.users["secretary"])
        page = Desk(app, panel.users["organiser"]).get("/whole-delegation")
        assert "Theo thể lệ còn phải bốc thăm trước khi ký" in page and "/whole-delegation/draw" in page
        run(app, "results", "delegations-draw", *sorted(EQUAL), "--dice", "6666666666", "--reason", "x",
            "--name", "A", ok=False)  # fmt: skip
        say_whole(panel, Thrown(EQUAL, "6666666666"))
        with pytest.raises(Conflict):
            say_whole(panel, Thrown(EQUAL, DICE))
        say_whole(panel, RecordTakenBack(AskedOf.DRAW, EQUAL), "gieo khi chưa có ai")
        run(
            app,
            "results",
            "delegations-draw",
            *sorted(EQUAL),
            "--dice",
            DICE,
            "--reason",
            "x",
            "--name",
            "A",
            "--name",
            "B",
        )
        line = 'for e in doan-0 doan-1; do echo "$(printf "%s" "$1|delegations|$e" | sha256sum) $e"; done | sort'
        shell = subprocess.run(["bash", "-c", line, "-", DICE], capture_output=True, text=True, check=True).stdout
        order = [each.split()[-1] for each in shell.splitlines()]
        table = whole(panel)
        assert [(each.code, each.place) for each in table.lines if each.code in EQUAL] == list(
            zip(order, (1, 2), strict=True)
        )
        assert table.stale == frozenset() and table.waiting_rungs == ()
        page = Desk(app, panel.users["organiser"]).get("/whole-delegation")
        assert "Rút lại lần bốc thăm:" in page and "gieo khi chưa có ai" in page
        rows = [{"kind": row.kind.value, "content": row.content} for row in table.agenda.decided.rows]
        ladder = [verify._draw("delegations")]
        steps: dict[str, list[verify.Json]] = {code: [] for code in EQUAL}
        assert [each[0] for each in verify.part(sorted(EQUAL), ladder, json.loads(json.dumps(rows)), steps)] == [
            [code] for code in order
        ]
        with transaction():
            assert isinstance(deciding.sign_whole(panel.festival_id, "09", panel.users["secretary"]), Signed)


@pytest.mark.either_database
def test_commands_draw_and_mark_again(app: Flask) -> None:
    with app.app_context():
        panel = equal_panel()
    said = ["--reason", "theo thể lệ", "--name", "A", "--name", "B"]
    all_three = ["E000", "E001", "E002"]
    run(app, "results", "draw", "tai-nang", *all_three, *said, ok=False)
    assert "LETTER/ENTRY=MARK" in run(
        app, "results", "mark-again", "tai-nang", *all_three, "--mark", "81", *said, ok=False
    )
    new = [
        word
        for entry, mark in zip(all_three, ("81", "80", "80"), strict=True)
        for word in ("--mark", f"3/{entry}={mark}")
    ]
    run(app, "results", "mark-again", "tai-nang", *all_three, *new, *said)
    run(app, "results", "draw", "tai-nang", "E002", "E001", *said)
    run(app, "results", "draw", "tai-nang", "E001", "E002", "--take-back", *said)
    run(app, "results", "draw", "tai-nang", "E001", "E002", "--take-back", *said, ok=False)
    run(app, "results", "draw", "tai-nang", "E001", "E002", *said)
    with app.app_context():
        assert [each[0] for each in places(panel)] == all_three


def test_an_amendment_that_makes_others_equal_states_their_places(app: Flask) -> None:
    with app.app_context():
        panel = cast(tie_ladder=[{"by": "draw"}, {"by": "jury"}])
        full_panel(panel)
        lock(panel)
        with transaction():
            assert isinstance(sign.sign(panel.contest_id, "07", None), Signed)
        lower = {("E000", panel.judges[who], "noi-dung"): 40_000 for who in ("chair", "lan", "hung")}
        two = panel.users["chair"], panel.users["secretary"]
        with pytest.raises(BadInput, match="bốc thăm"), transaction():
            amend_standings(panel.contest_id, Corrections(marks=lower), "1/ĐC", "cộng nhầm", *two)
        stated = Corrections(marks=lower, places={"E000": 2, "E001": 1})
        with transaction():
            assert isinstance(amend_standings(panel.contest_id, stated, "1/ĐC", "cộng nhầm", *two), Amended)
        assert [each[:2] for each in places(panel)] == [("E001", 1), ("E000", 2), ("E002", 3)]


@pytest.mark.either_database
def test_no_public_byte_depends_on_a_third_marking_or_a_draw(app: Flask, config: Config) -> None:
    paths = [path for path in public_paths(app) if not path.startswith(("/readyz", "/register"))]
    with app.app_context():
        panel = equal_panel()
    steady = seen(config, paths)
    with app.app_context():
        say(panel, third(E000="81", E001="80", E002="80"))
        say(panel, Thrown(TWO, DICE))
        say(panel, RecordTakenBack(AskedOf.DRAW, TWO))
        say(panel, Thrown(TWO, "6666666666"))
    assert changed(config, paths, steady) == []
    for who in ("lan", "hung", "mc"):
        Desk(app, panel.users[who]).get("/panel/tai-nang", 404)
