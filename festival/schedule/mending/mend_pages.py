"""On the day: something stops or is late. Who comes when instead is shown first, then taken in one step, announced, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import local, now
from festival.core.sentence import Sentence, to_json
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import BadInput, Conflict, Overtaken, Refusal
from festival.core.web.forms import not_offered
from festival.core.web.i18n import clock, say
from festival.editions.queries import the_festival
from festival.schedule.blueprint import bp
from festival.schedule.mending.announced import last_told
from festival.schedule.mending.change import CAP_MIN, LIVE_OVER_MIN, MendKind, PlanChange
from festival.schedule.mending.of_day import acts_of_day, day_now, next_of_session
from festival.schedule.mending.proposing import Proposal, proposed
from festival.schedule.mending.taking import mend_taken_back, mend_the_day, moves_typed
from festival.schedule.mending.typed import cap_typed, day_stamp, hour_of, minutes_typed
from festival.schedule.models import ActState
from festival.schedule.moving.lying import lying
from festival.schedule.published.unpublished import unpublished
from festival.schedule.queries import published_version, session_title
from festival.schedule.stage_day.reading import festival_day

KINDS = (MendKind.STAGE, MendKind.PANEL, MendKind.SESSION, MendKind.FAMILY)
STOP_MIN = 25
OPEN = (ActState.WAITING, ActState.READY, ActState.ABSENT)


@dataclass(frozen=True, slots=True)
class MendChoice:
    """What can be named: each as (value, words)."""

    stages: list[tuple[str, str]]
    contests: list[tuple[str, str]]
    sessions: list[tuple[str, str]]
    acts: list[tuple[str, str]]

    def of(self, kind: MendKind) -> list[tuple[str, str]]:
        return {
            MendKind.STAGE: self.stages,
            MendKind.PANEL: self.contests,
            MendKind.SESSION: self.sessions,
            MendKind.FAMILY: self.acts,
        }[kind]


@bp.get("/office/schedule/mend")
@requires(Permission.SCHEDULE)
def mend_page() -> ResponseReturnValue:
    """`?kind=stage&of=…`: what is chosen already."""
    return _page()


@bp.post("/office/schedule/mend")
@requires(Permission.SCHEDULE)
def mend_post() -> ResponseReturnValue:
    """Look what would follow, or take what was shown."""
    do = request.form.get("do", "look")
    if do not in {"look", "take"}:
        raise not_offered("do")
    try:
        with reading():
            festival_id = the_festival().id
            change, what = _typed(festival_id)
    except (BadInput, Conflict) as refused:
        return _page(refused)
    if do == "look":
        return _page(found=_look(festival_id, change))
    try:
        return _take(festival_id, change.said(what))
    except Overtaken as refused:
        return _page(refused, found=_look(festival_id, change))
    except (BadInput, Conflict) as refused:
        return _page(refused)


def _look(festival_id: int, change: PlanChange) -> Proposal:
    return proposed(festival_id, change, lambda table: day_now(table, festival_id, now()))


def _take(festival_id: int, why: Sentence) -> ResponseReturnValue:
    moves, me = moves_typed(request.form.get("moves", "")), acting_user()
    with transaction():
        if day_stamp(lying(festival_id)) != request.form.get("seen", ""):
            raise Overtaken(_("Lịch vừa được đổi trong lúc xem. Chưa ghi gì: dưới đây là thay đổi tính lại."))
        _refuse_unpublished(festival_id)
        version = mend_the_day(festival_id, moves, me, say(why), count=len(moves), why=to_json(why))
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


def _refuse_unpublished(festival_id: int) -> None:
    """What nobody has seen yet would be published along with it."""
    if unpublished(festival_id):
        raise Conflict(
            _("Lịch đang xếp còn thay đổi chưa công bố. Công bố, hoặc về bản đã công bố, rồi mở lại trang này.")
        )


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
    _refuse_unpublished(festival_id)
    of = form.get("of", "")
    what = dict(_choice(festival_id, at).of(kind)).get(of)
    if what is None:
        raise BadInput(_("Chọn trong danh sách của hôm nay."))
    day = festival_day(at)
    begins = _begins(festival_id, kind, of, day, form.get("begins", ""), at)
    if kind is MendKind.FAMILY:
        if not form.get("until", "").strip():
            raise BadInput(
                _("Gõ giờ gia đình có mặt. Không đến nữa thì bấm «Vắng mặt» ở trang điều hành sân khấu: không gia đình nào khác phải đổi giờ.")
            )  # fmt: skip
        begins, ends = begins - timedelta(days=1), hour_of(day, form.get("until", ""))
        if ends <= at:
            raise BadInput(_("Giờ có mặt phải sau lúc này."))
    else:
        wrong = _("Số phút ngừng hoặc muộn là số từ 1 đến 240.")
        ends = begins + timedelta(minutes=minutes_typed(form.get("minutes", ""), None, wrong))
    over = minutes_typed(form.get("over", ""), 0, _("Số phút buổi thi được kéo dài là số từ 0 đến 240."), least=0)
    cap = cap_typed(form.get("cap", ""), CAP_MIN)
    return PlanChange(kind, of, begins, ends, cap=cap, over=over, called="called" in form), what


def _begins(festival_id: int, kind: MendKind, of: str, day: date, typed: str, at: datetime) -> datetime:
    if kind is MendKind.SESSION:
        first = next_of_session(festival_id, int(of), at)
        if first is None:
            raise BadInput(_("Buổi này không còn tiết mục nào chưa thi."))
        return local(first)
    return hour_of(day, typed) if typed.strip() else at.replace(second=0, microsecond=0)


def _choice(festival_id: int, at: datetime) -> MendChoice:
    """What is still to come today."""
    by_stage = acts_of_day(festival_id, at)
    open_acts = [act for acts in by_stage.values() for act in acts if act.state in OPEN]
    return MendChoice(
        [(name, name) for name, acts in by_stage.items() if any(act.state in OPEN for act in acts)],
        list({act.session.contest.code: act.session.contest.name for act in open_acts}.items()),
        list(
            {
                str(act.session_id): f"{session_title(act.session)}, {act.session.stage.name}" for act in open_acts
            }.items()
        ),
        [(str(act.entry.code), f"{act.entry.name}, {clock(act.starts_at)}") for act in open_acts],
    )


def _page(refused: Refusal | None = None, *, found: Proposal | None = None) -> ResponseReturnValue:
    festival, at, kind = the_festival(), now(), _kind()
    choice = _choice(festival.id, local(at))
    return render_template(
        "schedule/mending/mend.html",
        kind=kind.value if kind in KINDS else MendKind.STAGE.value,
        choices=choice.of(kind) if kind in KINDS else choice.stages,
        any_left=bool(choice.acts),
        of=request.form.get("of") or request.args.get("of", ""),
        typed=request.form,
        at_said=f"{local(at):%H:%M}",
        stop=STOP_MIN,
        most=CAP_MIN,
        over=LIVE_OVER_MIN,
        found=found,
        seen=day_stamp(lying(festival.id)) if found else "",
        differs=unpublished(festival.id),
        version=published_version(festival.id),
        last=last_told(festival.id),
        may_announce=current_actor().may(Permission.OFFICE),
        refused=refused,
    ), refused.status if refused else 200
