"""The organiser sees the mixed teams of all delegations, and makes, changes and dissolves them like their officers."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, acting_user, requires
from festival.registration.blueprint import bp
from festival.registration.teams import shown
from festival.registration.teams.facts import team_lacks
from festival.registration.teams.lookup import team_contests, teams_of
from festival.registration.teams.making import AtDoor
from festival.roster import delegations
from festival.roster import rules as roster_rules
from festival.roster.asked import asked_rules


def _door(code: str) -> shown.TeamDoor:
    delegation = delegations.delegation_by_code(code)

    def url(contest: str = "", team: str = "", *, dissolve: bool = False) -> str:
        if not contest:
            return url_for("registration.review_teams", code=code)
        endpoint = "registration.review_team_dissolve" if dissolve else "registration.review_team"
        return url_for(endpoint, code=code, team_contest=contest, team=team)

    trail = [
        (_("Đăng ký"), url_for("registration.review_list")),
        (_("Đội ghép"), url_for("registration.all_teams")),
        (delegation.name, url_for("registration.review_list", delegation=code, state="all")),
    ]
    at = AtDoor(acting_user(), office=True, open_now=True)
    return shown.TeamDoor(roster_rules.rules_of(delegation.festival), delegation, at, url, trail)


@bp.get("/office/teams")
@requires(Permission.REVIEW)
def all_teams() -> ResponseReturnValue:
    """How many teams each delegation has, and what is still to be done about them."""
    rules = asked_rules()
    listed = delegations.delegations(rules.festival.id)
    found = teams_of([each.id for each in listed], rules)
    return render_template(
        "registration/teams/all.html",
        rules=rules,
        contests=team_contests(rules),
        rows=[(each, found[each.id], team_lacks(found[each.id])) for each in listed],
    )


@bp.get("/office/teams/<code>")
@requires(Permission.REVIEW)
def review_teams(code: str) -> ResponseReturnValue:
    """The teams of one delegation."""
    looked(SecurityKind.READ_CHILDREN, what="teams", delegation=code)
    return shown.list_page(_door(code))


@bp.get("/office/teams/<code>/<team_contest>/<team>")
@requires(Permission.REVIEW)
def review_team(code: str, team_contest: str, team: str) -> ResponseReturnValue:
    """One team, or a new one."""
    looked(SecurityKind.READ_CHILDREN, what="teams", delegation=code)
    return shown.team_page(_door(code), team_contest, team)


@bp.post("/office/teams/<code>/<team_contest>/<team>")
@requires(Permission.REVIEW)
def review_team_save(code: str, team_contest: str, team: str) -> ResponseReturnValue:
    """Make it, change it, make it again."""
    return shown.save_form(lambda: _door(code), team_contest, team)


@bp.post("/office/teams/<code>/<team_contest>/<team>/dissolve")
@requires(Permission.REVIEW)
def review_team_dissolve(code: str, team_contest: str, team: str) -> ResponseReturnValue:
    """End it, with a reason."""
    return shown.dissolve_form(lambda: _door(code), team_contest, team)
