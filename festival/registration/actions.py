"""What can happen to a registration, and what keeps it true when several do it at once?

Registered, changed, sent, approved, returned, refused, undone, withdrawn; consent given and taken back; passes issued.
One form sent five times is one family by a unique key; a quota is a conditional UPDATE; two reviewers are told apart by
the version they saw. Every decision goes to the ledger stream `decisions:<festival code>` in the same transaction. All
here flush and never commit; expected outcomes are values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CursorResult, Executable, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from festival.contests.models import Contest, EntrantKind
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import Reason, fold, spelling
from festival.core.outbox import Attachment, send_mail
from festival.core.secrets import new_token, new_typed_code, token_hash
from festival.editions.models import Festival
from festival.registration import dependents, queries
from festival.registration.eligibility import Missing, Relation
from festival.registration.household import Household, Member, cleaned, from_json, to_json
from festival.registration.imports import FamilyFate, Fate
from festival.registration.models import (
    BadgeClass,
    Consent,
    ConsentPurpose,
    ConsentText,
    ContestPlace,
    Delegation,
    DelegationOfficer,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    ImportBatch,
    Origin,
    Pass,
    Person,
    RegistrationDraft,
    Sex,
)
from festival.registration.pass_tokens import Owner, new_pass_values, typed_of
from festival.registration.queries import FamilyView, Rules, link_code_of
from festival.registration.words import CONSENT_WORDS

DRAFT_LIFETIME = timedelta(days=60)
CODE_CHARACTERS = 10
CHUNK = 500


def _table(model: type[Any]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


_PEOPLE, _ENTRIES, _FAMILIES, _TEXTS = _table(Person), _table(Entry), _table(Family), _table(ConsentText)
_INSERT_PEOPLE = insert(_PEOPLE).returning(_PEOPLE.c.id, _PEOPLE.c.code)
_INSERT_ENTRIES = insert(_ENTRIES).returning(_ENTRIES.c.id, _ENTRIES.c.code)
_INSERT_PERFORMERS = insert(_table(EntryPerson))
_UPDATE_LINK = (
    update(_FAMILIES).where(_FAMILIES.c.id == bindparam("of_family")).values(link_hash=bindparam("hashed"))
)
_SELECT_TEXTS = select(_TEXTS.c.id, _TEXTS.c.purpose, _TEXTS.c.version)


# ---------------------------------------------------------------- outcomes


@dataclass(frozen=True, slots=True)
class Registered:
    """A new registration; `link` is the code of its `/g/` address."""

    family_id: int
    code: str
    link: str


@dataclass(frozen=True, slots=True)
class AlreadyRegistered:
    """The same form was sent before (or at the same moment): this is the family it made."""

    family_id: int
    code: str
    link: str


@dataclass(frozen=True, slots=True)
class SameHousehold:
    """Another registration has this representative and phone. Whose is not said: the phone might be anybody's."""


@dataclass(frozen=True, slots=True)
class Done:
    """It happened; the family's new version."""

    version: int


@dataclass(frozen=True, slots=True)
class Stale:
    """Somebody else was first; nothing was written."""

    state: FamilyState
    version: int


@dataclass(frozen=True, slots=True)
class NotComplete:
    """The family lacks something."""

    lacks: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class QuotaFull:
    """The delegation's places are taken: of families (contest '') or of entries of one contest."""

    contest: str
    most: int


@dataclass(frozen=True, slots=True)
class Bound:
    """Something already stands on the approval (an act, an arrival), so it cannot be undone quietly."""

    reasons: tuple[Reason, ...]


Registration = Registered | AlreadyRegistered | SameHousehold
Decision = Done | Stale | NotComplete | QuotaFull
Undoing = Done | Stale | Bound


# ---------------------------------------------------------------- registering


def register_family(
    rules: Rules,
    delegation: Delegation,
    household: Household,
    origin: Origin,
    *,
    submission_key: str | None = None,
    submit: bool = False,
    method: str = "form",
) -> Registration:
    """One family; the database lets one of several equal forms through, the others get the same family.

    `submit` sends it for approval at once; `method` is how the consents in the household were given.
    """
    made = register_families(
        rules, delegation, [(household, submission_key)], origin, submit=submit, method=method
    )
    if made:
        return made[0]
    earlier = queries.family_of_submission(submission_key) if submission_key else None
    if earlier is None:
        return SameHousehold()
    return AlreadyRegistered(earlier.id, earlier.code, queries.link_code(earlier))


