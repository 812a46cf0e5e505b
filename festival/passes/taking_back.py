"""How is a pass that was issued anew by mistake taken back, so that the card before it is good again?

Taken back by mistake, the same again is the way back.

Only what the pass key in force has made can come back: its card is still in somebody's hand and still opens what it says.
"""

from __future__ import annotations

from sqlalchemy import select, update

from festival.core.database import db
from festival.editions.models import Festival
from festival.passes import code, renewing, tokens
from festival.passes.issue import lock_passes, passes_of
from festival.passes.models import Pass
from festival.passes.tokens import owner_of


def of_this_key(row: Pass) -> bool:
    return code.list_id(tokens.token_of(row)) == row.list_id


def former(row: Pass) -> Pass | None:
    """The last pass of the same owner that this key made and that was replaced."""
    older = select(Pass).where(passes_of(*owner_of(row)), Pass.replaced_at.is_not(None)).order_by(Pass.issue.desc())
    return next((each for each in db.session.scalars(older) if of_this_key(each)), None)


def take_back(festival: Festival, row: Pass, reason: str, by: int | None) -> Pass | None:
    """The pass that was replaced is good again and this one is not; None when somebody else was faster, or none is there."""
    lock_passes(*owner_of(row))
    still = select(Pass.id).where(Pass.id == row.id, Pass.replaced_at.is_(None))
    before = former(row) if db.session.scalar(still) is not None else None
    if before is None:
        return None
    renewing.retire([row])
    reinstate(festival, [before], reason, by, new_link=False)
    return before


def reinstate(festival: Festival, rows: list[Pass], reason: str, by: int | None, *, new_link: bool) -> None:
    """They open gates again; the ledger says so, families with an address are told."""
    db.session.execute(
        update(Pass).where(Pass.id.in_([row.id for row in rows])).values(replaced_at=None),
        execution_options={"synchronize_session": False},
    )
    renewing.told(festival, rows, "pass.reinstated", reason, by, new_link=new_link)
