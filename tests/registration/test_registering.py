"""How does a household become rows, once, however often it is sent?"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

from sqlalchemy import func, select

from festival.consent.models import Consent
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.secrets import look_up_hash
from festival.core.transaction import reading, transaction
from festival.passes import queries
from festival.passes.tokens import new_pass_values, qr_text, typed_of
from festival.registration import registering
from festival.registration.models import HeldRegistration
from festival.registration.outcomes import AlreadyRegistered, Registered, SameHousehold
from festival.roster import families, views
from festival.roster.household import Household, from_json, to_json
from festival.roster.models import (
    ContestPlace,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    Origin,
    Person,
)
from festival.roster.outcomes import Done
from tests.registration.conftest import World, household
from tests.registration.registered import approve, count, kinds, race, register


def test_registered_family_is_read_back_as_it_was_given(world: World) -> None:
    home = household(7)
    made = register(world, home)
    with world.app.app_context(), reading():
        family = families.family_by_id(made.family_id)
        view = views.view(family, world.rules())
        assert (family.name, family.folded) == ("Gia đình bà Thạch Thị Sa Rươl", "gia dinh ba thach thi sa ruol")
        assert (family.state, family.version, family.link_hash) == (FamilyState.SUBMITTED, 1, look_up_hash(made.link))
        assert replace(view.household, members=tuple(replace(m, code="") for m in view.household.members)) == home
        assert view.lacks == ()
        consents = [
            (c.purpose, c.given_by, c.given_as, c.method)
            for c in db.session.scalars(select(Consent).order_by(Consent.id))
        ]
        assert sorted(consents) == sorted([
            ("taking_part", "Thạch Thị Sa Rươl", "self", "form"),
            ("taking_part", "Danh Chung", "self", "form"),
            ("taking_part", "Thạch Thị Sa Rươl", "mother", "form"),
            ("child_own", "Danh Minh Khôi", "self", "form"),
        ])  # fmt: skip
        entries = db.session.execute(
            select(Entry.name, Entry.state, func.count())
            .join(EntryPerson)
            .group_by(Entry.id)
            .order_by(Entry.contest_id)
        )
        assert [tuple(row) for row in entries] == [
            ("Gia đình bà Thạch Thị Sa Rươl", EntryState.PROPOSED, 2), ("Gia đình bà Thạch Thị Sa Rươl", EntryState.PROPOSED, 1),
        ]  # fmt: skip
    assert kinds(world) == ["registration.submitted"]


def test_household_goes_to_json_and_back() -> None:
    assert from_json(to_json(household(3))) == household(3)
    assert from_json({}) == Household()


def test_same_form_again_gives_the_same_family(world: World) -> None:
    made = register(world, household(1), key="form-1")
    with world.app.app_context(), transaction():
        again = registering.register_family(
            world.rules(), world.delegation(), household(1), Origin.FAMILY, submission_key="form-1"
        )
        other = registering.register_family(
            world.rules(), world.delegation(), household(1), Origin.FAMILY, submission_key="form-2"
        )
        typed = registering.register_family(
            world.rules(), world.delegation(), household(1), Origin.OFFICER, submission_key="form-3"
        )
    assert isinstance(again, AlreadyRegistered)
    assert (again.family_id, again.code, again.link) == (made.family_id, made.code, made.link)
    assert isinstance(other, Registered), "its sender is not told; an officer looks"
    assert typed == SameHousehold(), "an officer is told at once"
    assert (count(world, Family), count(world, HeldRegistration)) == (2, 1)


def test_one_form_sent_five_times_at_once_is_one_family(world: World) -> None:
    outcomes = race(world.app, 5, lambda: registering.register_family(
        world.rules(), world.delegation(), household(1), Origin.FAMILY, submission_key="form-1", submit=True))  # fmt: skip
    assert Counter(type(outcome) for outcome in outcomes) == {Registered: 1, AlreadyRegistered: 4}
    assert len({outcome.code for outcome in outcomes if isinstance(outcome, Registered | AlreadyRegistered)}) == 1
    assert (count(world, Family), count(world, Person)) == (1, 3)


def test_looking_first_and_writing_then_makes_several_families(world: World) -> None:
    """The negative control: the same race, the way it is done without a constraint, on both databases."""
    start, looked = threading.Barrier(5), threading.Barrier(5)

    def naive() -> None:
        with world.app.app_context():
            start.wait()
            with reading():
                found = db.session.scalar(select(Family.id).where(Family.phone == "0900000001"))
                rules, delegation = world.rules(), world.delegation()
            looked.wait()
            if found is None:
                with transaction():
                    registering.register_family(rules, delegation, replace(household(1), members=()), Origin.FAMILY)
            db.session.remove()

    threads = [threading.Thread(target=naive) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(world, Family) == 5


def test_approval_gives_places_a_pass_and_a_letter(world: World) -> None:
    made = register(world, household(1, email="nha@example.vn"))
    assert approve(world, made.family_id) == Done(2)
    with world.app.app_context(), reading():
        family = families.family_by_id(made.family_id)
        row = queries.family_pass(made.family_id)
        assert row is not None
        assert (family.state, family.decided_by, row.issue) == (FamilyState.APPROVED, world.organiser, 1)
        values = new_pass_values("family", made.family_id, 1)
        assert (row.list_id, row.typed_hash) == (values["list_id"], values["typed_hash"])
        assert look_up_hash(typed_of(row)) == row.typed_hash
        assert len(qr_text(row)) == 43 and qr_text(row).isdecimal()
        assert [p.delegation_id is not None for p in queries.passes(family.festival_id)] == [False, True]
        assert world.delegation().approved_count == 1
        places = db.session.scalars(select(ContestPlace.taken)).all()
        assert places == [1, 1]
        team = db.session.execute(select(Entry.name, Entry.state).where(Entry.family_id.is_(None))).one()
        assert tuple(team) == ("Đoàn huyện Hòn Đất", EntryState.ENROLLED)
        receipt, mail = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert (receipt.recipient, made.link in receipt.body) == ("nha@example.vn", True)
        assert (mail.recipient, typed_of(row) in mail.body, made.link in mail.body) == ("nha@example.vn", True, True)
    assert kinds(world) == ["registration.submitted", "registration.approved"]