def register_families(
    rules: Rules,
    delegation: Delegation,
    households: Sequence[tuple[Household, str | None]],
    origin: Origin,
    *,
    submit: bool = False,
    method: str = "form",
) -> list[Registered]:
    """Many families, set by set: a file of 5,000 rows is one transaction of a few dozen statements.

    A household whose key or identity is there already is passed over by the database and is not in the answer.
    """
    made: list[Registered] = []
    for start in range(0, len(households), CHUNK):
        made += _register_chunk(rules, delegation, households[start : start + CHUNK], origin, submit, method)
    return made


def _register_chunk(
    rules: Rules,
    delegation: Delegation,
    households: Sequence[tuple[Household, str | None]],
    origin: Origin,
    submit: bool,
    method: str,
) -> list[Registered]:
    at = now()
    by_code = {new_typed_code(CODE_CHARACTERS): (cleaned(household), key) for household, key in households}
    rows = [
        {
            "festival_id": rules.festival.id,
            "delegation_id": delegation.id,
            "code": code,
            "name": household.name,
            "folded": _folded(household),
            "phone": household.phone,
            "email": household.email,
            "address": household.address,
            "introduction": household.introduction,
            "state": FamilyState.SUBMITTED if submit else FamilyState.DRAFT,
            "origin": origin,
            "submission_key": key,
            "identity": household.identity,
            "created_at": at,
            "submitted_at": at if submit else None,
        }
        for code, (household, key) in by_code.items()
    ]
    inserting = _insert(Family).on_conflict_do_nothing().returning(_FAMILIES.c.id, _FAMILIES.c.code)
    ids = {row.code: row.id for row in _run(inserting, rows)}
    if not ids:
        return []
    made = [Registered(ids[code], code, link_code_of(ids[code], 1)) for code in by_code if code in ids]
    _run(
        _UPDATE_LINK,
        [{"of_family": item.family_id, "hashed": token_hash(item.link)} for item in made],
    )
    members = [
        (ids[code], position, member)
        for code, (household, _key) in by_code.items()
        if code in ids
        for position, member in enumerate(household.members, start=1)
    ]
    people = _insert_people(rules.festival.id, delegation.id, members)
    _record_agreements(
        [(people[ids[code]][at_place], member) for code, (household, _key) in by_code.items() if code in ids
         for at_place, member in enumerate(household.members)],
        method,
    )  # fmt: skip
    _propose_entries(
        rules,
        [
            (ids[code], delegation.id, household, people.get(ids[code], []))
            for code, (household, _key) in by_code.items()
            if code in ids
        ],
    )
    ledger.append_many(
        _stream(rules.festival),
        [
            (
                "registration.submitted" if submit else "registration.entered",
                {"family": item.code, "delegation": delegation.code, "version": 1},
                {"family": by_code[item.code][0].name, "origin": str(origin), "members": len(by_code[item.code][0].members)},
            )
            for item in made
        ],
    )
    return made


def _insert_people(
    festival_id: int, delegation_id: int, members: Sequence[tuple[int, int, Member]]
) -> dict[int, list[int]]:
    """Rows of people; answers the ids by family in the order of the members."""
    if not members:
        return {}
    codes = [new_typed_code(CODE_CHARACTERS) for _member in members]
    rows = [
        {
            "festival_id": festival_id,
            "delegation_id": delegation_id,
            "family_id": family_id,
            "code": code,
            "badge": BadgeClass.FAMILY,
            "position": position,
            **_person_values(member),
        }
        for code, (family_id, position, member) in zip(codes, members, strict=True)
    ]
    ids = {row.code: row.id for row in _run(_INSERT_PEOPLE, rows)}
    by_family: dict[int, list[int]] = {}
    for code, (family_id, _position, _member) in zip(codes, members, strict=True):
        by_family.setdefault(family_id, []).append(ids[code])
    return by_family


def _person_values(member: Member) -> dict[str, Any]:
    leads = member.relation is Relation.REPRESENTATIVE
    return {
        "name": member.name,
        "folded": fold(member.name),
        "relation": "" if leads or member.relation is None else member.relation.value,
        "representative": leads,
        "sex": Sex(member.sex.value) if member.sex else None,
        "birth_year": member.birth.year if member.birth else None,
        "born_on": member.birth.date if member.birth else None,
        "phone": member.phone,
        "needs": member.needs,
    }


def _folded(household: Household) -> str:
    return fold(household.name)


