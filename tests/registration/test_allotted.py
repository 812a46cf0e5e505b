"""Places and days that the organiser gives one delegation: obeyed at every door, never below what is taken, and taken back again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.consent.models import ConsentPurpose
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.registration import decisions, leaving
from festival.registration.allotting.lacking import SentSoFar, lacks_of
from festival.registration.allotting.wanted import AllottedPlaces, read_extension, read_places
from festival.registration.asked_changes import writing
from festival.registration.coming_back.back_words import why_not_back
from festival.registration.coming_back.bringing_back import bring_back
from festival.roster import families
from festival.roster.eligibility import Bounds, ContestQuota, Quotas
from festival.roster.models import ContestPlace, Delegation, Family, FamilyState, Person
from festival.roster.outcomes import Done, QuotaFull
from festival.roster.quotas.own import OwnBounds, quotas_of
from tests.registration.allotted_kit import CLOSE, WHY, allot, not_sent, sealed, version
from tests.registration.conftest import World, household
from tests.registration.pages_kit import words
from tests.registration.registered import approve, kinds, register

pytestmark = pytest.mark.either_database

# ---------------------------------------------------------------- what is typed, and what is missing (pure)


def test_what_is_typed_is_read_and_an_empty_box_follows_the_rules() -> None:
    typed = {
        "families_min": " 1",
        "families_max": "3",
        "people": "",
        "entries-a": "0",
        "performers-a": "12",
        "reason": f" {WHY} ",
    }
    assert read_places(typed, ["a", "b"]) == (AllottedPlaces((1, 3), None, {"a": 0}, {"a": 12}), WHY, {})
    assert read_places({"reason": WHY}, ["a"]) == (AllottedPlaces(), WHY, {})


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"families_min": "3", "families_max": "2"}, {"families_min": "places_crossed"}),
        ({"families_max": "2"}, {"families_min": "places_both"}),
        ({"families_min": "ba", "families_max": "2"}, {"families_min": "places_number"}),
        ({"people": "0"}, {"people": "places_nobody"}),
        ({"entries-a": "10001"}, {"entries-a": "places_number"}),
        ({"performers-a": "-1"}, {"performers-a": "places_number"}),
        ({"reason": "  "}, {"reason": "places_why"}),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_box(typed: dict[str, str], wrong: dict[str, str]) -> None:
    said = read_places({"reason": WHY} | typed, ["a"])[2]
    assert {name: each.code for name, each in said.items()} == wrong


def test_a_day_has_to_come_and_to_be_later_than_everybody_elses() -> None:
    at, closes = now(), now() + CLOSE

    def said(until: datetime | None, closes_at: datetime | None) -> list[str]:
        return [each.code for each in read_extension({"why": WHY}, until, closes_at, at)[1].values()]

    assert said(closes + CLOSE, closes) == []
    assert said(None, closes) == ["extended_unread"]
    assert said(closes, closes) == ["extended_early"]
    assert said(at, at - CLOSE) == ["extended_past"]
    assert said(closes, None) == ["extended_endless"]
    assert [*read_extension({}, closes + CLOSE, closes, at)[1]] == ["why"]


SOLO = ContestQuota("solo", "Tài năng", Bounds(1, 4), Bounds(1, 2))
TEAM = ContestQuota("team", "Kéo co", Bounds(8, 8), Bounds(1, 1), team=True)
QUOTAS = Quotas(families_per_delegation=Bounds(2, 4), contests=(SOLO, TEAM))


def test_what_a_delegation_lacks_counts_what_was_sent() -> None:
    def codes(so_far: SentSoFar) -> list[str]:
        return [each.code for each in lacks_of(so_far, QUOTAS)]

    assert codes(SentSoFar()) == ["too_few_families", "too_few_entries", "too_few_entries"]
    assert codes(SentSoFar(2, entries={"solo": 1, "team": 2}, performers={"solo": 1, "team": 8})) == []
    assert codes(SentSoFar(2, 1, 1, {"solo": 3, "team": 2}, {"team": 7})) == [
        "too_small_team",
        "unsent",
        "returned_unsent",
    ]


def test_own_bounds_stand_in_place_of_those_of_the_rules() -> None:
    own = quotas_of(QUOTAS, OwnBounds(Bounds(1, 9), entries={"solo": 0}))
    assert own.families_per_delegation == Bounds(1, 9)
    assert [each.entries_per_delegation for each in own.contests] == [Bounds(0, 0), Bounds(1, 1)]
    assert quotas_of(QUOTAS, OwnBounds()) == QUOTAS


# ---------------------------------------------------------------- obeyed


def test_each_number_is_obeyed_by_sending_approval_and_the_desk(world: World) -> None:
    """People 3, performers, entries and families in turn: who is beyond is told at the desk, may not be sent, is not approved."""
    first, second = register(world, household(1)).family_id, register(world, household(2)).family_id
    assert approve(world, first) == Done(2)
    officer = world.as_user(world.officer)
    cases: list[tuple[AllottedPlaces, str, QuotaFull, str]] = [
        (AllottedPlaces((1, 1)), "families_full", QuotaFull("", 1), "Gia đình: còn 0 chỗ"),
        (AllottedPlaces(people=5), "people_full", QuotaFull("", 5, people=True), "Người: còn 2 chỗ"),
        (
            AllottedPlaces(entries={"tai-nang": 1}),
            "entries_full",
            QuotaFull("Gia đình tài năng", 1),
            "Gia đình tài năng: còn 0 chỗ",
        ),
        (
            AllottedPlaces(performers={"tai-nang": 3}),
            "performers_full",
            QuotaFull("Gia đình tài năng", 3, people=True),
            "Gia đình tài năng, người dự thi: còn 1 chỗ",
        ),
    ]
    for seen, (places, code, full, left) in enumerate(cases, start=1):
        assert allot(world, places, seen)
        assert not_sent(world, household(3)) == [code]
        assert approve(world, second) == full
        assert left in words(officer.get(f"/delegation/{world.hon_dat}"))
    # the way back: the rules again
    assert allot(world, AllottedPlaces(), 5)
    assert approve(world, second) == Done(2)
    assert kinds(world).count("places.allotted") == 5
    assert sealed(world)


def test_below_what_is_taken_is_refused_with_the_number(world: World) -> None:
    for number in (1, 2):
        assert approve(world, register(world, household(number)).family_id) == Done(2)
    refused = {
        "Đoàn đã có 2 gia đình được duyệt": AllottedPlaces((0, 1)),
        "Đoàn đã có 6 người được duyệt": AllottedPlaces(people=5),
        "Gia đình tài năng: đoàn đã có 2 đội được duyệt": AllottedPlaces(entries={"tai-nang": 1}),
        "Gia đình tài năng: đoàn đã có 4 người dự thi được duyệt": AllottedPlaces(performers={"tai-nang": 3}),
        "Gia đình thể thao: đoàn đã có 1 đội được duyệt": AllottedPlaces(entries={"the-thao": 0}),
    }
    for said, places in refused.items():
        with pytest.raises(Conflict, match=said):
            allot(world, places)
    assert version(world) == 1
    assert allot(world, AllottedPlaces((0, 2), 6, {"tai-nang": 2}, {"tai-nang": 4}))
    assert not allot(world, AllottedPlaces((0, 2), 6, {"tai-nang": 2}, {"tai-nang": 4}), 2)
    with pytest.raises(Overtaken):
        allot(world, AllottedPlaces(), 1)
    assert sealed(world)


def test_back_to_the_rules_is_refused_where_more_is_taken_than_they_give(make_world: Callable[..., World]) -> None:
    world = make_world(families=1, entries=1)
    assert allot(world, AllottedPlaces((1, 2), entries={"tai-nang": 2}))
    for number in (1, 2):
        assert approve(world, register(world, household(number)).family_id) == Done(2)
    with pytest.raises(Conflict, match="2 gia đình"):
        allot(world, AllottedPlaces(entries={"tai-nang": 2}), 2)
    with pytest.raises(Conflict, match="2 đội"):
        allot(world, AllottedPlaces((1, 2)), 2)


def test_who_comes_back_finds_no_place_that_was_given_away(world: World) -> None:
    """Somebody who left, and a family that is changed, are counted as at an approval."""
    gone, stays = register(world, household(1)).family_id, register(world, household(2)).family_id
    for each in (gone, stays):
        assert approve(world, each) == Done(2)
    with world.app.app_context(), transaction():
        family = families.family_by_id(gone)
        assert leaving.take_back(world.rules(), family, family.members[1], ConsentPurpose.TAKING_PART, "phone")
    assert allot(world, AllottedPlaces(people=5))
    with world.app.app_context(), pytest.raises(Conflict, match="đủ 5 người"), transaction():
        family = families.family_by_id(gone)
        leaving.give_again(world.rules(), family, family.members[1], ConsentPurpose.TAKING_PART, "phone")
    assert allot(world, AllottedPlaces(people=6), 2)
    with world.app.app_context(), transaction():
        family = families.family_by_id(gone)
        leaving.give_again(world.rules(), family, family.members[1], ConsentPurpose.TAKING_PART, "phone")
    with world.app.app_context(), reading():
        assert not any(each.out for each in families.family_by_id(gone).members)


def test_a_family_that_was_withdrawn_finds_its_people_counted_again(world: World) -> None:
    gone = register(world, household(1)).family_id
    for each in (gone, register(world, household(2)).family_id):
        assert approve(world, each) == Done(2)
    with world.app.app_context(), transaction():
        assert decisions.withdraw_family(world.rules(), families.family_by_id(gone), None, "office") == Done(3)
    assert allot(world, AllottedPlaces(people=5))
    with world.app.app_context(), transaction():
        family = families.family_by_id(gone)
        back = bring_back(world.rules(), family, 3, "nhầm", world.organiser)
        assert back == QuotaFull("", 5, people=True) and "nhiều nhất 5 người" in why_not_back(back)


def test_a_change_after_approval_brings_no_more_people_than_were_allotted(world: World) -> None:
    """Carried out at the organiser's own page: one more joins, and the delegation has its number already."""
    made = register(world, household(1))
    assert approve(world, made.family_id) == Done(2)
    assert allot(world, AllottedPlaces(people=3))
    with world.app.app_context(), pytest.raises(Conflict, match="Đoàn nhiều nhất 3 người"), transaction():
        family = families.family_by_id(made.family_id)
        stands = families.household_of_family(family, families.contests_by_person([family.id]))
        joins = replace(household(5).members[1], name="Danh Thêm", contests=())
        writing.write(world.rules(), family, replace(stands, members=(*stands.members, joins)), "office")


