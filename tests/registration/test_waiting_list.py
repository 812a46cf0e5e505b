"""The line for places of a delegation: offers that hold, answers, what is over, and every way back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.registration import changing, decisions, registering
from festival.registration.offering import answering, distributing, ordering
from festival.registration.offering.answering import OfferOver, OfferTooSmall
from festival.registration.outcomes import NotSent, Registered, StandsInLine
from festival.registration.queueing.models import LineSpot, OfferState, PlaceOffer, WaitingList
from festival.roster import families, views
from festival.roster.models import ContestPlace, Delegation, Family, Origin
from festival.roster.outcomes import Done, QuotaFull
from tests.registration.conftest import World, household
from tests.registration.line_kit import families_sent, given, late, offers, opened, places, sealed, state_of, version
from tests.registration.registered import approve, kinds, race, register

pytestmark = pytest.mark.either_database


def accept(world: World, family_id: int) -> object:
    with world.app.app_context(), transaction():
        return answering.accept(world.rules(), families.family_by_id(family_id))


def decline(world: World, family_id: int) -> bool:
    with world.app.app_context(), transaction():
        return answering.decline(world.rules(), families.family_by_id(family_id))


def again(world: World, family_id: int) -> bool:
    with world.app.app_context(), transaction():
        return answering.stand_again(world.rules(), families.family_by_id(family_id))


def say(world: World, what: Callable[..., object], family_id: int, seen: int | None = None, *more: object) -> None:
    at = version(world) if seen is None else seen
    with world.app.app_context(), transaction():
        family = families.family_by_id(family_id)
        what(world.rules(), family, *more, at, "vì thế", world.organiser)


def test_without_a_line_everything_is_as_it_was(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    first = families_sent(world, 1)[0]
    assert given(world) == ([], []) and offers(world) == []
    assert isinstance(approve(world, first), Done)
    with world.app.app_context(), transaction():
        full = registering.register_family(world.rules(), world.delegation(), household(2), Origin.FAMILY, submit=True)
        assert isinstance(full, NotSent) and [each.reason.code for each in full.why] == ["families_full"]


def test_a_full_delegation_with_a_line_takes_who_registers_itself_and_no_other(
    make_world: Callable[..., World],
) -> None:
    world = make_world(families=1)
    approve(world, families_sent(world, 1)[0])
    opened(world)
    assert isinstance(register(world, household(2)), Registered)
    with world.app.app_context(), transaction():
        rules, delegation = world.rules(), world.delegation()
        refused = registering.register_family(rules, delegation, household(3), Origin.OFFICER, submit=True)
        assert isinstance(refused, NotSent)
    assert given(world) == ([], [])


def test_the_first_is_offered_accepts_and_is_approved(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    first = register(world, replace(household(1), email="nha@example.org")).family_id
    second = families_sent(world, 1, first=2)[0]
    assert approve(world, first) == StandsInLine()
    assert given(world) == ([first], [])
    assert given(world) == ([], []) and places(world) == (0, 1)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(OutboxMail.subject).order_by(OutboxMail.id.desc())) == (
            "Có chỗ cho gia đình: mời trả lời"
        )
        # one entry that has places of its own is held, the mixed team's is not
        assert [row.taken for row in db.session.scalars(select(ContestPlace))] == [1]
    assert isinstance(accept(world, first), Done)
    assert places(world) == (1, 0) and state_of(world, first) == "approved"
    assert accept(world, first) == OfferOver() and accept(world, second) == OfferOver()
    assert given(world) == ([], [])
    assert [kind for kind in kinds(world) if kind.startswith("waiting.") or kind.endswith("approved")] == [
        "waiting.list", "waiting.offered", "waiting.ended", "registration.approved", "waiting.stands",
    ]  # fmt: skip
    assert sealed(world)


def test_an_offer_that_is_over_goes_on_to_the_next_by_the_worker(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    first, second = families_sent(world, 2)
    given(world)
    late(world)
    assert accept(world, first) == OfferOver()
    with world.app.app_context():
        assert distributing.look_after() == 1
        db.session.remove()
    assert offers(world) == [(first, "expired"), (second, "offered")]
    # it stands no more, until it asks: then at the end
    assert decline(world, second) and given(world) == ([], [])
    assert again(world, second) and again(world, first) and not again(world, first)
    assert given(world) == ([second], []) and places(world) == (0, 1)
    assert isinstance(accept(world, second), Done)
    assert sealed(world) is False  # the time was set back by hand, and the seal tells it


def test_what_is_declined_goes_on_and_the_organiser_gives_it_back(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    first, second = families_sent(world, 2)
    given(world)
    assert decline(world, first) and not decline(world, first)
    assert given(world) == ([second], [])
    say(world, ordering.take_out, second)
    assert offers(world) == [(first, "declined"), (second, "taken_back")] and places(world) == (0, 0)
    assert not again(world, second)  # what the organiser took back, the organiser gives
    assert given(world) == ([], [])
    say(world, ordering.put_back, first)
    with pytest.raises(Conflict):
        say(world, ordering.put_back, first)
    say(world, ordering.put_back, second)
    assert given(world) == ([first], [])
    assert sealed(world)


def test_a_family_is_moved_with_a_reason_and_back(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    first, _second, third = families_sent(world, 3)
    seen = version(world)
    say(world, ordering.move, third, None, 1)
    with pytest.raises(Overtaken):
        say(world, ordering.move, first, seen, 2)
    assert given(world) == ([third], [])
    say(world, ordering.take_out, third)
    say(world, ordering.put_back, third)
    say(world, ordering.move_back, third)
    assert given(world) == ([first], [])
    assert sealed(world)
    with world.app.app_context():
        with transaction():
            db.session.execute(update(LineSpot).values(stands_at=now()))
            db.session.execute(update(WaitingList).values(answer_hours=1))
            offer = db.session.scalars(select(PlaceOffer).where(PlaceOffer.family_id == first)).one()
            offer.people = 9
        with snapshot():
            found = sorted((each.table, each.column) for _seal, each in inspect().named())
    assert found == [("line_spot", "at"), ("place_offer", "people"), ("waiting_list", "hours")]


def test_a_closed_line_offers_no_more_and_what_was_offered_stands(make_world: Callable[..., World]) -> None:
    world = make_world(families=2)
    opened(world)
    first = families_sent(world, 1)[0]
    given(world)
    opened(world, open_=False, seen=version(world))
    second = families_sent(world, 1, first=2)[0]
    assert given(world) == ([], [])
    assert isinstance(approve(world, second), Done)  # by hand, as without a line
    assert places(world) == (1, 1)
    assert isinstance(accept(world, first), Done)
    assert places(world) == (2, 0) and sealed(world)


def test_a_registration_that_is_withdrawn_or_given_back_holds_nothing(make_world: Callable[..., World]) -> None:
    world = make_world(families=2)
    opened(world)
    first, second, third, fourth = families_sent(world, 4)
    assert given(world) == ([first, second], [])
    with world.app.app_context(), transaction():
        rules = world.rules()
        assert isinstance(decisions.withdraw_family(rules, families.family_by_id(first), None, "link", "link"), Done)
        assert isinstance(decisions.return_family(rules, families.family_by_id(second), 1, "sửa", None), Done)
    assert given(world) == ([third, fourth], [])
    assert offers(world)[:2] == [(first, "lapsed"), (second, "lapsed")] and places(world) == (0, 2)
    assert decline(world, third)
    with world.app.app_context(), transaction():
        rules = world.rules()
        item = views.view(families.family_by_id(second), rules)
        assert isinstance(changing.submit_family(rules, item, 2), Done)  # mended: it stands where it stood
    assert given(world) == ([second], []) and sealed(world)


def test_a_family_that_grew_is_told_for_how_many_the_place_is(make_world: Callable[..., World]) -> None:
    world = make_world(families=5)
    opened(world, people=5)
    home = household(1)
    small = register(world, replace(home, members=(home.members[0], home.members[2]))).family_id
    large = families_sent(world, 1, first=2)[0]
    assert given(world) == ([small, large], [])
    with world.app.app_context(), transaction():
        family = families.family_by_id(small)
        assert isinstance(changing.change_family(world.rules(), family, household(1), 1), Done)
    assert accept(world, small) == OfferTooSmall(2, 3)
    assert offers(world)[0] == (small, "offered")
    third = families_sent(world, 1, first=3)[0]
    assert decline(world, large) and given(world) == ([third], [])


def test_an_approval_that_is_undone_does_not_put_the_family_into_the_line(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    first = families_sent(world, 1)[0]
    given(world)
    accept(world, first)
    with world.app.app_context(), transaction():
        family = families.family_by_id(first)
        assert isinstance(decisions.undo_approval(world.rules(), family, family.version, "xem lại", None), Done)
    assert given(world) == ([], []) and places(world) == (0, 0)
    say(world, ordering.put_back, first)
    assert given(world) == ([first], []) and sealed(world)


def test_who_is_taken_out_of_the_line_is_decided_by_hand(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    first, second = families_sent(world, 2)
    given(world)
    assert approve(world, second) == StandsInLine()
    say(world, ordering.take_out, first)
    say(world, ordering.take_out, second)
    assert isinstance(approve(world, second), Done) and approve(world, first) == QuotaFull("", 1)
    assert places(world) == (1, 0) and sealed(world)


@pytest.mark.both_databases
def test_held_and_approved_are_never_more_than_there_are(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    first = families_sent(world, 1)[0]
    given(world)
    with world.app.app_context():
        for values in ({"approved_count": 1}, {"held_count": 2}, {"families_max": 0}):
            with pytest.raises(IntegrityError), transaction():
                db.session.execute(update(Delegation).where(Delegation.code == world.hon_dat).values(**values))
        with pytest.raises(IntegrityError), transaction():
            again_ = {"number": 2, "people": 3, "contests": [], "offered_at": now(), "until": now() + timedelta(1)}
            db.session.add(PlaceOffer(family_id=first, **again_))
            db.session.flush()


@pytest.mark.both_databases
def test_two_distributors_at_once_offer_each_place_once(make_world: Callable[..., World]) -> None:
    world = make_world(families=3)
    opened(world)
    line = families_sent(world, 6)

    def distribute() -> list[int]:
        offered, _late = distributing.distribute(world.rules(), world.delegation().id)
        return [each.id for each in offered]

    told = race(world.app, 4, distribute)
    assert max(told, key=len) == line[:3] and sum(map(len, told)) == 3  # type: ignore[arg-type]
    assert offers(world) == [(each, "offered") for each in line[:3]] and places(world) == (0, 3)


@pytest.mark.both_databases
def test_looking_first_offers_one_place_twice(make_world: Callable[..., World]) -> None:
    """What the lock and the count of what is held are there to prevent."""
    world = make_world(families=1)
    opened(world)
    line = families_sent(world, 2)
    looked = threading.Barrier(2)

    def offer(family_id: int) -> None:
        with world.app.app_context():
            with reading():
                standing = select(func.count(PlaceOffer.id)).where(PlaceOffer.state == OfferState.OFFERED)
                free = world.delegation().families_max - (db.session.scalar(standing) or 0)
            looked.wait()
            if free > 0:
                with transaction():
                    until = now() + timedelta(hours=1)
                    db.session.add(
                        PlaceOffer(family_id=family_id, number=1, people=3, contests=[], offered_at=now(), until=until)
                    )
            db.session.remove()

    threads = [threading.Thread(target=offer, args=(each,)) for each in line]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(offers(world)) == 2 > 1


@pytest.mark.both_databases
def test_a_place_that_is_held_is_not_approved_away(make_world: Callable[..., World]) -> None:
    world = make_world(families=1)
    opened(world)
    families_sent(world, 1)
    with world.app.app_context(), transaction():
        made = registering.register_family(world.rules(), world.delegation(), household(2), Origin.OFFICER, submit=True)
        assert isinstance(made, Registered)
    given(world)
    assert approve(world, made.family_id) != Done(2)
    assert places(world) == (0, 1)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count(Family.id)).where(Family.decided_at.is_not(None))) == 0
