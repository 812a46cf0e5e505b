"""An officer makes, changes and dissolves the mixed teams of the own delegation."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from festival.core.web.access import Permission, acting_user, requires
from festival.registration.blueprint import bp
from festival.registration.officer.desk import Desk
from festival.registration.teams import shown
from festival.registration.teams.making import AtDoor


def _door(code: str) -> shown.TeamDoor:
    desk = Desk(code)

    def url(contest: str = "", team: str = "", *, dissolve: bool = False) -> str:
        if not contest:
            return url_for("registration.teams", code=code)
        endpoint = "registration.team_dissolve" if dissolve else "registration.team"
        return url_for(endpoint, code=code, team_contest=contest, team=team)

    at = AtDoor(acting_user(), office=False, open_now=desk.open)
    trail = [(desk.delegation.name, url_for("registration.delegation", code=code))]
    return shown.TeamDoor(desk.rules, desk.delegation, at, url, trail)


@bp.get("/delegation/<code>/teams")
@requires(Permission.DELEGATION)
def teams(code: str) -> ResponseReturnValue:
    """The teams of every contest, and what is still to be done about them."""
    return shown.list_page(_door(code))


@bp.get("/delegation/<code>/teams/<team_contest>/<team>")
@requires(Permission.DELEGATION)
def team(code: str, team_contest: str, team: str) -> ResponseReturnValue:
    """One team, or a new one, with everybody who could be in it."""
    return shown.team_page(_door(code), team_contest, team)


@bp.post("/delegation/<code>/teams/<team_contest>/<team>")
@requires(Permission.DELEGATION)
def team_save(code: str, team_contest: str, team: str) -> ResponseReturnValue:
    """Make it, change it, make it again."""
    return shown.save_form(lambda: _door(code), team_contest, team)


@bp.post("/delegation/<code>/teams/<team_contest>/<team>/dissolve")
@requires(Permission.DELEGATION)
def team_dissolve(code: str, team_contest: str, team: str) -> ResponseReturnValue:
    """End it, with a reason."""
    return shown.dissolve_form(lambda: _door(code), team_contest, team)
