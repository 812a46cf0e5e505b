"""Whose certificates are there to print, and what do they say? Those of contests whose awards were decided, named as signed.

A certificate is handed to its winner, so it bears the name of the signed minutes whoever agreed to publication; it is read by
the organiser alone before that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from festival.contests.models import ContestState
from festival.contests.queries import contests
from festival.core.database import db
from festival.editions.models import Festival
from festival.results.delegations.table import read_whole
from festival.results.ladder.states import reached
from festival.results.models import Award, StateChange
from festival.roster.models import Delegation, Entry

WHOLE = "_whole"  # no code of a contest has this sign


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate. `contest` is its name, '' of the whole delegation; `number` that of the decision."""

    award: int
    code: str
    name: str
    delegation: str
    prize: str
    contest: str
    title: str
    number: str
    special: bool


@dataclass(frozen=True, slots=True)
class CertificateGroup:
    """The certificates of one contest or of the whole delegation."""

    code: str
    name: str
    certificates: tuple[Certificate, ...]


def certificates_of(festival: Festival) -> list[CertificateGroup]:
    """All of an edition, contest by contest, highest award first; the whole delegation last. Few statements, the same at any size."""
    decided = [each for each in contests(festival.id) if reached(each, ContestState.DECIDED)]
    by_contest: dict[int | None, list[Certificate]] = defaultdict(list)
    names, numbers = {each.id: each.name for each in decided}, _decisions([each.id for each in decided])
    whole = bool(read_whole(festival.id, ContestState.DECIDED))
    for row in db.session.execute(_awards(festival.id)):
        if row.contest_id in names or (row.contest_id is None and whole):
            by_contest[row.contest_id].append(
                Certificate(
                    row.id,
                    row.code or WHOLE,
                    row.name,
                    row.delegation if row.contest_id else "",
                    row.prize,
                    names.get(row.contest_id, ""),
                    row.title or "",
                    numbers.get(row.contest_id, ""),
                    row.special,
                )
            )
    groups = [CertificateGroup(each.code, each.name, tuple(by_contest[each.id])) for each in decided]
    if whole:
        groups.append(CertificateGroup(WHOLE, "", tuple(by_contest[None])))
    return groups


def _awards(festival_id: int) -> Select[int, int | None, str, bool, str, str, str, str]:
    of_delegation = aliased(Delegation)
    return (
        select(
            Award.id,
            Award.contest_id,
            Award.prize,
            Award.special,
            Entry.code,
            Entry.title,
            # as signed; an award of an older release has no names of its own
            func.coalesce(Award.name, Entry.name, of_delegation.name).label("name"),
            func.coalesce(Award.delegation, Delegation.name).label("delegation"),
        )
        .outerjoin(Entry, Entry.id == Award.entry_id)
        .outerjoin(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(of_delegation, of_delegation.id == Award.delegation_id)
        .where(Award.festival_id == festival_id)
        .order_by(Award.special, Award.position, Award.id)
    )


def _decisions(contest_ids: Sequence[int]) -> dict[int | None, str]:
    """The number of the award decision by contest."""
    rows = db.session.execute(
        select(StateChange.contest_id, StateChange.number).where(
            StateChange.contest_id.in_(contest_ids), StateChange.state == ContestState.DECIDED
        )
    )
    return {row.contest_id: row.number for row in rows}
