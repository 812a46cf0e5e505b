"""Where does a family's name stand, and is it gone from everywhere once the agreement to being published is taken back?

The walk opens every door of the URL map that needs no account, the presenter's page, the printed running orders, the
family's calendar file, the gate's list and the judge's tablet. The control: before taking back, each of them says the name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from subprocess import run

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.models import User
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.checkin.offline_list import gate_list, list_stamp
from festival.consent.agreements import give
from festival.consent.models import ConsentPurpose
from festival.consent.rules import says_name, withheld
from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.transaction import reading, transaction
from festival.core.web.access import policy_of
from festival.judging.models import Measure
from festival.judging.tablets.tablet import judge_state
from festival.passes import tokens
from festival.passes.models import Pass
from festival.programme.queries import festival_day
from festival.registration.agreeing import record_consent, withdraw_consent
from festival.results.models import Award
from festival.roster import rules as roster_rules
from festival.roster.families import family_by_id
from festival.roster.links.of_families import link_code
from festival.roster.models import Entry, Family, Person
from festival.schedule.models import Act, ActState
from tests.programme.scene import Scene, make_festival

pytestmark = pytest.mark.either_database

NAME = "Danh Chung"
TITLE = "Danh Chung kể chuyện biển"
LABEL = "Gia đình số 1 – Đoàn huyện Hòn Đất"
FILLED = {"picture": "1", "code": "phan-thi-1", "on": "", "token": "x", "rest": "x", "stage": "a", "version": "1"}
# Doors on which the name stands before: the control of the walk.
SAID_ON = {"/", "/programme", "/programme/<on>", "/results", "/contests/<code>", "/api/v1/public/now", "/api/v1/public/programme",
           "/programme/stages/<stage>.ics"}  # fmt: skip
SAID_BESIDE = {"presenter", "print", "calendar", "gate", "tablet"}


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Two families; the first, agreed to being published, is on stage today, has a prize and a measured result."""
    with app.app_context(), transaction():
        made = make_festival(families=2, contests=2, first_day=festival_day(now()), at_once=(2,))
        family = db.session.get_one(Family, made.families[0])
        family.introduction = "Ông Chung đi biển, cả nhà hát dân ca."
        db.session.execute(update(Entry).where(Entry.id == made.entries[made.contests[0]][0]).values(title=TITLE))
        people = [(person.id, ConsentPurpose.PUBLISH, NAME, "self") for person in family.members]
        give(people, "paper")
        db.session.add(Measure(entry_id=made.entries[made.contests[1]][0], value=7, updated_at=now()))
        db.session.add(
            Award(
                festival_id=made.festival_id, contest_id=made.contests[0], entry_id=made.entries[made.contests[0]][0],
                prize="Nhất", position=1,
            )
        )  # fmt: skip
        db.session.execute(update(Contest).where(Contest.id == made.contests[0]).values(state=ContestState.PUBLISHED))
        act = db.session.scalars(select(Act).where(Act.entry_id == made.entries[made.contests[0]][0])).one()
        act.state, act.began_at = ActState.ON_STAGE, now()
        judge = create_user("gk", "Giám khảo", "", [Role.JUDGE])
        db.session.flush()
        db.session.add(
            Judge(contest_id=made.contests[0], user_id=judge.id, seat=PanelSeat.MEMBER, letter="A", marks=True)
        )
        values = tokens.new_pass_values("family", family.id, 1)
        db.session.add(Pass(festival_id=made.festival_id, family_id=family.id, issue=1, issued_at=now(), **values))
        family.link_hash = look_up_hash(link_code(family))
    return made


def read_everywhere(app: Flask, scene: Scene) -> dict[str, str]:
    """What every public door, and everything that carries names out of the house, says now."""
    client = app.test_client()
    said: dict[str, str] = {}
    for rule in app.url_map.iter_rules():
        policy = policy_of(app.view_functions[rule.endpoint])
        if "GET" not in (rule.methods or ()) or policy is None or policy.kind != "anonymous":
            continue
        filled = {name: FILLED.get(name) or today().isoformat() for name in rule.arguments}
        for language in ("vi", "en"):
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(rule.endpoint, filled)
            said[rule.rule] = said.get(rule.rule, "") + client.get(f"{path}?lang={language}").get_data(
                as_text=True
            ).replace("\r\n ", "")
    for path in ("/contests/phan-thi-2",):
        said["/contests/<code>"] += client.get(path).get_data(as_text=True)
    with app.app_context():
        with transaction():
            organiser = db.session.scalar(select(Judge.user_id).limit(1)) or 0
            accounts = {
                who: open_sign_in(_account(who, role), 8).token
                for who, role in (("mc", Role.MC), ("btc", Role.ORGANISER))
            }
            link = link_code(family_by_id(scene.families[0]))
        with reading():
            held = gate_list(scene.festival_id, list_stamp(scene.festival_id))
            said["gate"] = json.dumps([card.record for card in held.cards.values()], ensure_ascii=False)
            said["tablet"] = json.dumps(judge_state(organiser, scene.festival_id), ensure_ascii=False)
    for key, who, path in (
        ("presenter", "mc", "/panel/phan-thi-1/mc"),
        ("print", "btc", "/office/schedule/print/theo-san-khau.pdf"),
    ):
        browser = app.test_client()
        browser.set_cookie(SESSION_COOKIE, accounts[who])
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        said[key] = _words(answer)
    family = app.test_client()
    assert family.get(f"/g/{link}").status_code == 302
    said["calendar"] = family.get("/family/turns.ics").get_data(as_text=True).replace("\r\n ", "")
    return said


