"""May families register themselves with the delegations of an edition? Opened and closed for all at once, and taken back as a whole.

One line of the ledger tells which delegations an act changed; taking it back changes exactly those that still stand as it left
them, and is such an act itself, so that it can be taken back too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from festival.core import ledger
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.web.errors import Conflict, Overtaken
from festival.editions.models import Festival
from festival.roster.models import Delegation
from festival.roster.steps import stream

KIND = "self_registration.set"


@dataclass(frozen=True, slots=True)
class SelfRegistrationAct:
    """The last act: its place in the ledger, when, what it made of which delegations."""

    seq: int
    at: datetime
    opened: bool
    delegations: tuple[str, ...]


def last_act(festival: Festival) -> SelfRegistrationAct | None:
    """None while nobody ever said it for all."""
    row = db.session.scalar(
        select(LedgerEntry)
        .where(LedgerEntry.stream == stream(festival), LedgerEntry.kind == KIND)
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    )
    if row is None:
        return None
    codes = row.subject["delegations"]
    assert isinstance(codes, list)
    at = datetime.fromtimestamp(row.at_ms / 1000, UTC)
    return SelfRegistrationAct(row.seq, at, bool(row.subject["self"]), tuple(codes))


def set_all(festival: Festival, by: int | None, *, opened: bool) -> int:
    """Every delegation; answers how many that changes. Conflict where it changes none."""
    changed = _set(festival, opened, by)
    if not changed:
        raise Conflict(
            _("Mọi đoàn đã cho gia đình tự đăng ký rồi.") if opened else _("Mọi đoàn đã đóng tự đăng ký rồi.")
        )
    return changed


def take_back(festival: Festival, seen: int, by: int | None) -> int:
    """As it was before the act that was `seen`, where nobody said otherwise for one delegation since. Overtaken, Conflict."""
    act = last_act(festival)
    if act is None or act.seq != seen:
        raise Overtaken()
    changed = _set(festival, not act.opened, by, Delegation.code.in_(act.delegations))
    if not changed:
        raise Conflict(_("Các đoàn ấy đã được đổi riêng từ đó nên không còn gì để lấy lại."))
    return changed


def _set(festival: Festival, opened: bool, by: int | None, *which: ColumnElement[bool]) -> int:
    every = select(Delegation.id).where(Delegation.festival_id == festival.id).order_by(Delegation.id)
    db.session.execute(every.with_for_update())
    other = ~Delegation.self_registration if opened else Delegation.self_registration
    changed = db.session.scalars(
        update(Delegation)
        .where(Delegation.festival_id == festival.id, other, *which)
        .values(self_registration=opened)
        .returning(Delegation.code)
        .execution_options(synchronize_session=False)
    ).all()
    if changed:
        about = {"self": "yes" if opened else "", "delegations": sorted(changed)}
        ledger.append(stream(festival), KIND, about, {"by": by})
    return len(changed)
