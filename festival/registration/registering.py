"""How does a household become rows, once, and how is it changed and sent?

One form sent five times is one family by a unique key, one household typed twice by its identity. Whole files go in set by
set: 5,000 people are a few dozen statements of one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, overload

from sqlalchemy import bindparam, delete, update
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold, spelling
from festival.core.secrets import new_typed_code, token_hash
from festival.registration import queries
from festival.registration.consents import end_agreements, record_agreements
from festival.registration.household import Household, Member, cleaned
from festival.registration.household_rows import CODE_CHARACTERS, insert_people, person_values, propose_entries
from festival.registration.models import (
    Consent,
    Delegation,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    Origin,
    Person,
)
from festival.registration.outcomes import (
    AlreadyRegistered,
    Done,
    NotSent,
    Registered,
    Registration,
    SameHousehold,
    Sending,
    Stale,
)
from festival.registration.queries import FamilyView, Rules, link_code_of
from festival.registration.sending import SENDABLE, Ground, Hindrance, hindrances
from festival.registration.writing import insert_or_pass, note, run, step, stream, table

CHUNK = 500
_SENDABLE = tuple(FamilyState(state) for state in SENDABLE)

_FAMILIES = table(Family)
_UPDATE_LINK = update(_FAMILIES).where(_FAMILIES.c.id == bindparam("of_family")).values(link_hash=bindparam("hashed"))


@overload
def register_family(
    rules: Rules,
    delegation: Delegation,
    household: Household,
    origin: Origin,
    *,
    submission_key: str | None = None,
    submit: Literal[False] = False,
    method: str = "form",
) -> Registration: ...
@overload
def register_family(
    rules: Rules,
    delegation: Delegation,
    household: Household,
    origin: Origin,
    *,
    submission_key: str | None = None,
    submit: bool,
    method: str = "form",
) -> Registration | NotSent: ...
def register_family(
    rules: Rules,
    delegation: Delegation,
    household: Household,
    origin: Origin,
    *,
    submission_key: str | None = None,
    submit: bool = False,
    method: str = "form",
) -> Registration | NotSent:
    """One family; the database lets one of several equal forms through, the others get the same family.

    `submit` sends it for approval at once, if it may be sent; `method` is how the consents in the household were given.
    """
    barred = _barred(rules, household, queries.ground_of(delegation.id)) if submit else ()
    made = [] if barred else _register(rules, delegation, [(household, submission_key)], origin, submit, method)
    if made:
        return made[0]
    earlier = queries.family_of_submission(submission_key) if submission_key else None
    if earlier is not None:
        return AlreadyRegistered(earlier.id, earlier.code, queries.link_code(earlier))
    return NotSent(barred) if barred else SameHousehold()


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

    A household whose key or identity is there already is passed over by the database and is not in the answer; neither is,
    where they are sent at once, one that may not be sent.
    """
    if submit:
        ground = queries.ground_of(delegation.id)
        households = [(household, key) for household, key in households if not _barred(rules, household, ground)]
    return _register(rules, delegation, households, origin, submit, method)


def _barred(rules: Rules, household: Household, ground: Ground) -> tuple[Hindrance, ...]:
    return hindrances(household.facts, rules.quotas, rules.festival.starts_on, ground)


def _register(
    rules: Rules,
    delegation: Delegation,
    households: Sequence[tuple[Household, str | None]],
    origin: Origin,
    submit: bool,
    method: str,
) -> list[Registered]:
    made: list[Registered] = []
    for start in range(0, len(households), CHUNK):
        chunk = [(cleaned(household), key) for household, key in households[start : start + CHUNK]]
        written = _insert_families(rules, delegation, chunk, origin, submit)
        if written:
            _insert_households(rules, delegation, written, method)
            _note_registered(rules, delegation, written, origin, submit)
        made += [registered for registered, _household in written]
    return made


