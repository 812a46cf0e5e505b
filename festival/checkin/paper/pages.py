"""The pages of a gate on paper: the lists are printed here."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from festival.checkin import desk, merge
from festival.checkin.paper import lists
from festival.core.clock import now
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, requires
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.i18n import day
from festival.documents import paper
from festival.editions.models import Festival
from festival.editions.queries import the_festival

bp = Blueprint("gate_paper", __name__)

MOST_PEOPLE = 3000  # of one document; the pack of a paper day has all of them, in parts


@bp.get("/office/checkin/paper")
@requires(Permission.CHECKIN)
def paper_page() -> ResponseReturnValue:
    """Which list for which gate, and which of them is typed in."""
    festival = the_festival()
    every = lists.delegation_lists(festival.id)
    return render_template(
        "checkin/paper.html",
        lists=every,
        gates=[station for station, _seen in desk.gates_seen(festival.id) if station],
        day_choices=[(each.isoformat(), day(each)) for each in _days(festival)],
        delegation_choices=[(each.code, f"{each.name} ({each.people})") for each in every],
        today=merge.day_window(now()),
    )


@bp.get("/office/checkin/paper/list.pdf")
@requires(Permission.CHECKIN)
def list_pdf() -> ResponseReturnValue:
    """The list of one gate: of one delegation, or of all."""
    festival = the_festival()
    every = lists.delegation_lists(festival.id)
    asked = request.args.get("delegation", "")
    wanted = [each for each in every if not asked or each.code == asked]
    if not wanted:
        raise NotFound()
    if sum(each.people for each in wanted) > MOST_PEOPLE:
        raise Conflict(_("Quá nhiều người cho một lần in. In từng đoàn, hoặc làm bộ giấy cả ngày."))
    gate = request.args.get("gate", "")
    if gate not in {station for station, _seen in desk.gates_seen(festival.id)}:
        gate = ""  # the line stays empty for the hand
    looked(SecurityKind.EXPORT, what="gate_list", festival=festival.code)
    with force_locale("vi"):
        when = next((day(each) for each in _days(festival) if each.isoformat() == request.args.get("day", "")), "")
        values = lists.paper_values(festival, wanted, gate, "", when)
    made = paper.pdf(lists.TEMPLATE, values, tagged=len(wanted) == 1)
    head = {"Content-Disposition": 'inline; filename="diem-danh-tren-giay.pdf"', "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=head)


def _days(festival: Festival) -> list[date]:
    return [festival.starts_on + timedelta(days=n) for n in range((festival.ends_on - festival.starts_on).days + 1)]
