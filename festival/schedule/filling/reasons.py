"""What cannot be, as values to keep: sums that do not fit, and the fewest wishes that contradict each other.

Kept are codes of acts and contests and numbers of wishes; whoever shows it finds the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from festival.schedule.filling.whole import Origin, ToSolve
from festival.schedule.solver.capacity import TooMuch
from festival.schedule.solver.shapes import AwaySpan, PlaceOfAct, WholeFestival
from festival.schedule.solver.whole.floors import Contradiction, Held

Stands = Callable[[WholeFestival], bool | None]  # whether every act has a place; None: not found out


def sums_kept(asked: ToSolve, found: TooMuch) -> dict[str, Any]:
    base = {part: act.contest for act in asked.loose for part in (asked.parts[act.code],)}
    base |= {asked.parts[each.act.code]: each.act.contest for each in asked.fixed}
    return {
        "kind": "panel" if found.panel else "sum",
        "needed": found.needed,
        "room": found.room,
        "contests": list(dict.fromkeys(base.get(part, part) for part in found.contests)),
        "acts": list(found.leave_out),
    }


def contradiction_kept(asked: ToSolve, wishes: Mapping[Origin, int], found: Contradiction) -> dict[str, Any]:
    return {"kind": "family", "acts": list(found.acts), "holds": _holds(asked, wishes, found.needed), "least": True}


def set_kept(
    asked: ToSolve, wishes: Mapping[Origin, int], unplaced: Iterable[str], needed: Iterable[Held], least: bool
) -> dict[str, Any]:
    return {"kind": "set", "acts": list(unplaced), "holds": _holds(asked, wishes, needed), "least": least}


def _holds(asked: ToSolve, wishes: Mapping[Origin, int], needed: Iterable[Held]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in needed:
        if isinstance(each, AwaySpan):
            origin = asked.origins.get(each)
            said: dict[str, Any] = {"stays": True} if origin is None else {"wish": wishes[origin]}
        elif isinstance(each, PlaceOfAct):
            said = {"bound" if any(act.code == each.act for act in asked.loose) else "locked": each.act}
        elif each == "longest":
            said = {"longest": asked.festival.longest_wait_min}
        else:
            said = {"order": True}
        if said not in found:
            found.append(said)
    return found


def groups_of(asked: ToSolve) -> list[tuple[Held, ...]]:
    """What can be given up, one wish at a time: all absences of one wish belong together."""
    by_origin: dict[object, list[Held]] = {}
    for span in asked.festival.away:
        if span in asked.origins:
            by_origin.setdefault(asked.origins[span], []).append(span)
    groups: list[tuple[Held, ...]] = [tuple(each) for each in by_origin.values()]
    groups += [(each,) for each in asked.festival.locked]
    if asked.festival.longest_wait_min is not None:
        groups.append(("longest",))
    if any(each.order_binds for each in asked.festival.contests):
        groups.append(("order",))
    return groups


def smallest(
    festival: WholeFestival, groups: Sequence[tuple[Held, ...]], stands: Stands
) -> tuple[tuple[Held, ...], bool]:
    """By taking away: what stays contradicts itself. True: each of it is needed, every step was proved.

    () when it is not proved that the wishes are to blame at all.
    """
    if stands(without(festival, groups)) is not True:
        return (), False
    kept, size, proved = list(groups), len(groups), True
    while size:
        at = 0
        while at < len(kept):
            answer = stands(without(festival, kept[at : at + size], already=[g for g in groups if g not in kept]))
            if answer is False:
                kept = kept[:at] + kept[at + size :]
            else:
                proved = proved and (answer is True or size > 1)
                at += size
        size //= 2
    return tuple(each for group in kept for each in group), proved


def without(
    festival: WholeFestival, out: Iterable[tuple[Held, ...]], already: Iterable[tuple[Held, ...]] = ()
) -> WholeFestival:
    """The same festival without these wishes."""
    gone = {each for group in (*out, *already) for each in group}
    return replace(
        festival,
        away=tuple(each for each in festival.away if each not in gone),
        locked=tuple(each for each in festival.locked if each not in gone),
        longest_wait_min=None if "longest" in gone else festival.longest_wait_min,
        contests=tuple(
            replace(each, order_binds=each.order_binds and "order" not in gone) for each in festival.contests
        ),
    )
