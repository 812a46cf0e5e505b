"""The pages of published programmes; those of other folders are drawn on the same blueprint."""

from __future__ import annotations

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from festival.core.clock import now
from festival.core.web.access import Permission, requires
from festival.core.web.errors import NotFound
from festival.core.web.paging import asked_part
from festival.editions.queries import the_festival
from festival.roster.shown.public_names import names_held
from festival.schedule import queries
from festival.schedule.blueprint import bp
from festival.schedule.changes import changes
from festival.schedule.draw_pages import draw_page, meeting_pages
from festival.schedule.editing import office_pages, session_pages, stage_pages
from festival.schedule.sound import pages as sound_pages
from festival.schedule.stage_day import day_pages
from festival.schedule.timetable import ACTS_A_PAGE
from festival.schedule.wishing import pages as wish_pages

__all__ = [
    "bp",
    "day_pages",
    "draw_page",
    "meeting_pages",
    "office_pages",
    "session_pages",
    "sound_pages",
    "stage_pages",
    "wish_pages",
]

# ---------------------------------------------------------------- what is published


@bp.get("/office/schedule/versions/<int(max=9007199254740991):version>")
@requires(Permission.SCHEDULE)
def version_page(version: int) -> ResponseReturnValue:
    """One published version and what it changed."""
    plan, before = queries.plan_and_before(the_festival().id, version)
    if plan is None:
        raise NotFound()
    every = plan.content["acts"]
    part = asked_part(len(every), ACTS_A_PAGE)
    acts = [{**act, "at": datetime.fromisoformat(act["starts_at"])} for act in part.of(every)]
    said = changes(before.content, plan.content) if before else []
    return render_template("schedule/version.html", plan=plan, acts=acts, said=said, part=part)


@bp.get("/office/schedule/print")
@requires(Permission.SCHEDULE)
def print_page() -> ResponseReturnValue:
    """The running orders on paper, a session a page: they are hung up, so names stand on them as in public."""
    festival = the_festival()
    plan = queries.published_plan(festival.id)
    return render_template(
        "schedule/print.html",
        festival=festival,
        sessions=queries.sessions(festival.id),
        held=names_held(festival.id),
        plan_version=plan.version if plan else None,
        printed_at=now(),
    )
