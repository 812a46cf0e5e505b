"""What happens to an act on the day: called, on stage, done, absent? And back again.

Every step stands in the ledger with the times it left. A step that was tapped without a network brings its own time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.contests.models import ResultKind
from festival.core import ledger
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.roster.models import EntryState
from festival.schedule.heats.called import goes_along
from festival.schedule.later.naming import match_called
from festival.schedule.later.reading import on_this_stage
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.published.beside import beside

# Where an act may go from where; each step has its way back.
STEPS: Mapping[ActState, frozenset[ActState]] = {
    ActState.WAITING: frozenset({ActState.READY, ActState.ON_STAGE, ActState.ABSENT}),
    ActState.READY: frozenset({ActState.WAITING, ActState.ON_STAGE, ActState.ABSENT}),
    ActState.ON_STAGE: frozenset({ActState.READY, ActState.DONE}),
    ActState.DONE: frozenset({ActState.ON_STAGE}),
    ActState.ABSENT: frozenset({ActState.WAITING, ActState.READY}),
}


def take_step(
    act_id: int,
    was: ActState,
    to: ActState,
    *,
    at: datetime | None = None,
    by: Mapping[str, int | None] | None = None,
) -> Act:
    """The stage manager's tap. `was` is what the screen showed: of two taps at once one wins. `at`: when it was tapped.
    Those of its heat go along (`heats.called`).

    Conflict when the state has changed meanwhile, the step makes no sense, or the stage is occupied.
    """
    act = db.session.get(Act, act_id)
    if act is None:
        raise NotFound()
    if to not in STEPS[was]:
        raise BadInput(_("Không chuyển trạng thái như vậy được."))
    if act.entry.state is not EntryState.ENROLLED and to in (ActState.READY, ActState.ON_STAGE):
        raise Conflict(_("«%(name)s» đã rút, không gọi lên sân khấu được.", name=act.entry.name))
    others = beside(act)
    if others:  # of two taps on one heat one waits, and then sees what the other did
        db.session.execute(select(Stage.id).where(Stage.id == act.session.stage_id).with_for_update())
        others = beside(act)
    if to is ActState.ON_STAGE:
        _stage_free(act, others)
    moment = at or now()
    _stepped(act, was, to, moment, by)
    for other in others:
        if goes_along(was.value, to.value, other.state.value):
            _stepped(other, other.state, to, moment, by)
    return act


def _stepped(act: Act, was: ActState, to: ActState, at: datetime, by: Mapping[str, int | None] | None) -> None:
    changed = db.session.execute(
        update(Act).where(Act.id == act.id, Act.state == was).values(state=to, **times_of(act.began_at, was, to, at))
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Overtaken(_("Trạng thái vừa được máy khác đổi. Xem lại danh sách."))
    db.session.refresh(act)
    ledger.append(
        f"decisions:{act.session.contest.festival.code}",
        "act_stepped",
        {"entry_id": act.entry_id, **(by or {"by": None})},
        {"was": was.value, "state": to.value, "began_at": written(act.began_at), "ended_at": written(act.ended_at)},
    )


def _stage_free(act: Act, with_it: Sequence[Act]) -> None:
    """One stage manager at a time per stage: two acts cannot both find it empty."""
    db.session.execute(select(Stage.id).where(Stage.id == act.session.stage_id).with_for_update())
    match = act.session.contest.result_kind is ResultKind.MATCH
    other = db.session.scalars(
        select(Act)
        .join(Session)
        .where(
            Session.stage_id == act.session.stage_id,
            Act.state == ActState.ON_STAGE,
            Act.id.not_in([each.id for each in (act, *with_it)]),
        )
    ).first()
    if other is not None and not (match and other.session_id == act.session_id):
        raise Conflict(_("«%(name)s» còn đang thi trên sân khấu này.", name=other.entry.name))
    later = on_this_stage(act.session.stage_id)
    if later is not None:
        raise Conflict(_("«%(name)s» còn đang thi trên sân khấu này.", name=say(match_called(later.at))))


def times_of(began_at: datetime | None, was: ActState, to: ActState, at: datetime) -> dict[str, Any]:
    """What a step says of the clock."""
    if to is ActState.ON_STAGE:
        return {"began_at": began_at if was is ActState.DONE else at, "ended_at": None}
    if to is ActState.DONE:
        return {"ended_at": max(at, began_at or at)}
    return {"began_at": None} if was is ActState.ON_STAGE else {}


def written(moment: datetime | None) -> str | None:
    """As the ledger has it, and the seal compares it."""
    return None if moment is None else local(moment).isoformat()
