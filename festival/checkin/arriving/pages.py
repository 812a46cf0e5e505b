"""How a day at the gates went: the curve, the log as Excel, and the screen of the hall that anybody may read."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from time import monotonic
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import BaseModel

from festival.checkin import merge
from festival.checkin.arriving import counts, log
from festival.checkin.arriving.curve import HEIGHT, WIDTH, curve
from festival.checkin.purposes.inside import count_inside, days_with_arrivals
from festival.checkin.purposes.known import gates_of
from festival.checkin.purposes.purpose_words import called
from festival.core.clock import now
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web import openapi
from festival.core.web.access import Permission, public, public_api, requires
from festival.core.web.errors import NotFound
from festival.core.web.i18n import day
from festival.editions.models import Festival
from festival.editions.queries import current_festival, the_festival

bp = Blueprint("arriving", __name__)

KEPT_S = 3.0  # many screens and phones in one hall ask one process; this often it asks the database
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/office/checkin/curve")
@requires(Permission.CHECKIN)
def curve_page() -> ResponseReturnValue:
    """How many had come by when, on one day (`?day=`) and for one purpose (`?purpose=`)."""
    festival = the_festival()
    purposes = _purposes(festival)
    asked = request.args.get("purpose", "")
    purpose = asked if asked in purposes else next(iter(purposes))
    days = _days(festival)
    shown = _day(days)
    return render_template(
        "checkin/curve.html",
        curve=curve(counts.came_by_quarter(festival.id, purpose, shown)),
        width=WIDTH,
        height=HEIGHT,
        days=days,
        shown=shown,
        purposes=purposes,
        purpose=purpose,
    )


@bp.get("/office/checkin/log.xlsx")
@requires(Permission.CHECKIN)
def log_file() -> ResponseReturnValue:
    """Every reading of a day (`?day=`), or of the whole festival; full of names, so who takes it is noted."""
    festival = the_festival()
    asked = request.args.get("day", "")
    shown = next((each for each in _days(festival) if each.isoformat() == asked), None)
    if asked and shown is None:
        raise NotFound()
    looked(SecurityKind.EXPORT, what="checkin_log", festival=festival.code)
    when = day(shown) if shown else _("Cả ngày hội")
    made = log.workbook(_("Nhật ký điểm danh"), when, _purposes(festival), log.log_lines(festival.id, shown))
    name = f"nhat-ky-diem-danh-{shown.isoformat() if shown else festival.code}.xlsx"
    head = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made, mimetype=EXCEL, headers=head)


@bp.get("/hall")
@public
def hall_page() -> ResponseReturnValue:
    """The screen of the hall: how many have arrived, delegation by delegation; nobody's name stands on it."""
    return render_template("checkin/hall.html", hall=_hall(), festival=current_festival())


@bp.get("/api/v1/public/arrivals")
@public_api
def hall_state() -> ResponseReturnValue:
    """The same as JSON: {"people", "here", "delegations", "complete", "lines": [{"name", "people", "here"}]}."""
    answer = jsonify(_hall())
    answer.add_etag(weak=True)
    answer.headers["Cache-Control"] = "public, max-age=3"
    return answer.make_conditional(request)


def _hall() -> dict[str, Any]:
    """What a screen shows now; on other days than the festival's nobody is awaited and nothing is told."""
    kept: dict[str, Any] = current_app.extensions.setdefault("hall", {"at": -1.0e9, "value": None})
    if current_app.testing or monotonic() - kept["at"] >= KEPT_S:
        festival, window = current_festival(), merge.day_window(now())
        on = festival is not None and festival.starts_on.isoformat() <= window <= festival.ends_on.isoformat()
        read = asdict(counts.hall(festival.id, window)) if festival is not None and on else asdict(counts.NOBODY)
        kept["value"], kept["at"] = {**read, "open": on}, monotonic()
    value: dict[str, Any] = kept["value"]
    return value


def _purposes(festival: Festival) -> dict[str, str]:
    """Every purpose there was, also those put away: their days are looked at later."""
    return {each.code: called(each.name) for each in gates_of(festival.id).purposes}


def _days(festival: Festival) -> list[date]:
    planned = (festival.starts_on + timedelta(days=n) for n in range((festival.ends_on - festival.starts_on).days + 1))
    return sorted({*planned, *days_with_arrivals(count_inside(festival.id), gates_of(festival.id))})


def _day(days: list[date]) -> date:
    """The day asked for; else today, and outside the festival the nearest one."""
    asked = next((each for each in days if each.isoformat() == request.args.get("day", "")), None)
    today = date.fromisoformat(merge.day_window(now()))
    return asked or max((each for each in days if each <= today), default=days[0])


class HallLineOut(BaseModel):
    """A delegation: a name and two numbers."""

    name: str
    people: int
    here: int


class HallOut(BaseModel):
    """`open` false: not a day of the festival, nobody is awaited."""

    open: bool
    people: int
    here: int
    delegations: int
    complete: int
    lines: list[HallLineOut]


openapi.describe("get", "/api/v1/public/arrivals", "Số người đã đến", None, HallOut)
