"""Where do matches of later rounds stand on the stages: in the version that holds, else in the draft?

They are added to copies of the sessions, as acts in order of time (`later.shown.stand_in`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from festival.contests.models import Contest
from festival.core.database import db
from festival.schedule.later.models import LaterMatch
from festival.schedule.later.naming import later_of_code
from festival.schedule.later.reading import matches_of_sessions, told_matches
from festival.schedule.later.shown import stand_in
from festival.schedule.models import Act, Session
from festival.schedule.published.standing import PublishedPlace


def published_matches(festival_id: int, places: Mapping[str, PublishedPlace]) -> dict[int, list[Act]]:
    """By session of the version; nothing is read where it has none."""
    wanted = {code: place for code, place in places.items() if later_of_code(code)}
    if not wanted:
        return {}
    own = select(LaterMatch).join(LaterMatch.contest).where(Contest.festival_id == festival_id)
    found: dict[int, list[Act]] = defaultdict(list)
    rows = db.session.scalars(own.options(contains_eager(LaterMatch.contest))).all()
    for told in told_matches([row for row in rows if row.code in wanted]):
        act, place = stand_in(told), wanted[told.match.code]
        act.session_id, act.starts_at, act.duration_min = place.session.number, place.starts_at, place.duration_min
        found[place.session.number].append(act)
    return found


def with_matches(sessions: Sequence[Session]) -> list[Session]:
    """The sessions of the draft; those with such a match as copies."""
    found = matches_of_sessions(sessions)
    return [_copied(row, [stand_in(each) for each in found[row.id]]) if row.id in found else row for row in sessions]


def in_time(acts: Sequence[Act]) -> list[Act]:
    """Acts by their places; a match of a later round by its hour."""
    return sorted(acts, key=lambda act: (act.starts_at, act.position))


def _copied(row: Session, matches: Sequence[Act]) -> Session:
    copy = Session(**{name: getattr(row, name) for name in _COLUMNS}, stage=row.stage, contest=row.contest)
    own = []
    for act in row.acts:
        same = Act(**{name: getattr(act, name) for name in _OF_AN_ACT})
        same.entry = act.entry
        own.append(same)
    copy.acts = in_time([*own, *matches])
    for act in copy.acts:
        act.session_id = row.id
    return copy


_COLUMNS = [column.key for column in Session.__mapper__.column_attrs]
_OF_AN_ACT = [column.key for column in Act.__mapper__.column_attrs]
