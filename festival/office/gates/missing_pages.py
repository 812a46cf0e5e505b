"""Who is missing, by name, with a phone to call: per delegation, and per act that comes up. Every look is noted."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from festival.checkin import desk, merge
from festival.checkin.lead.missing import missing_of
from festival.core.clock import now
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, requires
from festival.core.web.errors import NotFound
from festival.core.web.paging import asked_part
from festival.editions.queries import the_festival
from festival.office.gates.blueprint import bp
from festival.office.gates.coming import coming_acts
from festival.roster.delegations import delegations

LINES_A_PAGE = 40


@bp.get("/missing")
@requires(Permission.CHECKIN)
def missing() -> str:
    """How many of each delegation have not come yet today; names stand one step further."""
    festival = the_festival()
    arrivals = {line.delegation: line for line in desk.arrivals(festival.id, merge.day_window(now()))}
    lines = [
        (each, arrivals[each.name])
        for each in delegations(festival.id)
        if arrivals[each.name].people > arrivals[each.name].people_here
    ]
    part = asked_part(len(lines), LINES_A_PAGE)
    return render_template("office/gates/missing.html", lines=part.of(lines), part=part, every=len(arrivals))


@bp.get("/delegations/<code>")
@requires(Permission.CHECKIN)
def missing_by_name(code: str) -> ResponseReturnValue:
    """Of one delegation: families with the names of who is missing, and whom to call."""
    festival = the_festival()
    delegation = next((each for each in delegations(festival.id) if each.code == code), None)
    if delegation is None:
        raise NotFound()
    looked(SecurityKind.READ_CHILDREN, delegation=code, what="missing")
    lines = missing_of(delegation, merge.day_window(now()))
    part = asked_part(len(lines), LINES_A_PAGE)
    return render_template(
        "office/gates/missing_names.html",
        delegation=delegation,
        lines=part.of(lines),
        part=part,
        people=sum(len(line.people) for line in lines),
    )


@bp.get("/coming")
@requires(Permission.CHECKIN)
def coming() -> str:
    """Acts of the next three hours whose performers have not all come."""
    festival = the_festival()
    acts = coming_acts(festival.id, now())
    looked(SecurityKind.READ_CHILDREN, festival=festival.code, what="missing")
    return render_template("office/gates/coming.html", acts=acts, short=[each for each in acts if each.missing])
