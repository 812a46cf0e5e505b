"""How is an offer made and ended, and how does a family leave its place in the line? Each is a line of the ledger.

Whoever calls holds the lock of the delegation's row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.ledger import append
from festival.core.statements import insert_or_pass
from festival.editions.models import Festival
from festival.registration.queueing import holding
from festival.registration.queueing.line import InLine
from festival.registration.queueing.models import LineSpot, OfferState, PlaceOffer, WaitingList
from festival.roster.models import Family
from festival.roster.steps import stream


def offer(festival: Festival, family: Family, wanted: InLine, listed: WaitingList, by: int | None) -> PlaceOffer | None:
    """Hold the places until the family has answered; None where they are not free any more."""
    if not holding.hold(family.delegation_id, wanted.contests):
        return None
    before = select(func.count()).select_from(PlaceOffer).where(PlaceOffer.family_id == family.id)
    at = now()
    made = PlaceOffer(
        family_id=family.id,
        number=(db.session.scalar(before) or 0) + 1,
        people=wanted.people,
        contests=sorted(wanted.contests),
        offered_at=at,
        until=at + timedelta(hours=listed.answer_hours),
    )
    db.session.add(made)
    db.session.flush()
    about = {"family": family.code, "number": str(made.number), "people": str(made.people)}
    append(stream(festival), "waiting.offered", {**about, "until": stamp(made.until)}, {"by": by})
    return made


def end(
    festival: Festival, family: Family, made: PlaceOffer, how: OfferState, by: int | None = None, reason: str = ""
) -> bool:
    """End an offer that stands; its places are free. False: it has ended already."""
    ended = db.session.scalar(
        update(PlaceOffer)
        .where(PlaceOffer.id == made.id, PlaceOffer.state == OfferState.OFFERED)
        .values(state=how, ended_at=now())
        .returning(PlaceOffer.id)
        .execution_options(synchronize_session=False)
    )
    if ended is None:
        return False
    holding.let_go(family.delegation_id, made.contests)
    about = {"family": family.code, "number": str(made.number), "how": how.value}
    append(stream(festival), "waiting.ended", about, {"by": by, "reason": reason})
    return True


def stand(festival: Festival, family: Family, by: int | None, reason: str = "", **values: Any) -> None:
    """Elsewhere in the line (`stands_at`; None: as the time of sending says), out of it or in it again (`out_by`)."""
    place = insert_or_pass(LineSpot).values(family_id=family.id, stands_at=None, out_by=None)
    db.session.execute(place.on_conflict_do_nothing())
    spot = db.session.execute(
        update(LineSpot)
        .where(LineSpot.family_id == family.id)
        .values(**values)
        .returning(LineSpot.stands_at, LineSpot.out_by)
        .execution_options(synchronize_session=False)
    ).one()
    about = {"family": family.code, "at": stamp(spot.stands_at), "out": spot.out_by or ""}
    append(stream(festival), "waiting.stands", about, {"by": by, "reason": reason})


def stamp(moment: datetime | None) -> str:
    """A moment as the ledger tells it."""
    return "" if moment is None else moment.isoformat()
