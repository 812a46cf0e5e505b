"""What do the pages of registration show, and whose rows may the asking actor see at all?

Loaders take the actor and answer *not found* for what is not yours: whether another unit has registered somebody is
nobody's business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import defer, joinedload, load_only, selectinload

from festival.accounts.models import User, UserRole
from festival.accounts.roles import Role
from festival.contests.models import Contest, EntrantKind
from festival.core import secrets
from festival.core.access import Actor, Permission
from festival.core.clock import now
from festival.core.database import db
from festival.core.errors import NotFound
from festival.core.names import Birth, fold, sort_key
from festival.core.sentence import Sentence
from festival.core.types import UtcTime
from festival.editions.models import Festival, Phase, PhaseKind, Unit
from festival.registration.consent_rules import Agreement
from festival.registration.eligibility import (
    Bounds,
    ContestQuota,
    Missing,
    Quotas,
    missing,
)
from festival.registration.household import Household, Member
from festival.registration.imports import FamilyFate, fates, other_unit
from festival.registration.models import (
    Consent,
    ConsentPurpose,
    ContestPlace,
    Delegation,
    DelegationOfficer,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    ImportBatch,
    Pass,
    Person,
    RegistrationDraft,
)
from festival.registration.sending import Ground
from festival.registration.words import relation_of
from festival.registration.workbook import Sheet

OPEN_STATES = (FamilyState.DRAFT, FamilyState.SUBMITTED, FamilyState.RETURNED)
LINK_CHARACTERS = 26


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A family as a page needs it: the row, its household as a value, what it lacks."""

    family: Family
    household: Household
    lacks: tuple[Missing, ...]

    @property
    def complete(self) -> bool:
        """Đủ hồ sơ."""
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Rules:
    """What the festival's rule set says about registration, with the contests one can enter by code."""

    festival: Festival
    quotas: Quotas
    contests: dict[str, Contest]

    @property
    def names(self) -> dict[str, str]:
        """Contest code → name, in the order of the festival."""
        return {code: contest.name for code, contest in self.contests.items()}


# A contest's ladder, prizes and place points are long JSON that no question of registration needs.
_CONTEST_COLUMNS = load_only(
    Contest.festival_id,
    Contest.code,
    Contest.name,
    Contest.position,
    Contest.entrant,
    Contest.entries_per_delegation,
    Contest.performers_min,
    Contest.performers_max,
)


def rules_of(festival: Festival) -> Rules:
    """The registration rules of an edition."""
    contests = db.session.scalars(
        select(Contest).where(Contest.festival_id == festival.id).options(_CONTEST_COLUMNS).order_by(Contest.position)
    )
    return rules_from(festival, list(contests))


def rules_from(festival: Festival, contests: Sequence[Contest]) -> Rules:
    """The same from rows already loaded."""
    quotas = Quotas(
        members=Bounds(festival.members_min, festival.members_max),
        contests_per_family=Bounds(None, festival.contests_per_family_max),
        families_per_delegation=Bounds(festival.families_min, festival.families_max),
        contests=tuple(
            ContestQuota(
                contest.code,
                contest.name,
                Bounds(contest.performers_min, contest.performers_max),
                Bounds(None, contest.entries_per_delegation),
                contest.entrant is EntrantKind.TEAM,
            )
            for contest in contests
        ),
    )
    return Rules(festival, quotas, {contest.code: contest for contest in contests})


# ---------------------------------------------------------------- festivals and phases


def festival_by_code(code: str) -> Festival:
    """The edition with this code. NotFound."""
    festival = db.session.scalar(select(Festival).where(Festival.code == code).options(defer(Festival.ruleset)))
    if festival is None:
        raise NotFound()
    return festival


