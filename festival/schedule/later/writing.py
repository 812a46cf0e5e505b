"""How do matches of later rounds get their time, move with their session, and lose it?

Nothing is said to the ledger here: whatever a step of the draft did to them it tells itself (`history.steps`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from festival.core.clock import from_local, local
from festival.core.database import db
from festival.schedule.later.models import BEGUN, LaterMatch
from festival.schedule.later.naming import later_of_code
from festival.schedule.later.reading import later_matches, matches_in
from festival.schedule.models import ActState, Session

NO_PLACE: dict[str, Any] = {
    "session_id": None, "starts_at": None, "locked": False, "state": ActState.WAITING, "began_at": None, "ended_at": None,
}  # fmt: skip
Place = tuple[str, int, datetime]  # code of the match, session, start


def give_places(festival_id: int, places: Iterable[Place]) -> int:
    """Those of these codes that are matches of later rounds stand there now; answers how many."""
    wanted = [place for place in places if later_of_code(place[0])]
    if not wanted:
        return 0
    ids = {each.code: each.id for each in later_matches(festival_id)}
    rows = [
        {"id": ids[code], "session_id": session, "starts_at": from_local(at)}
        for code, session, at in wanted
        if code in ids
    ]
    if rows:
        db.session.execute(update(LaterMatch), rows)
    db.session.expire_all()
    return len(rows)


def take_places(matches: Sequence[LaterMatch]) -> None:
    """They have no time any more."""
    db.session.execute(
        update(LaterMatch)
        .where(LaterMatch.id.in_([each.id for each in matches]), LaterMatch.state.not_in(BEGUN))
        .values(**NO_PLACE),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()


def loosened(festival_id: int) -> list[list[object]]:
    """Every match that is not locked loses its place; answers what they were, as `planning.take_out` does of acts."""
    placed = [each for each in later_matches(festival_id) if each.session_id is not None and not each.locked]
    shut = {each.id for each in placed if each.session is not None and each.session.locked}
    loose = [each for each in placed if each.id not in shut and each.state not in BEGUN]
    were: list[list[object]] = [
        [each.code, each.session_id, 0, local(each.starts_at).isoformat(), each.duration_min]
        for each in loose
        if each.starts_at is not None
    ]
    take_places(loose)
    return were


def follow(session: Session, by: timedelta, was_end: datetime) -> list[LaterMatch]:
    """The matches of a session that was moved move with it; answers those it has no room for any more, without taking them."""
    matches = matches_in([session.id])
    over = {each.id: _over(each, was_end) for each in matches}
    move(matches, session.id, by)
    return [each for each in matches if each.state not in BEGUN and _over(each, session.ends_at) > over[each.id]]


def move(matches: Sequence[LaterMatch], session_id: int, by: timedelta) -> None:
    """Into this session, so much later."""
    for each in matches:
        if each.starts_at is not None:
            each.session_id, each.starts_at = session_id, each.starts_at + by
    db.session.flush()


def ends(match: LaterMatch) -> datetime:
    """When it is over."""
    return match.begins + timedelta(minutes=match.duration_min)


def _over(match: LaterMatch, ends_at: datetime) -> timedelta:
    return max(ends(match) - ends_at, timedelta())
