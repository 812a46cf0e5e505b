"""How does somebody agree that others know of an allergy or a need, and what goes when that is taken back?

Each is asked for by itself, per person, and stands in the consents like every other. What was written goes with the agreement:
the line of needs becomes empty, the allergy is deleted. The ledger tells who (by code), for what and how; never what.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from festival.consent.agreements import give
from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import AskedPerson, Ticks, given, unnamed
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.logistics.models import Allergy
from festival.logistics.queries import coming
from festival.logistics.recording import record
from festival.roster.families import birth_of
from festival.roster.models import Delegation, Family, Person
from festival.roster.steps import note

HEALTH = (ConsentPurpose.SUPPORT, ConsentPurpose.ALLERGY)


@dataclass(frozen=True, slots=True)
class AgreedBy:
    """Who was asked, as what, by which road."""

    name: str
    as_who: str
    how: str


def asked(person: Person, festival: Festival) -> AskedPerson:
    """The person as the rules of agreement know it."""
    return AskedPerson(person.name, birth_of(person), festival.starts_on)


def agreed_by(person: AskedPerson, ticks: Ticks, how: str) -> AgreedBy:
    """Who agrees: the person, or for a child father, mother or guardian by name, and from 7 on the child too. BadInput."""
    if not ticks.agreed:
        raise BadInput(_("Hãy hỏi người ấy rồi đánh dấu đồng ý. Chưa đồng ý thì không ghi."))
    fault = unnamed(person, ticks)
    if fault is not None:
        raise BadInput(say(fault))
    if person.child and person.own_asked and not ticks.own:
        raise BadInput(_("%(name)s từ 7 tuổi trở lên: hỏi cả chính bạn ấy rồi đánh dấu.", name=person.name))
    agreement = given(person, ticks).taking_part
    return AgreedBy(agreement.by, agreement.as_who, how)


def own_person(delegation: Delegation, code: str) -> Person:
    """Somebody of this delegation who comes. NotFound."""
    wanted = select(Person).where(Person.code == code, Person.delegation_id == delegation.id, coming())
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound()
    return found


def agree_support(festival: Festival, person: Person, text: str, seen: str, by: AgreedBy) -> None:
    """The line of needs as it is now, with the agreement it stands on. Overtaken when it was changed meanwhile."""
    done = db.session.scalar(
        update(Person)
        .where(Person.id == person.id, Person.needs == seen)
        .values(needs=text)
        .returning(Person.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Overtaken()
    _agree(festival, person, ConsentPurpose.SUPPORT, by)


def agree_allergy(festival: Festival, person: Person, words: str, by: AgreedBy) -> None:
    """The allergy in the words that were agreed to; they replace those there were."""
    put = insert_or_pass(Allergy).values(person_id=person.id, words=words)
    db.session.execute(put.on_conflict_do_update(index_elements=["person_id"], set_={"words": words}))
    _agree(festival, person, ConsentPurpose.ALLERGY, by)


def _agree(festival: Festival, person: Person, purpose: ConsentPurpose, by: AgreedBy) -> None:
    give([(person.id, purpose, by.name, by.as_who)], by.how)
    _tell(
        festival,
        person,
        "consent.given",
        purpose,
        {"person": person.name, "by": by.name, "as": by.as_who, "how": by.how},
    )


def take_back(festival: Festival, person: Person, purpose: ConsentPurpose, how: str) -> bool:
    """End the agreement with what was written on it; answers whether there was one. What stood there without one goes too."""
    ended = db.session.scalars(
        update(Consent)
        .where(Consent.person_id == person.id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now(), withdrawn_how=how)
        .returning(Consent.id)
        .execution_options(synchronize_session=False)
    ).all()
    emptied(person.id, purpose)
    if ended:
        _tell(festival, person, "consent.withdrawn", purpose, {"person": person.name, "by": how})
    return bool(ended)


def emptied(person_id: int, purpose: ConsentPurpose) -> None:
    """What was known only by this agreement is known no more."""
    if purpose is ConsentPurpose.ALLERGY:
        db.session.execute(delete(Allergy).where(Allergy.person_id == person_id))
    if purpose is ConsentPurpose.SUPPORT:
        gone = update(Person).where(Person.id == person_id).values(needs="")
        db.session.execute(gone.execution_options(synchronize_session=False))


def _tell(festival: Festival, person: Person, kind: str, purpose: ConsentPurpose, payload: dict[str, object]) -> None:
    """As every other agreement is told: a family's version moves on, so that gates and forms hear of it."""
    payload = payload | {"purpose": str(purpose)}
    if person.family_id is None:
        record(festival, kind, {"person": person.code, "purpose": str(purpose)}, payload)
        return
    family = db.session.get_one(Family, person.family_id)
    version = db.session.scalar(
        update(Family)
        .where(Family.id == family.id)
        .values(version=Family.version + 1)
        .returning(Family.version)
        .execution_options(synchronize_session=False)
    )
    note(festival, kind, family, version or 0, payload, person=person.code, purpose=str(purpose))
