"""Which substitutions were asked and made, in words of who and where?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from festival.accounts.models import User
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.judging.substituting.models import Substitution, SubstitutionState
from festival.roster.models import Delegation, Entry, Family, Person


@dataclass(frozen=True, slots=True)
class ToldSubstitution:
    """A substitution with the names of everybody; '' for nobody, a dash for somebody who was taken off."""

    row: Substitution
    delegation: Delegation
    out: str
    out_code: str
    into: str
    entry: str
    contest: str
    leaves: str
    comes: str
    asked: str
    decided: str

    @property
    def waits(self) -> bool:
        """The organiser has not decided."""
        return self.row.state is SubstitutionState.WAITING

    @property
    def done(self) -> bool:
        """It was carried out and stands."""
        return self.row.state is SubstitutionState.DONE


def substitutions(*where: ColumnElement[bool], most: int = 100) -> list[ToldSubstitution]:
    """What waits first, then the last one first. Two statements."""
    out, into, asker, decider = aliased(Family), aliased(Family), aliased(User), aliased(User)
    rows = db.session.execute(
        select(
            Substitution, Delegation, out.name, out.code, into.name, Entry.name, Contest.name, asker.name, decider.name
        )
        .select_from(Substitution)
        .join(Delegation, Delegation.id == Substitution.delegation_id)
        .join(out, out.id == Substitution.out_family_id)
        .join(into, into.id == Substitution.in_family_id)
        .outerjoin(Entry, Entry.id == Substitution.entry_id)
        .outerjoin(Contest, Contest.id == Entry.contest_id)
        .outerjoin(asker, asker.id == Substitution.asked_by)
        .outerjoin(decider, decider.id == Substitution.decided_by)
        .where(*where)
        .order_by(Substitution.state != SubstitutionState.WAITING, Substitution.asked_at.desc(), Substitution.id.desc())
        .limit(most)
    ).all()
    codes = {code for row in rows for code in (row[0].out_code, row[0].in_code) if code}
    named = select(Person.code, Person.name).where(Person.code.in_(codes))
    people = {row.code: row.name for row in db.session.execute(named)} if codes else {}
    return [
        ToldSubstitution(
            row,
            delegation,
            out_name,
            out_code,
            in_name,
            entry or "",
            contest or "",
            people.get(row.out_code, "–") if row.out_code else "",
            people.get(row.in_code, "–") if row.in_code else "",
            asked or "",
            decided or "",
        )
        for row, delegation, out_name, out_code, in_name, entry, contest, asked, decided in rows
    ]


def of_delegation(delegation_id: int) -> list[ToldSubstitution]:
    """All of a delegation."""
    return substitutions(Substitution.delegation_id == delegation_id)


def of_edition(festival_id: int) -> list[ToldSubstitution]:
    """All of an edition."""
    return substitutions(Delegation.festival_id == festival_id)


def the_substitution(delegation_code: str, number: int) -> ToldSubstitution:
    """One. NotFound."""
    found = substitutions(Delegation.code == delegation_code, Substitution.number == number)
    if not found:
        raise NotFound()
    return found[0]


def waiting_count(festival_id: int) -> Any:
    """How many wait for the organiser, as a column of somebody's statement."""
    query = select(func.count(Substitution.id)).join(Delegation, Delegation.id == Substitution.delegation_id)
    waiting = query.where(Delegation.festival_id == festival_id, Substitution.state == SubstitutionState.WAITING)
    return waiting.scalar_subquery()
