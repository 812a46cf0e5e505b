"""The officer writes about the acts of the own delegation."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from festival.acts import doors, queries, reminding
from festival.acts.access import entry_of_officer
from festival.acts.blueprint import bp
from festival.acts.doors import ActDoor
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.roster import delegations
from festival.roster.models import Entry


def _door(code: str, act: str) -> ActDoor:
    def find() -> Entry:
        return entry_of_officer(current_actor(), code, act)[1]

    return ActDoor(
        "officer",
        acting_user(),
        find,
        "acts/staff.html",
        url_for("acts.officer_act", code=code, act=act),
        url_for("acts.officer_upload", code=code, act=act),
    )


@bp.get("/delegation/<code>/acts")
@requires(Permission.DELEGATION)
def officer_acts(code: str) -> ResponseReturnValue:
    """The acts that are asked about, and what is missing of each."""
    found = delegations.delegation_of(current_actor(), code)
    waits = len(reminding.still_open(found.festival_id, found))
    lines = queries.acts_of_delegation(found)
    return render_template("acts/delegation.html", delegation=found, lines=lines, waits=waits)


@bp.post("/delegation/<code>/acts/remind")
@requires(Permission.DELEGATION)
def officer_acts_remind(code: str) -> ResponseReturnValue:
    """One letter to every family of the own delegation of which something is still missing."""
    with transaction():
        found = delegations.delegation_of(current_actor(), code)
        done = reminding.remind(found.festival, reminding.still_open(found.festival_id, found), acting_user())
    flash(reminding.reminded_words(done), "good" if done.letters else "note")
    return redirect(url_for("acts.officer_acts", code=code), 303)


@bp.get("/delegation/<code>/acts/<act>")
@requires(Permission.DELEGATION)
def officer_act(code: str, act: str) -> ResponseReturnValue:
    """What is asked of an act, what stands, what came before."""
    return doors.draw(_door(code, act))


@bp.post("/delegation/<code>/acts/<act>")
@requires(Permission.DELEGATION)
def officer_act_save(code: str, act: str) -> ResponseReturnValue:
    """A new version."""
    door = _door(code, act)
    return doors.save(door) or redirect(door.base, 303)


@bp.post("/delegation/<code>/acts/<act>/file")
@requires(Permission.DELEGATION)
def officer_act_file(code: str, act: str) -> ResponseReturnValue:
    """A track or a photo, in one piece."""
    door = _door(code, act)
    doors.send_file(door)
    return redirect(door.base, 303)


@bp.post("/delegation/<code>/acts/<act>/back")
@requires(Permission.DELEGATION)
def officer_act_back(code: str, act: str) -> ResponseReturnValue:
    """What stood before stands again."""
    door = _door(code, act)
    doors.go_back(door)
    return redirect(door.base, 303)


@bp.post("/api/v1/delegation/<code>/acts/<act>/upload")
@requires(Permission.DELEGATION)
def officer_upload(code: str, act: str) -> ResponseReturnValue:
    """Begin to send a track in parts."""
    return doors.begin(_door(code, act))
