"""Which requests are there, whose, and what is due?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from festival.core.clock import local, today
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.transaction import once
from festival.core.web.errors import NotFound
from festival.privacy.models import DayOff, PrivacyRequest, RequestState
from festival.privacy.requests.clock import Dues, dues
from festival.privacy.steps import CLOSED, KIND_WORDS, STATE_TONES, STATE_WORDS
from festival.roster.models import Delegation, Family


@dataclass(frozen=True, slots=True)
class RequestShown:
    """A request as pages and papers show it."""

    row: PrivacyRequest
    dues: Dues
    on: date

    @property
    def number(self) -> str:
        """YC7."""
        return f"YC{self.row.number}"

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.row.closed_at is None

    @property
    def late(self) -> bool:
        """Whether a day has passed: that of the answer before there is one, that of doing it afterwards."""
        return self.open and self.due < self.on

    @property
    def due(self) -> date:
        """The next day something has to be done by."""
        return self.dues.answer if self.row.state is RequestState.OPEN else self.dues.done

    @property
    def kind_words(self) -> Sentence:
        """What is asked."""
        return KIND_WORDS[self.row.kind.value]

    @property
    def state_words(self) -> Sentence:
        """How far it is."""
        return STATE_WORDS[self.row.state.value]

    @property
    def tone(self) -> str:
        """Its colour."""
        return STATE_TONES[self.row.state.value]

    @property
    def who(self) -> str:
        """The person's name; '' for the whole family."""
        return self.row.person.name if self.row.person else ""


_LOADED = (
    joinedload(PrivacyRequest.family).joinedload(Family.delegation).joinedload(Delegation.festival),
    joinedload(PrivacyRequest.person),
)


def days_off(festival_id: int) -> list[DayOff]:
    """What the organiser wrote down, in order; read once in a transaction."""
    query = select(DayOff).where(DayOff.festival_id == festival_id).order_by(DayOff.day)
    return once(("days off", festival_id), lambda: list(db.session.scalars(query)))


def shown(row: PrivacyRequest) -> RequestShown:
    """With its days."""
    return _shown(row, {each.day for each in days_off(row.festival_id)})


def _shown(row: PrivacyRequest, off: Collection[date]) -> RequestShown:
    return RequestShown(row, dues(row.kind.value, local(row.made_at).date(), off), today())


def of_family(family_id: int) -> list[RequestShown]:
    """The newest first."""
    query = select(PrivacyRequest).where(PrivacyRequest.family_id == family_id).options(*_LOADED)
    return [shown(row) for row in db.session.scalars(query.order_by(PrivacyRequest.id.desc()))]


def of_edition(festival_id: int, delegation_id: int | None = None, most: int = 200) -> list[RequestShown]:
    """What is to be done first stands first; what is closed after it, the newest first."""
    query = select(PrivacyRequest).where(PrivacyRequest.festival_id == festival_id).options(*_LOADED)
    if delegation_id is not None:
        query = query.join(Family, Family.id == PrivacyRequest.family_id).where(Family.delegation_id == delegation_id)
    closed_last = case((PrivacyRequest.state.in_(CLOSED), 1), else_=0)
    rows: Sequence[PrivacyRequest] = db.session.scalars(
        query.order_by(closed_last, PrivacyRequest.id.desc()).limit(most)
    ).all()
    found = [shown(row) for row in rows]
    return sorted((each for each in found if each.open), key=lambda each: (each.due, each.row.id)) + [
        each for each in found if not each.open
    ]


def by_code(code: str, *, family_id: int | None = None, delegation_id: int | None = None) -> RequestShown:
    """One request; NotFound when it is none of this family's or delegation's."""
    query = select(PrivacyRequest).where(PrivacyRequest.code == code).options(*_LOADED)
    if family_id is not None:
        query = query.where(PrivacyRequest.family_id == family_id)
    if delegation_id is not None:
        query = query.join(Family, Family.id == PrivacyRequest.family_id).where(Family.delegation_id == delegation_id)
    row = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound()
    return shown(row)


def waiting(festival_id: int) -> list[RequestShown]:
    """Those that wait for the organiser, with their days and without their people. One statement, days off and all."""
    waits = PrivacyRequest.state.in_((RequestState.OPEN, RequestState.ANSWERED))
    query = (
        select(PrivacyRequest, DayOff.day)
        .outerjoin(DayOff, DayOff.festival_id == PrivacyRequest.festival_id)
        .where(PrivacyRequest.festival_id == festival_id, waits)
        .order_by(PrivacyRequest.id)
    )
    rows = db.session.execute(query).all()
    off = {row.day for row in rows if row.day is not None}
    return [_shown(one, off) for one in dict.fromkeys(row.PrivacyRequest for row in rows)]


def open_count(festival_id: int) -> int:
    """How many wait for the organiser."""
    waits = PrivacyRequest.state.in_((RequestState.OPEN, RequestState.ANSWERED))
    counted = select(func.count()).select_from(PrivacyRequest).where(PrivacyRequest.festival_id == festival_id, waits)
    return db.session.scalar(counted) or 0
