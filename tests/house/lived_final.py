"""A final of the talents: put into the rules, taken, brought up to date after an amendment, given back, taken again, announced."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.office.festival_import import import_festival, read_file
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.storing import amend_standings
from festival.results.cut.announcing import announce, withdraw_announcement
from festival.results.cut.taking import renew, take, take_back

FINAL: dict[str, Any] = {
    "code": "chung-ket", "name": "Chung kết tài năng", "kind": "rubric", "secrecy": "kín", "duration_min": 10, "judges": 3,
    "criteria": [{"code": "x", "name": "X", "max": 100, "step": 1}], "scoring": {"rule": "mean"},
    "after": {"contest": "tai-nang", "take": 3, "weight": 30},
    "place_points": [0],
}  # fmt: skip
_ROUND = Contest.code == "tai-nang"


def taken(festival_id: int, staff: int) -> None:
    """The round before is signed; the final gets its first entries, which are given back and taken again."""
    with transaction():
        document: dict[str, Any] = json.loads(json.dumps(db.session.get_one(Festival, festival_id).ruleset))
        document["contests"].append(FINAL)
        import_festival(read_file(json.dumps(document).encode()))
    for reason in ("lấy nhầm", ""):
        with transaction():
            assert take(_final(festival_id), staff) == 3
        if reason:
            with transaction():
                take_back(_final(festival_id), reason, staff)


def moved(festival_id: int, staff: int) -> None:
    """An amendment changes places in the round before; then it is announced, taken back and announced again."""
    with transaction():
        before = db.session.scalars(select(Contest).where(Contest.festival_id == festival_id, _ROUND)).one()
        seats = dict(db.session.execute(select(Judge.seat, Judge.user_id).where(Judge.contest_id == before.id)).all())
        two = seats[PanelSeat.CHAIR], seats[PanelSeat.SECRETARY]
        outcome = amend_standings(before.id, Corrections(), "26/ĐC", "xếp như khi ký", *two)
        assert isinstance(outcome, Amended), outcome
    with transaction():
        assert renew(_final(festival_id), staff).moved
    for reason in ("chưa đến giờ", ""):
        with transaction():
            announce(_final(festival_id), staff)
        if reason:
            with transaction():
                withdraw_announcement(_final(festival_id), reason, staff)


def _final(festival_id: int) -> int:
    own = Contest.festival_id == festival_id, Contest.code == "chung-ket"
    return db.session.scalars(select(Contest.id).where(*own)).one()
