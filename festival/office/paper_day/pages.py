"""The page of the paper day: one button makes the pack; what was made lies here until it is thrown away."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, requires
from festival.core.work import jobs
from festival.core.work.fetching import fetched, how_far
from festival.editions.queries import the_festival
from festival.office.paper_day import packing

bp = Blueprint("paper_day", __name__)


@bp.get("/office/paper-day")
@requires(Permission.OFFICE)
def pack() -> ResponseReturnValue:
    """How far the pack is, and the packs that lie there."""
    subject = packing.subject_of(the_festival())
    return render_template(
        "office/paper_day/pack.html",
        progress=jobs.latest(packing.KIND, subject, packing.LANGUAGE),
        ready=jobs.ready(packing.KIND, subject, packing.LANGUAGE),
        kept_days=packing.KEPT.days,
    )


@bp.post("/office/paper-day")
@requires(Permission.OFFICE)
def make_pack() -> ResponseReturnValue:
    """Let it be made; who asks while it is being made gets the same one."""
    with transaction():
        jobs.ask(packing.KIND, packing.subject_of(the_festival()), packing.LANGUAGE)
    return redirect(url_for("paper_day.pack"), 303)


@bp.get("/office/paper-day/state")
@requires(Permission.OFFICE)
def pack_state() -> ResponseReturnValue:
    """How far it is, for the page that waits."""
    return how_far(jobs.latest(packing.KIND, packing.subject_of(the_festival()), packing.LANGUAGE))


@bp.get("/office/paper-day/file")
@requires(Permission.OFFICE)
def pack_file() -> ResponseReturnValue:
    """A finished pack (`?made=`, else the newest); it is full of names and numbers, so who fetches it is noted."""
    festival = the_festival()
    every = jobs.ready(packing.KIND, packing.subject_of(festival), packing.LANGUAGE)
    found = fetched(every, _("Bộ giấy này đã hết hạn giữ. Làm lại ở trang bộ giấy cả ngày."))
    looked(SecurityKind.EXPORT, what="paper_day", festival=festival.code)
    return jobs.archive(found, f"bo-giay-{festival.code}.zip")