@pytest.mark.both_databases
def test_a_constraint_stands_behind_the_statements(world: World) -> None:
    assert approve(world, register(world, household(1)).family_id) == Done(2)
    with world.app.app_context():
        for broken in (
            update(Delegation).values(families_max=0),
            update(ContestPlace).values(entries_most=0),
            update(Delegation).values(people_max=0),
            update(Delegation).values(extended_until=now()),
        ):
            with pytest.raises(IntegrityError), transaction():
                db.session.execute(broken)


# ---------------------------------------------------------------- two at once


def people_and_bound(world: World) -> tuple[int, int | None]:
    with world.app.app_context(), reading():
        people = select(func.count(Person.id)).join(Family, Family.id == Person.family_id)
        return db.session.scalar(people.where(Family.state == FamilyState.APPROVED)) or 0, world.delegation().people_max


def at_once(world: World, *acts: Callable[[], object]) -> None:
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        with world.app.app_context():
            start.wait()
            try:
                act()
            except Conflict:
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


@pytest.mark.both_databases
def test_of_an_approval_and_a_lower_number_at_once_one_is_refused(world: World) -> None:
    assert approve(world, register(world, household(1)).family_id) == Done(2)
    second = register(world, household(2)).family_id
    at_once(world, lambda: approve(world, second), lambda: allot(world, AllottedPlaces(people=5)))
    people, most = people_and_bound(world)
    assert (people, most) in {(6, None), (3, 5)}


@pytest.mark.both_databases
def test_counting_first_and_writing_then_lets_both_through(world: World) -> None:
    """The naive variant of the same: each looks, then writes; more people than the number says."""
    assert approve(world, register(world, household(1)).family_id) == Done(2)
    second, looked = register(world, household(2)).family_id, threading.Barrier(2)

    def lower() -> None:
        few = people_and_bound(world)[0] <= 5
        looked.wait()
        with transaction():
            db.session.execute(update(Delegation).where(few).values(people_max=5))

    def take_in() -> None:
        people, most = people_and_bound(world)
        looked.wait()
        if most is None or people + 3 <= most:
            with transaction():
                db.session.execute(update(Family).where(Family.id == second).values(state=FamilyState.APPROVED))

    at_once(world, lower, take_in)
    assert people_and_bound(world) == (6, 5)
