"""How does somebody of a family stop taking part, and come back? What follows is the rule of `roster.departing`.

The agreement ends, the person leaves the entries of contests that are still open and the lists of the gates; a departure
row remembers what coming back needs. The delegation's row is locked first, as an approval does it.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import AskedPerson, ages, missing_consents
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.queries import entries_told
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.web.errors import Conflict
from festival.registration.agreeing import record_consent, touch, withdraw_consent
from festival.roster.departing import EntryOf, Follows, OneOfFamily, what_follows
from festival.roster.families import birth_of, contests_by_person, family_by_id, household_of_family
from festival.roster.models import Departure, Entry, EntryPerson, EntryState, Family, Person
from festival.roster.people import Relation
from festival.roster.places import NoPlace, keep_own_bounds, leave_entries, lock_delegation, rejoin_entries
from festival.roster.rules import Rules
from festival.roster.steps import note
from festival.roster.teams.standing import let_stand

LEAVES = (ConsentPurpose.TAKING_PART, ConsentPurpose.CHILD_OWN)


def foresee(rules: Rules, family: Family, person: Person) -> Follows:
    """What follows when this person leaves now."""
    members = select(EntryPerson.entry_id, func.count().label("n")).group_by(EntryPerson.entry_id).subquery()
    rows = db.session.execute(
        select(Contest.name, Contest.performers_min, members.c.n)
        .join(Entry, Entry.contest_id == Contest.id)
        .join(EntryPerson, EntryPerson.entry_id == Entry.id)
        .join(members, members.c.entry_id == Entry.id)
        .where(
            EntryPerson.person_id == person.id,
            Contest.state == ContestState.OPEN,
            Contest.result_kind != ResultKind.SUM,
            entries_told(),
            Entry.state == EntryState.ENROLLED if family.decided_at else Entry.state != EntryState.WITHDRAWN,
        )
        .order_by(Contest.position)
    )
    every = {one.id: _one(one, rules) for one in family.members}
    return what_follows(
        every[person.id],
        tuple(every.values()),
        [EntryOf(name, number, least) for name, least, number in rows],
        rules.quotas.members.least or 0,
    )


def _one(person: Person, rules: Rules) -> OneOfFamily:
    birth = birth_of(person)
    least = ages(birth, rules.festival.starts_on).least if birth else None
    return OneOfFamily(person.code, person.name, least, person.representative, person.out)


def take_back(rules: Rules, family: Family, person: Person, purpose: ConsentPurpose, how: str) -> bool:
    """End an agreement with everything that follows; False when nobody is left who could lead the family.

    `how`: "link", or how somebody asked an officer: "in_person", "phone", "paper".
    """
    if purpose not in LEAVES:
        withdraw_consent(rules, family, person, purpose, how)
        return True
    lock_delegation(family)
    follows = foresee(rules, family, person)
    if not follows.possible:
        return False
    ended = [purpose] if purpose is ConsentPurpose.CHILD_OWN else list(ConsentPurpose)
    for each in ended:
        withdraw_consent(rules, family, person, each, how)
    if not person.out:
        left: list[dict[str, Any]] = list(leave_entries(person))
        if follows.leader:
            left.append(_hand_over(family, person, follows.leader))
        db.session.add(Departure(person_id=person.id, entries=left, left_at=now()))
        db.session.flush()
        let_stand(family.delegation_id)
        payload = {"person": person.name, "how": how, "entries": left, "family": _called(family.id)}
        note(rules.festival, "person.left", family, touch(family), payload, person=person.code)
    return True


def come_back(rules: Rules, family_id: int) -> list[str]:
    """Everybody of the family for whom nothing is missing any more is back; answers contests without room for them."""
    family = family_by_id(family_id)
    full: list[str] = []
    household = household_of_family(family, {})
    for person, member in zip(family.members, household.members, strict=True):
        asked = AskedPerson(person.name, member.birth, rules.festival.starts_on)
        if not person.out or any(missing_consents(asked, member.agreements)):
            continue
        lock_delegation(family)
        row = db.session.scalars(
            select(Departure).where(Departure.person_id == person.id, Departure.back_at.is_(None))
        ).one()
        row.back_at = now()
        full += rejoin_entries(family, person, [each for each in row.entries if "entry" in each])
        for led in (each for each in row.entries if "next" in each):
            _hand_back(family, person, led)
        db.session.flush()
        let_stand(family.delegation_id)
        payload = {"person": person.name, "family": _called(family.id)}
        note(rules.festival, "person.back", family, touch(family), payload, person=person.code)
        _keep_within(family)
    return full


def _keep_within(family: Family) -> None:
    """Conflict where the delegation has used up its people or performers meanwhile; nothing of the return is written then."""
    try:
        keep_own_bounds(family.delegation_id)
    except NoPlace as full:
        raise Conflict(
            _(
                "Đoàn đã đủ %(most)s người theo chỉ tiêu nên chưa trở lại được. Ban Tổ chức tăng chỉ tiêu của đoàn thì làm lại bước này.",
                most=getattr(full.outcome, "most", 0),
            )
        ) from full


def give_again(rules: Rules, family: Family, person: Person, purpose: ConsentPurpose, how: str) -> list[str]:
    """Somebody asks an officer to let an agreement stand again: by and as the one who gave it last.

    Taking part brings a child's own agreement back with it; publication is asked by itself.
    """
    wanted = LEAVES if purpose in LEAVES else (purpose,)
    birth = birth_of(person)
    if purpose is ConsentPurpose.PUBLISH and birth and ages(birth, rules.festival.starts_on).child:
        raise Conflict(
            _(
                "Công bố tên, hình của trẻ cần cha, mẹ hoặc người giám hộ đồng ý qua liên kết riêng, hoặc ký phiếu của gia đình."
            )
        )
    for each in wanted:
        last = db.session.scalars(
            select(Consent)
            .where(Consent.person_id == person.id, Consent.purpose == each)
            .order_by(Consent.id.desc())
            .limit(1)
        ).first()
        if last is not None and last.withdrawn_at is not None:
            record_consent(rules, family, person, each, last.given_by, last.given_as, how)
    db.session.flush()
    return come_back(rules, family.id)


def _called(family_id: int) -> str:
    """The family's name as it is now: whoever leads gives it."""
    return db.session.scalar(select(Family.name).where(Family.id == family_id)) or ""


