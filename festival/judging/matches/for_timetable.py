"""Who meets whom in the brackets in force, for the timetable: two statements, however many brackets there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.judging.contest_rules import public_at_once
from festival.judging.matches.match_rule import MatchResult
from festival.judging.matches.models import BracketDraw, PlayedMatch
from festival.judging.matches.tree import Bracket, MatchKey, fill, may_come, place_of
from festival.roster.models import Entry
from festival.schedule.later.brackets import KnownBracket, MatchSides
from festival.schedule.later.naming import MatchPlace
from festival.schedule.later.reading import third_played


def brackets_in_force(contest_ids: Collection[int]) -> Mapping[int, KnownBracket]:
    """By contest."""
    drawn: dict[int, Any] = {}
    ended: dict[int, dict[MatchKey, MatchResult]] = defaultdict(dict)
    of_draw = (PlayedMatch.draw_id == BracketDraw.id) & PlayedMatch.how.is_not(None)
    for row in db.session.execute(
        select(BracketDraw.id, BracketDraw.lines, Contest, PlayedMatch.round, PlayedMatch.number, PlayedMatch.how,
               PlayedMatch.winner_id)
        .join(Contest, Contest.id == BracketDraw.contest_id)
        .outerjoin(PlayedMatch, of_draw)
        .where(BracketDraw.contest_id.in_(contest_ids), BracketDraw.ended_at.is_(None))
    ):  # fmt: skip
        drawn[row.id] = row
        if row.how is not None:
            ended[row.id][row.round, row.number] = MatchResult(row.how, _side(row.winner_id or 0))
    ids = {entry_id for each in drawn.values() for entry_id in each.lines if entry_id}
    names = {row.id: row.name for row in db.session.execute(select(Entry.id, Entry.name).where(Entry.id.in_(ids)))}
    found = {}
    for each in drawn.values():
        contest = each.Contest
        tree = fill([_side(entry) for entry in each.lines], ended[each.id], third_played=third_played(contest))
        told = contest.entries_told and (contest.state is ContestState.PUBLISHED or public_at_once(contest))
        own = {entry_id: names[entry_id] for entry_id in each.lines if entry_id in names}
        found[contest.id] = KnownBracket(_matches(tree), own, told)
    return found


def _matches(tree: Bracket) -> dict[MatchPlace, MatchSides]:
    return {
        place_of(tree, match.key): MatchSides(
            _entry(match.a), _entry(match.b), frozenset(int(side) for side in may_come(tree, match))
        )
        for match in tree
    }


def _side(entry_id: int) -> str:
    """The tree speaks of sides by words; here the number of an entry is one, "" a bye."""
    return str(entry_id) if entry_id else ""


def _entry(side: str | None) -> int | None:
    return None if side is None else int(side or 0)
