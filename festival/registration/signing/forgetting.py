"""What of the lists goes on the day of the data, and what when one family is erased before?

A signed list is a record of the unit that signed it, with other families on it: it stays until the day of the data. A sheet
that nobody signed goes with the first family on it that is erased.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from festival.core.database import Base, db
from festival.editions.models import Festival
from festival.papers.models import PaperState
from festival.papers.signing_lists import ListPage, SigningList

GONE = "–"  # where a column must hold something


def emptied_lists(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """Which rows of an edition, and what stands in their place: the digests, number and day of the letters stay."""
    own = SigningList.festival_id == festival.id
    yield ListPage, ListPage.list_id.in_(select(SigningList.id).where(own)), {"content": b""}
    yield SigningList, own, {"content": b"", "editable": b"", "said": [], "signer": ""}
    yield SigningList, own & (SigningList.state == PaperState.ANNULLED), {"reason": GONE}


def forget_unsigned(delegation_id: int) -> None:
    """The sheets of a delegation that were never signed: printed anew where they are wanted."""
    unsigned = (SigningList.delegation_id == delegation_id) & SigningList.signed_at.is_(None)
    emptied = update(SigningList).where(unsigned).values(content=b"", editable=b"", said=[], state=PaperState.REPLACED)
    db.session.execute(emptied.execution_options(synchronize_session=False))


def signed_lists(delegation_id: int) -> int:
    """How many signed lists of a delegation are kept."""
    signed = (SigningList.delegation_id == delegation_id) & SigningList.signed_at.is_not(None)
    kept = select(func.count()).select_from(SigningList).where(signed, func.length(SigningList.content) > 0)
    return db.session.scalar(kept) or 0
