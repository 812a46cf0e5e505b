"""Do balls, seconds and answers meet only through a conversion that the rules state?

Delegations A and B: basketball 15 : 9 balls, a relay of 20.5 s : 95 s (less wins), a quiz 8 : 3. Release 0.3.0 added them up as
they were, and B stood first with 95.012 against 20.523.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from festival import editions
from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.models import Festival
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.rules.file import read
from festival.editions.rules.shapes import SCHEMA
from festival.judging.measuring import MeasureTaken, note_measure
from festival.judging.models import MeasureState
from festival.office.festival_import import import_festival, read_file
from festival.results.decide import TieOrder
from festival.results.delegations.deciding import decide_whole
from festival.results.delegations.table import whole_delegation
from festival.results.ladder.lock import Locked, lock
from festival.roster.models import Delegation, Entry

pytestmark = pytest.mark.either_database

RULESETS = Path(editions.__path__[0]) / "data" / "rulesets"
BALLS = {"code": "bong-ro", "name": "Ném bóng vào rổ", "kind": "count", "unit_label": "quả"}
RELAY = {"code": "tiep-suc", "name": "Chạy tiếp sức", "kind": "time", "better": "less"}
QUIZ = {"code": "hieu-nhau", "name": "Gia đình hiểu nhau", "kind": "quiz"}
RESULTS = {"bong-ro": (15, 9), "tiep-suc": (20_500, 95_000), "hieu-nhau": (8, 3)}
PLACES = {"place_points": [2, 1]}


def stated(*contests: dict[str, Any], sum_: str = "points") -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "sources": [{"what": "thử"}],
        "festival": {
            "code": "hai-doan",
            "name": "Ngày hội hai đoàn",
            "organiser": "Ban Tổ chức",
            "starts_on": "2026-06-14",
            "ends_on": "2026-06-14",
        },
        "delegations": [{"code": "a", "name": "Đoàn A"}, {"code": "b", "name": "Đoàn B"}],
        "contests": [
            {"secrecy": "công bố ngay", "entry": "family", "duration_min": 5, **contest} for contest in contests
        ],
        "whole_delegation": {"sum": sum_, "ties": [{"by": "jury"}], "prizes": [{"name": "Nhất", "count": 1}]},
    }


def refused(document: dict[str, Any]) -> list[str]:
    with pytest.raises(BrokenRuleset) as broken:
        read(parse(json.dumps(document)))
    return [str(each) for each in broken.value.problems]


def test_a_sum_of_unlike_numbers_is_refused_naming_each_contest_and_the_way_out() -> None:
    problems = refused(stated(BALLS, RELAY, QUIZ))
    assert [each.partition(":")[0] for each in problems] == ["$.contests[0]", "$.contests[1]", "$.contests[2]"]
    for problem, contest in zip(problems, (BALLS, RELAY, QUIZ), strict=True):
        assert f"«{contest['name']}»" in problem
        for way in ("place_points", "points_scale", "points_per_answer", "sum thành place_points"):
            assert way in problem


@pytest.mark.parametrize(
    ("document", "path", "said"),
    [
        (stated(QUIZ | {"points_per_answer": 1} | PLACES), "$.contests[0].points_per_answer", "đã có place_points"),
        (
            stated(QUIZ | {"points_per_answer": 1} | PLACES, sum_="place_points"),
            "$.contests[0].points_per_answer",
            "cộng điểm theo hạng",
        ),
        (
            {key: value for key, value in stated(BALLS | PLACES).items() if key != "whole_delegation"},
            "$.contests[0].place_points",
            "không có whole_delegation",
        ),
        (
            stated(BALLS | {"points_scale": [{"reach": 5, "points": 1}, {"reach": 9, "points": 2}]}),
            "$.contests[0].points_scale[1].reach",
            "dễ đạt hơn",
        ),
    ],
)
def test_a_conversion_that_has_no_effect_is_refused(document: dict[str, Any], path: str, said: str) -> None:
    problem, *_more = refused(document)
    assert (problem.partition(":")[0], said in problem) == (path, True)


@pytest.mark.parametrize("name", sorted(path.name for path in RULESETS.glob("*.json")))
def test_every_ruleset_of_the_house_adds_up(name: str) -> None:
    read(parse((RULESETS / name).read_bytes()))


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def play(document: dict[str, Any], *, checked: bool = True) -> None:
    """The edition with an entry of each delegation in each contest, all measured and locked."""
    with transaction():
        if checked:
            import_festival(read_file(json.dumps(document).encode()))
        festival = db.session.scalars(select(Festival)).one()
        doing = db.session.scalars(select(Delegation).order_by(Delegation.position)).all()
        for contest in db.session.scalars(select(Contest)).all():
            for delegation, value in zip(doing, RESULTS[contest.code], strict=True):
                entry = Entry(
                    contest_id=contest.id,
                    delegation_id=delegation.id,
                    code=f"{contest.code}-{delegation.rule_code}",
                    name=delegation.name,
                )
                db.session.add(entry)
                db.session.flush()
                taken = note_measure(contest.id, entry.id, 1, MeasureState.VALID, value, 0, None)
                assert isinstance(taken, MeasureTaken)
            assert isinstance(lock(contest.id, None, None, "thử"), Locked)
        assert festival.code == "hai-doan"


def sums() -> list[tuple[str, int]]:
    with reading():
        table = whole_delegation(db.session.scalars(select(Festival)).one())
        assert table is not None
        return [(line.name, line.points_milli) for line in table.lines]


@pytest.mark.parametrize(
    ("contests", "expected"),
    [
        ((BALLS | PLACES, RELAY | PLACES, QUIZ | PLACES), (6_000, 3_000)),
        (
            (
                BALLS | {"points_scale": [{"reach": 15, "points": 10}, {"reach": 9, "points": 6}]},
                RELAY | {"points_scale": [{"reach": 20.5, "points": 10}, {"reach": 60, "points": 5}]},
                QUIZ | {"points_per_answer": 0.5},
            ),
            (24_000, 7_500),
        ),
    ],
    ids=["place-points", "scales-and-answers"],
)
def test_numbers_meet_through_what_the_rules_state(
    contests: tuple[dict[str, Any], ...], expected: tuple[int, int]
) -> None:
    play(stated(*contests))
    assert sums() == [("Đoàn A", expected[0]), ("Đoàn B", expected[1])]


def test_an_edition_of_an_early_release_shows_no_order_until_its_file_is_mended() -> None:
    document = stated(BALLS | PLACES, RELAY | PLACES, QUIZ | PLACES)
    with transaction():
        festival = import_festival(read_file(json.dumps(document).encode())).festival
        for contest in db.session.scalars(select(Contest)):
            contest.place_points = []
        festival.ruleset = stated(BALLS, RELAY, QUIZ)
    play(document, checked=False)
    with reading():
        table = whole_delegation(db.session.scalars(select(Festival)).one())
        assert table is not None
        assert (table.provisional, table.unlike) == (True, (BALLS["name"], RELAY["name"], QUIZ["name"]))
        festival_id = db.session.scalars(select(Festival.id)).one()
    with pytest.raises(Conflict, match="cộng các con số khác loại"), transaction():
        decide_whole(festival_id, TieOrder([["a"], ["b"]]), "x", ["Y"], None)
    with transaction():
        import_festival(read_file(json.dumps(document).encode()))
    assert sums() == [("Đoàn A", 6_000), ("Đoàn B", 3_000)]
    with reading():
        assert {contest.state for contest in db.session.scalars(select(Contest))} == {ContestState.LOCKED}
