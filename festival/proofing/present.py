"""Which names does a delegation have now, in the order in which they stand on its sheet? Four statements, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.names import sort_key
from festival.proofing.names import NameKind, SheetName
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState, Person
from festival.roster.words import relation_word


def names_now(delegations: Sequence[Delegation]) -> dict[int, list[SheetName]]:
    """By delegation. Who is not approved, does not take part any more or was withdrawn stands on no sheet."""
    ids = [each.id for each in delegations]
    families = _by(_families(ids), lambda row: row.delegation_id)
    people = _by(_people(ids), lambda row: row.family_id or -row.delegation_id)
    entries = _by(_entries(ids), lambda row: row.family_id or -row.delegation_id)
    made: dict[int, list[SheetName]] = {}
    for each in delegations:
        names = [
            SheetName(NameKind.DELEGATION, each.code, each.name, _("tên đoàn"), editable=False),
            SheetName(NameKind.HEAD, each.code, each.head_name, _("trưởng đoàn")),
        ]
        own = families.get(each.id, [])
        heads = {row.id: _head(people.get(row.id, [])) for row in own}
        for row in sorted(own, key=lambda row: (sort_key(heads[row.id] or row.name), row.id)):
            names += _of_family(row, people.get(row.id, ()), entries.get(row.id, ()))
        names += _of_teams(entries.get(-each.id, ()))
        names += [_member(person, "") for person in people.get(-each.id, ())]
        made[each.id] = names
    return made


def _head(people: Iterable[Any]) -> str:
    return next((person.name for person in people if person.representative), "")


def _of_family(family: Any, people: Iterable[Person], entries: Iterable[Any]) -> list[SheetName]:
    # the name follows from the representative's own, and is corrected there
    names = [SheetName(NameKind.FAMILY, family.code, family.name, _("MC đọc"), family.name, editable=False)]
    names += [_member(person, family.name) for person in people]
    for entry in entries:
        if entry.name != family.name:
            names.append(
                SheetName(NameKind.ENTRY, entry.code, entry.name, entry.contest, family.name, entry.id, editable=False)
            )
        if entry.title:
            names.append(
                SheetName(NameKind.TITLE, entry.code, entry.title, _act_of(entry.contest), family.name, entry.id)
            )
    return names


def _of_teams(entries: Iterable[Any]) -> list[SheetName]:
    names = []
    for entry in entries:
        names.append(SheetName(NameKind.ENTRY, entry.code, entry.name, _team_of(entry.contest), "", entry.id))
        if entry.title:
            names.append(SheetName(NameKind.TITLE, entry.code, entry.title, _act_of(entry.contest), "", entry.id))
    return names


def _act_of(contest: str) -> str:
    return str(_("tiết mục, %(contest)s", contest=contest))


def _team_of(contest: str) -> str:
    return str(_("đội, %(contest)s", contest=contest))


def _member(person: Person, group: str) -> SheetName:
    note = relation_word(person) if person.family_id is not None else str(_("người đi cùng đoàn"))
    return SheetName(NameKind.MEMBER, person.code, person.name, note, group)


def _by(rows: Iterable[Any], key: Any) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _families(ids: Sequence[int]) -> Iterable[Any]:
    return db.session.execute(
        select(Family.id, Family.code, Family.name, Family.delegation_id).where(
            Family.delegation_id.in_(ids), Family.state == FamilyState.APPROVED
        )
    )


def _people(ids: Sequence[int]) -> Iterable[Person]:
    approved = select(Family.id).where(Family.delegation_id.in_(ids), Family.state == FamilyState.APPROVED)
    outside = Person.delegation_id.in_(ids) & Person.family_id.is_(None)
    return db.session.scalars(
        select(Person)
        .where(Person.family_id.in_(approved) | outside, ~Person.out)
        .order_by(Person.family_id, Person.position, Person.id)
        .execution_options(populate_existing=True)
    )


def _entries(ids: Sequence[int]) -> Iterable[Any]:
    return db.session.execute(
        select(
            Entry.id,
            Entry.code,
            Entry.name,
            Entry.title,
            Entry.family_id,
            Entry.delegation_id,
            Contest.name.label("contest"),
        )
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.delegation_id.in_(ids), Entry.state == EntryState.ENROLLED, Entry.from_id.is_(None))
        .order_by(Contest.position, Entry.id)
    )
