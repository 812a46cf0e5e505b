"""A petition about the order of the delegations is met at their signature and release, and what it changed says so everywhere."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput
from festival.papers.models import WholeMinutes
from festival.results.delegations import deciding
from festival.results.models import StateChange
from festival.results.petition_desk import answering
from festival.results.petitions.kinds import PetitionDeed
from tests.judging.panel_cast import Panel
from tests.results.test_amended_standings import EVERY, SIGNED_ON
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import MINE, PASSWORD, TAI_NANG, TWO, Desk, lock_form, people
from tests.results.test_petitions import lodged, panel
from tests.results.whole_cast import bring, lock_all
from tests.results.whole_kit import sign

__all__ = ["panel"]

pytestmark = pytest.mark.either_database

WHOLE = "/whole-delegation"
PASSWORDS = ("BY_PASSWORD", "SECOND_PASSWORD")
WHY = "trả lời sau lễ bế mạc"


def differing(app: Flask) -> list[str]:
    with app.app_context(), checks.snapshot():
        return [f"{each.table} {each.column}" for _room, each in checks.inspect(("results:thu/delegations",)).named()]


def test_the_signature_asks_for_a_reason_and_keeps_it(app: Flask, panel: Panel) -> None:
    secretary, organiser = people(app, panel, "secretary", "organiser")
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        lodged(panel, "whole")
    secretary.post(WHOLE + "/minutes", number="09/BB")
    page = secretary.get(WHOLE)
    assert "Lý do vẫn làm khi còn kiến nghị số 1" in page
    refused = secretary.post(WHOLE + "/sign", 400, number="09/BB")
    assert "Còn kiến nghị chưa giải quyết xong, số 1" in refused and 'value="09/BB"' in refused
    secretary.post(WHOLE + "/sign", number="09/BB", petitions_reason=WHY)
    assert f"Lý do ký khi còn kiến nghị: {WHY}" in organiser.get(WHOLE)
    assert differing(app) == []
    with app.app_context(), transaction():
        db.session.execute(update(WholeMinutes).values(petitions_reason="khác"))
    assert differing(app) == ["whole_minutes petitions_reason"]


def test_the_last_release_asks_where_the_mc_reads_the_whole_at_once(app: Flask, panel: Panel) -> None:
    organiser, mc = people(app, panel, "organiser", "mc")
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED)
        sign(panel)
        lodged(panel, "whole")
    organiser.post("/panel/bong-ro/release", **TWO)
    assert "Lý do vẫn làm khi còn kiến nghị số 1" in organiser.get(TAI_NANG)
    assert "số 1" in organiser.post(TAI_NANG + "/release", 400, **TWO)
    organiser.post(TAI_NANG + "/release", **TWO, petitions_reason=WHY)
    with app.app_context(), reading():
        own = StateChange.state == ContestState.RELEASED
        notes = db.session.execute(select(StateChange.contest_id, StateChange.note).where(own)).all()
    assert {tuple(row) for row in notes} == {(panel.contest_id, WHY), (panel.sport_id, "")}
    read = mc.get("/panel")
    assert "Còn 1 kiến nghị chưa giải quyết xong" in read and "Số 1." in read


def test_signed_where_the_mc_reads_at_once_and_by_command_it_is_asked_too(app: Flask, panel: Panel) -> None:
    (organiser,) = people(app, panel, "organiser")
    with app.app_context():
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED)
        lodged(panel, "whole")
        with pytest.raises(BadInput), transaction():
            deciding.sign_whole(panel.festival_id, "09/BB", None)
    organiser.post(WHOLE + "/minutes")
    refused = organiser.post(WHOLE + "/sign", 422, number="9", **MINE, petitions_reason=WHY)
    assert f'value="{WHY}"' in refused, "what was typed stays"
    two = ("--by", "btc", "--second", "phobtc", "--papers-reason", "máy chụp hỏng")
    command, env = ("results", "delegations-sign", "--number", "9", *two), dict.fromkeys(PASSWORDS, PASSWORD)
    assert "số 1" in run(app, *command, env=env, ok=False)
    run(app, *command, "--petitions-reason", WHY, env=env)
    with app.app_context(), reading():
        assert db.session.scalars(select(WholeMinutes.petitions_reason)).one() == WHY


def test_its_amendment_says_on_what_it_stands_to_mc_and_public(app: Flask, panel: Panel) -> None:
    secretary, organiser, mc, guest = *people(app, panel, "secretary", "organiser", "mc"), Desk(app, None)
    with app.app_context():
        lock_all(panel)
        bring(panel, *EVERY)
        sign(panel)
        petition_id = lodged(panel, "whole")
        with transaction():
            answering.answer(petition_id, PetitionDeed.ACCEPTED, "Đúng, thiếu điểm cộng.", panel.users["organiser"])
    given = {"delegation": "doan-2", "way": "add", "points": "30", "reason": "Giải phong trào", "document": "12/QĐ"}
    organiser.post(f"{WHOLE}/points", **given, day="1/6/2024", step="confirm", seen="0")
    form = {**SIGNED_ON, **lock_form(), "ground": "petition-1", "step": "store", "seen": "1"}
    organiser.post(WHOLE + "/amend-standings", **form)
    said = "kiến nghị số 1"
    for desk, path in ((mc, "/panel"), (guest, "/results"), (secretary, WHOLE)):
        assert said in desk.get(path).casefold(), path
    assert "được chấp nhận, đã làm" in organiser.get("/petitions")
    with app.app_context(), transaction():
        db.session.execute(update(Contest).values(state=ContestState.RELEASED))
    assert said not in guest.get("/results").casefold(), "nothing of the whole is public before the last contest"
