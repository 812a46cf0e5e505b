"""What goes with a contest that is taken out, and how does it all come back? Pure."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from festival.setup.edition.naming import free
from festival.setup.pieces import Document, contest, with_contest


def taken_out(document: Document, code: str) -> dict[str, Any] | None:
    """All that `without_contest` would drop: the contest, its special prizes, its rungs of the whole's ladder, each with its place."""
    piece = contest(document, code)
    if piece is None:
        return None
    codes = [each["code"] for each in document["contests"]]
    whole = document.get("whole_delegation") or {}
    return {
        "piece": piece,
        "at": codes.index(code),
        "prizes": _of(code, document.get("special_prizes", [])),
        "rungs": _of(code, whole.get("ties", [])),
    }


def put_back(document: Document, out: dict[str, Any]) -> Document:
    """The document with the contest where it stood, under another code when its own was given away meanwhile."""
    code = free(out["piece"]["code"], [each["code"] for each in document["contests"]])
    changed = with_contest(document, {**out["piece"], "code": code})
    changed["contests"].insert(out["at"], changed["contests"].pop())
    if out["prizes"]:
        prizes = changed.setdefault("special_prizes", [])
        for at, prize in out["prizes"]:
            prizes.insert(at, {**prize, "contest": code})
    whole = changed.get("whole_delegation")
    if whole:
        for at, tie in out["rungs"]:
            whole["ties"].insert(at, {**tie, "contest": code})
    return changed


def _of(code: str, entries: list[dict[str, Any]]) -> list[list[Any]]:
    return [[at, deepcopy(each)] for at, each in enumerate(entries) if each.get("contest") == code]
