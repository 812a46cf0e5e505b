"""What does the page of a delegation's teams show, and what does its form say? The same for officer and organiser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.composing.composed import line_words
from festival.contests.queries import contest_by_code
from festival.core.transaction import transaction
from festival.core.web.errors import NotFound
from festival.registration.teams import making
from festival.registration.teams.facts import TeamPerson, TeamsOf, may_not_change, team_lacks
from festival.registration.teams.lookup import teams_of
from festival.registration.teams.making import NEW, AtDoor, TypedTeam
from festival.registration.versions import version_of_form
from festival.roster.models import Delegation
from festival.roster.rules import Rules


@dataclass(frozen=True, slots=True)
class TeamDoor:
    """A door to the teams: whose they are, who asks, where its pages stand."""

    rules: Rules
    delegation: Delegation
    at: AtDoor
    url: Callable[..., str]  # of the list, or of a team (contest, team), or of its end (contest, team, dissolve=True)
    trail: list[tuple[str, str]]


def list_page(door: TeamDoor) -> str:
    """Every contest with mixed teams: its teams, whom families give, what is still to be done."""
    all_teams = teams_of([door.delegation.id], door.rules)[door.delegation.id]
    return render_template(
        "registration/teams/list.html",
        door=door,
        all_teams=all_teams,
        lacks=team_lacks(all_teams),
        why_not={each.contest: _why_not(door, each) for each in all_teams},
        line_words=line_words,
        NEW=NEW,
    )


def team_page(door: TeamDoor, contest: str, code: str) -> str:
    """One team with everybody who could be in it, family by family."""
    teams = making.teams_in(door.rules, door.delegation, contest)
    team = None if code == NEW else teams.team(code)
    if team is None and code != NEW:
        raise NotFound()
    ticked = {each.id for each in team.members} if team else {each.id for each in teams.loose}
    able = [each for each in teams.people if each.coming or each.id in ticked]
    return render_template(
        "registration/teams/one.html",
        door=door,
        teams=teams,
        team=team,
        code=code,
        ticked=ticked,
        elsewhere={one: held for one, held in teams.in_team.items() if held is not team},
        families=[(name, list(people)) for name, people in groupby(able, key=_family)],
        faults=teams.faults(team.members) if team and not team.dissolved else (),
        why_not=_why_not(door, teams),
        line_words=line_words,
    )


def _family(person: TeamPerson) -> tuple[str, str]:
    return person.family, person.family_code


def _why_not(door: TeamDoor, teams: TeamsOf) -> object:
    return may_not_change(teams, open_now=door.at.open_now, office=door.at.office)


def save_form(open_door: Callable[[], TeamDoor], contest: str, code: str) -> ResponseReturnValue:
    """Make, change or make again what the form says."""
    form = request.form
    typed = TypedTeam(form.get("name", ""), tuple(form.getlist("people")), form.get("reason", ""))
    with transaction():
        door = open_door()
        made = making.save(door.rules, door.delegation, contest, code, version_of_form(), typed, door.at)
        contest_name = contest_by_code(door.rules.festival, contest).name
    flash(
        _("Đã lập đội của %(contest)s.", contest=contest_name)
        if code == NEW
        else _("Đã lưu đội của %(contest)s.", contest=contest_name),
        "good",
    )
    return redirect(door.url(contest, made))


def dissolve_form(open_door: Callable[[], TeamDoor], contest: str, code: str) -> ResponseReturnValue:
    """End a team, with a reason."""
    with transaction():
        door = open_door()
        why = request.form.get("why", "")
        name = making.dissolve(door.rules, door.delegation, contest, code, version_of_form(), why, door.at)
    flash(_("Đã giải thể đội «%(name)s». Lập lại được ở cuối trang này.", name=name), "good")
    return redirect(door.url())
