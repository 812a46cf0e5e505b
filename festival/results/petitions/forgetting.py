"""What becomes of petitions on the day of the data? Number, state and digest of the photo stay; what was written goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from festival.core.database import Base
from festival.editions.models import Festival
from festival.results.petitions.models import Petition, PetitionStep

GONE = "–"


def emptied_petitions(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """Which rows, and what stands in their place."""
    own = Petition.festival_id == festival.id
    yield PetitionStep, PetitionStep.petition_id.in_(select(Petition.id).where(own)), {"words": GONE}
    yield Petition, own, {"lodged_by": GONE, "words": GONE, "photo": None}
