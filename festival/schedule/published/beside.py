"""Who stands on the stage with an act, in the same heat: as the version that holds has it, else the draft?"""

from __future__ import annotations

from sqlalchemy import select

from festival.core.database import db
from festival.roster.models import Entry, EntryState
from festival.schedule.heats.reading import lanes_in
from festival.schedule.models import Act
from festival.schedule.published.standing import standing


def beside(act: Act) -> list[Act]:
    """The others of its heat that take part, as they are now; nobody where its contest runs one by one."""
    contest = act.session.contest
    plan = standing(contest.festival_id)
    own = plan.places.get(act.entry.code) if plan is not None else None
    wanted = select(Act).join(Act.entry).where(Entry.state == EntryState.ENROLLED, Act.id != act.id)
    if own is not None and plan is not None:
        if own.at is None:
            return []
        place = own.session, own.starts_at, own.at.heat
        codes = [
            code
            for code, each in plan.places.items()
            if each.at and (each.session, each.starts_at, each.at.heat) == place
        ]
        wanted = wanted.where(Entry.contest_id == contest.id, Entry.code.in_(codes))
    else:
        lanes = lanes_in([contest])
        if act.entry_id not in lanes:
            return []
        heat = [entry_id for entry_id, at in lanes.items() if at.heat == lanes[act.entry_id].heat]
        wanted = wanted.where(Act.entry_id.in_(heat), Act.session_id == act.session_id, Act.starts_at == act.starts_at)
    return list(db.session.scalars(wanted.order_by(Act.id).execution_options(populate_existing=True)))
