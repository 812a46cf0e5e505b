"""What is an account to a contest: its chair, its secretary, the organiser, nobody?

Loaders answer NotFound for what is not yours. The chair marks too, and sees the others' marks only after the lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Row, select

from festival.contests.models import Contest, ContestState, Judge, PanelSeat, Secrecy
from festival.contests.queries import contest_by_code, contests
from festival.core.database import db
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import once
from festival.core.web.access import Actor, Permission
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.editions.retention import kept


@dataclass(frozen=True, slots=True)
class ContestAccess:
    """What an account is to a contest: its seats, and whether it looks after all of them."""

    contest: Contest
    chair: bool
    secretary: bool
    organiser: bool
    sealed: bool = (
        False  # the edition's data was erased: what was signed is the organiser's to read, nobody's to change
    )

    @property
    def sees_marks(self) -> bool:
        """The secretary always; the chair marks too and sees others' marks only after the lock."""
        return self.secretary or (self.chair and self.contest.state is not ContestState.OPEN)


def contest_for(actor: Actor, code: str) -> ContestAccess:
    """The contest of the current festival, as seen by this account; NotFound for who has no business with it."""
    festival = the_festival()
    seen = _unless_sealed(festival, _seen_by(actor, [contest_by_code(festival, code)]))
    if not seen:
        raise NotFound()
    return seen[0]


def contests_for(actor: Actor) -> list[ContestAccess]:
    """All contests this account has business with, in the order of the festival."""
    festival = the_festival()
    return _unless_sealed(festival, _seen_by(actor, contests(festival.id)))


def _unless_sealed(festival: Festival, found: list[ContestAccess]) -> list[ContestAccess]:
    if not kept(festival).data_erased:
        return found
    return [replace(each, chair=False, secretary=False, sealed=True) for each in found if each.organiser]


def _seen_by(actor: Actor, rows: Sequence[Contest]) -> list[ContestAccess]:
    """Those of the contests it has business with."""
    seated: dict[int, set[PanelSeat]] = defaultdict(set)
    own: dict[int, set[PanelSeat]] = defaultdict(set)
    for contest_id, user_id, seat, _marks in panels_of([row.id for row in rows]):
        seated[contest_id].add(seat)
        if user_id == actor.user_id:
            own[contest_id].add(seat)

    def chairs(festival_id: int) -> bool:
        return once(("chairs", actor.user_id, festival_id), lambda: sits_as_chair(actor.user_id, festival_id))

    def is_the(seat: PanelSeat, contest: Contest, permission: Permission) -> bool:
        if seat in own[contest.id]:
            return True
        # a contest without judges (balls, seconds) has no chair of its own: a chair of its edition, any secretary looks after it
        free = seat not in seated[contest.id] and actor.may(permission)
        return free and (seat is not PanelSeat.CHAIR or chairs(contest.festival_id))

    found = [
        ContestAccess(
            contest,
            chair=is_the(PanelSeat.CHAIR, contest, Permission.CHAIR),
            secretary=is_the(PanelSeat.SECRETARY, contest, Permission.TALLY),
            organiser=actor.may(Permission.RELEASE),
        )
        for contest in rows
    ]
    return [each for each in found if each.chair or each.secretary or each.organiser]


def sits_as_chair(user_id: int | None, festival_id: int) -> bool:
    """Whether an account is the chair of a panel of this edition."""
    held = select(Judge.id).join(Contest, Contest.id == Judge.contest_id)
    own = held.where(Judge.user_id == user_id, Judge.seat == PanelSeat.CHAIR, Contest.festival_id == festival_id)
    return db.session.scalar(own.limit(1)) is not None


def panels_of(contest_ids: Sequence[int]) -> Sequence[Row[int, int, PanelSeat, bool]]:
    """(contest, account, seat, marks) of everybody in these panels; a page asks who comes and who is missing, and reads it once."""
    wanted = select(Judge.contest_id, Judge.user_id, Judge.seat, Judge.marks).where(Judge.contest_id.in_(contest_ids))
    return once(("panels", *contest_ids), lambda: db.session.execute(wanted).all())


def marks_are_secret(contest: Contest) -> bool:
    """Whether a look at marks or places of this contest is noted: sealed, and not published yet."""
    return contest.secrecy is Secrecy.SECRET and contest.state is not ContestState.PUBLISHED


def marks_shown(contest: Contest) -> None:
    """A page shows marks or places of this contest."""
    if marks_are_secret(contest):
        looked(SecurityKind.READ_MARKS, contest=contest.code)
