"""A misspelt name is corrected after the family has arrived and stands in the timetable: is it right everywhere at once?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.models import User
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.activation.sealed_cards import issue_cards
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.models import Entry
from festival.schedule.models import Act, Session, Stage
from tests.checkin.test_gate_app import held_up
from tests.devices.kit import Phone, as_if_opened, opened, verdicts
from tests.harness.served import Served
from tests.judging.test_judge_app import TABLET, open_with
from tests.registration.conftest import World, household
from tests.registration.pages_kit import words
from tests.registration.test_asked_changes import as_officer, office, taken_in

pytestmark = pytest.mark.either_database

WRONG, RIGHT = "Thạch Thị Sa Rươl", "Thạch Thị Sà Rươn"


@dataclass
class Day:
    """A family that is in, with its turn on the stage, and everybody who reads its name."""

    world: World
    code: str
    card: str
    list_id: str
    gate: Phone
    lead: Phone
    judge: Phone
    mc: int

    def read(self) -> dict[str, list[str]]:
        """Every name each of them is told of the family."""
        told = self.gate.state()["state"]["passes"]
        sealed = opened(dict(told)[self.list_id], self.card)
        (line,) = [each for each in self.lead.state()["state"]["roster"] if each["pass"] == self.list_id]
        (contest,) = self.judge.state()["state"]["contests"]
        page = words(self.world.as_user(self.mc).get("/office/stage/a/mc"))
        return {
            "gate": [sealed["name"], str(sealed)],
            "lead": [line["name"], str(line)],
            "judge": [entry["name"] for entry in contest["entries"]],
            "mc": [page],
        }


def begun(world: World) -> Day:
    code, _family = taken_in(world, 1)
    with world.app.app_context(), transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        entry = db.session.scalars(select(Entry).where(Entry.contest_id == contest.id)).one()
        entry.number = 1
        stage = Stage(festival_id=contest.festival_id, code="a", name="Sân khấu A")
        db.session.add(stage)
        db.session.flush()
        at = now() + timedelta(hours=1)
        session = Session(
            stage_id=stage.id, contest_id=contest.id, label="Sáng", starts_at=at, ends_at=at + timedelta(hours=2)
        )
        db.session.add(session)
        db.session.flush()
        db.session.add(Act(session_id=session.id, entry_id=entry.id, position=1, starts_at=at, duration_min=15))
        lan, mc = create_user("lan", "Danh Thị Lan", "", [Role.JUDGE]).id, create_user("mc", "Võ Dẫn", "", [Role.MC]).id
        db.session.add(Judge(contest_id=contest.id, user_id=lan, seat=PanelSeat.MEMBER, letter="A"))
        row = db.session.scalars(select(Pass).where(Pass.family_id.is_not(None))).one()
        card, list_id = tokens.qr_text(row), row.list_id
        festival, codes = contest.festival_id, []
        for role, user in ((DeviceRole.GATE, None), (DeviceRole.LEAD, None), (DeviceRole.JUDGE, lan)):
            codes.append(make_enrolment_code(festival, role, user, "" if user else "Cổng 1").code)
    gate, lead, judge = (Phone(world.app.test_client(), each, with_key=True) for each in codes)
    day = Day(world, code, card, list_id, gate, lead, as_if_opened(world.app, judge), mc)
    assert verdicts(gate.send(gate.scan(list_id))) == ["applied"]
    return day


def test_a_name_corrected_after_arrival_is_right_at_gate_judge_and_mc(world: World) -> None:
    day = begun(world)
    before = day.read()
    assert all(WRONG in name for said in before.values() for name in said), "the control: it stands everywhere"
    assert as_officer(world, day.code, **{"name-0": RIGHT}).status_code == 302
    after = day.read()
    assert all(RIGHT in name and WRONG not in name for said in after.values() for name in said), after
    again = day.gate.send(day.gate.scan(day.list_id))
    assert verdicts(again) == ["duplicate"], "who was in is in, by the same card"
    # and the way back, as fast
    assert office(world, day.code, 1, deed="undo", reason="đúng là Rươl").status_code == 302
    assert day.read() == before


def test_the_family_that_stood_beside_keeps_its_name(world: World) -> None:
    day = begun(world)
    other, _client = taken_in(world, 7, members=tuple(
        replace(member, name=member.name if at else WRONG) for at, member in enumerate(household(7).members)
    ))  # fmt: skip
    assert as_officer(world, day.code, **{"name-0": RIGHT}).status_code == 302
    with world.app.app_context(), reading():
        names = dict(db.session.execute(select(Entry.family_id, Entry.name).where(Entry.family_id.is_not(None))).all())
    assert sorted(set(names.values())) == [f"Gia đình bà {WRONG}", f"Gia đình bà {RIGHT}"]
    assert other != day.code


def test_the_screens_themselves_say_it_right(world: World, browser: Browser, live_server: Served) -> None:
    """The phone at the gate, the judge's tablet and the presenter's page, open all the time."""
    day = begun(world)
    with world.app.app_context(), transaction():
        lan = db.session.scalars(select(User.id).where(User.login == "lan")).one()
        festival = world.rules().festival.id
        at_gate = make_enrolment_code(festival, DeviceRole.GATE, None, "Cổng 2").code
        at_table = make_enrolment_code(festival, DeviceRole.JUDGE, lan, "").code
        (card,) = issue_cards([lan], None)
        token = open_sign_in(day.mc, 3).token
    gate, judge, mc = (
        browser.new_context(base_url=live_server.url, viewport=TABLET, locale="vi-VN").new_page() for _each in range(3)
    )
    mc.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    gate.goto(f"/enrol#{at_gate}")
    gate.get_by_role("button", name="Gắn máy").click()
    gate.get_by_role("link", name="Bắt đầu").click()
    expect(gate.locator("#network")).to_have_text("Có mạng")
    judge.goto(f"/enrol#{at_table}")
    judge.locator("#enrol button").click()
    judge.locator("#enrolled a").click()
    open_with(judge, card.digits)

    def all_say(right: str, wrong: str) -> None:
        mc.goto("/office/stage/a/mc")
        gate.reload()
        expect(gate.locator("#network")).to_have_text("Có mạng")
        held_up(gate, day.card)
        expect(gate.locator("#verdict-name")).to_contain_text(right)
        gate.reload()
        for page in (mc, judge):
            expect(page.get_by_text(right).first).to_be_visible()
            expect(page.get_by_text(wrong)).to_have_count(0)

    all_say(WRONG, RIGHT)
    assert as_officer(world, day.code, **{"name-0": RIGHT}).status_code == 302
    all_say(RIGHT, WRONG)
    for page in (gate, judge, mc):
        page.context.close()
