"""The pages on which a stage is added, called otherwise and taken out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.text import cut, line
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, Refusal
from festival.core.web.forms import not_offered
from festival.editions.queries import the_festival
from festival.schedule import queries
from festival.schedule.blueprint import bp
from festival.schedule.editing.asking import ask
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.editing.office_pages import office
from festival.schedule.editing.proposed import stage_code
from festival.schedule.editing.session_pages import festival_now, status
from festival.schedule.editing.steps import TimetableChanged, close_stage, own_stage, remove_stage, rename_stage
from festival.schedule.sessions import add_stage, locked


@bp.post("/office/schedule/stages")
@requires(Permission.SCHEDULE)
def stage_post() -> ResponseReturnValue:
    """Add a stage."""
    try:
        with transaction():
            festival_id = the_festival().id
            name = cut(line(request.form.get("name", "")), 80)
            code = cut(line(request.form.get("code", "")), 40)
            if not code:
                locked(festival_id)  # what is proposed is still free when it is written
                code = stage_code(name, {row.code for row in queries.stages(festival_id)})
            add_stage(festival_id, code, name, acting_user())
    except (BadInput, Conflict) as refused:
        return office(the_festival(), refused, "add-stage")
    flash(_("Đã thêm sân khấu."), "good")
    return redirect(url_for("schedule.office_page", _anchor="add-stage"))


@bp.get("/office/schedule/stages/<code>")
@requires(Permission.SCHEDULE)
def stage_edit_page(code: str) -> ResponseReturnValue:
    """Its name in a form, and what stands on it."""
    return _page(code)


def _page(code: str, refused: Refusal | None = None) -> ResponseReturnValue:
    festival = the_festival()
    stage = own_stage(festival.id, code)
    meanwhile = isinstance(refused, TimetableChanged)
    plan = queries.published_version(festival.id)
    return render_template(
        "schedule/stage_edit.html",
        stage=stage,
        sessions=queries.stage_acts(stage.id),
        typed=request.form.get("name", "") if "name" in request.form else stage.name,
        seen=request.form.get("seen", "") if "name" in request.form and not meanwhile else stage.name,
        refused=refused,
        meanwhile=meanwhile,
        plan_version=plan,
    ), status(refused)


@bp.post("/office/schedule/stages/<code>")
@requires(Permission.SCHEDULE)
def stage_rename_post(code: str) -> ResponseReturnValue:
    """Call it otherwise."""
    try:
        with transaction():
            festival_id = the_festival().id
            typed = cut(line(request.form.get("name", "")), 80)
            rename_stage(festival_id, code, typed, acting_user(), seen=request.form.get("seen"))
    except (BadInput, Conflict) as refused:
        return _page(code, refused)
    flash(_("Sân khấu nay gọi là «%(name)s».", name=typed), "good")
    return redirect(url_for("schedule.stage_edit_page", code=code))


@bp.post("/office/schedule/stages/<code>/close")
@requires(Permission.SCHEDULE)
def stage_close_post(code: str) -> ResponseReturnValue:
    """Close it, or open it again."""
    to = request.form.get("to", "")
    if to not in {"close", "open"}:
        raise not_offered("to")
    try:
        with transaction():
            name = close_stage(the_festival().id, code, to == "close", acting_user()).name
    except Conflict as refused:
        return _page(code, refused)
    flash(
        _("Đã đóng «%(name)s»; các buổi trên đó còn nguyên.", name=name)
        if to == "close"
        else _("Đã mở lại «%(name)s».", name=name),
        "good",
    )
    return redirect(url_for("schedule.stage_edit_page", code=code))


@bp.post("/office/schedule/stages/<code>/remove")
@requires(Permission.SCHEDULE)
def stage_remove_post(code: str) -> ResponseReturnValue:
    """Take it out with its sessions, after who loses a place has been said."""
    festival = festival_now()
    by = acting_user()
    try:
        done = carry_out(
            festival.id,
            lambda: remove_stage(festival.id, code, by),
            request.form.get("agreed", ""),
            lambda removed: removed.told,
        )
    except Conflict as refused:
        return _page(code, refused)
    match done:
        case PlanFollows():
            return ask(done, _("Bỏ sân khấu «%(name)s»?", name=own_stage(festival.id, code).name), _("Bỏ sân khấu và các buổi thi trên đó"), danger=True,
                       cancel=url_for("schedule.stage_edit_page", code=code))  # fmt: skip
        case Carried(removed):
            flash(_("Đã bỏ sân khấu «%(name)s».", name=removed.name), "good")
            return redirect(url_for("schedule.office_page"))
