"""The page of the meeting about the whole delegation: who was there, when, where, in how many copies. `/whole-delegation/meeting`"""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.contests.models import Contest, ContestState
from festival.core.clock import local, today
from festival.core.database import db
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.results.blueprint import bp
from festival.results.delegations.access import whole_of_actor
from festival.results.delegations.deciding import refuse_undecidable
from festival.results.delegations.meeting import say_whole_meeting, undo_whole_meeting, who_meets
from festival.results.meeting.pages import drawn_meeting
from festival.results.meeting.reading import whole_meeting_row
from festival.results.meeting.typed import meeting_typed
from festival.results.models import StateChange


@bp.get("/whole-delegation/meeting")
@signed_in
def whole_meeting() -> ResponseReturnValue:
    """Until the minutes of the whole are signed."""
    festival, found = whole_of_actor()
    table = refuse_undecidable(found)
    back, action = (_("Toàn đoàn"), url_for("results.whole")), url_for("results.whole_meeting_post")
    kept, panel = whole_meeting_row(festival.id), who_meets(table.contests)
    return drawn_meeting(kept, panel, festival, _locked_on(table.contests), back, action)


@bp.post("/whole-delegation/meeting")
@signed_in
def whole_meeting_post() -> ResponseReturnValue:
    """`do`: say, undo."""
    form = request.form
    version = typed_number(form.get("version", "")) or 0
    with reading():
        festival, found = whole_of_actor()
        table = refuse_undecidable(found)
        panel, locked_on = who_meets(table.contests), _locked_on(table.contests)
    with transaction():
        if form.get("do") == "undo":
            undo_whole_meeting(festival.id, version, acting_user())
            told = _("Đã trả lại như trước.")
        else:
            changed = say_whole_meeting(festival.id, meeting_typed(form, panel, locked_on), version, acting_user())
            told = _("Đã ghi. Biên bản in từ giờ ghi như vậy.") if changed else _("Không có gì thay đổi.")
    flash(told, "good")
    return redirect(url_for("results.whole"), 303)


def _locked_on(contests: tuple[Contest, ...]) -> date:
    """When the last of them was locked."""
    own = StateChange.contest_id.in_([each.id for each in contests]) & (StateChange.state == ContestState.LOCKED)
    last = db.session.scalar(select(func.max(StateChange.at)).where(own))
    return local(last).date() if last is not None else today()
