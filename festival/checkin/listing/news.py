"""What of the list does a phone not hold yet, and how much of it in one answer?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from festival.checkin.listing.held import batch, since
from festival.checkin.listing.made import GateList, gate_list
from festival.passes import queries

ONLY_MAX = 200  # passes named one by one; more go out as parts


@dataclass(frozen=True, slots=True)
class Asked:
    """With which cursor a phone asks; `form` 2: it takes the list in batches, and single passes."""

    stamp: str
    parts: str
    form: str


def news(festival_id: int, stamp: str, asked: Asked, *, readable: bool) -> dict[str, Any]:
    """What of the list a phone with another stamp does not hold yet."""
    held = gate_list(festival_id, stamp)
    part = _in_batches(held, asked, readable) if asked.form == "2" else _at_once(held, asked)
    shown = held.whole if readable or asked.form != "2" else held.sparse
    wanted = part.pop("wanted")
    told = part | {
        "passes": [[each, shown.sealed[each].text] for each in wanted if each in shown.sealed],
        "first_form": queries.first_form_left(festival_id),
    }
    if readable:
        told["roster"] = [{"pass": each, **held.cards[each].record} for each in wanted if each in held.cards]
    return told


def _at_once(held: GateList, asked: Asked) -> dict[str, Any]:
    """As phones of releases up to 0.8 understand it: the parts that differ, or all."""
    shown = held.whole
    within = shown.differing(asked.parts)
    wanted = [each for each in held.cards if within is None or each[: shown.depth] in within]
    replaced = [gone for gone in held.replaced if within is None or gone[: shown.depth] in within]
    return {"parts": shown.parts, "within": within, "wanted": wanted, "replaced": replaced}


def _in_batches(held: GateList, asked: Asked, readable: bool) -> dict[str, Any]:
    """The single passes that changed since a stamp this process remembers; else the next parts, and how many are left.

    The cursor says which parts a phone holds, so one that was interrupted goes on where it was.
    """
    shown = held.whole if readable else held.sparse
    changed = since(held.steps_whole if readable else held.steps_sparse, asked.stamp)
    if changed is not None and len(changed) <= ONLY_MAX:
        only = sorted(changed)
        return {
            "parts": shown.parts,
            "only": only,
            "wanted": only,
            "replaced": sorted(changed.intersection(held.replaced)),
        }
    marks = shown.known(asked.parts)
    missing = [start for start, mark in shown.part_marks.items() if marks[start] != mark]
    weights: Counter[str] = Counter()
    for each, record in shown.sealed.items():
        weights[each[: shown.depth]] += len(record.text)
    taken = batch(missing, weights)
    marks.update((start, shown.part_marks[start]) for start in taken)
    part: dict[str, Any] = {
        "parts": "".join(marks.values()),
        "within": taken,
        "wanted": [each for each in shown.sealed if each[: shown.depth] in taken],
        "replaced": [gone for gone in held.replaced if gone[: shown.depth] in taken],
    }
    if left := len(missing) - len(taken):
        part |= {"left": left, "of": len(marks)}
    return part
