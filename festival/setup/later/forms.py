"""What is typed on the settings pages of an edition, as pieces of its rule document, and back.

Rows are numbered fields (`prize-0-name`); an empty row is no row. A number typed goes in as it is: the reader of rule files
says what is wrong with it, beside its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from festival.setup.pieces import Piece

MOST_ROWS = 60
SPARE = 2
REST = ("còn lại", "rest")
BOUNDS = ("from", "share_percent")


def prizes_shown(whole: Mapping[str, Any] | None, special: Sequence[Mapping[str, Any]] | None) -> MultiDict[str, str]:
    """The pieces as fields."""
    typed: MultiDict[str, str] = MultiDict({"sum": whole["sum"] if whole else ""})
    steps = [_step_key(each) for each in (whole or {}).get("ties", []) if each.get("by") != "jury"]
    for at, key in enumerate(steps):
        typed[f"tie-{at}"] = key
    typed.update(_counting_shown(whole or {}))
    for at, each in enumerate((whole or {}).get("prizes", [])):
        typed[f"prize-{at}-name"] = each.get("name", "")
        typed[f"prize-{at}-count"] = REST[0] if each.get("count") == "rest" else _plain(each.get("count", ""))
        typed.update({f"prize-{at}-{key}": written(each[key]) for key in BOUNDS if each.get(key) is not None})
    for at, each in enumerate(special or []):
        typed[f"special-{at}-name"] = each.get("name", "")
        typed[f"special-{at}-contest"] = each.get("contest") or ""
        typed[f"special-{at}-by"] = ":".join(str(each[key]) for key in ("by", "criterion") if each.get(key))
    return typed


def _step_key(step: Mapping[str, Any]) -> str:
    return f"contest:{step['contest']}" if step.get("by") == "contest" else str(step.get("by", ""))


def whole_typed(typed: Mapping[str, str]) -> tuple[Piece | None, list[str]]:
    """How delegations are ranked, None when they are not; and the prefix of each prize's row, in their order."""
    rows = list(_rows(typed, "prize"))
    if not typed.get("sum"):
        return None, rows
    ties = [_step(typed[name]) for name in _numbered(typed, "tie-") if typed[name]]
    prizes = [_prize(typed, row) for row in rows]
    return {"sum": typed["sum"], "ties": ties, "prizes": prizes, **_counting_typed(typed)}, rows


def _prize(typed: Mapping[str, str], row: str) -> Piece:
    """A prize of a level or a share may be without a number of its own."""
    bounds = {key: _number(said) for key in BOUNDS if (said := _text(typed, f"{row}-{key}"))}
    count = typed.get(f"{row}-count", "")
    stated = {"count": _count(count)} if count.strip() or not bounds else {}
    return {"name": _text(typed, f"{row}-name"), **stated, **bounds}


COUNTED = ("best", "best_of_contest")
STATED = ("missing", "withdrawn", "disqualified")
CHOSEN = ("credit", "scaled_by")
LAST = ("hạng cuối", "last")


def _counting_shown(whole: Mapping[str, Any]) -> dict[str, str]:
    """Which results count, and what is worth one that is not there."""
    typed = {"medals": ", ".join(whole.get("medals") or ())}
    for key in ("scaled_to", *COUNTED, *STATED):
        value = whole.get(key)
        typed[key] = "" if value is None else LAST[0] if value == LAST[1] else written(value)
    typed["points_need_scan"] = "y" if whole.get("points_need_scan") else ""
    return typed | {key: whole.get(key) or "" for key in CHOSEN}


def written(number: object) -> str:
    """A number of a rule file as people write it: 0.5 is 0,5."""
    return str(number).removesuffix(".0").replace(".", ",")