def _propose_entries(rules: Rules, families: Sequence[tuple[int, int, Household, list[int]]]) -> None:
    """An entry per family and contest, waiting for approval, with its performers."""
    rows, performers = [], {}
    for family_id, delegation_id, household, people in families:
        for code in household.entries:
            contest = rules.contests.get(code)
            if contest is None:
                continue
            entry_code = new_typed_code(CODE_CHARACTERS)
            rows.append(
                {
                    "contest_id": contest.id,
                    "delegation_id": delegation_id,
                    "family_id": family_id,
                    "code": entry_code,
                    "name": household.name,
                    "state": EntryState.PROPOSED,
                }
            )
            performers[entry_code] = [
                person for person, member in zip(people, household.members, strict=True) if code in member.contests
            ]
    if not rows:
        return
    ids = {row.code: row.id for row in _run(_INSERT_ENTRIES, rows)}
    _run(
        _INSERT_PERFORMERS,
        [
            {"entry_id": ids[code], "person_id": person_id}
            for code, listed in performers.items()
            for person_id in listed
        ],
    )


# ---------------------------------------------------------------- changing


def change_family(rules: Rules, family: Family, household: Household, version: int, method: str = "form") -> Done | Stale | SameHousehold:
    """Replace what a registration says, as long as it is not decided and nobody changed it meanwhile.

    People are known again by their code (else by the spelling of their name), so that consents stay with them.
    """
    household = cleaned(household)
    taken = select(Family.id).where(
        Family.festival_id == family.festival_id,
        Family.identity == household.identity,
        Family.state != FamilyState.WITHDRAWN,
        Family.id != family.id,
    )
    if household.identity and db.session.scalar(taken) is not None:
        return SameHousehold()
    changed = _step(
        family,
        version,
        queries.OPEN_STATES,
        name=household.name,
        folded=_folded(household),
        phone=household.phone,
        email=household.email,
        address=household.address,
        introduction=household.introduction,
        identity=household.identity,
    )
    if isinstance(changed, Stale):
        return changed
    people = _replace_people(family, household)
    db.session.execute(delete(Entry).where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED))
    _propose_entries(rules, [(family.id, family.delegation_id, household, people)])
    _record_agreements(list(zip(people, household.members, strict=True)), method)
    _note(rules.festival, "registration.changed", family, changed.version, {"family": household.name})
    return changed


def _replace_people(family: Family, household: Household) -> list[int]:
    """Update, add and remove people; answers their ids in the order of the members."""
    known = {person.code: person for person in family.members}
    by_name = {spelling(person.name): person for person in family.members}
    kept: list[tuple[Member, Person | None]] = []
    used: set[int] = set()
    for member in household.members:
        person = known.get(member.code) or by_name.get(spelling(member.name))
        if person is not None and person.id in used:
            person = None
        if person is not None:
            used.add(person.id)
        kept.append((member, person))
    gone = [person.id for person in family.members if person.id not in used]
    if gone:
        db.session.execute(delete(EntryPerson).where(EntryPerson.person_id.in_(gone)))
        db.session.execute(delete(Consent).where(Consent.person_id.in_(gone)))
        db.session.execute(delete(Person).where(Person.id.in_(gone)))
    # Nobody leads for a moment, or two of the old and new order would collide on the unique index.
    db.session.execute(update(Person).where(Person.family_id == family.id).values(representative=False))
    ids = []
    for position, (member, person) in enumerate(kept, start=1):
        if person is None:
            ids.append(_insert_people(family.festival_id, family.delegation_id, [(family.id, position, member)])[family.id][0])
        else:
            values = {**_person_values(member), "position": position}
            db.session.execute(update(Person).where(Person.id == person.id).values(**values))
            ids.append(person.id)
    return ids


def submit_family(rules: Rules, item: FamilyView, version: int) -> Done | Stale | NotComplete:
    """Send a complete family for approval."""
    if item.lacks:
        return NotComplete(item.lacks)
    outcome = _step(
        item.family,
        version,
        (FamilyState.DRAFT, FamilyState.RETURNED),
        state=FamilyState.SUBMITTED,
        submitted_at=now(),
        return_reason="",
    )
    if isinstance(outcome, Done):
        _note(rules.festival, "registration.submitted", item.family, outcome.version, {"family": item.family.name})
    return outcome


# ---------------------------------------------------------------- deciding


