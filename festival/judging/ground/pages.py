"""The app of a ground (a shell), and the secretary's page of the devices that type a contest there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.marks import Blank
from festival.contests.measures import BadTyped, Typed, written_time
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.questions.answers import Answered, written_answers
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, public, signed_in
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.judging.contest_access import ContestAccess, marks_shown
from festival.judging.ground.counters import awaited
from festival.judging.ground.decided import head_decisions
from festival.judging.ground.devices import GROUND_KINDS, devices_for, give
from festival.judging.ground.models import SeenHow
from festival.judging.ground.seen import HeadsAnswer, see, unsee
from festival.judging.ground.taking import GroundRefused, choose
from festival.judging.ground.tries import tries_of
from festival.judging.measuring import MeasureRefused, answers_in, note_measure, read_result
from festival.judging.models import MeasureState
from festival.judging.routes import as_secretary, bp, still_open
from festival.judging.tally import Appearance, appearances_of, read_tally
from festival.judging.words import MEASURE_WORDS


@bp.get("/ground")
@public
def ground() -> str:
    """The app of a ground: no row of the database is in it."""
    return render_template("judging/ground/app.html")


def on_the_ground(code: str) -> ContestAccess:
    """A contest of a kind that is typed on a ground, for its secretary."""
    access = as_secretary(code)
    if access.contest.result_kind not in GROUND_KINDS:
        raise NotFound()
    return access


@bp.get("/panel/<code>/ground")
@signed_in
def ground_devices(code: str) -> str:
    """Which devices type this contest on the ground, and what of that waits for a person."""
    return _page(on_the_ground(code).contest, {}, {})


def _page(contest: Contest, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    marks_shown(contest)
    appearances = {each.id: each for each in appearances_of([contest.id]).get(contest.id, ())}
    lines = [
        (appearances[each.entry_id], each, awaited(each.counts, contest))
        for each in tries_of([contest.id]).get(contest.id, [])
        if each.entry_id in appearances
    ]
    order = {entry_id: at for at, entry_id in enumerate(appearances)}
    lines.sort(key=lambda line: (order[line[1].entry_id], line[1].round))
    standing = {(each.entry_id, each.round, each.version) for _at, each, _awaited in lines}
    return render_template(
        "judging/ground/devices.html",
        contest=contest,
        devices=devices_for(contest),
        open=contest.state is ContestState.OPEN,
        may_enrol=current_actor().may(Permission.PANEL_DEVICES),
        apart=[line for line in lines if line[1].offers],
        undecided=[line for line in lines if line[2] in ("differs", "head_judge")],
        disputed=[line for line in lines if line[1].seen and not line[1].seen.agrees],
        late=[line for line in lines if line[1].refused],
        unseen=[line for line in lines if line[1].version and line[1].seen is None],
        on_paper=[line for line in lines if line[1].seen and line[1].seen.how is SeenHow.PAPER],
        decided=[
            (appearances[each.entry_id], each, (each.entry_id, each.round, each.version) in standing)
            for each in head_decisions(contest, appearances)
        ],
        said=lambda each: said_of(contest, each),
        typed=typed,
        errors=errors,
    )


class Result(Protocol):
    """What stands, or what somebody typed."""

    @property
    def state(self) -> MeasureState | None: ...

    @property
    def value(self) -> int | None: ...

    @property
    def answers(self) -> str | None: ...


def said_of(contest: Contest, each: Result) -> str:
    """A result as people write it."""
    state, value = each.state, each.value
    if state is None or value is None:
        return str(MEASURE_WORDS[state]) if state is not None else str(_("không có kết quả"))
    if contest.result_kind is ResultKind.TIME:
        return written_time(value)
    said = f"{value} {contest.unit_label}".strip()
    return f"{said} ({written_answers(each.answers)})" if each.answers else said


@bp.post("/panel/<code>/ground")
@signed_in
def ground_devices_post(code: str) -> ResponseReturnValue:
    """Give the contest to a device, or take it from one."""
    number, given = typed_number(request.form.get("device", "")), request.form.get("given")
    if number is None or given not in ("yes", "no"):
        raise BadInput(_("Chưa chọn máy. Chọn trong danh sách rồi bấm lại."))
    with transaction():
        access = on_the_ground(code)
        still_open(access)
        give(access.contest, number, acting_user(), given=given == "yes")
    if given == "yes":
        flash(_("Đã giao phần thi cho máy %(n)s.", n=number), "good")
    else:
        flash(_("Máy %(n)s không ghi phần thi này nữa.", n=number), "note")
    return _back(code)


def _back(code: str) -> ResponseReturnValue:
    return redirect(url_for("judging.ground_devices", code=code), 303)


def _named(code: str) -> tuple[Contest, Appearance, int]:
    """The open contest, the entry and the try that a form names."""
    with reading():
        access = on_the_ground(code)
        still_open(access)
        tallied = read_tally(access.contest)
    appearance = next((each for each in tallied.appearances if each.code == request.form.get("entry")), None)
    round_ = typed_number(request.form.get("round", ""))
    if appearance is None or round_ is None or not 1 <= round_ <= access.contest.attempts:
        raise BadInput(_("Chưa chọn tiết mục, hoặc tiết mục không có trong phần thi. Chọn lại trong bảng rồi ghi."))
    return access.contest, appearance, round_


def _version() -> int:
    return typed_number(request.form.get("version", "")) or 0


@bp.post("/panel/<code>/ground/choose")
@signed_in
def ground_choose(code: str) -> ResponseReturnValue:
    """Of a result and what devices typed beside it the secretary keeps one."""
    contest, appearance, round_ = _named(code)
    user, keep = acting_user(), request.form.get("keep", "")
    with transaction():
        outcome = choose(contest.id, appearance.id, round_, keep, _version(), {"typed_by": user})
    if isinstance(outcome, GroundRefused):
        raise Conflict(_("Kết quả này vừa có bản mới. Mở lại trang rồi chọn."))
    flash(_("Đã chọn kết quả của %(name)s.", name=appearance.name), "good")
    return _back(code)


@bp.post("/panel/<code>/ground/decide")
@signed_in
def ground_decide(code: str) -> ResponseReturnValue:
    """The counters do not agree: what the head judge decided, why, and who that is."""
    contest, appearance, round_ = _named(code)
    key = f"{appearance.code}-{round_}"
    typed, reason = request.form.get("value", ""), " ".join(request.form.get("reason", "").split())
    errors: dict[str, str] = {}
    value: int | None = None
    answers: str | None = None
    match read_result(contest, typed):
        case Typed() | Answered() as result:
            value, answers = result.value, answers_in(result)
        case Blank():
            errors[f"{key}-value"] = _("Chưa gõ kết quả.")
        case BadTyped(wrong):
            errors[f"{key}-value"] = say(wrong)
    if not reason:
        errors[f"{key}-reason"] = _("Ghi ai quyết định và vì sao.")
    if not errors:
        user = acting_user()
        with transaction():
            outcome = note_measure(
                contest.id,
                appearance.id,
                round_,
                MeasureState.VALID,
                value,
                _version(),
                user,
                {"reason": reason[:300]},
                answers,
            )
        if isinstance(outcome, MeasureRefused):
            errors[f"{key}-value"] = outcome.said
    if errors:
        return _page(contest, {f"{key}-value": typed, f"{key}-reason": reason}, errors), 422
    flash(_("Đã ghi quyết định của trọng tài chính cho %(name)s.", name=appearance.name), "good")
    return _back(code)


@bp.post("/panel/<code>/ground/paper")
@signed_in
def ground_paper(code: str) -> ResponseReturnValue:
    """The head of the team has signed a slip instead of tapping; or that was ticked by mistake."""
    contest, appearance, round_ = _named(code)
    user, reason = acting_user(), request.form.get("reason", "")
    key = f"{appearance.code}-{round_}-paper"
    if request.form.get("step") == "undo":
        with transaction():
            unsee(contest.id, appearance.id, round_, _version(), user)
        flash(_("Đã bỏ dấu ký trên giấy của %(name)s.", name=appearance.name), "note")
        return _back(code)
    if not reason.strip():
        return _page(contest, {}, {key: _("Ghi vì sao đội ký trên giấy, ví dụ: máy hết pin.")}), 422
    with reading():
        lines = tries_of([contest.id]).get(contest.id, [])
    asked = (appearance.id, round_, _version())
    stands = next((each for each in lines if (each.entry_id, each.round, each.version) == asked), None)
    if stands is None or stands.state is None:
        raise Overtaken(_("Kết quả này vừa được người khác sửa. Mở lại trang để xem số mới nhất."))
    with transaction():
        answer = HeadsAnswer(
            stands.state, stands.value, True, reason, SeenHow.PAPER, noted_by=user, answers=stands.answers
        )
        outcome = see(contest.id, appearance.id, round_, answer)
    if isinstance(outcome, GroundRefused):
        raise Overtaken(_("Kết quả này vừa được người khác sửa. Mở lại trang để xem số mới nhất."))
    flash(_("Đã ghi đội ký trên giấy: %(name)s.", name=appearance.name), "good")
    return _back(code)
