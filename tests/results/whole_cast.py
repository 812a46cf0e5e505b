"""A festival whose first two delegations are equal after the whole ladder: 15 + 14 and 14 + 15 points, the third 26."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.results.ladder import lock, sign
from festival.results.ladder.lock import Locked
from festival.results.models import Award, PanelDecision
from tests.judging.panel_cast import Panel, cast, full_panel
from tests.results.test_commands import RULESET

NAMES = ["Nguyễn Thị Chủ", "Phạm Tổ Chức"]
DELEGATIONS = ["Đoàn huyện Số 0", "Đoàn huyện Số 1", "Đoàn huyện Số 2"]
PRIZES = [{"name": "Nhất", "count": 1}, {"name": "Nhì", "count": 1}, {"name": "Khuyến khích", "count": "rest"}]


def whole_cast(balls: tuple[int, int, int] = (7, 9, 5)) -> Panel:
    """Judged and counted, nothing locked."""
    panel = cast()
    full_panel(panel)
    rules = json.loads(RULESET.read_text(encoding="utf-8"))
    rules["whole_delegation"] = {"sum": "place_points", "ties": [{"by": "jury"}], "prizes": PRIZES}
    with transaction():
        for entry, count in zip(panel.sport_entries, balls, strict=True):
            note_measure(panel.sport_id, entry, 1, MeasureState.VALID, count, 0, None)
        db.session.get_one(Festival, panel.festival_id).ruleset = rules
    return panel


def lock_all(panel: Panel) -> None:
    with transaction():
        assert isinstance(lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"]), Locked)
        assert isinstance(lock.lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"]), Locked)


def bring(panel: Panel, *states: ContestState) -> None:
    """Both locked contests one by one through the steps named."""
    for state in states:
        for contest_id in (panel.contest_id, panel.sport_id):
            with transaction():
                if state is ContestState.SIGNED:
                    sign.sign(contest_id, "1", None)
                elif state is ContestState.DECIDED:
                    sign.record_award_decision(contest_id, "2", None)
                elif state is ContestState.RELEASED:
                    sign.release(contest_id, None)
                else:
                    sign.publish(contest_id, None)


def stored_decisions() -> list[dict[str, Any]]:
    """What is stored of the delegations' decisions, oldest first."""
    kept = select(PanelDecision.content).where(PanelDecision.festival_id.is_not(None)).order_by(PanelDecision.id)
    found = list(db.session.scalars(kept))
    db.session.rollback()
    return found


def stored_awards() -> list[tuple[str, int, int | None]]:
    """Prize, position and delegation of every stored award of the whole."""
    kept = select(Award.prize, Award.position, Award.delegation_id).where(Award.contest_id.is_(None))
    found = [(row.prize, row.position, row.delegation_id) for row in db.session.execute(kept.order_by(Award.id))]
    db.session.rollback()
    return found
