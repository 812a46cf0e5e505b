"""How is a contest moved among the others, given another code, taken out and put back? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from festival.setup.pieces import Document, Piece, with_contest, with_order, with_part, without_contest


def codes(document: Mapping[str, Any]) -> list[str]:
    """The contests in their order."""
    return [each["code"] for each in document.get("contests", [])]


def moved(document: Mapping[str, Any], code: str, by: int) -> Document:
    """The document with the contest one place up (-1) or down (1); unchanged at the end of the way."""
    order = codes(document)
    at = order.index(code)
    to = at + by
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return with_order(document, order)


def replaced(document: Mapping[str, Any], piece: Piece, code: str) -> Document:
    """The document with the contest in the place of the one of this code; what speaks of that one speaks of it."""
    changed = with_contest(document, piece, replacing=code)
    for each in (*changed.get("special_prizes", ()), *(changed.get("whole_delegation") or {}).get("ties", ())):
        if each.get("contest") == code:
            each["contest"] = piece.get("code", "")
    return changed


def speaking_of(document: Mapping[str, Any], code: str) -> tuple[list[str], int]:
    """What goes with a contest: the names of its special prizes, and how many rungs of the ladder of the whole name it."""
    prizes = [each["name"] for each in document.get("special_prizes", ()) if each.get("contest") == code]
    ties = (document.get("whole_delegation") or {}).get("ties", ())
    return prizes, sum(each.get("contest") == code for each in ties)


def taken_out(document: Mapping[str, Any], code: str) -> Piece:
    """What is needed to put the contest back as it was."""
    at = codes(document).index(code)
    whole = document.get("whole_delegation") or {}
    kept: Piece = {
        "contest": document["contests"][at],
        "at": at,
        "special_prizes": [
            [place, each]
            for place, each in enumerate(document.get("special_prizes", ()))
            if each.get("contest") == code
        ],
        "ties": [[place, each] for place, each in enumerate(whole.get("ties", ())) if each.get("contest") == code],
    }
    return deepcopy(kept)


def put_back(document: Mapping[str, Any], kept: Mapping[str, Any]) -> Document:
    """The document with what `taken_out` kept of it, each thing in its place; what came meanwhile stays."""
    changed = without_contest(document, kept["contest"]["code"])
    changed["contests"].insert(kept["at"], deepcopy(kept["contest"]))
    prizes = list(changed.get("special_prizes", ()))
    for place, each in kept["special_prizes"]:
        prizes.insert(place, deepcopy(each))
    changed = with_part(changed, "special_prizes", prizes)
    if changed.get("whole_delegation"):
        for place, each in kept["ties"]:
            changed["whole_delegation"]["ties"].insert(place, deepcopy(each))
    return changed
