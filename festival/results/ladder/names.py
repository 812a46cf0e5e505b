"""Which names of a contest's prizes has nobody proofed, though the MC would read and certificates would print them?

They are no obstacle: whoever takes the step confirms them once, with a reason (`proofing.confirming`). Asked are the names
as they would be said: of an award as it was signed, of an act and a delegation as they are now.
"""

from __future__ import annotations

from sqlalchemy import exists, func, select, true

from festival.contests.models import Contest
from festival.core.database import db
from festival.papers.models import PaperKind, SignedPaper
from festival.proofing import confirming
from festival.proofing.queries import SaidEntry, UnproofedName, not_vouched_for
from festival.results.models import Award
from festival.roster.models import Delegation, Entry, Family


def names_to_confirm(contest_id: int, *, once_begun: bool = False) -> list[UnproofedName]:
    """Neither proofed nor confirmed as they are spelt now, of everybody who receives something. Two statements.

    `once_begun`: an edition that ended before there were sheets of names is asked for none.
    """
    sheet = exists().where(SignedPaper.festival_id == Award.festival_id, SignedPaper.kind == PaperKind.NAMES)
    rows = db.session.execute(
        select(
            func.coalesce(Award.name, Entry.name),
            Entry.title,
            func.coalesce(Award.delegation, Delegation.name),
            Entry.code,
            Family.code,
            Delegation.id,
            Delegation.code,
        )
        .join(Entry, Entry.id == Award.entry_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(Family, Family.id == Entry.family_id)
        .where(Award.contest_id == contest_id, sheet if once_begun else true())
        .order_by(Award.special, Award.position, Award.id)
    )
    return not_vouched_for([SaidEntry(*row) for row in rows], contest_id)


def confirm(contest: Contest, reason: str, by: int | None) -> int:
    """One confirmation for all of them; answers how many there were."""
    names = names_to_confirm(contest.id)
    confirming.confirm_names(contest.festival, contest, names, reason, by)
    return len(names)
