"""In what do a family's turns differ from those it was told last? Pure.

A turn is [entry, start (ISO), contest, stage, number], as it is kept with the message. What went away and came back, or was
moved twice and stands as before, is no change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

SaidTurn = Sequence[Any]
TurnsSaid = Mapping[str, Sequence[SaidTurn]]


def turn_changes(before: Sequence[SaidTurn], after: Sequence[SaidTurn]) -> list[dict[str, Any]]:
    """What became otherwise, in order of the new times; what was taken out comes last."""
    old = {turn[0]: turn for turn in before}
    new = {turn[0]: turn for turn in after}
    found = []
    for entry, turn in sorted(new.items(), key=lambda each: (_at(each[1]), each[0])):
        was = old.get(entry)
        if was is None:
            found.append(_said("added", turn, turn))
        elif (_at(was), was[3], was[4]) != (_at(turn), turn[3], turn[4]):
            found.append(_said("moved", turn, was))
    gone = (turn for entry, turn in old.items() if entry not in new)
    return [*found, *(_said("removed", turn, turn) for turn in sorted(gone, key=_at))]


def family_changes(before: TurnsSaid, after: TurnsSaid) -> dict[str, list[dict[str, Any]]]:
    """By the code of the family, those of whom something changed; who is not there any more has lost all its turns."""
    codes = [*after, *(code for code in before if code not in after)]
    changed = {code: turn_changes(before.get(code, ()), after.get(code, ())) for code in codes}
    return {code: several for code, several in changed.items() if several}


def _at(turn: SaidTurn) -> datetime:
    return datetime.fromisoformat(turn[1])


def _said(kind: str, turn: SaidTurn, was: SaidTurn) -> dict[str, Any]:
    later_min = int((_at(turn) - _at(was)).total_seconds()) // 60
    return {
        "kind": kind,
        "at": turn[1],
        "contest": turn[2],
        "stage": turn[3],
        "number": turn[4],
        "old_at": was[1],
        "old_stage": was[3],
        "later_min": later_min,
    }
