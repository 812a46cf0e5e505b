"""What pages of petitions are opened with: one of the head's own delegation, with a photo, that the organiser has answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.results.petition_desk import answering
from festival.results.petitions.kinds import PetitionDeed
from festival.results.petitions.models import Petition
from tests.house.lived_petitions import lodged


def petitioned(festival_id: int, by: int) -> dict[str, Any]:
    """The same when it is asked for again."""
    with reading():
        before = db.session.scalar(select(Petition.number).where(Petition.festival_id == festival_id).limit(1))
    if before is not None:
        return {"petition": before}
    petition_id, number = lodged(festival_id, "organisation", by, b"a picture")
    with transaction():
        answering.answer(petition_id, PetitionDeed.PARTLY, "Đúng một phần.", None, told=True)
    return {"petition": number}
