"""Does one person, or one family, go wholly by request, alone, when it may, and stay gone after an old copy came back?

The name is planted wherever a festival writes one; it is looked for as bytes in every file. The naive control empties the row alone.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from config import Config
from festival.accounts.models import User
from festival.consent.models import Consent
from festival.consent.rules import Agreement
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.mail import enqueue
from festival.core.seal.compare import digest
from festival.core.transaction import reading, transaction
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device, DeviceNote
from festival.editions import retention
from festival.editions.queries import the_festival
from festival.operations.backup import back_up
from festival.operations.restore import restore
from festival.privacy import sweeping
from festival.privacy.models import PrivacyRequest, RequestState
from festival.privacy.people import erasing_one
from festival.registration.asked_changes import deciding
from festival.registration.asked_changes.models import ChangeState, FamilyChange
from festival.registration.editing.keeping import begin
from festival.registration.models import RegistrationDraft
from festival.results.petition_desk import lodging
from festival.results.petition_desk.lodging import Lodged
from festival.results.petition_desk.subjects import PetitionSubject
from festival.results.petitions import stepping
from festival.results.petitions.kinds import PetitionAbout, PetitionDeed, PetitionTitle
from festival.results.petitions.models import Petition, PetitionStep
from festival.roster import families
from festival.roster.models import Entry, Family, Person
from festival.roster.shown.public_names import names_held
from festival.schedule.models import Plan
from tests.harness.postgres import Cluster
from tests.harness.waiting import wait_until
from tests.privacy.test_erasure import found
from tests.privacy.test_requests import clean
from tests.registration.conftest import World, household, make_world, world
from tests.registration.pages_kit import post, with_link, words
from tests.registration.registered import approve, register

__all__ = ["make_world", "world"]
MOTHER, FATHER, CHILD = "Trịnh Thị Gieo Lạ", "Quách Văn Gieo Xa", "Quách Gieo Nhỏ Lạ"
PHONE = "0987654321"
TAIL = {"tail": "4321"}


@pytest.fixture(autouse=True)
def own_tools(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")


def planted(world: World) -> tuple[int, str]:
    """A family of three whose names are nobody else's, written down wherever names are; its id and link."""
    mother, father, child = household(1).members
    home = household(
        1,
        phone=PHONE,
        introduction=f"{FATHER} trồng lúa",
        members=(
            replace(mother, name=MOTHER, agreement=Agreement(MOTHER)),
            replace(father, name=FATHER, agreement=Agreement(FATHER)),
            replace(child, name=CHILD, agreement=Agreement(MOTHER, "mother")),
        ),
    )
    made = register(world, home)
    approve(world, made.family_id)
    with world.app.app_context(), transaction():
        festival = the_festival()
        entry = db.session.scalars(select(Entry).where(Entry.family_id == made.family_id).order_by(Entry.id)).first()
        assert entry is not None
        acts = [{"entry": entry.code, "name": entry.name, "title": f"Hát cùng {FATHER}"}]
        content = {"acts": acts, "said": FATHER}
        db.session.add(Plan(festival_id=festival.id, version=1, content=content, published_at=now(), note=FATHER))
        line = {"note": FATHER, "digest": digest(content)}
        ledger.append(f"decisions:{festival.code}", "programme_published", {"version": 1, "by": None}, line)
        for name in (MOTHER, FATHER, CHILD):
            enqueue("ai@x.vn", name, f"Kính gửi {name}")
            begin(festival.id)
            ledger.append(f"results:{festival.code}/delegations", "planted", {}, {"note": f"{name}, {PHONE}"})
        rules, family = world.rules(), families.family_by_id(made.family_id)
        for said in ("Ấp Hòn Me 1", "Ấp Hòn Me 2"):
            wanted = replace(deciding.household_now(rules, family), address=said)
            road = "officer" if said.endswith("1") else deciding.LINK
            deciding.ask(rules, family, family.version, wanted, f"{FATHER} báo", road, None)
            db.session.refresh(family)
        for draft, name in zip(db.session.scalars(select(RegistrationDraft)), (MOTHER, FATHER, CHILD), strict=True):
            draft.content = {"household": name, "phone": PHONE}
        device = Device(
            festival_id=festival.id, number=1, code="MAY1", role=DeviceRole.GATE, name="Cổng", token_hash="x",
            enrolled_at=now(),
        )  # fmt: skip
        db.session.add(device)
        db.session.flush()
        for name in (MOTHER, FATHER, CHILD):
            db.session.add(DeviceNote(device_id=device.id, noted_at=now(), kind="id_reuse", detail={"name": name}))
        petitioned(entry)
    return made.family_id, made.link


