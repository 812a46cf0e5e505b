"""What does an approval give, and what do undoing, withdrawing and consent change?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from festival.consent.models import Consent, ConsentPurpose
from festival.core.births import Birth
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.sentence import N_
from festival.core.transaction import reading, transaction
from festival.passes import queries
from festival.passes.models import Pass
from festival.registration import changing, decisions, dependents
from festival.registration.agreeing import record_consent, withdraw_consent
from festival.registration.outcomes import Bound, NotComplete
from festival.roster import families, views
from festival.roster.models import (
    ContestPlace,
    Entry,
    EntryPerson,
    EntryState,
    FamilyState,
    Person,
)
from festival.roster.outcomes import Done, Stale
from festival.roster.people import Relation
from tests.registration.conftest import World, household
from tests.registration.registered import approve, count, incomplete, kinds, race, register

pytestmark = pytest.mark.either_database


def test_letters_to_a_family_are_vietnamese_whoever_decides(world: World) -> None:
    homes = [replace(household(number), email=f"nha{number}@example.vn") for number in (1, 2)]
    first, second = (register(world, home).family_id for home in homes)
    with world.app.app_context(), force_locale("en"), transaction():
        rules = world.rules()
        waiting = views.view(families.family_by_id(first), rules)
        assert decisions.approve(rules, waiting, 1, world.organiser) == Done(2)
        assert decisions.return_family(rules, families.family_by_id(second), 1, "Thiếu", world.organiser) == Done(2)
        letters = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert [(mail.subject, mail.body.partition(" ")[0]) for mail in letters] == [
            ("Đã nhận hồ sơ đăng ký ngày hội", "Kính"),
            ("Đã nhận hồ sơ đăng ký ngày hội", "Kính"),
            ("Gia đình đã được duyệt tham gia ngày hội", "Kính"),
            ("Hồ sơ đăng ký ngày hội cần xem lại", "Kính"),
        ]


def test_two_families_of_one_delegation_share_its_team_and_pass(world: World) -> None:
    for number in (1, 2):
        assert approve(world, register(world, household(number)).family_id) == Done(2)
    with world.app.app_context(), reading():
        teams = db.session.scalars(select(Entry.id).where(Entry.family_id.is_(None))).all()
        assert len(teams) == 1
        assert (
            db.session.scalar(select(func.count()).select_from(EntryPerson).where(EntryPerson.entry_id == teams[0]))
            == 2
        )
        assert db.session.scalar(select(func.count()).select_from(Pass).where(Pass.delegation_id.is_not(None))) == 1


def test_incomplete_family_is_not_approved(world: World) -> None:
    family_id = incomplete(world, household(1))
    outcome = approve(world, family_id, 2)
    assert isinstance(outcome, NotComplete)
    assert [lack.reason.code for lack in outcome.lacks] == ["too_few_members"]


@pytest.mark.both_databases
def test_second_reviewer_is_told_and_nothing_is_lost(world: World) -> None:
    made = register(world, household(1))
    assert approve(world, made.family_id) == Done(2)
    with world.app.app_context(), transaction():
        rules = world.rules()
        family = families.family_by_id(made.family_id)
        assert decisions.return_family(rules, family, 1, "thiếu", world.organiser) == Stale(FamilyState.APPROVED, 2)
        assert decisions.return_family(rules, family, 2, "thiếu", world.organiser) == Stale(FamilyState.APPROVED, 2)
    assert kinds(world) == ["registration.submitted", "registration.approved"]


@pytest.mark.both_databases
def test_two_reviewers_at_once_one_decides(world: World) -> None:
    made = register(world, household(1))

    def act() -> object:
        rules = world.rules()
        return decisions.approve(rules, views.view(families.family_by_id(made.family_id), rules), 1, world.organiser)

    outcomes = race(world.app, 4, act)
    assert Counter(type(outcome) for outcome in outcomes) == {Done: 1, Stale: 3}
    with world.app.app_context(), reading():
        assert world.delegation().approved_count == 1
        assert db.session.scalars(select(ContestPlace.taken).order_by(ContestPlace.contest_id)).all() == [1, 1]


def test_returned_mended_and_sent_again(world: World) -> None:
    made = register(world, household(1))
    with world.app.app_context(), transaction():
        rules = world.rules()
        family = families.family_by_id(made.family_id)
        assert decisions.return_family(rules, family, 1, "Xin ghi lại ngày sinh của cháu", world.organiser) == Done(2)
    home = household(1)
    mended = replace(home, members=(*home.members[:2], replace(home.members[2], birth=Birth(2014, 9, 2))))
    with world.app.app_context(), transaction():
        rules = world.rules()
        family = families.family_by_id(made.family_id)
        before = {person.name: person.id for person in family.members}
        assert changing.change_family(rules, family, mended, 2) == Done(3)
        again = families.family_by_id(made.family_id)
        assert {person.name: person.id for person in again.members} == before
        assert changing.submit_family(rules, views.view(again, rules), 3) == Done(4)
    assert approve(world, made.family_id, 4) == Done(5)
    assert kinds(world) == [
        f"registration.{kind}" for kind in ("submitted", "returned", "changed", "submitted", "approved")
    ]


def test_change_swaps_the_representative_adds_and_removes(world: World) -> None:
    home = household(1)
    made = register(world, home, submit=False)
    mother, father, son = home.members
    changed = replace(home, members=(
        replace(father, relation=Relation.REPRESENTATIVE), replace(mother, relation=Relation.SPOUSE), replace(son, name="Danh Minh Khang"),
    ))  # fmt: skip
    with world.app.app_context(), transaction():
        rules = world.rules()
        assert changing.change_family(rules, families.family_by_id(made.family_id), changed, 1) == Done(2)
        assert changing.change_family(rules, families.family_by_id(made.family_id), changed, 1) == Stale(
            FamilyState.DRAFT, 2
        )
        view = views.view(families.family_by_id(made.family_id), rules)
        assert view.family.name == "Gia đình ông Danh Chung"
        assert {(each.name, each.relation, each.birth) for each in view.household.members} == {
            (each.name, each.relation, each.birth) for each in changed.members
        }
        assert view.lacks == ()
    assert count(world, Person) == 3


def test_undo_gives_everything_back(world: World) -> None:
    made = register(world, household(1))
    assert approve(world, made.family_id) == Done(2)
    with world.app.app_context(), transaction():
        rules = world.rules()
        assert decisions.undo_approval(
            rules, families.family_by_id(made.family_id), 2, "nhầm", world.organiser
        ) == Done(3)
    with world.app.app_context(), reading():
        assert world.delegation().approved_count == 0
        assert db.session.scalars(select(ContestPlace.taken)).all() == [0, 0]
        assert queries.family_pass(made.family_id) is None
        states = db.session.execute(select(Entry.family_id, Entry.state).order_by(Entry.id)).all()
        assert [state for family_id, state in states if family_id] == [EntryState.PROPOSED] * 2
        assert [state for family_id, state in states if not family_id] == [EntryState.WITHDRAWN]
    assert approve(world, made.family_id, 3) == Done(4)
    with world.app.app_context(), reading():
        row = queries.family_pass(made.family_id)
        assert row is not None and row.issue == 2


def test_undo_is_refused_when_something_stands_on_it(world: World) -> None:
    made = register(world, household(1))
    assert approve(world, made.family_id) == Done(2)
    arrived = N_("Gia đình đã điểm danh.", "arrived")
    dependents.register(world.app, lambda family_id: arrived if family_id == made.family_id else None)
    with world.app.app_context(), transaction():
        outcome = decisions.undo_approval(world.rules(), families.family_by_id(made.family_id), 2, "", world.organiser)
    assert outcome == Bound((arrived,))


def test_withdrawn_family_frees_its_places(world: World) -> None:
    made = register(world, household(1))
    assert approve(world, made.family_id) == Done(2)
    with world.app.app_context(), transaction():
        rules = world.rules()
        assert decisions.withdraw_family(rules, families.family_by_id(made.family_id), None, "gia đình") == Done(3)
        assert decisions.withdraw_family(rules, families.family_by_id(made.family_id), None, "gia đình") == Stale(
            FamilyState.WITHDRAWN, 3
        )
    with world.app.app_context(), reading():
        assert world.delegation().approved_count == 0
        assert queries.family_pass(made.family_id) is None
        assert set(db.session.scalars(select(Entry.state))) == {EntryState.WITHDRAWN}
    register(world, household(1))


def test_consent_taken_back_and_given_by_the_link(world: World) -> None:
    made = register(world, household(1))
    with world.app.app_context(), transaction():
        rules = world.rules()
        family = families.family_by_id(made.family_id)
        child = family.members[2]
        assert withdraw_consent(rules, family, child, ConsentPurpose.TAKING_PART, "mẹ")
        assert not withdraw_consent(rules, family, child, ConsentPurpose.TAKING_PART, "mẹ")
        view = views.view(families.family_by_id(made.family_id), rules)
        assert [lack.reason.code for lack in view.lacks] == ["no_guardian_consent"]
        record_consent(rules, family, child, ConsentPurpose.TAKING_PART, "Danh Chung", "father", "link")
        assert views.view(families.family_by_id(made.family_id), rules).lacks == ()
    # both the old and the new consent stay on record
    with world.app.app_context(), reading():
        rows = db.session.execute(
            select(Consent.given_as, Consent.withdrawn_at.is_(None))
            .where(Consent.purpose == ConsentPurpose.TAKING_PART, Consent.given_as != "self")
            .order_by(Consent.id)
        )
        assert [tuple(row) for row in rows] == [("mother", False), ("father", True)]
    # a reviewer who looked before the change is told
    assert approve(world, made.family_id, 1) == Stale(FamilyState.SUBMITTED, 3)
