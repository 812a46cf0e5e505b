"""Are names nobody proofed listed before they are read, and is one recorded reason enough, and no more than once?"""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.ledger import LedgerEntry, LedgerPayload
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import NotFound
from festival.proofing import queries, sheets
from festival.proofing.models import NameConfirmation
from festival.results.ladder import people as ladder_people
from festival.results.models import StateChange
from festival.roster.models import Delegation, Entry
from tests.harness.scanned import scanned
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_commands import BY, BY_PASSWORDS, SECOND, run
from tests.results.test_pages_of_the_panel import TAI_NANG, TWO, people
from tests.results.test_people_of_a_step import decided, state

pytestmark = pytest.mark.either_database

REASON = "trưởng đoàn đã về, đối chiếu với căn cước"
BARE = {name: value for name, value in TWO.items() if name != "names_reason"}


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast()
        full_panel(made)
    decided(app, made)
    return made


def proof(app: Flask, names: tuple[str, ...] = ()) -> None:
    """The sheets of all delegations (or those of these names) printed and signed."""
    with app.app_context():
        with reading():
            listed = [each.id for each in db.session.scalars(select(Delegation)) if not names or each.name in names]
        for delegation_id in listed:
            with reading():
                sheet = sheets.draw_sheet(db.session.get_one(Delegation, delegation_id))
            with transaction():
                kept = sheets.print_sheet(delegation_id, sheet, None)
                sheets.sign_sheet(delegation_id, kept.id, "Danh Trưởng", None)


def confirmations(app: Flask) -> list[tuple[str, int]]:
    with app.app_context(), reading():
        rows = db.session.scalars(select(NameConfirmation).order_by(NameConfirmation.id))
        return [(row.reason, len(row.names)) for row in rows]


def test_a_release_takes_one_reason_which_is_recorded_with_the_names(app: Flask, panel: Panel) -> None:
    organiser, mc = people(app, panel, "organiser", "mc")
    page = organiser.get(TAI_NANG)
    assert "tên chưa được trưởng đoàn dò" in page and "Gia đình ông Danh Chung 0" in page.split('id="release"')[0]
    refused = organiser.post(TAI_NANG + "/release", 422, **BARE)
    assert "Có tên chưa dò" in refused and 'value="phobtc"' in refused
    assert state(app, panel) is ContestState.DECIDED and confirmations(app) == []
    organiser.post(TAI_NANG + "/release", **BARE, names_reason=f"  {REASON} ")
    assert state(app, panel) is ContestState.RELEASED
    ((reason, number),) = confirmations(app)
    assert reason == REASON and number > 2
    with app.app_context():
        with reading():
            line = db.session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "names.confirmed")).one()
            kept = db.session.scalars(
                select(LedgerPayload.content).where(LedgerPayload.stream == line.stream, LedgerPayload.seq == line.seq)
            ).one()
            said = json.loads(kept or "")
            assert (said["by"], said["reason"], len(said["names"])) == (panel.users["organiser"], REASON, number)
            assert "Gia đình ông Danh Chung 0" in said["texts"] and line.subject["contest"] == "tai-nang"
        assert of_names() == []
        with transaction():
            db.session.execute(update(NameConfirmation).values(reason="khác"))
        assert of_names() == [("name_confirmation", "reason")]
    # this edition has no sheets at all: the MC is told of nothing
    assert "chưa được trưởng đoàn dò" not in mc.get(TAI_NANG + "/mc")


def of_names() -> list[tuple[str, str]]:
    with seals.snapshot():
        return [(each.table, each.column) for name, each in seals.inspect().named() if name == "proofing"]


def test_the_reason_given_with_the_decision_is_asked_no_second_time(app: Flask, panel: Panel) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.id == panel.contest_id).values(state=ContestState.SIGNED))
        db.session.delete(
            db.session.scalars(select(StateChange).where(StateChange.state == ContestState.DECIDED)).one()
        )
    (organiser,) = people(app, panel, "organiser")
    assert 'name="names_reason"' in organiser.get(TAI_NANG)
    organiser.post(TAI_NANG + "/decide", number="105/QĐ-BTC", names_reason=REASON)
    assert [reason for reason, _number in confirmations(app)] == [REASON]
    assert 'name="names_reason"' not in organiser.get(TAI_NANG)
    organiser.post(TAI_NANG + "/release", **BARE)
    assert state(app, panel) is ContestState.RELEASED and len(confirmations(app)) == 1


def test_proofed_names_are_asked_for_nothing_and_a_change_asks_again(app: Flask, panel: Panel) -> None:
    organiser, mc, chair = people(app, panel, "organiser", "mc", "chair")
    proof(app)
    with app.app_context(), reading():
        assert queries.unproofed(panel.festival_id) == [] == queries.unproofed(panel.festival_id, panel.contest_id)
    assert "chưa được trưởng đoàn dò" not in organiser.get(TAI_NANG)
    organiser.post(TAI_NANG + "/release", **BARE)
    assert confirmations(app) == [] and "chưa được trưởng đoàn dò" not in mc.get(TAI_NANG + "/mc")
    with app.app_context(), transaction():
        db.session.execute(update(Entry).where(Entry.id == panel.entry_ids[0]).values(title="Điệu múa mới"))
    with app.app_context(), reading():
        assert [each.text for each in queries.unproofed(panel.festival_id, panel.contest_id)] == ["Điệu múa mới"]
        assert {each.text for each in queries.unproofed(panel.festival_id)} == {"Điệu múa mới"}
    read = mc.get(TAI_NANG + "/mc")
    assert "1 tên chưa được trưởng đoàn dò" in read and 'name="names_reason"' not in read, (
        "the MC reads, others confirm"
    )
    chair.post(TAI_NANG + "/names", 403, names_reason=REASON)
    mc.post(TAI_NANG + "/names", 403, names_reason=REASON)
    assert "Ghi lý do" in organiser.post(TAI_NANG + "/names", 400, names_reason="  ")
    organiser.post(TAI_NANG + "/names", names_reason=REASON)
    assert confirmations(app) == [(REASON, 1)] and "chưa được trưởng đoàn dò" not in mc.get(TAI_NANG + "/mc")
    with app.app_context(), transaction():
        db.session.execute(update(Entry).where(Entry.id == panel.entry_ids[0]).values(title="Điệu múa khác nữa"))
    assert "1 tên chưa được trưởng đoàn dò" in mc.get(TAI_NANG + "/mc"), "confirmed was another spelling"


def test_a_command_names_them_and_an_override_stands_for_its_reason(app: Flask, panel: Panel) -> None:
    run(app, "results", "release", "tai-nang", *BY, *SECOND, env=BY_PASSWORDS, ok=False)
    assert state(app, panel) is ContestState.DECIDED
    with app.app_context():
        scanned([panel.contest_id])
    with app.app_context(), transaction():
        outcome = ladder_people.release(panel.contest_id, panel.users["organiser"], panel.users["deputy"])
        assert isinstance(outcome, ladder_people.NamesAsked) and "Danh Chung" in outcome.names[0].text
        with pytest.raises(NotFound):
            ladder_people.release(99, panel.users["organiser"], panel.users["deputy"])
    run(app, "results", "release", "tai-nang", "--override", "mất điện, chỉ còn một người")
    assert [reason for reason, _number in confirmations(app)] == ["mất điện, chỉ còn một người"]
