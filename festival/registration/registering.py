"""How does a household become rows, once, and how is it changed and sent?

One form sent five times is one family by a unique key, one household typed twice by its identity. Whole files go in set by
set: 5,000 people are a few dozen statements of one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold, spelling
from festival.core.secrets import new_typed_code, token_hash
from festival.registration import queries
from festival.registration.consents import end_agreements, record_agreements
from festival.registration.eligibility import Relation
from festival.registration.household import Household, Member, cleaned
from festival.registration.models import (
    BadgeClass,
    Consent,
    Delegation,
    Entry,
    EntryPerson,
    EntryState,
    Family,
    FamilyState,
    Origin,
    Person,
    Sex,
)
from festival.registration.outcomes import (
    AlreadyRegistered,
    Done,
    NotComplete,
    Registered,
    Registration,
    SameHousehold,
    Stale,
)
from festival.registration.queries import FamilyView, Rules, link_code_of
from festival.registration.writing import insert_or_pass, note, run, step, stream, table

CODE_CHARACTERS = 10
CHUNK = 500

_PEOPLE, _ENTRIES, _FAMILIES = table(Person), table(Entry), table(Family)
_INSERT_PEOPLE = insert(_PEOPLE).returning(_PEOPLE.c.id, _PEOPLE.c.code)
_INSERT_ENTRIES = insert(_ENTRIES).returning(_ENTRIES.c.id, _ENTRIES.c.code)
_INSERT_PERFORMERS = insert(table(EntryPerson))
_UPDATE_LINK = update(_FAMILIES).where(_FAMILIES.c.id == bindparam("of_family")).values(link_hash=bindparam("hashed"))


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
    made = register_families(rules, delegation, [(household, submission_key)], origin, submit=submit, method=method)
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
    inserting = insert_or_pass(Family).on_conflict_do_nothing().returning(_FAMILIES.c.id, _FAMILIES.c.code)
    ids = {row.code: row.id for row in run(inserting, rows)}
    if not ids:
        return []
    made = [Registered(ids[code], code, link_code_of(ids[code], 1)) for code in by_code if code in ids]
    run(
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
    record_agreements(
        [(people[ids[code]][at_place], member) for code, (household, _key) in by_code.items() if code in ids
         for at_place, member in enumerate(household.members)],
        method,
    )  # fmt: skip
    propose_entries(
        rules,
        [
            (ids[code], delegation.id, household, people.get(ids[code], []))
            for code, (household, _key) in by_code.items()
            if code in ids
        ],
    )
    ledger.append_many(
        stream(rules.festival),
        [
            (
                "registration.submitted" if submit else "registration.entered",
                {"family": item.code, "delegation": delegation.code, "version": 1},
                {
                    "family": by_code[item.code][0].name,
                    "origin": str(origin),
                    "members": len(by_code[item.code][0].members),
                },
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
    ids = {row.code: row.id for row in run(_INSERT_PEOPLE, rows)}
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


def propose_entries(rules: Rules, families: Sequence[tuple[int, int, Household, list[int]]]) -> None:
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
    ids = {row.code: row.id for row in run(_INSERT_ENTRIES, rows)}
    run(
        _INSERT_PERFORMERS,
        [
            {"entry_id": ids[code], "person_id": person_id}
            for code, listed in performers.items()
            for person_id in listed
        ],
    )


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
                _insert_people(family.festival_id, family.delegation_id, [(family.id, position, member)])[family.id][0]
            )
        else:
            values = {**_person_values(member), "position": position}
            db.session.execute(update(Person).where(Person.id == person.id).values(**values))
            ids.append(person.id)
    return ids


def submit_family(rules: Rules, item: FamilyView, version: int) -> Done | Stale | NotComplete:
    """Send a complete family for approval."""
    if item.lacks:
        return NotComplete(item.lacks)
    outcome = step(
        item.family,
        version,
        (FamilyState.DRAFT, FamilyState.RETURNED),
        state=FamilyState.SUBMITTED,
        submitted_at=now(),
        return_reason="",
    )
    if isinstance(outcome, Done):
        note(rules.festival, "registration.submitted", item.family, outcome.version, {"family": item.family.name})
    return outcome