class _Undo(Exception):
    """Rolls the savepoint of one decision back and carries its outcome out."""

    def __init__(self, outcome: Stale | QuotaFull) -> None:
        super().__init__()
        self.outcome = outcome


def approve(
    rules: Rules, item: FamilyView, version: int, by: int | None, attachments: Sequence[Attachment] = ()
) -> Decision:
    """Take a complete, waiting family in: a place of the delegation and of each contest, a pass, a letter.

    The quota is held by conditional updates: of 64 approvals at once for 10 places, 10 get one. `attachments` (the
    picture of the pass) are made before the transaction.
    """
    if item.lacks:
        return NotComplete(item.lacks)
    family = item.family
    try:
        with db.session.begin_nested():
            _take_family_place(family)
            decided = _step(
                family,
                version,
                (FamilyState.SUBMITTED,),
                state=FamilyState.APPROVED,
                decided_at=now(),
                decided_by=by,
                return_reason="",
            )
            if isinstance(decided, Stale):
                raise _Undo(decided)
            _enrol_entries(rules, family)
    except _Undo as undo:
        return undo.outcome
    row = issue_pass("family", family.id, family.festival_id)
    _delegation_pass(family)
    _note(rules.festival, "registration.approved", family, decided.version, {"family": family.name, "by": by})
    if family.email:
        send_mail(
            family.email,
            _("Gia đình đã được duyệt tham gia ngày hội"),
            "registration_approved.txt",
            attachments,
            family=family,
            festival=rules.festival,
            typed=typed_of(row),
            link=queries.link_code(family),
        )
    return decided


def _take_family_place(family: Family) -> None:
    taken = db.session.scalar(
        update(Delegation)
        .where(Delegation.id == family.delegation_id, Delegation.approved_count < Delegation.families_max)
        .values(approved_count=Delegation.approved_count + 1)
        .returning(Delegation.approved_count)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        most = db.session.scalar(select(Delegation.families_max).where(Delegation.id == family.delegation_id))
        raise _Undo(QuotaFull("", most or 0))


def _enrol_entries(rules: Rules, family: Family) -> None:
    """The family's entries take their places; who is in a mixed team joins the delegation's one."""
    # In the order of contests, so that two approvals never wait for each other crosswise.
    entries = db.session.execute(
        select(Entry.id, Contest)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED)
        .order_by(Contest.id)
    ).all()
    for entry_id, contest in entries:
        if contest.entrant is EntrantKind.TEAM:
            _join_team(family, entry_id, contest)
            continue
        _take_contest_place(family, contest)
        db.session.execute(update(Entry).where(Entry.id == entry_id).values(state=EntryState.ENROLLED))