_OPEN = (
    (Phase.kind == PhaseKind.REGISTRATION)
    & (Phase.opens_at <= bindparam("at", type_=UtcTime()))
    & or_(Phase.closes_at.is_(None), Phase.closes_at > bindparam("at", type_=UtcTime()))
)
# Each registration asks these, so they are put together once; the rule set as imported is a long text nobody reads here.
_OPEN_FESTIVALS = (
    select(Festival).join(Phase).where(_OPEN).options(defer(Festival.ruleset)).order_by(Festival.starts_on, Festival.id)
)
_GROUND = (
    select(
        Delegation.approved_count,
        Delegation.families_max,
        exists().where(Phase.festival_id == Delegation.festival_id, _OPEN).label("open"),
        Contest.code,
        ContestPlace.taken,
    )
    .outerjoin(ContestPlace, ContestPlace.delegation_id == Delegation.id)
    .outerjoin(Contest, Contest.id == ContestPlace.contest_id)
    .where(Delegation.id == bindparam("of_delegation"))
)
_OPEN_PHASE = select(Phase.id).where(Phase.festival_id == bindparam("of_festival"), _OPEN)


def festivals_open_for_registration(at: datetime) -> list[Festival]:
    """The editions whose registration is open at a moment."""
    return list(db.session.scalars(_OPEN_FESTIVALS, {"at": at}))


def registration_is_open(festival_id: int, at: datetime) -> bool:
    """Whether families can be sent in now."""
    return db.session.scalar(_OPEN_PHASE, {"of_festival": festival_id, "at": at}) is not None


def ground_of(delegation_id: int) -> Ground:
    """What sending a family of this delegation depends on now, by one statement."""
    rows = db.session.execute(_GROUND, {"of_delegation": delegation_id, "at": now()}).all()
    entries = {row.code: row.taken for row in rows if row.code is not None}
    return Ground(bool(rows[0].open), rows[0].approved_count, rows[0].families_max, entries)


def registration_phase(festival_id: int) -> Phase | None:
    """When registration opens and closes; None if nobody said."""
    return db.session.scalar(
        select(Phase).where(Phase.festival_id == festival_id, Phase.kind == PhaseKind.REGISTRATION)
    )


# ---------------------------------------------------------------- delegations


def delegations_of(actor: Actor) -> list[Delegation]:
    """The delegations this officer registers, the latest festival first."""
    query = (
        select(Delegation)
        .join(DelegationOfficer)
        .join(Delegation.festival)
        .where(DelegationOfficer.user_id == actor.user_id)
        .options(joinedload(Delegation.festival), joinedload(Delegation.unit))
        .order_by(Festival.starts_on.desc(), Delegation.position, Delegation.id)
    )
    return list(db.session.scalars(query))


def delegation_of(actor: Actor, code: str) -> Delegation:
    """One of the officer's own delegations. NotFound for any other."""
    query = (
        select(Delegation)
        .join(DelegationOfficer)
        .where(Delegation.code == code, DelegationOfficer.user_id == actor.user_id)
        .options(joinedload(Delegation.festival), joinedload(Delegation.unit))
    )
    found = db.session.scalar(query)
    if found is None or not actor.may(Permission.DELEGATION):
        raise NotFound()
    return found


def delegations(festival_id: int, *, self_registration: bool = False) -> list[Delegation]:
    """A festival's delegations in their order; only those open to families themselves if asked."""
    query = select(Delegation).where(Delegation.festival_id == festival_id).options(joinedload(Delegation.unit))
    if self_registration:
        query = query.where(Delegation.self_registration)
    found = list(db.session.scalars(query))
    return sorted(found, key=lambda item: (item.position, sort_key(item.name)))


def delegation_by_code(code: str) -> Delegation:
    """Any delegation by the code that leaves the house. NotFound."""
    found = db.session.scalar(
        select(Delegation)
        .where(Delegation.code == code)
        .options(joinedload(Delegation.festival), joinedload(Delegation.unit))
    )
    if found is None:
        raise NotFound()
    return found


def delegation_of_unit(festival_id: int, unit: str) -> Delegation:
    """A festival's delegation by its code, or by the key or official code of its unit (for commands). NotFound."""
    query = (
        select(Delegation)
        .join(Delegation.unit)
        .where(
            Delegation.festival_id == festival_id,
            or_(Delegation.code == unit, Unit.key == unit, Unit.official_code == unit),
        )
    )
    found = list(db.session.scalars(query))
    if len(found) != 1:
        raise NotFound()
    return found[0]


