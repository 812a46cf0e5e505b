"""Who came to a heat when it had its place already: how do they come to stand with it?"""

from __future__ import annotations

from sqlalchemy import select

from festival.core import ledger
from festival.core.database import db
from festival.editions.models import Festival
from festival.schedule.history.keeping import shut
from festival.schedule.later.models import BEGUN
from festival.schedule.models import Act
from festival.schedule.queries import Material, material


def join_heats(festival: Festival, by: int | None) -> int:
    """They get the time of their heat, unless it has begun or nothing may come into its session; answers how many."""
    given = material(festival.id)
    new = _lacking(festival.id, given) if given.lanes else []
    if not new:
        return 0
    touched = {act.session_id for act in new}
    stand = list(db.session.scalars(select(Act).where(Act.session_id.in_(touched)).order_by(Act.position)))
    for act in stand:
        act.position = -act.id  # unique at every moment: out of the way first
    db.session.flush()
    turn: dict[int, int] = {}
    lanes = {entry_id: at.lane for entry_id, at in given.lanes.items()}
    for act in sorted([*stand, *new], key=lambda each: (each.starts_at, lanes.get(each.entry_id, 0))):
        turn[act.session_id] = act.position = turn.get(act.session_id, 0) + 1
        act.turn = None
    db.session.add_all(new)
    db.session.flush()
    places = [[act.entry_id, act.session_id, act.position] for act in (*stand, *new)]
    db.session.expire_all()
    ledger.append(
        f"decisions:{festival.code}", "acts_placed", {"acts": len(new), "by": by}, {"places": places, "out": []}
    )
    return len(new)


def _lacking(festival_id: int, given: Material) -> list[Act]:
    have = {act.entry_id: act for act in db.session.scalars(select(Act).where(Act.entry_id.in_(given.lanes)))}
    closed = shut(festival_id)
    found = []
    for several in given.entries_of.values():
        others = [have[each] for each in several if each in have and each in given.lanes]
        if not others or str(others[0].session_id) in closed or any(each.state in BEGUN for each in others):
            continue
        found += [
            Act(
                session_id=others[0].session_id,
                entry_id=each,
                starts_at=others[0].starts_at,
                duration_min=others[0].duration_min,
            )
            for each in several
            if each not in have
        ]
    return found
