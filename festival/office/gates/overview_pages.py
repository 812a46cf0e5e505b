"""The lead's page: what somebody must decide, and which devices somebody must go and look at."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.checkin import desk, merge
from festival.checkin.lead import deciding, set_aside
from festival.checkin.lead.closing import incident_lines, say_of_incident
from festival.checkin.lead.machines import machines
from festival.checkin.lead.models import GateChoice
from festival.core.clock import now
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.devices.words import ROLE_WORDS
from festival.editions.queries import the_festival
from festival.office.gates.blueprint import bp
from festival.office.gates.words import SIGN_WORDS, purpose_names

ASIDE_SHOWN = 30
INCIDENTS_SHOWN = 30
MACHINES_SHOWN = 60


@bp.get("")
@requires(Permission.CHECKIN)
def overview() -> str:
    """Readings set aside, incidents, devices with something to look at; how many people have not come yet."""
    festival = the_festival()
    at = now()
    arrivals = desk.arrivals(festival.id, merge.day_window(at))
    waiting, found = set_aside.waiting(festival.id, ASIDE_SHOWN)
    every = machines(festival.id, at)
    open_ones, closed = incident_lines(festival.id)
    if waiting or open_ones or closed:
        looked(SecurityKind.LOOKED_UP, festival=festival.code, what="incidents")
    return render_template(
        "office/gates/overview.html",
        waiting=waiting,
        waiting_found=found,
        decided=set_aside.decided(festival.id),
        incidents=open_ones[:INCIDENTS_SHOWN],
        incidents_found=len(open_ones),
        closed=closed[:INCIDENTS_SHOWN],
        purposes=purpose_names(festival.id),
        missing=sum(line.people - line.people_here for line in arrivals),
        people=sum(line.people for line in arrivals),
        machines=every[:MACHINES_SHOWN],
        machines_found=len(every),
        to_look_at=sum(machine.urgent for machine in every),
        sign_words=SIGN_WORDS,
        role_words=ROLE_WORDS,
        GateChoice=GateChoice,
    )


@bp.post("/aside/<mid>")
@requires(Permission.CHECKIN)
def decide(mid: str) -> ResponseReturnValue:
    """Let in, keep out, or take back that it was kept out; with a reason."""
    choice = next((each for each in GateChoice if each.value == request.form.get("choice")), None)
    if choice is None:
        raise BadInput(_("Chọn cho vào hay không cho vào."))
    was = typed_number(request.form.get("was", "")) or 0
    with transaction():
        deciding.decide_reading(the_festival(), mid, choice, request.form.get("reason", ""), was, acting_user())
    words = {
        GateChoice.LET_IN: _("Đã cho vào. Cổng và các trang khác thấy ngay khi hỏi máy chủ."),
        GateChoice.KEPT_OUT: _("Đã ghi là không cho vào."),
        GateChoice.OPEN: _("Lượt này chờ quyết định lại."),
    }
    flash(words[choice], "good")
    if request.form.get("list") == "refused":
        return redirect(url_for("gates.refused"))
    return redirect(url_for("gates.overview") + "#aside")


@bp.post("/incidents")
@requires(Permission.CHECKIN)
def close_incident() -> ResponseReturnValue:
    """Close an incident with a word, or open it again."""
    closed = request.form.get("closed") == "y"
    was = typed_number(request.form.get("was", "")) or 0
    key, word = request.form.get("incident", ""), request.form.get("reason", "")
    with transaction():
        say_of_incident(the_festival(), key, word, closed=closed, was=was, by=acting_user())
    flash(_("Đã ghi lời kết.") if closed else _("Đã mở lại."), "good")
    return redirect(url_for("gates.overview") + "#incidents")
