"""The stage manager's page of the day: one act, a clock, three large taps; who follows; an order that is changed."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import BaseModel

from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web import openapi
from festival.core.web.access import Permission, acting_user, current_actor, public, requires, signed_in
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.paging import asked_number, part
from festival.editions.queries import current_festival
from festival.logistics.queries import needs_said
from festival.roster.models import EntryState
from festival.schedule.blueprint import bp
from festival.schedule.models import ActState, Stage
from festival.schedule.presence.doors import presence
from festival.schedule.published.following import followed, gone_stages
from festival.schedule.queries import OVER
from festival.schedule.sound.order import lines_of, stage_of
from festival.schedule.stage_day import mending
from festival.schedule.stage_day.matches import take_match_step
from festival.schedule.stage_day.reading import expected_on, festival_day, stage_day, written_starts
from festival.schedule.stage_day.stages import StageRow, stage_rows
from festival.schedule.stage_day.taking import take_step
from festival.schedule.stage_day.taps import FOLLOWING, LARGE, OPEN, SMALL
from festival.schedule.words import STATE_SYMBOLS, STATE_TONES, STATE_WORDS

LINES_A_PAGE = 25
OVER_SHOWN = 8


@bp.get("/stage")
@public
def stage_app() -> str:
    """The app of a device at a stage: no row of the database is in it."""
    return render_template("schedule/stage_app.html")


@bp.get("/office/stage")
@requires(Permission.STAGE)
def stage_list() -> ResponseReturnValue:
    """All stages with how far they are; at last those that only the version that holds still has."""
    festival = current_festival()
    return render_template(
        "schedule/stages.html",
        stages=[*stage_rows(festival.id), *map(_gone_row, gone_stages(festival.id))] if festival else [],
    )


def _gone_row(stage: Stage) -> StageRow:
    shown = followed(stage.festival_id, stage)
    acts = [act for row in shown.sessions for act in row.acts if act.entry.state is EntryState.ENROLLED]
    over = sum(act.state in OVER for act in acts)
    return StageRow(stage, len(acts) + len(shown.lacking), over)


@bp.get("/office/stage/<code>")
@requires(Permission.STAGE)
def stage_page(code: str) -> ResponseReturnValue:
    """One stage: who is on, who follows; what is over is folded."""
    stage, at = stage_of(code), now()
    day = stage_day(stage, at, asked_number("day"))
    folded = part(len(day.over), LINES_A_PAGE if asked_number("over") else OVER_SHOWN, asked_number("over", 1))
    rest = part(len(day.rest), LINES_A_PAGE, asked_number("page", 1))
    over, later = folded.of(day.over), rest.of(day.rest)
    shown = [*day.now, *day.then, *later, *day.absent, *over]
    return render_template(
        "schedule/stage.html",
        stage=stage,
        day=day,
        follows=day.follows,
        lanes=day.follows.lanes,
        today=festival_day(at),
        at=at,
        later=later,
        rest=rest,
        over=over,
        folded=folded,
        whole_over=asked_number("over"),
        names={act.entry_id: act.entry.name for act in day.acts},
        written=written_starts(day.expected),
        needs=needs_said(stage.festival_id),
        lines=lines_of(stage.festival_id, shown),
        here=presence(stage.festival_id, shown),
        states=STATE_WORDS,
        tones=STATE_TONES,
        symbols=STATE_SYMBOLS,
        large=LARGE,
        open=OPEN,
        small=SMALL,
        following=FOLLOWING,
        may_announce=current_actor().may(Permission.OFFICE),
        may_mend=current_actor().may(Permission.SCHEDULE),
    )


@bp.get("/api/v1/stage/<code>/day")
@signed_in
def stage_now(code: str) -> Response:
    """Has anything of the day changed, and when is who expected? Asked by the open pages of a stage and of its MC."""
    actor = current_actor()
    if not (actor.may(Permission.MC) or actor.may(Permission.STAGE)):
        raise NotFound()
    day = stage_day(stage_of(code), now())
    answer = jsonify(mark=day.mark, expected={str(act): at for act, at in written_starts(day.expected).items()})
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@bp.post("/office/stage/acts/<int(max=9007199254740991):act_id>")
@requires(Permission.STAGE)
def state_post(act_id: int) -> ResponseReturnValue:
    """The stage manager's tap."""
    try:
        was, to = ActState(request.form.get("was", "")), ActState(request.form.get("to", ""))
    except ValueError as error:
        raise BadInput() from error
    with transaction():
        act = take_step(act_id, was, to, by={"by": acting_user()})
        code, day = act.session.stage.code, festival_day(act.starts_at)
    return _to_stage(code, day)