def _words(answer: TestResponse) -> str:
    """A page's text, or what is read off a paper."""
    if answer.mimetype != "application/pdf":
        return answer.get_data(as_text=True)
    read = run(["pdftotext", "-raw", "-", "-"], input=answer.data, check=True, capture_output=True).stdout
    return " ".join(read.decode().split())


def _account(login: str, role: Role) -> int:
    found = db.session.scalar(select(User.id).where(User.login == login))
    if found is not None:
        return found
    user = create_user(login, login, "", [role])
    db.session.flush()
    return user.id


def speaking(said: dict[str, str]) -> set[str]:
    """Where somebody's name stands, or the given name alone in the introduction."""
    return {where for where, text in said.items() if NAME in text or "Ông Chung" in text}


def by_verb(app: Flask, scene: Scene, act: Callable[..., object], *more: object) -> None:
    with app.app_context(), transaction():
        family = family_by_id(scene.families[0])
        rules = roster_rules.rules_of(family.delegation.festival)
        act(rules, family, family.members[0], ConsentPurpose.PUBLISH, *more)


def test_a_name_that_was_taken_back_is_nowhere_and_comes_back_with_the_agreement(app: Flask, scene: Scene) -> None:
    before = read_everywhere(app, scene)
    assert speaking(before) == SAID_ON | SAID_BESIDE
    by_verb(app, scene, withdraw_consent, "link")
    after = read_everywhere(app, scene)
    assert speaking(after) == set()
    assert {where for where, text in after.items() if LABEL in text} == SAID_ON | SAID_BESIDE
    by_verb(app, scene, record_consent, NAME, "self", "link")
    assert speaking(read_everywhere(app, scene)) == SAID_ON | SAID_BESIDE


def test_nobody_else_is_held_back(app: Flask, scene: Scene) -> None:
    by_verb(app, scene, withdraw_consent, "link")
    after = read_everywhere(app, scene)
    assert "Phương Uyên" in after["/programme"]
    assert "Bí Mật Con" in after["gate"]


def test_a_published_page_follows_within_one_polling_time(app: Flask, scene: Scene) -> None:
    """A phone that asks with what it has gets the new page, not "nothing changed"; a gate's stamp moves too."""
    client = app.test_client()
    tag = client.get("/programme").headers["ETag"]
    assert client.get("/programme", headers={"If-None-Match": tag}).status_code == 304
    with app.app_context(), reading():
        stamp = list_stamp(scene.festival_id)
    by_verb(app, scene, withdraw_consent, "link")
    answer = client.get("/programme", headers={"If-None-Match": tag})
    assert (answer.status_code, NAME in answer.get_data(as_text=True)) == (200, False)
    with app.app_context(), reading():
        assert list_stamp(scene.festival_id) != stamp


def test_who_was_asked_on_the_own_form_and_did_not_agree_is_not_published(app: Flask, scene: Scene) -> None:
    with app.app_context(), transaction():
        family = db.session.get_one(Family, scene.families[1])
        head = db.session.scalars(select(Person).where(Person.family_id == family.id, Person.representative)).one()
        give([(head.id, ConsentPurpose.TAKING_PART, head.name, "self")], "form")
    said = read_everywhere(app, scene)
    public = {where for where, text in said.items() if where.startswith("/") and "Phương Uyên" in text}
    assert public == set()
    assert "Phương Uyên" in said["tablet"]


def test_the_rule_and_the_words_of_a_text() -> None:
    assert [
        withheld(stands=stands, taken_back=back, asked_apart=asked)
        for stands in (True, False)
        for back in (True, False)
        for asked in (True, False)
    ] == [False, False, False, False, True, True, True, False]
    said = ("Danh Chung", "ông Chung, nhà biển", "DANH CHUNG!", "Cảnh chung sống", "Chúng tôi hát", "Danh sách")
    assert [says_name(text, "Danh Chung") for text in said] == [True, True, True, True, True, False]
    assert says_name("Em Khôi hát", "Danh Minh Khôi") and not says_name("Minh họa", "Danh Minh Khôi")


@pytest.mark.parametrize("representative", [True, False])
def test_an_award_that_holds_the_name_as_signed_obeys_too(app: Flask, scene: Scene, representative: bool) -> None:
    """Respelt or called after somebody else since: the award still holds the old name, and the agreement of this hour rules."""
    entry = scene.entries[scene.contests[0]][0]
    with app.app_context(), transaction():
        signed = db.session.get_one(Entry, entry).name
        db.session.execute(update(Award).values(name=signed, delegation="Đoàn đã ký"))
        db.session.execute(update(Entry).where(Entry.id == entry).values(name="Gia đình ông Tên Mới"))
        family = family_by_id(scene.families[0])
        family.members[0].representative = representative
    assert NAME in signed
    shown = app.test_client().get("/contests/phan-thi-1").text
    assert NAME in shown and "Đoàn đã ký" in shown
    by_verb(app, scene, withdraw_consent, "link")
    shown = app.test_client().get("/contests/phan-thi-1").text
    assert NAME not in shown and LABEL in shown
    by_verb(app, scene, record_consent, NAME, "self", "link")
    assert NAME in app.test_client().get("/contests/phan-thi-1").text
