"""The organiser's pages of contests: what is contested by which rules, and who judges it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests import actions, queries
from festival.contests.models import PanelSeat
from festival.contests.words import KIND_WORDS, SEAT_WORDS, SECRECY_WORDS
from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.core.web.forms import form_choice, form_number, not_offered
from festival.editions.queries import current_festival, the_festival

bp = Blueprint("contests", __name__)


@bp.get("/office/contests")
@requires(Permission.CONTESTS)
def contest_list() -> ResponseReturnValue:
    """All contests of the edition."""
    festival = current_festival()
    rows = queries.contests(festival.id) if festival else []
    return render_template(
        "contests/list.html",
        festival=festival,
        contests=rows,
        panels=queries.panel_of([row.id for row in rows]),
        kinds=KIND_WORDS,
        secrecies=SECRECY_WORDS,
    )


@bp.get("/office/contests/<code>")
@requires(Permission.CONTESTS)
def contest_page(code: str) -> ResponseReturnValue:
    """One contest: rules in words, panel, ties to units."""
    festival = the_festival()
    contest = queries.contest_by_code(festival, code)
    return render_template(
        "contests/one.html",
        contest=contest,
        members=queries.panel_of([contest.id]).get(contest.id, []),
        scoring=queries.scoring_words(contest),
        ties=queries.tie_words(contest),
        people_choices=[(user.id, f"{user.name} ({user.login})") for user in queries.candidates(contest.id)],
        unit_choices=[(unit.id, unit.full_name) for unit in queries.expected_units(festival)],
        seat_choices=[(seat.value, words) for seat, words in SEAT_WORDS.items()],
        kinds=KIND_WORDS,
        secrecies=SECRECY_WORDS,
        seats=SEAT_WORDS,
    )


@bp.post("/office/contests/<code>/seat")
@requires(Permission.CONTESTS)
def seat_post(code: str) -> ResponseReturnValue:
    """Give somebody a seat in the panel."""
    chosen = form_choice("seat", PanelSeat)
    with transaction():
        contest = queries.contest_by_code(the_festival(), code)
        actions.seat(contest.id, form_number("user"), chosen)
    flash(_("Đã thêm vào ban giám khảo."), "good")
    return redirect(url_for("contests.contest_page", code=code))


@bp.post("/office/contests/<code>/unseat")
@requires(Permission.CONTESTS)
def unseat_post(code: str) -> ResponseReturnValue:
    """Take somebody out of the panel."""
    with transaction():
        actions.unseat(_judge_of(code))
    flash(_("Đã rút tên khỏi ban giám khảo."), "good")
    return redirect(url_for("contests.contest_page", code=code))


@bp.post("/office/contests/<code>/tie")
@requires(Permission.CONTESTS)
def tie_post(code: str) -> ResponseReturnValue:
    """Note that a judge is tied to a unit and does not mark its entries."""
    with transaction():
        actions.note_unavailable(_judge_of(code), form_number("unit"), request.form.get("reason", ""))
    flash(_("Đã ghi: giám khảo không chấm đơn vị này."), "good")
    return redirect(url_for("contests.contest_page", code=code))


@bp.post("/office/contests/<code>/untie")
@requires(Permission.CONTESTS)
def untie_post(code: str) -> ResponseReturnValue:
    """Take the note back."""
    with transaction():
        tie_id = form_number("tie")
        contest = queries.contest_by_code(the_festival(), code)
        members = queries.panel_of([contest.id]).get(contest.id, [])
        if tie_id not in {tie.id for member in members for tie in member.tied}:
            raise not_offered("tie")
        actions.drop_unavailable(tie_id)
    flash(_("Đã bỏ ghi chú."), "good")
    return redirect(url_for("contests.contest_page", code=code))


def _judge_of(code: str) -> int:
    """The judge named in the form, if of this contest."""
    judge_id = form_number("judge")
    contest = queries.contest_by_code(the_festival(), code)
    if judge_id not in {member.judge_id for member in queries.panel_of([contest.id]).get(contest.id, [])}:
        raise not_offered("judge")
    return judge_id
