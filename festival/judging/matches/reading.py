"""What does the bracket of a contest look like now, and who stands in it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.editions.rules.bracket import BracketRule
from festival.judging.matches.match_rule import MatchResult
from festival.judging.matches.models import BracketDraw, PlayedMatch
from festival.judging.matches.tree import Bracket, MatchKey, fill
from festival.judging.models import Measure, MeasureState
from festival.roster.models import Delegation, Entry, EntryState
from festival.schedule.later.reading import third_played


@dataclass(frozen=True, slots=True)
class Team:
    """An entry in a bracket; `gone`: it was withdrawn, did not come or was disqualified since."""

    id: int
    code: str
    name: str
    delegation: str
    number: int | None
    gone: bool
    enrolled: bool


@dataclass(frozen=True, slots=True)
class DrawnBracket:
    """The draw in force, its matches filled in as far as they are known, and what was typed of each."""

    contest: Contest
    draw: BracketDraw
    rule: BracketRule
    tree: Bracket
    teams: Mapping[str, Team]  # by code
    typed: Mapping[MatchKey, PlayedMatch]

    def version(self, key: MatchKey) -> int:
        """Of what stands of a match; 0 when nothing was ever typed."""
        return row.version if (row := self.typed.get(key)) else 0

    def name(self, side: str | None) -> str:
        return self.teams[side].name if side else ""

    def gone(self, side: str | None) -> bool:
        return bool(side) and self.teams[side or ""].gone


def rule_of(contest: Contest) -> BracketRule:
    """How matches of a contest are counted; without the key `bracket` just who won, the third place shared where the
    rules let it be.
    """
    said: Mapping[str, Any] = contest.bracket or {}
    return BracketRule(
        best_of=said.get("best_of", 0),
        points=said.get("points"),
        lead=said.get("lead", 1),
        cap=said.get("cap"),
        third_played=third_played(contest),
    )


def draw_in_force(contest_id: int, *, held: bool = False) -> BracketDraw | None:
    """The draw that stands; `held`: nobody draws anew or types a match of it until this transaction ends."""
    wanted = select(BracketDraw).where(BracketDraw.contest_id == contest_id, BracketDraw.ended_at.is_(None))
    if held:
        wanted = wanted.with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def read_bracket(contest: Contest, draw: BracketDraw) -> DrawnBracket:
    """All of it, by two statements."""
    teams = _teams(draw)
    codes = {team.id: team.code for team in teams.values()}
    rows = db.session.scalars(
        select(PlayedMatch).where(PlayedMatch.draw_id == draw.id).execution_options(populate_existing=True)
    )
    typed = {(row.round, row.number): row for row in rows}
    results = {
        key: MatchResult(row.how, codes[row.winner_id] if row.winner_id else "", _sets(row))
        for key, row in typed.items()
        if row.how is not None
    }
    rule = rule_of(contest)
    lines = [codes.get(each, "") for each in draw.lines]
    return DrawnBracket(contest, draw, rule, fill(lines, results, third_played=rule.third_played), teams, typed)


def bracket_of(contest: Contest) -> DrawnBracket | None:
    """The bracket of a contest that has one."""
    draw = draw_in_force(contest.id)
    return None if draw is None else read_bracket(contest, draw)


def _sets(row: PlayedMatch) -> tuple[tuple[int, int], ...]:
    return tuple((a, b) for a, b in row.sets)


def _teams(draw: BracketDraw) -> dict[str, Team]:
    out = exists().where(Measure.entry_id == Entry.id, Measure.state != MeasureState.VALID)
    rows = db.session.execute(
        select(
            Entry.id, Entry.code, Entry.name, Delegation.name.label("delegation"), Entry.number, Entry.state,
            out.label("out"),
        )
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(Entry.id.in_([each for each in draw.lines if each]))
    )  # fmt: skip
    return {
        row.code: Team(
            row.id,
            row.code,
            row.name,
            row.delegation,
            row.number,
            gone=row.state is not EntryState.ENROLLED or bool(row.out),
            enrolled=row.state is EntryState.ENROLLED,
        )
        for row in rows
    }
