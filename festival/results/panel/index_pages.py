"""Which contests has somebody business with, as a panel, as the organiser, as the MC?"""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests import queries as contest_queries
from festival.contests.models import ContestState
from festival.core.web.access import Actor, Permission, current_actor, public, requires, signed_in
from festival.core.web.errors import Forbidden
from festival.editions.queries import current_festival, the_festival
from festival.judging.contest_access import ContestAccess, contests_for
from festival.judging.paper.waiting import slips_elsewhere
from festival.results.awards import amended_at
from festival.results.blueprint import bp
from festival.results.cut.read_aloud import to_call
from festival.results.delegations import access
from festival.results.delegations.table import read_whole, whole_delegation
from festival.results.ladder.states import reached
from festival.results.seats import may_read_as_mc
from festival.schedule.queries import stages

# Whoever may do one of these works here, though perhaps in no contest yet.
PANEL_WORK = (Permission.TALLY, Permission.CHAIR, Permission.MC)


@bp.get("/jury", strict_slashes=False)
@bp.get("/jury/<path:rest>")
@public
def old_address(rest: str = "") -> ResponseReturnValue:
    """The pages of the panel had this address until release 0.2; score sheets on paper still carry it in their QR codes."""
    return redirect(
        "/panel" + (f"/{rest}" if rest else "") + (f"?{request.query_string.decode()}" if request.query_string else ""),
        301,
    )


@bp.get("/panel")
@signed_in
def index() -> ResponseReturnValue:
    """The contests one has business with; for the MC those that may be read. Empty for whoever has none of them yet."""
    actor = current_actor()
    if current_festival() is None and any(map(actor.may, PANEL_WORK)):
        return _before_an_edition()
    mine = contests_for(actor)
    if not mine and not any(map(actor.may, PANEL_WORK)):
        raise Forbidden()
    return _index_page(actor, mine)


@bp.get("/office/results")
@requires(Permission.RELEASE)
def office_results() -> ResponseReturnValue:
    """The organiser's way to the same list."""
    if current_festival() is None:
        return _before_an_edition()
    return _index_page(current_actor(), contests_for(current_actor()))


def _before_an_edition() -> str:
    return render_template("layouts/no_edition.html", words=_("Ban giám khảo và kết quả"))


def _index_page(actor: Actor, mine: list[ContestAccess]) -> str:
    festival = the_festival()
    as_mc = may_read_as_mc(actor)
    whole = whole_delegation(festival)
    whole_read = list(reversed(read_whole(festival.id, ContestState.RELEASED))) if as_mc else []
    return render_template(
        "results/index.html",
        festival=festival,
        mine=mine,
        readable=[x for x in contest_queries.contests(festival.id) if as_mc and reached(x, ContestState.RELEASED)],
        called=to_call(contest_queries.contests(festival.id)) if as_mc else [],
        said_on=stages(festival.id) if actor.may(Permission.MC) else [],
        to_type=slips_elsewhere(festival.id, mine) if actor.may(Permission.TALLY) else [],
        whole=whole if access.has_business(actor, mine, whole) else None,
        whole_state=access.how_far(whole) if whole else "",
        whole_amended=amended_at(whole_read),
        whole_read=whole_read,
    )
