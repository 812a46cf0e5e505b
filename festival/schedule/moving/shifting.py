"""How do sessions, or a whole day of them, go to another stage or hour as one step, also after the first act has been on?

Rain in the evening: what has been on a stage stays where it was, with its session; those still to come go on as a session of
the same name elsewhere, in the same order and with the same waits. One step, one way back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from festival.core import ledger
from festival.core.clock import from_local, local
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.schedule.editing.steps import held, own_session, own_stage, places_of, standing_in
from festival.schedule.history.steps import a_step
from festival.schedule.later.models import BEGUN, LaterMatch
from festival.schedule.later.reading import matches_in
from festival.schedule.later.writing import ends as match_ends
from festival.schedule.later.writing import move
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.sessions import block, in_the_days, locked, record, refuse_closed, stage_free


@dataclass(frozen=True, slots=True)
class Shift:
    """Which sessions, to which stage (its code; "": each stays on its own), and when the first that moves begins then."""

    sessions: tuple[int, ...]
    stage: str = ""
    starts_at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        at = None if self.starts_at is None else local(self.starts_at).isoformat()
        return {"sessions": list(self.sessions), "stage": self.stage, "starts_at": at}


def shift_from_json(kept: Mapping[str, Any]) -> Shift:
    at = kept["starts_at"]
    return Shift(tuple(kept["sessions"]), kept["stage"], None if at is None else from_local(datetime.fromisoformat(at)))


@dataclass(frozen=True, slots=True)
class Shifted:
    """How many sessions went, and how many acts stayed because they have been on."""

    sessions: int
    stayed: int


@dataclass(frozen=True, slots=True)
class _Going:
    """A session, and those of its acts that go; `whole`: none has been on, it goes as it is."""

    session: Session
    acts: Sequence[Act]
    whole: bool
    matches: Sequence[LaterMatch] = ()

    @property
    def locked_ones(self) -> list[bool]:
        return [act.locked for act in self.acts] + [match.locked for match in self.matches]

    @property
    def begins(self) -> datetime:
        if self.whole:
            return self.session.starts_at
        return min([*(act.starts_at for act in self.acts), *(each.begins for each in self.matches)])


def shift(festival_id: int, wanted: Shift, by: int | None) -> Shifted:
    """Take the step; Conflict when nothing is left to go, something is locked, or the place is taken."""
    festival = locked(festival_id)
    rows = sorted((own_session(festival_id, each) for each in wanted.sessions), key=lambda row: (row.starts_at, row.id))
    if not rows:
        raise BadInput(_("Chọn ít nhất một buổi thi để dời."))
    stage = own_stage(festival_id, wanted.stage) if wanted.stage else None
    going = [each for each in map(_going, rows) if each.whole or each.acts or each.matches]
    if not going:
        raise Conflict(_("Các buổi này đã thi xong, không còn tiết mục nào để dời."))
    by_min = timedelta() if wanted.starts_at is None else wanted.starts_at - min(each.begins for each in going)
    if not by_min and all(stage in (None, each.session.stage) for each in going):
        raise BadInput(_("Chọn sân khấu khác hoặc giờ bắt đầu khác."))
    for each in going:
        if each.session.locked or any(each.locked_ones):
            raise held(each.session)
        if stage is not None and stage != each.session.stage:
            refuse_closed(stage)
    with a_step(festival, "sessions_moved", by, count=len(going)):
        moved = [_moved(festival, each, stage, by_min, by) for each in going]
        # only when all have gone can it be said who stands in whose way
        for session in moved:
            in_the_days(festival, session.starts_at, session.ends_at)
            stage_free(festival_id, block(session), besides=session.id)
    return Shifted(len(moved), sum(len(each.session.acts) for each in going if not each.whole))


def _going(session: Session) -> _Going:
    acts, matches = list(session.acts), matches_in([session.id])
    if not any(each.state in BEGUN for each in standing_in(session)):
        return _Going(session, acts, whole=True, matches=matches)
    to_come = (ActState.WAITING, ActState.READY)
    return _Going(
        session,
        [act for act in acts if act.state in to_come],
        whole=False,
        matches=[each for each in matches if each.state in to_come],
    )


def _moved(festival: Festival, going: _Going, stage: Stage | None, by_min: timedelta, by: int | None) -> Session:
    session = going.session
    if not going.whole:
        return _rest_moved(festival, going, stage or session.stage, by_min, by)
    session.stage = stage or session.stage
    session.starts_at += by_min
    session.ends_at += by_min
    for act in going.acts:
        act.starts_at += by_min
    move(going.matches, session.id, by_min)
    record(session, "session_changed", by, places=places_of(session))
    return session


def _rest_moved(festival: Festival, going: _Going, stage: Stage, by_min: timedelta, by: int | None) -> Session:
    """Those still to come get a session of their own; the old one ends with the last that has been on."""
    old = going.session
    ends = max([old.ends_at, *map(_ends, going.acts), *map(match_ends, going.matches)])
    new = Session(
        stage=stage,
        contest=old.contest,
        label=old.label,
        starts_at=going.begins + by_min - timedelta(minutes=old.contest.together_min),
        ends_at=ends + by_min,
    )
    db.session.add(new)
    stayed = [_ends(act) for act in old.acts if act not in going.acts]
    stayed += [match_ends(each) for each in matches_in([old.id]) if each not in going.matches]
    old.ends_at = min(old.ends_at, max(stayed))
    db.session.flush()
    for position, act in enumerate(going.acts, start=1):
        act.session_id, act.position, act.starts_at = new.id, position, act.starts_at + by_min
    move(going.matches, new.id, by_min)
    db.session.expire(old, ["acts"])
    db.session.expire(new, ["acts"])
    record(new, "session_added", by)
    ledger.append(
        f"decisions:{festival.code}",
        "acts_placed",
        {"session": new.id, "by": by},
        {"places": places_of(new), "out": []},
    )
    record(old, "session_changed", by, places=places_of(old))
    return new


def _ends(act: Act) -> datetime:
    return act.starts_at + timedelta(minutes=act.duration_min)
