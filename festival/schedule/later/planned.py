"""What are the matches of later rounds to the planner and the checker: acts that begin when those before them are over.

Who is known to play binds like every other act; who can still come to it is only warned of (`possible`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from festival.contests.models import Contest, ResultKind
from festival.core.clock import local
from festival.schedule.later.naming import FINAL_PLACE, THIRD_PLACE, feeders, match_called
from festival.schedule.later.possible import MayMeet, all_of
from festival.schedule.later.reading import ToldMatch, later_matches, playing_of, told_matches
from festival.schedule.rules.planned import Placed, PlannedAct, PlannedSession
from festival.schedule.rules.wished import Wishes


@dataclass(frozen=True, slots=True)
class LaterRounds:
    """The acts they are; `may`: by act, who can come to it; `before`: what must be over when it begins; `told`: all matches,
    also those nobody has to play.
    """

    acts: tuple[PlannedAct, ...] = ()
    may: Mapping[str, MayMeet] = field(default_factory=dict)
    before: tuple[tuple[str, str], ...] = ()
    told: tuple[ToldMatch, ...] = ()

    @property
    def entries_of(self) -> dict[str, tuple[int, ...]]:
        """No act of the first round stands for it."""
        return {act.code: () for act in self.acts}

    def kept_by(self, wishes: Wishes) -> Wishes:
        return replace(wishes, before=(*wishes.before, *self.before)) if self.before else wishes


def later_rounds_of(
    festival_id: int,
    contests: Mapping[int, Contest],
    entries_of: Mapping[str, tuple[int, ...]],
    acts: Sequence[PlannedAct],
    who: Mapping[int, MayMeet],
) -> LaterRounds:
    """Of these contests; nothing is read where none is a knock-out. `who`: by entry that takes part, its families and people."""
    if all(each.result_kind is not ResultKind.MATCH for each in contests.values()):
        return LaterRounds()
    every = tuple(told_matches([each for each in later_matches(festival_id) if each.contest_id in contests]))
    told = playing_of(every)
    if not told:
        return LaterRounds(told=every)
    of_contest: dict[str, list[str]] = defaultdict(list)
    for act in acts:
        of_contest[act.contest].append(act.code)
    first = {code: frozenset(ids) for code, ids in entries_of.items()}
    can = {each.match.code: _can(each, of_contest[each.match.contest.code], first) for each in told}
    return LaterRounds(
        tuple(_act(each, who) for each in told),
        {each.match.code: all_of(can[each.match.code] - set(each.sides.known), who) for each in told},
        tuple(_before(told, of_contest, first, can)),
        every,
    )


def _can(each: ToldMatch, acts: Iterable[str], first: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """Without a bracket anybody of the contest."""
    return each.sides.may if each.drawn else frozenset(entry for code in acts for entry in first[code])


def _act(each: ToldMatch, who: Mapping[int, MayMeet]) -> PlannedAct:
    match, sure = each.match, all_of(each.sides.known, who)
    return PlannedAct(
        code=match.code,
        title=f"{match.contest.name}, {match_called(match.at)}",
        contest=match.contest.code,
        duration_min=match.duration_min,
        changeover_min=match.contest.changeover_min,
        families=sure.families,
        persons=sure.persons,
    )


def _before(
    told: Sequence[ToldMatch],
    of_contest: Mapping[str, Sequence[str]],
    first: Mapping[str, frozenset[int]],
    can: Mapping[str, frozenset[int]],
) -> Iterable[tuple[str, str]]:
    """A match begins when those out of which it comes are over; of the first round, the acts of whoever may come to it."""
    have = {(each.match.contest_id, each.match.at): each.match.code for each in told}
    for each in told:
        code, keys = each.match.code, [(each.match.contest_id, at) for at in feeders(each.match.at)]
        later = [have[key] for key in keys if key in have]
        third = have.get((each.match.contest_id, THIRD_PLACE))
        if third is not None and each.match.at == FINAL_PLACE:
            yield third, code
        if later:
            yield from ((one, code) for one in later)
        else:
            yield from ((one, code) for one in of_contest[each.match.contest.code] if first[one] & can[code])


def placed_matches(
    acts: Sequence[PlannedAct], sessions: Mapping[str, PlannedSession], told: Iterable[ToldMatch]
) -> list[Placed]:
    """Those of these matches that have their time, as they stand by now."""
    act_of = {act.code: act for act in acts}
    found = [each.match for each in playing_of(told) if str(each.match.session_id) in sessions]
    return [
        Placed(act_of[each.code], sessions[str(each.session_id)], local(each.begins))
        for each in sorted(found, key=lambda each: each.begins)
    ]
