"""Which rows are the people of a household and the entries it proposes? Many households by a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import insert_rows, json_rows
from festival.core.names import fold
from festival.core.secrets import new_typed_code
from festival.core.statements import table
from festival.core.transaction import open_connection
from festival.roster.household import Household, Member
from festival.roster.models import BadgeClass, Entry, EntryPerson, EntryState, Person
from festival.roster.people import Relation
from festival.roster.rules import Rules

_PEOPLE, _ENTRIES = table(Person), table(Entry)
_OF_A_PERSON = (
    *("family_id", "code", "position", "name", "folded", "relation"),
    *("representative", "sex", "birth_year", "born_on", "phone", "needs"),
)
_INSERT_PEOPLE = Prepared(
    lambda database: insert_rows(_PEOPLE, database, _OF_A_PERSON, ("festival_id", "delegation_id", "badge")).returning(
        _PEOPLE.c.id, _PEOPLE.c.code
    )
)
_INSERT_PERFORMERS = Prepared(lambda database: insert_rows(table(EntryPerson), database, ("entry_id", "person_id")))


def insert_people(
    festival_id: int, delegation_id: int, members: Sequence[tuple[int, int, Member]]
) -> dict[int, list[int]]:
    """Rows of people; answers the ids by family in the order of the members."""
    if not members:
        return {}
    codes = [new_typed_code() for _member in members]
    rows = [
        {"family_id": family_id, "code": code, "position": position, **_in_json(person_values(member))}
        for code, (family_id, position, member) in zip(codes, members, strict=True)
    ]
    same = {"festival_id": festival_id, "delegation_id": delegation_id, "badge": BadgeClass.FAMILY}
    ids = {row.code: row.id for row in _INSERT_PEOPLE(open_connection(), {"rows": json_rows(rows), **same})}
    by_family: dict[int, list[int]] = {}
    for code, (family_id, _position, _member) in zip(codes, members, strict=True):
        by_family.setdefault(family_id, []).append(ids[code])
    return by_family


def person_values(member: Member) -> dict[str, Any]:
    leads = member.relation is Relation.REPRESENTATIVE
    return {
        "name": member.name,
        "folded": fold(member.name),
        "relation": "" if leads or member.relation is None else member.relation.value,
        "representative": leads,
        "sex": member.sex,
        "birth_year": member.birth.year if member.birth else None,
        "born_on": member.birth.date if member.birth else None,
        "phone": member.phone,
        "needs": member.needs,
    }


def _in_json(values: dict[str, Any]) -> dict[str, Any]:
    born: date | None = values["born_on"]
    return {**values, "born_on": born.isoformat() if born else None}


def _proposing(of_database: str) -> Any:
    put = insert_rows(
        _ENTRIES, of_database, ("contest_id", "delegation_id", "family_id", "code", "name"), ("title", "state")
    )
    return put.on_conflict_do_update(
        index_elements=["contest_id", "family_id"], set_={"state": put.excluded.state, "name": put.excluded.name}
    ).returning(_ENTRIES.c.id, _ENTRIES.c.contest_id, _ENTRIES.c.family_id)


_PROPOSE = Prepared(_proposing)


def propose_entries(rules: Rules, families: Sequence[tuple[int, int, Household, list[int]]]) -> None:
    """An entry per family and contest, waiting for approval, with its performers.

    One that is there already (it ended when everybody in it stopped taking part) waits again, with its performers.
    """
    rows: list[dict[str, Any]] = []
    performers: dict[tuple[int, int], list[int]] = {}
    for family_id, delegation_id, household, people in families:
        for code in household.entries:
            contest = rules.contests.get(code)
            if contest is None:
                continue
            rows.append(
                {
                    "contest_id": contest.id,
                    "delegation_id": delegation_id,
                    "family_id": family_id,
                    "code": new_typed_code(),
                    "name": household.name,
                }
            )
            performers[contest.id, family_id] = [
                person for person, member in zip(people, household.members, strict=True) if code in member.contests
            ]
    if not rows:
        return
    connection = open_connection()
    proposed = {"rows": json_rows(rows), "title": "", "state": EntryState.PROPOSED}
    ids = {(row.contest_id, row.family_id): row.id for row in _PROPOSE(connection, proposed)}
    appearing = [
        {"entry_id": ids[whose], "person_id": person_id} for whose, listed in performers.items() for person_id in listed
    ]
    _INSERT_PERFORMERS(connection, {"rows": json_rows(appearing)})
