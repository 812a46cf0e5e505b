"""Does a file become a festival, whole or not at all, and do its rules stand after the first mark?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from festival.accounts.actions import create_user
from festival.contests import actions
from festival.contests.models import Contest, Criterion, EntrantKind, PanelSeat, ResultKind, Secrecy
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival, Unit, UnitSuccession
from festival.editions.queries import became, rules, unit_by_code
from festival.office.festival_import import import_festival, read_file
from festival.roster.models import Delegation

pytestmark = pytest.mark.either_database

DATA = Path(__file__).parents[2] / "festival/editions/data"
UNIT_FILES = [str(DATA / "units" / name) for name in
              ("kien-giang-2024.json", "an-giang-2025.json", "kien-giang-to-an-giang.json")]  # fmt: skip
RULES = DATA / "rulesets/kien-giang-2024.json"


def run(app: Flask, *words: str) -> Any:
    return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def units(app: Flask) -> None:
    done = run(app, "units", "import", *UNIT_FILES)
    assert done.exit_code == 0, done.output


def counted() -> tuple[int, ...]:
    with reading():
        return tuple(
            db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Festival, Contest, Criterion, Delegation)
        )


@pytest.mark.usefixtures("units")
def test_units_of_both_periods_are_told_apart(app: Flask) -> None:
    with reading():
        assert db.session.scalar(select(func.count(Unit.id))) == 160 + 103
        assert db.session.scalar(select(func.count()).select_from(UnitSuccession)) == 145
        before, after = (unit_by_code("30742", day) for day in (date(2024, 6, 14), date(2025, 7, 1)))
        assert before is not None
        assert after is not None
        assert (before.full_name, after.full_name) == ("Phường Vĩnh Bảo", "Phường Rạch Giá")
        assert became(before.id) == [after]
    again = run(app, "units", "import", *UNIT_FILES)
    assert "0 đơn vị mới, 160 đã có" in again.output


def test_successions_without_their_units_are_refused_whole(app: Flask) -> None:
    done = run(app, "units", "import", UNIT_FILES[2])
    assert done.exit_code == 1
    assert "Chưa có đơn vị mã 91" in done.output
    with reading():
        assert db.session.scalar(select(func.count(Unit.id))) == 0


@pytest.mark.usefixtures("units")
def test_the_edition_of_2024_stands_with_all_its_rules(app: Flask) -> None:
    done = run(app, "festival", "import", str(RULES))
    assert done.exit_code == 0, done.output
    assert "6 phần thi, 15 đoàn" in done.output
    with reading():
        talent = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        assert (talent.result_kind, talent.secrecy, talent.entrant) == (
            ResultKind.RUBRIC,
            Secrecy.SECRET,
            EntrantKind.FAMILY,
        )
        assert (talent.aggregate, talent.delta_milli, talent.drop_passes, talent.panel_size) == (
            "deviation_drop",
            15_000,
            1,
            5,
        )
        assert (talent.grace_s, talent.overtime_penalty_milli) == (60, 2000)
        assert sum(criterion.max_milli for criterion in talent.criteria) == 100_000
        assert talent.prizes[3] == {"name": "Khuyến khích", "count": None}
        assert talent.tie_ladder[0] == {"by": "criterion", "criterion": "noi-dung"}
        assert talent.place_points[0] == 15_000
        festival = talent.festival
        assert (festival.families_min, festival.families_max) == (4, 6)
        assert rules(festival).special_prizes[0].name == "Gia đình nhiều thế hệ nhất"
        delegation = db.session.scalars(select(Delegation).where(Delegation.name == "Đoàn huyện Hòn Đất")).one()
        assert delegation.unit.official_code == "903"
    before = counted()
    assert run(app, "festival", "import", str(RULES)).exit_code == 0
    assert counted() == before
    assert "kien-giang-2024" in run(app, "festival", "list").output


@pytest.mark.usefixtures("units")
def test_the_raw_reconstruction_is_imported_too(app: Flask) -> None:
    done = run(app, "festival", "import", str(DATA / "sources/kien-giang-2024-likely.json"))
    assert done.exit_code == 0, done.output
    assert "6 phần thi" in done.output


@pytest.mark.both_databases
def test_a_file_that_fails_at_its_last_delegation_leaves_nothing(app: Flask) -> None:
    done = run(app, "festival", "import", str(RULES))
    assert done.exit_code == 1
    assert "Chưa có đơn vị mã 899" in done.output
    assert counted() == (0, 0, 0, 0)


@pytest.mark.usefixtures("units")
def test_a_unit_that_ended_before_the_first_day_is_called_so(app: Flask) -> None:
    """Not «there is no such unit»: districts ended on 1 July 2025."""
    document = json.loads(RULES.read_text("utf-8"))
    with transaction():
        import_festival(read_file(json.dumps(document).encode()))
    document["festival"] |= {"starts_on": "2025-08-14", "ends_on": "2025-08-16", "data_kept_until": "2026-03-01"}
    document["festival"].pop("registration_closes_on", None)
    with (
        pytest.raises(
            BadInput, match=r"Thành phố Rạch Giá .* không còn là đơn vị hành chính vào ngày khai mạc 14/8/2025"
        ),
        transaction(),
    ):
        import_festival(read_file(json.dumps(document).encode()))


@pytest.mark.usefixtures("app")
def test_rules_change_until_the_first_mark_and_not_after() -> None:
    document = json.loads((DATA / "rulesets/quy-che-2712.json").read_text("utf-8"))
    with transaction():
        import_festival(read_file(json.dumps(document).encode()))
    document["contests"][0]["scoring"]["delta"] = 1.5
    document["contests"][0]["criteria"] = [
        {"code": "a", "name": "A", "max": 12, "step": 0.5},
        {"code": "b", "name": "B", "max": 8, "step": 0.5},
    ]
    with transaction():
        import_festival(read_file(json.dumps(document).encode()))
    with transaction():
        contest = db.session.scalars(select(Contest)).one()
        assert (contest.delta_milli, [criterion.code for criterion in contest.criteria]) == (1500, ["a", "b"])
        actions.fix_rules(contest.id)
    same = read_file(json.dumps(document).encode())
    with transaction():
        import_festival(same)
    document["contests"][0]["scoring"]["delta"] = 2
    with pytest.raises(Conflict, match="đã có điểm"), transaction():
        import_festival(read_file(json.dumps(document).encode()))
    with reading():
        assert db.session.scalars(select(Contest)).one().delta_milli == 1500


@pytest.mark.usefixtures("app")
def test_a_panel_has_one_chair_letters_and_no_more_seats_than_its_rules(app: Flask) -> None:
    with transaction():
        import_festival(read_file((DATA / "rulesets/quy-che-2712.json").read_bytes()))
        contest = db.session.scalars(select(Contest)).one()
        people = [create_user(f"gk{number}", f"Giám khảo {number}", "", []).id for number in range(10)]
        letters = [actions.seat(contest.id, people[0], PanelSeat.CHAIR).letter]
        letters += [actions.seat(contest.id, people[number], PanelSeat.MEMBER).letter for number in range(1, 7)]
        secretary = actions.seat(contest.id, people[7], PanelSeat.SECRETARY)
    assert letters == list("ABCDEFG")
    assert secretary.letter is None
    for user, in_seat, why in (
        (people[8], PanelSeat.MEMBER, "đủ 7 người"),
        (people[8], PanelSeat.SECRETARY, "Thư ký đang là "),
        (people[1], PanelSeat.SECRETARY, "đã có trong ban giám khảo"),
    ):
        with pytest.raises(Conflict, match=why), transaction():
            actions.seat(contest.id, user, in_seat)
    with pytest.raises(BadInput, match="lý do"), transaction():
        unit = Unit(key="u", level="agency", kind="", name="Trường A", folded="truong a")
        db.session.add(unit)
        db.session.flush()
        actions.note_unavailable(secretary.judge_id, unit.id, " ")