def _take_contest_place(family: Family, contest: Contest) -> None:
    place = {"delegation_id": family.delegation_id, "contest_id": contest.id}
    db.session.execute(_insert(ContestPlace).values(**place, taken=0).on_conflict_do_nothing())
    taken = db.session.scalar(
        update(ContestPlace)
        .where(
            ContestPlace.delegation_id == family.delegation_id,
            ContestPlace.contest_id == contest.id,
            ContestPlace.taken < contest.entries_per_delegation,
        )
        .values(taken=ContestPlace.taken + 1)
        .returning(ContestPlace.taken)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise _Undo(QuotaFull(contest.name, contest.entries_per_delegation))


def _join_team(family: Family, entry_id: int, contest: Contest) -> None:
    """The delegation's row is locked by the approval, so one team is made however many families join at once."""
    team_id = db.session.scalar(
        select(Entry.id).where(
            Entry.contest_id == contest.id,
            Entry.delegation_id == family.delegation_id,
            Entry.family_id.is_(None),
            Entry.state == EntryState.ENROLLED,
        )
    )
    if team_id is None:
        _take_contest_place(family, contest)
        name = db.session.scalar(select(Delegation.name).where(Delegation.id == family.delegation_id))
        team_id = db.session.scalar(
            insert(Entry)
            .values(
                contest_id=contest.id,
                delegation_id=family.delegation_id,
                code=new_typed_code(CODE_CHARACTERS),
                name=name,
                state=EntryState.ENROLLED,
            )
            .returning(Entry.id)
        )
    people = db.session.scalars(select(EntryPerson.person_id).where(EntryPerson.entry_id == entry_id)).all()
    if people:
        rows = [{"entry_id": team_id, "person_id": person_id} for person_id in people]
        db.session.execute(_insert(EntryPerson).on_conflict_do_nothing(), rows)


def approve_complete(
    rules: Rules, delegation: Delegation, by: int | None, pictures: Mapping[int, Attachment] | None = None
) -> tuple[list[Family], list[tuple[Family, Decision]]]:
    """All complete waiting families of a delegation: those approved, and those not with the reason."""
    approved: list[Family] = []
    refused: list[tuple[Family, Decision]] = []
    for item in queries.complete_and_waiting(delegation.id, rules):
        picture = (pictures or {}).get(item.family.id)
        outcome = approve(rules, item, item.family.version, by, [picture] if picture else [])
        if isinstance(outcome, Done):
            approved.append(item.family)
        else:
            refused.append((item.family, outcome))
    return approved, refused


def return_family(rules: Rules, family: Family, version: int, reason: str, by: int | None) -> Done | Stale:
    """Give it back with what to mend."""
    return _decide(rules, family, version, FamilyState.RETURNED, reason, by, "registration.returned")


def reject_family(rules: Rules, family: Family, version: int, reason: str, by: int | None) -> Done | Stale:
    """Refuse it, with the reason."""
    return _decide(rules, family, version, FamilyState.REJECTED, reason, by, "registration.rejected")


def _decide(
    rules: Rules, family: Family, version: int, state: FamilyState, reason: str, by: int | None, kind: str
) -> Done | Stale:
    outcome = _step(
        family,
        version,
        (FamilyState.SUBMITTED, FamilyState.RETURNED) if state is FamilyState.REJECTED else (FamilyState.SUBMITTED,),
        state=state,
        return_reason=reason,
        decided_at=now(),
        decided_by=by,
    )
    if isinstance(outcome, Stale):
        return outcome
    _note(rules.festival, kind, family, outcome.version, {"family": family.name, "reason": reason, "by": by})
    if family.email:
        send_mail(
            family.email,
            _("Hồ sơ đăng ký ngày hội cần xem lại") if state is FamilyState.RETURNED else _("Hồ sơ đăng ký ngày hội"),
            "registration_returned.txt",
            family=family,
            festival=rules.festival,
            reason=reason,
            returned=state is FamilyState.RETURNED,
            link=queries.link_code(family),
        )
    return outcome


def undo_approval(rules: Rules, family: Family, version: int, reason: str, by: int | None) -> Undoing:
    """Back to waiting, as long as nothing stands on the approval yet; the pass becomes a tombstone."""
    _lock_delegation(family)
    bound = dependents.reasons(family.id)
    if bound:
        return Bound(bound)
    outcome = _step(
        family, version, (FamilyState.APPROVED,), state=FamilyState.SUBMITTED, decided_at=None, decided_by=None
    )
    if isinstance(outcome, Stale):
        return outcome
    _release_places(family, EntryState.PROPOSED)
    _retire_passes("family", family.id)
    payload = {"family": family.name, "reason": reason, "by": by}
    _note(rules.festival, "registration.approval_undone", family, outcome.version, payload)
    return outcome


def withdraw_family(rules: Rules, family: Family, version: int | None, by: str) -> Done | Stale:
    """The family does not come: its places are free again, its pass ends. `version` None = whatever it is now."""
    _lock_delegation(family)
    was = db.session.scalar(select(Family.state).where(Family.id == family.id).with_for_update())
    current = version if version is not None else _current(family).version
    outcome = _step(
        family,
        current,
        (FamilyState.DRAFT, FamilyState.SUBMITTED, FamilyState.RETURNED, FamilyState.APPROVED),
        state=FamilyState.WITHDRAWN,
        decided_at=now(),
    )
    if isinstance(outcome, Stale):
        return outcome
    if was is FamilyState.APPROVED:
        _release_places(family, EntryState.WITHDRAWN)
        _retire_passes("family", family.id)
    db.session.execute(
        update(Entry)
        .where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED)
        .values(state=EntryState.WITHDRAWN)
    )
    _note(rules.festival, "registration.withdrawn", family, outcome.version, {"family": family.name, "by": by})
    return outcome


def _lock_delegation(family: Family) -> None:
    """Delegation first, then family, as an approval does: two that lock crosswise would wait for each other for ever."""
    db.session.execute(select(Delegation.id).where(Delegation.id == family.delegation_id).with_for_update())


