"""Whose passes are there, and what does each of their cards show? A constant number of statements of plain rows.

The delegation's own card comes first, then its families in the order they were registered, then its people with badges;
whoever belongs to no delegation comes at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, or_, select

from festival.core.database import db
from festival.editions.models import Festival
from festival.passes import tokens
from festival.passes.badge_words import DELEGATION
from festival.passes.models import Pass
from festival.passes.printing import BadgeWords, Card, CardTurn, badge_card, titles_of, turns_of
from festival.roster.delegations import delegations
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.shown.pictures import without_pictures

Line = Any  # a plain row: what it has depends on the statement


@dataclass(slots=True)
class Holders:
    """The valid passes of an edition with those they stand for, as far as asked."""

    festival: Festival
    passes: list[Pass]
    delegations: dict[int, Delegation]
    families: dict[int, Line] = field(default_factory=dict)
    people: dict[int, Line] = field(default_factory=dict)
    of_family: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    unseen: dict[int, int | None] = field(default_factory=dict)
    told: tuple[Mapping[int, Sequence[CardTurn]], Mapping[int, BadgeWords]] | None = None  # by rooms above

    def delegation_of(self, row: Pass) -> int | None:
        """To whose cards a pass belongs; None for somebody of no delegation."""
        if row.family_id is not None:
            return int(self.families[row.family_id].delegation_id)
        if row.person_id is not None:
            found = self.people[row.person_id].delegation_id
            return None if found is None else int(found)
        return row.delegation_id

    def ordered(self) -> list[tuple[int | None, list[Pass]]]:
        """Passes by delegation in the order of the delegations, those of none last."""
        groups: dict[int | None, list[Pass]] = {each: [] for each in self.delegations}
        for row in self.passes:
            groups.setdefault(self.delegation_of(row), []).append(row)
        for rows in groups.values():
            rows.sort(key=lambda row: (row.delegation_id is None, row.family_id is None, row.family_id or 0, row.id))
        return [(key, rows) for key, rows in groups.items() if rows]

    def cards(self, rows: Sequence[Pass]) -> Iterator[Card]:
        """Their cards, in this order."""
        if self.told is None:  # once, however many parts are drawn
            badged = [row.person_id for row in self.passes if row.person_id is not None]
            self.told = turns_of(self.festival) if any(row.family_id for row in self.passes) else {}, titles_of(badged)
        turns, titles = self.told
        for row in rows:
            if row.family_id is not None:
                yield self._family(row, self.families[row.family_id], tuple(turns.get(row.family_id, ())))
            elif row.delegation_id is not None:
                yield self._delegation(row, self.delegations[row.delegation_id])
            elif row.person_id is not None:
                person = self.people[row.person_id]
                yield badge_card(
                    row,
                    badge=person.badge.value,
                    name=person.name,
                    unit=self._unit(person.delegation_id),
                    words=titles.get(person.id),
                    no_pictures=int(person.id in self.unseen),
                )

    def _unit(self, delegation_id: int | None) -> str:
        return "" if delegation_id is None else self.delegations[delegation_id].name

    def _family(self, row: Pass, family: Line, turns: Any) -> Card:
        members = self.of_family[family.id]
        head = next((each.name for each in members if each.representative), "")
        # "Gia đình ông Danh Chung" of Danh Chung: the name large, what stands before it small above it
        over, name = (family.name.removesuffix(head).strip(), head) if head else ("", family.name)
        return Card(
            badge="family",
            over=over or family.name,
            name=name,
            unit=self.delegations[family.delegation_id].name,
            number=str(family.place),
            text=tokens.qr_text(row),
            typed=tokens.typed_of(row),
            people=len(members),
            no_pictures=sum(each.id in self.unseen for each in members),
            issue=row.issue,
            turns=turns,
        )

    def _delegation(self, row: Pass, delegation: Delegation) -> Card:
        own = [each for each in self.families.values() if each.delegation_id == delegation.id]
        members = [
            member for each in own if each.state is FamilyState.APPROVED for member in self.of_family.get(each.id, ())
        ]
        return Card(
            badge=DELEGATION,
            name=delegation.name,
            unit=delegation.unit.full_name,
            text=tokens.qr_text(row),
            typed=tokens.typed_of(row),
            people=len(members),
            no_pictures=sum(member.id in self.unseen for member in members),
            issue=row.issue,
        )


def holders(festival: Festival, delegation: Delegation | None = None) -> Holders:
    """Of an edition, or of one delegation."""
    listed = delegations(festival.id) if delegation is None else [delegation]
    found = Holders(festival, [], {each.id: each for each in listed})
    # The third that its delegation has registered is number 3, here as everywhere (roster/shown/public_names).
    place = func.row_number().over(partition_by=Family.delegation_id, order_by=Family.id).label("place")
    families = select(Family.id, Family.name, Family.state, Family.delegation_id, place)
    people = select(Person.id, Person.name, Person.badge, Person.family_id, Person.delegation_id, Person.representative)
    here = Family.festival_id == festival.id
    there = and_(Person.festival_id == festival.id, ~Person.out)
    passes = select(Pass).where(Pass.festival_id == festival.id, Pass.replaced_at.is_(None)).order_by(Pass.id)
    if delegation is not None:
        here = and_(here, Family.delegation_id == delegation.id)
        in_family = Person.family_id.in_(select(Family.id).where(here))
        there = and_(there, or_(Person.delegation_id == delegation.id, in_family))
        passes = passes.where(
            or_(
                Pass.delegation_id == delegation.id,
                Pass.family_id.in_(select(Family.id).where(here)),
                Pass.person_id.in_(select(Person.id).where(there)),
            )
        )
    found.families = {row.id: row for row in db.session.execute(families.where(here))}
    for row in db.session.execute(people.where(there).order_by(Person.family_id, Person.position)):
        found.people[row.id] = row
        if row.family_id is not None:
            found.of_family[row.family_id].append(row)
    known = found.families.keys(), found.people.keys()
    for each in db.session.scalars(passes):
        # a pass of somebody who does not take part any more is printed no more
        if (each.family_id is None or each.family_id in known[0]) and (
            each.person_id is None or each.person_id in known[1]
        ):
            found.passes.append(each)
    found.unseen = without_pictures(festival.id, None if delegation is None else delegation.id)
    return found
