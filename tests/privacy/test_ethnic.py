"""Is an ethnic group written down with an agreement of its own only, read by nobody by name, and shown in numbers of five or more?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.consent.rules import Ticks
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.privacy.ethnic import agreeing
from festival.privacy.groups import GROUPS, LEAST, GroupCounts, shown
from festival.privacy.holdings import holdings
from festival.privacy.kept import PERSONAL
from festival.privacy.models import EthnicGroup
from festival.roster import families
from tests.privacy.test_requests import clean, person_of
from tests.registration.conftest import World, household, make_world, world
from tests.registration.pages_kit import post, with_link, words
from tests.registration.registered import approve, register

pytestmark = pytest.mark.either_database

__all__ = ["make_world", "world"]
PAGE = "/family/ethnic"
TAIL = {"tail": "0001"}


def test_small_groups_are_counted_together_and_nothing_can_be_worked_out() -> None:
    assert shown({"01": 20, "04": 6, "05": 5}) == GroupCounts((("Kinh", 20), ("Hoa", 6), ("Khmer", 5)), 0)
    assert shown({"01": 20, "04": 4, "05": 3}) == GroupCounts((("Kinh", 20),), 7)
    # three alone would be few, so the smallest group that could be shown joins them
    assert shown({"01": 20, "04": 6, "05": 3}) == GroupCounts((("Kinh", 20),), 9)
    assert shown({"05": 4}) == GroupCounts() == shown({})


@given(st.dictionaries(st.sampled_from(sorted(GROUPS)), st.integers(1, 30)))
def test_no_number_under_five_is_ever_shown_and_none_is_lost(counts: dict[str, int]) -> None:
    found = shown(counts)
    numbers = [number for _name, number in found.groups] + [found.others]
    assert all(number == 0 or number >= LEAST for number in numbers)
    assert sum(numbers) in (sum(counts.values()), 0) and (sum(numbers) or sum(counts.values()) < LEAST)


def test_it_is_written_behind_the_link_with_its_own_agreement_and_goes_when_taken_back(world: World) -> None:
    made = register(world, household(1))
    client, office = with_link(world, made.link), world.as_user(world.organiser)
    father, child = person_of(world, made.family_id, 1), person_of(world, made.family_id, 2)
    wanted = {"person": father, "group": "05", "agree": "y", **TAIL}
    for wrong in ({"agree": ""}, {"group": "99"}, {"person": "KHAC"}, {"tail": "9999"}, {"person": child}):
        assert post(client, PAGE, wanted | wrong).status_code == 400
    assert post(client, PAGE, wanted).status_code == 302
    assert post(client, PAGE, wanted).status_code == 409
    guarded = wanted | {"person": child, "guardian": "Danh Chung", "guardian-as": "father"}
    assert post(client, PAGE, guarded).status_code == 302
    assert "Khmer" in words(client.get(PAGE))
    # the family reads it among its data, the staff does not
    assert "Khmer" in words(post(client, "/family/privacy/data", TAIL, page="/family/privacy"))
    asked = post(client, "/family/privacy", {"kind": "see", "person": "", **TAIL})
    handed = words(office.get(f"/office/privacy/requests/{asked.location.rpartition('/')[2]}/data"))
    assert "Danh Chung" in handed and "Khmer" not in handed
    assert clean(world) == []
    for person in (father, child):
        back = {"act": "back", "person": person, **TAIL}
        assert post(client, PAGE, back).status_code == 302
        assert post(client, PAGE, back).status_code == 409
    with world.app.app_context(), reading():
        rows = db.session.scalars(select(EthnicGroup)).all()
        assert [(row.group_code, row.given_by, row.withdrawn_how) for row in rows] == [("", "Danh Chung", "link")] * 2
    assert clean(world) == []


def test_the_organiser_sees_five_or_more_and_nobody_without_the_permission_anything(
    make_world: Callable[..., World],
) -> None:
    world = make_world(8, 8)
    office = world.as_user(world.organiser)
    for number in range(1, 7):
        made = register(world, household(number))
        approve(world, made.family_id)
        with world.app.app_context(), transaction():
            family = families.family_by_id(made.family_id)
            head = family.members[0]
            agreeing.write_down(family, head, "05", Ticks(agreed=True), "link")
        told = words(office.get("/office/privacy/ethnic"))
        assert ("Khmer" in told) == (number >= LEAST)
    assert "Khmer 6" in told
    with world.app.app_context(), transaction():
        secretary = create_user("thuky9", "Thư ký", "", [Role.SECRETARY]).id
    for user in (secretary, world.officer):
        assert world.as_user(user).get("/office/privacy/ethnic").status_code == 403


def test_every_personal_table_stands_on_the_page_of_what_is_kept(world: World) -> None:
    assert {name for each in holdings() for name in each.tables} == set(PERSONAL)
    told = words(world.app.test_client().get("/privacy/kept"))
    assert "16/6/2025" in told and "nhiều nhất 30 ngày" in told and "nhiều nhất 400 ngày" in told
