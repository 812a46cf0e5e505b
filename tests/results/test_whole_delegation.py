"""Are delegations ranked, decided and signed as the rule says?"""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.editions.models import Festival
from festival.results import decide as results_decide
from festival.results.decide import TakenOut, TieOrder
from festival.results.decisions import decisions_of_whole
from festival.results.delegations import deciding
from festival.results.delegations.table import WholeTable, read_whole, whole_delegation
from festival.results.ladder import lock
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.settling.awarding import PrizesGiven
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState
from tests.judging.panel_cast import Panel
from tests.results.whole_cast import (
    DELEGATIONS,
    NAMES,
    PRIZES,
    bring,
    lock_all,
    stored_awards,
    stored_decisions,
    whole_cast,
)
from tests.results.whole_kit import ONE_FIRST, STREAM, decide, sign

pytestmark = pytest.mark.either_database


def table(panel: Panel) -> WholeTable:
    found = whole_delegation(db.session.get_one(Festival, panel.festival_id, populate_existing=True))
    assert found is not None
    return found


def places(panel: Panel) -> list[tuple[str, int, bool, str]]:
    lines = [(line.code, line.place, line.shared, line.prize) for line in table(panel).lines]
    db.session.rollback()
    return lines


def read(panel: Panel, state: ContestState) -> list[tuple[str, list[str]]]:
    lists = read_whole(panel.festival_id, state)
    db.session.rollback()
    return [(each.prize, [winner.name for winner in each.winners]) for each in lists]


