"""What becomes of a draft that was copied from the last edition when the agreement to be kept is taken back?

Nothing else lets it be there: while nobody has agreed to take part in the new edition it is withdrawn at once, nobody brings it
back, and the worker erases it (`privacy.people`). Who still agrees is offered to be copied anew. Where somebody has confirmed the
copy, it is a registration of the family's own and stays.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import aliased

from festival.consent.models import Consent, ConsentPurpose
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import N_
from festival.editions.models import Festival
from festival.roster.models import Entry, EntryState, Family, FamilyState, Person
from festival.roster.outcomes import Done
from festival.roster.places import lock_delegation
from festival.roster.steps import note, step

BY, ROAD = "kept", "office"
FORGOTTEN = N_(
    "Gia đình đã rút sự đồng ý giữ lại từ ngày hội trước, nên bản chép này bỏ và được xóa. Gia đình muốn tham gia thì đăng ký mới.",
    "copy_forgotten",
)


def key_of(festival: str, source: str) -> str:
    """The submission key of a copy: unique, so that a family is copied into an edition once, whoever presses at the same moment."""
    return f"copied:{festival}:{source}"


def _taken_back() -> ColumnElement[bool]:
    """Of the row of a copy: somebody of the family it came from took the agreement back since it was made."""
    source, person = aliased(Family), aliased(Person)
    conditions = [
        Family.submission_key == "copied:" + Festival.code + ":" + source.code,
        Festival.id == Family.festival_id,
        person.family_id == source.id,
        Consent.person_id == person.id,
        Consent.purpose == ConsentPurpose.KEPT,
        Consent.withdrawn_at > Family.created_at,
    ]
    return exists(select(Consent.id).where(*conditions).correlate(Family))


def forgotten(*where: ColumnElement[bool]) -> set[int]:
    """Which of these families are such copies, thrown away and not brought back any more; those erased already are none."""
    query = select(Family.id).where(
        Family.state == FamilyState.WITHDRAWN, Family.submission_key.like("copied:%"), _taken_back(), *where
    )
    return set(db.session.scalars(query))


def drop_copies() -> None:
    """Drafts whose family took the agreement back, and in which nobody has agreed to anything."""
    agreed = exists().where(
        Consent.person_id == Person.id, Person.family_id == Family.id, Consent.withdrawn_at.is_(None)
    )
    query = select(Family).where(
        Family.state == FamilyState.DRAFT, Family.submission_key.like("copied:%"), _taken_back(), ~agreed
    )
    for family in db.session.scalars(query.order_by(Family.delegation_id, Family.id)).all():
        lock_delegation(family)
        # Under the version that was seen: who confirms it at this moment keeps it.
        done = step(
            family,
            family.version,
            (FamilyState.DRAFT,),
            state=FamilyState.WITHDRAWN,
            decided_at=now(),
            withdrawn_from=FamilyState.DRAFT,
            withdrawn_road=ROAD,
        )
        if not isinstance(done, Done):
            continue
        db.session.execute(
            update(Entry)
            .where(Entry.family_id == family.id, Entry.state == EntryState.PROPOSED)
            .values(state=EntryState.WITHDRAWN)
        )
        festival = family.delegation.festival
        payload = {"family": family.name, "by": BY}
        note(festival, "registration.withdrawn", family, done.version, payload, was=str(FamilyState.DRAFT), road=ROAD)
