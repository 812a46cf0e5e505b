"""What happens on the day to a match of a later round: called, on, played, and back again, as `taking` does it with acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.schedule.later.models import LaterMatch
from festival.schedule.later.naming import match_called
from festival.schedule.later.reading import on_this_stage, told_matches
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.stage_day.taking import STEPS, times_of, written


def take_match_step(
    match_id: int,
    was: ActState,
    to: ActState,
    *,
    at: datetime | None = None,
    by: Mapping[str, int | None] | None = None,
) -> LaterMatch:
    """The stage manager's tap. A match is begun only when both who meet are known."""
    match = db.session.get(LaterMatch, match_id)
    if match is None or match.session is None:
        raise NotFound(_("Trận này không còn giờ trong lịch. Tải lại trang để xem lịch mới nhất."))
    if to not in STEPS[was]:
        raise BadInput(_("Không chuyển trạng thái như vậy được."))
    if to in (ActState.READY, ActState.ON_STAGE):
        _both_known(match)
    if to is ActState.ON_STAGE:
        _stage_free(match, match.session)
    changed = db.session.execute(
        update(LaterMatch)
        .where(LaterMatch.id == match_id, LaterMatch.state == was)
        .values(state=to, **times_of(match.began_at, was, to, at or now()))
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Overtaken(_("Trạng thái vừa được máy khác đổi. Xem lại danh sách."))
    db.session.refresh(match)
    ledger.append(
        f"decisions:{match.contest.festival.code}",
        "match_stepped",
        {"match": match.code, **(by or {"by": None})},
        {"was": was.value, "state": to.value, "began_at": written(match.began_at), "ended_at": written(match.ended_at)},
    )
    return match


def _both_known(match: LaterMatch) -> None:
    (told,) = told_matches([match])
    if told.off:
        raise Conflict(_("«%(match)s». Không gọi trận này.", match=say(told.words)))
    if len(told.sides.known) < 2:
        raise Conflict(
            _("«%(match)s»: chưa biết đủ hai bên. Ghi kết quả trận trước ở bảng đấu rồi gọi.", match=say(told.words))
        )


def _stage_free(match: LaterMatch, session: Session) -> None:
    """Of two hands at one stage one waits, and then sees who is on it."""
    db.session.execute(select(Stage.id).where(Stage.id == session.stage_id).with_for_update())
    act = db.session.scalars(
        select(Act).join(Session).where(Session.stage_id == session.stage_id, Act.state == ActState.ON_STAGE)
    ).first()
    other = on_this_stage(session.stage_id, besides=match.id)
    if act is not None or other is not None:
        name = act.entry.name if act is not None else say(match_called(other.at if other is not None else match.at))
        raise Conflict(_("«%(name)s» còn đang thi trên sân khấu này.", name=name))
