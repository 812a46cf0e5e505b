"""Who could have to be in two places at once, if they go on? Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from festival.core.sentence import N_
from festival.schedule.rules.planned import Clash, Placed, PlanConflict, day_clock

NAMED = 3


@dataclass(frozen=True, slots=True)
class MayMeet:
    """Families and people who can come to a match that is not decided yet; they are warned of, not bound."""

    families: frozenset[Hashable] = frozenset()
    persons: frozenset[Hashable] = frozenset()


def all_of(entries: Iterable[int], who: Mapping[int, MayMeet]) -> MayMeet:
    """The families and people of these entries together; `who`: by entry, only of those that take part."""
    own = [who[each] for each in entries if each in who]
    families = frozenset[Hashable]().union(*(each.families for each in own))
    return MayMeet(families, frozenset[Hashable]().union(*(each.persons for each in own)))


def possible_clashes(placed: Sequence[Placed], may: Mapping[str, MayMeet]) -> Iterable[PlanConflict]:
    """One sentence a match: it may fall on the hour of something else they are in."""
    for match in placed:
        who = may.get(match.act.code)
        if who is None:
            continue
        others = [each for each in placed if each.act.code not in may and _at_once(match, each) and _shared(who, each)]
        if others:
            yield PlanConflict(
                Clash.MAY_MEET,
                (match.act.code, *(each.act.code for each in others)),
                N_(
                    "«%(match)s» lúc %(time)s: có người có thể vào trận này mà lúc ấy đang ở %(others)s.",
                    match=match.act.title,
                    time=day_clock(match.starts_at),
                    others=", ".join(f"«{each.act.title}»" for each in others[:NAMED])
                    + (f" (+{len(others) - NAMED})" if len(others) > NAMED else ""),
                ),
            )


def _at_once(one: Placed, other: Placed) -> bool:
    return one.busy_from < other.ends_at and other.busy_from < one.ends_at


def _shared(who: MayMeet, other: Placed) -> bool:
    return bool(who.families & other.act.families or who.persons & other.act.persons)
