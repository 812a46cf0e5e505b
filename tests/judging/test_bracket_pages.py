"""The secretary's pages and commands of a bracket, and what outsiders see of it: all at once, or nothing."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from config import Config
from festival.contests.models import Contest, ContestState, Secrecy
from festival.core.database import db
from festival.core.transaction import transaction
from festival.judging.matches.drawing import draw_bracket
from tests.judging.bracket_cast import BADMINTON, bracket, knock_out, play_on
from tests.judging.panel_cast import Panel
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import people
from tests.results.test_secrecy import changed, public_paths, seen

pytestmark = pytest.mark.either_database

PAGE = "/panel/bong-ro/bracket"


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        return knock_out(7, BADMINTON)


def versions(page: str) -> dict[str, str]:
    return {name: re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in ("version", "drawing")}


def test_the_secretary_draws_types_corrects_and_takes_back(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    assert "Số gieo" in secretary.get(PAGE)
    assert "Chưa gõ số gieo" in secretary.post(PAGE, 400, drawing="0", seed=" ")
    asked = secretary.post(PAGE, 200, drawing="0", seed="4-6-1")
    assert "<b>4-6-1</b>" in asked and "cho cả hội trường nghe" in asked
    with app.app_context(), transaction():
        assert db.session.get_one(Contest, panel.sport_id).rules_fixed_at is None
    secretary.post(PAGE, 303, drawing="0", seed="4-6-1", step="confirm")
    secretary.post(PAGE, 409, drawing="0", seed="9", step="confirm")
    secretary.post(PAGE, 303, drawing="1", seed="9", reason="đọc nhầm số", step="confirm")
    page = secretary.get(PAGE)
    assert "Bốc thăm lần 2" in page and page.count("vào thẳng vòng sau") == 1
    with app.app_context():
        first = next(each for each in bracket(panel).tree.rounds[0] if each.ready)
        names = bracket(panel).teams
    here = f"/panel/bong-ro/matches/{first.round}/{first.number}"
    boxes = {"a-1": "21", "b-1": "15", "a-2": "18", "b-2": "21", "a-3": "21", "b-3": "21", "how": "played"}
    wrong = secretary.post(here, 422, **versions(secretary.get(here)), **boxes)
    assert "Hiệp 3 đang hòa 21:21" in wrong and wrong.count('value="21"') >= 4
    boxes["b-3"] = "19"
    assert "khác với bên thắng" in secretary.post(here, 422, **versions(wrong), **boxes, winner="b")
    secretary.post(here, 303, **versions(wrong), **boxes)
    secretary.post(here, 409, **versions(wrong), **boxes | {"b-3": "12"})
    said = f"{names[first.a or ''].name} thắng {names[first.b or ''].name} 2:1 (21:15, 18:21, 21:19)."
    assert said in secretary.get(PAGE)
    asked = secretary.post(here, 200, **versions(secretary.get(here)), how="walkover", winner="b")
    assert "Chưa ghi gì" in asked and f"{names[first.b or ''].name} thắng" in asked
    secretary.post(here, 303, **versions(asked), how="walkover", winner="b", step="confirm")
    assert f"trước: {said[:-1]}" in secretary.get(PAGE)
    with app.app_context():
        play_on(panel)
    assert "tính từ các trận" in secretary.post("/panel/bong-ro/order", 409, version="0", **{
        f"place-S00{at}": str(at + 1) for at in range(7)}, step="confirm")  # fmt: skip
    kept = secretary.get(here)
    branch = re.findall(r'name="branch" value="([^"]*)"', kept)[0]
    assert secretary.post(here, 409, **versions(kept), step="branch", branch="3.1")
    secretary.post(here, 303, **versions(kept), step="branch", branch=branch)
    assert "đã bỏ:" in secretary.get(PAGE) and "Mọi trận đã xong" not in secretary.get(PAGE)
    assert "4-6-1" not in secretary.get(f"{PAGE}/print") and "số gieo 9" in secretary.get(f"{PAGE}/print")


def test_nobody_else_opens_them(app: Flask, panel: Panel) -> None:
    with app.app_context(), transaction():
        draw_bracket(panel.sport_id, "1", 0, "", None)
    other, mc = people(app, panel, "hung", "mc")
    for page in (PAGE, f"{PAGE}/print", "/panel/bong-ro/matches/1/1"):
        for who in (other, mc):
            assert who.client.get(page).status_code in (403, 404)
    (secretary,) = people(app, panel, "secretary")
    for page in ("/panel/bong-ro/matches/9/9", "/panel/tai-nang/bracket"):
        assert secretary.client.get(page).status_code == 404


def test_a_command_for_every_step(app: Flask, panel: Panel) -> None:
    words = ("judging", "bracket")
    run(app, *words, "show", "bong-ro", ok=False)
    assert "lần 1" in run(app, *words, "draw", "bong-ro", "4-6-1")
    run(app, *words, "draw", "bong-ro", "5", ok=False)
    assert "lần 2" in run(app, *words, "draw", "bong-ro", "5", "--reason", "đọc nhầm")
    told = json.loads(run(app, *words, "show", "bong-ro", "--json"))
    first = next(each for each in told["matches"] if each["a"] and each["b"])
    at = ("bong-ro", str(first["round"]), str(first["number"]))
    run(app, *words, "result", *at, "21:21", "21:5", ok=False)
    assert "2:1 (21:15, 18:21, 21:19)" in run(app, *words, "result", *at, "21:15", "18:21", "21:19")
    run(app, *words, "walkover", *at, first["b"], ok=False)  # asks first
    assert "không đến" in run(app, *words, "walkover", *at, first["b"], "--yes")
    with app.app_context():
        play_on(panel)
    told = json.loads(run(app, *words, "show", "bong-ro", "--json"))
    assert [len(group) for group in told["places"]] == [1, 1, 1, 1, 3] and "Chung kết" in run(
        app, *words, "show", "bong-ro"
    )
    run(app, *words, "undo", *at, ok=False)
    run(app, *words, "undo", *at, "--branch", "--yes")
    assert json.loads(run(app, *words, "show", "bong-ro", "--json"))["places"] is None
    run(app, *words, "undo", "bong-ro", "--reason", "x", ok=False)


def test_a_sealed_bracket_is_no_byte_of_a_public_page_and_an_open_one_is_public(app: Flask, config: Config) -> None:
    with app.app_context():
        panel = knock_out(5, BADMINTON, secrecy=Secrecy.SECRET)
    paths = public_paths(app)
    assert "/contests/bong-ro/bracket" in paths
    before = seen(config, paths)
    with app.app_context():
        with transaction():
            draw_bracket(panel.sport_id, "4-6-1", 0, "", None)
        assert changed(config, paths, before) == []
        play_on(panel)
        assert changed(config, paths, before) == []
        with transaction():
            db.session.get_one(Contest, panel.sport_id).state = ContestState.RELEASED
        assert changed(config, paths, before) == [] and before["/contests/bong-ro/bracket"][0] == 404
        with transaction():
            db.session.get_one(Contest, panel.sport_id).state = ContestState.PUBLISHED
        assert "/contests/bong-ro/bracket" in changed(config, paths, before)
        with transaction():
            contest = db.session.get_one(Contest, panel.sport_id)
            contest.state, contest.secrecy = ContestState.OPEN, Secrecy.AT_ONCE
    page = app.test_client().get("/contests/bong-ro/bracket")
    assert page.status_code == 200 and len(page.data) < 60_000
    assert "Chung kết" in page.text and "21:15" not in page.text.split("only-read")[0] and "S00" not in page.text
