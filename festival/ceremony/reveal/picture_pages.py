"""The pictures for the crew of the large screen: made by the worker, overtaken when an award has changed since."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.ceremony.reveal import pictures
from festival.ceremony.reveal.blueprint import bp, leading
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import signed_in
from festival.core.web.errors import Conflict
from festival.core.work import jobs
from festival.core.work.fetching import fetched, how_far
from festival.core.work.jobs import basis_of
from festival.editions.queries import the_festival


@bp.get("/mc/pictures")
@signed_in
def picture_page() -> ResponseReturnValue:
    """How far they are, and what lies there."""
    leading()
    festival = the_festival()
    subject, plan = pictures.subject_of(festival), pictures.plan_of(festival)
    return render_template(
        "ceremony/reveal/pictures.html",
        progress=jobs.latest(pictures.KIND, subject, pictures.LANGUAGE),
        ready=jobs.ready(pictures.KIND, subject, pictures.LANGUAGE),
        basis=basis_of(plan),
        many=len(plan["slides"]) if len(plan["slides"]) > 2 else 0,
        kept_days=pictures.KEPT.days,
    )


@bp.post("/mc/pictures")
@signed_in
def make_pictures() -> ResponseReturnValue:
    """Let them be made; who asks meanwhile gets the same."""
    leading()
    with transaction():
        festival = the_festival()
        if len(pictures.plan_of(festival)["slides"]) <= 2:
            raise Conflict(_("Chưa có kết quả nào được phép đọc nên chưa có ảnh để làm."))
        jobs.ask(pictures.KIND, pictures.subject_of(festival), pictures.LANGUAGE)
    return redirect(url_for("reveal.picture_page"), 303)


@bp.get("/mc/pictures/state")
@signed_in
def picture_state() -> ResponseReturnValue:
    """How far it is, for the page that waits."""
    leading()
    return how_far(jobs.latest(pictures.KIND, pictures.subject_of(the_festival()), pictures.LANGUAGE))


@bp.get("/mc/pictures/file")
@signed_in
def picture_file() -> ResponseReturnValue:
    """A finished archive (`?made=`, else the newest). Conflict once it is overtaken: wrong names do not leave the house."""
    leading()
    festival = the_festival()
    every = jobs.ready(pictures.KIND, pictures.subject_of(festival), pictures.LANGUAGE)
    found = fetched(every, _("Bộ ảnh này đã hết hạn giữ. Làm lại ở trang bộ ảnh."))
    if found.basis != basis_of(pictures.plan_of(festival)):
        raise Conflict(_("Bộ ảnh này đã bị vượt qua: kết quả thay đổi từ lúc làm. Làm bộ mới rồi thay ở máy màn hình."))
    looked(SecurityKind.EXPORT, what="reveal_pictures", festival=festival.code)
    return jobs.archive(found, f"anh-cong-bo-{festival.code}.zip")
