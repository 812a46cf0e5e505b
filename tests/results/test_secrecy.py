"""Until a sealed contest is published, no byte of any public page depends on a mark, a lock, a minute or a release.
The same holds for the whole delegation's decisions, minutes and awards until the last contest is published.

Every page that needs no sign-in is fetched at each step by a new copy of the application (no snapshot can hide a
difference), and compared byte by byte with what was there before the first mark. The publication is the negative
control: it must be seen.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask

from config import Config
from festival.contests.models import ContestState
from festival.core.transaction import transaction
from festival.core.web.access import policy_of
from festival.factory import create_app
from festival.judging.measuring import note_overtime
from festival.results import decide
from festival.results.decide import TieOrder
from festival.results.delegations import deciding
from festival.results.ladder import lock, people, sign
from festival.results.ladder.sign import Signed
from festival.results.settling.awarding import PrizesGiven
from tests.judging.panel_cast import Panel, cast, full_panel, marks, send
from tests.results.whole_cast import NAMES, bring, lock_all, stored_awards, whole_cast

pytestmark = pytest.mark.either_database

PATHS = {"code": ("tai-nang", "bong-ro"), "on": ("2024-06-14",)}
# these carry a token made anew for each visitor, and no row of the database
VISITOR_PAGES = {"/sign-in", "/language"}


FORM_TOKEN = re.compile(rb'<input[^>]*name="csrf_token"[^>]*>')  # another one for everybody


LINE = re.compile(rb'<p class="line-note">.*?</p>', re.S)


def public_paths(app: Flask) -> list[str]:
    """All GET addresses open to everybody, with the codes of this festival filled in."""
    found = set()
    for rule in app.url_map.iter_rules():
        policy = policy_of(app.view_functions[rule.endpoint])
        if policy is None or policy.kind != "anonymous" or "GET" not in (rule.methods or ()):
            continue
        if "filename" in rule.arguments or str(rule) in VISITOR_PAGES or str(rule).startswith("/health"):
            continue
        if not rule.arguments:
            found.add(str(rule))
        elif len(rule.arguments) == 1 and (name := next(iter(rule.arguments))) in PATHS:
            found |= {str(rule).replace(f"<{name}>", value) for value in PATHS[name]}
    return sorted(found)


def seen(config: Config, paths: list[str]) -> dict[str, tuple[int, bytes]]:
    """What an outsider gets, from an application that has just started."""
    client = create_app(config).test_client()
    answers = {}
    for path in paths:
        answer = client.get(path)
        answers[path] = (answer.status_code, FORM_TOKEN.sub(b"", answer.data))
    return answers


def changed(config: Config, paths: list[str], before: dict[str, tuple[int, bytes]]) -> list[str]:
    return [path for path, answer in seen(config, paths).items() if answer != before[path]]


def test_no_public_byte_depends_on_a_sealed_contest_until_it_is_published(app: Flask, config: Config) -> None:
    paths = [path for path in public_paths(app) if not path.startswith(("/readyz", "/register"))]
    assert {"/", "/programme", "/results", "/contests/tai-nang"} <= set(paths)
    with app.app_context():
        panel: Panel = cast()
    steady = seen(config, paths)
    still = set(changed(config, paths, steady))
    assert still == set(), "pages that differ by themselves cannot be compared"

    with app.app_context():
        full_panel(panel)
    assert changed(config, paths, steady) == []
    with app.app_context():
        send(*(panel.message(who, 0, marks(250, 0), base=1) for who in ("chair", "lan", "hung")))
        with transaction():
            note_overtime(panel.contest_id, panel.entry_ids[1], 300, None)
    assert changed(config, paths, steady) == []
    steps = (
        lambda: lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"]),
        lambda: decide.give_special(panel.contest_id, "E001", "Trang phục ấn tượng", None),
        lambda: sign.sign(panel.contest_id, "1", None),
        lambda: sign.record_award_decision(panel.contest_id, "2", None),
        lambda: sign.release(panel.contest_id, None),
    )
    for step in steps:
        with app.app_context(), transaction():
            step()
        assert changed(config, paths, steady) == []

    with app.app_context(), transaction():
        sign.publish(panel.contest_id, None)
    assert "/results" in changed(config, paths, steady)

    # taken back it is as if it had never been, but for one line that says so, and for what was published of its hash
    with app.app_context(), transaction():
        people.take_back(panel.contest_id, None, None, "wrong", "Nguyễn Thị Chủ gõ nhầm")
    again = {path: answer for path, answer in seen(config, paths).items() if answer != steady[path]}
    assert sorted(again) == ["/contests/tai-nang", "/results", "/results/proof", "/results/proof.json"]
    for path in ("/contests/tai-nang", "/results"):
        now, then = (LINE.sub(b"", each).split() for _status, each in (again[path], steady[path]))
        assert now == then
    assert "Nguyễn Thị Chủ".encode() not in b"".join(each for _status, each in again.values())


def test_no_public_byte_depends_on_the_whole_delegation_until_its_last_contest_is_published(
    app: Flask, config: Config
) -> None:
    """Contest after contest is published; what the panel decided about the delegations is seen with the last only."""
    paths = [path for path in public_paths(app) if not path.startswith(("/readyz", "/register"))]
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED)
    steady = seen(config, paths)
    for order in (["doan-0"], ["doan-1"]), (["doan-1"], ["doan-0"]):
        with app.app_context(), transaction():
            deciding.decide_whole(panel.festival_id, TieOrder(order), "đồng đều hơn", NAMES, None)
        assert changed(config, paths, steady) == []
    with app.app_context(), transaction():
        assert deciding.sign_whole(panel.festival_id, "9", None) == Signed(3)
    with app.app_context():
        assert len(stored_awards()) == 3
    assert changed(config, paths, steady) == []
    with app.app_context():
        bring(panel, ContestState.RELEASED)
    assert changed(config, paths, steady) == []
    with app.app_context(), transaction():
        sign.publish(panel.contest_id, None)
    assert "Giải toàn đoàn".encode() not in seen(config, ["/results"])["/results"][1]
    with app.app_context(), transaction():
        sign.publish(panel.sport_id, None)
    assert "Giải toàn đoàn".encode() in seen(config, paths)["/results"][1]


def test_a_tie_left_open_keeps_the_prizes_of_the_delegations_off_every_public_page(app: Flask, config: Config) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)
    steady = seen(config, ["/", "/results"])
    assert "Giải toàn đoàn".encode() not in steady["/results"][1]
    with app.app_context(), transaction():
        prizes = PrizesGiven({"doan-0": "Nhất", "doan-1": "Nhất"})
        deciding.decide_whole(panel.festival_id, prizes, "ngang nhau", NAMES, None)
    assert changed(config, ["/", "/results"], steady) == []
    with app.app_context(), transaction():
        deciding.sign_whole(panel.festival_id, "9", None)
    assert changed(config, ["/", "/results"], steady) == ["/results"]
