"""Somebody does not take part any more: what is said before, what follows, who is told, and how they come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from festival.checkin.actions import apply_scans
from festival.checkin.models import Admission
from festival.checkin.offline_list import gate_list, list_stamp
from festival.consent.models import Consent
from festival.consent.rules import Agreement
from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.handlers import DeviceRole, Incoming, Rejected
from festival.devices.models import Device
from festival.editions.queries import the_festival
from festival.judging.models import Overtime
from festival.passes.models import Pass
from festival.registration.changing import change_family
from festival.registration.decisions import restore_family, withdraw_family
from festival.roster.departing import EntryOf, OneOfFamily, what_follows
from festival.roster.families import family_by_id
from festival.roster.models import ContestPlace, Departure, Entry, EntryPerson, EntryState, Family, Person
from festival.roster.outcomes import Done
from festival.roster.rules import Rules
from festival.roster.views import view
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, post, with_link, words
from tests.registration.registered import approve, register

pytestmark = pytest.mark.either_database

LINK = "/family/registration"
SPORT, SON, MOTHER = (
    "Gia đình thể thao: Danh Chung",
    "Gia đình tài năng: Danh Minh Khôi",
    "Gia đình tài năng: Thạch Thị Sa Rươl",
)
ENTERED = [SPORT, SON, MOTHER]


def taken_in(world: World) -> FlaskClient:
    """An approved family of three, come by its link."""
    made = register(world, household(1))
    approve(world, made.family_id)
    return with_link(world, made.link)


def entered(world: World) -> list[str]:
    """Who is in which enrolled entry."""
    with world.app.app_context(), reading():
        rows = db.session.execute(
            select(Contest.name, Person.name)
            .join(Entry, Entry.contest_id == Contest.id)
            .join(EntryPerson, EntryPerson.entry_id == Entry.id)
            .join(Person, Person.id == EntryPerson.person_id)
            .where(Entry.state == EntryState.ENROLLED)
        )
        return sorted(f"{contest}: {person}" for contest, person in rows)


def on_the_gates_list(world: World) -> tuple[list[str], str]:
    """The names a gate has for the family, and what stands beside its unit."""
    with world.app.app_context(), reading():
        held = gate_list(the_festival().id, list_stamp(the_festival().id))
        (record,) = [card.record for card in held.cards.values() if card.record["t"] == "family"]
        return [member["n"] for member in record["members"]], record["unit"]


def leave(client: FlaskClient, code: str, purpose: str = "taking_part", **more: str) -> str:
    fields = {"person": code, "purpose": purpose, "tail": "0001", **more}
    answer = post(client, "/family/consent/withdraw", fields, page=LINK)
    assert answer.status_code in (200, 302)
    return words(answer)


def test_the_family_sees_what_follows_before_it_confirms(world: World) -> None:
    client = taken_in(world)
    khoi = only_family(world.app).members[2].code
    said = leave(client, khoi)
    assert "Gia đình tài năng: còn 1 người, vẫn dự thi." in said and "Thẻ của gia đình vẫn dùng được" in said
    assert entered(world) == ENTERED
    leave(client, khoi, sure="yes")
    assert entered(world) == [SPORT, MOTHER]
    names, unit = on_the_gates_list(world)
    assert (names, unit) == (["Thạch Thị Sa Rươl", "Danh Chung"], "Đoàn huyện Hòn Đất · bớt 1 người")
    assert "Đủ hồ sơ" in words(client.get("/family"))


def test_a_wrong_number_takes_nobody_out(world: World) -> None:
    client = taken_in(world)
    fields = {"person": only_family(world.app).members[2].code, "purpose": "taking_part", "tail": "9999", "sure": "yes"}
    assert post(client, "/family/consent/withdraw", fields, page=LINK).status_code == 422
    assert entered(world) == ENTERED


def test_organiser_is_told_that_not_why_and_looks_once(world: World) -> None:
    client = taken_in(world)
    leave(client, only_family(world.app).members[2].code, sure="yes")
    office = world.as_user(world.organiser)
    assert "1 người vừa thôi tham gia" in words(office.get("/office"))
    page = office.get("/office/privacy")
    assert "Có người vừa thôi tham gia" in words(page) and "Danh Minh Khôi" not in page.text
    with world.app.app_context(), reading():
        (number,) = db.session.scalars(select(Departure.id))
    assert post(office, f"/office/privacy/seen/{number}", {}, page="/office/privacy").status_code == 302
    assert post(office, "/office/privacy/seen/999", {}, page="/office/privacy").status_code == 404
    assert "vừa thôi tham gia" not in words(office.get("/office"))


def test_agreeing_again_brings_the_person_back(world: World) -> None:
    client = taken_in(world)
    khoi = only_family(world.app).members[2].code
    leave(client, khoi, sure="yes")
    again = {
        f"agree-{khoi}": "y", "guardian": "Thạch Thị Sa Rươl", "guardian-as": "mother", "tail": "0001",
    }  # fmt: skip
    post(client, "/family/consent", again, page=LINK)
    assert entered(world) == [SPORT, MOTHER]  # the child itself was not asked yet
    post(client, f"/family/child/{khoi}", {"own": "yes", "publish": "no", "tail": "0001"})
    assert entered(world) == ENTERED
    assert on_the_gates_list(world)[1] == "Đoàn huyện Hòn Đất"


def test_a_childs_own_word_counts(world: World) -> None:
    client = taken_in(world)
    khoi = only_family(world.app).members[2].code
    leave(client, khoi, "child_own", sure="yes")
    assert entered(world) == [SPORT, MOTHER]
    post(client, f"/family/child/{khoi}", {"own": "yes", "publish": "no", "tail": "0001"})
    assert entered(world) == ENTERED


def test_the_next_grown_up_leads_and_hands_back(world: World) -> None:
    client = taken_in(world)
    mother = only_family(world.app).members[0]
    assert "Người đại diện mới là Danh Chung" in leave(client, mother.code)
    leave(client, mother.code, sure="yes")
    family = only_family(world.app)
    assert (family.name, [one.representative for one in family.members]) == (
        "Gia đình ông Danh Chung",
        [False, True, False],
    )
    with world.app.app_context(), reading():
        assert {row.name for row in db.session.scalars(select(Entry).where(Entry.family_id.is_not(None)))} == {
            family.name
        }
    post(client, "/family/consent", {f"agree-{mother.code}": "y", "tail": "0001"}, page=LINK)
    family = only_family(world.app)
    assert (family.name, family.members[0].representative) == ("Gia đình bà Thạch Thị Sa Rươl", True)
    assert entered(world) == ENTERED


def test_without_a_grown_up_the_family_steps_back_as_a_whole(world: World) -> None:
    client = taken_in(world)
    mother, father, _khoi = only_family(world.app).members
    leave(client, father.code, sure="yes")
    assert "rút đăng ký của cả gia đình" in leave(client, mother.code)
    leave(client, mother.code, sure="yes")
    assert [one.out for one in only_family(world.app).members] == [False, True, False]


def test_an_entry_nobody_is_left_in_ends_and_its_place_may_be_gone(world: World) -> None:
    client = taken_in(world)
    father = only_family(world.app).members[1]
    assert "Gia đình thể thao: không còn ai, tiết mục được rút." in leave(client, father.code)
    leave(client, father.code, sure="yes")

    def taken() -> int:
        with world.app.app_context(), reading():
            sport = select(Contest.id).where(Contest.code == "the-thao").scalar_subquery()
            return db.session.scalar(select(ContestPlace.taken).where(ContestPlace.contest_id == sport)) or 0

    assert taken() == 0
    with world.app.app_context(), transaction():
        sport = select(Contest.id).where(Contest.code == "the-thao").scalar_subquery()
        db.session.execute(update(ContestPlace).where(ContestPlace.contest_id == sport).values(taken=1))
    post(client, "/family/consent", {f"agree-{father.code}": "y", "tail": "0001"}, page=LINK)
    assert "Không còn chỗ ở: Gia đình thể thao." in words(client.get(LINK))
    assert entered(world) == [SON, MOTHER]
    assert on_the_gates_list(world)[0] == ["Thạch Thị Sa Rươl", "Danh Chung", "Danh Minh Khôi"]


def decide(world: World, act: Callable[[Rules, Family, int], object]) -> None:
    """Something the organiser does to the only family, seeing it as it is."""
    with world.app.app_context(), transaction():
        family = family_by_id(only_family(world.app).id)
        outcome = act(world.rules(), family, family.version)
        assert isinstance(outcome, Done), outcome


def states(world: World) -> dict[str, tuple[str, int]]:
    """Of every entry: its state and how many people are in it; a team's stands under `đội`."""
    with world.app.app_context(), reading():
        rows = db.session.execute(
            select(Contest.name, Entry.family_id, Entry.state, func.count(EntryPerson.person_id))
            .join(Entry, Entry.contest_id == Contest.id)
            .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
            .group_by(Contest.name, Entry.id, Entry.family_id, Entry.state)
        ).all()
        found = {f"{name}{'' if family else ' (đội)'}": (str(state), people) for name, family, state, people in rows}
        assert len(found) == len(rows), "two teams of one delegation"
        return found


