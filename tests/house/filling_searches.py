"""What the page of a search is opened with: a plan that was found, and why an act has no place in it."""

from __future__ import annotations

from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule.filling.chosen import FillChoice, FillPart, FillState
from festival.schedule.filling.models import FillRun
from festival.schedule.models import Act


def found(festival: Festival, user_id: int | None, wish_id: int) -> int:
    """Asked again, the same."""
    known = db.session.scalar(select(FillRun.id).where(FillRun.festival_id == festival.id))
    if known is not None:
        return known
    code = db.session.scalars(select(Entry.code).join(Act, Act.entry_id == Entry.id).order_by(Entry.id).limit(1)).one()
    said = {
        "seconds": 9, "base": 840, "now": [960, False], "aside": [], "gap": 15, "plan": [], "cost": 930, "bound": 915, "proven": False,
        "unplaced": [code], "cut": True, "drawn": ["tai-nang"], "prices": {"tai-nang": {"minutes": 14, "exact": False, "kept": True}},
        "reasons": [{"kind": "set", "acts": [code], "holds": [{"wish": wish_id}, {"locked": code}, {"order": True}], "least": True}],
    }  # fmt: skip
    at = now()
    run = FillRun(
        festival_id=festival.id, state=FillState.FOUND, choice=FillChoice(FillPart.ALL).to_json(), limit_s=10, step=0, basis="",
        found=said, asked_at=at, asked_by=user_id, started_at=at, seen_at=at, ended_at=at,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    return run.id
