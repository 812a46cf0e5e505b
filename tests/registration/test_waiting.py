"""What becomes of files and forms that wait, and of changes at once?"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from sqlalchemy import select, update

from festival.consent.models import Consent
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import token_hash
from festival.core.transaction import reading, transaction
from festival.registration import changing
from festival.registration.editing import keeping
from festival.registration.excel.fates import FamilyFate, Fate
from festival.registration.importing import keeping as files_kept
from festival.registration.models import ImportBatch, RegistrationDraft
from festival.registration.outcomes import SameHousehold
from festival.roster import families
from festival.roster.household import Household
from festival.roster.models import (
    Family,
    Person,
)
from festival.roster.outcomes import Done
from tests.harness.waiting import PATIENCE_S
from tests.registration.conftest import World, household
from tests.registration.registered import count, kinds, register, waiting


def test_import_is_written_once(world: World) -> None:
    from_file = [household(number) for number in range(3)]
    with world.app.app_context(), transaction():
        delegation = world.delegation()
        fates = [imports_fate(home) for home in from_file]
        token = files_kept.keep_import(delegation, "danh-sach.xlsx", fates, world.officer)
    register(world, household(1))
    for passed_over in (("Gia đình bà Thạch Thị Sa Rươl",), ()):
        with world.app.app_context(), transaction():
            delegation = world.delegation()
            done = files_kept.apply_import(world.rules(), delegation, files_kept.import_of(delegation.id, token))
        assert done == files_kept.FamiliesImported(2, 1, passed_over)
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
            (_old, old), (_young, young) = keeping.begin(festival_id), keeping.begin(festival_id)
            files_kept.keep_import(world.delegation(), "cu.xlsx", [imports_fate(household(1))], None)
        with transaction():
            db.session.execute(
                update(RegistrationDraft)
                .where(RegistrationDraft.token_hash == token_hash(old))
                .values(expires_at=now())
            )
            db.session.execute(update(ImportBatch).values(created_at=now() - timedelta(days=2)))
        assert [keeping.sweep(), files_kept.sweep(), keeping.sweep(), files_kept.sweep()] == [1, 1, 0, 0]
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
