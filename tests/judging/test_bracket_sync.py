"""A device of the ground types a bracket against the real sync door: what is taken, what meets something else, what is refused."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.transaction import transaction
from festival.judging.ground.devices import give
from festival.judging.matches.drawing import draw_bracket
from festival.judging.matches.playing import take_back_match
from festival.judging.matches.tree import BracketMatch, MatchKey
from tests.devices.kit import Phone
from tests.judging.bracket_cast import BADMINTON, bracket, drawn, knock_out, won
from tests.judging.panel_cast import Panel
from tests.judging.test_brackets import sealed
from tests.judging.test_ground_app import on_ground
from tests.judging.test_ground_sync import told

SETS = [[21, 15], [21, 19]]


def scene(app: Flask, client: FlaskClient, devices: int = 1, entries: int = 4) -> tuple[Panel, list[Phone]]:
    with app.app_context():
        panel = knock_out(entries, BADMINTON)
    phones = [on_ground(app, client, panel) for _each in range(devices)]
    with app.app_context():
        with transaction():
            for phone in phones:
                give(db.session.get_one(Contest, panel.sport_id), phone.device["number"], None, given=True)
        drawn(panel)
    return panel, phones


def match(app: Flask, panel: Panel, key: MatchKey) -> BracketMatch:
    with app.app_context():
        found = bracket(panel).tree.match(key)
    assert found is not None
    return found


def message(phone: Phone, at: BracketMatch, base: int, first: bool | None = True, **said: Any) -> dict[str, Any]:
    """The match as the device sees it is won by its first side, by the other one, or (None) taken back."""
    body: dict[str, Any] = {"drawing": 1, "a": at.a, "b": at.b, "after": None}
    kind = "match.drop"
    if first is not None:
        kind = "match.result"
        sets = SETS if first else [[b, a] for a, b in SETS]
        body |= {"how": "played", "winner": at.a if first else at.b, "sets": sets}
    return phone.write(kind, f"bong-ro/{at.round}.{at.number}", body | said, base_version=base)


def stands(app: Flask, panel: Panel, key: MatchKey) -> tuple[str | None, int]:
    with app.app_context():
        now = bracket(panel)
        found = now.tree.match(key)
        assert found is not None
        return found.result.winner if found.result else None, now.version(key)


def test_a_whole_bracket_typed_offline_arrives_at_once_and_twice(app: Flask, client: FlaskClient) -> None:
    panel, (phone,) = scene(app, client)
    (before,) = phone.state()["state"]["contests"]
    assert before["bracket"]["matches"] == [] and len(before["bracket"]["lines"]) == 4
    one, two = (match(app, panel, (1, number)) for number in (1, 2))
    third = BracketMatch(2, 2, one.b, two.b)
    final = BracketMatch(2, 1, one.a, two.a)
    mistake = message(phone, one, 0, first=False)
    mended = message(phone, one, 0, after=mistake["mid"])
    sent = [mistake, mended, *(message(phone, each, 0) for each in (two, third, final))]
    for _twice in range(2):
        verdicts = phone.send(*sent)["verdicts"]
        assert [each["verdict"] for each in verdicts] == ["applied"] * 5
    told_now = phone.state()["state"]["contests"][0]["bracket"]["matches"]
    assert [(each["round"], each["number"], each["winner"], each["version"]) for each in told_now] == [
        (1, 1, one.a, 2), (1, 2, two.a, 1), (2, 1, one.a, 1), (2, 2, one.b, 1),
    ]  # fmt: skip
    with app.app_context():
        kinds = db.session.scalars(select(LedgerEntry.kind).where(LedgerEntry.stream == "judging:bong-ro")).all()
        db.session.rollback()
        assert kinds.count("match.noted") == 5 and kinds.count("order.noted") == 1 and sealed() == []


def test_what_stands_wins_and_the_other_is_kept(app: Flask, client: FlaskClient) -> None:
    panel, (phone,) = scene(app, client)
    one, two = (match(app, panel, (1, number)) for number in (1, 2))
    with app.app_context():
        won(panel, one.key, one.b)
    said, detail = told(phone, message(phone, one, 0))
    assert (said, detail["current"]["winner"], detail["version"]) == ("conflict", one.b, 1)
    assert told(phone, message(phone, two, 0)) == ("applied", {"version": 1})
    # the final that the device filled in is not the one that stands
    said, detail = told(phone, message(phone, BracketMatch(2, 1, one.a, two.a), 0))
    assert (said, detail["current"]["winner"]) == ("conflict", None)
    assert told(phone, message(phone, BracketMatch(2, 1, one.b, two.a), 0)) == ("applied", {"version": 1})
    assert told(phone, message(phone, one, 1)) == ("rejected", "played_after")
    assert stands(app, panel, one.key) == (one.b, 1)
    # typed on an own message that was not taken: what came from elsewhere is not overwritten by a number that fits
    assert (
        told(phone, message(phone, two, 1, first=False, after="0190163d-8694-739b-aea5-966c26f8ad91"))[0] == "conflict"
    )
    with app.app_context():
        kinds = db.session.scalars(select(LedgerEntry.kind).where(LedgerEntry.stream == "judging:bong-ro")).all()
        db.session.rollback()
        assert kinds.count("match.conflict") == 3 and sealed() == []


def test_no_interleaving_overwrites_silently(app: Flask, client: FlaskClient) -> None:
    """Two devices and the secretary write one match, in every order: a message on an older version changes nothing."""
    panel, phones = scene(app, client, 2)
    one = match(app, panel, (1, 1))
    version = 0
    for order in permutations(["phone 0", "phone 1", "page"]):
        seen = version
        for at, who in enumerate(order):
            before = stands(app, panel, one.key)
            if who == "page":
                if at == 0:
                    with app.app_context():
                        winner = one.b if before[0] == one.a else one.a
                        won(panel, one.key, winner, seen)
            else:
                first = before[0] != one.a
                said = told(phones[int(who[-1])], message(phones[int(who[-1])], one, seen, first=first))[0]
                assert said == ("applied" if at == 0 else "conflict")
            after = stands(app, panel, one.key)
            assert (after != before) == (at == 0)
            version = after[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sets": [[21, 21], [21, 5]]}, "not_possible"),
        ({"sets": [[True, 15]]}, "malformed"),
        ({"sets": "21:15"}, "malformed"),
        ({"how": "walkover"}, "malformed"),
        ({"winner": None}, "malformed"),
        ({"a": ""}, "malformed"),
        ({"drawing": 2}, "redrawn"),
        ({"drawing": None}, "malformed"),
        ({"after": 7}, "malformed"),
    ],
)
def test_what_no_device_of_ours_says(app: Flask, client: FlaskClient, change: dict[str, Any], said: str) -> None:
    panel, (phone,) = scene(app, client)
    one = match(app, panel, (1, 1))
    assert told(phone, message(phone, one, 0, **change)) == ("rejected", said)
    assert stands(app, panel, one.key) == (None, 0)


def test_locked_drawn_anew_not_given_and_taken_back(app: Flask, client: FlaskClient) -> None:
    panel, (phone,) = scene(app, client)
    one = match(app, panel, (1, 1))
    wrong = phone.write("match.result", "bong-ro/1.9x", {}, base_version=0)
    assert told(phone, wrong) == ("rejected", "malformed")
    assert told(phone, phone.write("match.drop", "tai-nang/1.1", {}, base_version=0)) == ("rejected", "not_given")
    assert told(phone, message(phone, one, 0))[0] == "applied"
    assert told(phone, message(phone, one, 1, first=None)) == ("applied", {"version": 2})
    assert told(phone, message(phone, one, 2, first=None)) == ("duplicate", {"version": 2})
    with app.app_context(), transaction():
        draw_bracket(panel.sport_id, "9", 1, "đọc nhầm", None)
    assert told(phone, message(phone, one, 2)) == ("rejected", "redrawn")
    with app.app_context(), transaction():
        db.session.get_one(Contest, panel.sport_id).state = ContestState.LOCKED
    two = match(app, panel, (1, 1))
    assert told(phone, message(phone, two, 0, drawing=2)) == ("rejected", "locked")
    with app.app_context():
        with pytest.raises(Exception, match="đã khóa điểm"), transaction():
            take_back_match(panel.sport_id, (1, 1), 0, None)
        assert sealed() == []
