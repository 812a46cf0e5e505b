"""What of lists to sign goes on the day of the papers? What they say and the files; numbers and digests stay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from festival.core.database import Base
from festival.editions.models import Festival
from festival.results.paying.models import PayLine, PayList, PaySheet


def emptied_payments(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """Which rows of an edition, and what stands in their place."""
    own = select(PayList.id).where(PayList.festival_id == festival.id)
    nothing: dict[str, Any] = {"says": {}, "before": {}}
    yield PayLine, PayLine.list_id.in_(own), {**nothing, "source": None, "how": None, "proposed": None, "receipt": None}
    yield PaySheet, PaySheet.list_id.in_(own), {"content": b"", "editable": b""}
    yield PayList, PayList.festival_id == festival.id, {**nothing, "dropped": ""}
