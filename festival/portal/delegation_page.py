"""What stands on the page of a delegation for its head: families, who is not in yet, turns, who stepped out, how they come?

A fixed number of statements at any size. Of people it shows names, and of families the phone number to call: no birth, no
need, no allergy, because the link may lie in a group. Turns come from the published programme alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from festival.badges.queries import people_of
from festival.checkin.handouts.receipts import holding, receipts_of, when
from festival.checkin.handouts.standing import handed
from festival.checkin.merge import day_window
from festival.checkin.presence import anybody_came, has_come
from festival.consent.models import Consent, ConsentPurpose
from festival.core.clock import local
from festival.core.database import db
from festival.core.names import sort_key
from festival.logistics.queries import Arrangements, of_delegation
from festival.papers.models import PaperState
from festival.portal.turns import Turn, turns_of
from festival.programme.queries import running_programme
from festival.roster.models import (
    Delegation,
    Departure,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    Origin,
    Person,
    Reserve,
)
from festival.roster.shown.public_names import NameReader, names_held
from festival.schedule.drawn.trials import trials
from festival.schedule.presence.performers import Performers

# What the head still has to see to, before the day: refused and withdrawn registrations are over.
COMING = (FamilyState.DRAFT, FamilyState.SUBMITTED, FamilyState.RETURNED, FamilyState.APPROVED)
LEAVING_SHOWN = 40
AWAITED_TURNS = ("soon", "later", "far", "absent")


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family: how far its registration is, how many come, and who of them is not in yet."""

    code: str
    name: str
    phone: str
    state: FamilyState
    reason: str
    people: int
    here: int
    away: tuple[str, ...]
    waits: bool  # for somebody's agreement: until then it is seen by officer and approver only
    reserve: Reserve | None

    @property
    def approved(self) -> bool:
        return self.state is FamilyState.APPROVED


@dataclass(frozen=True, slots=True)
class TurnBlock:
    """The turns of one contest on one stage and day, in order of time."""

    on: date
    contest: str
    stage: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Stepped:
    """Somebody who does not take part any more, and who leads the family instead."""

    name: str
    family: str
    instead: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DelegationReceived:
    """What the delegation was handed at reception: each time, what it comes to, and the receipts that are to be seen."""

    times: tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...]  # when, who received it, how many of what
    total: tuple[tuple[str, int], ...]
    receipts: tuple[tuple[int, str, bool], ...]  # paper, its number, whether it was signed


@dataclass(frozen=True, slots=True)
class TrialTurn:
    """When the delegation tries a stage, and for which contest."""

    contest: str
    stage: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HeadPage:
    """All of it. `begun`: gates let people in today, so who is not in is missing."""

    begun: bool
    families: tuple[FamilyLine, ...]
    blocks: tuple[TurnBlock, ...]
    stepped: tuple[Stepped, ...]
    others: tuple[tuple[str, str], ...]  # people outside families: name, what they are
    stay: Arrangements
    performers: Mapping[str, Performers]  # by entry, of today's turns that are still to come
    received: DelegationReceived
    trials: tuple[TrialTurn, ...]
    mark: str = field(default="", compare=False)

    @property
    def taking_part(self) -> list[FamilyLine]:
        """The approved families."""
        return [each for each in self.families if each.approved]

    @property
    def missing(self) -> list[FamilyLine]:
        """On the day whoever is not complete, before it whose registration is not approved yet."""
        if self.begun:
            return [each for each in self.taking_part if each.away]
        return [each for each in self.families if not each.approved and each not in self.reserves]

    @property
    def reserves(self) -> list[FamilyLine]:
        """Accepted in reserve: nothing is left to do for them but to be called up."""
        return [each for each in self.families if each.reserve is Reserve.ACCEPTED]


def head_page(delegation: Delegation, at: datetime) -> HeadPage:
    """The page of a delegation as it is now."""
    window = day_window(at)
    rows = list(
        db.session.execute(
            select(
                Family.id,
                Family.code,
                Family.name,
                Family.phone,
                Family.state,
                Family.return_reason,
                Family.reserve,
                _waits().label("waits"),
                anybody_came(delegation.festival_id, window).label("begun"),
            ).where(Family.delegation_id == delegation.id, Family.state.in_(COMING))
        )
    )
    begun = any(row.begun for row in rows)
    rows.sort(key=lambda row: sort_key(row.name))
    held = _names(delegation.festival_id)
    people, here = _people([row.id for row in rows], window, held)
    lines = []
    for row in rows:
        own = people.get(row.id, {})
        away = tuple(name for person, name in own.items() if person not in here) if begun else ()
        reason = row.return_reason if row.state is FamilyState.RETURNED else ""
        inside = sum(each in here for each in own)
        lines.append(
            FamilyLine(
                row.code, row.name, row.phone, row.state, reason, len(own), inside, away, bool(row.waits), row.reserve
            )
        )
    own_entries = _entries(delegation.id, window, held)
    turns = turns_of(running_programme(delegation.festival), frozenset(own_entries), at)
    performers = _performers(turns, own_entries, people, here, at) if begun else {}
    others = tuple((each.name, each.who.title or each.look.word) for each in people_of(delegation.id))
    stay = of_delegation(delegation.id)
    received = _received(delegation)
    tried = _trials(delegation)
    page = HeadPage(
        begun, tuple(lines), _blocks(turns), _stepped(delegation.id), others, stay, performers, received, tried
    )
    mark = sha256(repr((page, local(at).date())).encode()).hexdigest()[:16]
    return replace(page, mark=mark)


