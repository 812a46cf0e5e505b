"""Which contest of the rule document does a page say, and what does the page show of one? Pure.

The way there and back changes nothing: what a document leaves to its default stays unsaid. Whether the piece is sound is for
the reader of rule files alone; a number nobody can read goes there as the text that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from festival.core.text import line
from festival.editions.rules.contest import ONLY_FOR
from festival.editions.rules.kinds import EntryKind, MarkedByBoth, PublishedRule
from festival.editions.rules.measured import AttemptsCount
from festival.editions.rules.scoring import USED_BY, Rounding, ScoringKind, Shortfall
from festival.editions.rules.sheets import CorrectionRule
from festival.editions.rules.ties import TIES_BY_KIND, TieStep
from festival.setup.contest_editor.further import FURTHER, rest_of, with_rest
from festival.setup.contest_editor.typed import ROWS, TEXTS, Row, Typed, empty, number
from festival.setup.pieces import Piece

MEAN, ONE, REPEATED = "mean", "one", "repeated"  # sentences a scoring rule is chosen by; the others are called as it is
YES, NO = "yes", "no"
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
REST = "rest"
JURY = {"by": "jury"}
WORDS = (
    "name",
    "code",
    "kind",
    "secrecy",
    "better",
    "unit_label",
    "attempts_count",
    "counters_take",
    "paper",
    "confirming",
    "sum",
)
SPANS = ("entries_per_delegation", "performers")
NUMBERS = (
    "duration_min", "changeover_min", "together_min", "judges", "total", "attempts", "best_possible", "points_per_answer",
    "shared_from", "counters", "counters_apart",
)  # fmt: skip


# What a choice shows of which the document says nothing.
DEFAULTS: Mapping[str, str] = {
    "scoring.below": str(Shortfall.KEEP_ALL),
    "scoring.all_dropped": str(Shortfall.KEEP_ALL),
    "scoring.rounding": str(Rounding.HALF_UP),
    "attempts_count": str(AttemptsCount.BEST),
}


def belongs(key: str, kind: str) -> bool:
    """Whether a contest of this kind may say the key."""
    return key not in ONLY_FOR or kind in ONLY_FOR[key]


def allowed_rungs(kind: str) -> frozenset[str]:
    """The steps a ladder of this kind may have, without the last, which it always has."""
    steps = next((steps for each, steps in TIES_BY_KIND.items() if each == kind), frozenset())
    return frozenset(str(step) for step in steps) - {JURY["by"]}


def usable(rows: list[Row], kind: str) -> list[Row]:
    """The rungs that a ladder of this kind may have, in their order."""
    steps = allowed_rungs(kind)
    return [row for row in rows if row["rung"].partition(":")[0] in steps]


# ------------------------------------------------------------------------------------------------ shown


def shown(piece: Mapping[str, Any]) -> Typed:
    """The page of a contest as the document says it."""
    page = empty()
    for name in TEXTS:
        key, _, inside = name.partition(".")
        value = piece.get(key)
        page[name] = _written(value.get(inside) if inside and isinstance(value, Mapping) else None if inside else value)
    scoring = piece.get("scoring") or {}
    repeated = REPEATED if scoring.get("passes") == REPEATED else ONE
    rule = scoring.get("rule") or ScoringKind.DEVIATION_DROP
    page["scoring.rule"] = repeated if rule == ScoringKind.DEVIATION_DROP else str(rule)
    page["scoring.strict"] = NO if scoring.get("strict") is False else YES
    for key, default in DEFAULTS.items():
        page[key] = page[key] or default
    page["corrections"] = page["corrections"] or str(CorrectionRule.UNTIL_LOCK)
    page["comments"] = YES if piece.get("comments") is True else NO
    page["published"] = page["published"] or str(PublishedRule.PRIZES)
    page["entry"] = page["entry"] or str(EntryKind.FAMILY)
    page["marked_by_both"] = page["marked_by_both"] or str(MarkedByBoth.FIRST)
    page["criteria"] = [_criterion_shown(each) for each in piece.get("criteria") or ()]
    page["points_scale"] = [
        {key: _written(each.get(key)) for key in ("reach", "points")} for each in piece.get("points_scale") or ()
    ]
    page["composition"] = [
        {key: _written(each.get(key)) if key != "on" else _day_shown(each.get(key)) for key in ROWS["composition"]}
        for each in piece.get("composition") or ()
    ]
    page["of"] = [{key: _written(each.get(key)) for key in ("contest", "weight")} for each in piece.get("of") or ()]
    page["ties"] = [{"rung": _rung(each)} for each in piece.get("ties") or () if each.get("by") != JURY["by"]]
    page["place_points"] = [{"points": _written(each)} for each in piece.get("place_points") or ()]
    page["deductions"] = [
        {key: _written(each.get(key)) for key in ("name", "points", "code")} for each in piece.get("deductions") or ()
    ]
    page[FURTHER] = rest_of(piece)
    page["prizes"] = [_prize_shown(each) for each in piece.get("prizes") or ()]
    return page


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        plain = f"{Decimal(str(value)):f}"
        return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")
    return line(str(value))


def _day_shown(value: object) -> str:
    """14/6/2024 of a day as rule files write it; of anything else the text."""
    text = _written(value)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day}/{day.month}/{day.year}"


def _rung(tie: Mapping[str, Any]) -> str:
    what = tie.get("criterion") or tie.get("contest")
    return f"{tie['by']}:{what}" if what else str(tie["by"])


def _criterion_shown(each: Mapping[str, Any]) -> Row:
    row: Row = {key: _written(each.get(key)) for key in ("name", "max", "step", "min", "weight", "code")}
    row["was"] = row["code"]
    levels = each.get("descriptors") or ()
    row["levels"] = "\n".join(f"{_written(lower.get('from'))}: {_written(lower.get('text'))}" for lower in levels)
    return row


def _prize_shown(each: Mapping[str, Any]) -> Row:
    rest = each.get("count") == REST
    return {
        "name": _written(each.get("name")),
        "count": "" if rest else _written(each.get("count")),
        "rest": "y" if rest else "",
    }


# ------------------------------------------------------------------------------------------------ said


def said(page: Typed, was: Mapping[str, Any]) -> Piece:
    """The contest the page says. `was` is the contest it was drawn from: what that left to its default stays unsaid."""
    kind = page["kind"]
    piece: Piece = {key: page[key] or None for key in WORDS}
    piece |= {key: number(page[key]) for key in NUMBERS}
    piece |= {key: _span(page, key) for key in SPANS}
    piece["entry"] = _unless(page["entry"], str(EntryKind.FAMILY), was, "entry")
    piece["published"] = _unless(page["published"], str(PublishedRule.PRIZES), was, "published")
    piece["marked_by_both"] = _unless(page["marked_by_both"], str(MarkedByBoth.FIRST), was, "marked_by_both")
    if page["part.name"]:
        piece["part"] = {"code": page["part.code"], "name": page["part.name"]}
    piece["overtime"] = _some(
        {key: number(page[f"overtime.{key}"]) for key in ("grace_s", "minus_per_started_minute", "limit")}
    )
    piece["bracket"] = _some(
        {key: number(page[f"bracket.{key}"]) for key in ("best_of", "points", "lead", "cap")}
        | {"third": page["bracket.third"] or None}
    )
    piece["undertime"] = _some(
        {key: number(page[f"undertime.{key}"]) for key in ("least_s", "minus_per_started_minute", "limit")}
    )
    piece["attempts_count"] = _unless(page["attempts_count"], str(AttemptsCount.BEST), was, "attempts_count")
    piece["scoring"] = _scoring(page, was.get("scoring") or {})
    piece["corrections"] = _unless(page["corrections"], str(CorrectionRule.UNTIL_LOCK), was, "corrections")
    piece["comments"] = _unless(page["comments"] == YES, False, was, "comments")
    piece["criteria"] = [_criterion(row) for row in page["criteria"]]
    lists = {
        "ties": _ties(page, was),
        "points_scale": [_some({key: number(row[key]) for key in ("reach", "points")}) for row in page["points_scale"]],
        "composition": [_composed(row) for row in page["composition"]],
        "of": [_some({"contest": row["contest"] or None, "weight": number(row["weight"])}) for row in page["of"]],
        "place_points": [number(row["points"]) for row in page["place_points"]],
        "deductions": [_deduction(row) for row in page["deductions"]],
        "prizes": [_prize(row) for row in page["prizes"]],
    }
    # an empty list that a document states is as good as none, and is left as it stands
    piece |= {key: value if value or was.get(key) == [] else None for key, value in lists.items()}
    piece = {key: value for key, value in piece.items() if value is not None and belongs(key, kind)}
    with_rest(piece, page[FURTHER])
    return piece


def _some(stated: Mapping[str, Any]) -> dict[str, Any] | None:
    return {key: value for key, value in stated.items() if value is not None} or None


def _span(page: Typed, key: str) -> dict[str, Any] | None:
    return _some({end: number(page[f"{key}.{end}"]) for end in ("min", "max")})


def _unless(value: object, default: object, was: Mapping[str, Any], key: str) -> object:
    return None if value in (default, "") and was.get(key) is None else value


def _scoring(page: Typed, was: Mapping[str, Any]) -> dict[str, Any]:
    rule = page["scoring.rule"]
    kind = ScoringKind.DEVIATION_DROP if rule in (ONE, REPEATED, "") else rule
    stated = {
        "rule": str(kind),
        **{key: number(page[f"scoring.{key}"]) for key in ("delta", "delta_percent", "drop_high", "drop_low")},
        "strict": _unless(page["scoring.strict"] != NO, True, was, "strict"),
        "passes": _unless(REPEATED if rule == REPEATED else ONE, ONE, was, "passes"),
        "smallest_panel": number(page["scoring.smallest_panel"]),
        "below": _unless(page["scoring.below"], str(Shortfall.KEEP_ALL), was, "below"),
        "all_dropped": _unless(page["scoring.all_dropped"], str(Shortfall.KEEP_ALL), was, "all_dropped"),
        "round": number(page["scoring.round"]),
        "rounding": _unless(page["scoring.rounding"], str(Rounding.HALF_UP), was, "rounding"),
    }
    # what was typed for another rule goes along unseen and is not said
    return {key: value for key, value in stated.items() if value is not None and kind in USED_BY.get(key, (kind,))}


def _deduction(row: Row) -> dict[str, Any]:
    stated = {"code": row["code"] or None, "name": row["name"] or None, "points": number(row["points"])}
    return {key: value for key, value in stated.items() if value is not None}


def _composed(row: Row) -> dict[str, Any]:
    stated: dict[str, Any] = {"what": row["what"] or None}
    stated |= {key: number(row[key]) for key in ("least", "most", "from", "to")}
    stated |= {"on": _day(row["on"]), "otherwise": row["otherwise"] or None}
    return {key: value for key, value in stated.items() if value is not None}


def _day(text: str) -> str | None:
    """As rule files write it; what is no day goes to their reader as it was typed."""
    found = _DAY.fullmatch(text)
    if found is None:
        return text or None
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return text


def _criterion(row: Row) -> dict[str, Any]:
    stated: dict[str, Any] = {"code": row["code"] or None, "name": row["name"] or None}
    stated |= {key: number(row[key]) for key in ("min", "max", "step", "weight")}
    stated["descriptors"] = [_level(each) for each in row["levels"].splitlines() if each] or None
    return {key: value for key, value in stated.items() if value is not None}


def _level(text: str) -> dict[str, Any]:
    """«27: Sâu sắc»; of a line that is not written so all is text, and the reader asks for the mark."""
    lowest, colon, words = text.partition(":")
    mark = number(lowest)
    if not colon or mark is None or isinstance(mark, str):
        return {"text": text}
    return {"from": mark, "text": words.strip()}


def _ties(page: Typed, was: Mapping[str, Any]) -> list[dict[str, Any]]:
    rungs: list[dict[str, Any]] = []
    for row in usable(page["ties"], page["kind"]):
        by, _, what = row["rung"].partition(":")
        key = "contest" if by == TieStep.CONTEST else "criterion"
        rungs.append({"by": by, key: what} if what else {"by": by})
    before: Any = was.get("ties")
    unsaid = bool(before) and before[-1].get("by") != JURY["by"] if rungs else not before
    return rungs if unsaid else [*rungs, dict(JURY)]


def _prize(row: Row) -> dict[str, Any]:
    count = REST if row["rest"] else number(row["count"])
    stated = {"name": row["name"] or None, "count": count}
    return {key: value for key, value in stated.items() if value is not None}