@bp.post("/office/stage/matches/<int(max=9007199254740991):match_id>")
@requires(Permission.STAGE)
def match_state_post(match_id: int) -> ResponseReturnValue:
    """The same for a match of a later round."""
    try:
        was, to = ActState(request.form.get("was", "")), ActState(request.form.get("to", ""))
    except ValueError as error:
        raise BadInput() from error
    with transaction():
        match = take_match_step(match_id, was, to, by={"by": acting_user()})
        assert match.session is not None and match.starts_at is not None  # it was called at its place
        code, day = match.session.stage.code, festival_day(match.starts_at)
    return _to_stage(code, day)


def _to_stage(code: str, day: date) -> ResponseReturnValue:
    """Back to the day that was tapped on; today's page has the short address."""
    number = None if day == festival_day(now()) else f"{day:%Y%m%d}"
    return redirect(url_for("schedule.stage_page", code=code, day=number))


@bp.get("/office/stage/acts/<int(max=9007199254740991):act_id>/later")
@requires(Permission.STAGE)
def later_page(act_id: int) -> ResponseReturnValue:
    """Behind whom, and what would change: shown before anything is written. `?after=ID`; without it behind the next one."""
    shown = mending.propose(act_id, asked_number("after"), now())
    return render_template("schedule/later.html", shown=shown, stage=shown.act.session.stage)


@bp.post("/office/stage/acts/<int(max=9007199254740991):act_id>/later")
@requires(Permission.STAGE)
def later_post(act_id: int) -> ResponseReturnValue:
    """Do what was shown."""
    after, seen = typed_number(request.form.get("after", "")), request.form.get("seen", "")
    if after is None or not mending.STAMP.fullmatch(seen):
        raise BadInput(_("Chọn lùi sau lượt nào và xem thay đổi trước, rồi bấm đổi lượt."))
    with transaction():
        change = mending.take(act_id, after, seen, acting_user())
        act = mending.act_of(change)
        stage, day, name = act.session.stage.code, festival_day(act.starts_at), act.entry.name
    flash(_("Đã đổi lượt của %(name)s. Mọi màn hình đi theo thứ tự mới.", name=name), "good")
    return _to_stage(stage, day)


@bp.post("/office/stage/turns/<int(max=9007199254740991):change_id>/undo")
@requires(Permission.STAGE)
def turns_undo_post(change_id: int) -> ResponseReturnValue:
    """The order as it was before that change."""
    with transaction():
        act = mending.act_of(mending.undo(change_id, acting_user()))
        stage, day = act.session.stage.code, festival_day(act.starts_at)
    flash(_("Đã trả lại thứ tự trước đó."), "note")
    return _to_stage(stage, day)


def expected_today(stage: Stage) -> dict[int, str]:
    """For other pages of the stage: by act the expected start where it is late."""
    return expected_on(stage, now())


class StageDayOut(BaseModel):
    """Another `mark` than before: something has changed; `expected`: by act, where it is later."""

    mark: str
    expected: dict[str, str]


openapi.describe("get", "/api/v1/stage/<code>/day", "Ngày của sân khấu có gì mới", None, StageDayOut)
