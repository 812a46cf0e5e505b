"""A registration that resembles one that is there: its sender learns nothing, an officer looks, and nothing is lost."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import reading, transaction
from festival.registration import registering
from festival.registration.decisions import restore_family
from festival.registration.guarding import held
from festival.registration.models import HeldDecision, HeldRegistration
from festival.registration.officer.settling import settle
from festival.registration.outcomes import NotLookedAt, Registered
from festival.roster import delegations, families
from festival.roster.models import Family, FamilyState, Origin
from festival.roster.outcomes import Done
from tests.registration.conftest import World, household
from tests.registration.pages_kit import AGREED, only_family, post, start, typed_family, with_link, words
from tests.registration.registered import approve, count, kinds, race, register
from tests.registration.test_family_form import filled

pytestmark = pytest.mark.either_database


def look_page(world: World) -> str:
    return f"/delegation/{world.hon_dat}/look"


def state_of(world: World, family_id: int) -> FamilyState:
    with world.app.app_context(), reading():
        return families.family_by_id(family_id).state


def decisions_of(world: World) -> list[tuple[str | None, int | None]]:
    with world.app.app_context(), reading():
        query = select(HeldRegistration.decision, HeldRegistration.decided_by).order_by(HeldRegistration.id)
        return [tuple(row) for row in db.session.execute(query)]


def test_the_second_sender_hears_what_the_first_heard(world: World, client: FlaskClient) -> None:
    """Whether this (name, phone) is known is told by no status, word, shape, page or letter."""
    head = replace(household().members[0], name="Danh Thị Sa Rươl")
    known = register(world, household(0, phone="0912345678", members=(head,)), submit=False)
    form = filled(client, world)
    answer = post(client, f"{form}/review", AGREED)
    assert (answer.status_code, answer.location) == (302, f"{form}/done")
    done = words(client.get(f"{form}/done"))
    assert "Cán bộ phụ trách của đoàn xem" in done
    stranger = world.app.test_client()
    other = filled(stranger, world, phone="0912 000 111")
    assert post(stranger, f"{other}/review", AGREED).location == f"{other}/done"
    fresh = words(stranger.get(f"{other}/done"))
    codes = [link for link in (done + fresh).split() if "/g/" in link]
    for code in codes:
        done, fresh = done.replace(code, "LINK"), fresh.replace(code, "LINK")
    assert done == fresh
    assert known.link not in done
    assert Counter(kinds(world))["registration.held"] == 2, "the third is the same people with another phone"


def test_the_officer_sees_both_and_says_it_is_one_family(world: World) -> None:
    first = register(world, household(1))
    second = register(world, household(1, email="nha@example.vn"))
    assert approve(world, second.family_id) == NotLookedAt()
    officer = world.as_user(world.officer)
    home = officer.get(f"/delegation/{world.hon_dat}")
    assert "Có 1 việc cần cán bộ xem" in words(home)
    page = officer.get(look_page(world))
    assert (page.text.count("Hồ sơ mới</h3>"), page.text.count("Hồ sơ đã có</h3>")) == (1, 1)
    assert page.text.count("Danh Minh Khôi") == 2
    said = post(officer, f"{look_page(world)}/{second.code}", {"decision": "same"}, page=look_page(world))
    assert said.location == look_page(world)
    assert (state_of(world, first.family_id), state_of(world, second.family_id)) == ("submitted", "withdrawn")
    assert decisions_of(world) == [("same", world.officer)]
    assert kinds(world)[-2:] == ["registration.held_decided", "registration.withdrawn"]
    assert "Không có gì cần xem" in words(officer.get(look_page(world)))


def test_one_said_to_be_the_same_by_mistake_is_taken_back_by_whoever_said_it(world: World) -> None:
    register(world, household(1))
    second = register(world, household(1))
    officer, there = world.as_user(world.officer), f"/delegation/{world.hon_dat}/withdrawn"
    post(officer, f"{look_page(world)}/{second.code}", {"decision": "same"}, page=look_page(world))
    said = post(officer, f"{there}/{second.code}", {"version": "2"}, page=there)
    assert (said.status_code, state_of(world, second.family_id)) == (302, "submitted")
    assert "Có 1 việc cần cán bộ xem" in words(officer.get(f"/delegation/{world.hon_dat}"))
    organiser = world.as_user(world.organiser)
    look = "/office/registrations/look"
    post(organiser, f"/office/registrations/{second.code}/look", {"decision": "same"}, page=look)
    page = words(officer.get(there))
    assert (state_of(world, second.family_id), "do cán bộ hoặc Ban Tổ chức rút" in page) == ("withdrawn", True)


def test_restored_by_mistake_it_is_looked_at_once_more(world: World) -> None:
    """Withdrawn as the same family and restored: it stands beside the other and is not approved without a word."""
    first = register(world, household(1))
    second = register(world, household(1))
    officer = world.as_user(world.officer)
    post(officer, f"{look_page(world)}/{second.code}", {"decision": "same"}, page=look_page(world))
    with world.app.app_context(), transaction():
        family = families.family_by_id(second.family_id)
        assert restore_family(world.rules(), family, family.version, "nhầm", world.organiser) == Done(3)
    assert approve(world, second.family_id, 3) == NotLookedAt()
    with world.app.app_context(), reading():
        (waiting,) = held.to_look_at([world.delegation().id])
        assert (waiting.family.code, waiting.beside and waiting.beside.code) == (second.code, first.code)
    post(officer, f"{look_page(world)}/{second.code}", {"decision": "new"}, page=look_page(world))
    assert decisions_of(world) == [("same", world.officer), ("new", world.officer)]


def test_really_another_family_goes_on_and_can_be_corrected(world: World) -> None:
    register(world, household(1))
    second = register(world, household(1))
    officer = world.as_user(world.officer)
    post(officer, f"{look_page(world)}/{second.code}", {"decision": "new"}, page=look_page(world))
    client = with_link(world, second.link)
    change = {"address": "Ấp Mới", "version": "1", "tail": "0001"}
    assert post(client, "/family/change", change, page="/family/registration").status_code == 302
    assert decisions_of(world) == [("new", world.officer)], "it may stand beside the other and is not held again"
    assert approve(world, second.family_id, 2) == Done(3)
    late = officer.post  # a second word comes too late and is told so
    assert late is not None
    organiser = world.as_user(world.organiser)
    token = organiser.get("/office/registrations/look")
    assert "Không có gì cần xem" in words(token)


@pytest.mark.both_databases
def test_two_officers_at_once_are_one_decision(world: World) -> None:
    register(world, household(1))
    second = register(world, household(1))

    def say(decision: str, user: int) -> bool:
        family = families.family_by_id(second.family_id)
        return settle(world.rules(), family, HeldDecision(decision), user, "cán bộ") is not None

    turn = iter([("same", world.officer), ("new", world.organiser)])
    lock = threading.Lock()

    def act() -> bool:
        with lock:
            mine = next(turn)
        return say(*mine)

    assert Counter(race(world.app, 2, act)) == {True: 1, False: 1}
    (decision,) = decisions_of(world)
    expected = {"same": "withdrawn", "new": "submitted"}[str(decision[0])]
    assert state_of(world, second.family_id) == expected
    assert Counter(kinds(world))["registration.held_decided"] == 1


def test_only_the_own_officer_decides(world: World) -> None:
    register(world, household(1))
    second = register(world, household(1))
    other = world.as_user(world.other_officer)
    assert other.get(look_page(world)).status_code == 404
    own = f"/delegation/{world.kien_luong}/look"
    answer = post(other, f"{own}/{second.code}", {"decision": "same"}, page=own)
    assert (answer.status_code, decisions_of(world)) == (404, [(None, None)])
    link = with_link(world, second.link)
    assert link.get("/office/registrations/look").status_code in (302, 401)


def test_an_officer_sees_no_people_of_another_delegation(world: World) -> None:
    with world.app.app_context(), transaction():
        there = delegations.delegation_by_code(world.kien_luong)
        registering.register_family(world.rules(), there, household(1), Origin.OFFICER)
    second = register(world, household(1, members=household(1).members[:2]))
    page = words(world.as_user(world.officer).get(look_page(world)))
    assert ("Hồ sơ của đoàn khác" in page, "Danh Minh Khôi" in page) == (True, False)
    every = words(world.as_user(world.organiser).get("/office/registrations/look"))
    assert "Danh Minh Khôi" in every
    assert second.code


@pytest.mark.both_databases
def test_one_household_by_eight_senders_at_once_is_one_free_and_seven_held(world: World) -> None:
    keys = iter(f"form-{at}" for at in range(8))
    lock = threading.Lock()

    def send() -> object:
        with lock:
            key = next(keys)
        return registering.register_family(
            world.rules(), world.delegation(), household(1), Origin.FAMILY, submission_key=key, submit=True
        )

    outcomes = race(world.app, 8, send)
    assert Counter(type(each) for each in outcomes) == {Registered: 8}
    assert (count(world, Family), count(world, HeldRegistration)) == (8, 7)
    with world.app.app_context(), reading():
        plain = [family for family in db.session.scalars(select(Family)) if not held.is_apart(family)]
        assert len(plain) == 1


@pytest.mark.both_databases
def test_looking_first_lets_several_equal_ones_stand_free(world: World) -> None:
    """The naive control: who asks before writing holds none of those that came at the same moment."""
    start, looked = threading.Barrier(4), threading.Barrier(4)

    def naive(at: int) -> None:
        with world.app.app_context():
            start.wait()
            with reading():
                rules, delegation = world.rules(), world.delegation()
                found = held.standing_with(rules.festival.id, household(1).identity)
            looked.wait()
            with transaction():
                made = registering.register_family(
                    rules, delegation, replace(household(1), members=()), Origin.FAMILY, submission_key=f"naive-{at}"
                )
                if found is not None and isinstance(made, Registered):
                    held.hold(rules.festival, made.family_id, made.code, "same_household", found)
            db.session.remove()

    threads = [threading.Thread(target=naive, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (count(world, Family), count(world, HeldRegistration)) == (4, 0)


def test_a_family_that_makes_itself_equal_by_its_link_is_not_told(world: World) -> None:
    """The same question by another door: a link's own form may not be used to ask who is registered."""
    known = register(world, household(1))
    probing = register(world, household(7))
    client = with_link(world, probing.link)
    with world.app.app_context(), reading():
        head = families.family_by_id(probing.family_id).members[0].code
    change = {"phone": "0900000001", "version": "1", "tail": "0007", f"{head}-name": household(1).members[0].name}
    answer = post(client, "/family/change", change, page="/family/registration")
    assert (answer.status_code, answer.location) == (302, "/family/registration")
    assert "Đã lưu thông tin gia đình" in words(client.get("/family/registration"))
    assert approve(world, probing.family_id, 2) == NotLookedAt()
    assert state_of(world, known.family_id) == "submitted"


