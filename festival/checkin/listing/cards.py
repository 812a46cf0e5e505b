"""Whom does each valid pass stand for, and what of it may a gate know?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy import Executable, or_, select

from festival.badges import queries as badges
from festival.badges.queries import BadgeLine
from festival.checkin.listing.held import ListedPass
from festival.core.database import db
from festival.core.names import fold
from festival.core.transaction import once
from festival.logistics.needs import Need
from festival.logistics.queries import needs_of
from festival.passes import tokens
from festival.passes.blank import as_pass, free_blanks
from festival.passes.models import BlankPass, Pass
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.shown.pictures import without_pictures
from festival.roster.shown.public_names import NameReader, NamesHeld, names_held

Needs = Mapping[int, frozenset[Need]]

_DELEGATIONS = select(Delegation.id, Delegation.name, Delegation.head_phone)

_FAMILIES = select(Family.id, Family.name, Family.folded, Family.phone, Family.delegation_id).where(
    Family.state == FamilyState.APPROVED
)

_PEOPLE = select(
    Person.id,
    Person.code,
    Person.name,
    Person.folded,
    Person.relation,
    Person.phone,
    Person.badge,
    Person.family_id,
    Person.delegation_id,
    Person.out.label("out"),
).order_by(Person.family_id, Person.position)

_PASSES = (
    select(Pass.id, Pass.list_id, Pass.issue, Pass.family_id, Pass.delegation_id, Pass.person_id, Pass.blank_id)
    .where(Pass.replaced_at.is_(None))
    .order_by(Pass.id)
)

Line = Any
"""A plain row of the selects below: with 20,000 people, whole objects would take twice as long."""


def needs_shown(festival_id: int) -> Needs:
    """Who needs help of which kind; the stamp of the list and the list ask the same."""
    return once(("needs_of", festival_id), lambda: needs_of(festival_id))


def cards(festival_id: int, of: Collection[int] | None = None) -> list[ListedPass]:
    """Every valid pass of the festival with its people; nine statements of plain rows however many there are.

    `of`: only those of these delegations and of their families.
    """
    delegations = {row.id: row for row in _lines(_DELEGATIONS.where(Delegation.festival_id == festival_id))}
    theirs = () if of is None else (Family.delegation_id.in_(of),)
    own_families = select(Family.id).where(Family.festival_id == festival_id, *theirs)
    some = () if of is None else (or_(Person.family_id.in_(own_families), Person.delegation_id.in_(of)),)
    listed = () if of is None else (or_(Pass.family_id.in_(own_families), Pass.delegation_id.in_(of)),)
    families = {row.id: row for row in _lines(_FAMILIES.where(Family.festival_id == festival_id, *theirs))}
    people = _lines(_PEOPLE.where(Person.festival_id == festival_id, *some))
    passes = _lines(_PASSES.where(Pass.festival_id == festival_id, *listed))
    held, needs = names_held(festival_id, NameReader.DEVICES, of), needs_shown(festival_id)
    of_family: dict[int, list[Line]] = {}
    beside: dict[int, list[Line]] = {}
    less: dict[int, int] = {}
    for person in people:
        if person.out and person.family_id is not None:
            # Whoever does not take part any more is not on the list; that somebody left is, without a name or a reason.
            less[person.family_id] = less.get(person.family_id, 0) + 1
        elif person.family_id is not None:
            of_family.setdefault(person.family_id, []).append(person)
        elif person.delegation_id is not None and not person.out:
            beside.setdefault(person.delegation_id, []).append(person)
    with force_locale("vi"):  # one list for every phone
        outside = {line.person_id: line for line in badges.present(festival_id)}
    list_id_of = {row.family_id: row.list_id for row in passes if row.family_id is not None}
    by_id = {person.id: person for person in people}
    made = []
    for row in passes:
        card: ListedPass | None = None
        if row.family_id is not None and row.family_id in families:
            card = _family_card(
                row, families[row.family_id], of_family.get(row.family_id, []), delegations, held, needs
            )
            card.record["unit"] += f" · bớt {less[row.family_id]} người" if row.family_id in less else ""
        elif row.delegation_id is not None:
            own = [_line(person, held, needs, outside.get(person.id)) for person in beside.get(row.delegation_id, [])]
            card = _delegation_card(
                row, delegations[row.delegation_id], families, of_family, own, list_id_of, held, needs
            )
        elif row.person_id is not None and row.person_id in by_id:
            card = _person_card(row, by_id[row.person_id], delegations, needs, outside.get(row.person_id))
        if card is not None:
            made.append(card)
    if of is None:
        made += [_blank_card(row) for row in free_blanks(festival_id)]
        unseen = set(without_pictures(festival_id))
    else:
        unseen = {each for delegation_id in of for each in without_pictures(festival_id, delegation_id)}
    _sign_pictures(made, {by_id[each].code for each in unseen if each in by_id})
    return made


def _sign_pictures(made: Iterable[ListedPass], unseen: Collection[str]) -> None:
    """`np`: of how many of a pass no picture may be published; a sign for whoever takes photographs, and nobody's name."""
    for card in made:
        groups = [card.record, *card.record.get("groups", [])]
        count = sum(member["c"] in unseen for group in groups for member in group["members"])
        if count:
            card.record["np"] = count


