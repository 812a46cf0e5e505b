"""The family writes about its act behind its own link; like every change it asks for the last four digits of the phone."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from festival.acts import doors
from festival.acts.access import entry_of_family, family_of
from festival.acts.blueprint import bp
from festival.acts.doors import ActDoor
from festival.core.transaction import reading
from festival.core.web.access import current_actor, family_link
from festival.core.web.limiter import limiter
from festival.registration.guarding import tails
from festival.roster.models import Entry


def _door(act: str) -> ActDoor:
    def find() -> Entry:
        return entry_of_family(current_actor(), act)

    return ActDoor(
        "link",
        None,
        find,
        "acts/family.html",
        url_for("acts.family_act", act=act),
        url_for("acts.family_upload", act=act),
    )


def _check_tail(door: ActDoor) -> None:
    """Whose act it is comes first."""
    with reading():
        door.find()
    tails.check(lambda: family_of(door.find()), request.form.get("tail", ""))


@bp.get("/family/acts/<act>")
@family_link
def family_act(act: str) -> ResponseReturnValue:
    """What is asked of the act, what stands, what came before."""
    return doors.draw(_door(act))


@bp.post("/family/acts/<act>")
@family_link
@limiter.limit("120 per hour")
def family_act_save(act: str) -> ResponseReturnValue:
    """A new version."""
    door = _door(act)
    _check_tail(door)
    return doors.save(door) or redirect(door.base, 303)


@bp.post("/family/acts/<act>/file")
@family_link
@limiter.limit("60 per hour")
def family_act_file(act: str) -> ResponseReturnValue:
    """A track or a photo, in one piece."""
    door = _door(act)
    _check_tail(door)
    doors.send_file(door)
    return redirect(door.base, 303)


@bp.post("/family/acts/<act>/back")
@family_link
@limiter.limit("120 per hour")
def family_act_back(act: str) -> ResponseReturnValue:
    """What stood before stands again."""
    door = _door(act)
    _check_tail(door)
    doors.go_back(door)
    return redirect(door.base, 303)


@bp.get("/family/acts/<act>/<kind>/<int:number>")
@family_link
def family_act_served(act: str, kind: str, number: int) -> Response:
    """The family's own file."""
    return doors.serve(_door(act).find(), kind, number)


@bp.post("/api/v1/family/acts/<act>/upload")
@family_link
@limiter.limit("60 per hour")
def family_upload(act: str) -> ResponseReturnValue:
    """Begin to send a track in parts."""
    door = _door(act)
    _check_tail(door)
    return doors.begin(door)
