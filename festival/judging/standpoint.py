"""What is an account to a contest: its chair, its secretary, the organiser, nobody?

Loaders answer NotFound for what is not yours. The chair marks too, and sees the others' marks only after the lock.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, Judge, JurySeat
from festival.core.access import Actor, Permission
from festival.core.database import db
from festival.core.errors import NotFound
from festival.editions.queries import the_festival
from festival.judging.queries import contest_of


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What an account is to a contest: its seats, and whether it looks after all of them."""

    contest: Contest
    chair: bool
    secretary: bool
    organiser: bool

    @property
    def sees_marks(self) -> bool:
        """The secretary always; the chair marks too and sees others' marks only after the lock."""
        return self.secretary or (self.chair and self.contest.state is not ContestState.OPEN)


def contest_for(actor: Actor, code: str) -> Standpoint:
    """The contest of the current festival, as seen by this account; NotFound for who has no business with it."""
    contest = contest_of(the_festival().id, code)
    if contest is None:
        raise NotFound()
    seats = set(
        db.session.scalars(select(Judge.seat).where(Judge.contest_id == contest.id, Judge.user_id == actor.user_id))
    )
    seated = set(db.session.scalars(select(Judge.seat).where(Judge.contest_id == contest.id)))
    standpoint = Standpoint(
        contest,
        # a contest without judges (balls, seconds) has no chair of its own: any chair or secretary looks after it
        chair=JurySeat.CHAIR in seats or (JurySeat.CHAIR not in seated and actor.may(Permission.CHAIR)),
        secretary=JurySeat.SECRETARY in seats or (JurySeat.SECRETARY not in seated and actor.may(Permission.TALLY)),
        organiser=actor.may(Permission.RELEASE),
    )
    if not (standpoint.chair or standpoint.secretary or standpoint.organiser):
        raise NotFound()
    return standpoint


def contests_for(actor: Actor) -> list[Standpoint]:
    """All contests this account has business with, in the order of the festival."""
    found = []
    for contest in db.session.scalars(
        select(Contest).where(Contest.festival_id == the_festival().id).order_by(Contest.position)
    ):
        try:
            found.append(contest_for(actor, contest.code))
        except NotFound:
            continue
    return found
