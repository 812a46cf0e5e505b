"""How do new passes come into the table, so that no two have the same typed code?

Nine digits are few: of 5,000 passes two meet with 1.2 %. The database refuses the second of them, whoever else is making
passes at this moment, and it is made again with the next attempt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass, run, table
from festival.passes.models import Pass
from festival.passes.tokens import Owner, new_pass_values, owner_of

_COLUMNS = table(Pass).c


@dataclass(frozen=True, slots=True)
class NewPass:
    """Whose pass is made, of which festival, and which issue it is."""

    festival_id: int
    owner: Owner
    owner_id: int
    issue: int


def make_passes(wanted: Sequence[NewPass]) -> list[Pass]:
    """The rows, in the order asked for. Another pass of the same owner and issue is an IntegrityError, as it must be."""
    at = now()
    unlike = insert_or_pass(Pass).on_conflict_do_nothing(index_elements=["typed_hash"])
    inserting = unlike.returning(_COLUMNS.id, _COLUMNS.list_id)
    made: dict[str, int] = {}
    waiting, attempt = list(wanted), 0
    while waiting:
        rows = [
            {
                "festival_id": each.festival_id,
                "family_id": each.owner_id if each.owner == "family" else None,
                "delegation_id": each.owner_id if each.owner == "delegation" else None,
                "person_id": each.owner_id if each.owner == "person" else None,
                "issue": each.issue,
                "issued_at": at,
                "replaced_at": None,
                **new_pass_values(each.owner, each.owner_id, each.issue, attempt),
            }
            for each in waiting
        ]
        made |= {row.list_id: row.id for row in run(inserting, rows)}
        waiting = [each for each, row in zip(waiting, rows, strict=True) if row["list_id"] not in made]
        attempt += 1
    found = {owner_of(row): row for row in db.session.scalars(select(Pass).where(Pass.id.in_(made.values())))}
    return [found[each.owner, each.owner_id] for each in wanted]
