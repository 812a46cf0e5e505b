"""How does a contest from elsewhere come to stand in an edition's document? Pure.

A template knows nothing of the edition: its code may be taken, and what it brings to the whole delegation may not add up
with the others. Here it gets a code of its own and exactly the one conversion that the whole needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import count
from typing import Any

from festival.setup.pieces import Document, Piece

CONVERSIONS = ("place_points", "points_scale", "points_per_answer")
PLACES = 10  # points are given to so many places where neither delegations nor other contests say how many


def fitted(piece: Mapping[str, Any], document: Mapping[str, Any]) -> Piece:
    """The piece with a code no contest of the document has, and with what the whole delegation needs of it."""
    changed = adding_up(piece, document)
    contests = document.get("contests", [])
    changed["code"] = _free(str(changed["code"]), (each.get("code") for each in contests))
    part = changed.get("part")
    if part is not None:
        names = {each["part"]["code"]: each["part"]["name"] for each in contests if each.get("part")}
        if names.get(part["code"], part["name"]) != part["name"]:
            part["code"] = _free(part["code"], names)
    return changed


def adding_up(piece: Mapping[str, Any], document: Mapping[str, Any]) -> Piece:
    """The piece with the one conversion that the sum of the whole delegation takes from it; the rest stays."""
    changed = deepcopy(dict(piece))
    sums = [each for each in document.get("contests", []) if each.get("of")]
    if changed.get("of") or any(of.get("contest") == changed.get("code") for each in sums for of in each["of"]):
        return changed  # what a sum of contests takes is said by the sum
    whole = document.get("whole_delegation")
    keep = _conversion(changed, document, whole["sum"]) if whole else None
    for key in CONVERSIONS:
        if key != keep:
            changed.pop(key, None)
    if keep == "place_points":
        changed[keep] = _place_points(changed, document)
    return changed


def _conversion(piece: Mapping[str, Any], document: Mapping[str, Any], summed: str) -> str | None:
    """Which of CONVERSIONS goes into the sum; None for a panel whose points are added as they are."""
    if summed == "medals":
        return None  # prizes are counted, no points
    if summed == "place_points":
        return "place_points"
    if piece.get("questions"):
        return None  # their points are added as they are
    of_its_own = next((key for key in CONVERSIONS[1:] if piece.get(key)), None)
    if of_its_own or piece.get("kind") != "rubric":
        return of_its_own or "place_points"
    panels = [each for each in document.get("contests", []) if each.get("kind") == "rubric"]
    return "place_points" if any(each.get("place_points") for each in panels) else None


def _place_points(piece: Mapping[str, Any], document: Mapping[str, Any]) -> list[Any]:
    """As the other contests have them, so that no contest weighs more than another; else one for each delegation."""
    code = piece.get("code")
    for each in document.get("contests", []):
        if each.get("place_points") and each.get("code") != code:
            return list(each["place_points"])
    expected = len(document.get("delegations") or ())
    if expected > 1:
        return list(range(expected, 0, -1))
    return list(piece.get("place_points") or range(PLACES, 0, -1))


def _free(code: str, taken: Iterable[object]) -> str:
    held = set(taken)
    if code not in held:
        return code
    return next(f"{code}-{number}" for number in count(2) if f"{code}-{number}" not in held)


def with_whole(
    document: Mapping[str, Any],
    parts: Mapping[str, Any],
    contests: Sequence[Mapping[str, Any]],
    sources: Iterable[Mapping[str, Any]],
) -> Document:
    """The document with these contests at its end, and with the quotas, whole delegation and special prizes of `parts`.

    What the document says already stays: of the parts only what is missing is added. What speaks of a contest by its code
    follows it to the code it gets here; contests that stood before are made to add up where the sum is new. A source that
    the document names already is not named twice.
    """
    changed = deepcopy(dict(document))
    if quotas := {**parts.get("quotas", {}), **changed.get("quotas", {})}:
        changed["quotas"] = quotas
    whole = deepcopy(parts.get("whole_delegation")) if not changed.get("whole_delegation") else None
    if whole:
        changed["whole_delegation"] = whole
        changed["contests"] = [adding_up(each, changed) for each in changed.get("contests", [])]
    stood, codes = changed.setdefault("contests", []), {}
    for piece in contests:
        stood.append(fitted(piece, changed))
        codes[piece["code"]] = stood[-1]["code"]
    for each in (
        of for piece in stood[len(stood) - len(contests) :] for of in (*piece.get("of", ()), *piece.get("ties", ()))
    ):
        if each.get("contest"):
            each["contest"] = codes.get(each["contest"], each["contest"])
    held = changed.get("special_prizes", [])
    names = {each["name"] for each in held}
    prizes = [dict(each) for each in parts.get("special_prizes", ()) if each["name"] not in names]
    for speaking in (*prizes, *(whole["ties"] if whole else ())):
        if speaking.get("contest"):
            speaking["contest"] = codes.get(speaking["contest"], speaking["contest"])
    if held or prizes:
        changed["special_prizes"] = [*held, *prizes]
    named = changed.setdefault("sources", [])
    named.extend(dict(each) for each in sources if each not in named)
    return changed