TALENT, TEAM_OWN, TEAM = "Gia đình tài năng", "Gia đình thể thao", "Gia đình thể thao (đội)"


def test_a_restored_family_enters_no_contest_that_nobody_is_left_in(world: World) -> None:
    """Everybody of an entry left, the family was withdrawn and restored: what stands, stands with people in it."""
    client = taken_in(world)
    _mother, father, khoi = only_family(world.app).members
    leave(client, father.code, sure="yes")
    leave(client, khoi.code, sure="yes")
    decide(world, lambda rules, family, version: withdraw_family(rules, family, version, "gia đình"))
    decide(world, lambda rules, family, version: restore_family(rules, family, version, "nhầm", world.organiser))
    assert states(world) == {TALENT: ("proposed", 1), TEAM_OWN: ("withdrawn", 0), TEAM: ("withdrawn", 0)}
    # who comes back to a family that is a draft takes no place before it is approved
    post(client, "/family/consent", {f"agree-{father.code}": "y", "tail": "0001"}, page=LINK)
    assert states(world) == {TALENT: ("proposed", 1), TEAM_OWN: ("proposed", 1), TEAM: ("withdrawn", 0)}
    with world.app.app_context(), reading():
        assert set(db.session.scalars(select(ContestPlace.taken))) == {0}


