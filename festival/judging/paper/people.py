"""Who may type a slip, see its photo, decide what it says?

Typing: the secretary of the contest, and every other account with the right of a secretary, so that there are two.
Photos and differing readings: the panel's secretary and chair, and the organiser.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from festival.contests.models import Contest, ContestState
from festival.contests.queries import contest_by_code
from festival.core.web.access import Actor, Permission, current_actor
from festival.core.web.errors import Forbidden, NotFound
from festival.editions.queries import the_festival
from festival.editions.retention import kept
from festival.judging.contest_access import ContestAccess, contest_for


@dataclass(frozen=True, slots=True)
class PaperAccess:
    """What an account is to the paper of a contest."""

    contest: Contest
    seat: ContestAccess | None  # None: a secretary of another contest who helps
    types: bool

    @property
    def sees_slips(self) -> bool:
        """Photos, and readings side by side once they differ: the panel's own people and the organiser."""
        return self.seat is not None and not self.seat.sealed

    @property
    def sees_photos(self) -> bool:
        """The secretary always, chair and organiser from the lock on; a sealed edition only the organiser."""
        if self.seat is None:
            return False
        return self.seat.sees_marks or (self.seat.organiser and self.contest.state is not ContestState.OPEN)

    @property
    def arranges(self) -> bool:
        """Says who marks on paper."""
        return self.seat is not None and (self.seat.secretary or self.seat.organiser) and not self.seat.sealed


def paper_access(code: str, actor: Actor | None = None) -> PaperAccess:
    """The contest for who has business with its paper; NotFound for everybody else."""
    actor = actor or current_actor()
    try:
        seat = contest_for(actor, code)
    except NotFound:
        festival = the_festival()
        if not actor.may(Permission.TALLY) or kept(festival).data_erased:
            raise
        return PaperAccess(contest_by_code(festival, code), None, types=True)
    types = not seat.sealed and (seat.secretary or actor.may(Permission.TALLY))
    return PaperAccess(seat.contest, seat, types=types)


def as_typist(code: str) -> PaperAccess:
    """For who may type slips."""
    access = paper_access(code)
    if not access.types:
        raise Forbidden(_("Việc này do thư ký của phần thi làm."))
    return access


def as_decider(code: str) -> PaperAccess:
    """For who may say which reading of a slip is right: the chair, or a secretary or organiser who typed none of them."""
    access = paper_access(code)
    if not (access.sees_slips or access.types):
        raise Forbidden()
    return access
