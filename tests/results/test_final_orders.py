"""A knock-out takes who is first, second, …, read back; never a bare number. By page and by command."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from sqlalchemy import select

from festival.contests.models import Contest, ContestState, ResultKind
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.errors import Conflict
from festival.judging.matches.ordering import OrderRefused, OrderTaken, drop_order, note_order
from festival.judging.measuring import MeasureRefused, note_measure
from festival.judging.models import FinalOrder, Measure, MeasureState
from festival.results.current import current_table, tally_for_result
from festival.results.ladder.lock import Locked, NotReady, lock
from festival.results.ladder.steps import store_standings
from festival.results.published import published_results
from tests.judging.panel_cast import Panel, cast
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import people

pytestmark = pytest.mark.either_database

CODES = ["S000", "S001", "S002", "S003"]


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast(entries=4)
        with transaction():
            contest = db.session.get_one(Contest, made.sport_id)
            contest.result_kind, contest.best_possible, contest.unit_label = ResultKind.MATCH, None, ""
            contest.shared_from = 3
        return made


def note(panel: Panel, order: list[list[str]], base: int = 0) -> OrderTaken | OrderRefused:
    with transaction():
        return note_order(panel.sport_id, order, base, panel.users["secretary"])


def public(panel: Panel) -> list[tuple[int | None, str, str | None]]:
    found = next(each for each in published_results(panel.festival_id) if each.code == "bong-ro")
    told = [(line.place, line.name[-1], str(line.corrected.before) if line.corrected else None) for line in found.lines]
    db.session.rollback()
    return told


def test_a_number_is_refused_and_an_order_ranks_and_is_corrected(app: Flask, panel: Panel) -> None:
    with app.app_context():
        with transaction():
            refused = note_measure(panel.sport_id, panel.sport_entries[0], 1, MeasureState.VALID, 4, 0, None)
        assert isinstance(refused, MeasureRefused) and "không nhận số" in refused.said
        assert public(panel) == []
        assert isinstance(note(panel, [["S000"], ["S001", "S002"], ["S003"]]), OrderRefused)
        assert isinstance(note(panel, [["S000"], ["S001"], ["S002"]]), OrderRefused)
        assert note(panel, [["S001"], ["S000"], ["S002", "S003"]]) == OrderTaken(1)
        assert public(panel) == [(1, "1", None), (2, "0", None), (3, "2", None), (3, "3", None)]
        with pytest.raises(Conflict):
            note(panel, [["S000"], ["S001"], ["S002", "S003"]])
        assert note(panel, [["S001"], ["S000"], ["S002", "S003"]], 1) == OrderTaken(1)
        assert note(panel, [["S000"], ["S001"], ["S002", "S003"]], 1) == OrderTaken(2)
        assert public(panel) == [
            (1, "0", "trước: hạng 2"),
            (2, "1", "trước: hạng 1"),
            (3, "2", None),
            (3, "3", None),
        ]
        with transaction():
            table = current_table(tally_for_result(db.session.get_one(Contest, panel.sport_id)))
            assert [str(each.reasons[0]) for each in table.standings[2:]] == ["Đồng hạng theo thứ hạng chung cuộc."] * 2
            assert table.ties == ()
        stored = ledger.head("judging:bong-ro")
        assert (stored.size, ledger.verify("judging:bong-ro")) == (2, [])


def test_who_is_out_needs_no_place_and_an_order_is_taken_back(app: Flask, panel: Panel) -> None:
    with app.app_context():
        with transaction():
            note_measure(panel.sport_id, panel.sport_entries[1], 1, MeasureState.DISQUALIFIED, None, 0, None)
        assert note(panel, [["S000"], ["S002"], ["S003"]]) == OrderTaken(1)
        with transaction():
            drop_order(panel.sport_id, 1, None)
        assert note(panel, [["S003"], ["S002"], ["S000"]], 2) == OrderTaken(3)
        assert [each[:2] for each in public(panel)] == [(1, "3"), (2, "2"), (3, "0"), (None, "1")]
        with transaction():
            assert isinstance(lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"]), Locked)
        with pytest.raises(Conflict, match="đã khóa điểm"):
            note(panel, [["S000"], ["S002"], ["S003"]], 3)


def test_a_match_without_its_order_is_not_ready(app: Flask, panel: Panel) -> None:
    with app.app_context(), transaction():
        outcome = lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"])
        assert isinstance(outcome, NotReady)
        assert {each.what for each in outcome.problems} == {"unmeasured"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [(ContestState.OPEN, []), (ContestState.PUBLISHED, [(1, "3"), (2, "2"), (3, "1"), (4, "0")])],
)
def test_bare_numbers_of_an_early_release_count_only_where_they_were_locked(
    app: Flask, panel: Panel, state: ContestState, expected: list[tuple[int, str]]
) -> None:
    with app.app_context():
        with transaction():
            for value, entry in enumerate(panel.sport_entries, start=1):
                db.session.add(Measure(entry_id=entry, value=value, updated_at=now()))
        if state is not ContestState.OPEN:
            with transaction():
                db.session.get_one(Contest, panel.sport_id).state = ContestState.LOCKED
            with transaction():
                contest = db.session.get_one(Contest, panel.sport_id)
                table = current_table(tally_for_result(contest))
                store_standings(contest, table)
                contest.state = state
        assert [each[:2] for each in public(panel)] == expected
        assert [row.value for row in db.session.scalars(select(Measure).order_by(Measure.id))] == [1, 2, 3, 4]
        db.session.rollback()


def test_the_secretary_hears_the_order_read_back_before_it_is_kept(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    page = "/panel/bong-ro/order"
    assert 'name="value"' not in secretary.get("/panel/bong-ro/measures")
    assert "không nhận số" in secretary.post(
        "/panel/bong-ro/measures", 422, entry="S000", state="valid", value="4", version="0"
    )
    typed = {"place-S000": "1", "place-S001": "2", "place-S002": "3", "place-S003": "3", "version": "0"}
    wrong = secretary.post(page, 422, **typed | {"place-S003": "5"})
    assert "hạng tiếp theo là 4, không phải 5" in wrong and 'value="5"' in wrong
    asked = secretary.post(page, 200, **typed)
    assert "mọi người thấy thứ hạng này" in asked
    assert re.findall(r"<b>(\d)</b>", asked) == ["1", "2", "3", "3"]
    with app.app_context():
        assert db.session.scalar(select(FinalOrder.version)) is None
        db.session.rollback()
    assert 'value="3"' in secretary.post(page, 200, **typed | {"step": "back"})
    secretary.post(page, 303, **typed | {"step": "confirm"})
    secretary.post(page, 409, **typed | {"step": "confirm", "place-S000": "2", "place-S001": "1"})
    with app.app_context():
        assert [each[:2] for each in public(panel)] == [(1, "0"), (2, "1"), (3, "2"), (3, "3")]


def test_a_command_reads_the_order_back_too(app: Flask, panel: Panel) -> None:
    words = ("judging", "order", "bong-ro", "S002", "S001", "S000=S003")
    run(app, "judging", "measure", "bong-ro", "S000", "3", ok=False)
    asked = run(app, *words, ok=False)
    assert [line[:3] for line in asked.splitlines()[:4]] == ["1. ", "2. ", "3. ", "3. "]
    run(app, "judging", "order", "bong-ro", "S002=S001", "S000", "S003", "--yes", ok=False)
    run(app, *words, "--yes")
    (told,) = json.loads(run(app, "results", "public"))
    assert [(line["place"], line["name"][-1]) for line in told["lines"]] == [(1, "2"), (2, "1"), (3, "0"), (3, "3")]
