"""A family in reserve: outside the quota, without pass and entries, called up when there is a place, with every way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.passes.models import Pass
from festival.registration import changing, decisions, registering
from festival.registration.outcomes import NotSent, Registered, StandsInReserve
from festival.registration.reserves import reserving
from festival.roster import families, views
from festival.roster.models import Delegation, Entry, Family, FamilyState, Origin
from festival.roster.outcomes import Done, QuotaFull, Stale
from tests.registration.conftest import World, household
from tests.registration.pages_kit import token_of, words
from tests.registration.registered import approve, kinds, register

pytestmark = pytest.mark.either_database


def typed(world: World, number: int) -> int:
    """A family an officer has typed, not sent."""
    with world.app.app_context(), transaction():
        made = registering.register_family(world.rules(), world.delegation(), household(number), Origin.OFFICER)
        assert isinstance(made, Registered)
        return made.family_id


def item_of(world: World, family_id: int) -> views.FamilyView:
    return views.view(families.family_by_id(family_id), world.rules())


def standing(world: World, family_id: int) -> tuple[str, str | None, list[str], int]:
    """State, reserve, states of the entries, passes that count."""
    with world.app.app_context(), reading():
        family = families.family_by_id(family_id)
        entries = db.session.scalars(select(Entry.state).where(Entry.family_id == family_id).order_by(Entry.contest_id))
        passes = select(func.count(Pass.id)).where(Pass.family_id == family_id, Pass.replaced_at.is_(None))
        return family.state.value, family.reserve, [each.value for each in entries], db.session.scalar(passes) or 0


def test_a_full_delegation_still_sends_one_in_reserve_and_calls_it_up(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    first, second = register(world, household(1)).family_id, typed(world, 2)
    assert isinstance(approve(world, first), Done)
    with world.app.app_context():
        with transaction():
            full = changing.submit_family(world.rules(), item_of(world, second), 1)
            assert isinstance(full, NotSent) and [each.reason.code for each in full.why] == ["families_full"]
            rules, family = world.rules(), families.family_by_id(second)
            assert reserving.propose(rules, family, 1, world.officer, reserve=True) == Done(2)
        with transaction():
            assert changing.submit_family(world.rules(), item_of(world, second), 2) == Done(3)
        with transaction():
            assert decisions.approve(world.rules(), item_of(world, second), 3, None) == StandsInReserve()
            assert views.complete_and_waiting(world.delegation().id, world.rules()) == []
            assert reserving.accept(world.rules(), item_of(world, second), 3, world.organiser) == Done(4)
        with transaction():
            assert reserving.call_up(world.rules(), item_of(world, second), 4, None) == QuotaFull("", 1)
    assert standing(world, second) == ("submitted", "accepted", ["proposed", "proposed"], 0)
    with world.app.app_context():
        with transaction():
            rules = world.rules()
            assert decisions.withdraw_family(rules, families.family_by_id(first), None, "office")
        with transaction():
            assert reserving.call_up(world.rules(), item_of(world, second), 4, world.organiser) == Done(6)
    state, reserve, entries, passes = standing(world, second)
    assert (state, reserve, entries[0], passes) == ("approved", None, "enrolled", 1)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(Delegation.approved_count).where(Delegation.code == world.hon_dat)) == 1
    assert [kind for kind in kinds(world) if kind in ("registration.reserve", "registration.approved")] == [
        "registration.approved",
        "registration.reserve",
        "registration.reserve",
        "registration.reserve",
        "registration.approved",
    ]
    with world.app.app_context(), snapshot():
        assert inspect().clean


def test_every_step_has_its_way_back(world: World) -> None:
    family_id = register(world, household(1)).family_id
    with world.app.app_context():
        with transaction():
            assert reserving.accept(world.rules(), item_of(world, family_id), 1, None) == Done(2)
        with transaction():
            rules, family = world.rules(), families.family_by_id(family_id)
            stale = Stale(FamilyState.SUBMITTED, 2)
            assert reserving.propose(rules, family, 2, None, reserve=False) == stale
            assert decisions.return_family(rules, family, 2, "sửa", None) == stale
            assert reserving.release(rules, family, 2, None, reserve=True) == Done(3)
        with transaction():
            rules = world.rules()
            assert reserving.propose(rules, families.family_by_id(family_id), 3, None, reserve=False) == Done(4)
        with transaction():
            assert reserving.accept(world.rules(), item_of(world, family_id), 4, None) == Done(5)
        with transaction():
            assert decisions.withdraw_family(world.rules(), families.family_by_id(family_id), 5, "officer") == Done(6)
        with transaction():
            rules = world.rules()
            assert decisions.restore_family(rules, families.family_by_id(family_id), 6, "nhầm", None) == Done(7)
    assert standing(world, family_id)[:2] == ("draft", "proposed")
    with world.app.app_context():
        with snapshot():
            assert inspect().clean
        with transaction():
            db.session.execute(update(Family).values(reserve=None))
        with snapshot():
            assert [each.column for _seal, each in inspect().named()] == ["reserve"]


def code_of(family_id: int) -> str:
    return families.family_by_id(family_id).code


@pytest.mark.both_databases
def test_who_stands_in_reserve_is_never_approved(world: World) -> None:
    """Approving by the state alone is what the constraint stands against."""
    family_id = register(world, household(1)).family_id
    with world.app.app_context():
        with transaction():
            assert reserving.accept(world.rules(), item_of(world, family_id), 1, None) == Done(2)
        for forbidden in (FamilyState.APPROVED, FamilyState.RETURNED):
            with pytest.raises(IntegrityError), transaction():
                db.session.execute(update(Family).where(Family.id == family_id).values(state=forbidden))


def test_officer_and_organiser_by_their_pages(world: World) -> None:
    family_id = typed(world, 1)
    with world.app.app_context(), reading():
        code = code_of(family_id)
    officer, organiser = world.as_user(world.officer), world.as_user(world.organiser)
    page = f"/delegation/{world.hon_dat}/families/{code}"

    def press(client: object, address: str, to: str, version: int, at: str) -> str:
        fields = {"csrf_token": token_of(client.get(at)), "to": to, "version": str(version)}  # type: ignore[attr-defined]
        return words(client.post(address, data=fields, follow_redirects=True))  # type: ignore[attr-defined]

    assert "Đề nghị dự bị" in press(officer, f"{page}/reserve", "proposed", 1, page)
    assert "Đề nghị dự bị" in words(officer.get(f"/delegation/{world.hon_dat}"))
    press(officer, f"{page}/submit", "", 2, page)
    day = f"/delegation/{world.hon_dat}/day"
    assert "Hồ sơ chưa xong (1 gia đình)" in words(officer.get(day)) and "Chờ duyệt · Đề nghị dự bị" in words(
        officer.get(day)
    )
    assert "1 gia đình chờ duyệt" in words(organiser.get("/office"))
    desk = f"/office/registrations/{code}"
    assert "Đã nhận Gia đình bà Thạch Thị Sa Rươl làm dự bị." in press(
        organiser, f"{desk}/reserve", "accepted", 3, desk
    )
    assert "Gọi lên thi chính thức" in words(organiser.get(desk))
    # nobody has to decide or mend anything now: it waits for a place
    assert "gia đình chờ duyệt" not in words(organiser.get("/office")) and "Dự bị 1" in words(organiser.get("/office"))
    assert "Mọi hồ sơ đã được duyệt." in words(officer.get(day)) and "Dự bị, chờ gọi lên" in words(officer.get(day))
    assert code not in organiser.get("/office/registrations").text
    assert code in organiser.get("/office/registrations?state=reserve").text
    assert "Thôi làm dự bị" not in words(officer.get(page))
    assert "thẻ đã có" in press(organiser, f"{desk}/call-up", "", 4, desk)
    assert standing(world, family_id)[:2] == ("approved", None)
