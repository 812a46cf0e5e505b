"""Which families wait for somebody's agreement, who is warned, and who is dropped? The days are those of `clock`.

A dropped family is withdrawn, so it can be taken back: by its officer, by the organiser, or at the desk when it arrives all the
same. Made-up data of the demo waits for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import joinedload

from festival.consent.models import Consent, ConsentPurpose
from festival.core import ledger
from festival.core.clock import local, now, today
from festival.core.database import db
from festival.core.post.mail_address import MAIL_ADDRESS
from festival.core.statements import insert_or_pass
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.registration import decisions
from festival.registration.letters import send_waiting
from festival.registration.waiting.clock import Waiting, WaitingStep
from festival.registration.waiting.models import WaitingFamily
from festival.roster import families
from festival.roster.delegations import officers
from festival.roster.links import of_families
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.outcomes import Done
from festival.roster.rules import rules_of
from festival.roster.steps import stream
from festival.roster.views import OPEN_STATES

BY = "waiting"


@dataclass(frozen=True, slots=True)
class WaitsFor:
    """A family with the people whose agreement is waited for; `dropped`: it was waited for long enough."""

    family: Family
    people: tuple[str, ...]
    waiting: Waiting
    dropped: bool = False


def _lacks() -> ColumnElement[bool]:
    """Somebody who takes part and for whom nobody agreed."""
    agreed = select(Consent.id).where(
        Consent.person_id == Person.id,
        Consent.purpose == ConsentPurpose.TAKING_PART,
        Consent.withdrawn_at.is_(None),
    )
    return ~Person.out & ~agreed.exists()


def _waits() -> tuple[ColumnElement[bool], ...]:
    person = select(Person.id).where(Person.family_id == Family.id, _lacks())
    return (
        Family.state.in_(OPEN_STATES),
        person.exists(),
    )


def waiting_in(delegation_id: int) -> list[WaitsFor]:
    """The families of a delegation that wait, and those that were dropped, the most urgent first."""
    return _found(Family.delegation_id == delegation_id)


def waiting_of(festival_id: int) -> list[WaitsFor]:
    """The same of a whole edition."""
    return _found(Family.festival_id == festival_id)


def _found(where: ColumnElement[bool]) -> list[WaitsFor]:
    names: dict[int, list[str]] = {}
    lacking = select(Person.family_id, Person.name).join(Family, Family.id == Person.family_id)
    for family_id, name in db.session.execute(lacking.where(where, _lacks()).order_by(Person.position)):
        names.setdefault(family_id or 0, []).append(name)
    wanted = (
        select(Family, WaitingFamily)
        .outerjoin(WaitingFamily, WaitingFamily.family_id == Family.id)
        .where(where, Family.id.in_(names))
        .options(joinedload(Family.delegation).joinedload(Delegation.festival))
    )
    found = []
    for family, joined in db.session.execute(wanted).all():
        row: WaitingFamily | None = joined
        dropped = family.state is FamilyState.WITHDRAWN and row is not None and row.dropped_at is not None
        waits = family.state in OPEN_STATES
        if dropped or waits:
            found.append(WaitsFor(family, tuple(names[family.id]), _clock(family, row), dropped))
    return sorted(found, key=lambda each: (each.dropped, each.waiting.drop_on, each.family.id))


def _clock(family: Family, row: WaitingFamily | None) -> Waiting:
    if row is None:
        return Waiting(local(family.created_at).date())
    if row.dropped_at is not None:  # taken back: it begins anew
        return Waiting(local(row.dropped_at).date())
    return Waiting(local(row.since).date(), row.warned, local(row.warned_at).date() if row.warned_at else None)


def look_after() -> tuple[int, int]:
    """The worker's chore: how many were warned about, and how many dropped."""
    with reading():
        query = select(Family.id).join(Festival, Festival.id == Family.festival_id)
        waiting = list(db.session.scalars(query.where(*_waits(), ~Festival.demo).order_by(Family.id)))
    done = [_step(family_id) for family_id in waiting]
    return done.count(WaitingStep.WARN), done.count(WaitingStep.DROP)


def _step(family_id: int) -> WaitingStep | None:
    with transaction():
        family = families.family_by_id(family_id)
        still = select(Family.version).where(Family.id == family_id, *_waits())
        version = db.session.scalar(still)
        if version is None:
            return None
        row = _row(family_id)
        found = _clock(family, row).step(today())
        if found is WaitingStep.WARN:
            _warn(family, row)
        elif found is WaitingStep.DROP:
            # Under the version that was seen: who agrees at this moment is not dropped.
            # By the officer's road: the officer takes it back, on the page of who waits or of who is withdrawn.
            rules = rules_of(family.delegation.festival)
            if not isinstance(decisions.withdraw_family(rules, family, version, BY, "officer"), Done):
                return None
            row.dropped_at = now()
        return found


def _row(family_id: int) -> WaitingFamily:
    """The family's row, begun anew when it was taken back after it had been dropped."""
    begun = {"family_id": family_id, "since": now(), "warned": 0, "warned_at": None, "dropped_at": None}
    db.session.execute(insert_or_pass(WaitingFamily).values(begun).on_conflict_do_nothing())
    db.session.execute(
        update(WaitingFamily)
        .where(WaitingFamily.family_id == family_id, WaitingFamily.dropped_at.is_not(None))
        .values(**{name: value for name, value in begun.items() if name != "family_id"})
        .execution_options(synchronize_session=False)
    )
    query = select(WaitingFamily).where(WaitingFamily.family_id == family_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _warn(family: Family, row: WaitingFamily) -> None:
    festival = family.delegation.festival
    row.warned, row.warned_at = row.warned + 1, now()
    until = _clock(family, row).drop_on
    subject = {"family": family.code, "warned": row.warned}
    ledger.append(stream(festival), "registration.waiting_warned", subject, {"until": until.isoformat()})
    signed_up = [user.login for user in officers(festival.id).get(family.delegation_id, ())]
    addresses = [login for login in signed_up if MAIL_ADDRESS.fullmatch(login)]
    for to in [*addresses, *([family.email] if family.email else [])]:
        send_waiting(to, family, festival, of_families.link_code(family), until)
