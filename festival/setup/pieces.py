"""Which piece of a rule document does a page show, and what is the document with that piece changed? Pure.

The document (docs/ruleset.md) is the one truth of an edition's rules; a page edits a piece of it and knows by its mark
whether somebody has changed the same piece meanwhile. A document is never changed in place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from hashlib import sha256
from typing import Any

from festival.editions.rules.shapes import SCHEMA

Document = dict[str, Any]
Piece = dict[str, Any]

# What a page may take as one piece, beside single contests.
KEYS = (
    "festival",
    "quotas",
    "delegations",
    "whole_delegation",
    "special_prizes",
    "sources",
    "about",
    "invented",
)


def blank(festival: Piece) -> Document:
    """The document of an edition of which only the first step is known."""
    return {"schema": SCHEMA, "sources": [], "festival": deepcopy(festival), "contests": []}


def mark(piece: object) -> str:
    """What tells one state of a piece from another: it travels with the form and comes back with what was typed."""
    written = json.dumps(piece, ensure_ascii=False, sort_keys=True, default=float)
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def part(document: Mapping[str, Any], key: str) -> Any:
    """One of KEYS; None when the document does not say it."""
    return deepcopy(document.get(key))


def with_part(document: Mapping[str, Any], key: str, piece: object) -> Document:
    """The document with this under the key; a piece of None or with nothing in it leaves the key out, where it may be."""
    changed = deepcopy(dict(document))
    if piece or key in ("festival", "sources"):
        changed[key] = deepcopy(piece)
    else:
        changed.pop(key, None)
    return changed


def contest(document: Mapping[str, Any], code: str) -> Piece | None:
    """The contest of this code; None when there is none."""
    return next((deepcopy(each) for each in document.get("contests", []) if each.get("code") == code), None)


def with_contest(document: Mapping[str, Any], piece: Piece, replacing: str | None = None) -> Document:
    """The document with this contest: in the place of the one it replaces, else at the end."""
    changed = deepcopy(dict(document))
    contests = changed.setdefault("contests", [])
    at = next((at for at, each in enumerate(contests) if replacing is not None and each.get("code") == replacing), None)
    if at is None:
        contests.append(deepcopy(piece))
    else:
        contests[at] = deepcopy(piece)
    return changed


def without_contest(document: Mapping[str, Any], code: str) -> Document:
    """The document without the contest and without what speaks of it: its special prizes, rungs of the ladder of the whole."""
    changed = deepcopy(dict(document))
    changed["contests"] = [each for each in changed.get("contests", []) if each.get("code") != code]
    if "special_prizes" in changed:
        kept = [each for each in changed["special_prizes"] if each.get("contest") != code]
        changed = with_part(changed, "special_prizes", kept)
    whole = changed.get("whole_delegation")
    if whole:
        whole["ties"] = [each for each in whole.get("ties", []) if each.get("contest") != code]
    return changed


def without_points(document: Document) -> Document:
    """What contests bring to the sum of a delegation, dropped: an edition that ranks no delegations has no use for it.

    A contest may not drop it while there is a sum, and the sum may not go while a contest has it: both go at once.
    """
    changed = deepcopy(document)
    for each in changed.get("contests", []):
        for key in ("place_points", "points_scale", "points_per_answer"):
            each.pop(key, None)
    return changed


def with_order(document: Mapping[str, Any], codes: list[str]) -> Document:
    """The document with its contests in this order; those that are not named follow as they stood."""
    changed = deepcopy(dict(document))
    place = {code: at for at, code in enumerate(codes)}
    changed["contests"] = sorted(changed.get("contests", []), key=lambda each: place.get(each.get("code"), len(codes)))
    return changed
