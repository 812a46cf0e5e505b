"""The officer writes about the acts of the own delegation."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from festival.acts import doors, queries
from festival.acts.access import entry_of_officer
from festival.acts.blueprint import bp
from festival.acts.doors import ActDoor
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.roster import delegations
from festival.roster.models import Entry


def _door(delegation: str, code: str) -> ActDoor:
    def find() -> Entry:
        return entry_of_officer(current_actor(), delegation, code)[1]

    return ActDoor(
        "officer",
        acting_user(),
        find,
        "acts/staff.html",
        url_for("acts.officer_act", delegation=delegation, code=code),
        url_for("acts.officer_upload", delegation=delegation, code=code),
    )


@bp.get("/delegation/<delegation>/acts")
@requires(Permission.DELEGATION)
def officer_acts(delegation: str) -> ResponseReturnValue:
    """The acts that are asked about, and what is missing of each."""
    found = delegations.delegation_of(current_actor(), delegation)
    return render_template("acts/delegation.html", delegation=found, lines=queries.acts_of_delegation(found))


@bp.get("/delegation/<delegation>/acts/<code>")
@requires(Permission.DELEGATION)
def officer_act(delegation: str, code: str) -> ResponseReturnValue:
    """What is asked of an act, what stands, what came before."""
    return doors.draw(_door(delegation, code))


@bp.post("/delegation/<delegation>/acts/<code>")
@requires(Permission.DELEGATION)
def officer_act_save(delegation: str, code: str) -> ResponseReturnValue:
    """A new version."""
    door = _door(delegation, code)
    return doors.save(door) or redirect(door.base, 303)


@bp.post("/delegation/<delegation>/acts/<code>/file")
@requires(Permission.DELEGATION)
def officer_act_file(delegation: str, code: str) -> ResponseReturnValue:
    """A track or a photo, in one piece."""
    door = _door(delegation, code)
    doors.send_file(door)
    return redirect(door.base, 303)


@bp.post("/delegation/<delegation>/acts/<code>/back")
@requires(Permission.DELEGATION)
def officer_act_back(delegation: str, code: str) -> ResponseReturnValue:
    """What stood before stands again."""
    door = _door(delegation, code)
    doors.go_back(door)
    return redirect(door.base, 303)


@bp.post("/api/v1/delegation/<delegation>/acts/<code>/upload")
@requires(Permission.DELEGATION)
def officer_upload(delegation: str, code: str) -> ResponseReturnValue:
    """Begin to send a track in parts."""
    return doors.begin(_door(delegation, code))