def _release_places(family: Family, entries_become: EntryState) -> None:
    db.session.execute(
        update(Delegation)
        .where(Delegation.id == family.delegation_id)
        .values(approved_count=Delegation.approved_count - 1)
        .execution_options(synchronize_session=False)
    )
    freed = db.session.scalars(
        update(Entry)
        .where(Entry.family_id == family.id, Entry.state == EntryState.ENROLLED)
        .values(state=entries_become)
        .returning(Entry.contest_id)
    ).all()
    _free_contest_places(family.delegation_id, freed)
    _leave_teams(family)


def _leave_teams(family: Family) -> None:
    """Take the family's people out of the delegation's mixed teams; a team nobody is in any more ends."""
    teams = select(Entry.id).where(Entry.delegation_id == family.delegation_id, Entry.family_id.is_(None))
    people = select(Person.id).where(Person.family_id == family.id)
    left = db.session.scalars(
        delete(EntryPerson)
        .where(EntryPerson.entry_id.in_(teams), EntryPerson.person_id.in_(people))
        .returning(EntryPerson.entry_id)
    ).all()
    occupied = set(db.session.scalars(select(EntryPerson.entry_id).where(EntryPerson.entry_id.in_(set(left)))))
    empty = set(left) - occupied
    if empty:
        contests = db.session.scalars(
            update(Entry)
            .where(Entry.id.in_(empty), Entry.state == EntryState.ENROLLED)
            .values(state=EntryState.WITHDRAWN)
            .returning(Entry.contest_id)
        ).all()
        _free_contest_places(family.delegation_id, contests)


def _free_contest_places(delegation_id: int, contest_ids: Iterable[int]) -> None:
    for contest_id in contest_ids:
        db.session.execute(
            update(ContestPlace)
            .where(
                ContestPlace.delegation_id == delegation_id,
                ContestPlace.contest_id == contest_id,
                ContestPlace.taken > 0,
            )
            .values(taken=ContestPlace.taken - 1)
            .execution_options(synchronize_session=False)
        )


def _step(family: Family, version: int, states: Sequence[FamilyState], **values: Any) -> Done | Stale:
    """Move a family on if it is still the version that was seen, in one of the states; else say what it is now."""
    done = db.session.scalar(
        update(Family)
        .where(Family.id == family.id, Family.version == version, Family.state.in_(states))
        .values(version=Family.version + 1, **values)
        .returning(Family.version)
        .execution_options(synchronize_session=False)
    )
    return Done(done) if done is not None else _current(family)


def _current(family: Family) -> Stale:
    state, version = db.session.execute(select(Family.state, Family.version).where(Family.id == family.id)).one()
    return Stale(state, version)


# ---------------------------------------------------------------- consent


def record_consent(
    rules: Rules, family: Family, person: Person, purpose: ConsentPurpose, given_by: str, given_as: str, method: str
) -> None:
    """Somebody agrees for a person; a consent that stands already is left as it was first given."""
    _give([(person.id, purpose, given_by, given_as)], method)
    version = _touch(family)
    payload = {"person": person.name, "purpose": str(purpose), "by": given_by, "as": given_as, "how": method}
    _note(rules.festival, "consent.given", family, version, payload)


def withdraw_consent(rules: Rules, family: Family, person: Person, purpose: ConsentPurpose, by: str) -> bool:
    """Take a consent back; answers whether there was one."""
    found = db.session.scalars(
        update(Consent)
        .where(Consent.person_id == person.id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now())
        .returning(Consent.id)
    ).all()
    if found:
        payload = {"person": person.name, "purpose": str(purpose), "by": by}
        _note(rules.festival, "consent.withdrawn", family, _touch(family), payload)
    return bool(found)


def _touch(family: Family) -> int:
    """What a family lacks has changed, so a reviewer who looked before must look again."""
    version = db.session.scalar(
        update(Family)
        .where(Family.id == family.id)
        .values(version=Family.version + 1)
        .returning(Family.version)
        .execution_options(synchronize_session=False)
    )
    return version or 0


def _record_agreements(people: Sequence[tuple[int, Member]], method: str) -> None:
    given = []
    for person_id, member in people:
        if member.agreement.by:
            given.append((person_id, ConsentPurpose.TAKING_PART, member.agreement.by, member.agreement.as_who))
        if member.own_agreement:
            given.append((person_id, ConsentPurpose.CHILD_OWN, member.name, "self"))
        if member.publish:
            by = member.agreement.by or member.name
            given.append((person_id, ConsentPurpose.PUBLISH, by, member.agreement.as_who))
    _give(given, method)


