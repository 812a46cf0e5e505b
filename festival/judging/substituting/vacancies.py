"""Which places of entries stand empty because somebody of a family stopped taking part, and nobody came in for them since?"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from festival.core.database import db
from festival.judging.substituting.models import Substitution, SubstitutionState
from festival.roster.models import Departure, Person
from festival.roster.teams.models import TeamMember


def vacancies(family_id: int, *, filled_too: bool = False) -> dict[int, list[Person]]:
    """Entry → who of this family left it; one statement while nobody of it has left. `filled_too`: also where somebody came in."""
    rows = db.session.execute(
        select(Departure, Person)
        .join(Person, Person.id == Departure.person_id)
        .where(Person.family_id == family_id, Departure.back_at.is_(None))
        .order_by(Person.position)
    ).all()
    if not rows:
        return {}
    # Who is named for a team stays named: the team is let stand without them.
    named = select(TeamMember.entry_id, TeamMember.person_id).where(
        TeamMember.person_id.in_([person.id for _left, person in rows])
    )
    teams: dict[int, list[int]] = defaultdict(list)
    for entry_id, person_id in db.session.execute(named):
        teams[person_id].append(entry_id)
    done = db.session.execute(
        select(Substitution.entry_id, Substitution.out_code, Substitution.decided_at).where(
            Substitution.out_code.in_([person.code for _left, person in rows]),
            Substitution.state == SubstitutionState.DONE,
        )
    ).all()
    found: dict[int, list[Person]] = defaultdict(list)
    for left, person in rows:
        filled = {row.entry_id for row in done if row.out_code == person.code and row.decided_at > left.left_at}
        own = {each["entry"] for each in left.entries if "entry" in each} | set(teams[person.id])
        for entry_id in own if filled_too else own - filled:
            found[entry_id].append(person)
    return dict(found)
