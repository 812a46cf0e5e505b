"""On the day: something stops or is late. Who comes when instead is shown first, then taken in one step, announced, and taken back."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import local, now
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import BadInput, Conflict, Overtaken, Refusal
from festival.core.web.forms import not_offered
from festival.editions.queries import the_festival
from festival.schedule.blueprint import bp
from festival.schedule.mending.announced import last_told
from festival.schedule.mending.change import CAP_MIN, LIVE_OVER_MIN, MendKind, PlanChange
from festival.schedule.mending.further import deed, found_before
from festival.schedule.mending.of_day import day_now
from festival.schedule.mending.proposing import FoundBefore, Proposal, proposed
from festival.schedule.mending.taking import mend_taken_back, moves_typed
from festival.schedule.mending.today import choice_of_day, day_change, refuse_unpublished, take_mend
from festival.schedule.published.unpublished import unpublished
from festival.schedule.queries import published_version

KINDS = (MendKind.STAGE, MendKind.PANEL, MendKind.SESSION, MendKind.FAMILY)
STOP_MIN = 25
ASKED = ("kind", "of", "begins", "minutes", "until", "cap", "over", "called")  # what a question says


@bp.get("/office/schedule/mend")
@requires(Permission.SCHEDULE)
def mend_page() -> ResponseReturnValue:
    """`?kind=stage&of=…`: what is chosen already."""
    return _page()


@bp.post("/office/schedule/mend")
@requires(Permission.SCHEDULE)
def mend_post() -> ResponseReturnValue:
    """Look what would follow, or take what was shown."""
    do = deed()
    try:
        with reading():
            festival_id = the_festival().id
            change, what = _typed(festival_id)
        before = found_before()
    except (BadInput, Conflict) as refused:
        return _page(refused)
    if do != "take":
        return _page(found=_look(festival_id, change, before))
    try:
        return _take(festival_id, change.said(what))
    except Overtaken as refused:
        return _page(refused, found=_look(festival_id, change))
    except (BadInput, Conflict) as refused:
        return _page(refused)


def _look(festival_id: int, change: PlanChange, before: FoundBefore | None = None) -> Proposal:
    return proposed(festival_id, change, lambda table: day_now(table, festival_id, now()), before)


def _take(festival_id: int, why: Sentence) -> ResponseReturnValue:
    moves, me = moves_typed(request.form.get("moves", "")), acting_user()
    with transaction():
        version = take_mend(festival_id, moves, request.form.get("seen", ""), why, me)
    flash(
        _("Đã đổi giờ và công bố phiên bản %(n)s. Mọi màn hình đi theo giờ mới.", n=version)
        if version
        else _("Đã đổi giờ. Chưa công bố phiên bản nào nên gia đình chưa thấy."),
        "good",
    )
    return redirect(url_for("schedule.mend_page", _anchor="last"))


@bp.post("/office/schedule/mend/<int(max=9007199254740991):step>/undo")
@requires(Permission.SCHEDULE)
def mend_undo_post(step: int) -> ResponseReturnValue:
    """The hours as they were, published again."""
    with transaction():
        version = mend_taken_back(the_festival().id, step, acting_user())
    flash(
        _("Đã trả lại giờ trước đó và công bố phiên bản %(n)s.", n=version)
        if version
        else _("Đã trả lại giờ trước đó."),
        "note",
    )
    return redirect(url_for("schedule.mend_page"))


def _kind() -> MendKind:
    try:
        return MendKind(request.form.get("kind") or request.args.get("kind") or MendKind.STAGE)
    except ValueError as error:
        raise not_offered("kind") from error


def _typed(festival_id: int) -> tuple[PlanChange, str]:
    """What the form says, and what it is called; BadInput that names the field."""
    form, kind, at = request.form, _kind(), local(now())
    if kind is MendKind.ACT:
        raise not_offered("kind")
    refuse_unpublished(festival_id)
    of = form.get("of", "")
    what = choice_of_day(festival_id, at).named(kind, of)
    return day_change(festival_id, kind, of, at, form), what


def _asked(at: datetime) -> dict[str, str]:
    """The question, to be asked or taken again; what began now began just then."""
    form = request.form
    now_at = {"begins": f"{at:%H:%M}"}
    return {name: form[name] or now_at.get(name, "") for name in ASKED if name in form}


def _page(refused: Refusal | None = None, *, found: Proposal | None = None) -> ResponseReturnValue:
    festival, at, kind = the_festival(), now(), _kind()
    choice = choice_of_day(festival.id, local(at))
    return render_template(
        "schedule/mending/mend.html",
        kind=kind.value if kind in KINDS else MendKind.STAGE.value,
        choices=choice.of(kind) if kind in KINDS else choice.stages,
        any_left=bool(choice.acts),
        of=request.form.get("of") or request.args.get("of", ""),
        typed=request.form,
        stop=STOP_MIN,
        most=CAP_MIN,
        over=LIVE_OVER_MIN,
        found=found,
        asked=_asked(local(at)),
        differs=unpublished(festival.id),
        version=published_version(festival.id),
        last=last_told(festival.id),
        may_announce=current_actor().may(Permission.OFFICE),
        refused=refused,
    ), refused.status if refused else 200