def _insert_families(
    rules: Rules,
    delegation: Delegation,
    households: Sequence[tuple[Household, str | None]],
    origin: Origin,
    submit: bool,
) -> list[tuple[Registered, Household]]:
    """The rows of the families with their links; those the database passed over are not in the answer."""
    at = now()
    by_code = {new_typed_code(CODE_CHARACTERS): (household, key) for household, key in households}
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
    inserting = insert_or_pass(Family).on_conflict_do_nothing().returning(_FAMILIES.c.id, _FAMILIES.c.code)
    ids = {row.code: row.id for row in run(inserting, rows)}
    made = [
        (Registered(ids[code], code, link_code_of(ids[code], 1)), household)
        for code, (household, _key) in by_code.items()
        if code in ids
    ]
    if made:
        run(_UPDATE_LINK, [{"of_family": item.family_id, "hashed": token_hash(item.link)} for item, _home in made])
    return made


def _insert_households(
    rules: Rules, delegation: Delegation, written: Sequence[tuple[Registered, Household]], method: str
) -> None:
    """The people of new families, what they agreed to, and the entries they propose."""
    members = [
        (item.family_id, position, member)
        for item, household in written
        for position, member in enumerate(household.members, start=1)
    ]
    people = insert_people(rules.festival.id, delegation.id, members)
    agreeing = [
        pair
        for item, household in written
        for pair in zip(people.get(item.family_id, []), household.members, strict=True)
    ]
    record_agreements(agreeing, method)
    propose_entries(
        rules,
        [(item.family_id, delegation.id, household, people.get(item.family_id, [])) for item, household in written],
    )


def _note_registered(
    rules: Rules,
    delegation: Delegation,
    written: Sequence[tuple[Registered, Household]],
    origin: Origin,
    submit: bool,
) -> None:
    kind = "registration.submitted" if submit else "registration.entered"
    lines = [
        (
            kind,
            {"family": item.code, "delegation": delegation.code, "version": 1},
            {"family": household.name, "origin": str(origin), "members": len(household.members)},
        )
        for item, household in written
    ]
    ledger.append_many(stream(rules.festival), lines)


def _folded(household: Household) -> str:
    return fold(household.name)


def change_family(
    rules: Rules, family: Family, household: Household, version: int, method: str = "form"
) -> Done | Stale | SameHousehold:
    """Replace what a registration says, as long as it is not decided and nobody changed it meanwhile.

    People are known again by their code (else by the spelling of their name), so that consents stay with them.
    """
    household = cleaned(household)
    try:
        with db.session.begin_nested():
            changed = step(
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
    except IntegrityError:
        # Asking first would not help: another change may commit between the question and this statement.
        return SameHousehold()
    if isinstance(changed, Stale):
        return changed
    people = _replace_people(family, household)
    db.session.execute(delete(Entry).where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED))
    propose_entries(rules, [(family.id, family.delegation_id, household, people)])
    members = list(zip(people, household.members, strict=True))
    end_agreements(members)
    record_agreements(members, method)
    note(rules.festival, "registration.changed", family, changed.version, {"family": household.name})
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
            ids.append(
                insert_people(family.festival_id, family.delegation_id, [(family.id, position, member)])[family.id][0]
            )
        else:
            values = {**person_values(member), "position": position}
            db.session.execute(update(Person).where(Person.id == person.id).values(**values))
            ids.append(person.id)
    return ids


def submit_family(
    rules: Rules, item: FamilyView, version: int, ground: Ground | None = None, *, by_family: bool = False
) -> Sending:
    """Send a family for approval, if it may be sent. `by_family`: it asks itself, by its own link."""
    family = item.family
    barred = hindrances(
        item.household.facts,
        rules.quotas,
        rules.festival.starts_on,
        ground or queries.ground_of(family.delegation_id),
        state=family.state,
        origin=family.origin,
        by_family=by_family,
    )
    if barred:
        return NotSent(barred)
    outcome = step(family, version, _SENDABLE, state=FamilyState.SUBMITTED, submitted_at=now(), return_reason="")
    if isinstance(outcome, Done):
        note(rules.festival, "registration.submitted", family, outcome.version, {"family": family.name})
    return outcome


def submit_families(rules: Rules, items: Iterable[FamilyView]) -> list[tuple[FamilyView, Sending]]:
    """Send many families as they are now; what became of each."""
    grounds: dict[int, Ground] = {}
    said = []
    for item in items:
        delegation_id = item.family.delegation_id
        if delegation_id not in grounds:
            grounds[delegation_id] = queries.ground_of(delegation_id)
        said.append((item, submit_family(rules, item, item.family.version, grounds[delegation_id])))
    return said