def test_who_comes_back_stands_as_the_family_does_now(world: World) -> None:
    """Left while the family waited, back when it is approved: in the contest and the team, with their places."""
    made = register(world, household(1))
    client = with_link(world, made.link)
    father = only_family(world.app).members[1]
    leave(client, father.code, sure="yes")
    decide(
        world,
        lambda rules, family, version: change_family(rules, family, view(family, rules).household, version, "form"),
    )
    assert states(world) == {TALENT: ("proposed", 2), TEAM_OWN: ("withdrawn", 0)}
    assert isinstance(approve(world, made.family_id, only_family(world.app).version), Done)
    assert entered(world) == [SON, MOTHER]
    post(client, "/family/consent", {f"agree-{father.code}": "y", "tail": "0001"}, page=LINK)
    assert entered(world) == ENTERED


def test_a_contest_everybody_left_can_be_entered_by_somebody_else(world: World) -> None:
    """The entry that ended stands in nobody's way when the officer writes the registration anew."""
    made = register(world, household(1))
    client = with_link(world, made.link)
    _mother, father, _khoi = only_family(world.app).members
    leave(client, father.code, sure="yes")
    home = household(1)
    both = replace(home.members[0], contests=("tai-nang", "the-thao"))
    without = replace(home.members[1], agreement=Agreement())
    anew = replace(home, members=(both, without, home.members[2]))
    decide(world, lambda rules, family, version: change_family(rules, family, anew, version, "form"))
    assert states(world) == {TALENT: ("proposed", 2), TEAM_OWN: ("proposed", 1)}


def test_a_contest_that_was_held_stays_when_it_is_given_up(world: World) -> None:
    """A restored family gives up a contest in which something stands on its entry: no error, the entry is withdrawn."""
    taken_in(world)
    with world.app.app_context(), transaction():
        talent = select(Entry.id).join(Contest, Contest.id == Entry.contest_id).where(Contest.code == "tai-nang")
        db.session.add(Overtime(entry_id=db.session.scalar(talent) or 0, seconds=5, noted_at=now()))
    decide(world, lambda rules, family, version: withdraw_family(rules, family, version, "gia đình"))
    decide(world, lambda rules, family, version: restore_family(rules, family, version, "nhầm", world.organiser))
    home = household(1)
    less = replace(home, members=tuple(replace(one, contests=()) for one in home.members))
    decide(world, lambda rules, family, version: change_family(rules, family, less, version, "form"))
    assert states(world) == {TALENT: ("withdrawn", 0), TEAM_OWN: ("withdrawn", 0), TEAM: ("withdrawn", 0)}
    decide(world, lambda rules, family, version: change_family(rules, family, home, version, "form"))
    assert states(world) == {TALENT: ("proposed", 2), TEAM_OWN: ("proposed", 1), TEAM: ("withdrawn", 0)}


