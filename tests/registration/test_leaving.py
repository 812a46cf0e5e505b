"""Somebody does not take part any more: what is said before, what follows, who is told, and how they come back."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.checkin.actions import apply_scans
from festival.checkin.models import Admission
from festival.checkin.offline_list import gate_list, list_stamp
from festival.consent.models import Consent
from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.handlers import DeviceRole, Incoming, Rejected
from festival.devices.models import Device
from festival.editions.queries import the_festival
from festival.passes.models import Pass
from festival.roster.departing import EntryOf, OneOfFamily, what_follows
from festival.roster.models import ContestPlace, Departure, Entry, EntryPerson, EntryState, Family, Person
from tests.registration.conftest import World, household
from tests.registration.pages_kit import only_family, post, with_link, words
from tests.registration.registered import approve, register

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
        f"agree-{khoi}": "y", f"guardian-{khoi}": "Thạch Thị Sa Rươl", f"guardian-as-{khoi}": "mother", "tail": "0001",
    }  # fmt: skip
    post(client, "/family/consent", again, page=LINK)
    assert entered(world) == [SPORT, MOTHER]  # the child itself was not asked yet
    post(client, "/family/consent", {f"own-{khoi}": "y", "tail": "0001"}, page=LINK)
    assert entered(world) == ENTERED
    assert on_the_gates_list(world)[1] == "Đoàn huyện Hòn Đất"


def test_a_childs_own_word_counts(world: World) -> None:
    client = taken_in(world)
    khoi = only_family(world.app).members[2].code
    leave(client, khoi, "child_own", sure="yes")
    assert entered(world) == [SPORT, MOTHER]
    post(client, "/family/consent", {f"own-{khoi}": "y", "tail": "0001"}, page=LINK)
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
