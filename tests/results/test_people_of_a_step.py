"""Nobody locks, releases or publishes without proving once more who they are; a release takes two different people."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from config import ROOT
from festival.accounts.pins import set_pin
from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.core.clock import now
from festival.core.database import db
from festival.core.ledger import LedgerPayload
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.rules.file import read
from festival.judging.contest_access import sits_as_chair
from festival.judging.measuring import MeasureTaken, note_measure
from festival.judging.models import MeasureState
from festival.results.ladder import lock, sign
from festival.results.ladder.states import may_lock_as
from festival.results.models import StateChange
from tests.accounts.kit import noted
from tests.harness.scanned import scanned
from tests.judging.panel_cast import PASSWORD, Panel, cast, full_panel
from tests.results.test_commands import BY, BY_PASSWORDS, RULESET, SECOND, UNPROOFED, run
from tests.results.test_pages_of_the_panel import MINE, TAI_NANG, TWO, Desk, lock_form, people

pytestmark = pytest.mark.either_database

PIN = "482913"


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast()
        full_panel(made)
        set_pin(made.users["chair"], PIN)
        return made


def decided(app: Flask, panel: Panel) -> None:
    with app.app_context():
        with transaction():
            lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
        with transaction():
            sign.sign(panel.contest_id, "1", None)
        with transaction():
            sign.record_award_decision(panel.contest_id, "2", None)


def state(app: Flask, panel: Panel) -> ContestState:
    with app.app_context(), reading():
        return db.session.get_one(Contest, panel.contest_id).state


def ledger_notes(app: Flask) -> list[dict[str, Any]]:
    with app.app_context(), reading():
        kept = (
            select(LedgerPayload.content).where(LedgerPayload.stream == "results:tai-nang").order_by(LedgerPayload.seq)
        )
        return [json.loads(content) for content in db.session.scalars(kept) if content]


def test_the_chair_locks_by_pin_and_what_was_typed_stays(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    for changed in ({"chair_password": "482914"}, {"secretary_password": PIN}, {"chair_password": ""}):
        page = secretary.post(TAI_NANG + "/lock", 422, **lock_form(**changed))
        assert 'value="chair"' in page and 'value="thuky"' in page and PASSWORD not in page
    secretary.post(TAI_NANG + "/lock", **lock_form(chair_password=PIN))
    assert state(app, panel) is ContestState.LOCKED
    who = {"account": panel.users["chair"], "with": panel.users["secretary"]}
    assert [subject for kind, subject in noted(app) if kind == "two_persons"] == [
        {"step": "lock", "contest": "tai-nang"} | who
    ]
    assert {"account": panel.users["chair"]} in [subject for kind, subject in noted(app) if kind == "pin_failed"]


def test_a_release_takes_two_different_people_and_publication_one(app: Flask, panel: Panel) -> None:
    decided(app, panel)
    (organiser,) = people(app, panel, "organiser")
    for form, said in (
        ({}, "đang đăng nhập chưa đúng"),
        (MINE, "người thứ hai chưa đúng"),
        (TWO | {"password": "sai"}, "đang đăng nhập chưa đúng"),
        (TWO | {"second_password": "sai"}, "người thứ hai chưa đúng"),
        (TWO | {"second": "btc"}, "hai người khác nhau"),
        (TWO | {"second": "BTC "}, "hai người khác nhau"),
        (TWO | {"second": "thuky"}, "người khác của Ban Tổ chức"),
        (TWO | {"second": "chair", "second_password": PIN}, "người khác của Ban Tổ chức"),
    ):
        page = organiser.post(TAI_NANG + "/release", 422, **form)
        assert said in page, said
        assert f'value="{form.get("second", "")}' in page, "what was typed stays"
    assert state(app, panel) is ContestState.DECIDED
    organiser.post(TAI_NANG + "/release", **TWO)
    for form in ({}, {"password": "sai"}):
        assert "chưa đúng" in organiser.post(TAI_NANG + "/publish", 422, **form)
    assert state(app, panel) is ContestState.RELEASED
    organiser.post(TAI_NANG + "/publish", **MINE)
    assert "Ngô Phó Ban" in organiser.get(TAI_NANG)
    with app.app_context(), reading():
        steps = db.session.execute(
            select(StateChange.by_user, StateChange.with_user).where(StateChange.state.in_(("released", "published")))
        ).all()
    assert steps == [(panel.users["organiser"], panel.users["deputy"]), (panel.users["organiser"], None)]


def mark_commune(app: Flask, panel: Panel, marked: bool) -> None:
    with app.app_context(), transaction():
        stated = json.loads(RULESET.read_text(encoding="utf-8"))
        stated["festival"]["commune_contest"] = marked
        assert read(parse(json.dumps(stated))).festival.commune_contest is marked
        db.session.get_one(Festival, panel.festival_id).ruleset = stated


@pytest.mark.parametrize(("marked", "reached"), [(True, ContestState.RELEASED), (False, ContestState.DECIDED)])
def test_in_a_commune_contest_the_chairs_pin_may_be_the_second(
    app: Flask, panel: Panel, marked: bool, reached: ContestState
) -> None:
    decided(app, panel)
    mark_commune(app, panel, marked)
    (organiser,) = people(app, panel, "organiser")
    for login in ("khac", "lan", "thuky"):
        organiser.post(TAI_NANG + "/release", 422, **TWO | {"second": login})
    status = 303 if marked else 422
    organiser.post(TAI_NANG + "/release", status, **TWO | {"second": "chair", "second_password": PIN})
    assert state(app, panel) is reached


def test_a_commune_contest_is_said_by_true_or_false() -> None:
    stated = json.loads(RULESET.read_text(encoding="utf-8"))
    stated["festival"]["commune_contest"] = "có"
    with pytest.raises(BrokenRuleset):
        read(parse(json.dumps(stated)))


def test_commands_name_their_people_or_write_a_reason(app: Flask, panel: Panel) -> None:
    decided(app, panel)
    wrong = BY_PASSWORDS | {"SECOND_PASSWORD": "sai"}
    for arguments, env in (
        ([], None),
        (BY, BY_PASSWORDS),
        ([*BY, *SECOND], wrong),
        ([*BY, "--second", "btc"], BY_PASSWORDS),
        ([*BY, "--second", "thuky"], BY_PASSWORDS),
        (["--override", "  "], None),
    ):
        run(app, "results", "release", "tai-nang", *arguments, env=env, ok=False)
    with app.app_context():
        scanned([panel.contest_id])
    run(app, "results", "release", "tai-nang", "--override", "mất điện, chỉ còn một người")
    for arguments, env in (([], None), (BY, {"BY_PASSWORD": "sai"}), (["--by", "thuky"], BY_PASSWORDS)):
        run(app, "results", "publish", "tai-nang", *arguments, env=env, ok=False)
    run(app, "results", "publish", "tai-nang", "--override", "cả hai đã về")
    released, published = ledger_notes(app)[-2:]
    assert (released["note"], released["by"], released["with"]) == ("mất điện, chỉ còn một người", None, None)
    assert (published["note"], published["by"]) == ("cả hai đã về", None)
    assert [subject for kind, subject in noted(app) if kind == "override"] == [
        {"step": "release", "contest": "tai-nang"},
        {"step": "publish", "contest": "tai-nang"},
    ]


def test_a_wrong_password_is_never_on_the_line_of_a_command(app: Flask, panel: Panel) -> None:
    decided(app, panel)
    run(app, "results", "release", "tai-nang", *BY, *SECOND, "--by-password", PASSWORD, ok=False)
    done = app.test_cli_runner().invoke(
        args=["results", "release", "tai-nang", *BY, *SECOND, *UNPROOFED], input=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output


def test_who_may_not_release_cannot_stand_for_it(app: Flask, panel: Panel) -> None:
    decided(app, panel)
    for name in ("chair", "secretary", "mc"):
        desk = Desk(app, panel.users[name])
        desk.post(TAI_NANG + "/release", 403, **TWO)
        desk.post(TAI_NANG + "/publish", 403, **MINE)
    run(app, "results", "release", "tai-nang", "--by", "thuky", *SECOND, env=BY_PASSWORDS, ok=False)
    assert state(app, panel) is ContestState.DECIDED


def test_doors_take_these_steps_by_people_only() -> None:
    """A door that called the bare step would pass by the people."""
    bare = ("sign.release(", "sign.publish(", "ladder_lock.lock(")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "festival").rglob("*.py")
        if any(call in path.read_text(encoding="utf-8") for call in bare)
    ]
    assert found == ["festival/results/ladder/people.py"]


def test_for_a_chair_that_nobody_is_stands_an_organiser_or_a_chair_of_the_same_edition(
    app: Flask, panel: Panel
) -> None:
    """`khac` has the right of a chair and sits nowhere in this edition."""
    sport = "/panel/bong-ro"
    with app.app_context():
        for entry in panel.sport_entries:
            with transaction():
                assert isinstance(note_measure(panel.sport_id, entry, 1, MeasureState.VALID, 9, 0, None), MeasureTaken)
    secretary, other, chair = people(app, panel, "secretary", "other", "chair")
    other.get(sport, 404)
    assert "bong-ro" in chair.get("/panel")
    # nobody is its chair or its secretary: what is meant is said, not that the other is
    for changed, said in (
        ({"chair": "khac"}, "Phần thi này không có trưởng ban giám khảo: người thứ nhất là Ban Tổ chức"),
        ({"secretary": "lan"}, "Phần thi này không có thư ký riêng: người thứ hai là một thư ký"),
    ):
        assert said in secretary.post(sport + "/lock", 422, **lock_form(**changed))
    with app.app_context(), transaction():
        seated = db.session.scalars(select(Judge).where(Judge.user_id == panel.users["chair"])).one()
        later = Festival(
            code="sau", name="Năm sau", starts_on=date(2027, 6, 14), ends_on=date(2027, 6, 16), families_max=6,
            members_min=1, members_max=9, data_kept_until=date(2028, 6, 30), ruleset={}, created_at=now(),
        )  # fmt: skip
        db.session.add(later)
        db.session.flush()
        contest = db.session.get_one(Contest, panel.sport_id)
        assert (sits_as_chair(seated.user_id, panel.festival_id), sits_as_chair(seated.user_id, later.id)) == (
            True,
            False,
        )
        assert may_lock_as(panel.users["organiser"], contest, PanelSeat.CHAIR)
        assert not may_lock_as(panel.users["secretary"], contest, PanelSeat.CHAIR)
    secretary.post(sport + "/lock", **lock_form())
    with app.app_context(), reading():
        assert db.session.get_one(Contest, panel.sport_id).state is ContestState.LOCKED
