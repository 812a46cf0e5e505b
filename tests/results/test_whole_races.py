"""Do two who decide or sign at once make one decision?"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from festival.contests.models import ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.papers.models import WholeMinutes
from festival.results.decide import TieOrder
from festival.results.decisions import decisions_of_whole
from festival.results.ladder.sign import Signed
from festival.results.models import Award, DecisionKind, PanelDecision
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import Panel
from tests.results.whole_cast import (
    NAMES,
    bring,
    lock_all,
    stored_awards,
    stored_decisions,
    whole_cast,
)
from tests.results.whole_kit import ONE_FIRST, STREAM, decide, sign

Decide = Callable[[Panel, TieOrder, threading.Barrier], None]


def honest(panel: Panel, saying: TieOrder, together: threading.Barrier) -> None:
    with reading():
        seen = decisions_of_whole(panel.festival_id).last_id
    together.wait(PATIENCE_S)
    decide(panel, saying, seen=seen)


def naive(panel: Panel, saying: TieOrder, together: threading.Barrier) -> None:
    """Looks first, then writes: what must never be built."""
    with reading():
        seen = decisions_of_whole(panel.festival_id).last_id
        free = seen == decisions_of_whole(panel.festival_id).last_id
    together.wait(PATIENCE_S)
    if not free:
        raise Conflict()
    with transaction():
        db.session.add(
            PanelDecision(
                festival_id=panel.festival_id,
                kind=DecisionKind.TIE,
                content={"order": saying.order},
                reason="x",
                names=NAMES,
                decided_at=now(),
            )
        )


def both_at_once(app: Flask, panel: Panel, act: Decide) -> list[str]:
    """Two secretaries decide the two possible orders at the same moment; what each of them got."""
    together = threading.Barrier(2)
    got: list[str] = []

    def one(saying: TieOrder) -> None:
        with app.app_context():
            try:
                act(panel, saying, together)
            except Conflict:
                got.append("conflict")
            else:
                got.append("stored")

    orders = (ONE_FIRST, TieOrder([["doan-0"], ["doan-1"]]))
    threads = [threading.Thread(target=one, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    return sorted(got)


@pytest.mark.parametrize("round_", range(3))
def test_of_two_who_decide_at_once_exactly_one_is_stored(app: Flask, round_: int) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        assert both_at_once(app, panel, honest) == ["conflict", "stored"]
        assert len(stored_decisions()) == 1
        assert ledger.head(STREAM).size == 1
        db.session.rollback()


def test_the_harness_catches_a_naive_decision(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        assert both_at_once(app, panel, naive) == ["stored", "stored"]
        assert len(stored_decisions()) == 2


def test_of_two_who_sign_at_once_exactly_one_gives_the_prizes(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        decide(panel, ONE_FIRST)
        together = threading.Barrier(2)
        got: list[object] = []

        def one(number: str) -> None:
            with app.app_context():
                together.wait(PATIENCE_S)
                try:
                    got.append(sign(panel, number))
                except Conflict:
                    got.append("conflict")

        threads = [threading.Thread(target=one, args=(number,)) for number in ("1", "2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        assert sorted(map(str, got)) == [str(Signed(3)), "conflict"]
        assert len(stored_awards()) == 3
        assert len(db.session.scalars(select(WholeMinutes.number)).all()) == 1
        db.session.rollback()


def test_the_database_itself_refuses_a_second_prize_of_the_whole(app: Flask) -> None:
    with app.app_context():
        panel = whole_cast()
        award = {"festival_id": panel.festival_id, "delegation_id": 1, "position": 1}
        with transaction():
            db.session.add(Award(prize="Nhất", **award))
        with pytest.raises(IntegrityError), transaction():
            db.session.add(Award(prize="Nhì", **award))
        about = {"kind": DecisionKind.TIE, "content": {}, "reason": "x", "names": NAMES, "decided_at": now()}
        for subject in ({}, {"festival_id": panel.festival_id, "contest_id": panel.contest_id}):
            with pytest.raises(IntegrityError), transaction():
                db.session.add(PanelDecision(**about, **subject))
