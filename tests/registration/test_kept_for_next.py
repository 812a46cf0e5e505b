"""Are only those kept for the next edition who agreed, only until their day, and do their copies begin as drafts, once?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import KEPT, Agreement, Agreements, AskedPerson, Ticks, agreed_later, given, standing
from festival.contests.models import EntrantKind
from festival.core.births import Birth
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival, Phase, PhaseKind
from festival.privacy import erasing, erasing_kept
from festival.privacy.people import erasing_one
from festival.registration.agreeing import record_consent, withdraw_consent
from festival.registration.copying import from_last
from festival.registration.copying.offered import fitting
from festival.registration.kept.keeping import kept_until
from festival.registration.kept.models import KeptFamily
from festival.roster.delegations import delegation_by_code
from festival.roster.families import family_by_id
from festival.roster.household import Household
from festival.roster.links.of_families import link_code
from festival.roster.models import Delegation, DelegationOfficer, Family, Person
from festival.roster.rules import rules_of
from tests.registration.conftest import World, contest, household
from tests.registration.pages_kit import AGREED, answers, post, with_link, words
from tests.registration.registered import approve, race, register
from tests.registration.test_family_form import filled

pytestmark = pytest.mark.either_database

NEXT = "DOANSAU"
LAST = f"/delegation/{NEXT}/last"
MOTHER = "Thạch Thị Sa Rươl"
ADULT = AskedPerson("Danh Chung", Birth(1950), date(2026, 6, 1))
CHILD = AskedPerson("Danh Minh Khôi", Birth(2014, 9, 1), date(2026, 6, 1))


def test_who_agrees_to_be_kept() -> None:
    ticked = Ticks(agreed=True, kept=True)
    assert given(ADULT, ticked).kept and (KEPT, "Danh Chung", "self") in standing("Danh Chung", given(ADULT, ticked))
    assert not given(ADULT, replace(ticked, agreed=False)).kept, "nothing is kept of who does not take part"
    named = replace(ticked, guardian=MOTHER, as_who="mother")
    assert (KEPT, MOTHER, "mother") in standing(CHILD.name, given(CHILD, named))
    assert not given(CHILD, ticked).kept, "a child is kept by the word of a named parent"
    here, away = (Agreements(Agreement(MOTHER, "mother", how), own=True) for how in ("link", "own_link"))
    assert agreed_later(CHILD, here, Ticks(kept=True))[0] == ((KEPT, MOTHER, "mother"),)
    assert agreed_later(CHILD, away, Ticks(kept=True))[0] == (), "who is elsewhere has not said it"


def test_until_when_and_what_is_copied() -> None:
    assert (kept_until(date(2024, 6, 16)), kept_until(date(2024, 2, 29))) == (date(2026, 6, 16), date(2026, 2, 28))
    copied, gone = fitting(household(1), {"tai-nang"})
    assert (copied.entries, gone) == ({"tai-nang": 2}, ("the-thao",))


def home(number: int = 1, kept: tuple[int, ...] = (0, 1, 2)) -> Household:
    made = household(number)
    return replace(made, members=tuple(replace(one, kept=at in kept) for at, one in enumerate(made.members)))


def last_time(world: World, *homes: Household) -> list[str]:
    """Families of an edition that ended last week, approved; their links."""
    links = []
    for each in homes:
        made = register(world, each)
        approve(world, made.family_id)
        links.append(made.link)
    with world.app.app_context(), transaction():
        over = today() - timedelta(days=7)
        values = {"starts_on": over, "ends_on": over, "data_kept_until": today() + timedelta(days=30)}
        db.session.execute(update(Festival).values(values))
        db.session.execute(update(KeptFamily).values(kept_until=kept_until(over)))
    return links


def next_edition(world: World) -> FlaskClient:
    """The same unit in an edition to come, in which sport is no contest any more; its officer."""
    with world.app.app_context(), transaction():
        first = today() + timedelta(days=90)
        festival = Festival(
            code="kg-sau", name="Ngày hội lần sau", starts_on=first, ends_on=first, families_min=1, families_max=6,
            members_min=2, members_max=6, data_kept_until=first + timedelta(days=300), ruleset={}, created_at=now(),
        )  # fmt: skip
        db.session.add(festival)
        db.session.flush()
        opens = now() - timedelta(days=1)
        db.session.add(Phase(festival_id=festival.id, kind=PhaseKind.REGISTRATION, opens_at=opens))
        db.session.add(contest(festival.id, "tai-nang", "Gia đình tài năng", 1, 4, EntrantKind.FAMILY))
        unit = db.session.scalars(select(Delegation.unit_id).where(Delegation.code == world.hon_dat)).one()
        there = Delegation(
            festival_id=festival.id, unit_id=unit, code=NEXT, name="Đoàn huyện Hòn Đất", families_min=1, families_max=6
        )
        db.session.add(there)
        db.session.flush()
        db.session.add(DelegationOfficer(delegation_id=there.id, user_id=world.officer))
    return world.as_user(world.officer)


def source_codes(world: World) -> list[str]:
    with world.app.app_context(), reading():
        first = select(Family.code).join(Festival).where(Festival.code == "kg-2024")
        return list(db.session.scalars(first.order_by(Family.id)))


def kept(world: World) -> list[list[str]]:
    """Whose names lie put aside."""
    with world.app.app_context(), reading():
        rows = db.session.scalars(select(KeptFamily.household).order_by(KeptFamily.family_id))
        return [[one["name"] for one in row["members"]] for row in rows if row is not None]


def copies(world: World) -> list[tuple[str, str, list[str]]]:
    with world.app.app_context(), reading():
        rows = db.session.scalars(select(Family).join(Festival).where(Festival.code == "kg-sau").order_by(Family.id))
        return [(row.name, row.state.value, [one.name for one in row.members]) for row in rows]


def erase_the_last(world: World) -> None:
    with world.app.app_context():
        with transaction():
            gone = today() - timedelta(days=1)
            values = {"data_kept_until": gone, "created_at": now() - timedelta(days=900)}
            db.session.execute(update(Festival).where(Festival.code == "kg-2024").values(values))
        assert ("kg-2024", "data") in erasing.erase_due()


def test_those_who_agreed_outlive_the_erasure_and_are_copied_once(world: World) -> None:
    """The grandfather of the first family did not agree, nobody of the second did."""
    last_time(world, home(1, (0, 2)), home(2, ()))
    told = world.app.test_cli_runner().invoke(args=["privacy", "erase", "--dry-run"]).output
    assert "1\tGia đình có người đồng ý giữ lại cho ngày hội sau" in told
    erase_the_last(world)
    assert kept(world) == [[MOTHER, "Danh Minh Khôi"]]
    with world.app.app_context(), reading():
        assert "Danh Chung" not in db.session.scalars(select(Person.name)).all(), "the control: the edition is erased"
    officer = next_edition(world)
    page = officer.get(LAST)
    assert (MOTHER in words(page), "Danh Chung" in words(page), page.text.count('name="family"')) == (True, False, 1)
    assert "1 phần thi lần trước không còn" not in words(page), "sport was the grandfather's"
    (code, other) = source_codes(world)
    empty = post(officer, LAST, {}, page=LAST)
    assert (empty.status_code, "Chưa chọn gia đình nào" in words(empty)) == (400, True)
    for _twice in range(2):
        assert post(officer, LAST, {"family": [code, other]}, page=LAST).status_code == 303
    assert copies(world) == [(f"Gia đình bà {MOTHER}", "draft", [MOTHER, "Danh Minh Khôi"])]
    # nobody has agreed yet: it is confirmed like every draft before it may be sent
    with world.app.app_context(), reading():
        new = db.session.scalars(select(Family).join(Festival).where(Festival.code == "kg-sau")).one()
        assert [one.consents for one in new.members] == [[], []]
        assert (new.phone, [one.needs for one in new.members]) == ("0900000001", ["", ""])
        own, version = new.code, new.version
    said = words(officer.get(f"/delegation/{NEXT}"))
    assert f"{MOTHER} chưa đồng ý tham gia ngày hội." in said
    assert "Đã chép" in words(officer.get(LAST)) and 'name="family"' not in officer.get(LAST).text
    # the way back, and back again
    gone = {"version": str(version)}
    assert post(officer, f"/delegation/{NEXT}/families/{own}/withdraw", gone, page=LAST).status_code == 302
    assert ("Bản chép đã bỏ" in words(officer.get(LAST)), copies(world)[0][1]) == (True, "withdrawn")
    assert post(officer, LAST, {"family": code}, page=f"/delegation/{NEXT}").status_code == 303
    assert len(copies(world)) == 1, "never twice: a copy that was thrown away is brought back"
    back = f"/delegation/{NEXT}/withdrawn"
    assert post(officer, f"{back}/{own}", {"version": str(version + 1)}, page=back).status_code == 302
    assert copies(world)[0][1] == "draft"
    with world.app.app_context(), reading():
        assert checks.inspect().clean


def test_it_is_taken_back_behind_the_old_link_and_goes_by_itself_after_its_day(world: World) -> None:
    first, second = last_time(world, home(1), home(2))
    erase_the_last(world)
    phone = world.app.test_client()
    assert phone.get(f"/g/{first}").location == f"/kept/{first}"
    page = phone.get(f"/kept/{first}")
    assert (MOTHER in words(page), "0001" in page.text) == (True, False)
    wrong = post(phone, f"/kept/{first}", {"tail": "9999"})
    assert (wrong.status_code, "4 số cuối chưa đúng" in words(wrong), len(kept(world))) == (422, True, 2)
    assert post(phone, f"/kept/{first}", {"tail": "0001"}).status_code == 303
    assert (len(kept(world)), phone.get(f"/kept/{first}").status_code, phone.get(f"/g/{first}").status_code) == (
        1,
        404,
        404,
    )
    # an officer writes down what the other family said; another unit's officer finds nothing
    officer, code = next_edition(world), source_codes(world)[1]
    forget = f"{LAST}/{code}/forget"
    assert post(officer, forget, {"how": "x"}, page=LAST).status_code == 400
    with world.app.app_context(), transaction():
        db.session.execute(update(KeptFamily).values(kept_until=today() - timedelta(days=1)))
    assert phone.get(f"/kept/{second}").status_code == 404, "not shown after its day, even before it is erased"
    assert "Không có gia đình nào để chép" in words(officer.get(LAST))
    assert post(officer, forget, {"how": "phone"}, page=LAST).status_code == 409
    with world.app.app_context():
        assert erasing_kept.erase_kept() == 1
        assert erasing_kept.erase_kept() == 0
    assert kept(world) == []


def test_an_officer_writes_down_that_a_family_is_kept_no_more(world: World) -> None:
    last_time(world, home(1))
    officer, (code,) = next_edition(world), source_codes(world)
    assert MOTHER in words(officer.get(LAST)), "the edition need not be erased for its families to be copied"
    done = post(officer, f"{LAST}/{code}/forget", {"how": "phone"}, page=LAST)
    assert (done.status_code, "Không có gia đình nào để chép" in words(officer.get(LAST))) == (303, True)
    with world.app.app_context(), reading():
        ended = db.session.scalars(select(Consent.withdrawn_how).where(Consent.purpose == ConsentPurpose.KEPT)).all()
        assert (list(ended), checks.inspect().clean) == (["phone"] * 3, True)
    stranger = world.as_user(world.other_officer)
    assert stranger.get(LAST).status_code == 404


def test_it_is_asked_on_the_form_and_behind_the_link_and_taken_back_there(world: World, client: FlaskClient) -> None:
    form = filled(client, world)
    answers(client, form)
    assert "giữ thêm hai năm" in words(client.get(f"{form}/review"))
    sent = post(client, f"{form}/review", AGREED | {"keep-0": "y", "keep-2": "y"})
    assert sent.location == f"{form}/done"

    def agreed() -> list[tuple[str, str]]:
        with world.app.app_context(), reading():
            query = select(Person.name, Consent.given_as).join(Consent, Consent.person_id == Person.id)
            standing_now = query.where(Consent.purpose == ConsentPurpose.KEPT, Consent.withdrawn_at.is_(None))
            return [tuple(row) for row in db.session.execute(standing_now.order_by(Person.position))]

    assert agreed() == [("Danh Thị Sa Rươl", "self"), ("Danh Minh Khôi", "mother")]
    with world.app.app_context(), reading():
        family = db.session.scalars(select(Family)).one()
        people, link = (
            [one.code for one in family_by_id(family.id).members],
            from_last.last_delegations(family.delegation),
        )
    assert link == []
    with world.app.app_context(), reading():
        phone = with_link(world, link_code(db.session.scalars(select(Family)).one()))
    page = "/family/registration"
    assert f'name="keep-{people[1]}"' in phone.get(page).text and f'name="keep-{people[0]}"' not in phone.get(page).text
    yes = {f"keep-{people[1]}": "y", "what": "kept"}
    refused = post(phone, "/family/consent", {**yes, "tail": "0000"}, page=page)
    assert (len(agreed()), "checked" in refused.text) == (2, True)
    assert post(phone, "/family/consent", {**yes, "tail": "5678"}, page=page).status_code == 302
    assert len(agreed()) == 3
    back = {"person": people[1], "purpose": "kept", "tail": "5678"}
    assert post(phone, "/family/consent/withdraw", back, page=page).status_code == 302
    assert len(agreed()) == 2


def test_a_copy_nobody_confirmed_goes_with_the_agreement(world: World) -> None:
    """Dropped at once, erased by the worker, and copied anew of who still agrees; a copy somebody confirmed stays."""
    last_time(world, home(1), home(2))
    officer, (one, two) = next_edition(world), source_codes(world)
    assert post(officer, LAST, {"family": [one, two]}, page=LAST).status_code == 303
    with world.app.app_context(), reading():
        drafts = list(
            db.session.scalars(select(Family.code).join(Festival).where(Festival.code == "kg-sau").order_by(Family.id))
        )
    with world.app.app_context(), transaction():
        # somebody of the second has confirmed the copy: it is a registration of its own by now
        second = db.session.scalars(select(Family).where(Family.code == drafts[1])).one()
        person = family_by_id(second.id).members[0]
        record_consent(
            rules_of(delegation_by_code(NEXT).festival),
            second,
            person,
            ConsentPurpose.TAKING_PART,
            person.name,
            "self",
            "link",
        )
    for code in (one, two):
        with world.app.app_context(), transaction():
            source = db.session.scalars(select(Family).where(Family.code == code)).one()
            grandfather = family_by_id(source.id).members[1]
            withdraw_consent(rules_of(source.delegation.festival), source, grandfather, ConsentPurpose.KEPT, "link")
    called, dropped, people = copies(world)[0]
    assert (dropped, copies(world)[1][1]) == ("withdrawn", "draft")
    back = f"/delegation/{NEXT}/withdrawn"
    shown = officer.get(back)
    assert ("đã rút sự đồng ý giữ lại" in words(shown), f"{back}/{drafts[0]}" in shown.text) == (True, False)
    with world.app.app_context(), reading():
        version = db.session.scalars(select(Family.version).where(Family.code == drafts[0])).one()
    organiser, page = world.as_user(world.organiser), f"/office/registrations/{drafts[0]}"
    for to in ("", "draft"):
        asked = {"version": str(version), "reason": "nhầm", "to": to}
        refused = post(organiser, f"{page}/come-back", asked, page=page)
        assert (refused.status_code, "đã rút sự đồng ý giữ lại" in words(refused)) == (409, True)
    assert copies(world)[0][1] == "withdrawn"
    with world.app.app_context():
        assert (erasing_one.erase_waiting(), erasing_one.erase_waiting()) == (1, 0)
    assert copies(world)[0][1] == "withdrawn" and not {called, *people} & {copies(world)[0][0], *copies(world)[0][2]}
    # who still agrees is offered, and copied anew
    assert officer.get(LAST).text.count('name="family"') == 1
    assert post(officer, LAST, {"family": [one, two]}, page=LAST).status_code == 303
    assert copies(world)[2:] == [(called, "draft", [people[0], people[2]])]
    with world.app.app_context(), reading():
        assert checks.inspect().clean


@pytest.mark.both_databases
def test_of_two_copies_at_once_one_is_made(world: World) -> None:
    """The submission key holds it, not the look: both had looked before either wrote."""
    last_time(world, home(1))
    next_edition(world)
    (code,) = source_codes(world)

    def copy() -> int:
        there = delegation_by_code(NEXT)
        return from_last.copy(rules_of(there.festival), there, [code])[0]

    assert sorted(race(world.app, 4, copy)) == [0, 0, 0, 1]  # type: ignore[type-var]
    assert len(copies(world)) == 1
