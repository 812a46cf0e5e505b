"""What does an edition lack on the way to its days? Counts that ride in one statement with those of the families.

Who is counted here is who `lacking` names: the first page gives the number, that page the names.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select

from festival.accounts.models import User
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, ResultKind
from festival.logistics.models import Meal, MealPortions
from festival.papers.models import PaperKind, PaperState, SignedPaper
from festival.roster.models import Delegation, DelegationOfficer, Entry, EntryState, Family, FamilyState
from festival.schedule.models import Draw, Session, Stage


@dataclass(frozen=True, slots=True)
class Lacks:
    """Delegations without an officer, without a signed sheet of names, without the numbers of a meal; contests without their
    panel or their draw; stages, sessions and meals that are there.
    """

    without_officer: int = 0
    panels_short: int = 0
    undrawn: int = 0
    stages: int = 0
    sessions: int = 0
    meals: int = 0
    meals_unsaid: int = 0
    unproofed: int = 0


def lacks_of(own: int) -> dict[str, ScalarSelect[int]]:
    """Each as a column for a statement that is sent anyway."""
    marking = select(func.count(Judge.id)).where(Judge.contest_id == Contest.id, Judge.marks)
    chaired = select(Judge.id).where(Judge.contest_id == Contest.id, Judge.seat == PanelSeat.CHAIR)
    written = select(Judge.id).where(Judge.contest_id == Contest.id, Judge.seat == PanelSeat.SECRETARY)
    entered = select(Entry.id).where(Entry.contest_id == Contest.id, Entry.state == EntryState.ENROLLED)
    drawn = select(Draw.id).where(Draw.contest_id == Contest.id, Draw.voided_at.is_(None))
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
    undrawn = contests.where(
        Contest.result_kind != ResultKind.SUM, entered.correlate(Contest).exists(), ~drawn.correlate(Contest).exists()
    )
    stages = select(func.count(Stage.id)).where(Stage.festival_id == own)
    sessions = select(func.count(Session.id)).join(Stage, Stage.id == Session.stage_id).where(Stage.festival_id == own)
    asked = {
        "without_officer": without,
        "panels_short": contests.where(Contest.state == ContestState.OPEN, short),
        "undrawn": undrawn,
        "stages": stages,
        "sessions": sessions,
        "meals": select(func.count(Meal.id)).where(*_cooked(own)),
        "meals_unsaid": _meals_unsaid(own),
        "unproofed": _unproofed(own),
    }
    return {name: one.correlate(None).scalar_subquery() for name, one in asked.items()}


def _cooked(own: int) -> tuple[ColumnElement[bool], ...]:
    return Meal.festival_id == own, Meal.removed_at.is_(None)


def _coming(own: int) -> Select[int]:
    """Delegations of whom some family takes part: who brings nobody eats nothing and is not called."""
    takes_part = select(Family.id).where(Family.delegation_id == Delegation.id, Family.state == FamilyState.APPROVED)
    return select(func.count(Delegation.id)).where(
        Delegation.festival_id == own, takes_part.correlate(Delegation).exists()
    )


def _meals_unsaid(own: int) -> Select[int]:
    said = select(MealPortions.meal_id).where(
        MealPortions.meal_id == Meal.id, MealPortions.delegation_id == Delegation.id
    )
    unsaid = select(Meal.id).where(*_cooked(own), ~said.correlate(Meal, Delegation).exists())
    return _coming(own).where(unsaid.correlate(Delegation).exists())


def _unproofed(own: int) -> Select[int]:
    signed = select(SignedPaper.id).where(
        SignedPaper.delegation_id == Delegation.id,
        SignedPaper.kind == PaperKind.NAMES,
        SignedPaper.state == PaperState.SIGNED,
    )
    return _coming(own).where(~signed.correlate(Delegation).exists())
