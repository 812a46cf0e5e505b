"""The pages of what the timetable has to keep: typed, changed, taken back, had again; what no plan can keep is said first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.core.clock import local
from festival.core.database import db
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.core.web.forms import not_offered
from festival.core.web.paging import asked_part
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.schedule import conflicts, queries
from festival.schedule.blueprint import bp
from festival.schedule.models import Stage
from festival.schedule.rules.foreseen import impossible
from festival.schedule.rules.planned import NIGHT, Clash
from festival.schedule.timetable import day_number
from festival.schedule.wishes.given import NAMED, contests_taken
from festival.schedule.wishes.models import Wish, WishKind
from festival.schedule.wishing import deciding
from festival.schedule.wishing.offered import offered_minutes
from festival.schedule.wishing.typed import as_typed, wish_typed
from festival.schedule.wishing.words import KIND_WORDS, wish_words

WISHES_A_PAGE = 25
OF_WISHES = (Clash.AWAY, Clash.PAUSE, Clash.WINDOW, Clash.BEFORE, Clash.PLACE, Clash.CHANGE, Clash.TAKES)
LARGEST_KEY = 2**31 - 1


@bp.get("/office/schedule/wishes")
@requires(Permission.SCHEDULE)
def wishes_page() -> ResponseReturnValue:
    """All of them, what is wrong with them, and a form for each kind."""
    festival = the_festival()
    given = queries.material(festival.id)
    stages = queries.stages(festival.id)
    back = request.args.get("show") == "back"
    counts = _counts(festival.id)
    part = asked_part(counts[back], WISHES_A_PAGE)
    stands = Wish.taken_back_at.is_not(None) if back else Wish.taken_back_at.is_(None)
    own = select(Wish).where(Wish.festival_id == festival.id, stands).options(*NAMED)
    in_order = (Wish.taken_back_at.desc(), Wish.id) if back else (Wish.kind, Wish.id)
    rows = db.session.scalars(own.order_by(*in_order).offset(part.offset).limit(part.size)).all()
    placed = queries.placed(festival.id, given)
    found = conflicts.check(placed, gap_min=queries.GAP_MIN, wishes=given.wishes)
    planned = {code for act in given.acts for code in act.code.split("+")}
    return render_template(
        "schedule/wishes/list.html",
        festival=festival,
        rows=[(row, wish_words(row), _what_if(row, planned)) for row in rows],
        part=part,
        back=back,
        counts=counts,
        kinds=KIND_WORDS,
        impossible=impossible(given.acts, given.sessions, given.wishes, [stage.name for stage in stages]),
        broken=[each for each in found if each.kind in OF_WISHES],
        takes=contests_taken(festival.id),
        offered=offered_minutes(festival.id),
        **_choices(festival, stages),
    )


def _what_if(wish: Wish, planned: Collection[str]) -> dict[str, str]:
    """The hour that was agreed with somebody, as it is asked of the draft: whose turn would change?"""
    how, moment = ("from", wish.starts_at) if wish.starts_at else ("until", wish.ends_at)
    if wish.kind is not WishKind.WINDOW or wish.entry is None or moment is None or wish.entry.code not in planned:
        return {}
    at = local(moment)
    evening = (at - NIGHT).date()
    return {"take": wish.entry.code, "day": str(day_number(evening)), "hour": f"{at:%H:%M}", "how": how}


def _counts(festival_id: int) -> dict[bool, int]:
    """How many stand, and how many were taken back."""
    gone = Wish.taken_back_at.is_not(None)
    query = select(gone, func.count(Wish.id)).where(Wish.festival_id == festival_id).group_by(gone)
    return {False: 0, True: 0} | {bool(row[0]): row[1] for row in db.session.execute(query)}


def _choices(festival: Festival, stages: Sequence[Stage]) -> dict[str, object]:
    contests = deciding.stage_contests(festival.id)
    return {
        "contests": [(row.code, row.name) for row in contests],
        "stages": [(row.code, row.name) for row in stages],
    }


@bp.post("/office/schedule/wishes/<kind>")
@requires(Permission.SCHEDULE)
def wish_post(kind: str) -> ResponseReturnValue:
    """Make one."""
    if kind not in set(WishKind):
        raise NotFound()
    with transaction():
        festival = the_festival()
        wish = deciding.add_wish(festival.id, wish_typed(WishKind(kind), request.form, festival), acting_user())
        number = wish.id
    return _saved(WishKind(kind), number)


def _saved(kind: WishKind, number: int) -> ResponseReturnValue:
    """Back to the list, with what became of the draft."""
    if kind is WishKind.MINUTES:
        flash(_("Đã ghi. Tiết mục đã có giờ thì nay dài từng ấy phút; xem lại các tiết mục sau nó."), "good")
    else:
        flash(_("Đã ghi. Lịch đang xếp chưa đổi: xếp lại hoặc xếp nốt thì theo điều này."), "good")
    return redirect(url_for("schedule.wishes_page", _anchor=f"wish-{number}"))


@bp.get("/office/schedule/wishes/<int(max=2147483647):wish_id>")
@requires(Permission.SCHEDULE)
def wish_page(wish_id: int) -> ResponseReturnValue:
    """One in its form."""
    festival = the_festival()
    wish = deciding.own_wish(festival.id, wish_id)
    return render_template(
        "schedule/wishes/one.html",
        wish=wish,
        said=wish_words(wish),
        kinds=KIND_WORDS,
        typed=as_typed(wish),
        **_choices(festival, queries.stages(festival.id)),
    )


@bp.post("/office/schedule/wishes/<int(max=2147483647):wish_id>")
@requires(Permission.SCHEDULE)
def wish_change_post(wish_id: int) -> ResponseReturnValue:
    """Say it otherwise."""
    with transaction():
        festival = the_festival()
        kind = deciding.own_wish(festival.id, wish_id).kind
        values = wish_typed(kind, request.form, festival)
        deciding.change_wish(festival.id, wish_id, values, _version(), acting_user())
    return _saved(kind, wish_id)


@bp.post("/office/schedule/wishes/<int(max=2147483647):wish_id>/back")
@requires(Permission.SCHEDULE)
def wish_back_post(wish_id: int) -> ResponseReturnValue:
    """Take it back, or have it again."""
    step = request.form.get("step")
    if step not in ("take", "again"):
        raise not_offered("step")
    with transaction():
        festival_id = the_festival().id
        if step == "take":
            deciding.take_back_wish(festival_id, wish_id, _version(), acting_user())
        else:
            deciding.bring_back_wish(festival_id, wish_id, _version(), acting_user())
    if step == "take":
        flash(_("Đã rút. Muốn lấy lại thì bấm «Lấy lại» ở danh sách các điều đã rút."), "good")
        return redirect(url_for("schedule.wishes_page", show="back"))
    flash(_("Đã lấy lại, lịch xếp sau đó theo điều này."), "good")
    return redirect(url_for("schedule.wishes_page", _anchor=f"wish-{wish_id}"))


def _version() -> int:
    version = typed_number(request.form.get("version", ""))
    if version is None or version > LARGEST_KEY:
        raise not_offered("version")
    return version


@bp.get("/office/schedule/wishes/stages/<code>")
@requires(Permission.SCHEDULE)
def takes_page(code: str) -> ResponseReturnValue:
    """Which contests a stage takes."""
    festival = the_festival()
    stage = _stage(festival.id, code)
    return render_template(
        "schedule/wishes/takes.html",
        stage=stage,
        contests=[(row.code, row.name) for row in deciding.stage_contests(festival.id)],
        takes=deciding.taken_by(stage),
    )


@bp.post("/office/schedule/wishes/stages/<code>")
@requires(Permission.SCHEDULE)
def takes_post(code: str) -> ResponseReturnValue:
    """Say which; none and all are the same."""
    seen = [each for each in request.form.get("seen", "").split(",") if each]
    with transaction():
        takes = deciding.set_takes(the_festival().id, code, request.form.getlist("takes"), acting_user(), seen=seen)
    flash(_("Đã ghi các phần thi của sân khấu.") if takes else _("Sân khấu nay nhận mọi phần thi."), "good")
    return redirect(url_for("schedule.wishes_page", _anchor="stages"))


def _stage(festival_id: int, code: str) -> Stage:
    stage = db.session.scalars(select(Stage).where(Stage.festival_id == festival_id, Stage.code == code)).one_or_none()
    if stage is None:
        raise NotFound(_("Sân khấu này không còn trong lịch. Về trang lịch thi để xem các sân khấu đang có."))
    return stage
