"""What becomes of petitions on the day of the data, and when one family is erased before? Number, state and digest of the photo stay; what was written goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from festival.core.database import Base, db
from festival.editions.models import Festival
from festival.results.petitions.models import Petition, PetitionStep
from festival.roster.models import Entry

GONE = "–"


def emptied_petitions(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """Which rows, and what stands in their place."""
    own = Petition.festival_id == festival.id
    yield PetitionStep, PetitionStep.petition_id.in_(select(Petition.id).where(own)), {"words": GONE}
    yield Petition, own, {"lodged_by": GONE, "words": GONE, "photo": None}


def forget_photos(entry_ids: Sequence[int], family_id: int) -> None:
    """A picture of a paper about one of these entries, or another of the family, says names that no statement finds; its digest stays."""
    of_family = select(Entry.id).where(Entry.family_id == family_id)
    about = or_(Petition.entry_id.in_(entry_ids), Petition.entry_id.in_(of_family))
    db.session.execute(update(Petition).where(about).values(photo=None).execution_options(synchronize_session=False))
