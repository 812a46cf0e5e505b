"""What does an edition lack on the way to its days? Counts that ride in one statement with those of the families.

Who is counted here is who `lacking` names: the first page gives the number, that page the names.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, and_, case, func, or_, select

from festival.accounts.models import User
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, ResultKind
from festival.roster.models import Delegation, DelegationOfficer, Entry, EntryState
from festival.schedule.models import Draw, Session, Stage


@dataclass(frozen=True, slots=True)
class Lacks:
    """Delegations without an officer, contests without their panel or their draw; stages and sessions that are there."""

    without_officer: int = 0
    panels_short: int = 0
    undrawn: int = 0
    stages: int = 0
    sessions: int = 0


def lacks_of(own: int) -> dict[str, ScalarSelect[int]]:
    """Each as a column for a statement that is sent anyway."""
    marking = select(func.count(Judge.id)).where(Judge.contest_id == Contest.id, Judge.marks)
    chaired = select(Judge.id).where(Judge.contest_id == Contest.id, Judge.seat == PanelSeat.CHAIR)
    written = select(Judge.id).where(Judge.contest_id == Contest.id, Judge.seat == PanelSeat.SECRETARY)
    entered = select(Entry.id).where(Entry.contest_id == Contest.id, Entry.state == EntryState.ENROLLED)
    drawn = select(Draw.id).where(Draw.contest_id == Contest.id)
    given = (
        select(User.id)
        .join(DelegationOfficer, DelegationOfficer.user_id == User.id)
        .where(DelegationOfficer.delegation_id == Delegation.id, User.active)
    )
    contests = select(func.count(Contest.id)).where(Contest.festival_id == own)
    size = case((Contest.panel_size > 1, Contest.panel_size), else_=1)
    short = or_(
        ~written.correlate(Contest).exists(),
        and_(
            Contest.result_kind == ResultKind.RUBRIC,
            or_(~chaired.correlate(Contest).exists(), marking.correlate(Contest).scalar_subquery() < size),
        ),
    )
    without = select(func.count(Delegation.id)).where(
        Delegation.festival_id == own, ~given.correlate(Delegation).exists()
    )
    undrawn = contests.where(entered.correlate(Contest).exists(), ~drawn.correlate(Contest).exists())
    stages = select(func.count(Stage.id)).where(Stage.festival_id == own)
    sessions = select(func.count(Session.id)).join(Stage, Stage.id == Session.stage_id).where(Stage.festival_id == own)
    asked = {
        "without_officer": without,
        "panels_short": contests.where(Contest.state == ContestState.OPEN, short),
        "undrawn": undrawn,
        "stages": stages,
        "sessions": sessions,
    }
    return {name: one.correlate(None).scalar_subquery() for name, one in asked.items()}