def test_a_filled_trap_loses_nothing_and_sends_no_letter_before_a_person_has_looked(
    world: World, client: FlaskClient
) -> None:
    form = filled(client, world, form_note_2="http://example.com", email="nha@example.vn")
    assert post(client, f"{form}/review", AGREED).location == f"{form}/done"
    family = only_family(world.app)
    assert (family.state, len(family.members), count(world, OutboxMail)) == ("submitted", 3, 0)
    page = look_page(world)
    officer = world.as_user(world.officer)
    assert "có thể do máy gửi" in words(officer.get(page))
    post(officer, f"{page}/{family.code}", {"decision": "new"}, page=page)
    with world.app.app_context(), reading():
        (letter,) = db.session.scalars(select(OutboxMail))
        assert (letter.recipient, "/g/" in letter.body) == ("nha@example.vn", True)


def test_the_trap_is_no_field_for_people(world: World, client: FlaskClient) -> None:
    page = client.get(f"{start(client, world)}/family").text
    trap = page[page.index('class="trap"') : page.index('form_note_2" value') + 200]
    assert ('aria-hidden="true"' in trap, 'tabindex="-1"' in trap, 'autocomplete="off"' in trap) == (True, True, True)


@pytest.mark.parametrize("decision", ["", "both"])
def test_nonsense_is_no_decision(world: World, decision: str) -> None:
    register(world, household(1))
    second = register(world, household(1))
    officer = world.as_user(world.officer)
    answer = post(officer, f"{look_page(world)}/{second.code}", {"decision": decision}, page=look_page(world))
    assert (answer.status_code, decisions_of(world)) == (400, [(None, None)])


def test_another_family_typed_over_a_saved_page_is_kept(world: World) -> None:
    """The browser's Back brings the page with its old key; what is typed over it must not vanish with a good word."""
    officer = world.as_user(world.officer)
    new = f"/delegation/{world.hon_dat}/families/new"
    assert post(officer, new, typed_family()).status_code == 302
    assert post(officer, new, typed_family()).status_code == 302, "the same page twice is one family"
    assert count(world, Family) == 1
    other = typed_family(phone="0912 000 222", **{"members-0-name": "Trần Thị Hoa"})
    assert post(officer, new, other).status_code == 302
    with world.app.app_context(), reading():
        assert sorted(db.session.scalars(select(Family.phone))) == ["0912000222", "0912345678"]
