"""The page of who sits in a panel: a judge is replaced in the middle, and sits there again.

For the secretary and the organiser alone: nobody else learns that somebody waits in reserve. Both people prove who they
are in the same form, checked outside of any transaction; what is refused keeps what was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.contests.words import SEAT_WORDS
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import current_actor, signed_in
from festival.core.web.errors import BadInput, Conflict, Forbidden, NotFound
from festival.core.web.forms import not_offered
from festival.judging.contest_access import ContestAccess, contest_for
from festival.judging.panel.replacing import SeatTaken
from festival.results.blueprint import bp
from festival.results.current import tally_for_result
from festival.results.ladder import proving
from festival.results.replacing import deciding, seat_lists
from festival.results.replacing.deciding import NotTheirs, SeatBack


def _for_panel(code: str) -> ContestAccess:
    """The contest, for its secretary and for the organiser; one that judges mark."""
    access = contest_for(current_actor(), code)
    if not (access.secretary or access.organiser):
        raise Forbidden(_("Việc này do thư ký của phần thi hoặc Ban Tổ chức làm."))
    if not access.contest.criteria:
        raise NotFound()
    return access


def _page(access: ContestAccess, problem: str = "") -> str:
    contest = access.contest
    tallied = tally_for_result(contest)
    reserves = seat_lists.in_reserve(contest.id)
    waiting = {user.id for user in reserves}
    could = seat_lists.who_could_come(contest, reserves) if contest.state is ContestState.OPEN else []
    return render_template(
        "results/seats.html",
        contest=contest,
        seats=tallied.seats,
        seat_words=SEAT_WORDS,
        marked=seat_lists.marked_by_seat(tallied),
        entries=len(tallied.appearances),
        reserves=reserves,
        seat_choices=[(seat.id, f"{seat.letter}: {seat.name}") for seat in tallied.seats],
        people_choices=[
            (user.id, _("%(name)s, dự bị", name=user.name) if user.id in waiting else f"{user.name} ({user.login})")
            for user in could
        ],
        changes=seat_lists.replacements_of(contest.id),
        problem=problem,
        typed=request.form,
    )


@bp.get("/panel/<code>/seats")
@signed_in
def seats(code: str) -> ResponseReturnValue:
    """Who sits where, who sat there before, who waits."""
    return _page(_for_panel(code))


def _decided(code: str, do: Callable[[int, int], SeatTaken | SeatBack | NotTheirs]) -> ResponseReturnValue:
    """Both people prove who they are; then it is done in one transaction and said."""
    with reading():
        _for_panel(code)
    two = proving.chair_and_secretary(request.form, "replace")
    said = two if isinstance(two, str) else ""
    status = 422
    if not isinstance(two, str):
        try:
            with transaction():
                _for_panel(code)
                outcome = do(*two)
            if isinstance(outcome, NotTheirs):
                said = outcome.said
            else:
                flash(_said(outcome), "good")
                return redirect(url_for("results.seats", code=code), 303)
        except (BadInput, Conflict) as refused:
            said, status = str(refused.message), refused.status
    return _page(_for_panel(code), said), status


def _said(outcome: SeatTaken | SeatBack) -> str:
    match outcome:
        case SeatTaken(_judge, letter, brought, left, typed):
            told = [_("Đã thay giám khảo ghế %(letter)s. Phiếu đã chấm vẫn giữ, người thay chấm tiếp.", letter=letter)]
            if brought:
                told.append(_("%(n)s phiếu chấm khi dự bị nay là phiếu của ghế.", n=brought))
            if left:
                told.append(
                    _("%(n)s phiếu chấm khi dự bị không nhận được, vì có liên quan hoặc tiết mục đã rút.", n=left)
                )
            if typed:
                told.append(
                    _("%(n)s phiếu giấy của người trước đang chờ người thứ hai gõ, ở trang «Phiếu giấy».", n=typed)
                )
            return " ".join(map(str, told))
        case SeatBack(letter):
            return str(
                _("Đã trả lại ghế %(letter)s. Máy chấm của giám khảo cần gắn lại nếu đã bị thu hồi.", letter=letter)
            )
    assert_never(outcome)


def _chosen(name: str, offered: set[int]) -> int:
    number = typed_number(request.form.get(name, ""))
    if number is None or number not in offered:
        raise not_offered(name)
    return number


@bp.post("/panel/<code>/seats")
@signed_in
def seats_post(code: str) -> ResponseReturnValue:
    """A seat goes to somebody else."""

    def do(chair: int, secretary: int) -> SeatTaken | NotTheirs:
        contest = _for_panel(code).contest
        here = {line.id for line in tally_for_result(contest).seats}
        gone = {line.out_id for line in seat_lists.replacements_of(contest.id)}
        judge_id = _chosen("judge", here | gone)
        user_id = typed_number(request.form.get("user", "")) or 0
        return deciding.put_in(judge_id, user_id, request.form.get("reason", ""), chair, secretary)

    return _decided(code, do)


@bp.post("/panel/<code>/seats/back")
@signed_in
def seats_back_post(code: str) -> ResponseReturnValue:
    """The last replacement of a seat was a mistake."""

    def do(chair: int, secretary: int) -> SeatBack | NotTheirs:
        contest = _for_panel(code).contest
        judge_id = _chosen("back", {line.out_id for line in seat_lists.replacements_of(contest.id)})
        return deciding.put_back(judge_id, request.form.get("back_reason", ""), chair, secretary)

    return _decided(code, do)
