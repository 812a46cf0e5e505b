"""What is a team of a delegation, who may be in it, and what is said of it before anything is sent? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from festival.core.births import Birth
from festival.core.sentence import N_, Sentence
from festival.editions.rules.composition import CompositionLine
from festival.roster.composition.rule import CompositionFault, TeamMate, composition_faults
from festival.roster.people import Relation, Sex


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """Somebody of the delegation's families. `coming`: of a family that may still be, or is, approved, and not gone."""

    id: int
    code: str
    name: str
    sex: Sex | None
    birth: Birth | None
    relation: Relation | None
    family: str
    family_code: str
    approved: bool
    coming: bool

    @property
    def mate(self) -> TeamMate:
        """As the composition asks."""
        return TeamMate(self.family_code, self.name, self.sex, self.birth, self.relation)


@dataclass(frozen=True, slots=True)
class OneTeam:
    """A team; `version` 0: nobody made it by name, it is whoever the approved families gave."""

    entry_id: int
    code: str
    name: str
    version: int
    dissolved: bool
    reason: str
    members: tuple[TeamPerson, ...]
    changed_at: datetime | None = None
    changed_by: str = ""

    @property
    def coming(self) -> tuple[TeamPerson, ...]:
        """Those who count: a name whose family has withdrawn is no performer."""
        return tuple(each for each in self.members if each.coming)


@dataclass(frozen=True, slots=True)
class TeamsOf:
    """The teams of a delegation in one contest. `given`: ids of whom the families give for it."""

    contest: str
    contest_name: str
    lines: tuple[CompositionLine, ...]
    starts_on: date
    most: int
    least: int
    by_name: bool
    closed: bool
    teams: tuple[OneTeam, ...]
    people: tuple[TeamPerson, ...]
    given: frozenset[int]

    @property
    def standing(self) -> tuple[OneTeam, ...]:
        """Those that are not dissolved."""
        return tuple(each for each in self.teams if not each.dissolved)

    @property
    def dissolved(self) -> tuple[OneTeam, ...]:
        """Those that can be made again."""
        return tuple(each for each in self.teams if each.dissolved)

    @property
    def in_team(self) -> Mapping[int, OneTeam]:
        """Person → the team that names this one."""
        return {person.id: team for team in self.standing for person in team.members}

    @property
    def loose(self) -> tuple[TeamPerson, ...]:
        """Whom the families give, and no team names."""
        taken = self.in_team
        return tuple(each for each in self.people if each.coming and each.id in self.given and each.id not in taken)

    @property
    def room(self) -> bool:
        """Whether another team may be made."""
        return len(self.standing) < self.most

    def team(self, code: str) -> OneTeam | None:
        """The one with this code."""
        return next((each for each in self.teams if each.code == code), None)

    def faults(self, people: Iterable[TeamPerson]) -> tuple[CompositionFault, ...]:
        """In what these would be no team."""
        return composition_faults([each.mate for each in people if each.coming], self.lines, self.starts_on)


def may_not_change(teams: TeamsOf, *, open_now: bool, office: bool) -> Sentence | None:
    """Why nobody at this door changes a team now."""
    if teams.closed:
        return N_("Phần thi này đã có điểm hoặc đã khóa nên không đổi đội ở đây được nữa.", "team_contest_closed")
    if not office and not open_now:
        return N_(
            "Đăng ký đang đóng nên đoàn không tự đổi đội được. Cần đổi thì gọi Ban Tổ chức: đổi được đến khi phần thi có điểm.",
            "team_registration_closed",
        )
    return None


def team_lacks(all_teams: Sequence[TeamsOf]) -> tuple[Sentence, ...]:
    """What is still to be done about the teams a delegation makes by name, beside the bounds of its families."""
    return tuple(said for teams in all_teams if teams.by_name for said in _lacks(teams))


def _lacks(teams: TeamsOf) -> Iterable[Sentence]:
    for team in teams.standing:
        for fault in teams.faults(team.members):
            if not (fault.warns and team.reason):
                yield N_(
                    "%(contest)s, đội «%(team)s»: %(why)s",
                    "team_lacks",
                    contest=teams.contest_name,
                    team=team.name,
                    why=fault.reason,
                )
    if not teams.standing and teams.least:
        yield N_("%(contest)s: đoàn chưa lập đội nào.", "no_team", contest=teams.contest_name)
    if teams.loose:
        names = ", ".join(each.name for each in teams.loose[:4]) + (", …" if len(teams.loose) > 4 else "")
        yield N_(
            "%(contest)s: %(n)s người được cử mà chưa vào đội nào: %(names)s.",
            "not_in_a_team",
            contest=teams.contest_name,
            n=len(teams.loose),
            names=names,
        )