def _hand_over(family: Family, person: Person, code: str) -> dict[str, Any]:
    """The next grown-up leads the family, which is called after that one from now on."""
    following = db.session.scalars(select(Person).where(Person.code == code)).one()
    kept = {"next": following.id, "relation": following.relation}
    _lead(family, person, following, Relation.OTHER.value)
    return kept


def _hand_back(family: Family, person: Person, led: dict[str, Any]) -> None:
    """Who led before leads again, if nobody else was chosen meanwhile."""
    following = db.session.get(Person, led["next"])
    if following is not None and following.representative:
        _lead(family, following, person, led["relation"])


def _lead(family: Family, before: Person, after: Person, relation: str) -> None:
    db.session.execute(update(Person).where(Person.id == before.id).values(representative=False, relation=relation))
    db.session.execute(update(Person).where(Person.id == after.id).values(representative=True, relation=""))
    fresh = family_by_id(family.id)
    household = household_of_family(fresh, contests_by_person([family.id]))
    db.session.execute(
        update(Family).where(Family.id == family.id).values(name=household.name, folded=fold(household.name))
    )
    open_now = select(Contest.id).where(Contest.state == ContestState.OPEN)
    db.session.execute(
        update(Entry)
        .where(Entry.family_id == family.id, Entry.contest_id.in_(open_now))
        .values(name=household.name)
        .execution_options(synchronize_session=False)
    )
    try:
        with db.session.begin_nested():
            db.session.execute(update(Family).where(Family.id == family.id).values(identity=household.identity))
    except IntegrityError:
        # Another registration bears that name and phone; this one keeps the identity it had.
        return
