"""How is a bracket shown: round by round, each match with both sides, its sets and what was said before?

One value for the secretary's page, the paper and the public page, with the names the reader may see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from festival.core.sentence import N_, Sentence
from festival.judging.matches.match_rule import HowEnded, sets_won
from festival.judging.matches.match_words import outcome
from festival.judging.matches.models import PlayedMatch
from festival.judging.matches.reading import DrawnBracket, Team
from festival.judging.matches.tree import BracketMatch, MatchKey, match_inside, match_name, round_name

Namer = Callable[[Team], str]

WINNER_OF = N_("Bên thắng %(match)s")
LOSER_OF = N_("Bên thua %(match)s")
EMPTY = N_("không có ai")
STRAIGHT_ON = N_("%(name)s vào thẳng vòng sau.")
TAKEN_BACK = N_("đã bỏ: %(before)s")
BEFORE = N_("trước: %(before)s")


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One side of a match: who, or whose winner is awaited."""

    name: str  # '' while nobody is known
    delegation: str  # '' where it is the name already
    awaited: Sentence | None
    sets: int | None
    won: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """A match as its reader sees it; `said`: how it ended; `before`: what stood there until `corrected_at`."""

    round: int
    number: int
    name: Sentence
    a: ShownSide
    b: ShownSide
    bye: bool
    ready: bool
    over: bool
    version: int
    said: Sentence | None
    sets: tuple[tuple[int, int], ...]
    before: Sentence | None
    corrected_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownRound:
    """«Tứ kết» with its matches from above."""

    name: Sentence
    matches: tuple[ShownMatch, ...]


@dataclass(frozen=True, slots=True)
class ShownBracket:
    """Rounds in order, and apart the match for the third place."""

    rounds: tuple[ShownRound, ...]
    third: ShownMatch | None
    drawing: int
    seed: str
    drawn_at: datetime
    played: bool
    complete: bool


def show(drawn: DrawnBracket, name: Namer | None = None) -> ShownBracket:
    """The whole bracket; `name`: how an entry is called for this reader."""
    called = name or (lambda team: team.name)
    tree = drawn.tree
    rounds = tuple(
        ShownRound(round_name(tree, at), tuple(_match(drawn, each, called) for each in matches))
        for at, matches in enumerate(tree.rounds, start=1)
    )
    third = None if tree.third is None else _match(drawn, tree.third, called)
    complete = all(each.winner is not None for each in tree)
    return ShownBracket(rounds, third, drawn.draw.drawing, drawn.draw.seed, drawn.draw.drawn_at, tree.played, complete)


def show_match(drawn: DrawnBracket, match: BracketMatch) -> ShownMatch:
    """One of them."""
    return _match(drawn, match, lambda team: team.name)


def _match(drawn: DrawnBracket, match: BracketMatch, called: Namer) -> ShownMatch:
    row = drawn.typed.get(match.key)
    names = tuple(called(drawn.teams[side]) if side else "" for side in (match.a, match.b))
    said = None
    if match.result is not None:
        first = match.result.winner == match.a
        said = outcome(match.result.how, (names[0], names[1]), match.result.sets, drawn.rule, first_won=first)
    elif match.bye and match.winner:
        said = STRAIGHT_ON.filled(name=called(drawn.teams[match.winner]))
    sets = match.result.sets if match.result is not None else ()
    won = sets_won(sets, drawn.rule) if sets else (None, None)
    before = _before(drawn, row, called)
    return ShownMatch(
        match.round,
        match.number,
        match_name(drawn.tree, match.key),
        _side(drawn, match, match.a, 0, won[0], called),
        _side(drawn, match, match.b, 1, won[1], called),
        bye=match.bye,
        ready=match.ready,
        over=match.result is not None,
        version=row.version if row else 0,
        said=said,
        sets=sets,
        before=before,
        corrected_at=row.updated_at if row is not None and before is not None else None,
    )


def _side(
    drawn: DrawnBracket, match: BracketMatch, side: str | None, at: int, sets: int | None, called: Namer
) -> ShownSide:
    if side:
        team = drawn.teams[side]
        won = match.result is not None and match.result.winner == side
        shown = called(team)
        delegation = "" if team.delegation == shown else team.delegation  # a team of a whole delegation bears its name
        return ShownSide(shown, delegation, None, sets, won, team.gone)
    return ShownSide("", "", EMPTY if side == "" else _awaited(drawn, match, at), None, won=False, gone=False)


def _awaited(drawn: DrawnBracket, match: BracketMatch, at: int) -> Sentence:
    """Whose winner (for the third place: loser) comes here."""
    third = match.key == (len(drawn.tree.rounds), 2)
    before: MatchKey = (match.round - 1, 2 * match.number - 1 + at if not third else 1 + at)
    return (LOSER_OF if third else WINNER_OF).filled(match=match_inside(drawn.tree, before))


def _before(drawn: DrawnBracket, row: PlayedMatch | None, called: Namer) -> Sentence | None:
    """What a match said before it was corrected or taken back."""
    if row is None or not row.before:
        return None
    sides = {team.id: called(team) for team in drawn.teams.values()}
    said = _stood(row, row.before[-1], sides, drawn)
    return (TAKEN_BACK if row.how is None else BEFORE).filled(before=said)


def _stood(row: PlayedMatch, content: dict[str, Any], names: dict[int, str], drawn: DrawnBracket) -> Sentence:
    sets = tuple((a, b) for a, b in content["sets"])
    first = content["winner_id"] == row.a_id
    sides = names.get(row.a_id, ""), names.get(row.b_id, "")
    return outcome(HowEnded(content["how"]), sides, sets, drawn.rule, first_won=first)
