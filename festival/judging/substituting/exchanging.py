"""How do the people of an entry, or the families of two entries, change places? Done again it is the way back.

The entry that stands in draw and timetable stays the same row, with its number, its turn and its code on every sheet; what is
said of the act goes with the family. The caller has locked the delegation and asked `foreseeing`.
"""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from festival.acts import keeping, telling
from festival.acts.models import ActFile, ActFileKind
from festival.contests.models import EntrantKind
from festival.core.database import db
from festival.core.secrets import new_typed_code
from festival.core.statements import insert_or_pass
from festival.editions.models import Festival
from festival.judging.substituting.entries import chain, files_on, people_of
from festival.judging.substituting.vacancies import vacancies
from festival.roster.models import Entry, EntryPerson, EntryState, Family, Person
from festival.roster.teams.naming import exchange_named
from festival.schedule.models import Act

HOW = "office"


def hold_turns(entry_ids: list[int]) -> None:
    """Nobody calls these acts to the stage until this is done."""
    db.session.execute(select(Act.id).where(Act.entry_id.in_(entry_ids)).order_by(Act.id).with_for_update())


def exchange_people(
    festival: Festival, entry: Entry, leaves: Person, comes: Person, families: tuple[Family, Family], by: int | None
) -> None:
    """The one performs no more in the entry and what comes from it, the other does instead; `families`: theirs."""
    family, other = families
    left = vacancies(family.id, filled_too=True) if leaves.out else {}
    vacant = {place for place, people in left.items() if leaves.id in [one.id for one in people]}
    for each in chain([entry.id]):
        # Who stopped taking part is in none of them any more; who is out still does not come back by another's leaving.
        if (_gone(each, leaves.id) or each in vacant) and not comes.out:
            _there(each, comes.id)
    if entry.contest.entrant is EntrantKind.TEAM and entry.from_id is None and entry.family_id is None:
        _no_more(entry, leaves, family)
        if not comes.out:
            _now_too(entry, comes, other)
        exchange_named(festival, entry.id, leaves.id, comes.id, by)


def _gone(entry_id: int, person_id: int) -> bool:
    left = delete(EntryPerson).where(EntryPerson.entry_id == entry_id, EntryPerson.person_id == person_id)
    return db.session.scalar(left.returning(EntryPerson.person_id)) is not None


def _there(entry_id: int, person_id: int) -> None:
    values = {"entry_id": entry_id, "person_id": person_id}
    db.session.execute(insert_or_pass(EntryPerson).values(**values).on_conflict_do_nothing())


def _own(entry: Entry, family: Family) -> int | None:
    """What the family itself registered for the team's contest; the team is made of these."""
    own = select(Entry.id).where(Entry.contest_id == entry.contest_id, Entry.family_id == family.id)
    return db.session.scalar(own)


def _no_more(entry: Entry, person: Person, family: Family) -> None:
    own = _own(entry, family)
    if own is not None and _gone(own, person.id) and not people_of([own]):
        db.session.execute(update(Entry).where(Entry.id == own).values(state=EntryState.WITHDRAWN))


def _now_too(entry: Entry, person: Person, family: Family) -> None:
    own = _own(entry, family)
    if own is None:
        values = {
            "contest_id": entry.contest_id,
            "delegation_id": entry.delegation_id,
            "family_id": family.id,
            "code": new_typed_code(),
            "name": family.name,
            "state": EntryState.PROPOSED,
        }
        own = db.session.scalars(insert(Entry).values(values).returning(Entry.id)).one()
    db.session.execute(
        update(Entry).where(Entry.id == own, Entry.state == EntryState.WITHDRAWN).values(state=EntryState.PROPOSED)
    )
    _there(own, person.id)


# ------------------------------------------------------------------------------------------------ two families


def exchange_families(
    festival: Festival, goes_on: Entry, own: Entry, states: tuple[EntryState, EntryState], by: int | None
) -> None:
    """Both entries change family, name, people, and what was said of the act. `states`: of the two afterwards."""
    facts = [telling.facts_of(each, next(iter(telling.versions_of(each.id)), None)) for each in (goes_on, own)]
    families, names = (goes_on.family_id, own.family_id), (goes_on.name, own.name)
    people = people_of([goes_on.id, own.id])
    rounds = chain([goes_on.id])
    # one family has one entry in a contest: nobody's for a moment
    _is(rounds, None, goes_on.name, goes_on.state)
    _is([own.id], families[0], names[0], states[1])
    _is(rounds, families[1], names[1], states[0])
    _performed_by(rounds, list(people.get(own.id, {})))
    _performed_by([own.id], list(people.get(goes_on.id, {})))
    for entry, told in zip((goes_on, own), reversed(facts), strict=True):
        db.session.refresh(entry)
        seen = next((row.version for row in telling.versions_of(entry.id)), 0)
        telling.tell(festival, entry, told, seen, entry.title, HOW, by)


def _is(entry_ids: list[int], family_id: int | None, name: str, state: EntryState) -> None:
    values = {"family_id": family_id, "name": name, "state": state}
    db.session.execute(
        update(Entry).where(Entry.id.in_(entry_ids)).values(values).execution_options(synchronize_session=False)
    )


def _performed_by(entry_ids: list[int], people: list[int]) -> None:
    gone = delete(EntryPerson).where(EntryPerson.entry_id.in_(entry_ids))
    db.session.execute(gone.execution_options(synchronize_session=False))
    rows = [{"entry_id": entry_id, "person_id": person_id} for entry_id in entry_ids for person_id in people]
    if rows:
        db.session.execute(insert_or_pass(EntryPerson).on_conflict_do_nothing(), rows)


def put_aside(festival: Festival, entries: list[Entry], by: int | None) -> list[list[int | str]]:
    """Track and photo of who leaves are not played and shown for who comes; answers which, for the way back."""
    by_id = {each.id: each for each in entries}
    aside: list[list[int | str]] = []
    for row in files_on(list(by_id)):
        keeping.take_away(festival, by_id[row.entry_id], row.number, row.kind, by)
        aside.append([row.entry_id, row.kind.value, row.number])
    return aside


def put_again(festival: Festival, entries: list[Entry], aside: list[list[int | str]], by: int | None) -> None:
    """They stand again, where they are still kept."""
    for entry in entries:
        for _entry_id, kind, number in (each for each in aside if each[0] == entry.id):
            row = db.session.scalar(
                select(ActFile).where(
                    ActFile.entry_id == entry.id, ActFile.kind == ActFileKind(str(kind)), ActFile.number == number
                )
            )
            if row is not None and not row.standing and (row.key is not None or row.format == keeping.USB):
                keeping.put_back(festival, entry, row.number, row.kind, by)
