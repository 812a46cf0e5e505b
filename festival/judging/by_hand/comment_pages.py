"""The page on which the chair reads what judges wrote to families, before the families do, and holds back what must not go."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, current_actor, signed_in
from festival.core.web.errors import BadInput, Conflict, Forbidden, NotFound
from festival.judging.comments.holding import free, hold_back
from festival.judging.comments.reading import comments_of
from festival.judging.contest_access import ContestAccess, contest_for, marks_shown
from festival.judging.routes import bp


def _as_chair(code: str) -> ContestAccess:
    """The chair, or the organiser where nobody sits there; while judges still write, nobody."""
    access = contest_for(current_actor(), code)
    if not access.contest.comments:
        raise NotFound()
    if not (access.chair or access.organiser):
        raise Forbidden(_("Việc này do trưởng ban giám khảo làm."))
    if access.contest.state is ContestState.OPEN:
        raise Conflict(_("Xem lời nhận xét sau khi khóa điểm: giám khảo còn đang viết."))
    return access


@bp.get("/panel/<code>/comments")
@signed_in
def comments(code: str) -> ResponseReturnValue:
    """All of them, by entry."""
    contest = _as_chair(code).contest
    marks_shown(contest)
    return render_template(
        "judging/comments.html",
        contest=contest,
        comments=comments_of(contest.id),
        published=contest.state is ContestState.PUBLISHED,
        problem={},
        typed="",
    )


@bp.post("/panel/<code>/comments")
@signed_in
def comments_post(code: str) -> ResponseReturnValue:
    """Hold one back, with a reason, or let it go after all."""
    with reading():
        contest = _as_chair(code).contest
    comment_id = typed_number(request.form.get("comment", "")) or 0
    version = typed_number(request.form.get("version", "")) or 0
    try:
        with transaction():
            if request.form.get("step") == "free":
                free(contest.id, comment_id, version, acting_user())
            else:
                hold_back(contest.id, comment_id, version, request.form.get("reason", ""), acting_user())
    except BadInput as refused:
        page = render_template(
            "judging/comments.html",
            contest=contest,
            comments=comments_of(contest.id),
            published=contest.state is ContestState.PUBLISHED,
            problem={comment_id: str(refused.message)},
            typed=request.form.get("reason", ""),
        )
        return page, 422
    if request.form.get("step") == "free":
        flash(_("Lời nhận xét sẽ đến với gia đình khi kết quả công bố."), "good")
    else:
        flash(_("Đã giữ lại lời nhận xét."), "note")
    return redirect(url_for("judging.comments", code=code, _anchor=f"comment-{comment_id}"), 303)
