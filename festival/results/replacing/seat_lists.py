"""Who sits in a panel, who sat there before, who waits in reserve and who could come in: for the page, the minutes, a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from festival.accounts.models import User, UserRole
from festival.accounts.roles import Role
from festival.contests.models import Contest, Judge, PanelSeat
from festival.contests.replacing.models import SeatReplacement
from festival.core.database import db
from festival.judging.tally import Tally


@dataclass(frozen=True, slots=True)
class ReplacementLine:
    """One time a seat went to somebody else; `last`: it can be taken back, if the substitute has not marked since."""

    letter: str
    out_id: int
    out: str
    into: str
    reason: str
    at: datetime
    by: str
    taken_back_at: datetime | None
    taken_back_why: str
    last: bool


def replacements_of(contest_id: int) -> list[ReplacementLine]:
    """Every time a seat of the panel went to somebody else, in order; those that were taken back too."""
    rows = list(
        db.session.scalars(
            select(SeatReplacement)
            .join(Judge, Judge.id == SeatReplacement.root_id)
            .where(Judge.contest_id == contest_id)
            .order_by(SeatReplacement.id)
        )
    )
    if not rows:
        return []
    seats = {
        row.id: (row.name, row.marks)
        for row in db.session.execute(
            select(Judge.id, User.name, Judge.marks).join(User).where(Judge.contest_id == contest_id)
        )
    }
    asked = {each for row in rows for each in (row.chair_id, row.secretary_id) if each is not None}
    people = dict(db.session.execute(select(User.id, User.name).where(User.id.in_(asked))).all())
    standing = {row.root_id: row.id for row in rows if row.taken_back_at is None}
    return [
        ReplacementLine(
            row.letter,
            row.out_id,
            seats[row.out_id][0],
            seats[row.in_id][0],
            row.reason,
            row.replaced_at,
            ", ".join(people[each] for each in (row.chair_id, row.secretary_id) if each in people),
            row.taken_back_at,
            row.taken_back_why,
            standing.get(row.root_id) == row.id and seats[row.in_id][1],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class SeatAnnex:
    """A seat that several people marked in: who, and the acts whose sheet counts, by their numbers."""

    letter: str
    people: tuple[tuple[str, str], ...]
    changes: tuple[ReplacementLine, ...]


def replaced_seats_of(tallied: Tally) -> list[SeatAnnex]:
    """For the minutes: each seat whose judge was replaced. Asks nothing when nobody was."""
    changed = [seat for seat in tallied.seats if seat.sat]
    if not changed:
        return []
    lines = replacements_of(tallied.contest.id)
    sat = [judge for seat in changed for judge in seat.sat]
    names = dict(db.session.execute(select(Judge.id, User.name).join(User).where(Judge.id.in_(sat))).all())
    return [
        SeatAnnex(
            seat.letter,
            tuple((names[judge], _acts(tallied, seat.id, judge)) for judge in seat.sat),
            tuple(line for line in lines if line.letter == seat.letter and line.taken_back_at is None),
        )
        for seat in changed
    ]


def _acts(tallied: Tally, seat_id: int, judge_id: int) -> str:
    shown = []
    for appearance in tallied.appearances:
        sheet = tallied.sheets.get((seat_id, appearance.id))
        if sheet is not None and sheet.judge_id == judge_id and sheet.total_milli is not None:
            shown.append(str(appearance.number or appearance.name))
    return ", ".join(shown)


def in_reserve(contest_id: int) -> list[User]:
    """Who waits in reserve. Of what they marked nothing is told."""
    waiting = select(Judge.user_id).where(Judge.contest_id == contest_id, Judge.seat == PanelSeat.RESERVE)
    return list(db.session.scalars(select(User).where(User.id.in_(waiting)).order_by(User.name, User.id)))


def who_could_come(contest: Contest, reserves: Sequence[User]) -> list[User]:
    """Reserves first, then accounts of judges in use that sit nowhere in this panel."""
    sitting = select(Judge.user_id).where(
        Judge.contest_id == contest.id, or_(Judge.marks, Judge.seat.in_((PanelSeat.SECRETARY, PanelSeat.RESERVE)))
    )
    judges = select(UserRole.user_id).where(UserRole.role.in_((Role.JUDGE, Role.CHAIR)))
    others = select(User).where(User.active, User.id.in_(judges), User.id.not_in(sitting))
    return [*reserves, *db.session.scalars(others.order_by(User.name, User.id))]


def marked_by_seat(tallied: Tally) -> Mapping[int, int]:
    """How many sheets with marks count for each seat."""
    return {
        seat.id: sum(
            (sheet := tallied.sheets.get((seat.id, each.id))) is not None and sheet.total_milli is not None
            for each in tallied.appearances
        )
        for seat in tallied.seats
    }
