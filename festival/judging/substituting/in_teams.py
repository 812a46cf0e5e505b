"""Would a mixed team still be one by its contest's composition, if one of it came in for another?"""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.composing.composed import composition_of
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.roster.composition.rule import CompositionFault, TeamMate, composition_faults
from festival.roster.families import birth_of
from festival.roster.models import Entry, EntryPerson, Family, Person
from festival.roster.rules import Rules
from festival.roster.teams.models import TeamMember
from festival.roster.words import relation_of


def as_a_team(rules: Rules, entry: Entry, leaves: Person, comes: Person) -> tuple[list[Sentence], list[Sentence]]:
    """What newly keeps a team from being one, and of what its rules newly warn: the substitution's reason answers a warning.

    What the team is outside of already, and stays as far outside of, bars nobody; where it comes nearer, what is still missing is
    said. One statement.
    """
    if entry.family_id is not None:
        return [], []
    in_it = select(EntryPerson.person_id).where(EntryPerson.entry_id == entry.id)
    named = (TeamMember.person_id == Person.id) & (TeamMember.contest_id == entry.contest_id)
    rows = db.session.execute(
        select(Person, Family.code, TeamMember.entry_id)
        .join(Family, Family.id == Person.family_id)
        .outerjoin(TeamMember, named)
        .where(Person.id.in_(in_it) | (Person.id == comes.id))
        .order_by(Person.id)
    ).all()
    barred = [
        N_("%(name)s đang ở đội khác của phần thi này: đưa ra khỏi đội ấy trước.", "subst_other_team", name=each.name)
        for each, _family, team in rows
        if each.id == comes.id and team not in (None, entry.id)
    ]

    def faults(without: Person) -> list[CompositionFault]:
        mates = [
            TeamMate(family, each.name, each.sex, birth_of(each), relation_of(each))
            for each, family, _team in rows
            if each.id != without.id
        ]
        return list(composition_faults(mates, composition_of(entry.contest), rules.festival.starts_on))

    had = {(each.line, each.over): each.by for each in faults(comes)}
    warned: list[Sentence] = []
    for each in faults(leaves):
        before = had.get((each.line, each.over), 0)
        if each.by > before:
            (warned if each.warns else barred).append(each.reason)
        elif each.by < before:
            warned.append(N_("Đội gần đúng thành phần hơn, nhưng chưa đúng hẳn: %(lack)s", lack=each.reason))
    return barred, warned
