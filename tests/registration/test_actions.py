"""Registrations through their states, the quota under a race, one form sent many times."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select, update

from festival.consent.models import Consent, ConsentPurpose
from festival.core import ledger
from festival.core.births import Birth
from festival.core.clock import now
from festival.core.database import db
from festival.core.outbox import OutboxMail
from festival.core.secrets import token_hash
from festival.core.sentence import N_
from festival.core.transaction import reading, transaction
from festival.passes import queries
from festival.passes.models import Pass
from festival.passes.tokens import new_pass_values, qr_text, typed_of
from festival.registration import changing, decisions, dependents, drafts, registering
from festival.registration.agreeing import record_consent, withdraw_consent
from festival.registration.excel.fates import FamilyFate, Fate
from festival.registration.models import ImportBatch, RegistrationDraft
from festival.registration.outcomes import AlreadyRegistered, Bound, Decision, NotComplete, Registered, SameHousehold
from festival.roster import families, views
from festival.roster.household import Household, from_json, same_people, to_json
from festival.roster.models import (
    ContestPlace,
    Delegation,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    Origin,
    Person,
)
from festival.roster.outcomes import Done, QuotaFull, Stale
from festival.roster.people import Relation
from tests.harness.waiting import PATIENCE_S
from tests.registration.conftest import World, household

STREAM = "decisions:kg-2024"


def register(world: World, home: Household, *, key: str | None = None, submit: bool = True) -> Registered:
    with world.app.app_context(), transaction():
        outcome = registering.register_family(
            world.rules(), world.delegation(), home, Origin.FAMILY, submission_key=key, submit=submit
        )
    assert isinstance(outcome, Registered)
    return outcome


def approve(world: World, family_id: int, version: int = 1) -> Decision:
    with world.app.app_context(), transaction():
        rules = world.rules()
        return decisions.approve(rules, views.view(families.family_by_id(family_id), rules), version, world.organiser)


def count(world: World, *query: object) -> int:
    with world.app.app_context(), reading():
        return db.session.scalar(select(func.count()).select_from(*query)) or 0  # type: ignore[arg-type]


def kinds(world: World) -> list[str]:
    with world.app.app_context(), reading():
        assert ledger.verify(STREAM) == []
        return list(db.session.scalars(select(ledger.LedgerEntry.kind).order_by(ledger.LedgerEntry.seq)))


def test_registered_family_is_read_back_as_it_was_given(world: World) -> None:
    home = household(7)
    made = register(world, home)
    with world.app.app_context(), reading():
        family = families.family_by_id(made.family_id)
        view = views.view(family, world.rules())
        assert (family.name, family.folded) == ("Gia đình bà Thạch Thị Sa Rươl", "gia dinh ba thach thi sa ruol")
        assert (family.state, family.version, family.link_hash) == (FamilyState.SUBMITTED, 1, token_hash(made.link))
        assert same_people(view.household, home)
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
    assert again == AlreadyRegistered(made.family_id, made.code, made.link)
    assert other == SameHousehold()
    assert count(world, Family) == 1
    assert count(world, Person) == 3


def test_one_form_sent_five_times_at_once_is_one_family(world: World) -> None:
    outcomes = race(world.app, 5, lambda: registering.register_family(
        world.rules(), world.delegation(), household(1), Origin.FAMILY, submission_key="form-1", submit=True))  # fmt: skip
    assert Counter(type(outcome) for outcome in outcomes) == {Registered: 1, AlreadyRegistered: 4}
    assert len({outcome.code for outcome in outcomes}) == 1
    assert (count(world, Family), count(world, Person)) == (1, 3)


def race(app: Flask, number: int, act: Callable[[], object], pause: threading.Barrier | None = None) -> list[object]:
    """Run `act` in its own transaction in `number` threads that start together; every outcome, none lost."""
    start, outcomes = threading.Barrier(number), []

    def run() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    outcomes.append(act())
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == number
    return outcomes


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
        assert token_hash(typed_of(row)) == row.typed_hash
        assert qr_text(row).startswith("F1")
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


def incomplete(world: World, home: Household) -> int:
    """A family that was sent complete and has lost all people but one since."""
    made = register(world, home)
    with world.app.app_context(), transaction():
        family = families.family_by_id(made.family_id)
        changing.change_family(world.rules(), family, replace(home, members=home.members[:1]), 1)
    return made.family_id


def test_incomplete_family_is_not_approved(world: World) -> None:
    family_id = incomplete(world, household(1))
    outcome = approve(world, family_id, 2)
    assert isinstance(outcome, NotComplete)
    assert [lack.reason.code for lack in outcome.lacks] == ["too_few_members"]


def test_second_reviewer_is_told_and_nothing_is_lost(world: World) -> None:
    made = register(world, household(1))
    assert approve(world, made.family_id) == Done(2)
    with world.app.app_context(), transaction():
        rules = world.rules()
        family = families.family_by_id(made.family_id)
        assert decisions.return_family(rules, family, 1, "thiếu", world.organiser) == Stale(FamilyState.APPROVED, 2)
        assert decisions.return_family(rules, family, 2, "thiếu", world.organiser) == Stale(FamilyState.APPROVED, 2)
    assert kinds(world) == ["registration.submitted", "registration.approved"]


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
        assert same_people(view.household, changed)
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


@pytest.mark.parametrize("what", ["families", "entries"])
def test_quota_is_full_at_the_last_place(make_world: Callable[..., World], what: str) -> None:
    world = make_world(**{what: 1})
    first, second = register(world, household(1)), register(world, household(2))
    assert approve(world, first.family_id) == Done(2)
    outcome = approve(world, second.family_id)
    assert outcome == QuotaFull("" if what == "families" else "Gia đình tài năng", 1)
    with world.app.app_context(), reading():
        assert world.delegation().approved_count == 1
        assert Counter(db.session.scalars(select(Family.state))) == {FamilyState.APPROVED: 1, FamilyState.SUBMITTED: 1}
    assert kinds(world).count("registration.approved") == 1


# The long fault runs ask for 64.
RACERS = int(os.environ.get("RACERS", "16"))


def waiting(world: World, number: int) -> list[int]:
    with world.app.app_context(), transaction():
        made = registering.register_families(
            world.rules(),
            world.delegation(),
            [(household(each), None) for each in range(number)],
            Origin.EXCEL,
            submit=True,
        )
    return [each.family_id for each in made]


def test_many_approvals_at_once_for_five_places_take_five(make_world: Callable[..., World]) -> None:
    world = make_world(families=5, entries=50)
    ids = iter(waiting(world, RACERS))

    def act() -> object:
        rules = world.rules()
        return decisions.approve(rules, views.view(families.family_by_id(next(ids)), rules), 1, world.organiser)

    outcomes = race(world.app, RACERS, act)
    assert Counter(type(outcome) for outcome in outcomes) == {Done: 5, QuotaFull: RACERS - 5}
    with world.app.app_context(), reading():
        assert world.delegation().approved_count == 5
        assert (
            db.session.scalar(select(func.count()).select_from(Family).where(Family.state == FamilyState.APPROVED)) == 5
        )
    assert kinds(world).count("registration.approved") == 5


def test_counting_first_and_approving_then_oversells(make_world: Callable[..., World]) -> None:
    """The negative control: look at the count, then write. The harness must be able to see the error."""
    world = make_world(families=5, entries=50)
    ids = iter(waiting(world, RACERS))
    start, looked = threading.Barrier(RACERS), threading.Barrier(RACERS)

    def naive() -> None:
        with world.app.app_context():
            start.wait()
            mine = next(ids)
            with reading():
                used = db.session.scalar(
                    select(func.count()).select_from(Family).where(Family.state == FamilyState.APPROVED)
                )
                most = db.session.scalar(select(Delegation.families_max).where(Delegation.code == world.hon_dat))
            looked.wait()
            if (used or 0) < (most or 0):
                with transaction():
                    db.session.execute(update(Family).where(Family.id == mine).values(state=FamilyState.APPROVED))
            db.session.remove()

    threads = [threading.Thread(target=naive) for _ in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.app.app_context(), reading():
        assert (
            db.session.scalar(select(func.count()).select_from(Family).where(Family.state == FamilyState.APPROVED)) or 0
        ) > 5


def test_bulk_approval_takes_the_complete_ones(make_world: Callable[..., World]) -> None:
    world = make_world(families=2)
    incomplete(world, household(9))
    waiting(world, 3)
    with world.app.app_context(), transaction():
        approved, refused = decisions.approve_complete(world.rules(), world.delegation(), world.organiser)
    assert len(approved) == 2
    assert [outcome for _family, outcome in refused] == [QuotaFull("", 2)]


def test_import_is_written_once(world: World) -> None:
    from_file = [household(number) for number in range(3)]
    with world.app.app_context(), transaction():
        delegation = world.delegation()
        fates = [imports_fate(home) for home in from_file]
        token = drafts.keep_import(delegation, "danh-sach.xlsx", fates, world.officer)
    register(world, household(1))
    for passed_over in (("Gia đình bà Thạch Thị Sa Rươl",), ()):
        with world.app.app_context(), transaction():
            delegation = world.delegation()
            done = drafts.apply_import(world.rules(), delegation, drafts.import_of(delegation.id, token))
        assert done == drafts.FamiliesImported(2, 1, passed_over)
    assert count(world, Family) == 3
    with world.app.app_context(), reading():
        assert set(db.session.scalars(select(Consent.method))) == {"form", "paper"}


def imports_fate(home: Household) -> FamilyFate:
    return FamilyFate("1", (), home, Fate.NEW)


def test_five_thousand_people_are_one_quick_transaction(world: World) -> None:
    ids = waiting(world, 1250)
    assert len(set(ids)) == 1250
    assert count(world, Person) == 3750
    assert len(kinds(world)) == 1250


def test_what_nobody_went_on_with_is_forgotten(world: World) -> None:
    with world.app.app_context():
        with transaction():
            festival_id = world.rules().festival.id
            old, young = drafts.start_draft(festival_id), drafts.start_draft(festival_id)
            drafts.keep_import(world.delegation(), "cu.xlsx", [imports_fate(household(1))], None)
        with transaction():
            db.session.execute(
                update(RegistrationDraft)
                .where(RegistrationDraft.token_hash == token_hash(old))
                .values(expires_at=now())
            )
            db.session.execute(update(ImportBatch).values(created_at=now() - timedelta(days=2)))
        assert drafts.sweep() == 2
        assert drafts.sweep() == 0
        with reading():
            assert db.session.scalars(select(RegistrationDraft.token_hash)).all() == [token_hash(young)]


def test_two_families_changed_into_one_household_at_once(world: World) -> None:
    """The second asks while the first has not committed: it waits, then is told, and nothing breaks."""
    first, second = register(world, household(0, phone="0900000011")), register(world, household(6, phone="0900000012"))
    changed, outcomes = threading.Event(), []

    def change(family_id: int) -> object:
        family = families.family_by_id(family_id)
        return changing.change_family(world.rules(), family, household(0, phone="0900000099"), 1)

    def late() -> None:
        with world.app.app_context():
            changed.wait(PATIENCE_S)
            with transaction():
                outcomes.append(change(second.family_id))

    thread = threading.Thread(target=late)
    thread.start()
    with world.app.app_context(), transaction():
        outcomes.append(change(first.family_id))
        changed.set()
        time.sleep(0.5)
    thread.join(PATIENCE_S)
    assert outcomes == [Done(2), SameHousehold()]
