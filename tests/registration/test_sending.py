"""Every road to a sent registration, with every reason that keeps it from being sent: one question, one answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from festival.consent.rules import Agreement
from festival.core.births import Birth
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Phase
from festival.registration import phases, registering
from festival.registration.grid.ready import places_left
from festival.registration.outcomes import AlreadyRegistered, NotSent, Registered
from festival.registration.sending import Ground, Why, hindrances
from festival.roster.eligibility import Bounds, ContestQuota, FamilyFacts, Missing, Place, Quotas, entries_of_delegation
from festival.roster.household import Household
from festival.roster.models import Family, FamilyState, Origin
from festival.roster.people import Relation
from festival.roster.quotas.own import OwnBounds
from tests.registration.conftest import World, household
from tests.registration.pages_kit import AGREED, PEOPLE, answers, post, start, token_of, upload, with_link, words
from tests.registration.registered import approve, register
from tests.registration.test_api_and_commands import FAMILY, SENDER
from tests.registration.test_workbook import MOTHER, SON, excel, with_cell

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

SENTENCES = {
    "closed": "Đăng ký chưa mở hoặc đã hết hạn nên chưa gửi được. Những gì đã nhập vẫn còn nguyên."
    " Hãy gọi Ban Tổ chức nếu cần gia hạn.",
    "representative": "Chưa chọn ai là người đại diện gia đình. Hãy chọn một người lớn.",
    "quota": "Đoàn đã có đủ 1 gia đình được duyệt nên chưa gửi được. Hãy hỏi Ban Tổ chức.",
    "consent": "Danh Minh Khôi dưới 16 tuổi: cần cha, mẹ hoặc người giám hộ đồng ý.",
    "state": "Hồ sơ này đã gửi hoặc đã có quyết định nên không gửi được nữa.",
}


@dataclass(frozen=True)
class Case:
    """A reason, and how it comes about: in what is typed, or (`happen`) between typing and sending."""

    world: World
    reason: str

    def household(self) -> Household:
        home = household(1)
        mother, father, son = home.members
        if self.reason == "representative":
            mother = replace(mother, relation=Relation.SIBLING)
        if self.reason == "consent":
            son = replace(son, agreement=Agreement())
        return replace(home, members=(mother, father, son))

    def happen(self) -> None:
        if self.reason == "quota":
            with self.world.app.app_context(), transaction():
                made = registering.register_family(
                    self.world.rules(), self.world.delegation(), household(5), Origin.OFFICER, submit=True
                )
                assert isinstance(made, Registered)
            approve(self.world, made.family_id)
        with self.world.app.app_context(), transaction():
            if self.reason == "closed":
                db.session.execute(update(Phase).values(closes_at=now() - timedelta(minutes=1)))
            if self.reason == "state":
                db.session.execute(update(Family).values(state=FamilyState.SUBMITTED))

    def written(self, origin: Origin, state: FamilyState = FamilyState.DRAFT) -> Registered:
        """A family that is in already and has not been sent."""
        with self.world.app.app_context(), transaction():
            made = registering.register_family(
                self.world.rules(), self.world.delegation(), self.household(), origin, submission_key="mine"
            )
            assert isinstance(made, Registered)
            db.session.execute(update(Family).values(state=state))
        return made


def by_the_form(case: Case) -> str:
    client = case.world.app.test_client()
    form = start(client, case.world)
    post(client, f"{form}/family", {"delegation": case.world.hon_dat, "phone": "0912345678"})
    for place, person in enumerate(PEOPLE):
        other = {"relation": "sibling"} if case.reason == "representative" and place == 0 else {}
        post(client, f"{form}/members", {**person, **other})
    answers(client, form)
    ticks = {key: value for key, value in AGREED.items() if case.reason != "consent" or key != "agree-2"}
    fields = {"csrf_token": token_of(client.get(f"{form}/review")), **ticks}
    if case.reason == "state":
        assert client.post(f"{form}/review", data=fields).location == f"{form}/done"
    case.happen()
    return words(client.post(f"{form}/review", data=fields, follow_redirects=True))


def by_the_familys_link(case: Case) -> str:
    made = case.written(Origin.FAMILY, FamilyState.RETURNED)
    client = with_link(case.world, made.link)
    case.happen()
    fields = {"version": "1", "tail": "0001", "send": "yes"}
    post(client, "/family/change", fields, page="/family/registration")
    return words(client.get("/family/registration"))


def by_the_officer(case: Case) -> str:
    made = case.written(Origin.OFFICER)
    return sent_by_the_officer(case, made.code)


def sent_by_the_officer(case: Case, code: str) -> str:
    case.happen()
    officer = case.world.as_user(case.world.officer)
    home = f"/delegation/{case.world.hon_dat}"
    fields = {"csrf_token": token_of(officer.get(home)), "version": "1"}
    return words(officer.post(f"{home}/families/{code}/submit", data=fields, follow_redirects=True))


def by_the_officers_list(case: Case) -> str:
    case.written(Origin.OFFICER)
    case.happen()
    officer = case.world.as_user(case.world.officer)
    home = f"/delegation/{case.world.hon_dat}"
    return words(
        officer.post(f"{home}/submit", data={"csrf_token": token_of(officer.get(home))}, follow_redirects=True)
    )


def by_excel(case: Case) -> str:
    mother = with_cell(MOTHER, "Quan hệ với người đại diện", "Con") if case.reason == "representative" else MOTHER
    son = with_cell(SON, "Đã ký phiếu đồng ý", "") if case.reason == "consent" else SON
    officer = case.world.as_user(case.world.officer)
    shown = upload(officer, case.world, excel([mother, son]))
    if case.reason == "representative":
        return words(shown)  # a file's family is known by its representative: without one nothing can be kept
    confirm = re.search(rf"/delegation/{case.world.hon_dat}/import/[\w-]+", shown.text)
    assert confirm
    officer.post(confirm[0], data={"csrf_token": token_of(shown)})
    with case.world.app.app_context(), reading():
        code = db.session.scalars(select(Family.code)).one()
    return sent_by_the_officer(case, code)


def by_json(case: Case) -> str:
    client = case.world.app.test_client()
    members: list[dict[str, Any]] = [dict(member) for member in FAMILY["members"]]
    if case.reason == "representative":
        members[0]["relation"] = "sibling"
    if case.reason == "consent":
        members[1]["agreed_by"] = ""
    sent = {**FAMILY, "members": members}
    if case.reason == "state":
        assert client.post("/api/v1/registrations", json=sent, headers=SENDER).get_json()["outcome"] == "registered"
    case.happen()
    answer = client.post("/api/v1/registrations", json=sent, headers=SENDER).get_json()
    said = [answer.get("outcome", ""), answer.get("message", "")]
    return " ".join([*said, *(fault["message"] for fault in answer.get("faults", ()))])


def by_command(case: Case) -> str:
    made = case.written(Origin.OFFICER)
    case.happen()
    return case.world.app.test_cli_runner().invoke(args=["registration", "submit", made.code]).output


ROADS: tuple[Callable[[Case], str], ...] = (
    by_the_form, by_the_familys_link, by_the_officer, by_the_officers_list, by_excel, by_json, by_command,
)  # fmt: skip
# Where there is nothing to send a second time, by the road's own nature, it says what became of the first.
SENT_BEFORE = {
    by_the_form: "Đã gửi đăng ký",
    by_json: "registered",
    by_the_officers_list: "Chưa có gia đình nào đủ hồ sơ để gửi.",
}


@pytest.mark.parametrize("reason", SENTENCES)
@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.__name__)
def test_every_road_gives_the_same_answer(
    make_world: Callable[..., World], road: Callable[[Case], str], reason: str
) -> None:
    world = make_world(families=1 if reason == "quota" else 6)
    said = road(Case(world, reason))
    heard = {name for name, sentence in SENTENCES.items() if sentence in said}
    expected = SENT_BEFORE.get(road) if reason == "state" else None
    assert (heard, expected is None or expected in said) == (set() if expected else {reason}, True), said
    with world.app.app_context(), reading():
        waiting = db.session.scalar(select(func.count(Family.id)).where(Family.state == FamilyState.SUBMITTED))
    assert waiting == (1 if reason == "state" else 0)


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.__name__)
def test_every_road_sends_when_nothing_is_in_the_way(world: World, road: Callable[[Case], str]) -> None:
    said = road(Case(world, "nothing"))
    assert {name for name, sentence in SENTENCES.items() if sentence in said} == set()
    with world.app.app_context(), reading():
        assert db.session.scalars(select(Family.state)).all() == [FamilyState.SUBMITTED]


def test_a_family_sends_only_what_it_registered_itself(world: World) -> None:
    case = Case(world, "nothing")
    made = case.written(Origin.OFFICER, FamilyState.RETURNED)
    client = with_link(world, made.link)
    fields = {"version": "1", "tail": "0001", "send": "yes"}
    post(client, "/family/change", fields, page="/family/registration")
    assert "Gia đình báo cán bộ văn hóa của đơn vị gửi lại hồ sơ." in words(client.get("/family/registration"))
    with world.app.app_context(), reading():
        assert db.session.scalars(select(Family.state)).all() == [FamilyState.RETURNED]


def test_a_form_sent_in_time_is_answered_with_its_family_after_the_end(world: World, client: FlaskClient) -> None:
    made = register(world, household(3), key="in-time")
    first = client.post("/api/v1/registrations", json=FAMILY, headers=SENDER).get_json()
    Case(world, "closed").happen()
    again = client.post("/api/v1/registrations", json=FAMILY, headers=SENDER).get_json()
    assert again == first
    with world.app.app_context(), transaction():
        other = registering.register_family(
            world.rules(), world.delegation(), household(3), Origin.FAMILY, submission_key="late", submit=True
        )
        same = registering.register_family(
            world.rules(),
            world.delegation(),
            household(3),
            Origin.FAMILY,
            submission_key="in-time",
            submit=True,
        )
    assert isinstance(other, NotSent)
    assert [each.why for each in other.why] == [Why.CLOSED]
    assert isinstance(same, AlreadyRegistered) and same.code == made.code


def test_many_sent_at_once_leave_out_those_that_may_not_be_sent(world: World) -> None:
    silent = replace(household(2), members=tuple(replace(m, agreement=Agreement()) for m in household(2).members))
    homes = [(household(1), None), (silent, None), (household(3), None)]
    with world.app.app_context(), transaction():
        made = registering.register_families(world.rules(), world.delegation(), homes, Origin.EXCEL, submit=True)
        kept = registering.register_families(world.rules(), world.delegation(), homes[1:2], Origin.EXCEL)
    assert (len(made), len(kept)) == (2, 1)


def test_ground_is_what_the_approvals_took(world: World) -> None:
    own = OwnBounds(Bounds(1, 6))
    with world.app.app_context(), transaction():
        delegation_id = world.delegation().id
        assert phases.ground_of(delegation_id) == Ground(True, 0, 6, {}, own=own)
        made = registering.register_family(world.rules(), world.delegation(), household(1), Origin.OFFICER, submit=True)
    assert isinstance(made, Registered)
    approve(world, made.family_id)
    with world.app.app_context(), reading():
        assert phases.ground_of(delegation_id) == Ground(True, 1, 6, {"tai-nang": 1, "the-thao": 1}, own=own)


# ---------------------------------------------------------------- the question by itself

ON = date(2024, 6, 14)
QUOTAS = Quotas(
    contests=(
        ContestQuota("solo", "Tài năng", Bounds(2, 3), Bounds(None, 2)),
        ContestQuota("team", "Kéo co", Bounds(8, 8), Bounds(None, 1), team=True),
    )
)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ({}, []),
        ({"solo": 1, "team": 1}, []),  # who joins the team that stands asks for no place
        ({"solo": 2}, ["entries_full"]),
        ({"solo": 2, "team": 1}, ["entries_full"]),
    ],
)
def test_places_of_contests(taken: dict[str, int], expected: list[str]) -> None:
    home = household(1)
    facts = FamilyFacts(home.phone, home.facts.members, {"solo": 2, "team": 1})
    found = hindrances(facts, QUOTAS, ON, Ground(True, 3, 4, taken))
    assert [each.reason.code for each in found] == expected


def test_a_team_that_stands_is_no_warning() -> None:
    """Whoever comes now finds no place alone, and needs none in the team."""
    none, full = (places_left(QUOTAS, Ground(True, entries=taken)) for taken in ({}, {"solo": 2, "team": 1}))
    assert [each.warns for each in none] == [False, False]
    assert [(each.warns, str(each.words)) for each in full] == [
        (True, "Tài năng: còn 0 chỗ"),
        (False, "Kéo co: đoàn đã đủ đội, ai đăng ký thêm không cần chỗ riêng"),
    ]


def test_everything_in_the_way_is_told_at_once_but_a_wrong_state_alone() -> None:
    home = household(1)
    head, *others = home.members
    facts = replace(home, phone="", members=(replace(head, birth=Birth(2014)), *others)).facts
    found = hindrances(facts, QUOTAS, ON, Ground(False, 4, 4))
    assert [(each.why, each.reason.code) for each in found] == [
        (Why.CLOSED, "registration_closed"),
        (Why.INCOMPLETE, "no_phone"),
        (Why.INCOMPLETE, "child_representative"),
        (Why.INCOMPLETE, "no_guardian_consent"),
        (Why.INCOMPLETE, "no_own_agreement"),
        (Why.FULL, "families_full"),
    ]
    assert found[1].lack == Missing(Place.FAMILY, found[1].reason)
    for state in ("submitted", "approved", "rejected", "withdrawn"):
        alone = hindrances(facts, QUOTAS, ON, Ground(False, 4, 4), state=state, origin="family", by_family=True)
        assert [each.why for each in alone] == [Why.STATE]
    theirs = hindrances(facts, QUOTAS, ON, Ground(True), state="returned", origin="officer", by_family=True)
    assert [each.why for each in theirs] == [Why.SENDER]


def test_a_mixed_team_is_one_entry_however_many_families_give_people() -> None:
    families = [{"solo": 2, "team": 1}, {"team": 3}, {"solo": 3}]
    assert entries_of_delegation(families, QUOTAS) == {"solo": 2, "team": 1}
