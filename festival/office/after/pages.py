"""After the last day: what is left to do, and the archive for the province's records."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import today
from festival.core.looks import looked
from festival.core.rehearsing.marked import rehearsed
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, current_actor, requires
from festival.core.work import jobs
from festival.core.work.fetching import fetched, how_far
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.editions.retention import kept
from festival.office.after import archiving
from festival.office.after.afterwards import after_steps
from festival.office.after.facts import after_facts
from festival.office.standing import ChecklistLine, door
from festival.office.waiting import waiting_in
from festival.office.words import STEP_STATES

bp = Blueprint("after", __name__)

DOORS: dict[str, tuple[str, ...]] = {
    "results": ("results.office_results",),
    "papers": ("results.office_results",),
    "thanks": ("messages.letter_list",),
    "devices": ("devices.devices_page",),
    "rehearsal": ("system.system",),
    "away": ("system.system",),
    "copy": ("setup_later.copy",),
    "erasure": ("privacy.page",),
}
ON_THIS_PAGE = {"waiting": "#waiting", "archive": "#archive"}


@bp.get("/office/after")
@requires(Permission.OFFICE)
def page() -> ResponseReturnValue:
    """The steps, what waits, and the archive."""
    festival = the_festival()
    rooms = waiting_in(festival.id)
    steps = after_steps(after_facts(festival, len(rooms)), today())
    subject = archiving.subject_of(festival)
    return render_template(
        "office/after/page.html",
        festival=festival,
        over=today() > festival.ends_on,
        steps=[ChecklistLine(step, _door_of(step.key, festival)) for step in steps],
        step_states=STEP_STATES,
        rooms=rooms,
        progress=jobs.latest(archiving.KIND, subject, archiving.LANGUAGE),
        ready=jobs.ready(archiving.KIND, subject, archiving.LANGUAGE),
        kept_days=archiving.KEPT.days,
        until=kept(festival),
    )


def _door_of(key: str, festival: Festival) -> str:
    values: dict[str, Any] = {"code": festival.code} if key == "copy" else {}
    return ON_THIS_PAGE.get(key) or door(DOORS[key], current_actor(), values)


@bp.post("/office/after")
@requires(Permission.OFFICE)
def make_archive() -> ResponseReturnValue:
    """Let it be made; who asks while it is being made gets the same one."""
    with transaction():
        jobs.ask(archiving.KIND, archiving.subject_of(the_festival()), archiving.LANGUAGE)
    return redirect(url_for("after.page", _anchor="archive"), 303)


@bp.get("/office/after/state")
@requires(Permission.OFFICE)
def archive_state() -> ResponseReturnValue:
    """How far it is, for the page that waits."""
    return how_far(jobs.latest(archiving.KIND, archiving.subject_of(the_festival()), archiving.LANGUAGE))


@bp.get("/office/after/file")
@requires(Permission.OFFICE)
def archive_file() -> ResponseReturnValue:
    """A finished archive (`?made=`, else the newest); signed papers hold names, so who fetches it is noted."""
    festival = the_festival()
    every = jobs.ready(archiving.KIND, archiving.subject_of(festival), archiving.LANGUAGE)
    found = fetched(every, _("Hồ sơ này đã hết hạn giữ. Làm lại ở trang Sau ngày hội."))
    looked(SecurityKind.EXPORT, what=archiving.KIND, festival=festival.code, when=found.asked_at.isoformat())
    mark = "tong-duyet-" if rehearsed() else ""
    return jobs.archive(found, f"{mark}ho-so-{festival.code}.zip")