def test_a_gate_with_this_mornings_list_lets_nobody_in_who_left(world: World) -> None:
    client = taken_in(world)
    khoi = only_family(world.app).members[2].code
    with world.app.app_context(), reading():
        list_id = db.session.scalar(select(Pass.list_id).where(Pass.family_id.is_not(None)))
    leave(client, khoi, sure="yes")
    with world.app.app_context(), transaction():
        festival = the_festival().id
        only, everybody = (
            Incoming(
                mid=f"m{seq}", device_id=1, device_role="gate", user_id=None, seq=seq, kind="scan", subject=str(list_id),
                body={"pass": list_id, "persons": persons}, base_version=None, at=now(), received_at=now(),
                festival_id=festival, device_number=1, station="Cổng 1",
            )
            for seq, persons in ((1, [khoi]), (2, None))
        )  # fmt: skip
        # nobody is left of the first reading; the second one lets the others in
        assert apply_scans([only]) == [Rejected("nobody")]
        device = Device(
            id=1, festival_id=festival, number=1, code="m", role=DeviceRole.GATE, token_hash="m", enrolled_at=now()
        )
        db.session.add(device)
        db.session.flush()
        apply_scans([everybody])
        inside = db.session.scalars(select(Person.name).join(Admission, Admission.person_id == Person.id))
        assert sorted(inside) == ["Danh Chung", "Thạch Thị Sa Rươl"]


def test_officer_and_organiser_note_for_who_asks(world: World) -> None:
    taken_in(world)
    family = only_family(world.app)
    khoi = family.members[2].code
    page = f"/delegation/{world.hon_dat}/families/{family.code}"
    fields = {"person": khoi, "purpose": "taking_part", "how": "phone", "act": "withdraw"}
    shown = post(world.as_user(world.officer), f"{page}/consent", fields, page=page)
    assert (shown.status_code, "Chưa ghi gì" in words(shown), entered(world)) == (200, True, ENTERED)
    assert (
        post(world.as_user(world.officer), f"{page}/consent", {**fields, "sure": "yes"}, page=page).status_code == 302
    )
    assert entered(world) == [SPORT, MOTHER]
    with world.app.app_context(), reading():
        ended = set(db.session.scalars(select(Consent.withdrawn_how).where(Consent.withdrawn_at.is_not(None))))
        assert ended == {"phone"}
        assert all(ledger.verify(stream) == [] for stream in ledger.streams())
    stranger = world.as_user(world.other_officer)
    mine = f"/delegation/{world.kien_luong}"
    theirs = post(
        stranger, f"{mine}/families/{family.code}/consent", {**fields, "sure": "yes"}, page=f"{mine}/families/new"
    )
    assert theirs.status_code == 404
    one = f"/office/registrations/{family.code}"
    again = {"person": khoi, "purpose": "taking_part", "how": "paper", "act": "give"}
    assert post(world.as_user(world.organiser), f"{one}/consent", again, page=one).status_code == 302
    assert entered(world) == ENTERED
    wrong = post(world.as_user(world.organiser), f"{one}/consent", {**again, "how": "hearsay"}, page=one)
    assert wrong.status_code == 400
    with world.app.app_context(), reading():
        assert db.session.scalar(select(Family.state)) == "approved"


def test_what_follows() -> None:
    mother = OneOfFamily("m", "Mẹ", 38, leads=True, out=False)
    son = OneOfFamily("s", "Con", 9, leads=False, out=False)
    gone = OneOfFamily("g", "Cha", 40, leads=False, out=True)
    unknown = OneOfFamily("u", "Bà", None, leads=False, out=False)
    alone = what_follows(mother, (mother, son, gone, unknown), [EntryOf("Hát", 2, 2), EntryOf("Múa", 1, 1)], 3)
    assert (alone.possible, alone.leader, alone.left, alone.family_short) == (False, "", 2, True)
    assert [(each.contest, each.ends, each.short) for each in alone.entries] == [
        ("Hát", False, True),
        ("Múa", True, False),
    ]
    assert what_follows(son, (mother, son), [], 1).possible
