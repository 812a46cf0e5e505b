"""Are judges seated with their letter, moved before the first mark, and is a refusal said in its own words?"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests import actions, seating
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core import ledger
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput
from festival.office.festival_import import import_festival, read_file
from tests.registration.conftest import World
from tests.registration.pages_kit import post, words

pytestmark = pytest.mark.either_database

RULES = Path(__file__).parents[2] / "festival/editions/data/rulesets/quy-che-2712.json"
PAGE = "/office/contests/tiet-muc"


@pytest.fixture
def world(app: Flask) -> World:
    """An edition with one contest."""
    with app.app_context(), transaction():
        import_festival(read_file(RULES.read_bytes()))
        organiser = create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER]).id
    return World(app, "quy-che-2712", "", "", 0, 0, organiser)


@pytest.fixture
def people(world: World) -> list[int]:
    """Four people who could judge a contest for three."""
    with world.app.app_context(), transaction():
        db.session.scalars(select(Contest).where(Contest.code == "tiet-muc")).one().panel_size = 3
        return [create_user(f"gk{n}", name, "", []).id for n, name in enumerate(("Mai", "Hoa", "Lan", "Cúc"))]


def _panel(world: World) -> dict[str, str]:
    """Letter → login and duty."""
    with world.app.app_context(), reading():
        names = {each.id: each.user_id for each in db.session.scalars(select(Judge))}
        return {
            f"{each.letter}": f"{names[each.id]} {each.seat}"
            for each in db.session.scalars(select(Judge).order_by(Judge.letter))
        }


def _differences(world: World) -> list[tuple[str, str]]:
    with world.app.app_context(), checks.snapshot():
        return [(each.table, each.column) for _seal, each in checks.inspect(["decisions:quy-che-2712"]).named()]


def _seat(client: FlaskClient, user: int, seat: str = "member", letter: str = "") -> tuple[int, str]:
    answer = post(client, f"{PAGE}/seat", {"user": str(user), "seat": seat, "letter": letter}, page=PAGE)
    return answer.status_code, words(answer)


def test_a_letter_is_chosen_or_the_next_free_one(world: World, people: list[int]) -> None:
    organiser = world.as_user(world.organiser)
    assert [_seat(organiser, people[0], "chair", "B")[0], _seat(organiser, people[1])[0]] == [302, 302]
    assert _panel(world) == {"A": f"{people[1]} member", "B": f"{people[0]} chair"}
    status, said = _seat(organiser, people[2], "member", "B")
    assert (status, "Chữ B đã là của B Mai. Chọn chữ khác, hoặc đổi ghế." in said) == (409, True)
    assert "Có người vừa thay đổi trước" not in said


def test_a_full_panel_says_who_sits_and_keeps_what_was_chosen(world: World, people: list[int]) -> None:
    organiser = world.as_user(world.organiser)
    for user in people[:3]:
        assert _seat(organiser, user)[0] == 302
    answer = post(organiser, f"{PAGE}/seat", {"user": str(people[3]), "seat": "member"}, page=PAGE)
    assert answer.status_code == 409
    assert "Ban giám khảo đã đủ 3 người theo thể lệ: A Mai, B Hoa, C Lan. Muốn thêm" in words(answer)
    assert f'<option value="{people[3]}" selected>' in answer.text
    assert "Ban Tổ chức" in words(answer), "the page still looks signed in"
    assert "Có người vừa thay đổi trước" not in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"user": "", "seat": "member"}, "Chưa chọn người"),
        ({"user": "999999", "seat": "member"}, "Chưa chọn người"),
        ({"user": "{first}", "seat": ""}, "Chưa chọn nhiệm vụ"),
        ({"user": "{first}", "seat": "member", "letter": "AA"}, "một chữ cái từ A đến Z"),
    ],
)
def test_an_empty_choice_is_a_sentence(world: World, people: list[int], fields: dict[str, str], said: str) -> None:
    organiser = world.as_user(world.organiser)
    filled = {key: value.format(first=people[0]) for key, value in fields.items()}
    answer = post(organiser, f"{PAGE}/seat", dict(filled), page=PAGE)
    assert (answer.status_code, said in words(answer)) == (400, True)
    for other, wrong in (("tie", "Chưa chọn đơn vị"), ("unseat", "Thông tin gửi lên chưa đọc được")):
        answer = post(organiser, f"{PAGE}/{other}", {"judge": "", "unit": ""}, page=PAGE)
        assert (answer.status_code, wrong in words(answer)) == (400, True)


def test_two_judges_change_places_and_the_ledger_knows(world: World, people: list[int]) -> None:
    organiser = world.as_user(world.organiser)
    for user, seat in zip(people, ("chair", "member", "member"), strict=False):
        _seat(organiser, user, seat)
    before = _panel(world)
    assert before == {"A": f"{people[0]} chair", "B": f"{people[1]} member", "C": f"{people[2]} member"}
    with world.app.app_context(), reading():
        second = db.session.scalars(select(Judge.id).where(Judge.user_id == people[1])).one()
    moved = {"judge": str(second), "seat": "chair", "letter": "A"}
    assert post(organiser, f"{PAGE}/reseat", dict(moved), page=PAGE).status_code == 302
    assert _panel(world) == {"A": f"{people[1]} chair", "B": f"{people[0]} member", "C": f"{people[2]} member"}
    # the way back is the same step
    back = {"judge": str(second), "seat": "member", "letter": "B"}
    assert post(organiser, f"{PAGE}/reseat", dict(back), page=PAGE).status_code == 302
    assert _panel(world) == {"A": f"{people[0]} member", "B": f"{people[1]} member", "C": f"{people[2]} member"}
    with world.app.app_context(), reading():
        kinds = [entry.kind for entry, _payload in ledger.lines("decisions:quy-che-2712")]
    assert kinds.count("judge_reseated") == 4
    assert [each for each in _differences(world) if each[0] == "judge"] == []
    with world.app.app_context(), transaction():
        db.session.execute(update(Judge).where(Judge.id == second).values(letter="X"))
    assert [each for each in _differences(world) if each[0] == "judge"] == [("judge", "letter")]


def test_letters_stand_from_the_first_mark_on(world: World, people: list[int]) -> None:
    organiser = world.as_user(world.organiser)
    _seat(organiser, people[0], "chair")
    with world.app.app_context(), transaction():
        judge = db.session.scalars(select(Judge)).one()
        with pytest.raises(BadInput):
            seating.reseat(judge.id, PanelSeat.SECRETARY, "A")
        actions.fix_rules(judge.contest_id)
        judge_id = judge.id
    assert "Đổi ghế của" not in organiser.get(PAGE).text
    answer = post(organiser, f"{PAGE}/reseat", {"judge": str(judge_id), "seat": "chair", "letter": "B"}, page=PAGE)
    assert (answer.status_code, "phiếu mang chữ của giám khảo" in words(answer)) == (409, True)
    assert _panel(world) == {"A": f"{people[0]} chair"}
