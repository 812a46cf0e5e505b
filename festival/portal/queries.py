"""What does a family see of its own festival?

The family's registration comes from its own rows, its turns from the published programme only: a plan that is still
being moved about would send people to the wrong hour.
"""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from festival.contests.models import ContestState
from festival.contests.queries import entries_told
from festival.core.database import db
from festival.passes.models import Pass
from festival.roster.models import Entry, EntryPerson, EntryState, Person

ENTRY_PURPOSE = "entry"


def standing_pass(family_id: int) -> Pass | None:
    """The family's pass that opens gates; an older issue is a tombstone."""
    return db.session.scalars(select(Pass).where(Pass.family_id == family_id, Pass.replaced_at.is_(None))).first()


def entry_codes(family_id: int, *, gone_too: bool = False) -> frozenset[str]:
    """Entries of the family itself and mixed teams one of its members is in; `gone_too`: also those that take no part any more."""
    in_team = (
        select(EntryPerson.entry_id)
        .join(Person, Person.id == EntryPerson.person_id)
        .where(Person.family_id == family_id)
    )
    own = select(Entry.code).where(or_(Entry.family_id == family_id, Entry.id.in_(in_team)))
    return frozenset(db.session.scalars(own if gone_too else own.where(Entry.state == EntryState.ENROLLED)))


def entries(family_id: int) -> list[Entry]:
    """The family's own entries with their contests; of a final once it was announced who goes on. In a sum it stands from
    the day it is public: its entry comes with a lock of which nobody is to know.
    """
    own = select(Entry).join(Entry.contest).where(Entry.family_id == family_id, entries_told()).order_by(Entry.id)
    found = db.session.scalars(own.options(contains_eager(Entry.contest)))
    return [each for each in found if each.contest.on_stage or each.contest.state is ContestState.PUBLISHED]
