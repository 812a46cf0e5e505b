"""Which entries come on together as one act: the two of a match, those of a heat, everybody else alone?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from festival.contests.models import Contest, ResultKind
from festival.roster.models import Entry
from festival.schedule.heats.reading import in_heats
from festival.schedule.heats.rule import Lane
from festival.schedule.later.brackets import KnownBracket, known_brackets
from festival.schedule.later.possible import MayMeet, all_of
from festival.schedule.rules.planned import PlannedAct


def brackets_of(those: Iterable[Contest]) -> Mapping[int, KnownBracket]:
    """By contest, of those that are a knock-out and have been drawn; nothing is read where none is one."""
    return known_brackets([each.id for each in those if each.result_kind is ResultKind.MATCH])


def together(
    contest: Contest,
    entries: Sequence[Entry],
    bracket: KnownBracket | None = None,
    lanes: Mapping[int, Lane] = MappingProxyType({}),
) -> Iterable[tuple[Entry, ...]]:
    """One entry an act; by lanes a heat; in a knock-out those meet whom the bracket pairs, and before it is drawn the neighbours
    of the drawn numbers; whoever is left alone has no opponent.
    """
    if lanes:
        return in_heats(entries, lanes)
    if contest.result_kind is not ResultKind.MATCH:
        return [(entry,) for entry in entries]
    drawn = {} if bracket is None else bracket.first_round
    pairs: dict[tuple[bool, int], tuple[Entry, ...]] = {}
    for at, entry in enumerate(entries):
        if bracket is not None:
            pair = (False, drawn.get(entry.id, -entry.id))
        else:
            pair = (True, at // 2) if entry.number is None else (False, (entry.number - 1) // 2)
        pairs[pair] = (*pairs.get(pair, ()), entry)
    return [pair for pair in pairs.values() if len(pair) == 2 or len(pairs) == 1]


def group_act(
    contest: Contest,
    group: tuple[Entry, ...],
    who: Mapping[int, MayMeet],
    own_minutes: Mapping[int, int],
    at: Lane | None,
) -> PlannedAct:
    """As the planner has it; `at`: where the first of a heat runs."""
    own = all_of((entry.id for entry in group), who)
    return PlannedAct(
        code="+".join(entry.code for entry in group),
        title=" – ".join(entry.name for entry in group)
        if at is None
        else f"{at.heat_words}: {', '.join(entry.name for entry in group)}",
        contest=contest.code,
        duration_min=max(own_minutes.get(entry.id, contest.duration_min) for entry in group),
        changeover_min=contest.changeover_min,
        number=group[0].number if at is None or group[0].number is None else at.first,
        families=own.families,
        persons=own.persons,
    )
