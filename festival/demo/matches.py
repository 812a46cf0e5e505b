"""How far is the knock-out of a living demo? Its bracket is drawn, and the first round was played in sets on the first day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import transaction
from festival.demo.festival import contests_by_code
from festival.demo.invention import TEAM_CONTEST, Invention
from festival.judging.matches.drawing import draw_bracket, to_be_drawn
from festival.judging.matches.match_rule import HowEnded, MatchResult
from festival.judging.matches.playing import MatchTaken, note_match
from festival.judging.matches.reading import bracket_of
from festival.judging.matches.tree import FEWEST, BracketMatch
from festival.judging.tally import read_tally
from festival.roster.models import Entry
from festival.schedule.models import Act, ActState
from festival.schedule.stage_day.taking import take_step

DICE = "3-1-5-2-6-4"  # thrown in the hall
# As they are played: straight, over three sets, and one past twenty.
SCORES = (((21, 15), (21, 18)), ((18, 21), (21, 16), (21, 19)), ((24, 22), (21, 12)))


def play_first_round(festival_id: int, made_up: Invention, secretary: int) -> None:
    """By the steps a secretary takes; a small edition has nobody to play."""
    chance = Random(f"{made_up.seed}|{TEAM_CONTEST}|matches")
    with transaction():
        contest = contests_by_code(festival_id)[TEAM_CONTEST]
        if len(to_be_drawn(read_tally(contest))) < FEWEST:
            return
        draw_bracket(contest.id, DICE, 0, "", secretary)
        for at, match in enumerate(each for each in _first_round(contest) if each.ready):
            scores = SCORES[chance.randrange(len(SCORES))]
            first = chance.random() < 0.5
            sets = scores if first else tuple((b, a) for a, b in scores)
            result = MatchResult(HowEnded.PLAYED, (match.a if first else match.b) or "", sets)
            if at == 1:  # one team did not come
                result = MatchResult(HowEnded.WALKOVER, match.a or "")
            taken = note_match(contest.id, match.key, result, 0, secretary)
            if not isinstance(taken, MatchTaken):
                raise TypeError(str(taken.said))
        acts = select(Act).join(Entry).where(Entry.contest_id == contest.id).order_by(Act.starts_at, Act.position)
        for act in db.session.scalars(acts).all():
            take_step(act.id, ActState.WAITING, ActState.ON_STAGE, at=act.starts_at)
            take_step(act.id, ActState.ON_STAGE, ActState.DONE, at=act.starts_at + timedelta(minutes=act.duration_min))


def _first_round(contest: Contest) -> Sequence[BracketMatch]:
    drawn = bracket_of(contest)
    assert drawn is not None
    return drawn.tree.rounds[0]
