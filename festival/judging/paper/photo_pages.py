"""A photo is sent beside its slip, looked at by the panel and the organiser, replaced, put back."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import BadInput, NotFound, TooLarge
from festival.judging.paper import photos
from festival.judging.paper.people import as_typist, paper_access
from festival.judging.paper.resolving import question_of
from festival.judging.paper.slip_pages import slip_again, slip_of_form, slip_view
from festival.judging.routes import bp


@bp.post("/panel/<code>/photo")
@signed_in
def photo_post(code: str) -> ResponseReturnValue:
    """Keep the picture of a slip."""
    with reading():
        view = slip_of_form(as_typist(code))
    try:
        content = photos.readable(request.files["photo"].read() if "photo" in request.files else b"")
    except (BadInput, TooLarge) as refused:
        with reading():
            return slip_again(view, str(refused.message)), refused.status
    with transaction():
        contest = as_typist(code).contest
        photos.keep_photo(contest, view.slip.judge_id, content, acting_user(), entry=view.appearance.id)
    flash(_("Đã giữ ảnh của phiếu."), "good")
    return redirect(url_for("judging.slip", code=code, judge=view.seat.letter, entry=view.appearance.code), 303)


@bp.post("/panel/<code>/photo/<int:photo_id>")
@signed_in
def photo_change(code: str, photo_id: int) -> ResponseReturnValue:
    """A picture of another slip is taken away, an earlier one put back."""
    with transaction():
        access = paper_access(code)
        if not (access.types and access.sees_photos):
            raise NotFound()
        contest = access.contest
        if request.form.get("put_back"):
            photos.put_back_photo(contest, photo_id)
        else:
            photos.drop_photo(contest, photo_id)
    flash(
        _("Đã đặt lại ảnh này.") if request.form.get("put_back") else _("Đã bỏ ảnh khỏi phiếu; ảnh vẫn được giữ."),
        "note",
    )
    return redirect(url_for("judging.paper", code=code), 303)


@bp.get("/panel/<code>/photo/<int:photo_id>")
@signed_in
def photo(code: str, photo_id: int) -> ResponseReturnValue:
    """The picture, for the panel and the organiser; each look is noted. The chair before the lock: of a differing slip only."""
    access = paper_access(code)
    if not access.sees_photos and not _asked(code, photo_id):
        raise NotFound()
    looked(SecurityKind.READ_MARKS, contest=code, photo=str(photo_id))
    answer = Response(photos.photo_bytes(access.contest.id, photo_id), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _asked(code: str, number: int) -> bool:
    """Whether a picture lies beside a slip on which somebody must decide."""
    access = paper_access(code)
    if not access.sees_slips:
        return False
    kept = next((each for each in photos.photos_of(access.contest.id) if each.id == number and each.standing), None)
    if kept is None or kept.entry_id is None:
        return False
    letter, entry = request.args.get("judge", ""), request.args.get("entry", "")
    view = slip_view(access, letter, entry)
    return view.slip.pair == (kept.judge_id, kept.entry_id) and question_of(view.slip) is not None
