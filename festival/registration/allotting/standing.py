"""Where does each delegation of an edition stand: its places, its day, what it lacks, who is reminded?

As many statements for 80 delegations as for one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from festival.accounts.models import User
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.editions.models import PhaseKind
from festival.editions.queries import phases
from festival.registration.allotting.lacking import SentSoFar, lacks_of
from festival.registration.allotting.models import DelegationReminder
from festival.roster import delegations
from festival.roster.eligibility import Quotas
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Family, FamilyState
from festival.roster.quotas.own import quotas_of
from festival.roster.quotas.taken import PlacesTaken, taken
from festival.roster.rules import Rules

SENT = (FamilyState.SUBMITTED, FamilyState.APPROVED)


@dataclass(frozen=True, slots=True)
class DelegationStands:
    """One delegation on the page of places. `until`: its own last moment, None without an end; `open`: it registers now."""

    delegation: Delegation
    taken: PlacesTaken
    quotas: Quotas
    lacks: tuple[Sentence, ...]
    officers: tuple[User, ...]
    until: datetime | None
    open: bool
    reminded_at: datetime | None


def stands_of(rules: Rules, chosen: list[Delegation]) -> list[DelegationStands]:
    """These delegations of one edition, in their order."""
    festival_id, at = rules.festival.id, now()
    places, so_far = taken(Delegation.festival_id == festival_id), _so_far(festival_id)
    officers = delegations.officers(festival_id)
    phase = phases(festival_id).get(PhaseKind.REGISTRATION)
    reminded = {
        row.delegation_id: row.reminded_at
        for row in db.session.execute(
            select(DelegationReminder.delegation_id, DelegationReminder.reminded_at)
            .join(Delegation, Delegation.id == DelegationReminder.delegation_id)
            .where(Delegation.festival_id == festival_id)
        )
    }
    found = []
    for each in chosen:
        quotas = quotas_of(rules.quotas, places[each.id].own)
        until = phase.closes_at if phase else None
        if until is not None and each.extended_until is not None:
            until = max(until, each.extended_until)
        takes = phase is not None and phase.opens_at <= at and (until is None or at < until)
        found.append(
            DelegationStands(
                each,
                places[each.id],
                quotas,
                lacks_of(so_far.get(each.id, SentSoFar()), quotas),
                tuple(officers.get(each.id, ())),
                until,
                takes,
                reminded.get(each.id),
            )
        )
    return found


def _so_far(festival_id: int) -> dict[int, SentSoFar]:
    states: dict[int, dict[FamilyState, int]] = defaultdict(dict)
    own = (Family.festival_id == festival_id, Family.reserve.is_(None))
    counted = select(Family.delegation_id, Family.state, func.count()).where(*own)
    for delegation_id, state, n in db.session.execute(counted.group_by(Family.delegation_id, Family.state)):
        states[delegation_id][state] = n
    entries: dict[int, dict[str, int]] = defaultdict(dict)
    performers: dict[int, dict[str, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(
            Family.delegation_id,
            Contest.code,
            func.count(Entry.id.distinct()).label("entries"),
            func.count(EntryPerson.person_id).label("people"),
        )
        .join(Entry, Entry.family_id == Family.id)
        .join(Contest, Contest.id == Entry.contest_id)
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .where(*own, Family.state.in_(SENT), Entry.state != EntryState.WITHDRAWN)
        .group_by(Family.delegation_id, Contest.code)
    )
    for row in rows:
        entries[row.delegation_id][row.code] = row.entries
        performers[row.delegation_id][row.code] = row.people
    return {
        delegation_id: SentSoFar(
            sum(of_state.get(state, 0) for state in SENT),
            of_state.get(FamilyState.DRAFT, 0),
            of_state.get(FamilyState.RETURNED, 0),
            entries[delegation_id],
            performers[delegation_id],
        )
        for delegation_id, of_state in states.items()
    }
