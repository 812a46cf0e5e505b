"""The organiser's pages of contests: what is contested by which rules, and who judges it."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_uppercase

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests import actions, queries, seating
from festival.contests.models import PRESENT_SEATS, PanelSeat
from festival.contests.words import HEADS_WORDS, KIND_WORDS, PUBLISHED_WORDS, SEAT_WORDS, SECRECY_WORDS
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.core.web.errors import BadInput, Conflict, Refusal
from festival.core.web.forms import form_number, not_offered
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
    return _contest_page(code)


def _contest_page(code: str, refused: Refusal | None = None) -> str:
    """The page, with what was refused said at the panel and everything that was chosen still chosen."""
    festival = the_festival()
    contest = queries.contest_by_code(festival, code)
    members = queries.panel_of([contest.id]).get(contest.id, [])
    held = {member.letter for member in members}
    letters = ascii_uppercase[: max(contest.panel_size, len(members)) + 2]
    return render_template(
        "contests/one.html",
        festival=festival,
        contest=contest,
        members=members,
        scoring=queries.scoring_words(contest),
        ties=queries.tie_words(contest),
        people_choices=[(user.id, f"{user.name} ({user.login})") for user in queries.candidates(contest.id)],
        unit_choices=[(unit.id, unit.full_name) for unit in queries.expected_units(festival)],
        seat_choices=[(seat.value, words) for seat, words in SEAT_WORDS.items() if seat in PRESENT_SEATS],
        marking_choices=[(seat.value, SEAT_WORDS[seat]) for seat in (PanelSeat.CHAIR, PanelSeat.MEMBER)],
        letters=letters,
        free_letters=[letter for letter in letters if letter not in held],
        kinds=KIND_WORDS,
        secrecies=SECRECY_WORDS,
        published_words=PUBLISHED_WORDS,
        heads_words=HEADS_WORDS,
        seats=SEAT_WORDS,
        refused=refused,
        typed=request.form,
    )


def _answered(code: str, do: Callable[[], object]) -> ResponseReturnValue:
    """Do it in one transaction and say so; what is refused is said on the page, which keeps what was chosen."""
    try:
        with transaction():
            said = str(do())
    except (BadInput, Conflict) as refused:
        return _contest_page(code, refused), refused.status
    flash(said, "good")
    return redirect(url_for("contests.contest_page", code=code, _anchor="jury"))


@bp.post("/office/contests/<code>/seat")
@requires(Permission.CONTESTS)
def seat_post(code: str) -> ResponseReturnValue:
    """Give somebody a seat in the panel, with a letter or the next that is free."""

    def do() -> object:
        contest = queries.contest_by_code(the_festival(), code)
        user_id, letter = typed_number(request.form.get("user", "")), request.form.get("letter", "")
        if user_id not in {user.id for user in queries.candidates(contest.id)}:
            raise BadInput(_("Chưa chọn người, hoặc người này đã có ghế. Chọn một người trong danh sách."))
        given = actions.seat(contest.id, user_id, _seat_typed(), letter=_letter_typed(letter) if letter else None)
        if given.letter:
            return _("Đã thêm vào ban giám khảo, chữ %(letter)s.", letter=given.letter)
        return _("Đã thêm vào ban giám khảo.")

    return _answered(code, do)


@bp.post("/office/contests/<code>/reseat")
@requires(Permission.CONTESTS)
def reseat_post(code: str) -> ResponseReturnValue:
    """Another letter or duty before the first mark; who had it changes places."""

    def do() -> object:
        seating.reseat(_judge_of(code), _seat_typed(), _letter_typed(request.form.get("letter", "")))
        return _("Đã đổi ghế. Phiếu và thẻ đã in với chữ cũ thì in lại.")

    return _answered(code, do)


def _seat_typed() -> PanelSeat:
    try:
        return PanelSeat(request.form.get("seat", ""))
    except ValueError as error:
        raise BadInput(_("Chưa chọn nhiệm vụ. Chọn trưởng ban, giám khảo hoặc thư ký.")) from error


def _letter_typed(letter: str) -> str:
    if len(letter) != 1 or letter not in ascii_uppercase:
        raise BadInput(_("Chữ của giám khảo là một chữ cái từ A đến Z."))
    return letter


@bp.post("/office/contests/<code>/unseat")
@requires(Permission.CONTESTS)
def unseat_post(code: str) -> ResponseReturnValue:
    """Take somebody out of the panel."""

    def do() -> object:
        actions.unseat(_judge_of(code))
        return _("Đã rút tên khỏi ban giám khảo.")

    return _answered(code, do)


@bp.post("/office/contests/<code>/tie")
@requires(Permission.CONTESTS)
def tie_post(code: str) -> ResponseReturnValue:
    """Note that a judge is tied to a unit and does not mark its entries."""
    with transaction():
        unit = typed_number(request.form.get("unit", ""))
        if unit not in {each.id for each in queries.expected_units(the_festival())}:
            raise BadInput(_("Chưa chọn đơn vị. Chọn đơn vị mà giám khảo không chấm."))
        actions.note_unavailable(_judge_of(code), unit, request.form.get("reason", ""))
    flash(_("Đã ghi: giám khảo không chấm đơn vị này."), "good")
    return redirect(url_for("contests.contest_page", code=code, _anchor="jury"))


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
