"""What of the draft may a planner not touch: locked acts and sessions, sessions of closed stages?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from festival.core.database import db
from festival.schedule.conflicts import Placed, PlannedAct, PlannedSession
from festival.schedule.later.reading import held_matches
from festival.schedule.models import Act, Session, Stage
from festival.schedule.queries import Material, material, placed


@dataclass(frozen=True, slots=True)
class SetApart:
    """What is left to plan: acts that are not held, the hours that are free of held ones; `placed`: the held acts."""

    acts: tuple[PlannedAct, ...]
    sessions: tuple[PlannedSession, ...]
    placed: tuple[Placed, ...]


def shut(festival_id: int) -> frozenset[str]:
    """Sessions into which nothing is put: locked, or on a closed stage; by the code the planner has for them."""
    rows = db.session.scalars(
        select(Session.id).join(Stage).where(Stage.festival_id == festival_id, or_(Session.locked, Stage.closed))
    )
    return frozenset(map(str, rows))


def locked_entries(festival_id: int) -> frozenset[int]:
    """Entries whose act keeps its place, by its own lock or that of its session."""
    return frozenset(
        db.session.scalars(
            select(Act.entry_id)
            .join(Session, Session.id == Act.session_id)
            .join(Stage, Stage.id == Session.stage_id)
            .where(Stage.festival_id == festival_id, or_(Act.locked, Session.locked))
        )
    )


def staying_entries(festival_id: int, given: Material | None = None) -> frozenset[int]:
    """Those, and whoever stands on the stage with one of them: a match of which one is locked stays whole."""
    held = locked_entries(festival_id)
    if not held:
        return held
    given = material(festival_id) if given is None else given
    return held.union(*(entries for entries in given.entries_of.values() if not held.isdisjoint(entries)))


def set_apart(festival_id: int, given: Material) -> SetApart:
    """The material without what is locked."""
    entries, closed = staying_entries(festival_id, given), shut(festival_id)
    held = {act.code for act in given.acts if entries & set(given.entries_of[act.code])} | held_matches(festival_id)
    stay = tuple(each for each in placed(festival_id, given) if each.act.code in held)
    return SetApart(
        tuple(act for act in given.acts if act.code not in held),
        tuple(free for session in given.sessions if session.code not in closed for free in hours(session, stay)),
        stay,
    )


def hours(session: PlannedSession, stay: Iterable[Placed]) -> Iterable[PlannedSession]:
    """The parts of a session between the acts that stay in it; the rest of a session that works together is not bound again."""
    own = sorted((each for each in stay if each.session.code == session.code), key=lambda each: each.starts_at)
    begins, rest = session.starts_at, session
    for each in own:
        yield from _part(rest, begins, each.starts_at - timedelta(minutes=each.act.changeover_min))
        begins, rest = each.ends_at + timedelta(minutes=each.act.changeover_min), replace(session, together_min=0)
    yield from _part(rest, begins, session.ends_at)


def _part(session: PlannedSession, begins: datetime, ends: datetime) -> Collection[PlannedSession]:
    return [replace(session, starts_at=begins, ends_at=ends)] if begins < ends else []
