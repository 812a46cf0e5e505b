"""The page of a draw: typed live, read back, recorded; afterwards changed, added to, voided; the slots on the stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import Contest
from festival.contests.queries import contest_by_code
from festival.core.clock import local
from festival.core.numbers import typed_number
from festival.core.text import cut
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import say
from festival.editions.queries import the_festival
from festival.roster.models import Entry
from festival.schedule import drawing, queries
from festival.schedule.blueprint import bp
from festival.schedule.draw import Drawn, Undrawn, hand_order, seeded_order
from festival.schedule.draw_pages.shown import draw_shown, session_named
from festival.schedule.drawing import DrawRecorded
from festival.schedule.drawn import changing, trials
from festival.schedule.drawn.changed import DrawnInBlocks, block_order
from festival.schedule.editing.typed import day_typed, moment_typed
from festival.schedule.heats.reading import lanes_in

BY_SESSION = "session"


@bp.get("/office/schedule/<code>/draw")
@requires(Permission.SCHEDULE)
def draw_page(code: str) -> ResponseReturnValue:
    """The draw of a contest: to be typed live, or as it was drawn."""
    return _page(code)


def _page(
    code: str,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, object] | None = None,
    order: Sequence[Entry] = (),
    seed: str = "",
    blocks: Sequence[Sequence[int]] = (),
) -> ResponseReturnValue:
    shown = draw_shown(contest_by_code(the_festival(), code))
    typed = typed or {}
    trial = shown.trial
    begins = local(trial.starts_at) if trial else None
    return render_template(
        "schedule/draw.html",
        shown=shown,
        contest=shown.contest,
        draw=shown.draw,
        entries=shown.entries,
        lanes=lanes_in([shown.contest]) if shown.draw else {},
        typed=typed,
        faults=faults or {},
        order=order,
        seed=seed,
        firsts=_firsts(blocks, {each.id: session_named(each) for each in shown.sessions}),
        by_session=request.values.get("by") == BY_SESSION and len(shown.sessions) > 1,
        session_choices=[(each.id, session_named(each)) for each in shown.sessions],
        numbered=[(line.entry.code, f"{line.number}. {line.entry.name}")
                  for part in shown.board for line in part.lines if line.entry and not line.out],
        begins={"day": f"{begins.day}/{begins.month}/{begins.year}", "from": f"{begins.hour}:{begins.minute:02d}"} if begins else {},
    ), 422 if faults else 200  # fmt: skip


def _firsts(blocks: Sequence[Sequence[int]], named: Mapping[int, str]) -> dict[int, str]:
    """At which number the session of which name begins."""
    found, number = {}, 1
    for session, many in blocks:
        found[number] = named.get(session, "")
        number += many
    return found


@bp.post("/office/schedule/<code>/draw")
@requires(Permission.SCHEDULE)
def draw_post(code: str) -> ResponseReturnValue:
    """Read the numbers back, then record them: two steps, because a draw is not drawn twice."""
    seed, typed = request.form.get("seed", "").strip(), _typed()
    step = request.form.get("step")
    if step == "back":
        return _page(code, typed)
    if step == "confirm":
        return _record(code, seed, typed)
    with reading():
        contest = contest_by_code(the_festival(), code)
        entries = {entry.code: entry for entry in queries.enrolled(contest.id)}
        by_session = _by_session(contest, entries)
    if seed:
        if not drawing.SEED.fullmatch(seed):
            raise BadInput(_("Số gieo gồm 1 đến 64 ký tự, chỉ dùng chữ, số và các dấu . : / + -"), field="seed")
        drawn = seeded_order(seed, code, list(entries))
        return _page(code, order=[entries[each] for each in drawn], seed=seed)
    match by_session or hand_order({each: typed.get(each, "") for each in entries}):
        case Undrawn(faults):
            return _page(code, typed, faults)
        case Drawn(order):
            return _page(code, typed, order=[entries[each] for each in order])
        case DrawnInBlocks(order, blocks):
            return _page(code, typed, order=[entries[each] for each in order], blocks=blocks)


def _typed() -> dict[str, str]:
    """What was typed for each entry; the session it drew under `s-…`."""
    return {key.removeprefix("n-"): value for key, value in request.form.items() if key.startswith(("n-", "s-"))}


def _by_session(contest: Contest, entries: Mapping[str, Entry]) -> DrawnInBlocks | Undrawn | None:
    """Session and number inside, as typed; None when the numbers go through all."""
    if request.form.get("by") != BY_SESSION:
        return None
    typed = _typed()
    said = {code: (typed.get(f"s-{code}", ""), typed.get(code, "")) for code in entries}
    return block_order(said, [each.id for each in draw_shown(contest).sessions])


def _record(code: str, seed: str, typed: dict[str, str]) -> ResponseReturnValue:
    with transaction():
        contest = contest_by_code(the_festival(), code)
        by_session = _by_session(contest, {entry.code: entry for entry in queries.enrolled(contest.id)})
        answer: DrawRecorded | Undrawn
        if isinstance(by_session, DrawnInBlocks):
            answer = drawing.draw_in_blocks(contest.id, by_session.order, by_session.blocks, acting_user())
        elif by_session is not None:
            answer = by_session
        elif seed:
            answer = drawing.draw_by_seed(contest.id, seed, acting_user())
        else:
            answer = drawing.draw_by_hand(contest.id, typed, acting_user())
    match answer:
        case DrawRecorded():
            flash(_("Đã ghi thứ tự vào sổ."), "good")
            return redirect(url_for("schedule.draw_page", code=code))
        case Undrawn(faults):
            # a family was withdrawn or approved between reading back and confirming
            return _page(code, typed, faults)


@bp.post("/office/schedule/<code>/draw/<step>")
@requires(Permission.SCHEDULE)
def draw_step_post(code: str, step: str) -> ResponseReturnValue:
    """One step after the draw, by its name in the address."""
    if step not in STEPS:
        raise NotFound()
    with transaction():
        said = STEPS[step](contest_by_code(the_festival(), code))
    flash(said, "warn" if step == "cancel" else "good")
    return redirect(url_for("schedule.draw_page", code=code), 303)


def _cancel(contest: Contest) -> str:
    drawing.cancel_draw(contest.id, cut(request.form.get("reason", ""), 200), acting_user())
    return str(_("Đã hủy kết quả bốc thăm. Việc hủy đã ghi vào sổ; hủy nhầm thì lấy lại được ở trang này."))


def _restore(contest: Contest) -> str:
    drawing.restore_draw(contest.id, acting_user())
    return str(_("Đã lấy lại kết quả bốc thăm đã hủy."))


def _swap(contest: Contest) -> str:
    form = request.form
    pair = form.get("entry", ""), form.get("other", "")
    heads = form.get("one_head", ""), form.get("other_head", "")
    changing.swap(contest.id, pair, heads, form.get("reason", ""), acting_user())
    return str(
        _("Hai tiết mục đã đổi số và đổi chỗ trong lịch đang xếp. Lịch đã công bố giữ nguyên đến lần công bố sau.")
    )


def _correct(contest: Contest) -> str:
    form = request.form
    number = typed_number(form.get("number", "")) or 0
    changing.correct_number(contest.id, form.get("entry", ""), number, form.get("reason", ""), acting_user())
    return str(_("Đã sửa số. Tiết mục đang giữ số ấy nhận số còn lại."))


def _late(contest: Contest) -> str:
    answer = changing.add_late(contest.id, _typed(), request.form.get("seed", "").strip(), acting_user())
    if isinstance(answer, Undrawn):
        code, fault = next(iter(answer.faults.items()))
        raise BadInput(_("Còn số cần sửa: %(fault)s.", fault=say(fault)), field=f"n-{code}")
    return str(_("Đã ghi số cho tiết mục được duyệt sau."))


def _undo(contest: Contest) -> str:
    change = typed_number(request.form.get("change", "")) or 0
    changing.undo(contest.id, change, request.form.get("reason", ""), acting_user())
    return str(_("Đã hoàn tác. Số và chỗ trong lịch đang xếp trở lại như trước."))


def _trial(contest: Contest) -> str:
    form = request.form
    starts_at = moment_typed(day_typed(form.get("day", ""), contest.festival), form.get("from", ""))
    minutes, version = typed_number(form.get("minutes", "")) or 0, typed_number(form.get("version", "")) or 0
    trials.set_trial(contest.id, form.get("stage", ""), starts_at, minutes, version, acting_user())
    return str(_("Đã xếp giờ ráp sân khấu. Mỗi đoàn thấy giờ của mình trên trang của đoàn."))


def _trial_back(contest: Contest) -> str:
    trials.take_trial_back(contest.id, typed_number(request.form.get("version", "")) or 0, acting_user())
    return str(_("Đã bỏ giờ ráp sân khấu. Muốn xếp lại thì giờ cũ còn điền sẵn."))


STEPS: dict[str, Callable[[Contest], str]] = {
    "cancel": _cancel,
    "restore": _restore,
    "swap": _swap,
    "correct": _correct,
    "late": _late,
    "undo": _undo,
    "trial": _trial,
    "trial-back": _trial_back,
}
