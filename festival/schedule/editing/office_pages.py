"""The organiser's page of the timetable: planning it, moving an act, publishing it, throwing the draft away."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.text import cut
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, Refusal
from festival.core.web.forms import not_offered
from festival.core.web.i18n import say
from festival.core.web.paging import asked_number
from festival.editions.models import Festival
from festival.editions.queries import current_festival, the_festival
from festival.schedule import planning, queries
from festival.schedule.blueprint import bp
from festival.schedule.changes import changes
from festival.schedule.editing import draft
from festival.schedule.editing.asking import SHOWN, ask
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.editing.proposed import added_last, next_session
from festival.schedule.later.reading import by_session
from festival.schedule.planning import LeftOut, NotPublished, Published
from festival.schedule.presence.doors import presence
from festival.schedule.published.unpublished import unpublished
from festival.schedule.timetable import asked_choice, timetable
from festival.schedule.words import STATE_WORDS

NAMED = 200  # of the acts that a publication leaves out
STEPS: dict[str, Callable[[int, int | None], int]] = {
    "discard": draft.discard,
    "published": draft.back_to_published,
    "back": draft.bring_back,
    "fill": draft.fill,
}


@bp.get("/office/schedule")
@requires(Permission.SCHEDULE)
def office_page() -> ResponseReturnValue:
    """Draws, the present plan with its conflicts, published versions."""
    festival = current_festival()
    if festival is None:
        return render_template("schedule/none_yet.html")
    return office(festival)


def office(festival: Festival, refused: Refusal | None = None, form: str = "") -> ResponseReturnValue:
    """`form`: one of the page's forms (its anchor) that comes back with what was typed; `refused`: why it was not taken."""
    shown = timetable(festival.id, asked_choice(page=asked_number("page", 1)))
    given = queries.material(festival.id, shown.every)
    conflicts = queries.plan_conflicts(festival.id, given=given) if shown.acts else []
    draws, stages = queries.draw_rows(festival.id), queries.stages(festival.id)
    rows = [each.contest for each in draws]
    plans = queries.plan_versions(festival.id)
    return render_template(
        "schedule/office.html",
        festival=festival,
        draws=draws,
        shown=shown,
        here=presence(festival.id, (act for each in shown.sessions for act in each.acts)),
        conflicts=conflicts,
        matches=by_session(given.told),
        lanes=given.lanes,
        differs=unpublished(festival.id, given.told),
        in_conflict={code for conflict in conflicts for act in conflict.acts for code in act.split("+")},
        stages=stages,
        contest_choices=[(row.id, row.name) for row in rows],
        stage_choices=[(row.id, row.name) for row in stages],
        plans=plans,
        plan_version=plans[0].version if plans else None,
        states=STATE_WORDS,
        refused=refused,
        refused_form=form,
        typed=request.form if form else {},
        proposed=next_session(shown.every, rows, festival.starts_on),
        last=added_last(shown.every),
    ), 422 if refused else 200


@bp.post("/office/schedule/plan")
@requires(Permission.SCHEDULE)
def plan_post() -> ResponseReturnValue:
    """Make the first running order; `then=lists`: and print every list after the draw, where nothing is left to look at."""
    gap = typed_number(request.form.get("gap", ""))
    if gap is None or gap > 240:
        raise BadInput(_("Số phút nghỉ là số từ 0 đến 240."))
    with transaction():
        done = planning.make_plan(
            the_festival().id, gap_min=gap, order_binds=request.form.get("order") == "yes", by=acting_user()
        )
    if done.conflicts:
        flash(_("Đã xếp %(n)s tiết mục; còn điều phải xem lại bên dưới.", n=done.placed), "warn")
    else:
        flash(_("Đã xếp %(n)s tiết mục, không ai phải ở hai nơi cùng lúc.", n=done.placed), "good")
    if request.form.get("then") == "lists" and not done.conflicts:
        return redirect(url_for("schedule.draws_lists"))
    return redirect(url_for("schedule.office_page", _anchor="plan"))


