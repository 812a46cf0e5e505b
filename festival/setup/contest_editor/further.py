"""How does the page of a contest say the rules for which it has no field of their own? Pure.

As the rule file writes them, in one field: a rule that one edition in twenty states need not stand before everybody, and none
may be lost because somebody opened the page. Keys of the contest stand as they are, those inside `scoring` and of a
criterion (by its code) or a prize (by its name) inside theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from festival.core.text import line
from festival.editions.rules.document import BrokenRuleset, parse
from festival.setup.pieces import Piece

FURTHER = "more"  # the field; no key of a rule file is called so
# The keys that have fields of their own.
OWN: Mapping[str, frozenset[str]] = {
    "contest": frozenset({
        "name", "code", "kind", "secrecy", "better", "unit_label", "entry", "part", "entries_per_delegation", "performers",
        "duration_min", "changeover_min", "together_min", "judges", "total", "attempts", "attempts_count", "best_possible",
        "points_per_answer", "shared_from", "overtime", "undertime", "deductions", "scoring", "criteria", "ties", "points_scale",
        "place_points", "prizes", "published", "corrections", "comments", "paper", "confirming", "marked_by_both", "bracket", "counters",
        "counters_apart", "counters_take", "of", "sum", "composition",
    }),
    "scoring": frozenset({
        "rule", "delta", "delta_percent", "strict", "passes", "smallest_panel", "below", "all_dropped", "round", "rounding",
        "drop_high", "drop_low",
    }),
    "criterion": frozenset({"name", "code", "min", "max", "step", "weight", "descriptors"}),
    "prize": frozenset({"name", "count"}),
}  # fmt: skip
# Lists whose rows may say more: the shape of a row, and the key by which one is named.
LISTS = {"criteria": ("criterion", "code"), "prizes": ("prize", "name")}


def rest_of(piece: Mapping[str, Any]) -> str:
    """What a contest says beyond the fields, as the text of the field."""
    rest: dict[str, Any] = _beyond("contest", piece)
    if scoring := _beyond("scoring", piece.get("scoring") or {}):
        rest["scoring"] = scoring
    for key, (shape, name) in LISTS.items():
        inside = {str(each.get(name)): own for each in piece.get(key) or () if (own := _beyond(shape, each))}
        rest |= {key: inside} if inside else {}
    return line(json.dumps(rest, ensure_ascii=False, default=float)) if rest else ""


def _beyond(shape: str, stated: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in stated.items() if key not in OWN[shape]}


def with_rest(piece: Piece, text: str) -> None:
    """Put what the field says into the piece; what cannot be read goes there as it was typed, for the reader to refuse."""
    if not text:
        return
    try:
        rest: Any = parse(text)
    except BrokenRuleset:
        rest = None
    if not isinstance(rest, dict):
        piece[FURTHER] = text
        return
    scoring, lists = rest.pop("scoring", None), {key: rest.pop(key, None) for key in LISTS}
    if isinstance(scoring, dict):
        piece["scoring"] = {**(piece.get("scoring") or {}), **scoring}
    for key, stated in lists.items():
        for each in piece.get(key) or () if isinstance(stated, dict) else ():
            more = stated.get(each.get(LISTS[key][1]))
            each.update(more if isinstance(more, dict) else {})
    # a key that has its own field is said there, and twice is refused
    twice = rest.keys() & OWN["contest"]
    if twice:
        piece[FURTHER] = text
    piece.update({key: value for key, value in rest.items() if key not in twice})
