"""What of signed results, their amendments and the points of delegations is emptied on the day of the papers?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement

from festival.core.database import Base
from festival.editions.models import Festival
from festival.papers.models import WholeMinutes
from festival.results.models import DelegationPoints, StandingAmendment

GONE = "–"  # where a column must hold something


def emptied_of_whole(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """Which rows, and what stands in their place."""
    own = festival.id
    yield WholeMinutes, WholeMinutes.festival_id == own, {"standings": [], "papers_reason": "", "petitions_reason": ""}
    yield (
        StandingAmendment,
        StandingAmendment.festival_id == own,
        {"before": [], "standings": [], "reason": GONE},
    )
    yield DelegationPoints, DelegationPoints.festival_id == own, {"reason": GONE, "taken_back_reason": ""}
