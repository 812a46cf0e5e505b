"""What are the matches of later rounds to the planner and the checker: acts that begin when those before them are over.

Who is known to play binds like every other act; who can still come to it is only warned of (`possible`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from festival.contests.models import Contest, ResultKind
from festival.core.clock import local
from festival.core.database import db
from festival.roster.models import Entry, EntryPerson, Person
from festival.schedule.later.naming import FINAL_PLACE, THIRD_PLACE, feeders, match_called
from festival.schedule.later.possible import MayMeet
from festival.schedule.later.reading import ToldMatch, later_matches, matches_in, playing_of, told_matches
from festival.schedule.rules.planned import Placed, PlannedAct, PlannedSession
from festival.schedule.rules.wished import Wishes


@dataclass(frozen=True, slots=True)
class LaterRounds:
    """The acts they are; `may`: by act, who can come to it; `before`: what must be over when it begins."""

    acts: tuple[PlannedAct, ...] = ()
    may: Mapping[str, MayMeet] = field(default_factory=dict)
    before: tuple[tuple[str, str], ...] = ()

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
) -> LaterRounds:
    """Of these contests; nothing is read where none is a knock-out."""
    if all(each.result_kind is not ResultKind.MATCH for each in contests.values()):
        return LaterRounds()
    told = playing_of(each for each in told_matches(later_matches(festival_id)) if each.match.contest_id in contests)
    if not told:
        return LaterRounds()
    of_contest: dict[str, list[str]] = defaultdict(list)
    for act in acts:
        of_contest[act.contest].append(act.code)
    first = {code: frozenset(ids) for code, ids in entries_of.items()}
    can = {each.match.code: _can(each, of_contest[each.match.contest.code], first) for each in told}
    who = _who({entry for several in can.values() for entry in several})
    return LaterRounds(
        tuple(_act(each, who) for each in told),
        {each.match.code: _may(can[each.match.code] - set(each.sides.known), who) for each in told},
        tuple(_before(told, of_contest, first, can)),
    )


def _can(each: ToldMatch, acts: Iterable[str], first: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """Without a bracket anybody of the contest."""
    return each.sides.may if each.drawn else frozenset(entry for code in acts for entry in first[code])


def _act(each: ToldMatch, who: Mapping[int, tuple[frozenset[int], frozenset[int]]]) -> PlannedAct:
    match, sure = each.match, _may(each.sides.known, who)
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


def _who(entries: Collection[int]) -> Mapping[int, tuple[frozenset[int], frozenset[int]]]:
    """By entry: its families and its people."""
    families: dict[int, set[int]] = defaultdict(set)
    persons: dict[int, set[int]] = defaultdict(set)
    for row in db.session.execute(
        select(Entry.id, Entry.family_id, EntryPerson.person_id, Person.family_id.label("member_of"))
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .outerjoin(Person, Person.id == EntryPerson.person_id)
        .where(Entry.id.in_(entries))
    ):
        families[row.id] |= {each for each in (row.family_id, row.member_of) if each is not None}
        persons[row.id] |= {row.person_id} - {None}
    return {entry: (frozenset(families[entry]), frozenset(persons[entry])) for entry in families}


def _may(entries: Iterable[int], who: Mapping[int, tuple[frozenset[int], frozenset[int]]]) -> MayMeet:
    families: set[Hashable] = set()
    persons: set[Hashable] = set()
    for entry in entries:
        own = who.get(entry, (frozenset(), frozenset()))
        families |= own[0]
        persons |= own[1]
    return MayMeet(frozenset(families), frozenset(persons))


def placed_matches(
    acts: Sequence[PlannedAct], sessions: Mapping[str, PlannedSession], matches: Collection[str]
) -> list[Placed]:
    """Those of these matches that have their time, read anew."""
    if not matches:
        return []
    act_of = {act.code: act for act in acts if act.code in matches}
    found = matches_in([int(code) for code in sessions])
    return [
        Placed(act_of[each.code], sessions[str(each.session_id)], local(each.starts_at))
        for each in found
        if each.starts_at is not None and each.code in act_of
    ]
