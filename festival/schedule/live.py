"""What happens to an act on the day: called, on stage, done, absent?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.contests.models import ResultKind
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.roster.models import EntryState
from festival.schedule.models import Act, ActState, Session, Stage

# Where an act may go from where; `absent` can be taken back when the family runs in after all.
STEPS: Mapping[ActState, frozenset[ActState]] = {
    ActState.WAITING: frozenset({ActState.READY, ActState.ON_STAGE, ActState.ABSENT}),
    ActState.READY: frozenset({ActState.WAITING, ActState.ON_STAGE, ActState.ABSENT}),
    ActState.ON_STAGE: frozenset({ActState.READY, ActState.DONE}),
    ActState.DONE: frozenset({ActState.ON_STAGE}),
    ActState.ABSENT: frozenset({ActState.WAITING, ActState.READY}),
}


def set_state(act_id: int, was: ActState, to: ActState) -> Act:
    """The stage manager's tap. `was` is what the screen showed: of two taps at once one wins.

    Conflict when the state has changed meanwhile, the step makes no sense, or the stage is occupied.
    """
    act = db.session.get(Act, act_id)
    if act is None:
        raise NotFound()
    if to not in STEPS[was]:
        raise BadInput(_("Không chuyển trạng thái như vậy được."))
    if act.entry.state is not EntryState.ENROLLED and to in (ActState.READY, ActState.ON_STAGE):
        raise Conflict(_("«%(name)s» đã rút, không gọi lên sân khấu được.", name=act.entry.name))
    if to is ActState.ON_STAGE:
        # one stage manager at a time per stage: two acts cannot both find it empty
        db.session.execute(select(Stage.id).where(Stage.id == act.session.stage_id).with_for_update())
        match = act.session.contest.result_kind is ResultKind.MATCH
        other = db.session.scalars(
            select(Act)
            .join(Session)
            .where(Session.stage_id == act.session.stage_id, Act.state == ActState.ON_STAGE, Act.id != act_id)
        ).first()
        if other is not None and not (match and other.session_id == act.session_id):
            raise Conflict(_("«%(name)s» còn đang thi trên sân khấu này.", name=other.entry.name))
    at = now()
    times: dict[str, Any] = {}
    if to is ActState.ON_STAGE:
        times = {"began_at": act.began_at if was is ActState.DONE else at, "ended_at": None}
    elif to is ActState.DONE:
        times = {"ended_at": at}
    elif was is ActState.ON_STAGE:
        times = {"began_at": None}
    changed = db.session.execute(update(Act).where(Act.id == act_id, Act.state == was).values(state=to, **times))
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Overtaken(_("Trạng thái vừa được máy khác đổi. Xem lại danh sách."))
    db.session.refresh(act)
    return act
