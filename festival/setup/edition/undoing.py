"""What goes with a contest that is taken out, and how does it all come back? Pure."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from festival.setup.pieces import Document, contest, with_contest, with_part


def taken_out(document: Document, code: str) -> dict[str, Any] | None:
    """All that `without_contest` would drop: the contest, its place, its special prizes, its rungs of the whole's ladder."""
    piece = contest(document, code)
    if piece is None:
        return None
    codes = [each["code"] for each in document["contests"]]
    whole = document.get("whole_delegation") or {}
    return {
        "piece": piece,
        "at": codes.index(code),
        "prizes": [deepcopy(each) for each in document.get("special_prizes", []) if each.get("contest") == code],
        "rungs": [[at, tie] for at, tie in enumerate(whole.get("ties", [])) if tie.get("contest") == code],
    }


def put_back(document: Document, out: dict[str, Any]) -> Document:
    """The document with the contest where it stood; nothing changes when one of its code is there."""
    code = out["piece"]["code"]
    if contest(document, code) is not None:
        return document
    changed = with_contest(document, out["piece"])
    changed["contests"].insert(out["at"], changed["contests"].pop())
    if out["prizes"]:
        changed = with_part(changed, "special_prizes", [*changed.get("special_prizes", []), *out["prizes"]])
    whole = changed.get("whole_delegation")
    if whole:
        for at, tie in out["rungs"]:
            whole["ties"].insert(at, tie)
    return changed
