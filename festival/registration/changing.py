"""How is a registered family changed, and sent for approval?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from festival.consent.models import Consent
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import spelling
from festival.registration import leaving, phases
from festival.registration.agreeing import end_agreements, record_agreements
from festival.registration.guarding import held, resembling
from festival.registration.letters import readdress
from festival.registration.models import HeldWhy
from festival.registration.outcomes import NotSent, SameHousehold, Sending
from festival.registration.registering import folded
from festival.registration.sending import SENDABLE, Ground, hindrances
from festival.registration.typed import former
from festival.roster import views
from festival.roster.deriving.derived import withdraw_with_their_origin
from festival.roster.families import family_by_id
from festival.roster.household import Household, Member, cleaned
from festival.roster.models import Entry, EntryPerson, EntryState, Family, FamilyState, Person
from festival.roster.outcomes import Done, Stale
from festival.roster.places import leave_entries
from festival.roster.rows import insert_people, person_values, propose_entries
from festival.roster.rules import Rules
from festival.roster.steps import note, step
from festival.roster.teams.naming import keep_named
from festival.roster.views import FamilyView

_SENDABLE = tuple(FamilyState(state) for state in SENDABLE)


def change_family(
    rules: Rules,
    family: Family,
    household: Household,
    version: int,
    method: str = "form",
    *,
    by: int | None = None,
    what: Sequence[Sequence[str]] = (),
) -> Done | Stale | SameHousehold:
    """Replace what a registration says, as long as it is not decided and nobody changed it meanwhile.

    What it said before is kept. `what` the ledger's line tells: which field of which person, never what stands in it.

    People are known again by their code (else by the spelling of their name), so that consents stay with them. A family
    that makes itself equal to another by its link is not told so: an officer looks, as when it had registered so.
    """
    household, before = cleaned(household), views.view(family, rules).household
    plain, beside = household.identity, held.apart(household.identity, family.code)
    stands_beside = family.identity == beside != ""
    changed = _changed(family, household, version, beside if stands_beside else plain)
    if changed is None and method == "link":
        changed = _changed(family, household, version, beside)
        if isinstance(changed, Done):
            other = held.standing_with(family.festival_id, plain)
            held.hold(rules.festival, family.id, family.code, HeldWhy.SAME_HOUSEHOLD, other)
    if changed is None:
        return SameHousehold()
    if isinstance(changed, Stale):
        return changed
    former.keep(family, version, before, by, method)
    if household.email:
        readdress(family, rules.festival, household.email)
    people = _replace_people(family, household)
    _give_up_entries(family, [rules.contests[code].id for code in household.entries if code in rules.contests])
    propose_entries(rules, [(family.id, family.delegation_id, household, people)])
    given = {one: member.contests for one, member in zip(people, household.members, strict=True)}
    keep_named(rules.festival, family.id, given, by)
    members = list(zip(people, household.members, strict=True))
    end_agreements(members)
    record_agreements(members, method)
    told: dict[str, object] = {"family": household.name}
    if what or by is not None:
        told |= {"by": by, "what": [list(each) for each in what]}
    # Before somebody comes back by it: that is a line of its own, and may call the family by another name.
    note(rules.festival, "registration.changed", family, changed.version, told)
    leaving.come_back(rules, family.id)
    for person in family_by_id(family.id).members:
        if person.out:
            leave_entries(person)
    resembling.look(rules, [family.id])
    return changed


def _changed(family: Family, household: Household, version: int, identity: str) -> Done | Stale | None:
    """The family's own row under the version that was seen; None when another registration has this identity."""
    try:
        with db.session.begin_nested():
            return step(
                family,
                version,
                views.OPEN_STATES,
                name=household.name,
                folded=folded(household),
                phone=household.phone,
                email=household.email,
                address=household.address,
                introduction=household.introduction,
                identity=identity,
            )
    except IntegrityError:
        # Asking first would not help: another change may commit between the question and this statement.
        return None


def _give_up_entries(family: Family, kept: list[int]) -> None:
    """Entries are written anew; one of a contest that stays is the same row, by which who comes back finds it again."""
    own = select(Entry.id).where(Entry.family_id == family.id, Entry.from_id.is_(None))
    db.session.execute(
        delete(EntryPerson).where(EntryPerson.entry_id.in_(own)).execution_options(synchronize_session=False)
    )
    given_up = (
        Entry.family_id == family.id,
        Entry.state == EntryState.PROPOSED,
        Entry.contest_id.not_in(kept),
        Entry.from_id.is_(None),
    )
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Entry).where(*given_up))
    except IntegrityError:
        # It was drawn before the family was withdrawn and restored: the row stays, withdrawn and with nobody in it.
        db.session.execute(update(Entry).where(*given_up).values(state=EntryState.WITHDRAWN))
        withdraw_with_their_origin(family)


def _replace_people(family: Family, household: Household) -> list[int]:
    """Update, add and remove people; answers their ids in the order of the members."""
    known = {person.code: person for person in family.members}
    by_name = {spelling(person.name): person for person in family.members}
    kept: list[tuple[Member, Person | None]] = []
    used: set[int] = set()
    for member in household.members:
        person = known.get(member.code) or by_name.get(spelling(member.name))
        if person is not None and person.id in used:
            person = None
        if person is not None:
            used.add(person.id)
        kept.append((member, person))
    gone = [person.id for person in family.members if person.id not in used]
    if gone:
        db.session.execute(delete(EntryPerson).where(EntryPerson.person_id.in_(gone)))
        db.session.execute(delete(Consent).where(Consent.person_id.in_(gone)))
        db.session.execute(delete(Person).where(Person.id.in_(gone)))
    # Nobody leads for a moment, or two of the old and new order would collide on the unique index.
    db.session.execute(update(Person).where(Person.family_id == family.id).values(representative=False))
    ids = []
    for position, (member, person) in enumerate(kept, start=1):
        if person is None:
            ids.append(
                insert_people(family.festival_id, family.delegation_id, [(family.id, position, member)])[family.id][0]
            )
        else:
            values = {**person_values(member), "position": position}
            db.session.execute(update(Person).where(Person.id == person.id).values(**values))
            ids.append(person.id)
    return ids


def submit_family(
    rules: Rules, item: FamilyView, version: int, ground: Ground | None = None, *, by_family: bool = False
) -> Sending:
    """Send a family for approval, if it may be sent. `by_family`: it asks itself, by its own link."""
    family = item.family
    barred = hindrances(
        item.household.facts,
        rules.quotas,
        rules.festival.starts_on,
        ground or phases.ground_of(family.delegation_id),
        state=family.state,
        origin=family.origin,
        by_family=by_family,
        reserve=family.reserve is not None,
    )
    if barred:
        return NotSent(barred)
    outcome = step(family, version, _SENDABLE, state=FamilyState.SUBMITTED, submitted_at=now(), return_reason="")
    if isinstance(outcome, Done):
        note(rules.festival, "registration.submitted", family, outcome.version, {"family": family.name})
    return outcome


def submit_families(rules: Rules, items: Iterable[FamilyView]) -> list[tuple[FamilyView, Sending]]:
    """Send many families as they are now; what became of each."""
    grounds: dict[int, Ground] = {}
    said = []
    for item in items:
        delegation_id = item.family.delegation_id
        if delegation_id not in grounds:
            grounds[delegation_id] = phases.ground_of(delegation_id)
        said.append((item, submit_family(rules, item, item.family.version, grounds[delegation_id])))
    return said
