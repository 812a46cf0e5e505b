"""The matches after the first round of a knock-out in the timetable: which there are, when, and who plays them as far as it is known."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.queries import contest_by_code
from festival.core.clock import local
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.forms import not_offered
from festival.editions.queries import the_festival
from festival.schedule.blueprint import bp
from festival.schedule.later.brackets import known_brackets
from festival.schedule.later.reading import later_matches, told_matches
from festival.schedule.rounds.adding import (
    add_later_rounds,
    drop_later_rounds,
    first_round_apart,
    matches_of,
    own_knock_out,
)
from festival.schedule.timetable import day_number, sessions_alone
from festival.schedule.words import STATE_WORDS


@bp.get("/office/schedule/<knock_out>/rounds")
@requires(Permission.SCHEDULE)
def rounds_page(knock_out: str) -> ResponseReturnValue:
    """Each with its hour and the way to the board, where it is put and moved."""
    festival = the_festival()
    contest = own_knock_out(festival.id, contest_by_code(festival, knock_out).id)
    told = told_matches([each for each in later_matches(festival.id) if each.contest_id == contest.id])
    sessions = {row.id: row for row in sessions_alone(festival.id)}
    have = {each.match.at for each in told}
    return render_template(
        "schedule/rounds.html",
        festival=festival,
        contest=contest,
        told=told,
        sessions=sessions,
        days={key: day_number(local(row.starts_at).date()) for key, row in sessions.items()},
        has_session=any(row.contest_id == contest.id for row in sessions.values()),
        apart=first_round_apart(contest),
        drawn=contest.id in known_brackets([contest.id]),
        missing=sum(at not in have for at in matches_of(contest)),
        states=STATE_WORDS,
    )


@bp.post("/office/schedule/<knock_out>/rounds")
@requires(Permission.SCHEDULE)
def rounds_post(knock_out: str) -> ResponseReturnValue:
    """Take them into the timetable, or out of it."""
    to = request.form.get("to", "")
    if to not in {"add", "drop"}:
        raise not_offered("to")
    with transaction():
        festival, me = the_festival(), acting_user()
        contest = contest_by_code(festival, knock_out)
        if to == "add":
            count = add_later_rounds(festival.id, contest.id, me)
            said = _(
                "Đã đưa %(n)s trận vào lịch, chưa có giờ. Đặt từng trận ở bảng lịch, hoặc bấm xếp lịch tự động.",
                n=count,
            )
        else:
            count = drop_later_rounds(festival.id, contest.id, me)
            said = _("Đã bỏ %(n)s trận khỏi lịch. Bỏ nhầm thì hoàn tác ở bảng lịch.", n=count)
    flash(said, "good")
    return redirect(url_for("schedule.rounds_page", knock_out=knock_out))
