"""The gate's app and the organiser's page of arrivals."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask_babel import gettext as _

from festival.checkin import desk, inbox, merge
from festival.checkin.counting.marked import marked_scans
from festival.checkin.purposes.inside import count_inside, days_with_arrivals, inside
from festival.checkin.purposes.known import gates_of
from festival.checkin.purposes.purpose_words import called
from festival.core import qr
from festival.core.clock import now
from festival.core.web.access import Permission, public, requires
from festival.core.web.paging import asked_number, asked_part
from festival.devices.queries import SILENT_AFTER
from festival.editions.queries import the_festival
from festival.passes import code

bp = Blueprint("checkin", __name__)

LINES_A_PAGE = 50
TWICE_SHOWN = 50
PRACTICE = code.encode(bytes(code.TOKEN_BYTES))


@bp.get("/gate")
@public
def gate() -> Response:
    """The app of a gate, a desk or the lead: a shell without data, so that it opens without a network."""
    address = f"{current_app.config['FESTIVAL'].public_url}/gate"
    practice = qr.svg(PRACTICE, label=_("Mã của gia đình mẫu"))
    answer = make_response(render_template("checkin/gate.html", practice=practice, gate_address=address))
    answer.headers["X-Needs-Wasm"] = "1"
    return answer


@bp.get("/desk")
@public
def reception() -> Response:
    """The app of the reception desk, a shell without data too; the lead's device opens it as well."""
    answer = make_response(render_template("checkin/desk.html"))
    answer.headers["X-Needs-Wasm"] = "1"
    return answer


@bp.get("/missing")
@public
def missing_on_device() -> str:
    """Who has not come, on the lead's device: a shell without data, so that it opens without a network."""
    return render_template("checkin/lead_missing.html")


@bp.get("/office/checkin")
@requires(Permission.CHECKIN)
def arrivals() -> str:
    """Who has come that day (`?day=`, today by default), delegation by delegation, and passes seen at two gates."""
    festival = the_festival()
    planned = (festival.starts_on + timedelta(days=n) for n in range((festival.ends_on - festival.starts_on).days + 1))
    counted = count_inside(festival.id)
    gates_work = gates_of(festival.id)
    days = sorted({*planned, *days_with_arrivals(counted, gates_work)})
    shown = _day(request.args.get("day", ""), days)
    window = shown.isoformat()
    lines = desk.arrivals(festival.id, window)
    gates = desk.gates_seen(festival.id)
    scanning = [station for station, seen in gates if seen is not None and now() - seen < SILENT_AFTER]
    due = asked_number("due") == 1
    wanted = [line for line in lines if not due or line.people_here < line.people]
    part = asked_part(len(wanted), LINES_A_PAGE)
    marked, marked_all = marked_scans(festival.id, shown, TWICE_SHOWN)
    twice = inbox.scanned_twice(festival.id, window)
    return render_template(
        "checkin/arrivals.html",
        lines=part.of(wanted),
        part=part,
        due=due,
        delegations=len(lines),
        all_due=sum(line.people_here < line.people for line in lines),
        families=sum(line.families for line in lines),
        families_here=sum(line.families_here for line in lines),
        people=sum(line.people for line in lines),
        people_here=sum(line.people_here for line in lines),
        gates=gates,
        purposes=inside(counted, gates_work, shown),
        exits=gates_work.exits,
        called=called,
        marked=marked,
        marked_more=marked_all - len(marked),
        scanning=scanning,
        classes=desk.inside_by_class(festival.id, window),
        twice=twice[-TWICE_SHOWN:],
        twice_more=max(0, len(twice) - TWICE_SHOWN),
        days=days,
        shown=shown,
    )


def _day(asked: str, days: list[date]) -> date:
    """The day asked for; else today, and outside the festival the nearest day that has a tab."""
    today = date.fromisoformat(merge.day_window(now()))
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return max((day for day in days if day <= today), default=days[0])
