"""What becomes of dishes and money that a secretary types of a family's table, and what stands now?

Each save is a row of its own, so that what stood before stays readable; that two save the same version at the same moment is
refused by the database. Nothing is taken off by it: a deduction is given by name, by somebody.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import NotFound, Overtaken
from festival.judging.contest_rules import judging_stream
from festival.judging.kitchen.kitchen_rule import TableCount, asks_anything
from festival.judging.kitchen.models import KitchenSlip
from festival.judging.measuring import open_entry
from festival.roster.models import Entry


def slips_of(contest_id: int) -> dict[int, list[KitchenSlip]]:
    """By entry, every version that was typed, the newest first."""
    found: dict[int, list[KitchenSlip]] = {}
    wanted = (
        select(KitchenSlip)
        .join(Entry, Entry.id == KitchenSlip.entry_id)
        .where(Entry.contest_id == contest_id)
        .order_by(KitchenSlip.entry_id, KitchenSlip.version.desc())
    )
    for slip in db.session.scalars(wanted):
        found.setdefault(slip.entry_id, []).append(slip)
    return found


def counted(slips: Iterable[KitchenSlip]) -> TableCount:
    """What stands: the newest version."""
    newest = next(iter(slips), None)
    return TableCount() if newest is None else TableCount(newest.dishes, newest.spent_vnd)


def last_version(entry_id: int) -> int:
    """The number of the newest version, 0 without any."""
    return (
        db.session.scalar(
            select(func.coalesce(func.max(KitchenSlip.version), 0)).where(KitchenSlip.entry_id == entry_id)
        )
        or 0
    )


def note_table(contest_id: int, entry_id: int, count: TableCount, seen: int, typed_by: int | None) -> int:
    """Note what stands on a table, → its version. `seen`: the version that was known; Overtaken when there is another.

    A blank takes back what was there. The same once more changes nothing.
    """
    contest = open_entry(entry_id, contest_id)
    if not asks_anything(contest):
        raise NotFound()
    held = db.session.scalars(
        select(KitchenSlip).where(KitchenSlip.entry_id == entry_id).order_by(KitchenSlip.version.desc()).limit(1)
    ).first()
    version = held.version if held else 0
    if (held is None and count.blank) or (held is not None and counted([held]) == count):
        return version
    if version != seen:
        raise Overtaken(_("Người khác vừa sửa số món hoặc số tiền của gia đình này."))
    slip = KitchenSlip(
        entry_id=entry_id, version=seen + 1, dishes=count.dishes, spent_vnd=count.spent_vnd, typed_by=typed_by,
        typed_at=now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(slip)
            db.session.flush()
    except IntegrityError as taken:
        raise Overtaken(_("Người khác vừa sửa số món hoặc số tiền của gia đình này.")) from taken
    ledger.append(
        judging_stream(contest),
        "kitchen.noted",
        {"entry": entry_id, "version": slip.version},
        {"dishes": count.dishes, "spent_vnd": count.spent_vnd, "typed_by": typed_by},
    )
    return slip.version
