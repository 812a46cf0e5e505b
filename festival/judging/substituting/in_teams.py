"""Would a mixed team still be one by its contest's composition, if one of it came in for another?"""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.composing.composed import composition_of
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.roster.composition.rule import TeamMate, composition_faults
from festival.roster.families import birth_of
from festival.roster.models import Entry, EntryPerson, Family, Person
from festival.roster.rules import Rules
from festival.roster.teams.models import TeamMember
from festival.roster.words import relation_of


def as_a_team(rules: Rules, entry: Entry, leaves: Person, comes: Person) -> tuple[list[Sentence], list[Sentence]]:
    """What the rules refuse of the team as it would be, and of what they warn; the substitution's reason answers a warning."""
    barred = [
        N_("%(name)s đang ở đội khác của phần thi này: đưa ra khỏi đội ấy trước.", "subst_other_team", name=comes.name)
        for _other in _named_elsewhere(entry, comes)
    ]
    lines = composition_of(entry.contest)
    if entry.family_id is not None or not lines:
        return barred, []
    rows = db.session.execute(
        select(Person, Family.code)
        .join(Family, Family.id == Person.family_id)
        .where(
            Person.id.in_(select(EntryPerson.person_id).where(EntryPerson.entry_id == entry.id))
            | (Person.id == comes.id),
            Person.id != leaves.id,
        )
        .order_by(Person.id)
    )
    team = [TeamMate(code, each.name, each.sex, birth_of(each), relation_of(each)) for each, code in rows]
    faults = composition_faults(team, lines, rules.festival.starts_on)
    barred += [each.reason for each in faults if not each.warns]
    return barred, [each.reason for each in faults if each.warns]


def _named_elsewhere(entry: Entry, comes: Person) -> list[int]:
    """The other team of the contest that names this one; in each contest it is one at most."""
    named = select(TeamMember.entry_id).where(
        TeamMember.contest_id == entry.contest_id, TeamMember.person_id == comes.id, TeamMember.entry_id != entry.id
    )
    return list(db.session.scalars(named))
