"""Does everything typed stay as it was typed, also when two pages type at once?"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.registration.editing import keeping
from festival.registration.models import RegistrationDraft
from festival.roster import families
from tests.registration.conftest import World, household
from tests.registration.registered import register


def begun(world: World) -> tuple[int, str]:
    with world.app.app_context(), transaction():
        draft, token = keeping.begin(db.session.scalars(select(Festival.id)).one())
        return draft.id, token


def test_what_nobody_can_read_stays_as_it_was_typed(world: World) -> None:
    _number, token = begun(world)
    with world.app.app_context():
        with transaction():
            draft = keeping.behind(token, lock=True)
            keeping.keep(
                draft, {"phone": ["09 một hai"], "members-0-birth": ["31/2"], "members-0-contests": ["a", "b"]}
            )
            keeping.keep(draft, {"members-0-contests": [], "csrf_token": ["x"], "tail": ["1234"], "Lạ lùng": ["?"]})
        with reading():
            draft = keeping.behind(token)
            assert keeping.typed(draft) == {"phone": ["09 một hai"], "members-0-birth": ["31/2"]}
            assert (keeping.tried(draft), keeping.typed(draft, "other"), draft.version) == (False, {}, 3)
        with transaction():
            draft = keeping.behind(token, lock=True)
            keeping.keep(draft, {"tick": ["y"]}, "other", try_it=True)
            keeping.keep(draft, {"phone": ["0912"]}, whole=True)
            assert (keeping.tried(draft, "other"), keeping.typed(draft)) == (True, {"phone": ["0912"]})
            keeping.let_go(draft, "other")
            assert (keeping.tried(draft, "other"), keeping.typed(draft, "other")) == (False, {})


def test_a_draft_is_its_token_s_or_its_officer_s(world: World) -> None:
    made = register(world, household(1))
    with world.app.app_context():
        with transaction():
            family = families.family_by_id(made.family_id)
            mine, _token = keeping.begin(family.festival_id, family=family, owner_id=world.officer)
            again, _token = keeping.begin(family.festival_id, family=family, owner_id=world.officer)
            _linked, link = keeping.begin(family.festival_id, family=family)
            new, _token = keeping.begin(family.festival_id, delegation_id=family.delegation_id, owner_id=world.officer)
            assert (again.id, mine.base_version) == (mine.id, family.version)
        with reading():
            assert keeping.behind(link, family_id=made.family_id).owner_id is None
            with pytest.raises(NotFound):
                keeping.behind(link)
            assert keeping.officers(world.other_officer, family_id=made.family_id) is None
            assert keeping.officers(world.other_officer, draft_id=new.id) is None
            found = keeping.officers(world.officer, draft_id=new.id)
            assert found is not None and found.id == new.id
        with transaction():
            taken = keeping.officers(world.officer, family_id=made.family_id)
            assert taken is not None
            keeping.take_away(taken)
        with reading():
            assert keeping.officers(world.officer, family_id=made.family_id) is None


def naive(draft_id: int, name: str, gate: threading.Barrier) -> None:
    with reading():
        content = db.session.get_one(RegistrationDraft, draft_id).content
    gate.wait()
    with transaction():
        typed = {**content["typed"], keeping.WHOLE: {**content["typed"].get(keeping.WHOLE, {}), name: ["x"]}}
        db.session.execute(
            update(RegistrationDraft)
            .where(RegistrationDraft.id == draft_id)
            .values(content={**content, "typed": typed})
        )


def kept(draft_id: int, name: str, gate: threading.Barrier) -> None:
    with reading():
        draft = db.session.get_one(RegistrationDraft, draft_id)
    gate.wait()
    with transaction():
        keeping.keep(draft, {name: ["x"]})


@pytest.mark.both_databases
@pytest.mark.parametrize(("way", "stays"), [(kept, 4), (naive, 1)])
def test_of_two_pages_at_once_each_keeps_what_it_typed(
    world: World, way: Callable[[int, str, threading.Barrier], None], stays: int
) -> None:
    number, token = begun(world)
    gate = threading.Barrier(4)

    def type_one(name: str) -> None:
        with world.app.app_context():
            way(number, name, gate)

    threads = [threading.Thread(target=type_one, args=(f"field-{place}",)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.app.app_context(), reading():
        assert len(keeping.typed(keeping.behind(token))) == stays
