"""Is a place that was left long ago filled like any other, and may a team come nearer to its composition step by step?"""

from __future__ import annotations

import pytest

from festival.consent.models import ConsentPurpose
from festival.core.transaction import reading, transaction
from festival.registration import leaving
from festival.roster import families
from tests.registration.conftest import World
from tests.registration.morning import FIRST, SECOND, begun
from tests.registration.pages_kit import words
from tests.registration.team_kit import ruled, save
from tests.registration.test_substituting import CHUNG, KHOI, clean, names_in

pytestmark = pytest.mark.either_database


def test_a_team_that_comes_nearer_to_its_composition_may(world: World) -> None:
    """Still outside, it is told what is missing; farther away it is refused."""
    day = begun(world)
    with world.app.app_context(), reading():
        team, chung = day.team().code, day.person(FIRST, CHUNG).code
        others = [day.person(SECOND, CHUNG).code]
    save(world, team, 0, [chung, *others], by=world.organiser, office=True)
    ruled(world, {"what": "ages", "to": 15, "least": 2, "otherwise": "refuse"}, most=9)
    nearer = day.performer(FIRST, CHUNG, KHOI, SECOND)
    page = words(world.as_user(world.organiser).get(day.page(FIRST, nearer)))
    assert (
        "Đội gần đúng thành phần hơn, nhưng chưa đúng hẳn: Đội cần ít nhất 2 người không quá 15 tuổi, đang có 1."
        in page
    )
    assert day.substitute(FIRST, nearer).status_code == 302
    back = words(world.as_user(world.organiser).get(f"/office/substitutions/{world.hon_dat}/1"))
    assert "đang có 0" in back and "Hoàn tác lần thay" not in back, "farther away again"
    assert clean(world)


def test_somebody_comes_into_a_place_that_was_left_long_ago(world: World) -> None:
    day = begun(world)
    before = day.stands()
    with world.app.app_context(), transaction():
        khoi = day.person(FIRST, KHOI)
        family = families.family_by_id(day.id(FIRST))
        assert leaving.take_back(world.rules(), family, khoi, ConsentPurpose.TAKING_PART, "phone")
    empty = day.stands()
    organiser, choice = world.as_user(world.organiser), day.performer(FIRST, KHOI, CHUNG)
    assert "(đã thôi tham gia, chỗ còn trống)" in words(organiser.get(day.page(FIRST)))
    told = words(organiser.get(day.page(FIRST, choice)))
    assert "vào chỗ Danh Minh Khôi để trống" in told and "Thay ngay" in told
    assert day.substitute(FIRST, choice).status_code == 302
    assert [name.split(" ")[-2] for name in names_in(day, FIRST)] == [names_in(day, FIRST)[0].split(" ")[-2], "Chung"]
    assert "chỗ còn trống" not in words(organiser.get(day.page(FIRST))), "it is filled"
    assert day.substitute(FIRST, choice).status_code in (404, 409) and clean(world)
    # the place is empty again, and who left may still come back to it
    assert day.decide("undo").status_code == 302
    assert day.stands()["entries"] == empty["entries"] and clean(world)
    assert day.substitute(FIRST, choice).status_code == 302
    with world.app.app_context(), transaction():
        family = families.family_by_id(day.id(FIRST))
        child = next(one for one in family.members if one.position == KHOI + 1)
        leaving.give_again(world.rules(), family, child, ConsentPurpose.TAKING_PART, "phone")
    assert day.decide("undo", number=2).status_code == 302 and clean(world)
    assert [row[-1] for row in day.stands()["entries"]][:1] == [row[-1] for row in before["entries"]][:1]  # type: ignore[attr-defined]