def _trials(delegation: Delegation) -> tuple[TrialTurn, ...]:
    return tuple(
        TrialTurn(each.contest.name, each.stage.name, slot.starts_at, slot.ends_at)
        for each in trials(delegation.festival_id)
        for slot in each.slots
        if slot.delegation == delegation.id and slot.delegation not in each.out
    )


def _received(delegation: Delegation) -> DelegationReceived:
    held = holding(delegation)
    good = (PaperState.PRINTED, PaperState.SIGNED)
    return DelegationReceived(
        tuple((when(each), each.receiver, tuple(each.said.items.items())) for each in held),
        tuple(handed(held).items()),
        tuple(
            (each.id, each.number, each.signed_at is not None)
            for each in (receipts_of(delegation.id) if held else ())
            if each.state in good and not each.erased
        ),
    )


def _waits() -> ColumnElement[bool]:
    """Typed or imported by an officer, not approved yet, and nobody agreed for one of its people."""
    agreed = exists().where(
        Consent.person_id == Person.id,
        Consent.purpose == ConsentPurpose.TAKING_PART,
        Consent.withdrawn_at.is_(None),
    )
    lacking = exists().where(Person.family_id == Family.id, ~Person.out, ~agreed)
    by_officer = Family.origin.in_((Origin.OFFICER, Origin.EXCEL))
    return (Family.state != FamilyState.APPROVED) & by_officer & lacking


def _names(festival_id: int) -> Mapping[int, str]:
    return names_held(festival_id, NameReader.DEVICES).people


def _people(family_ids: list[int], window: str, held: Mapping[int, str]) -> tuple[dict[int, dict[int, str]], set[int]]:
    """Names by family and person in their order, and who of them is in."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    here: set[int] = set()
    query = select(Person.id, Person.family_id, Person.name, has_come(window).label("here"))
    for row in db.session.execute(
        query.where(Person.family_id.in_(family_ids), ~Person.out).order_by(Person.position, Person.id)
    ):
        found[row.family_id][row.id] = held.get(row.id, row.name)
        if row.here:
            here.add(row.id)
    return found, here


@dataclass(frozen=True, slots=True)
class _OwnEntry:
    """Whose it is, and who is named in it with their names and whether they have arrived."""

    family_id: int | None
    named: list[tuple[str, bool]]


def _entries(delegation_id: int, window: str, held: Mapping[int, str]) -> dict[str, _OwnEntry]:
    """The entries of the delegation that take part, by code."""
    query = (
        select(Entry.code, Entry.family_id, Person.id, Person.name, has_come(window).label("here"))
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .outerjoin(Person, (Person.id == EntryPerson.person_id) & ~Person.out)
        .where(Entry.delegation_id == delegation_id, Entry.state == EntryState.ENROLLED)
        .order_by(Person.position, Person.id)
    )
    found: dict[str, _OwnEntry] = {}
    for row in db.session.execute(query):
        entry = found.setdefault(row.code, _OwnEntry(row.family_id, []))
        if row.id is not None:
            entry.named.append((held.get(row.id, row.name), bool(row.here)))
    return found


def _performers(
    turns: Iterable[Turn],
    entries: Mapping[str, _OwnEntry],
    people: Mapping[int, Mapping[int, str]],
    here: Collection[int],
    at: datetime,
) -> dict[str, Performers]:
    """Who of those who appear has arrived, of today's turns that are still to come; who is not named stands for all."""
    found = {}
    for turn in turns:
        entry = entries[turn.line.entry]
        if day_window(turn.line.starts_at) == day_window(at) and turn.state in AWAITED_TURNS:
            whole = people.get(entry.family_id or 0, {})
            listed = entry.named or [(name, person in here) for person, name in whole.items()]
            if listed:
                found[turn.line.entry] = Performers(len(listed), tuple(name for name, came in listed if not came))
    return found


def _blocks(turns: Iterable[Turn]) -> tuple[TurnBlock, ...]:
    found: dict[tuple[date, str, str], list[Turn]] = defaultdict(list)
    for turn in turns:
        found[local(turn.line.starts_at).date(), turn.line.contest_name, turn.line.stage_name].append(turn)
    return tuple(TurnBlock(on, contest, stage, tuple(own)) for (on, contest, stage), own in found.items())


def _stepped(delegation_id: int) -> tuple[Stepped, ...]:
    """The latest first."""
    leads = aliased(Person)
    query = (
        select(Person.name, Family.name.label("family"), Departure.entries, Departure.left_at, leads.name.label("now"))
        .join(Person, Person.id == Departure.person_id)
        .join(Family, Family.id == Person.family_id)
        .outerjoin(leads, (leads.family_id == Family.id) & leads.representative)
        .where(Family.delegation_id == delegation_id, Family.state.in_(COMING), Departure.back_at.is_(None))
        .order_by(Departure.left_at.desc(), Departure.id.desc())
        .limit(LEAVING_SHOWN)
    )
    return tuple(
        Stepped(row.name, row.family, (row.now or "") if any("next" in e for e in row.entries) else "", row.left_at)
        for row in db.session.execute(query)
    )
