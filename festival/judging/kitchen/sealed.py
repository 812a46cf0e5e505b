"""What slips of dishes and money are there in the tables?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.compare import Key
from festival.judging.kitchen.models import KitchenSlip
from festival.roster.models import Entry


def slips(contest_ids: Sequence[int]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Each version of each entry of these contests."""
    wanted = (
        select(
            KitchenSlip.entry_id, KitchenSlip.version, KitchenSlip.dishes, KitchenSlip.spent_vnd, KitchenSlip.typed_by
        )
        .join(Entry, Entry.id == KitchenSlip.entry_id)
        .where(Entry.contest_id.in_(contest_ids))
        .execution_options(yield_per=PART)
    )
    for row in db.session.execute(wanted):
        yield (row.entry_id, row.version), row._asdict()