def test_a_tie_between_delegations_goes_from_the_lock_to_the_public(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        with transaction():
            lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
        with pytest.raises(Conflict, match="Chưa khóa: Ném bóng vào rổ"):
            decide(panel, ONE_FIRST)
        with pytest.raises(Conflict, match="Chưa khóa: Ném bóng vào rổ"):
            sign(panel)
        with transaction():
            lock.lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"])
        assert places(panel) == [
            ("doan-0", 1, True, ""),
            ("doan-1", 1, True, ""),
            ("doan-2", 3, False, "Khuyến khích"),
        ]
        with pytest.raises(Conflict, match="Chưa ký: Gia đình tài năng, Ném bóng vào rổ"):
            sign(panel)
        bring(panel, ContestState.SIGNED)
        assert sign(panel) == StillOpen(1, 0)
        assert (stored_awards(), ledger.head(STREAM).size) == ([], 0)
        db.session.rollback()
        decide(panel, ONE_FIRST)
        decided = [("doan-1", 1, False, "Nhất"), ("doan-0", 2, False, "Nhì"), ("doan-2", 3, False, "Khuyến khích")]
        assert places(panel) == decided
        assert stored_awards() == []
        assert sign(panel) == Signed(3)
        assert stored_awards() == [("Nhất", 1, 2), ("Nhì", 2, 1), ("Khuyến khích", 3, 3)]
        assert sign(panel) == Signed(3)
        with pytest.raises(Conflict):
            sign(panel, "10/BB-BGK")
        with pytest.raises(Conflict):
            decide(panel, TieOrder([["doan-0"], ["doan-1"]]))
        assert len(stored_awards()) == 3
        for state in (ContestState.DECIDED, ContestState.RELEASED):
            assert read(panel, ContestState.RELEASED) == []
            bring(panel, state)
        prizes = [("Nhất", DELEGATIONS[1:2]), ("Nhì", DELEGATIONS[:1]), ("Khuyến khích", DELEGATIONS[2:])]
        assert read(panel, ContestState.RELEASED) == prizes
        assert read(panel, ContestState.PUBLISHED) == []
        bring(panel, ContestState.PUBLISHED)
        assert read(panel, ContestState.PUBLISHED) == prizes
        with transaction():  # a later withdrawal, a later rule
            db.session.execute(update(Family).values(state=FamilyState.WITHDRAWN))
            db.session.execute(update(Entry).values(state=EntryState.WITHDRAWN))
            db.session.get_one(Festival, panel.festival_id).ruleset = {}
        assert read(panel, ContestState.PUBLISHED) == prizes
        assert ledger.head(STREAM).size == 2
        assert ledger.verify(STREAM) == []


def test_what_is_withdrawn_or_renamed_later_does_not_change_signed_minutes(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        decide(panel, ONE_FIRST)
        sign(panel)
        before = places(panel)
        with transaction():
            db.session.execute(update(Family).values(state=FamilyState.WITHDRAWN))
            db.session.execute(update(Entry).values(state=EntryState.WITHDRAWN))
            first = db.session.scalars(select(Delegation).order_by(Delegation.id)).first()
            assert first is not None
            first.name = "Đoàn đổi tên"
        assert places(panel) == before
        assert table(panel).names["doan-0"] == DELEGATIONS[0]
        db.session.rollback()


def test_prizes_of_equal_delegations_are_given_and_decided_anew(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        both = PrizesGiven({"doan-0": "Nhất", "doan-1": "Nhất"})
        decide(panel, both)
        decide(panel, both)  # a double click
        assert len(stored_decisions()) == 1
        assert [line[3] for line in places(panel)] == ["Nhất", "Nhất", "Khuyến khích"]
        last = decisions_of_whole(panel.festival_id).last_id
        db.session.rollback()
        with pytest.raises(Conflict):
            decide(panel, PrizesGiven({"doan-0": None, "doan-1": "Nhất"}), seen=0)
        decide(panel, PrizesGiven({"doan-0": None, "doan-1": "Nhất"}), seen=last)
        assert [line[3] for line in places(panel)] == ["", "Nhất", "Khuyến khích"]
        assert decisions_of_whole(panel.festival_id).replaced == {last}
        db.session.rollback()
        bring(panel, ContestState.SIGNED)
        assert sign(panel) == Signed(2)
        assert stored_awards() == [("Nhất", 1, 2), ("Khuyến khích", 3, 3)]


def test_within_a_prize_the_order_of_the_names_tells_no_place(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast(balls=(5, 9, 7))
        with transaction():
            db.session.get_one(Contest, panel.sport_id).place_points = [60_000, 30_000]
            festival = db.session.get_one(Festival, panel.festival_id)
            rules = json.loads(json.dumps(festival.ruleset))
            rules["whole_delegation"]["prizes"] = [PRIZES[0], PRIZES[2]]
            festival.ruleset = rules
        lock_all(panel)
        assert [line[0] for line in places(panel)] == ["doan-1", "doan-2", "doan-0"]
        bring(panel, ContestState.SIGNED)
        sign(panel)
        bring(panel, ContestState.DECIDED, ContestState.RELEASED)
        assert read(panel, ContestState.RELEASED) == [
            ("Nhất", DELEGATIONS[1:2]),
            ("Khuyến khích", [DELEGATIONS[0], DELEGATIONS[2]]),
        ]


def test_what_is_not_asked_is_refused(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        for saying in (
            TieOrder([["doan-0"], ["doan-2"]]),
            TieOrder([["doan-0"]]),
            TieOrder([["doan-0"], ["doan-1"], ["doan-1"]]),
            TieOrder([]),
            TieOrder([["E000"], ["E001"]]),
            PrizesGiven({"doan-0": "Nhất"}),
            PrizesGiven({"doan-0": "Nhất", "doan-1": "Ba"}),
            PrizesGiven({}),
        ):
            with pytest.raises(BadInput):
                decide(panel, saying)
        with pytest.raises(BadInput):
            decide(panel, ONE_FIRST, "  ")
        with pytest.raises(BadInput), transaction():
            deciding.decide_whole(panel.festival_id, TakenOut("doan-0", "dsq"), "x", NAMES, None)  # type: ignore[arg-type]
        with pytest.raises(BadInput), transaction():
            deciding.decide_whole(panel.festival_id, ONE_FIRST, "x", [" "], None)
        with pytest.raises(BadInput):
            sign(panel, "  ")
        assert (stored_decisions(), stored_awards(), ledger.head(STREAM).size) == ([], [], 0)
        db.session.rollback()
        with transaction():
            db.session.get_one(Festival, panel.festival_id).ruleset = {}
        with pytest.raises(NotFound):
            decide(panel, ONE_FIRST)
        with pytest.raises(NotFound):
            sign(panel)


def test_a_decision_does_not_outlive_the_tie_it_was_about(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast(balls=(7, 9, 9))  # 15 + 13, 14 + 15, 13 + 15
        lock_all(panel)
        decide(panel, TieOrder([["doan-2"], ["doan-0"]]))
        assert [line[0] for line in places(panel)] == ["doan-1", "doan-2", "doan-0"]
        with transaction():
            results_decide.decide(panel.sport_id, TieOrder([["S001"], ["S002"]]), "ném lại", NAMES, None)
        assert places(panel) == [
            ("doan-1", 1, False, "Nhất"),
            ("doan-0", 2, False, "Nhì"),
            ("doan-2", 3, False, "Khuyến khích"),
        ]
        assert table(panel).stale == {decisions_of_whole(panel.festival_id).last_id}
        db.session.rollback()


def test_an_order_decided_after_prizes_takes_their_place(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        decide(panel, PrizesGiven({"doan-0": "Nhất", "doan-1": "Nhất"}))
        prizes = decisions_of_whole(panel.festival_id).last_id
        db.session.rollback()
        decide(panel, ONE_FIRST)
        assert [(line[0], line[3]) for line in places(panel)][:2] == [("doan-1", "Nhất"), ("doan-0", "Nhì")]
        assert table(panel).stale == {prizes}
        db.session.rollback()


def test_a_contest_without_points_for_places_holds_nothing_up(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        with transaction():
            db.session.get_one(Contest, panel.sport_id).place_points = []
            lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
        assert [contest.code for contest in table(panel).contests] == ["tai-nang"]
        assert not table(panel).provisional
        db.session.rollback()
        with transaction():  # but a first place in it counts when the ladder looks at first places
            festival = db.session.get_one(Festival, panel.festival_id)
            rules = json.loads(json.dumps(festival.ruleset))
            rules["whole_delegation"]["ties"] = [{"by": "first_places"}, {"by": "jury"}]
            festival.ruleset = rules
        assert [contest.code for contest in table(panel).contests] == ["tai-nang", "bong-ro"]
        assert table(panel).provisional
        db.session.rollback()
