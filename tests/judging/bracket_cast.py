"""A knock-out with many teams: the panel's cast with as many families, its public contest turned into matches."""

from __future__ import annotations

from typing import Any

from festival.contests.models import Contest, ResultKind
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.matches.drawing import draw_bracket
from festival.judging.matches.match_rule import HowEnded, MatchResult
from festival.judging.matches.playing import MatchRefused, MatchTaken, note_match
from festival.judging.matches.reading import DrawnBracket, bracket_of
from festival.judging.matches.tree import MatchKey
from tests.judging.panel_cast import Panel, cast

BADMINTON = {"best_of": 3, "points": 21, "lead": 2, "cap": 30, "third": "played"}
TWO = ((21, 15), (21, 19))


def knock_out(entries: int, rule: dict[str, Any] | None = None, **contest: Any) -> Panel:
    """Families S000, S001, … of as many units, in the match contest `bong-ro`."""
    made = cast(entries=entries)
    with transaction():
        row = db.session.get_one(Contest, made.sport_id)
        row.result_kind, row.best_possible, row.unit_label, row.bracket = ResultKind.MATCH, None, "", rule
        for name, value in contest.items():
            setattr(row, name, value)
    return made


def drawn(panel: Panel, seed: str = "4-6-1-3", base: int = 0, reason: str = "") -> DrawnBracket:
    with transaction():
        draw_bracket(panel.sport_id, seed, base, reason, panel.users["secretary"])
    return bracket(panel)


def bracket(panel: Panel) -> DrawnBracket:
    """As it stands, apart from the session."""
    with reading():
        found = bracket_of(db.session.get_one(Contest, panel.sport_id))
    assert found is not None
    return found


def won(
    panel: Panel, key: MatchKey, winner: str | None = None, base: int = 0, **said: Any
) -> MatchTaken | MatchRefused:
    """The match is won by its first side (or `winner`), two sets to none where sets are counted."""
    now = bracket(panel)
    match = now.tree.match(key)
    assert match is not None and match.a and match.b
    first = winner in (None, match.a)
    sets = said.get("sets", (TWO if first else tuple((b, a) for a, b in TWO)) if now.rule.best_of else ())
    result = MatchResult(said.get("how", HowEnded.PLAYED), match.a if winner is None else winner, sets)
    with transaction():
        return note_match(panel.sport_id, key, result, base, panel.users["secretary"])


def play_on(panel: Panel, until_round: int = 99) -> None:
    """Every match that can be played is won by its first side."""
    while True:
        now = bracket(panel)
        ready = [each for each in now.tree if each.ready and each.round <= until_round]
        if not ready:
            return
        for each in ready:
            assert isinstance(won(panel, each.key, None, now.version(each.key)), MatchTaken)
