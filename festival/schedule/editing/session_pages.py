"""The pages on which a session is added, changed, moved to another stage or hour, and taken out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.queries import contests
from festival.core.clock import local
from festival.core.transaction import reading
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, Refusal
from festival.core.web.i18n import clock
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.schedule import queries
from festival.schedule.blueprint import bp
from festival.schedule.editing.asking import ask
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.editing.office_pages import office
from festival.schedule.editing.steps import (
    SessionValues,
    TimetableChanged,
    change_session,
    own_session,
    remove_session,
    standing_in,
    told_about,
    values_of,
)
from festival.schedule.editing.typed import as_typed, ends_at_night, seen_read, seen_written, session_typed
from festival.schedule.later.models import BEGUN
from festival.schedule.sessions import add_session
from festival.schedule.timetable import day_number


def festival_now() -> Festival:
    """The festival as a value, read before the transaction of the step."""
    with reading():
        return the_festival()


@bp.post("/office/schedule/sessions")
@requires(Permission.SCHEDULE)
def session_post() -> ResponseReturnValue:
    """Add a block of a contest on a stage."""
    festival = festival_now()
    if request.form.get("back"):
        return office(the_festival(), form="add-session")
    try:
        to = session_typed(request.form, festival)
        by = acting_user()
        done = carry_out(
            festival.id,
            lambda: add_session(to.stage_id, to.contest_id, to.starts_at, to.ends_at, to.label, by),
            request.form.get("agreed", ""),
            told_about,
        )
    except (BadInput, Conflict) as refused:
        return office(the_festival(), refused, "add-session")
    match done:
        case PlanFollows():
            return ask(done, _("Thêm buổi thi này?"), _("Vẫn thêm buổi thi"), editable=True,
                       cancel=url_for("schedule.office_page"))  # fmt: skip
        case Carried():
            flash(_("Đã thêm buổi thi.") + _until(to), "good")
            return redirect(url_for("schedule.office_page", _anchor="add-session"))


@bp.get("/office/schedule/sessions/<int(max=9007199254740991):session_id>")
@requires(Permission.SCHEDULE)
def session_page(session_id: int) -> ResponseReturnValue:
    """The session in a form."""
    return _page(session_id)


def _page(session_id: int, refused: Refusal | None = None, *, typed: bool = False) -> ResponseReturnValue:
    """`typed`: the form that was sent comes back as it was typed."""
    festival = the_festival()
    typed = typed or (refused is not None and "day" in request.form)
    session = own_session(festival.id, session_id)
    now_is = as_typed(values_of(session))
    meanwhile = isinstance(refused, TimetableChanged)
    return render_template(
        "schedule/session.html",
        session=session,
        title=queries.session_title(session),
        day_key=day_number(local(session.starts_at).date()),
        begun=sum(act.state in BEGUN for act in standing_in(session)),
        now_is=now_is,
        typed=request.form if typed else now_is,
        seen=request.form.get("seen", "") if typed and not meanwhile else seen_written(values_of(session)),
        contest_choices=[(row.id, row.name) for row in contests(festival.id) if row.has_order],
        stage_choices=[(row.id, row.name) for row in queries.stages(festival.id)],
        refused=refused,
        meanwhile=meanwhile,
    ), status(refused)


def status(refused: Refusal | None) -> int:
    """Of a page that comes back with its form."""
    if refused is None:
        return 200
    return refused.status if isinstance(refused, Conflict) else 422


@bp.post("/office/schedule/sessions/<int(max=9007199254740991):session_id>")
@requires(Permission.SCHEDULE)
def session_change_post(session_id: int) -> ResponseReturnValue:
    """Change or move it, after what follows has been said."""
    festival = festival_now()
    if request.form.get("back"):
        return _page(session_id, typed=True)
    try:
        to = session_typed(request.form, festival)
        seen = seen_read(request.form.get("seen", ""), festival)
        by = acting_user()
        done = carry_out(
            festival.id,
            lambda: change_session(festival.id, session_id, to, by, seen=seen),
            request.form.get("agreed", ""),
            lambda changed: changed.told,
        )
    except (BadInput, Conflict) as refused:
        return _page(session_id, refused)
    match done:
        case PlanFollows():
            return ask(done, _("Sửa buổi thi «%(session)s»?", session=_called(festival.id, session_id)), _("Vẫn sửa buổi thi"), editable=True,
                       cancel=url_for("schedule.session_page", session_id=session_id))  # fmt: skip
        case Carried():
            flash(_("Đã sửa buổi thi.") + _until(to), "good")
            return redirect(url_for("schedule.office_page", _anchor=f"session-{session_id}"))


def _until(to: SessionValues) -> str:
    """How an end after midnight was understood."""
    if not ends_at_night(to):
        return ""
    ends = local(to.ends_at)
    said = _("Buổi kết thúc lúc %(time)s rạng sáng %(day)s.", time=clock(ends), day=f"{ends.day}/{ends.month}")
    return f" {said}"


def _called(festival_id: int, session_id: int) -> str:
    session = own_session(festival_id, session_id)
    return f"{queries.session_title(session)}, {session.stage.name}"


@bp.post("/office/schedule/sessions/<int(max=9007199254740991):session_id>/remove")
@requires(Permission.SCHEDULE)
def remove_session_post(session_id: int) -> ResponseReturnValue:
    """Take it out, after who loses a place has been said."""
    festival = festival_now()
    by = acting_user()
    try:
        done = carry_out(
            festival.id, lambda: remove_session(festival.id, session_id, by), request.form.get("agreed", "")
        )
    except Conflict as refused:
        return _page(session_id, refused)
    match done:
        case PlanFollows():
            return ask(done, _("Bỏ buổi thi «%(session)s»?", session=_called(festival.id, session_id)), _("Bỏ buổi thi"), danger=True,
                       cancel=url_for("schedule.session_page", session_id=session_id))  # fmt: skip
        case Carried(called):
            flash(_("Đã bỏ buổi thi «%(session)s».", session=called), "good")
            return redirect(url_for("schedule.office_page", _anchor="plan"))
