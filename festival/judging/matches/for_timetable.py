"""Who meets whom in the brackets in force, and who was to meet whom: for timetable and calendars, in as many statements for any number of brackets."""

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
from festival.schedule.later.brackets import EverKnown, KnownBracket, MatchSides
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


def brackets_of_the_past(contest_ids: Collection[int]) -> Mapping[int, Mapping[MatchPlace, EverKnown]]:
    """By contest, of all its draws: who has ever been in a match after the first round, by lot or by a result that stands or stood.

    What can change a match counts: each write of the matches before it, each draw that ended.
    """
    rows = db.session.execute(
        select(BracketDraw, Contest, PlayedMatch)
        .join(Contest, Contest.id == BracketDraw.contest_id)
        .outerjoin(PlayedMatch, PlayedMatch.draw_id == BracketDraw.id)
        .where(BracketDraw.contest_id.in_(contest_ids))
    ).all()
    trees = {
        draw.id: fill([_side(entry) for entry in draw.lines], {}, third_played=third_played(contest))
        for draw, contest, _played in rows
    }
    ended = {draw.id: draw.contest_id for draw, _contest, _played in rows if draw.ended_at is not None}
    sides: dict[tuple[int, MatchPlace], set[int]] = defaultdict(set)
    changes: dict[tuple[int, MatchPlace], int] = defaultdict(lambda: 0)
    for row in rows:
        draw, played, tree = row.BracketDraw, row.PlayedMatch, trees[row.BracketDraw.id]
        for match in tree:
            if match.round > 1:
                sides[draw.contest_id, place_of(tree, match.key)] |= {int(side) for side in (match.a, match.b) if side}
        for into in tree.fed_by((played.round, played.number)) if played is not None else ():
            key = draw.contest_id, place_of(tree, into.key)
            changes[key] += played.version
            sides[key] |= _ever_from(played, lost=into is tree.third)
    found: dict[int, dict[MatchPlace, EverKnown]] = defaultdict(dict)
    for (contest_id, place), own in sides.items():
        draws_ended = sum(each == contest_id for each in ended.values())
        found[contest_id][place] = EverKnown(frozenset(own), changes[contest_id, place] + draws_ended)
    return found


def _ever_from(played: PlayedMatch, *, lost: bool) -> set[int]:
    """Who went on from it, by what it says and said; to the match for the third place, who `lost` it."""
    every = [played.winner_id, *(before["winner_id"] for before in played.before)]
    won = {each for each in every if each is not None}
    both = {played.a_id, played.b_id}
    return {each for winner in won for each in both - {winner}} if lost else won


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