def petitioned(entry: Entry) -> None:
    """About the family's act, on paper; answered, each in words that name them."""
    about, own = PetitionSubject(PetitionAbout.ENTRY, entry.contest, entry), entry.delegation
    words = f"{FATHER} hát trước, {MOTHER} bị ngắt tiếng. Gọi {PHONE}"
    said = Lodged(about, PetitionTitle.PETITION, words, "Danh Trưởng", photo=FATHER.encode())
    clerk = db.session.scalars(select(User.id).order_by(User.id)).first()
    row = lodging.lodge(own, said, clerk)
    stepping.take(row, 0, PetitionDeed.CARRIED, f"Đã mời {CHILD} và {FATHER} hát lại.", clerk)


def asked(world: World, link: str, person: str) -> str:
    """Asked by link and granted by the organiser; the address of the request."""
    answer = post(with_link(world, link), "/family/privacy", {"kind": "erase", "person": person, **TAIL})
    assert answer.status_code == 302
    return f"/office/privacy/requests/{answer.location.rpartition('/')[2]}"


def code_of(world: World, family_id: int, at: int) -> str:
    with world.app.app_context(), reading():
        return families.family_by_id(family_id).members[at].code


def swept(world: World) -> None:
    """PostgreSQL writes its files anew in the night; here it is night."""
    with world.app.app_context():
        wait_until(sweeping.sweep)


def test_a_person_goes_from_every_file_and_the_others_stay(world: World, config: Config, cluster: Cluster) -> None:
    family_id, link = planted(world)
    office = world.as_user(world.organiser)
    page = asked(world, link, code_of(world, family_id, 1))
    told = words(office.get(page))
    assert "Nếu xóa thì" in told and "Thông tin từng người" in told
    assert found(world.app, config, cluster, [FATHER]) != {}
    done = post(office, page, {"act": "done"})
    assert done.status_code == 302
    swept(world)
    assert found(world.app, config, cluster, [FATHER]) == {}
    for name in (MOTHER, CHILD):
        assert found(world.app, config, cluster, [name]) != {}
    with world.app.app_context(), reading():
        family = families.family_by_id(family_id)
        assert [one.name for one in family.members] == [MOTHER, "Thành viên số 2", CHILD]
        assert [one.out for one in family.members] == [False, True, False]
        assert MOTHER in family.name and family.introduction == "" and family.phone == PHONE
        assert db.session.scalars(select(PrivacyRequest.state)).all() == [RequestState.DONE]
        changes = db.session.scalars(select(FamilyChange).order_by(FamilyChange.number)).all()
        assert [(each.state, each.stood, each.wanted, each.why, each.reason) for each in changes] == [
            (state, {}, {}, "", "") for state in (ChangeState.APPROVED, ChangeState.TAKEN_BACK)
        ]
        code = family.code
        written = db.session.execute(select(Petition.words, Petition.photo, Petition.photo_sha256)).one()
        assert written.words == f"Thành viên số 2 hát trước, {MOTHER} bị ngắt tiếng. Gọi {PHONE}"
        assert written.photo is None and written.photo_sha256 != ""
        assert db.session.scalars(select(PetitionStep.words)).one() == f"Đã mời {CHILD} và Thành viên số 2 hát lại."
    assert clean(world) == []
    told = words(office.get(f"/office/registrations/{code}/changes"))
    assert told.count("Nội dung đã xóa theo hạn giữ dữ liệu.") == 2, "what was done stays told, without what it was"
    # nothing is left to ask about
    again = {"kind": "see", "person": code_of(world, family_id, 1), **TAIL}
    assert post(with_link(world, link), "/family/privacy", again).status_code == 409


def test_the_naive_erasure_leaves_the_name(world: World, config: Config, cluster: Cluster) -> None:
    family_id, _link = planted(world)
    with world.app.app_context(), transaction():
        db.session.execute(
            update(Person).where(Person.family_id == family_id, Person.name == FATHER).values(name="–", folded="")
        )
    swept(world)
    assert found(world.app, config, cluster, [FATHER]) != {}


