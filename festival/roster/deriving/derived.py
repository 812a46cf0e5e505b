"""How do the entries of a contest that takes no registrations come from another contest, and how do they follow their origin?

A final takes the first of its preliminary, a contest judged blind takes all of the one it belongs to. Such an entry says by
`from_id` where it comes from; it holds no place of a quota. It carries its family, so the family's withdrawal and return reach
it as they reach every entry; what is said here is what else has to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import aliased

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.secrets import new_typed_code
from festival.core.statements import insert_or_pass, run, table
from festival.roster.models import Entry, EntryPerson, EntryState, Family, Person


def derive_entries(contest: Contest, base_ids: Sequence[int]) -> list[Entry]:
    """Entries of the contest that come from these, with their performers who still take part; those that were really made.

    One that is there already is passed over: two who derive the same at one moment make it once, and the second gets
    an empty answer.
    """
    bases = {each.id: each for each in db.session.scalars(select(Entry).where(Entry.id.in_(base_ids)))}
    rows = [
        {
            "contest_id": contest.id,
            "delegation_id": bases[each].delegation_id,
            "family_id": bases[each].family_id,
            "code": new_typed_code(),
            "name": bases[each].name,
            "title": bases[each].title,
            "state": EntryState.ENROLLED,
            "from_id": each,
        }
        for each in base_ids
    ]
    if not rows:
        return []
    entries = table(Entry)
    put = insert_or_pass(Entry).on_conflict_do_nothing().returning(entries.c.id)
    made = [row.id for row in run(put, rows)]
    found = list(db.session.scalars(select(Entry).where(Entry.id.in_(made)).order_by(Entry.id)))
    for each in found:
        performers_of_origin(each)
    return found


def performers_of_origin(entry: Entry) -> None:
    """Who appears in the entry it comes from appears in it, but nobody who stopped taking part."""
    people = db.session.scalars(
        select(EntryPerson.person_id)
        .join(Person, Person.id == EntryPerson.person_id)
        .where(EntryPerson.entry_id == entry.from_id, ~Person.out)
    ).all()
    _appear([entry.id], people)


def remove_derived(entry_ids: Sequence[int]) -> None:
    """Entries that came from others are no more. IntegrityError where something stands on them: a number, a time, a mark."""
    of_them = EntryPerson.entry_id.in_(entry_ids)
    db.session.execute(delete(EntryPerson).where(of_them).execution_options(synchronize_session=False))
    gone = delete(Entry).where(Entry.id.in_(entry_ids), Entry.from_id.is_not(None))
    db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.expire_all()


def join_derived_teams(team_id: int, people: Sequence[int]) -> None:
    """Who joins a mixed team joins what came from it too; one that ended because nobody was left in it takes part again."""
    came = list(db.session.scalars(select(Entry.id).where(Entry.from_id == team_id)))
    if not came:
        return
    _appear(came, people)
    again = update(Entry).where(Entry.id.in_(came), Entry.state == EntryState.WITHDRAWN)
    db.session.execute(again.values(state=EntryState.ENROLLED).execution_options(synchronize_session=False))
    for each in came:
        join_derived_teams(each, people)


def withdraw_with_their_origin(family: Family) -> None:
    """An entry of the family whose origin was given up does not wait for an approval any more."""
    origin = aliased(Entry)
    given_up = exists().where(origin.id == Entry.from_id, origin.state == EntryState.WITHDRAWN)
    db.session.execute(
        update(Entry)
        .where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED, given_up)
        .values(state=EntryState.WITHDRAWN)
        .execution_options(synchronize_session=False)
    )


def _appear(entry_ids: Sequence[int], people: Iterable[int]) -> None:
    rows = [{"entry_id": entry_id, "person_id": person_id} for entry_id in entry_ids for person_id in people]
    if rows:
        db.session.execute(insert_or_pass(EntryPerson).on_conflict_do_nothing(), rows)