def _lines(statement: Executable) -> Sequence[Line]:
    return db.session.connection().execute(statement).all()


def _line(person: Line, held: NamesHeld, needs: Needs, outside: BadgeLine | None = None) -> dict[str, Any]:
    shown = {"c": person.code, "n": held.people.get(person.id, person.name), "r": person.relation}
    if outside is not None:
        shown["k"] = _called(outside)
    # A small sign of the help somebody needs, only where it was agreed that a gate sees it.
    return shown | ({"h": sorted(needs[person.id])} if person.id in needs else {})


def _called(line: BadgeLine, *more: str) -> str:
    """What the gate reads below a name: the class, the title, and where somebody belongs."""
    return " · ".join(dict.fromkeys(filter(None, (line.look.word, line.who.title, *more))))


def _family_card(
    row: Line, family: Line, members: list[Line], delegations: dict[int, Line], held: NamesHeld, needs: Needs
) -> ListedPass:
    record = {
        "t": "family",
        "name": held.family(family.id, family.name),
        "unit": delegations[family.delegation_id].name,
        "members": [_line(person, held, needs) for person in members],
    }
    phones = (family.phone, *(person.phone for person in members))
    search = " ".join([family.folded, *(m.folded for m in members)])
    return ListedPass(row.list_id, row.id, tokens.token_of(row), record, search, phones)


def _delegation_card(
    row: Line,
    delegation: Line,
    families: dict[int, Line],
    of_family: dict[int, list[Line]],
    beside: list[dict[str, Any]],
    list_id_of: dict[int, str],
    held: NamesHeld,
    needs: Needs,
) -> ListedPass:
    groups = [
        {
            "name": held.family(family.id, family.name),
            "pass": list_id_of.get(family.id, ""),
            "members": [_line(person, held, needs) for person in of_family.get(family.id, [])],
        }
        for family in families.values()
        if family.delegation_id == delegation.id
    ]
    record = {
        "t": "delegation",
        "name": delegation.name,
        "unit": delegation.name,
        "groups": groups,
        "members": beside,
    }
    return ListedPass(
        row.list_id,
        row.id,
        tokens.token_of(row),
        record,
        fold(delegation.name),
        (delegation.head_phone,),
    )


def _person_card(
    row: Line, person: Line, delegations: dict[int, Line], needs: Needs, outside: BadgeLine | None
) -> ListedPass:
    unit = delegations[person.delegation_id].name if person.delegation_id in delegations else ""
    if outside is not None:
        unit = _called(outside, outside.list_name)
    record = {
        "t": "person",
        "name": person.name,
        "unit": unit,
        "badge": person.badge,
        "members": [_line(person, NamesHeld(), needs)],
    }
    return ListedPass(row.list_id, row.id, tokens.token_of(row), record, person.folded, (person.phone,))


def _blank_card(blank: BlankPass) -> ListedPass:
    """A blank pass that nobody has claimed lets nobody in; the gate says where to take it."""
    row = as_pass(blank)
    record = {"t": "blank", "name": f"Thẻ trắng số {blank.number}", "unit": "", "members": []}
    return ListedPass(row.list_id, 0, tokens.token_of(row), record, "", ())
