"""What was handed to whom, and what does the desk's device carry of delegations besides the readable list?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from festival.checkin.handouts.models import Handout
from festival.checkin.handouts.standing import HeldHandout, SaidHandout, standing
from festival.checkin.merge import Moment
from festival.checkin.offline_list import gate_state
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.devices.handlers import DeviceView
from festival.logistics.models import Meal, MealPortions
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.models import Delegation, Entry, EntryState, Family

MARK = 12


def handouts_of(festival_id: int, delegation_ids: Iterable[int] | None = None) -> dict[int, list[HeldHandout]]:
    """Every handing-over as it holds now, by delegation; of these delegations alone when they are named. One statement."""
    wanted = select(Handout).where(Handout.festival_id == festival_id)
    if delegation_ids is not None:
        wanted = wanted.where(Handout.delegation_id.in_(list(delegation_ids)))
    found: dict[int, list[HeldHandout]] = defaultdict(list)
    for held in standing(map(said_of, db.session.scalars(wanted.order_by(Handout.id)))):
        found[int(held.said.delegation)].append(held)
    return found


def said_of(row: Handout) -> SaidHandout:
    """A row as the pure rule reads it."""
    return SaidHandout(
        row.delegation_id, row.root, row.mid, Moment(row.at_ms, row.device_number, row.seq), row.items, row.station,
        row.receiver, row.reason,
    )  # fmt: skip


def desk_state(device: DeviceView, cursor: str | None) -> dict[str, Any]:
    """The gate's state, and `desk`: what has changed for the desk since the mark behind the cursor's `~`, else null."""
    gate, _, mark = (cursor or "").partition("~")
    state = gate_state(device, gate or None)
    cards = _delegations(device.festival_id)
    held = handouts_of(device.festival_id)
    told = {
        "delegations": list(cards.values()),
        "handouts": [_told(each, card["pass"]) for number, card in cards.items() for each in held.get(number, ())],
    }
    now = sha256(canonical_json(told)).hexdigest()[:MARK]
    state["desk"] = None if now == mark else {"mark": now, **told}
    return state


def _delegations(festival_id: int) -> dict[int, dict[str, Any]]:
    """Each delegation that has a pass, by its number: its code to type, who leads it, and how many things it may expect. No phone number."""
    entries = (
        select(func.count())
        .where(Entry.delegation_id == Delegation.id, Entry.state == EntryState.ENROLLED, Entry.from_id.is_(None))
        .scalar_subquery()
    )
    portions = (
        select(func.coalesce(func.sum(MealPortions.portions), 0))
        .join(Meal, Meal.id == MealPortions.meal_id)
        .where(MealPortions.delegation_id == Delegation.id, Meal.removed_at.is_(None))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Pass, Delegation.name, Delegation.rule_code, Delegation.head_name, entries, portions)
        .join(Delegation, Delegation.id == Pass.delegation_id)
        .where(Pass.festival_id == festival_id, Pass.replaced_at.is_(None))
        .order_by(Delegation.position, Delegation.name, Delegation.id)
    )
    return {
        int(card.delegation_id or 0): {
            "pass": card.list_id,
            "typed": tokens.typed_of(card),
            "name": name,
            "code": rule_code or "",
            "head": head,
            "entries": int(count),
            "meals": int(eaten),
        }
        for card, name, rule_code, head, count, eaten in rows
    }


def _told(held: HeldHandout, list_id: str) -> dict[str, Any]:
    said = held.said
    return {
        "pass": list_id,
        "root": said.root,
        "at_ms": held.at_ms,
        "items": dict(said.items),
        "station": said.station,
        "receiver": held.receiver,
        "corrections": held.corrections,
    }


def handout_words(festival_id: int, bodies: Sequence[dict[str, Any]]) -> list[str]:
    """Of which delegation each message speaks, for the office's inbox; "" for a pass nobody issued."""
    asked = {str(body.get("pass")) for body in bodies}
    rows = db.session.execute(
        select(Pass.list_id, Delegation.name)
        .outerjoin(Family, Family.id == Pass.family_id)
        .join(Delegation, (Delegation.id == Pass.delegation_id) | (Delegation.id == Family.delegation_id))
        .where(Pass.festival_id == festival_id, Pass.list_id.in_(asked))
    )
    names: dict[str, str] = {row.list_id: row.name for row in rows}
    return [names.get(str(body.get("pass")), "") for body in bodies]
