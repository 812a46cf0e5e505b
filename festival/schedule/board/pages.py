"""The board: stages beside each other by the half hour, acts taken up and put down, steps taken back, what is locked."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import local
from festival.core.numbers import typed_number
from festival.core.sentence import Sentence
from festival.core.text import cut
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, Refusal
from festival.core.web.forms import not_offered
from festival.core.web.i18n import clock as clock_words
from festival.core.web.i18n import say
from festival.core.web.paging import asked_number
from festival.editions.queries import the_festival
from festival.schedule import planning, queries
from festival.schedule.blueprint import bp
from festival.schedule.board.columns import BoardWindow, board
from festival.schedule.board.waiting import waiting
from festival.schedule.editing.asking import ask
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.history.steps import next_steps, since
from festival.schedule.moving import acts, locking
from festival.schedule.moving.foreseen import Spot
from festival.schedule.moving.lying import lying
from festival.schedule.moving.undoing import turn
from festival.schedule.timetable import asked_choice, day_number, timetable
from festival.schedule.words import STATE_WORDS

WAITING_MOST = 40
TAKEN_MOST = 60  # letters of the code of an act; a match has two of them


def asked_window(*, take: str = "") -> BoardWindow:
    """The day, the stage and the part of the address."""
    return BoardWindow(
        asked_number("day"), cut(request.args.get("stage", ""), 40), asked_number("page", 1),
        take or cut(request.args.get("take", ""), TAKEN_MOST),
    )  # fmt: skip


def to_board(anchor: str | None = None) -> ResponseReturnValue:
    """Back to the part from which a step was taken."""
    return redirect(url_for("schedule.board_page", **asked_window().query, _anchor=anchor))


@bp.get("/office/schedule/board")
@requires(Permission.SCHEDULE)
def board_page() -> ResponseReturnValue:
    """A day of the draft; `take`: with the places where that act can be put."""
    return _page(asked_window())


def _page(
    window: BoardWindow, refused: Refusal | None = None, *, seen: int = 0, now_is: Spot | None = None
) -> ResponseReturnValue:
    """`seen`: the newest step when the place was chosen; `now_is`: what would follow there now."""
    festival, me = the_festival(), acting_user()
    table = lying(festival.id)
    shown = board(table, window)
    taken = table.acts.get(window.take)
    return render_template(
        "schedule/board.html",
        festival=festival,
        shown=shown,
        taken=taken,
        held=table.held(window.take) if taken else None,
        rows=table.block(window.take),
        table=table,
        elsewhere=[(row, day_number(local(row.starts_at).date())) for row in table.open_to(window.take)]
        if taken
        else [],
        waiting=waiting(table),
        without_session=[each for each in planning.left_out(festival.id).acts if not each.has_session],
        most=WAITING_MOST,
        steps=next_steps(festival.id, me),
        meanwhile=since(festival.id, seen, me) if refused and seen else [],
        now_is=now_is,
        refused=refused,
        states=STATE_WORDS,
    ), refused.status if refused else 200


@bp.post("/office/schedule/board")
@requires(Permission.SCHEDULE)
def put_post() -> ResponseReturnValue:
    """Put the act that was taken up down at a place, or off the board."""
    code = cut(request.form.get("take", ""), TAKEN_MOST)
    chosen, seen = request.form.get("place", ""), typed_number(request.form.get("seen", "")) or 0
    session, _dot, rest = chosen.partition(".")
    before, _dot, stamp = rest.partition(".")
    if chosen != "out" and (typed_number(session) is None or not stamp):
        raise not_offered("place")
    try:
        with transaction():
            festival_id, me = the_festival().id, acting_user()
            if chosen == "out":
                name = acts.take_off(festival_id, code, me)
                said, to = _("Đã đưa «%(name)s» ra khỏi lịch; tiết mục ở danh sách chưa có giờ.", name=name), None
            else:
                to = acts.put(festival_id, code, int(session), before, stamp, me)
                said = _("Đã đặt «%(name)s» lúc %(time)s, %(stage)s.", name=_name(to, code),
                         time=clock_words(to.starts_at), stage=to.session.stage.name)  # fmt: skip
            stage = "" if to is None else to.session.stage.code
    except acts.PlaceChanged as refused:
        return _page(asked_window(take=code), refused, seen=seen, now_is=refused.foreseen)
    except Conflict as refused:
        return _page(asked_window(take=code), refused, seen=seen)
    flash(said, "good")
    if to is None:
        return to_board("waiting")
    window, day = asked_window(), day_number(to.starts_at.date())
    # on another stage or day it is not known in which part it has come to stand
    page = window.page if window.page > 1 and (window.day, window.stage) == (day, stage) else None
    kept = stage if window.stage else None
    return redirect(url_for("schedule.board_page", day=day, stage=kept, page=page, _anchor=f"act-{code}"))


def _name(place: Spot, code: str) -> str:
    return next(turn.title for turn in place.turns if turn.code == code)


@bp.post("/office/schedule/acts/<int(max=9007199254740991):act_id>/move")
@requires(Permission.SCHEDULE)
def move_post(act_id: int) -> ResponseReturnValue:
    """Swap an act with its neighbour."""
    to = request.form.get("to")
    if to not in {"earlier", "later"}:
        raise not_offered("to")
    with transaction():
        acts.move_act(act_id, earlier=to == "earlier", user_id=acting_user())
    with reading():
        # the act may have gone over to the next page
        shown = timetable(the_festival().id, asked_choice(act=act_id))
    page = shown.part.number if shown.part.number > 1 else None
    return redirect(url_for("schedule.office_page", **shown.choice.query, page=page, _anchor=f"act-{act_id}"))


@bp.post("/office/schedule/undo")
@requires(Permission.SCHEDULE)
def undo_post() -> ResponseReturnValue:
    """Take the last step back, or do it again; what somebody else did is asked first, with who would be moved."""
    to, step = request.form.get("to", ""), typed_number(request.form.get("step", "")) or 0
    if to not in {"back", "again"}:
        raise not_offered("to")
    me = acting_user()
    with reading():
        festival_id = the_festival().id
        following = next_steps(festival_id, me)
    told = following.back if to == "back" else following.again
    own = told is not None and told.mine
    try:
        done = carry_out(
            festival_id,
            lambda: turn(festival_id, step, me, back=to == "back"),
            None if own else request.form.get("agreed", ""),
        )
    except (BadInput, Conflict) as refused:
        return _page(asked_window(), refused)
    match done:
        case PlanFollows():
            assert told is not None
            who = told.who or _("lệnh")
            title = (
                _("Hoàn tác bước của %(who)s: %(step)s?", who=who, step=say(told.words))
                if to == "back"
                else _("Làm lại bước của %(who)s: %(step)s?", who=who, step=say(told.words))
            )
            yes = _("Hoàn tác bước này") if to == "back" else _("Làm lại bước này")
            return ask(done, title, yes, cancel=url_for("schedule.board_page", **asked_window().query))
        case Carried(words):
            assert isinstance(words, Sentence)
            flash(
                _("Đã hoàn tác: %(step)s.", step=say(words))
                if to == "back"
                else _("Đã làm lại: %(step)s.", step=say(words)),
                "good",
            )
            return to_board("steps")


@bp.post("/office/schedule/lock")
@requires(Permission.SCHEDULE)
def lock_post() -> ResponseReturnValue:
    """Lock or unlock an act, a session or a day."""
    to, what = request.form.get("to", ""), request.form.get("what", "")
    if to not in {"lock", "unlock"} or what not in {"act", "session", "day"}:
        raise not_offered("to")
    held, key, me = to == "lock", request.form.get("key", ""), acting_user()
    number = typed_number(key) or 0
    with transaction():
        festival_id = the_festival().id
        if what == "act":
            said = locking.lock_act(festival_id, cut(key, TAKEN_MOST), held, me)
        elif what == "session":
            said = queries.session_title(locking.lock_session(festival_id, number, held, me))
        else:
            day = locking.day_of(number)
            locking.lock_day(festival_id, day, held, me)
            said = _("ngày %(day)s", day=f"{day.day}/{day.month}")
    flash(
        _("Đã khóa «%(what)s»: xếp lại, xếp nốt, đổi lượt không dời nữa.", what=said)
        if held
        else _("Đã mở khóa «%(what)s».", what=said),
        "good",
    )
    return to_board()
