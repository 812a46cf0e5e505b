"""The published versions in the office: one with what it changed, the difference between any two, an older one as the draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.database import db
from festival.core.transaction import reading
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.core.web.paging import asked_number, asked_part
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.schedule import queries
from festival.schedule.blueprint import bp
from festival.schedule.changes import changes
from festival.schedule.editing import draft
from festival.schedule.editing.asking import ask
from festival.schedule.editing.following import Carried, PlanFollows, carry_out
from festival.schedule.models import Plan
from festival.schedule.timetable import ACTS_A_PAGE

DRAFT = 0  # as the address of a comparison calls it
CHANGES_A_PAGE = 50


@bp.get("/office/schedule/versions/<int(max=9007199254740991):version>")
@requires(Permission.SCHEDULE)
def version_page(version: int) -> ResponseReturnValue:
    """One published version and what it changed."""
    festival = the_festival()
    plan, before = queries.plan_and_before(festival.id, version)
    if plan is None:
        raise NotFound()
    every = plan.content["acts"]
    part = asked_part(len(every), ACTS_A_PAGE)
    acts = [{**act, "at": datetime.fromisoformat(act["starts_at"])} for act in part.of(every)]
    said = changes(before.content, plan.content) if before else []
    latest = queries.published_version(festival.id)
    return render_template(
        "schedule/versions/version.html",
        plan=plan,
        acts=acts,
        said=said,
        part=part,
        latest=latest,
        shown=CHANGES_A_PAGE,
    )


@bp.get("/office/schedule/versions/compare")
@requires(Permission.SCHEDULE)
def compare_page() -> ResponseReturnValue:
    """`?from=2&to=3`: what changed between two versions; `to=0` is the draft, and what is asked by default."""
    festival = the_festival()
    versions = [plan.version for plan in queries.plan_versions(festival.id)]
    if not versions:
        return render_template(
            "schedule/versions/compare.html", versions=[], part=asked_part(0, CHANGES_A_PAGE), said=[]
        )
    before = asked_number("from", versions[0])
    after = asked_number("to", DRAFT)
    if before not in (DRAFT, *versions) or after not in (DRAFT, *versions):
        raise NotFound(_("Không có phiên bản này. Chọn trong danh sách các phiên bản đã công bố."))
    contents = _contents(festival, before, after)
    said = changes(contents[before], contents[after]) if before != after else []
    part = asked_part(len(said), CHANGES_A_PAGE)
    return render_template(
        "schedule/versions/compare.html", versions=versions, before=before, after=after, part=part, said=part.of(said)
    )


def _contents(festival: Festival, *versions: int) -> dict[int, dict[str, Any]]:
    rows = db.session.execute(
        select(Plan.version, Plan.content).where(Plan.festival_id == festival.id, Plan.version.in_(versions))
    )
    found = {row.version: row.content for row in rows}
    if DRAFT in versions:
        found[DRAFT] = queries.snapshot(festival)
    return found


@bp.post("/office/schedule/versions/<int(max=9007199254740991):version>/draft")
@requires(Permission.SCHEDULE)
def version_draft_post(version: int) -> ResponseReturnValue:
    """That version becomes the draft, after what follows was read; what is published stays."""
    with reading():
        festival_id = the_festival().id
        if queries.plan_and_before(festival_id, version)[0] is None:
            raise NotFound()
    by = acting_user()
    done = carry_out(
        festival_id, lambda: draft.back_to_published(festival_id, by, version), request.form.get("agreed", "")
    )
    match done:
        case PlanFollows():
            title = _("Lấy phiên bản %(n)s làm lịch đang xếp?", n=version)
            return ask(done, title, _("Lấy phiên bản này"), cancel=url_for("schedule.version_page", version=version))
        case Carried(count):
            said = _("Lịch đang xếp nay theo phiên bản %(n)s: %(acts)s tiết mục có giờ. Công bố thì mọi người mới thấy.",
                     n=version, acts=count)  # fmt: skip
            flash(said, "good")
            return redirect(url_for("schedule.draft_page"))