@bp.post("/office/schedule/publish")
@requires(Permission.SCHEDULE)
def publish_post() -> ResponseReturnValue:
    """Publish the next version; who would be left out is named first."""
    note = cut(request.form.get("note", ""), 200)
    without = request.form.get("without", "")
    with reading():
        looked = planning.look(the_festival())
    with transaction():
        answer = planning.publish(the_festival().id, acting_user(), note, without=without, looked=looked)
    match answer:
        case Published(version):
            flash(_("Đã công bố lịch thi phiên bản %(n)s.", n=version), "good")
            return redirect(url_for("schedule.version_page", version=version))
        case LeftOut(acts, closed):
            of_contests = [(key, list(several)) for key, several in groupby(acts[:NAMED], lambda act: act.contest)]
            return render_template(
                "schedule/left_out.html",
                contests=of_contests,
                found=len(acts),
                closed=closed,
                named=NAMED,
                stamp=answer.stamp,
                note=note,
            )
        case NotPublished(found):
            flash(_("Chưa công bố: có người vắng mặt, hoặc phải ở hai nơi cùng lúc."), "bad")
            for conflict in found[:5]:
                flash(say(conflict.reason), "bad")
            return redirect(url_for("schedule.office_page", _anchor="plan"))


# ---------------------------------------------------------------- the draft as a whole


@bp.get("/office/schedule/draft")
@requires(Permission.SCHEDULE)
def draft_page() -> ResponseReturnValue:
    """What the draft has that is not published, who has no time in it, and how it goes as a whole."""
    return _draft()


def _draft(refused: Refusal | None = None) -> ResponseReturnValue:
    festival = the_festival()
    plan = queries.published_plan(festival.id)
    content = queries.snapshot(festival)
    said = changes(plan.content, content) if plan else []
    return render_template(
        "schedule/draft.html",
        festival=festival,
        acts=len(content["acts"]),
        sessions=len(content["sessions"]),
        plan_version=plan.version if plan else None,
        said=said,
        missing=planning.left_out(festival.id).acts,
        before=len(draft.before_last_step(festival.id)),
        shown=SHOWN,
        refused=refused,
    ), refused.status if refused else 200


@bp.post("/office/schedule/draft")
@requires(Permission.SCHEDULE)
def draft_post() -> ResponseReturnValue:
    """Throw it away, bring it back, set it to what is published, or give a time to who has none."""
    step = request.form.get("step", "")
    if step not in STEPS:
        raise not_offered("to")
    with reading():
        festival_id = the_festival().id
    by = acting_user()
    try:
        done = carry_out(festival_id, lambda: STEPS[step](festival_id, by), request.form.get("agreed", ""))
    except Conflict as refused:
        return _draft(refused)
    asked, yes, told = {
        "discard": (_("Bỏ cả lịch đang xếp?"), _("Bỏ lịch đang xếp"), _("Đã bỏ lịch đang xếp. Có thể lấy lại ở trang này.")),
        "published": (_("Đưa lịch đang xếp về bản đã công bố?"), _("Về bản đã công bố"), _("Lịch đang xếp đã về bản đã công bố.")),
        "back": (_("Lấy lại lịch trước đó?"), _("Lấy lại"), _("Đã lấy lại lịch trước đó.")),
        "fill": (_("Xếp nốt các tiết mục chưa có giờ?"), _("Xếp nốt"), _("Đã xếp nốt các tiết mục còn chỗ.")),
    }[step]  # fmt: skip
    match done:
        case PlanFollows():
            return ask(done, asked, yes, danger=step == "discard", cancel=url_for("schedule.draft_page"))
        case Carried(count):
            flash(
                told if count or step != "fill" else _("Không còn chỗ nào cho các tiết mục chưa có giờ."),
                "good" if count else "warn",
            )
            return redirect(url_for("schedule.draft_page"))