def _give(given: Sequence[tuple[int, ConsentPurpose, str, str]], method: str) -> None:
    if not given:
        return
    at = now()
    texts = _text_ids({item[1] for item in given})
    rows = [
        {
            "person_id": person_id,
            "text_id": texts[purpose],
            "purpose": purpose,
            "given_by": by,
            "given_as": as_who,
            "method": method,
            "given_at": at,
        }
        for person_id, purpose, by, as_who in given
    ]
    _run(_insert(Consent).on_conflict_do_nothing(), rows)


def _text_ids(purposes: Iterable[ConsentPurpose]) -> dict[ConsentPurpose, int]:
    """The rows of the present words; made by the first who agrees to them."""
    wanted = {purpose: CONSENT_WORDS[purpose] for purpose in purposes}
    found = _known_texts(wanted)
    for purpose in wanted.keys() - found.keys():
        version, body = wanted[purpose]
        values = {"purpose": purpose, "version": version, "body": body}
        db.session.execute(_insert(ConsentText).values(**values).on_conflict_do_nothing())
    return found if len(found) == len(wanted) else _known_texts(wanted)


def _known_texts(wanted: Mapping[ConsentPurpose, tuple[int, str]]) -> dict[ConsentPurpose, int]:
    rows = db.session.execute(_SELECT_TEXTS)
    return {row.purpose: row.id for row in rows if row.purpose in wanted and row.version == wanted[row.purpose][0]}


# ---------------------------------------------------------------- passes and links


def issue_pass(owner: Owner, owner_id: int, festival_id: int) -> Pass:
    """The next issue of a pass; an older one becomes a tombstone that gates still know."""
    at = now()
    column = {"family": Pass.family_id, "delegation": Pass.delegation_id, "person": Pass.person_id}[owner]
    _retire_passes(owner, owner_id)
    last = db.session.scalar(select(Pass.issue).where(column == owner_id).order_by(Pass.issue.desc()).limit(1)) or 0
    row = Pass(
        festival_id=festival_id,
        family_id=owner_id if owner == "family" else None,
        delegation_id=owner_id if owner == "delegation" else None,
        person_id=owner_id if owner == "person" else None,
        issue=last + 1,
        issued_at=at,
        **new_pass_values(owner, owner_id, last + 1),
    )
    db.session.add(row)
    db.session.flush()
    return row


def reissue_pass(rules: Rules, family: Family, by: int | None) -> Pass:
    """A lost card: a new pass, the old one is refused from the next list on."""
    row = issue_pass("family", family.id, family.festival_id)
    payload = {"family": family.name, "issue": row.issue, "by": by}
    _note(rules.festival, "pass.reissued", family, family.version, payload)
    return row


def next_issue(owner_id: int) -> int:
    """The number the next pass of a family will have (to draw its picture before the transaction)."""
    last = db.session.scalar(select(Pass.issue).where(Pass.family_id == owner_id).order_by(Pass.issue.desc()).limit(1))
    return (last or 0) + 1


def _retire_passes(owner: Owner, owner_id: int) -> None:
    column = {"family": Pass.family_id, "delegation": Pass.delegation_id, "person": Pass.person_id}[owner]
    db.session.execute(
        update(Pass).where(column == owner_id, Pass.replaced_at.is_(None)).values(replaced_at=now())
    )


def _delegation_pass(family: Family) -> None:
    """The bus in one scan: a delegation has its own pass from its first approved family on."""
    # Its row is locked by this approval's quota update, so two approvals do not both find none.
    known = db.session.scalar(select(Pass.id).where(Pass.delegation_id == family.delegation_id).limit(1))
    if known is None:
        issue_pass("delegation", family.delegation_id, family.festival_id)


def replace_link(rules: Rules, family: Family, by: int | None) -> str:
    """A new link for a family whose old one went astray; the old one leads nowhere."""
    issue = family.link_issue + 1
    code = link_code_of(family.id, issue)
    db.session.execute(
        update(Family).where(Family.id == family.id).values(link_issue=issue, link_hash=token_hash(code))
    )
    _note(rules.festival, "link.replaced", family, family.version, {"family": family.name, "by": by})
    return code


# ---------------------------------------------------------------- officers


def assign_officer(rules: Rules, delegation: Delegation, user_id: int) -> None:
    """This account registers the families of the delegation from now on."""
    values = {"delegation_id": delegation.id, "user_id": user_id}
    db.session.execute(_insert(DelegationOfficer).values(**values).on_conflict_do_nothing())
    ledger.append(_stream(rules.festival), "officer.assigned", {"delegation": delegation.code, "user": user_id}, {})


