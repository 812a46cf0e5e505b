"""Which matches of later rounds has the timetable, when, and who plays them as far as the bracket knows?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from festival.contests.models import Contest, ResultKind
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.editions.rules.bracket import ThirdPlace, third_is_shared
from festival.schedule.later.brackets import KnownBracket, MatchSides, known_brackets
from festival.schedule.later.models import BEGUN, LaterMatch
from festival.schedule.later.naming import MEET, NO_MORE, NOBODY, STRAIGHT, awaited_sides, match_called
from festival.schedule.models import ActState, Session

Namer = Callable[[int, str], str]
NOT_KNOWN = MatchSides(None, None, frozenset())


@dataclass(frozen=True, slots=True)
class ToldMatch:
    """A match as it is told. `drawn`: there is a bracket, and `told`: everybody may read it;
    `off`: nobody has to play it; `words`: who meets whom, as far as that is known.
    """

    match: LaterMatch
    sides: MatchSides
    drawn: bool
    told: bool
    off: bool
    words: Sentence


def third_played(contest: Contest) -> bool:
    """Whether the third place of a knock-out is played for."""
    said = contest.bracket or {}
    return said["third"] == ThirdPlace.PLAYED if said else not third_is_shared(contest.shared_from)


def own_matches(festival_id: int) -> Select[LaterMatch]:
    """All of a festival with their contests, the earliest round of each contest first, the final last."""
    return (
        select(LaterMatch)
        .join(LaterMatch.contest)
        .where(Contest.festival_id == festival_id)
        .options(contains_eager(LaterMatch.contest))
        .order_by(Contest.position, Contest.id, LaterMatch.to_final.desc(), LaterMatch.number)
        .execution_options(populate_existing=True)
    )


def later_matches(festival_id: int) -> list[LaterMatch]:
    """Placed or not; the match for the third place before the final."""
    found = list(db.session.scalars(own_matches(festival_id)))
    return sorted(found, key=lambda each: (each.contest.position, each.contest_id, -each.to_final, _last(each)))


def _last(match: LaterMatch) -> int:
    return match.number if match.to_final else -match.number


def matches_in(session_ids: Collection[int]) -> list[LaterMatch]:
    """The matches that stand in these sessions, in order of time."""
    wanted = select(LaterMatch).join(LaterMatch.contest).options(contains_eager(LaterMatch.contest))
    return list(db.session.scalars(wanted.where(LaterMatch.session_id.in_(session_ids)).order_by(LaterMatch.starts_at)))


def placed_matches_of(festival_id: int) -> list[LaterMatch]:
    """Those that have their time, with their sessions and stages; one statement."""
    placed = own_matches(festival_id).join(LaterMatch.session).join(Session.stage)
    there = contains_eager(LaterMatch.session).contains_eager(Session.stage)
    return list(db.session.scalars(placed.options(there)))


def held_matches(festival_id: int) -> set[str]:
    """Those that keep their place, by their own lock or that of their session, or because they have been played."""
    return {
        each.code
        for each in later_matches(festival_id)
        if each.session is not None and (each.locked or each.session.locked or each.state in BEGUN)
    }


def on_this_stage(stage_id: int, besides: int = 0) -> LaterMatch | None:
    """The match that is being played there."""
    wanted = select(LaterMatch).join(Session, Session.id == LaterMatch.session_id)
    return db.session.scalars(
        wanted.where(Session.stage_id == stage_id, LaterMatch.state == ActState.ON_STAGE, LaterMatch.id != besides)
    ).first()


def told_matches(
    matches: Sequence[LaterMatch], called: Namer | None = None, *, public: bool = False
) -> list[ToldMatch]:
    """As they are told; `called`: how an entry is called for this reader. The `public` hears of who goes on when it may."""
    known = known_brackets({each.contest_id for each in matches})
    return [
        _told(each, known.get(each.contest_id), called or (lambda _id, name: name), public=public) for each in matches
    ]


def _told(match: LaterMatch, bracket: KnownBracket | None, called: Namer, *, public: bool) -> ToldMatch:
    if bracket is None:
        return ToldMatch(match, NOT_KNOWN, drawn=False, told=False, off=False, words=_words(match, NOT_KNOWN, {}))
    sides = bracket.matches.get(match.at)
    if sides is None:
        words = NO_MORE.filled(match=match_called(match.at))
        return ToldMatch(match, NOT_KNOWN, drawn=True, told=bracket.told, off=True, words=words)
    names = {each: called(each, bracket.names.get(each, "")) for each in sides.known}
    shown = NOT_KNOWN if public and not bracket.told else sides
    return ToldMatch(match, sides, drawn=True, told=bracket.told, off=sides.empty, words=_words(match, shown, names))


def _words(match: LaterMatch, sides: MatchSides, names: dict[int, str]) -> Sentence:
    name = match_called(match.at)
    if sides.empty:
        going = next(iter(sides.known), None)
        return NOBODY.filled(match=name) if going is None else STRAIGHT.filled(match=name, name=names[going])
    one, other = awaited_sides(match.at)
    return MEET.filled(
        match=name,
        a=names[sides.a] if sides.a else one,
        b=names[sides.b] if sides.b else other,
    )


def matches_of_sessions(sessions: Iterable[Session]) -> dict[int, list[ToldMatch]]:
    """By session; nothing is read where none is of a knock-out."""
    ids = [row.id for row in sessions if row.contest.result_kind is ResultKind.MATCH]
    return by_session(told_matches(matches_in(ids))) if ids else {}


def by_session(told: Iterable[ToldMatch]) -> dict[int, list[ToldMatch]]:
    """Those of these that have their time, in order of time."""
    found: dict[int, list[ToldMatch]] = defaultdict(list)
    for each in told:
        if each.match.session_id is not None:
            found[each.match.session_id].append(each)
    return {session: sorted(several, key=lambda each: each.match.begins) for session, several in found.items()}


def playing_of(matches: Iterable[ToldMatch]) -> list[ToldMatch]:
    """Those somebody has to play."""
    return [each for each in matches if not each.off]
