"""What does a gate phone carry, so that it knows every pass without a network and gives away no name when it is stolen?"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import FromClause, func, select, true

from festival.badges.models import BadgeHolder, BadgeKind, BadgeList
from festival.checkin.counting.told import admissions_since
from festival.checkin.listing.cards import cards, needs_shown
from festival.checkin.listing.held import ListedPass
from festival.checkin.listing.made import gate_list
from festival.checkin.listing.news import Asked, news
from festival.checkin.purposes.known import gates_of, told_to_gates
from festival.core.clock import now
from festival.core.database import db
from festival.core.numbers import typed_number
from festival.devices.handlers import DeviceRole, DeviceView
from festival.passes.models import BlankPass, Pass
from festival.roster.models import Delegation, Family, FamilyState, Person

__all__ = ["ListedPass", "cards", "gate_list", "gate_state", "list_stamp"]

OVERLAP_MS = 60_000
UNFINISHED = "-"  # in place of a stamp: more of the list is to be asked for

READABLE_FOR = (DeviceRole.LEAD, DeviceRole.DESK)


def list_stamp(festival_id: int) -> str:
    """Changes whenever the offline list would: an approved family's people do not change without its version."""
    passes = select(
        func.count(),
        func.max(Pass.id),
        func.count(Pass.replaced_at),
        func.max(Pass.replaced_at),
        func.count(Pass.typed_attempt),
        func.max(Pass.issued_at),  # of a blank pass taken back and given to another nothing else tells
    ).where(Pass.festival_id == festival_id)
    families = select(func.count(), func.sum(Family.version), func.max(Family.decided_at)).where(
        Family.festival_id == festival_id, Family.state == FamilyState.APPROVED
    )
    beside = select(func.count(), func.max(Person.id)).where(
        Person.festival_id == festival_id, Person.family_id.is_(None)
    )
    # Whoever is changed, removed, restored has the next version; so have a list and a class of their own when renamed.
    named = select(Delegation.name, Delegation.head_phone).where(Delegation.festival_id == festival_id)
    in_order = named.order_by(Delegation.id).subquery()
    said = in_order.c.name + " " + in_order.c.head_phone
    outside = select(
        select(func.aggregate_strings(said, "|")).select_from(in_order).scalar_subquery(),
        select(func.sum(BadgeHolder.version))
        .join(BadgeList, BadgeList.id == BadgeHolder.list_id)
        .where(BadgeList.festival_id == festival_id)
        .scalar_subquery(),
        select(func.sum(BadgeList.version)).where(BadgeList.festival_id == festival_id).scalar_subquery(),
        select(func.sum(BadgeKind.version)).where(BadgeKind.festival_id == festival_id).scalar_subquery(),
        select(func.count()).select_from(BlankPass).where(BlankPass.festival_id == festival_id).scalar_subquery(),
    )
    first, *rest = (each.subquery() for each in (passes, families, beside, outside))
    counted: FromClause = first  # each is one line, so the four together are one line, asked at once
    for each in rest:
        counted = counted.join(each, true())
    counts = db.session.execute(select(first, *rest).select_from(counted)).one()
    needs = sorted((who, *sorted(kinds)) for who, kinds in needs_shown(festival_id).items())
    # Passes and families come first: of what they hide the list can tell by itself whose records are concerned.
    of_families = len(passes.selected_columns) + len(families.selected_columns)
    return _digest(*counts[of_families:], *needs) + _digest(*counts[:of_families])


def _digest(*values: object) -> str:
    return sha256("|".join(str(value) for value in values).encode()).hexdigest()[:12]


def gate_state(device: DeviceView, cursor: str | None) -> dict[str, Any]:
    """What of the encrypted list has changed, and the admissions, since the cursor `stamp.ms[.parts[.2]]`.

    With `.2` the list comes in batches, and a small change pass by pass (`listing.news`). Another phone that sends the marks of its parts gets those that differ (`within`: the beginnings of their list ids), any
    other the whole list. A gate's phone gets nothing it could read without a pass; the lead's and the desk's device
    get the names too.
    """
    old_stamp, old_ms, old_parts, form = [*(cursor or "").split(".", 3), "", "", "", ""][:4]
    since = typed_number(old_ms) or 0
    stamp = list_stamp(device.festival_id)
    at_ms = int(now().timestamp() * 1000)
    gates = gates_of(device.festival_id)
    state: dict[str, Any] = {
        # Commits that were under way when we looked come again next time: the overlap is longer than any of them.
        "cursor": f"{stamp}.{max(at_ms - OVERLAP_MS, 0)}",
        "parts": old_parts,
        **admissions_since(device.festival_id, since, exits=gates.exits),
        **told_to_gates(gates),
        "passes": None,
        "list_at_ms": at_ms,
    }
    if stamp != old_stamp:
        asked = Asked(old_stamp, old_parts, form)
        state |= news(device.festival_id, stamp, asked, readable=device.role in READABLE_FOR)
        if "left" in state:
            state["cursor"] = f"{UNFINISHED}.{max(at_ms - OVERLAP_MS, 0)}"
    return state
