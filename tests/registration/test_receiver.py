"""Who receives the prize money: a grown-up of the family, chosen by it or its officer, until a result is decided."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.registration.receiving import choose_receiver, receiving_of
from festival.roster import families
from festival.roster.models import Departure, PrizeReceiver
from tests.registration.conftest import World, household
from tests.registration.pages_kit import post, token_of, with_link, words
from tests.registration.registered import approve, kinds, race, register

pytestmark = pytest.mark.either_database


def chosen(world: World, family_id: int) -> str:
    with world.app.app_context(), reading():
        person = receiving_of(families.family_by_id(family_id)).chosen
        return person.name if person else ""


def codes(world: World, family_id: int) -> dict[str, str]:
    with world.app.app_context(), reading():
        return {person.name: person.code for person in families.family_by_id(family_id).members}


def test_the_family_says_it_and_says_it_anew_until_a_result_is_decided(world: World) -> None:
    made = register(world, household(1))
    approve(world, made.family_id)
    people = codes(world, made.family_id)
    phone, officer = with_link(world, made.link), world.as_user(world.officer)
    assert "Chưa chọn ai nhận tiền thưởng" in words(phone.get("/family"))
    page = phone.get("/family/registration")
    assert [code for code in people.values() if f'id="receiver-{code}"' in page.text] == list(people.values())[:2]
    fields = {"csrf_token": token_of(page), "receiver": people["Danh Chung"]}
    # the link alone only shows; a child, or somebody else's code, is not offered
    assert phone.post("/family/receiver", data={**fields, "tail": "9999"}).status_code == 422
    child = phone.post("/family/receiver", data={**fields, "tail": "0001", "receiver": people["Danh Minh Khôi"]})
    assert (child.status_code, chosen(world, made.family_id)) == (400, "")
    assert phone.post("/family/receiver", data={**fields, "tail": "0001"}).status_code == 302
    assert "giao cho Danh Chung" in words(phone.get("/family"))
    own = f"/delegation/{world.hon_dat}/families/{made.code}"
    mother = next(name for name in people if name.endswith("Sa Rươl"))
    assert post(officer, f"{own}/receiver", {"receiver": people[mother]}, own).status_code == 302
    assert chosen(world, made.family_id) == mother
    foreign = world.as_user(world.other_officer)
    token = token_of(foreign.get(f"/delegation/{world.kien_luong}"))
    address = f"/delegation/{world.kien_luong}/families/{made.code}/receiver"
    assert foreign.post(address, data={"csrf_token": token, "receiver": people["Danh Chung"]}).status_code in (400, 404)
    with world.app.app_context(), reading():
        assert checks.inspect().clean
    with world.app.app_context(), transaction():
        held = db.session.scalars(select(PrizeReceiver)).one()
        kept, held.person_id = held.person_id, families.family_by_id(made.family_id).members[1].id
    with world.app.app_context(), reading():
        assert not checks.inspect().clean
    with world.app.app_context(), transaction():
        db.session.scalars(select(PrizeReceiver)).one().person_id = kept
    with world.app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "tai-nang").values(state=ContestState.DECIDED))
    late = phone.post("/family/receiver", data={**fields, "tail": "0001"})
    assert (late.status_code, chosen(world, made.family_id)) == (409, mother)
    assert "Đã có quyết định trao giải" in words(phone.get("/family/registration"))
    assert kinds(world).count("prize.receiver") == 2


@pytest.mark.both_databases
def test_who_leaves_does_not_receive_and_two_at_once_leave_one(world: World) -> None:
    made = register(world, household(1))
    people = list(codes(world, made.family_id).values())[:2]
    turn = iter(people * 3)

    def act() -> object:
        family = families.family_by_id(made.family_id)
        return choose_receiver(world.rules().festival, family, next(turn), "link").code

    assert len(race(world.app, 6, act)) == 6
    with world.app.app_context(), transaction():
        rows = list(db.session.scalars(select(PrizeReceiver.person_id)))
        assert len(rows) == 1
        db.session.add(Departure(person_id=rows[0], entries=[], left_at=now()))
    assert chosen(world, made.family_id) == ""