def _counting_typed(typed: Mapping[str, str]) -> Piece:
    """Only what is filled in. A number goes in as it is typed: the reader of rule files says what is wrong with it."""
    found: Piece = {}
    if names := [name for each in typed.get("medals", "").split(",") if (name := " ".join(each.split()))]:
        found["medals"] = names
    for key in ("scaled_to", *COUNTED, *STATED):
        said = _text(typed, key)
        if said:
            found[key] = LAST[1] if key in STATED and said.lower() in LAST else _number(said)
    if typed.get("points_need_scan"):
        found["points_need_scan"] = True
    return found | {key: typed[key] for key in CHOSEN if typed.get(key)}


def _number(said: str) -> int | Decimal | str:
    """A number as people write it, 12 or 0,5, below zero with its sign; else the text."""
    plain = said.replace("−", "-").replace(",", ".")
    if not re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", plain, re.ASCII):
        return said
    return Decimal(plain) if "." in plain else int(plain)


def special_typed(typed: Mapping[str, str]) -> tuple[list[Piece], list[str]]:
    """The prizes outside the ranking, and the prefix of each one's row."""
    rows = list(_rows(typed, "special"))
    found: list[Piece] = []
    for row in rows:
        by, _colon, criterion = typed.get(f"{row}-by", "").partition(":")
        stated = {"contest": typed.get(f"{row}-contest", ""), "by": by, "criterion": criterion}
        found.append({"name": _text(typed, f"{row}-name")} | {key: value for key, value in stated.items() if value})
    return found, rows


def about_shown(
    about: str | None, invented: Sequence[str] | None, sources: Sequence[Mapping[str, Any]] | None
) -> MultiDict[str, str]:
    """The notes on an edition as fields."""
    typed: MultiDict[str, str] = MultiDict({"about": about or "", "invented": "\n".join(invented or [])})
    for at, each in enumerate(sources or []):
        for key in ("url", "what", "date"):
            typed[f"source-{at}-{key}"] = each.get(key) or ""
    return typed


def about_typed(typed: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The three pieces by their key, and the prefix of each source's row."""
    rows = list(_rows(typed, "source"))
    sources = [
        {key: value for key in ("url", "what", "date") if (value := _text(typed, f"{row}-{key}"))} for row in rows
    ]
    invented = [" ".join(each.split()) for each in typed.get("invented", "").splitlines() if each.strip()]
    return {"about": _text(typed, "about"), "invented": invented, "sources": sources}, rows


def rows_shown(typed: Mapping[str, str], name: str) -> range:
    """Which rows a page draws: those that are filled, and a few empty ones."""
    last = max((int(row.rsplit("-", 1)[1]) for row in _rows(typed, name)), default=-1)
    return range(min(last + 1 + SPARE, MOST_ROWS))


def ties_shown(typed: Mapping[str, str]) -> range:
    """How many rungs a page draws: those that are chosen, and two more."""
    return range(min(len([name for name in _numbered(typed, "tie-") if typed[name]]) + 2, 12))


def _numbered(typed: Mapping[str, str], prefix: str) -> list[str]:
    return [f"{prefix}{at}" for at in range(MOST_ROWS) if f"{prefix}{at}" in typed]


def _rows(typed: Mapping[str, str], name: str) -> Iterator[str]:
    """The prefixes of rows in which something is typed."""
    for at in range(MOST_ROWS):
        prefix = f"{name}-{at}"
        words = (
            ("name", "count", *BOUNDS)
            if name == "prize"
            else ("name",)
            if name == "special"
            else ("url", "what", "date")
        )
        if any(_text(typed, f"{prefix}-{each}") for each in words):
            yield prefix


def _text(typed: Mapping[str, str], name: str) -> str:
    return " ".join(typed.get(name, "").split())


def _step(key: str) -> Piece:
    by, _, contest = key.partition(":")
    return {"by": by, "contest": contest} if contest else {"by": by}


def _count(said: str) -> int | str:
    said = " ".join(said.lower().split())
    if said in REST:
        return "rest"
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else said


def _plain(count: object) -> str:
    return str(int(count)) if isinstance(count, int | float) else str(count)
