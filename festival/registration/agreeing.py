"""Who agreed for whom in a family, and who took it back?"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from festival.consent.agreements import end_refusal, end_unproved, give, refuse
from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import OF_HOUSEHOLD, SELF, standing
from festival.core.clock import now
from festival.core.database import db
from festival.logistics.supporting import emptied
from festival.registration.kept import keeping
from festival.roster.household import Member
from festival.roster.models import Family, Person
from festival.roster.rules import Rules
from festival.roster.steps import note


def record_consent(
    rules: Rules, family: Family, person: Person, purpose: ConsentPurpose, given_by: str, given_as: str, method: str
) -> None:
    """Somebody agrees for a person; a consent that stands already is left as it was first given."""
    if purpose is ConsentPurpose.PUBLISH:
        end_unproved(person.id)
    elif purpose is ConsentPurpose.KEPT:
        keeping.keep(rules.festival.ends_on, [family.id])
    end_refusal(person.id, purpose)
    give([(person.id, purpose, given_by, given_as)], method)
    version = touch(family)
    payload = {"person": person.name, "purpose": str(purpose), "by": given_by, "as": given_as, "how": method}
    note(rules.festival, "consent.given", family, version, payload, person=person.code, purpose=str(purpose))


def record_refusal(
    rules: Rules, family: Family, person: Person, purpose: ConsentPurpose, said_by: str, said_as: str, method: str
) -> None:
    """Somebody was asked for a person and said no; a child's own yes to being published goes with it."""
    if not refuse(person.id, purpose, said_by, said_as, method):
        return
    payload = {"person": person.name, "purpose": str(purpose), "by": said_by, "as": said_as, "how": method}
    note(rules.festival, "consent.refused", family, touch(family), payload, person=person.code, purpose=str(purpose))
    if purpose is ConsentPurpose.CHILD_PUBLISH:
        withdraw_consent(rules, family, person, purpose, method)


def withdraw_consent(rules: Rules, family: Family, person: Person, purpose: ConsentPurpose, by: str) -> bool:
    """Take a consent back; answers whether there was one."""
    found = db.session.scalars(
        update(Consent)
        .where(Consent.person_id == person.id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now(), withdrawn_how=by)
        .returning(Consent.id)
    ).all()
    emptied(person.id, purpose)
    if purpose is ConsentPurpose.KEPT:
        keeping.ended(person)
    if found:
        payload = {"person": person.name, "purpose": str(purpose), "by": by}
        about = {"person": person.code, "purpose": str(purpose)}
        note(rules.festival, "consent.withdrawn", family, touch(family), payload, **about)
    return bool(found)


def touch(family: Family) -> int:
    """What a family lacks has changed, so a reviewer who looked before must look again."""
    version = db.session.scalar(
        update(Family)
        .where(Family.id == family.id)
        .values(version=Family.version + 1)
        .returning(Family.version)
        .execution_options(synchronize_session=False)
    )
    return version or 0


def end_agreements(people: Sequence[tuple[int, Member]]) -> None:
    """What a household no longer says is agreed to does not stand any more: a tick that was a mistake, a corrected birth."""
    for person_id, member in people:
        kept = [ConsentPurpose(purpose) for purpose, _by, _as_who in standing(member.name, member.agreements)]
        stands = member.agreement
        # A guardian by another name is another agreement; one's own stays when one's name is spelt better.
        by_another = (Consent.given_as != SELF) & (Consent.given_by != stands.by)
        agreed_otherwise = (Consent.purpose == ConsentPurpose.TAKING_PART) & (
            (Consent.given_as != stands.as_who) | by_another
        )
        db.session.execute(
            update(Consent)
            .where(
                Consent.person_id == person_id,
                Consent.withdrawn_at.is_(None),
                Consent.purpose.in_(list(map(ConsentPurpose, OF_HOUSEHOLD))),
                Consent.purpose.not_in(kept) | agreed_otherwise,
            )
            .values(withdrawn_at=now())
            .execution_options(synchronize_session=False)
        )


def record_agreements(people: Sequence[tuple[int, Member]], method: str) -> None:
    """Write down everything the members' agreements say; what stands already is left as it was first given."""
    given = [
        (person_id, ConsentPurpose(purpose), by, as_who)
        for person_id, member in people
        for purpose, by, as_who in standing(member.name, member.agreements)
    ]
    give(given, method)
    for person_id, member in people:
        for purpose in member.refused:
            refuse(person_id, ConsentPurpose(purpose), member.name, SELF, method)