def test_a_family_goes_and_an_old_copy_brings_nothing_back(
    world: World, config: Config, cluster: Cluster, tmp_path: Path
) -> None:
    family_id, link = planted(world)
    other = register(world, household(2))
    wanted = [MOTHER, FATHER, CHILD, PHONE]
    with world.app.app_context():
        back_up(config, tmp_path / "old")
    page = asked(world, link, "")
    assert post(world.as_user(world.organiser), page, {"act": "done"}).status_code == 302
    swept(world)
    assert found(world.app, config, cluster, wanted) == {}
    assert clean(world) == []
    assert world.app.test_client().get(f"/g/{link}").status_code == 404
    with world.app.app_context():
        db.session.remove()
        put_aside = restore(config, tmp_path / "old").kept
        if put_aside is not None:
            put_aside.unlink()
    assert found(world.app, config, cluster, wanted) != {}  # the control: the copy has everything
    with world.app.app_context():
        db.session.remove()
        assert (erasing_one.replay(), erasing_one.replay()) == (1, 0)
    swept(world)
    assert found(world.app, config, cluster, wanted) == {}
    assert clean(world) == []
    with world.app.app_context(), reading():
        assert families.family_by_id(other.family_id).members[0].name == household(2).members[0].name
        assert (
            db.session.scalar(select(Family.name).where(Family.id == family_id)) == "Gia đình số 1 – Đoàn huyện Hòn Đất"
        )


def test_while_judging_is_open_the_person_leaves_at_once_and_is_erased_afterwards(world: World) -> None:
    family_id, link = planted(world)
    office = world.as_user(world.organiser)
    with world.app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "tai-nang").values(state=ContestState.LOCKED))
    page = asked(world, link, code_of(world, family_id, 0))
    assert "Còn đang chấm: Gia đình tài năng" in words(office.get(page))
    post(office, page, {"act": "done"})
    assert "chờ đến lúc xóa được" in words(office.get(page))
    with world.app.app_context():
        assert erasing_one.erase_waiting() == 0
        with reading():
            family = families.family_by_id(family_id)
            assert (family.members[0].name, family.members[0].out) == (MOTHER, True)
            held = names_held(family.festival_id)
            entry = db.session.scalars(select(Entry).where(Entry.family_id == family_id).order_by(Entry.id)).first()
            assert entry is not None and MOTHER in entry.name
            assert held.entry(entry.id, entry.name) == "Gia đình số 1 – Đoàn huyện Hòn Đất"
        with transaction():
            db.session.execute(update(Contest).values(state=ContestState.PUBLISHED))
            retention.hold(the_festival(), "Có khiếu nại", None)
        assert erasing_one.erase_waiting() == 0
        with transaction():
            retention.let_go(the_festival(), "Xong", None)
        assert (erasing_one.erase_waiting(), erasing_one.erase_waiting()) == (1, 0)
        with reading():
            # who agreed for the child that takes part stays provable
            assert db.session.scalars(
                select(Consent.given_by).where(Consent.given_as == "mother", Consent.withdrawn_at.is_(None))
            ).all() == [MOTHER]
            assert MOTHER not in "".join(db.session.scalars(select(Entry.name)))
    # the contests were moved on by hand
    assert [each for each in clean(world) if not each.startswith("Phần thi «")] == []


def test_the_only_grown_up_is_not_erased_alone_and_nothing_is_written(world: World) -> None:
    family_id, link = planted(world)
    office = world.as_user(world.organiser)
    first = asked(world, link, code_of(world, family_id, 1))
    post(office, first, {"act": "done"})
    second = asked(world, link, code_of(world, family_id, 0))
    refused = post(office, second, {"act": "done"})
    assert refused.status_code == 409 and "cả gia đình" in words(refused)
    with world.app.app_context(), reading():
        assert families.family_by_id(family_id).members[0].name == MOTHER
    assert clean(world) == []


def test_what_is_kept_is_read_on_one_page_and_handed_over(world: World) -> None:
    family_id, link = planted(world)
    client, office = with_link(world, link), world.as_user(world.organiser)
    assert post(client, "/family/privacy/data", {"tail": "0000"}, page="/family/privacy").status_code == 400
    own = post(client, "/family/privacy/data", TAIL, page="/family/privacy")
    told = words(own)
    for value in (
        MOTHER,
        FATHER,
        CHILD,
        PHONE,
        "ăn chay",
        "Ấp Hòn Me",
        "3/2/1986",
        "Vợ hoặc chồng",
        "Gia đình tự đăng ký",
    ):
        assert value in told
    for column in ("folded", "born_on", "link_hash", "given_as", "mother"):
        assert column not in told
    assert post(client, "/family/privacy/data", {**TAIL, "as": "pdf"}, page="/family/privacy").data.startswith(b"%PDF")
    answer = post(client, "/family/privacy", {"kind": "see", "person": code_of(world, family_id, 1), **TAIL})
    page = f"/office/privacy/requests/{answer.location.rpartition('/')[2]}/data"
    told = words(office.get(page))
    assert FATHER in told and CHILD not in told
    assert office.get(f"{page}.pdf").data.startswith(b"%PDF")