def dismiss_officer(rules: Rules, delegation: Delegation, user_id: int) -> None:
    """This account registers them no longer."""
    db.session.execute(
        delete(DelegationOfficer).where(
            DelegationOfficer.delegation_id == delegation.id, DelegationOfficer.user_id == user_id
        )
    )
    ledger.append(_stream(rules.festival), "officer.dismissed", {"delegation": delegation.code, "user": user_id}, {})


# ---------------------------------------------------------------- drafts and imports


def start_draft(festival_id: int) -> str:
    """An empty form kept on the server; answers the token of its link."""
    token = new_token()
    at = now()
    db.session.execute(delete(RegistrationDraft).where(RegistrationDraft.expires_at <= at))
    db.session.add(
        RegistrationDraft(
            festival_id=festival_id,
            token_hash=token_hash(token),
            content={"delegation": "", "household": to_json(Household())},
            created_at=at,
            expires_at=at + DRAFT_LIFETIME,
        )
    )
    db.session.flush()
    return token


def save_draft(draft: RegistrationDraft, delegation: str, household: Household) -> None:
    """Keep what was typed so far."""
    db.session.execute(
        update(RegistrationDraft)
        .where(RegistrationDraft.id == draft.id)
        .values(
            content={"delegation": delegation, "household": to_json(cleaned(household))},
            version=RegistrationDraft.version + 1,
        )
    )


def clear_draft(draft: RegistrationDraft) -> None:
    """The form has become a family: its copy of the data goes, the link stays to lead there."""
    db.session.execute(
        update(RegistrationDraft)
        .where(RegistrationDraft.id == draft.id)
        .values(content={"delegation": "", "household": to_json(Household())})
    )


def keep_import(delegation: Delegation, file_name: str, fates: Sequence[FamilyFate], by: int | None) -> str:
    """Keep what a file would write until the officer confirms; answers the token of the preview."""
    token = new_token()
    at = now()
    # An upload nobody confirmed within a day is forgotten: it holds names and phones.
    db.session.execute(
        delete(ImportBatch).where(ImportBatch.applied_at.is_(None), ImportBatch.created_at < at - timedelta(days=1))
    )
    db.session.add(
        ImportBatch(
            delegation_id=delegation.id,
            token_hash=token_hash(token),
            file_name=file_name[:200],
            households=[to_json(each.household) for each in fates if each.fate is Fate.NEW],
            created_by=by,
            created_at=at,
        )
    )
    db.session.flush()
    return token


@dataclass(frozen=True, slots=True)
class Imported:
    """What a confirmed file did; the same answer however often it is confirmed."""

    new: int
    same: int


def apply_import(rules: Rules, delegation: Delegation, batch: ImportBatch) -> Imported:
    """Write a previewed file, all families in this one transaction, once."""
    first = db.session.scalar(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.applied_at.is_(None))
        .values(applied_at=now())
        .returning(ImportBatch.id)
        .execution_options(synchronize_session=False)
    )
    if first is None:
        row = db.session.execute(
            select(ImportBatch.new_families, ImportBatch.same_families).where(ImportBatch.id == batch.id)
        ).one()
        return Imported(row.new_families, row.same_families)
    households: list[tuple[Household, str | None]] = [(from_json(item), None) for item in batch.households]
    made = register_families(rules, delegation, households, Origin.EXCEL, method="paper")
    done = Imported(len(made), len(households) - len(made))
    db.session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id)
        .values(households=[], new_families=done.new, same_families=done.same)
        .execution_options(synchronize_session=False)
    )
    return done


# ---------------------------------------------------------------- small things


def _stream(festival: Festival) -> str:
    return f"decisions:{festival.code}"


def _note(festival: Festival, kind: str, family: Family, version: int, payload: Mapping[str, object]) -> None:
    ledger.append(_stream(festival), kind, {"family": family.code, "version": version}, payload)


def _insert(model: type[Any]) -> PostgresqlInsert | SqliteInsert:
    """INSERT of the database's own dialect, for ON CONFLICT."""
    postgresql = db.session.get_bind().dialect.name == "postgresql"
    return postgresql_insert(_table(model)) if postgresql else sqlite_insert(_table(model))


def _run(statement: Executable, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
    """Many rows by one statement on the tables themselves: the mapper would split them by which values are None."""
    return db.session.connection().execute(statement, rows)
