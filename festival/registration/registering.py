"""How does a household become rows, once?

One form sent five times is one family by a unique key, one household typed twice by its identity. Whole files go in set by
set: 5,000 people are a few dozen statements of one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, overload

from sqlalchemy import update

from festival.core import ledger
from festival.core.clock import now
from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import insert_rows, json_rows, source
from festival.core.names import fold
from festival.core.secrets import look_up_hash, new_typed_code
from festival.core.statements import table
from festival.core.transaction import open_connection
from festival.registration import phases
from festival.registration.agreeing import record_agreements
from festival.registration.guarding import held, resembling
from festival.registration.kept import keeping
from festival.registration.letters import send_received
from festival.registration.models import HeldWhy
from festival.registration.outcomes import (
    AlreadyRegistered,
    NotSent,
    OtherContent,
    Registered,
    Registration,
    SameHousehold,
)
from festival.registration.sending import Ground, Hindrance, hindrances
from festival.roster import families
from festival.roster.household import Household, cleaned
from festival.roster.links import of_families
from festival.roster.links.of_families import link_code_of
from festival.roster.models import Delegation, Family, FamilyState, Origin
from festival.roster.rows import insert_people, propose_entries
from festival.roster.rules import Rules
from festival.roster.steps import stream

CHUNK = 500

_FAMILIES = table(Family)

_OF_EACH = ("code", "name", "folded", "phone", "email", "address", "introduction", "submission_key", "identity")
_SAME = (
    *("festival_id", "delegation_id", "state", "origin", "submission_digest", "created_at", "submitted_at"),
    *("version", "link_issue", "return_reason"),
)
_INSERT_FAMILIES = Prepared(
    lambda database: (
        insert_rows(_FAMILIES, database, _OF_EACH, _SAME)
        .on_conflict_do_nothing()
        .returning(_FAMILIES.c.id, _FAMILIES.c.code)
    )
)


def _linking(database: str) -> Any:
    new = source(_FAMILIES, database, ("id", "link_hash"))
    return update(_FAMILIES).where(_FAMILIES.c.id == new["id"]).values(link_hash=new["link_hash"])


_UPDATE_LINKS = Prepared(_linking)


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
    digest: str | None = None,
    doubtful: bool = False,
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
    digest: str | None = None,
    doubtful: bool = False,
) -> Registration | NotSent:
    """One family; the database lets one of several equal forms through, the others get the same family.

    `submit` sends it for approval at once, if it may be sent; `method` is how the consents in the household were given;
    `digest` names what came under the key. A family that registers itself gets a receipt by mail, unless it is `doubtful`;
    where its household is there already it is registered beside it, and an officer looks (`held`): its sender hears the same.
    """
    barred = _barred(rules, household, phases.ground_of(delegation.id), origin) if submit else ()
    for beside in (False, True):
        sent = [(household, submission_key)]
        made = (
            [] if barred else _register(rules, delegation, sent, origin, submit, method, digest=digest, beside=beside)
        )
        if made:
            _after(rules, household, made[0], origin, beside, doubtful)
            return made[0]
        earlier = families.family_of_form(submission_key) if submission_key else None
        if earlier is not None:
            return _as_before(earlier, digest)
        if barred or origin is not Origin.FAMILY:
            break
    return NotSent(barred) if barred else SameHousehold()


def _as_before(earlier: Family, digest: str | None) -> AlreadyRegistered | OtherContent:
    if earlier.submission_digest != digest:
        return OtherContent()
    # Whoever still holds the key of an old form gets its receipt, never a link that was made since.
    link = of_families.link_code(earlier) if earlier.link_issue == of_families.FIRST_ISSUE else ""
    return AlreadyRegistered(earlier.id, earlier.code, link, earlier.created_at)


def _after(rules: Rules, household: Household, made: Registered, origin: Origin, beside: bool, doubtful: bool) -> None:
    """The receipt; hold what an officer must look at. The letter is worded before the edition is held for the look."""
    if origin is Origin.FAMILY and not doubtful:
        send_received(household, rules.festival, made.link, made.code)
    if beside:
        other = held.standing_with(rules.festival.id, cleaned(household).identity)
        held.hold(rules.festival, made.family_id, made.code, HeldWhy.SAME_HOUSEHOLD, other)
    resembling.look(rules, [made.family_id], new=not beside)
    if doubtful:
        held.hold(rules.festival, made.family_id, made.code, HeldWhy.FILLED_TRAP)


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
        ground = phases.ground_of(delegation.id)
        households = [
            (household, key) for household, key in households if not _barred(rules, household, ground, origin)
        ]
    return _register(rules, delegation, households, origin, submit, method)


def _barred(rules: Rules, household: Household, ground: Ground, origin: Origin) -> tuple[Hindrance, ...]:
    return hindrances(household.facts, rules.quotas, rules.festival.starts_on, ground, origin=origin)


def _register(
    rules: Rules,
    delegation: Delegation,
    households: Sequence[tuple[Household, str | None]],
    origin: Origin,
    submit: bool,
    method: str,
    *,
    digest: str | None = None,
    beside: bool = False,
) -> list[Registered]:
    made: list[Registered] = []
    for start in range(0, len(households), CHUNK):
        chunk = [(cleaned(household), key) for household, key in households[start : start + CHUNK]]
        written = _insert_families(rules, delegation, chunk, origin, submit, digest, beside)
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
    digest: str | None,
    beside: bool,
) -> list[tuple[Registered, Household]]:
    """The rows of the families with their links; those the database passed over are not in the answer."""
    at = now()
    by_code = {new_typed_code(): (household, key) for household, key in households}
    rows = [
        {
            "code": code,
            "name": household.name,
            "folded": folded(household),
            "phone": household.phone,
            "email": household.email,
            "address": household.address,
            "introduction": household.introduction,
            "submission_key": key,
            "identity": held.apart(household.identity, code) if beside else household.identity,
        }
        for code, (household, key) in by_code.items()
    ]
    same = {
        "festival_id": rules.festival.id,
        "delegation_id": delegation.id,
        "state": FamilyState.SUBMITTED if submit else FamilyState.DRAFT,
        "origin": origin,
        "submission_digest": digest,
        "created_at": at,
        "submitted_at": at if submit else None,
        "version": 1,
        "link_issue": of_families.FIRST_ISSUE,
        "return_reason": "",
    }
    connection = open_connection()
    ids = {row.code: row.id for row in _INSERT_FAMILIES(connection, {"rows": json_rows(rows), **same})}
    made = [
        (Registered(ids[code], code, link_code_of(ids[code], 1)), household)
        for code, (household, _key) in by_code.items()
        if code in ids
    ]
    if made:
        links = [{"id": item.family_id, "link_hash": look_up_hash(item.link)} for item, _household in made]
        _UPDATE_LINKS(connection, {"rows": json_rows(links)})
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
    wanted = [item.family_id for item, household in written if any(each.kept for each in household.members)]
    keeping.keep(rules.festival.ends_on, wanted)
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


def folded(household: Household) -> str:
    return fold(household.name)
