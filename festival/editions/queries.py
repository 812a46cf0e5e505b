"""Which festival, phase and unit does a page or command mean?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from festival.core.database import db
from festival.core.transaction import once
from festival.core.web.errors import NotFound
from festival.editions.models import EditionIs, EditionState, Festival, Phase, PhaseKind, Unit, UnitSuccession
from festival.editions.rules.document import parse
from festival.editions.rules.file import read
from festival.editions.rules.ruleset import Ruleset


def festivals() -> list[Festival]:
    """All editions, the latest first, each with its state; the current one of them is not asked for again."""
    latest = select(Festival).options(
        joinedload(Festival.in_state), joinedload(Festival.retention), joinedload(Festival.help_table)
    )
    found = list(db.session.scalars(latest.order_by(Festival.starts_on.desc(), Festival.id.desc())))
    for festival in found:
        if festival.in_state is not None and festival.in_state.state is EditionIs.CURRENT:
            once("current festival", lambda current=festival: current)  # type: ignore[misc]
    return found


def state_of(festival: Festival) -> str:
    """The edition beside the others: "current", "put_away", or "archived"."""
    return festival.in_state.state.value if festival.in_state else "archived"


def not_put_away() -> ColumnElement[bool]:
    """Which editions are there for anybody but the organiser?"""
    away = select(EditionState.festival_id).where(EditionState.state == EditionIs.PUT_AWAY)
    return Festival.id.not_in(away)


def current_festival() -> Festival | None:
    """The edition the pages without a code in their address speak of: the chosen one; None while none is chosen."""
    chosen = select(Festival).join(EditionState).where(EditionState.state == EditionIs.CURRENT)
    chosen = chosen.options(joinedload(Festival.retention), joinedload(Festival.help_table))
    return once("current festival", lambda: db.session.scalars(chosen).one_or_none())


def the_festival() -> Festival:
    """The same where a page is nothing without one; NotFound while none is chosen."""
    festival = current_festival()
    if festival is None:
        raise NotFound()
    return festival


def festival_by_code(code: str) -> Festival | None:
    """The edition of that code."""
    return db.session.scalars(select(Festival).where(Festival.code == code)).one_or_none()


def rules(festival: Festival) -> Ruleset:
    """The rule set as imported, as values."""
    return read(parse(json.dumps(festival.ruleset)), kept=True)


def open_at(kind: PhaseKind, at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Which rows of `phase` say that something of this kind is open at that moment?"""
    return and_(Phase.kind == kind, Phase.opens_at <= at, or_(Phase.closes_at.is_(None), Phase.closes_at > at))


def phase_open(festival: Festival, kind: PhaseKind, at: datetime) -> bool:
    """Whether something is open at that moment."""
    return db.session.scalar(select(Phase.id).where(Phase.festival_id == festival.id, open_at(kind, at))) is not None


def phases(festival_id: int) -> dict[PhaseKind, Phase]:
    """All phases that have times."""
    those = select(Phase).where(Phase.festival_id == festival_id)
    return once(("phases", festival_id), lambda: {phase.kind: phase for phase in db.session.scalars(those)})


def keep_phases(festival_id: int, read: dict[PhaseKind, Phase]) -> dict[PhaseKind, Phase]:
    """Phases that were read together with something else, so that nobody asks for them again."""
    return once(("phases", festival_id), lambda: read)


def phase_state(row: Phase | None, at: datetime) -> str:
    """What a phase is at that moment: "never", "soon", "open" or "closed"."""
    if row is None:
        return "never"
    if at < row.opens_at:
        return "soon"
    return "open" if row.closes_at is None or at < row.closes_at else "closed"


def _valid(on: date) -> tuple[object, object]:
    return or_(Unit.valid_from.is_(None), Unit.valid_from <= on), or_(Unit.valid_to.is_(None), Unit.valid_to >= on)


def unit_by_code(official_code: str, on: date) -> Unit | None:
    """The unit that held the official code on that day."""
    return db.session.scalars(
        select(Unit).where(Unit.official_code == official_code, *_valid(on))  # type: ignore[arg-type]
    ).one_or_none()


def units_by_codes(official_codes: Sequence[str], on: date) -> list[Unit]:
    """The units that held these codes on that day, in the order of the codes; unknown ones are left out."""
    found = db.session.scalars(
        select(Unit).where(Unit.official_code.in_(official_codes), *_valid(on))  # type: ignore[arg-type]
    )
    by_code = {unit.official_code: unit for unit in found}
    return [by_code[code] for code in official_codes if code in by_code]


def became(unit_id: int) -> list[Unit]:
    """The units it went into."""
    return list(
        db.session.scalars(
            select(Unit)
            .join(UnitSuccession, UnitSuccession.new_id == Unit.id)
            .where(UnitSuccession.old_id == unit_id)
            .order_by(Unit.official_code)
        )
    )
