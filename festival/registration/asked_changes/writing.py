"""How does an approved family become the household somebody decided on, with its places, agreements and name?

The caller has locked the delegation. Who leaves departs as by an agreement taken back, so that coming back finds the way;
who joins is a new row, or the departed one again. Places of contests are taken by the conditional statements of an approval.
The pass is not touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from festival.consent.models import ConsentPurpose
from festival.contests.models import Contest, ContestState, EntrantKind
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import new_typed_code
from festival.core.statements import insert_or_pass
from festival.core.web.errors import Conflict
from festival.registration import leaving
from festival.registration.agreeing import end_agreements, record_agreements, touch
from festival.registration.renaming import call_family
from festival.roster.families import contests_by_person, family_by_id
from festival.roster.household import Household, Member
from festival.roster.models import Departure, Entry, EntryPerson, EntryState, Family, Person
from festival.roster.places import MADE_BY_NAME, NoPlace, enrol_entries, free_contest_places
from festival.roster.rows import insert_people, person_values
from festival.roster.rules import Rules
from festival.roster.steps import note
from festival.roster.teams.naming import keep_named


def write(rules: Rules, family: Family, target: Household, method: str) -> Household:
    """Make it so; answers the household with the codes of who joined. Conflict, with the reason, when it cannot be."""
    known = {person.code: person for person in family.members}
    people = [known.get(member.code) or _joins(family, place, member) for place, member in enumerate(target.members)]
    kept = {person.id for person in people}
    for person in family.members:
        if (
            person.id not in kept
            and not person.out
            and not leaving.take_back(rules, family, person, ConsentPurpose.TAKING_PART, method)
        ):
            raise Conflict(_("Không còn người lớn nào đại diện gia đình. Hãy rút đăng ký của cả gia đình."))
    _people(rules, family, people, target)
    _contests(rules, family, people, target)
    pairs = [(person.id, member) for person, member in zip(people, target.members, strict=True)]
    end_agreements(pairs)
    record_agreements(pairs, method)
    db.session.flush()
    call_family(family_by_id(family.id))
    named = zip(people, target.members, strict=True)
    return replace(target, members=tuple(replace(member, code=person.code) for person, member in named))


def _joins(family: Family, place: int, member: Member) -> Person:
    rows = insert_people(family.festival_id, family.delegation_id, [(family.id, place + 1, _follower(member))])
    return db.session.get_one(Person, rows[family.id][0])


def _follower(member: Member) -> Member:
    """Two may not lead for a moment; who leads is written with all the others."""
    return replace(member, relation=None)


def _people(rules: Rules, family: Family, people: Sequence[Person], target: Household) -> None:
    for person in people:
        if person.out:
            departure = update(Departure).where(Departure.person_id == person.id, Departure.back_at.is_(None))
            db.session.execute(departure.values(back_at=now()).execution_options(synchronize_session=False))
            payload = {"person": person.name, "family": family.name}
            note(rules.festival, "person.back", family, touch(family), payload, person=person.code)
    db.session.execute(update(Person).where(Person.family_id == family.id).values(representative=False))
    ids = [person.id for person in people]
    for place, (one, member) in enumerate(zip(ids, target.members, strict=True), start=1):
        values = {**person_values(member), "position": place}
        db.session.execute(update(Person).where(Person.id == one).values(**values))
    others = select(Person.id).where(Person.family_id == family.id, Person.id.not_in(ids)).order_by(Person.position)
    for place, other in enumerate(db.session.scalars(others).all(), start=len(ids) + 1):
        db.session.execute(update(Person).where(Person.id == other).values(position=place))


def _contests(rules: Rules, family: Family, people: Sequence[Person], target: Household) -> None:
    entered = contests_by_person([family.id])
    asked: dict[str, list[int]] = {code: [] for code in rules.contests}
    changed: set[str] = set()
    for person, member in zip(people, target.members, strict=True):
        wanted = {code for code in member.contests if code in asked}
        changed |= wanted ^ {code for code in entered.get(person.id, ()) if code in asked}
        for code in wanted:
            asked[code].append(person.id)
    # in the order of contests, so that two never wait for each other crosswise
    for contest in sorted((rules.contests[code] for code in changed), key=lambda each: each.id):
        state = db.session.scalar(select(Contest.state).where(Contest.id == contest.id).with_for_update(read=True))
        if state is not ContestState.OPEN:
            raise Conflict(_("Phần thi %(contest)s đã khóa nên không đổi được người dự thi.", contest=contest.name))
        _perform(family, contest, target.name, asked[contest.code])
    given = {person.id: member.contests for person, member in zip(people, target.members, strict=True)}
    keep_named(rules.festival, family.id, given)
    try:
        enrol_entries(family)
    except NoPlace as full:
        raise Conflict(_no_place(full)) from full


def _no_place(full: NoPlace) -> str:
    contest, most = getattr(full.outcome, "contest", ""), getattr(full.outcome, "most", 0)
    if getattr(full.outcome, "people", False):
        if not contest:
            return str(_("Đoàn nhiều nhất %(most)s người theo chỉ tiêu.", most=most))
        return str(_("Phần thi %(contest)s: đoàn nhiều nhất %(most)s người dự thi.", contest=contest, most=most))
    return str(_("Phần thi %(contest)s: đoàn đã đủ %(most)s theo chỉ tiêu.", contest=contest, most=most))


def _perform(family: Family, contest: Contest, name: str, people: list[int]) -> None:
    """Exactly these of the family appear in its entry; one nobody is left in ends, one that is new waits for its place."""
    own = (Entry.contest_id == contest.id, Entry.family_id == family.id, Entry.from_id.is_(None))
    row = db.session.execute(select(Entry.id, Entry.state).where(*own)).one_or_none()
    if row is None:
        if not people:
            return
        values = {
            "contest_id": contest.id,
            "delegation_id": family.delegation_id,
            "family_id": family.id,
            "code": new_typed_code(),
            "name": name,
            "state": EntryState.PROPOSED,
        }
        row = db.session.execute(insert(Entry).values(values).returning(Entry.id, Entry.state)).one()
    _appear(row.id, family, people)
    if people:
        rows = [{"entry_id": row.id, "person_id": one} for one in people]
        db.session.execute(insert_or_pass(EntryPerson).on_conflict_do_nothing(), rows)
    if not people:
        _end(row.id)
        if row.state is EntryState.ENROLLED:
            free_contest_places(family.delegation_id, [contest.id])
    elif row.state is EntryState.WITHDRAWN:
        db.session.execute(update(Entry).where(Entry.id == row.id).values(state=EntryState.PROPOSED))
    if contest.entrant is EntrantKind.TEAM:
        _leave_team(family, contest, people)


def _leave_team(family: Family, contest: Contest, people: list[int]) -> None:
    """Who does not appear any more leaves the delegation's team; one nobody is left in ends. Who is new joins with the approval."""
    team = select(Entry.id).where(
        Entry.contest_id == contest.id,
        Entry.delegation_id == family.delegation_id,
        Entry.family_id.is_(None),
        Entry.state == EntryState.ENROLLED,
        ~MADE_BY_NAME,
    )
    for team_id in db.session.scalars(team).all():
        _appear(team_id, family, people)
        if (
            not people
            and db.session.scalar(select(EntryPerson.person_id).where(EntryPerson.entry_id == team_id)) is None
        ):
            _end(team_id)
            free_contest_places(family.delegation_id, [contest.id])


def _appear(entry_id: int, family: Family, people: list[int]) -> None:
    """Of this family nobody else appears in the entry."""
    own = select(Person.id).where(Person.family_id == family.id, Person.id.not_in(people))
    gone = delete(EntryPerson).where(EntryPerson.entry_id == entry_id, EntryPerson.person_id.in_(own))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _end(entry_id: int) -> None:
    db.session.execute(update(Entry).where(Entry.id == entry_id).values(state=EntryState.WITHDRAWN))
