"""Which readings were refused at the gates, how many for which reason and where, and when was each?

Shown red by the phone itself (torn, of another festival, too early …), refused by the server, or turned away by hand. Nobody
has to look at them; who does may let somebody in all the same (`deciding`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from festival.checkin.lead.machines import READERS
from festival.checkin.lead.set_aside import KIND, SetAside, readings, told, unheard
from festival.core.database import db
from festival.core.web.paging import ListPart, asked_part
from festival.devices.models import Device, Mutation

LINES_A_PAGE = 25

# What a gate calls it, and what the server does: one reason.
KEYS: dict[str, tuple[str, str]] = {
    "torn": ("torn", ""),
    "foreign": ("foreign", ""),
    "not_listed": ("not_listed", ""),
    "blank": ("blank", ""),
    "replaced": ("replaced", "pass_replaced"),
    "closed": ("closed", "closed"),
    "other_class": ("other_class", "other_class"),
    "turned_away": ("", "turned_away"),
    "nobody": ("", "nobody"),
    "malformed": ("", "malformed"),
}
OTHER = "other"


@dataclass(frozen=True, slots=True)
class RefusedCounts:
    """How many for each reason, the most frequent first, and at each gate."""

    reasons: dict[str, int]
    gates: dict[str, int]


def refused_counts(festival_id: int) -> RefusedCounts:
    """All of the festival; one statement."""
    rows = db.session.execute(
        select(Mutation.reason, Mutation.detail, Device.station, func.count())
        .join(Device, Device.id == Mutation.device_id)
        .where(Device.festival_id == festival_id, Device.role.in_(READERS), Mutation.kind == KIND, _refused())
        .group_by(Mutation.reason, Mutation.detail, Device.station)
    )
    reasons: Counter[str] = Counter()
    gates: Counter[str] = Counter()
    for reason, detail, station, many in rows:
        reasons[key_of(reason, detail.get("refused"))] += many
        gates[station] += many
    return RefusedCounts(dict(reasons.most_common()), dict(gates.most_common()))


def refused_lines(festival_id: int, why: str) -> tuple[list[SetAside], ListPart]:
    """The latest that arrived first; with `why` those of that reason."""
    wanted = readings(festival_id).where(_refused(), *([_of(why)] if why else []))
    counted = wanted.with_only_columns(func.count(), maintain_column_froms=True)
    part = asked_part(db.session.scalar(counted) or 0, LINES_A_PAGE)
    newest = wanted.order_by(Mutation.received_at.desc(), Mutation.mid).offset(part.offset).limit(part.size)
    return told(festival_id, db.session.execute(newest).all()), part


def key_of(reason: str | None, at_gate: str | None) -> str:
    """What the page calls it."""
    return next((key for key, (gate, server) in KEYS.items() if (at_gate or reason) in (gate, server)), OTHER)


def _refused() -> ColumnElement[bool]:
    turned_away = and_(Mutation.verdict == "quarantined", Mutation.reason == "turned_away")
    return or_(unheard(), Mutation.verdict == "rejected", turned_away)


def _of(why: str) -> ColumnElement[bool]:
    if why == OTHER:
        known = [server for _gate, server in KEYS.values() if server]
        return and_(Mutation.verdict == "rejected", Mutation.reason.not_in(known))
    gate, server = KEYS.get(why, ("", ""))
    at_gate = Mutation.detail == {"refused": gate} if gate else false()
    return or_(and_(unheard(), at_gate), Mutation.reason == server if server else false())
