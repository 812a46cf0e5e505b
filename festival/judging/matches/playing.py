"""What becomes of the result of a match that is typed, corrected or taken back?

Who typed it read a version of it; of two that change the same version one finds its row. A winner changes only while
nothing that follows has been played: else the answer names what has to be taken back first, or the whole branch is.
When the last match is over its places become the final order; when one is taken back, that order goes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.judging.contest_rules import judging_stream
from festival.judging.matches.match_rule import HowEnded, MatchResult, result_fault
from festival.judging.matches.match_words import (
    FINAL_NEEDS_ONE,
    NOT_KNOWN_YET,
    PLAYED_AFTER,
    WINNER_GONE,
)
from festival.judging.matches.models import PlayedMatch
from festival.judging.matches.ordering import follow_bracket, held_for_matches
from festival.judging.matches.reading import DrawnBracket, Team, draw_in_force, read_bracket
from festival.judging.matches.tree import BracketMatch, MatchKey, match_name, places
from festival.judging.measuring import drop_measure, note_measure
from festival.judging.models import Measure, MeasureState


@dataclass(frozen=True, slots=True)
class MatchTaken:
    """It stands; `order`: the bracket is played to its end and gives the final order; `anew` False: it stood so already."""

    version: int
    order: bool
    anew: bool = True


@dataclass(frozen=True, slots=True)
class MatchRefused:
    """It cannot be so; `said` tells why, `first` the matches that stand in its way, the last ones first."""

    said: Sentence
    first: tuple[MatchKey, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedBy:
    """Who typed it: a person at a page, or a message of a device of the ground.

    `after`: the device's own message it stands on, whose version the device could not know yet.
    """

    user_id: int | None = None
    mid: str | None = None
    device: int | None = None
    after: str | None = None


def held_bracket(contest_id: int, drawing: int | None) -> DrawnBracket:
    """The bracket of an open contest, held: whoever types another match of it waits. `drawing`: the draw its reader saw."""
    contest = held_for_matches(contest_id)
    draw = draw_in_force(contest.id, held=True)
    if draw is None:
        raise Conflict(_("Phần thi này chưa có bảng đấu."))
    if drawing is not None and draw.drawing != drawing:
        raise Overtaken(_("Bảng đấu vừa được người khác bốc thăm hoặc bỏ. Mở lại trang để xem bảng mới nhất."))
    return read_bracket(contest, draw)


def note_match(
    contest_id: int,
    key: MatchKey,
    result: MatchResult,
    base_version: int,
    by: TypedBy | int | None,
    drawing: int | None = None,
) -> MatchTaken | MatchRefused:
    """Keep a result. Conflict when somebody else has changed it since `base_version`. The same again changes nothing."""
    typed_by = by if isinstance(by, TypedBy) else TypedBy(by)
    drawn = held_bracket(contest_id, drawing)
    match = _match(drawn, key)
    if match.result is not None and match.result == result:
        return MatchTaken(drawn.version(key), places(drawn.tree) is not None, anew=False)
    base_version = _on(drawn, key, base_version, typed_by)
    refused = refusal(drawn, match, result)
    if refused is not None:
        return refused
    teams = drawn.teams
    values = {
        "a_id": teams[match.a or ""].id,
        "b_id": teams[match.b or ""].id,
        "how": result.how,
        "winner_id": teams[result.winner].id if result.winner else None,
        "sets": [list(each) for each in result.sets],
    }
    version = _store(drawn, key, base_version, typed_by, values)
    _shut_out(drawn, match, result, typed_by.user_id)
    return MatchTaken(version, _follow(drawn, typed_by.user_id))


def _on(drawn: DrawnBracket, key: MatchKey, base_version: int, by: TypedBy) -> int:
    """The version it is written on; Overtaken when that is not the one its writer knows."""
    row = drawn.typed.get(key)
    if by.after is not None and row is not None and row.mid == by.after:
        return row.version
    if by.after is not None or drawn.version(key) != base_version:
        raise overtaken()
    return base_version


def refusal(drawn: DrawnBracket, match: BracketMatch, result: MatchResult) -> MatchRefused | None:
    """Why a match cannot have this result as things stand."""
    if not match.a or not match.b:
        return MatchRefused(NOT_KNOWN_YET)
    fault = result_fault(match.a, match.b, result, drawn.rule)
    if fault is not None:
        return MatchRefused(fault)
    shut_out_here = match.loser if match.result and match.result.how is HowEnded.DISQUALIFIED else None
    if result.winner and drawn.gone(result.winner) and result.winner != shut_out_here:
        return MatchRefused(WINNER_GONE.filled(name=drawn.name(result.winner)))
    final = drawn.tree.rounds[-1][0]
    if match.key == final.key and not result.winner and not (drawn.gone(match.a) and drawn.gone(match.b)):
        return MatchRefused(FINAL_NEEDS_ONE)
    if match.result is not None and match.result.winner != result.winner:
        return _played_after(drawn, match.key)
    return None


def take_back_match(
    contest_id: int,
    key: MatchKey,
    base_version: int,
    by: TypedBy | int | None,
    branch: Sequence[MatchKey] = (),
    drawing: int | None = None,
) -> MatchTaken | MatchRefused:
    """As if it had not been played. `branch`: what follows from it and is taken back with it, as it was read back."""
    typed_by = by if isinstance(by, TypedBy) else TypedBy(by)
    drawn = held_bracket(contest_id, drawing)
    match = _match(drawn, key)
    if match.result is None:
        return MatchTaken(drawn.version(key), order=False, anew=False)
    _on(drawn, key, base_version, typed_by)
    after = [each.key for each in drawn.tree.played_after(key)]
    if after and not branch:
        refused = _played_after(drawn, key)
        assert refused is not None
        return refused
    if sorted(after) != sorted(branch):
        raise overtaken()
    version = 0
    for each in (*after, key):
        row, taken = drawn.typed[each], _match(drawn, each)
        values: dict[str, Any] = {"a_id": row.a_id, "b_id": row.b_id, "how": None, "winner_id": None, "sets": []}
        version = _store(drawn, each, row.version, typed_by, values)
        _let_in_again(drawn, taken, typed_by.user_id)
    return MatchTaken(version, _follow(drawn, typed_by.user_id))


def overtaken() -> Overtaken:
    return Overtaken(_("Trận này vừa được người khác ghi. Mở lại trang để xem kết quả mới nhất."))


def _match(drawn: DrawnBracket, key: MatchKey) -> BracketMatch:
    match = drawn.tree.match(key)
    if match is None:
        raise BadInput(_("Bảng đấu không có trận này. Chọn lại trong bảng đấu."))
    return match


def _played_after(drawn: DrawnBracket, key: MatchKey) -> MatchRefused | None:
    after = [each.key for each in drawn.tree.played_after(key)]
    if not after:
        return None
    return MatchRefused(PLAYED_AFTER.filled(match=match_name(drawn.tree, after[0])), tuple(after))


def _store(drawn: DrawnBracket, key: MatchKey, base: int, by: TypedBy, values: dict[str, Any]) -> int:
    """Of two that change the same version one finds its row; what stood there stays beside it."""
    of_match = {"draw_id": drawn.draw.id, "round": key[0], "number": key[1]}
    sides = {"a_id": values["a_id"], "b_id": values["b_id"]}
    first = of_match | sides | {"sets": [], "version": 0, "before": [], "typed_by": by.user_id, "updated_at": now()}
    db.session.execute(insert_or_pass(PlayedMatch).values(**first).on_conflict_do_nothing())
    row = drawn.typed.get(key)
    before = [] if row is None else [*row.before, *([stands(row)] if row.how is not None else [])]
    changed = db.session.execute(
        update(PlayedMatch)
        .where(*(getattr(PlayedMatch, name) == value for name, value in of_match.items()), PlayedMatch.version == base)
        .values(**values, version=base + 1, before=before, typed_by=by.user_id, mid=by.mid, updated_at=now())
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise overtaken()
    contest = drawn.contest
    said: dict[str, Any] = {"version": base + 1, "typed_by": by.user_id, "mid": by.mid, "device": by.device}
    how = values["how"]
    subject = {"contest": contest.code, "contest_id": contest.id, "drawing": drawn.draw.drawing}
    ledger.append(
        judging_stream(contest),
        "match.dropped" if how is None else "match.noted",
        subject | {"round": key[0], "number": key[1]},
        said if how is None else said | values | {"how": how.value},
    )
    return base + 1


def stands(row: PlayedMatch) -> dict[str, Any]:
    """What a match says, to be kept beside what it says later."""
    return {
        "how": row.how.value if row.how is not None else None,
        "winner_id": row.winner_id,
        "sets": row.sets,
        "version": row.version,
        "typed_by": row.typed_by,
    }


def _follow(drawn: DrawnBracket, by: int | None) -> bool:
    """The final order is what the bracket now gives."""
    again = read_bracket(drawn.contest, drawn.draw)
    groups = places(again.tree)
    ids = None if groups is None else [sorted(again.teams[code].id for code in group) for group in groups]
    follow_bracket(drawn.contest, ids, by)
    return groups is not None


def _shut_out(drawn: DrawnBracket, match: BracketMatch, result: MatchResult, by: int | None) -> None:
    """Who is disqualified in a match takes no place in the contest; who was so by what stood here before is in again."""
    _let_in_again(drawn, match, by)
    if result.how is not HowEnded.DISQUALIFIED:
        return
    out = drawn.teams[(match.b if result.winner == match.a else match.a) or ""]
    held = _noted(out)
    if out.enrolled and (held is None or held.state is MeasureState.VALID):
        version = held.version if held else 0
        note_measure(drawn.contest.id, out.id, 1, MeasureState.DISQUALIFIED, None, version, by)


def _let_in_again(drawn: DrawnBracket, match: BracketMatch, by: int | None) -> None:
    if match.result is None or match.result.how is not HowEnded.DISQUALIFIED or not match.loser:
        return
    was_out = drawn.teams[match.loser]
    held = _noted(was_out)
    if was_out.enrolled and held is not None and held.state is MeasureState.DISQUALIFIED:
        drop_measure(drawn.contest.id, was_out.id, 1, held.version, by)


def _noted(team: Team) -> Measure | None:
    of_team = select(Measure).where(Measure.entry_id == team.id, Measure.round == 1)
    return db.session.scalars(of_team.execution_options(populate_existing=True)).one_or_none()
