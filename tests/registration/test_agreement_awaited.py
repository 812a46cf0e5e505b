"""Imported people wait for their agreement unseen: is the officer warned twice, are they dropped, and do they agree at the desk in a minute?

The family of a file is nowhere but with officer and approver; the worker's days are walked with the clock of its rows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import Agreement
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import reading, transaction
from festival.editions.models import Phase
from festival.passes.models import Pass
from festival.registration import agreeing, registering
from festival.registration.outcomes import Registered
from festival.registration.waiting import dropping
from festival.registration.waiting.clock import Waiting, WaitingStep
from festival.registration.waiting.models import WaitingFamily
from festival.roster import families
from festival.roster.models import Family, FamilyState, Origin
from tests.privacy.test_requests import clean
from tests.registration.conftest import World, household
from tests.registration.pages_kit import post, words

pytestmark = pytest.mark.either_database

SINCE = date(2026, 4, 1)


def test_two_warnings_then_dropped_and_never_sooner_than_three_days_after_one() -> None:
    fresh = Waiting(SINCE)
    assert [fresh.step(SINCE + timedelta(days=days)) for days in (0, 15, 16)] == [None, None, WaitingStep.WARN]
    once = Waiting(SINCE, 1, SINCE + timedelta(days=16))
    assert [once.step(SINCE + timedelta(days=days)) for days in (26, 27)] == [None, WaitingStep.WARN]
    twice = Waiting(SINCE, 2, SINCE + timedelta(days=27))
    assert [twice.step(SINCE + timedelta(days=days)) for days in (29, 30)] == [None, WaitingStep.DROP]
    # the worker was off for months
    late = SINCE + timedelta(days=200)
    assert fresh.step(late) is WaitingStep.WARN and Waiting(SINCE, 1, late).step(late) is None
    assert Waiting(SINCE, 2, late).drop_on == late + timedelta(days=3)


def imported(world: World, number: int = 1) -> Registered:
    """A family of a file: the father has not agreed, nor anybody for the child."""
    mother, father, child = household(number).members
    home = household(
        number,
        email="nha@x.vn",
        members=(
            mother,
            replace(father, agreement=Agreement()),
            replace(child, agreement=Agreement(), own_agreement=False),
        ),
    )
    with world.app.app_context(), transaction():
        (made,) = registering.register_families(world.rules(), world.delegation(), [(home, None)], Origin.EXCEL)
    return made


def worked(world: World) -> tuple[int, int]:
    with world.app.app_context():
        return dropping.look_after()


def days_ago(world: World, days: int) -> None:
    """The rows are that much older."""
    with world.app.app_context(), transaction():
        for row in db.session.scalars(select(WaitingFamily)):
            row.since -= timedelta(days=days)
            row.warned_at = row.warned_at - timedelta(days=days) if row.warned_at else None


def state(world: World, family_id: int) -> FamilyState | None:
    with world.app.app_context(), reading():
        return db.session.scalar(select(Family.state).where(Family.id == family_id))


def test_an_imported_family_is_unseen_warned_about_twice_dropped_and_taken_back(world: World) -> None:
    made = imported(world)
    officer = world.as_user(world.officer)
    page = f"/delegation/{world.hon_dat}/waiting"
    name = household(1).members[0].name
    for address in ("/", "/programme", "/api/v1/public/now"):
        assert name not in world.app.test_client().get(address).text
    assert worked(world) == (0, 0)
    assert "Danh Chung, Danh Minh Khôi" in words(officer.get(page))
    days_ago(world, 16)
    assert (worked(world), worked(world)) == ((1, 0), (0, 0))
    assert "đã báo 1 lần" in words(officer.get(page))
    days_ago(world, 11)
    assert worked(world) == (1, 0)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 2
    days_ago(world, 3)
    assert (worked(world), worked(world)) == ((0, 1), (0, 0))
    assert state(world, made.family_id) is FamilyState.WITHDRAWN
    assert clean(world) == []
    assert world.as_user(world.other_officer).get(page).status_code == 404
    assert post(officer, f"{page}/{made.code}", {}, page=page).status_code == 302
    assert state(world, made.family_id) is FamilyState.DRAFT
    # it waits anew from today
    assert worked(world) == (0, 0)
    with world.app.app_context(), reading():
        (waits,) = dropping.waiting_of(families.family_by_id(made.family_id).festival_id)
        assert (waits.waiting.since, waits.waiting.warned) == (today(), 0)
    assert clean(world) == []


def test_who_agrees_is_not_dropped(world: World) -> None:
    made = imported(world)
    worked(world)
    days_ago(world, 60)
    worked(world)
    days_ago(world, 60)
    worked(world)
    days_ago(world, 60)
    with world.app.app_context(), transaction():
        rules, family = world.rules(), families.family_by_id(made.family_id)
        for one in family.members[1:]:
            agreeing.record_consent(rules, family, one, ConsentPurpose.TAKING_PART, one.name, "self", "link")
    assert worked(world) == (0, 0)
    assert state(world, made.family_id) is FamilyState.DRAFT


def test_a_family_that_arrives_all_the_same_agrees_at_the_desk_and_its_pass_works_at_once(world: World) -> None:
    made = imported(world)
    with world.app.app_context(), transaction():
        db.session.execute(update(Phase).values(closes_at=now() - timedelta(hours=1)))
    for days in (16, 11, 3):
        worked(world)
        days_ago(world, days)
    worked(world)
    assert state(world, made.family_id) is FamilyState.WITHDRAWN
    desk = world.as_user(world.organiser)
    assert "Gia đình" in words(desk.get("/office/checkin/agree"))
    page = f"/office/checkin/agree/{made.code}"
    assert desk.get(f"{page}/slip.pdf").data.startswith(b"%PDF")
    with world.app.app_context(), reading():
        _mother, father, child = (one.code for one in families.family_by_id(made.family_id).members)
    ticks = {f"agree-{father}": "y", f"agree-{child}": "y", f"own-{child}": "y"}
    unsigned = post(desk, page, {**ticks, "guardian": "Danh Chung"})
    assert unsigned.status_code == 400
    unnamed = post(desk, page, {**ticks, "signed": "y"})
    assert unnamed.status_code == 422 and "cha, mẹ" in words(unnamed)
    missing = post(desk, page, {f"agree-{father}": "y", "signed": "y"})
    assert missing.status_code == 409 and "Danh Minh Khôi" in words(missing)
    assert state(world, made.family_id) is FamilyState.WITHDRAWN
    done = post(desk, page, {**ticks, "guardian": "Danh Chung", "guardian-as": "father", "signed": "y"})
    assert done.status_code == 302
    assert "Thẻ dùng được ngay" in words(desk.get(page))
    with world.app.app_context(), reading():
        assert db.session.scalar(select(Pass.replaced_at).where(Pass.family_id == made.family_id)) is None
        assert db.session.scalar(select(func.count()).select_from(Pass).where(Pass.family_id == made.family_id)) == 1
        assert set(db.session.scalars(select(Consent.method).where(Consent.given_as == "father"))) == {"desk"}
    assert state(world, made.family_id) is FamilyState.APPROVED
    assert clean(world) == []