def officers(festival_id: int) -> dict[int, list[User]]:
    """Delegation → the accounts that register its families."""
    query = (
        select(DelegationOfficer.delegation_id, User)
        .join(User, User.id == DelegationOfficer.user_id)
        .join(Delegation, Delegation.id == DelegationOfficer.delegation_id)
        .where(Delegation.festival_id == festival_id)
        .order_by(User.login)
    )
    found: dict[int, list[User]] = defaultdict(list)
    for delegation_id, user in db.session.execute(query):
        found[delegation_id].append(user)
    return found


def officer_accounts() -> list[User]:
    """All active accounts that may be given a delegation."""
    query = select(User).join(User.roles).where(UserRole.role == Role.OFFICER, User.active).order_by(User.login)
    return list(db.session.scalars(query))


# ---------------------------------------------------------------- families

_WITH_MEMBERS = (
    selectinload(Family.members).selectinload(Person.consents),
    joinedload(Family.delegation).joinedload(Delegation.festival),
)


def families_of(delegation_id: int) -> list[Family]:
    """All families of a delegation but the withdrawn, with members and consents, in the order they came."""
    query = (
        select(Family)
        .where(Family.delegation_id == delegation_id, Family.state != FamilyState.WITHDRAWN)
        .options(*_WITH_MEMBERS)
        .order_by(Family.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def family_in(delegation: Delegation, code: str) -> Family:
    """A family of this delegation. NotFound for any other."""
    family = _one(Family.code == code, Family.delegation_id == delegation.id)
    if family is None:
        raise NotFound()
    return family


def family_by_code(code: str) -> Family:
    """Any family, for the reviewer. NotFound."""
    family = _one(Family.code == code)
    if family is None:
        raise NotFound()
    return family


def family_by_id(family_id: int) -> Family:
    """The family with this id. NotFound."""
    family = _one(Family.id == family_id)
    if family is None:
        raise NotFound()
    return family


def _one(*conditions: ColumnElement[bool]) -> Family | None:
    # Actions change rows by statements, so what the session remembers may be older than the database.
    query = select(Family).where(*conditions).options(*_WITH_MEMBERS).execution_options(populate_existing=True)
    return db.session.scalar(query)


def views(families: Sequence[Family], rules: Rules) -> list[FamilyView]:
    """Families with their households and what they lack; two queries however many families."""
    contests = contests_by_person([family.id for family in families])
    on = rules.festival.starts_on
    made = []
    for family in families:
        household = household_of_family(family, contests)
        made.append(FamilyView(family, household, missing(household.facts, rules.quotas, on)))
    return made


def view(family: Family, rules: Rules) -> FamilyView:
    """One family with its household and what it lacks."""
    return views([family], rules)[0]


def contests_by_person(family_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Person → codes of the contests that person appears in."""
    query = (
        select(EntryPerson.person_id, Contest.code)
        .join(Entry, Entry.id == EntryPerson.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .join(Person, Person.id == EntryPerson.person_id)
        .where(Person.family_id.in_(list(family_ids)), Entry.state != EntryState.WITHDRAWN)
        .order_by(Contest.position)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for person_id, code in db.session.execute(query):
        if code not in found[person_id]:
            found[person_id].append(code)
    return {person_id: tuple(codes) for person_id, codes in found.items()}


def household_of_family(family: Family, contests: Mapping[int, tuple[str, ...]]) -> Household:
    """The family's rows as the value all roads end in."""
    return Household(
        phone=family.phone,
        email=family.email,
        address=family.address,
        introduction=family.introduction,
        members=tuple(_member(person, contests.get(person.id, ())) for person in family.members),
    )


def _member(person: Person, contests: tuple[str, ...]) -> Member:
    standing: dict[ConsentPurpose, Consent] = {
        consent.purpose: consent for consent in person.consents if consent.withdrawn_at is None
    }
    taking_part = standing.get(ConsentPurpose.TAKING_PART)
    return Member(
        name=person.name,
        relation=relation_of(person),
        sex=person.sex,
        birth=birth_of(person),
        phone=person.phone,
        needs=person.needs,
        contests=contests,
        agreement=Agreement(taking_part.given_by, taking_part.given_as, taking_part.method)
        if taking_part
        else Agreement(),
        own_agreement=ConsentPurpose.CHILD_OWN in standing,
        publish=ConsentPurpose.PUBLISH in standing,
        code=person.code,
    )


def birth_of(person: Person) -> Birth | None:
    """A person's birth: the day where known, else the year."""
    if person.born_on is not None:
        return Birth(person.born_on.year, person.born_on.month, person.born_on.day)
    return Birth(person.birth_year) if person.birth_year is not None else None


def identities(festival_id: int, wanted: Iterable[str]) -> dict[str, int]:
    """Which of these identities are registered in the festival already, and by which delegation."""
    found: dict[str, int] = {}
    listed = sorted({identity for identity in wanted if identity})
    for start in range(0, len(listed), 500):
        query = select(Family.identity, Family.delegation_id).where(
            Family.festival_id == festival_id,
            Family.identity.in_(listed[start : start + 500]),
            Family.state != FamilyState.WITHDRAWN,
        )
        found.update((identity, delegation_id) for identity, delegation_id in db.session.execute(query))
    return found


def members_in_order(families: Iterable[FamilyView]) -> list[FamilyView]:
    """Families by the given name of their representative, as lists in Vietnam are."""

    def key(item: FamilyView) -> str:
        head = item.household.representative
        return sort_key(head.name if head else item.family.name)

    return sorted(families, key=key)


# ---------------------------------------------------------------- review

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of the organiser's list; `counts` are by state for the same festival, unfiltered."""

    families: list[FamilyView]
    counts: dict[FamilyState, int]
    found: int
    page: int
    last: int


def review_page(rules: Rules, *, state: FamilyState | None, delegation: str, search: str, page: int) -> ReviewPage:
    """Filtered by state and delegation, searched in folded names and phone digits, the longest waiting first."""
    festival_id = rules.festival.id
    conditions: list[ColumnElement[bool]] = [Family.festival_id == festival_id]
    if state is not None:
        conditions.append(Family.state == state)
    if delegation:
        conditions.append(Family.delegation_id.in_(select(Delegation.id).where(Delegation.code == delegation)))
    words = fold(search)
    if words:
        digits = "".join(filter(str.isdigit, words))
        matches = [Family.folded.contains(words, autoescape=True)]
        members = select(Person.family_id).where(Person.folded.contains(words, autoescape=True))
        matches.append(Family.id.in_(members.where(Person.family_id.is_not(None))))
        if len(digits) >= 3:
            matches.append(Family.phone.contains(digits, autoescape=True))
        conditions.append(or_(*matches))
    found = db.session.scalar(select(func.count(Family.id)).where(*conditions)) or 0
    last = max(1, -(-found // PAGE))
    page = min(max(1, page), last)
    query = (
        select(Family)
        .where(*conditions)
        .options(*_WITH_MEMBERS)
        .order_by(Family.submitted_at.is_(None), Family.submitted_at, Family.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    families = list(db.session.scalars(query))
    counted = select(Family.state, func.count(Family.id)).where(Family.festival_id == festival_id)
    counts = dict.fromkeys(FamilyState, 0)
    grouped = db.session.execute(counted.group_by(Family.state))
    counts.update((counted_state, number) for counted_state, number in grouped)
    return ReviewPage(views(families, rules), counts, found, page, last)


def complete_and_waiting(delegation_id: int, rules: Rules) -> list[FamilyView]:
    """The families of a delegation that could be approved at once."""
    return [
        item
        for item in views(families_of(delegation_id), rules)
        if item.family.state is FamilyState.SUBMITTED and item.complete
    ]


def next_waiting(family: Family) -> Family | None:
    """The registration that has waited longest in the same festival, but this one; None when nothing else waits."""
    query = (
        select(Family)
        .where(Family.festival_id == family.festival_id, Family.state == FamilyState.SUBMITTED, Family.id != family.id)
        .order_by(Family.submitted_at, Family.id)
        .limit(1)
    )
    return db.session.scalar(query)


# ---------------------------------------------------------------- passes and links


def passes(festival_id: int, delegation_id: int | None = None) -> list[Pass]:
    """Valid passes of a festival or of one delegation (its own, its families', its people's)."""
    query = select(Pass).where(Pass.festival_id == festival_id, Pass.replaced_at.is_(None)).order_by(Pass.id)
    if delegation_id is not None:
        query = query.where(
            or_(
                Pass.delegation_id == delegation_id,
                Pass.family_id.in_(select(Family.id).where(Family.delegation_id == delegation_id)),
                Pass.person_id.in_(select(Person.id).where(Person.delegation_id == delegation_id)),
            )
        )
    return list(db.session.scalars(query))


def family_pass(family_id: int) -> Pass | None:
    """The family's valid pass, None before approval."""
    return db.session.scalar(select(Pass).where(Pass.family_id == family_id, Pass.replaced_at.is_(None)))


def link_code(family: Family) -> str:
    """The code of the family's own link, the same each time it is printed."""
    return link_code_of(family.id, family.link_issue)


def link_code_of(family_id: int, issue: int) -> str:
    """The code of a link by family and issue."""
    return secrets.derived_code("family-link", family_id, issue, LINK_CHARACTERS)


def family_of_link(code: str) -> Family | None:
    """The family a link belongs to; None for an unknown or replaced one."""
    return db.session.scalar(select(Family).where(Family.link_hash == secrets.token_hash(code)))


# ---------------------------------------------------------------- drafts and imports


def draft_of(token: str, *, lock: bool = False) -> RegistrationDraft:
    """The unfinished form behind a link; locked when it is about to change. NotFound when it is unknown or too old."""
    query = select(RegistrationDraft).where(
        RegistrationDraft.token_hash == secrets.token_hash(token), RegistrationDraft.expires_at > now()
    )
    draft = db.session.scalar(query.with_for_update() if lock else query)
    if draft is None:
        raise NotFound()
    return draft


def import_of(delegation_id: int, token: str) -> ImportBatch:
    """An upload of this delegation. NotFound for any other."""
    batch = db.session.scalar(
        select(ImportBatch).where(
            ImportBatch.token_hash == secrets.token_hash(token), ImportBatch.delegation_id == delegation_id
        )
    )
    if batch is None:
        raise NotFound()
    return batch


def import_fates(rules: Rules, delegation: Delegation, sheet: Sheet) -> tuple[FamilyFate, ...]:
    """What would happen to each family of a file, against what the database holds now."""
    existing = [item.household for item in views(families_of(delegation.id), rules)]
    mine = {household.identity for household in existing}
    file = fates(sheet, existing, {}, rules.quotas, rules.festival.starts_on)
    elsewhere = {
        identity: ""
        for identity in identities(rules.festival.id, (each.household.identity for each in file))
        if identity not in mine
    }
    return fates(sheet, existing, elsewhere, rules.quotas, rules.festival.starts_on) if elsewhere else file


def import_remarks(delegation: Delegation, sheet: Sheet) -> tuple[Sentence, ...]:
    """What an officer should know of a file before saying yes: made for another unit, sheets and columns not read."""
    names = db.session.scalars(
        select(Delegation.name).where(Delegation.festival_id == delegation.festival_id, Delegation.id != delegation.id)
    )
    wrong = other_unit(sheet, delegation.name, names)
    return (wrong, *sheet.remarks) if wrong else sheet.remarks


def family_of_submission(key: str) -> Family | None:
    """The family that a form became, None while it has not been sent."""
    return db.session.scalar(select(Family).where(Family.submission_key == key))
