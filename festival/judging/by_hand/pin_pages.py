"""The page on which the secretary resets a judge's PIN, with the judge present: two people prove who they are, a card comes."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.accounts.proof import NotProven, prove, wait_said
from festival.accounts.queries import login_of
from festival.contests.models import Contest
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.judging.by_hand.pin_resetting import judge_of, reset_pin
from festival.judging.routes import as_secretary, bp


def _judge(contest: Contest, letter: str) -> tuple[int, str]:
    found = judge_of(contest.id, letter)
    if found is None:
        raise NotFound(_("Không có giám khảo này trong ban giám khảo của phần thi."))
    return found


def _page(contest: Contest, letter: str, name: str, problem: str) -> str:
    return render_template(
        "judging/pin_reset.html", contest=contest, letter=letter, name=name, problem=problem, typed=request.form
    )


@bp.get("/panel/<code>/pin")
@signed_in
def pin(code: str) -> ResponseReturnValue:
    """What it means, and the form."""
    contest = as_secretary(code).contest
    letter = request.args.get("judge", "")
    return _page(contest, letter, _judge(contest, letter)[1], "")


@bp.post("/panel/<code>/pin")
@signed_in
def pin_post(code: str) -> ResponseReturnValue:
    """Both are believed outside of any transaction; then the card is shown, this once."""
    form = request.form
    with reading():
        contest = as_secretary(code).contest
        letter = form.get("judge", "")
        try:
            user_id, name = _judge(contest, letter)
        except NotFound as missing:
            raise BadInput(_("Chưa chọn giám khảo. Mở lại từ trang phần thi.")) from missing
        login = login_of(acting_user())
    mine = prove(login, form.get("password", ""), step="pin_reset")
    if isinstance(mine, NotProven):
        return _page(contest, letter, name, _wrong(mine, _("Mật khẩu của người đang đăng nhập chưa đúng."))), 422
    other = prove(form.get("witness", ""), form.get("witness_password", ""), pin_too=True, step="pin_reset")
    if isinstance(other, NotProven):
        said = _wrong(other, _("Tên, mật khẩu hoặc mã PIN của người chứng kiến chưa đúng."))
        return _page(contest, letter, name, said), 422
    try:
        with transaction():
            done = reset_pin(contest, user_id, form.get("reason", ""), acting_user(), other.account.user_id)
    except (BadInput, Conflict) as refused:
        return _page(contest, letter, name, str(refused.message)), 422
    answer = make_response(render_template("judging/pin_card.html", contest=contest, letter=letter, done=done))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _wrong(answer: NotProven, words: str) -> str:
    return say(wait_said(answer.wait_s)) if answer.wait_s else words
