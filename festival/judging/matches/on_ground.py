"""What may a device of the ground say of a match, and what does it know of a bracket?

Kinds `match.result`, `match.walkover`, `match.drop`; subject `<contest>/<round>.<number>`; the body says which draw and which
two sides the device saw. The device fills the next round itself, by the same rules; what does not fit what stands here is kept
in the ledger as a conflict, and what stands here counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest, ContestState, ResultKind
from festival.core import ledger
from festival.core.database import db
from festival.core.web.errors import Conflict, Overtaken
from festival.devices.handlers import (
    Applied,
    ConflictKept,
    DeviceRole,
    DeviceView,
    Duplicate,
    Incoming,
    Rejected,
    Verdict,
    register,
    register_words,
)
from festival.judging.contest_rules import judging_stream
from festival.judging.ground.devices import contests_of
from festival.judging.ground.inbox_words import match_words
from festival.judging.ground.parts import register_part
from festival.judging.ground.sync import view_of
from festival.judging.matches.match_rule import HowEnded, MatchResult, SetScore
from festival.judging.matches.match_typed import MOST
from festival.judging.matches.playing import MatchRefused, TypedBy, note_match, take_back_match
from festival.judging.matches.reading import DrawnBracket, bracket_of
from festival.judging.matches.tree import MatchKey
from festival.roster.shown.public_names import NameReader, names_held

KINDS = ("match.result", "match.walkover", "match.drop")
_SUBJECT = re.compile(r"([a-z0-9_-]+)/([1-6])\.([1-9][0-9]?)")
MOST_SETS = 5


def init_matches() -> None:
    """Called once by the room's wiring."""
    for kind in KINDS:
        register(kind, apply_matches, roles=[DeviceRole.GROUND])
        register_words(kind, match_words)
    register_part(ResultKind.MATCH, brackets_of)


def apply_matches(incoming: Sequence[Incoming]) -> list[Verdict]:
    """Take what devices typed, in order."""
    desks: dict[int, dict[str, Contest]] = {}
    return [_one(each, desks) for each in incoming]


def _one(each: Incoming, desks: dict[int, dict[str, Contest]]) -> Verdict:
    about = _SUBJECT.fullmatch(each.subject)
    if about is None:
        return Rejected("malformed", {"field": "subject"})
    if each.device_id not in desks:
        desks[each.device_id] = {contest.code: contest for contest in contests_of(view_of(each))}
    contest = desks[each.device_id].get(about[1])
    if contest is None or contest.result_kind is not ResultKind.MATCH:
        return Rejected("not_given")
    body, result = each.body, _read(each.kind, each.body)
    sides = body.get("a"), body.get("b")
    drawing, after = body.get("drawing"), body.get("after")
    if result is None or not all(isinstance(side, str) and side for side in sides) or not isinstance(drawing, int):
        return Rejected("malformed")
    if after is not None and not isinstance(after, str):
        return Rejected("malformed")
    key = int(about[2]), int(about[3])
    try:
        return _taken(each, contest, key, result, drawing, TypedBy(None, each.mid, each.device_number, after))
    except Overtaken:
        return _apart(each, contest, key)
    except Conflict:
        state = db.session.scalar(select(Contest.state).where(Contest.id == contest.id))
        return Rejected("redrawn" if state is ContestState.OPEN else "locked")


def _taken(each: Incoming, contest: Contest, key: MatchKey, result: MatchResult, drawing: int, by: TypedBy) -> Verdict:
    drawn = bracket_of(contest)
    if drawn is None or drawn.draw.drawing != drawing:
        return Rejected("redrawn")
    match = drawn.tree.match(key)
    if match is None:
        return Rejected("malformed")
    if (match.a, match.b) != (each.body["a"], each.body["b"]):
        return _apart(each, contest, key)
    base = each.base_version or 0
    if each.kind == "match.drop":
        outcome = take_back_match(contest.id, key, base, by, (), drawing)
    else:
        outcome = note_match(contest.id, key, result, base, by, drawing)
    stream = judging_stream(contest)
    if isinstance(outcome, MatchRefused):
        return Rejected("played_after" if outcome.first else "not_possible")
    said = {"version": outcome.version}
    return Applied(said, stream) if outcome.anew else Duplicate(said, stream)


def _apart(each: Incoming, contest: Contest, key: MatchKey) -> Verdict:
    """Typed on what does not stand here: it is in the ledger, what stands counts, and the device shows both."""
    drawn = bracket_of(contest)
    current = None if drawn is None else _line(drawn, key)
    ledger.append(
        judging_stream(contest),
        "match.conflict",
        {"contest": contest.code, "contest_id": contest.id, "round": key[0], "number": key[1]},
        {"said": dict(each.body), "kind": each.kind, "device": each.device_number, "mid": each.mid},
    )
    return ConflictKept({"version": current["version"] if current else 0, "current": current}, judging_stream(contest))


def _read(kind: str, body: Mapping[str, Any]) -> MatchResult | None:
    """{"how": "played", "winner": code, "sets": [[21, 15]]}; a drop says nothing of the three."""
    if kind == "match.drop":
        return MatchResult(HowEnded.NOBODY, "")
    how = next((each for each in HowEnded if each == body.get("how")), None)
    winner, sets = body.get("winner"), body.get("sets")
    if how is None or (how is HowEnded.PLAYED) != (kind == "match.result") or not isinstance(winner, str):
        return None
    if not isinstance(sets, list) or len(sets) > MOST_SETS:
        return None
    read = [_set(each) for each in sets]
    return MatchResult(how, winner, tuple(each for each in read if each)) if all(read) else None


def _set(value: object) -> SetScore | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    # True is a whole number to Python, not to a referee
    sound = all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each <= MOST for each in value)
    return (value[0], value[1]) if sound else None


# ------------------------------------------------------------------------------------------------ what a device knows


def brackets_of(device: DeviceView, contests: Sequence[Contest]) -> dict[int, dict[str, Any]]:
    """By contest: its bracket, None before the draw."""
    held = names_held(device.festival_id, NameReader.DEVICES)
    found: dict[int, dict[str, Any]] = {}
    for contest in contests:
        drawn = bracket_of(contest)
        if drawn is None:
            found[contest.id] = {"bracket": None}
            continue
        rule = drawn.rule
        codes = {team.id: code for code, team in drawn.teams.items()}
        found[contest.id] = {
            "bracket": {
                "drawing": drawn.draw.drawing,
                "rule": {
                    "best_of": rule.best_of,
                    "points": rule.points,
                    "lead": rule.lead,
                    "cap": rule.cap,
                    "third_played": rule.third_played,
                },
                "lines": [codes.get(each, "") for each in drawn.draw.lines],
                "teams": {
                    team.code: {
                        "name": held.entry(team.id, team.name),
                        "delegation": team.delegation,
                        "gone": team.gone,
                    }
                    for team in drawn.teams.values()
                },
                "matches": [_line(drawn, key) for key in sorted(drawn.typed)],
            }
        }
    return found


def _line(drawn: DrawnBracket, key: MatchKey) -> dict[str, Any]:
    """What stands of a match; `how` None: nothing."""
    match = drawn.tree.match(key)
    result = match.result if match else None
    row = drawn.typed.get(key)
    return {
        "round": key[0],
        "number": key[1],
        "how": result.how.value if result else None,
        "winner": result.winner if result else None,
        "sets": [list(each) for each in result.sets] if result else [],
        "version": drawn.version(key),
        "mid": row.mid if row else None,
    }
