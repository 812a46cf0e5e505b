"""Which names of a contest's prizes has nobody proofed, though the MC would read and certificates would print them?

They are no obstacle: whoever takes the step confirms them once, with a reason (`proofing.confirming`). Asked are the names
as they would be said: of an award as it was signed, of an act and a delegation as they are now.
"""

from __future__ import annotations

from sqlalchemy import func, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.proofing import confirming
from festival.proofing.queries import SaidEntry, UnproofedName, not_confirmed, unproofed_said
from festival.results.models import Award
from festival.roster.models import Delegation, Entry


def names_said(contest_id: int) -> list[SaidEntry]:
    """Everybody who receives something, once a name."""
    rows = db.session.execute(
        select(
            Entry.id,
            func.coalesce(Award.name, Entry.name),
            Entry.title,
            func.coalesce(Award.delegation, Delegation.name),
        )
        .join(Entry, Entry.id == Award.entry_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(Award.contest_id == contest_id)
        .order_by(Award.special, Award.position, Award.id)
    )
    return [SaidEntry(*row) for row in rows]


def names_to_confirm(contest_id: int) -> list[UnproofedName]:
    """Neither proofed nor confirmed as they are spelt now."""
    return not_confirmed(contest_id, unproofed_said(names_said(contest_id)))


def confirm(contest: Contest, reason: str, by: int | None) -> int:
    """One confirmation for all of them; answers how many there were."""
    names = names_to_confirm(contest.id)
    confirming.confirm_names(contest.festival, contest, names, reason, by)
    return len(names)
