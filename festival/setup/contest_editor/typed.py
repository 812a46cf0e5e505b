"""What has somebody typed on the page of a contest, and what do its buttons do to the rows? Pure.

Nothing is read here: a number is the text that was typed. Rows of a list have their place in the name of each field
(`criteria.0.max`); the levels of a criterion are lines of one field (`27: Sâu sắc`), as they stand on a judge's sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from festival.core.names import fold
from festival.core.text import cut, line
from festival.editions.rules.checks.addresses import OF_CONTESTS
from festival.editions.rules.composition import CountedInTeam

Row = dict[str, str]
Typed = dict[str, Any]

TEXTS = (
    "kind", "name", "code", "part.name", "part.code", "secrecy", "published", "entry",
    "entries_per_delegation.min", "entries_per_delegation.max", "performers.min", "performers.max",
    "duration_min", "changeover_min", "together_min",
    "overtime.grace_s", "overtime.minus_per_started_minute", "overtime.limit",
    "undertime.least_s", "undertime.minus_per_started_minute", "undertime.limit",
    "judges", "total",
    "scoring.rule", "scoring.delta", "scoring.delta_percent", "scoring.drop_high", "scoring.drop_low", "scoring.strict", "scoring.smallest_panel", "scoring.below", "scoring.all_dropped", "scoring.round",
    "scoring.rounding", "corrections", "comments",
    "better", "attempts", "attempts_count", "unit_label", "best_possible", "points_per_answer", "shared_from", "more",
    "bracket.best_of", "bracket.points", "bracket.lead", "bracket.cap", "bracket.third",
    "counters", "counters_apart", "counters_take",
    "paper", "confirming",
    "marked_by_both", "sum",
)  # fmt: skip
# Asked only for what a button does next: the rung to add, how many places to fill.
ASKED = ("rung", "places")
ROWS: Mapping[str, tuple[str, ...]] = {
    "criteria": ("name", "max", "step", "min", "weight", "levels", "code", "was"),
    "deductions": ("name", "points", "code"),
    "points_scale": ("reach", "points"),
    "of": ("contest", "weight"),
    "ties": ("rung",),
    "place_points": ("points",),
    "prizes": ("name", "count", "rest"),
    "composition": ("what", "least", "most", "from", "to", "on", "otherwise"),
}
_SAID_OF_TEAM = ("least", "most", "from", "to", "on")  # a line of whom a team is made of says at least one of these
MOST_ROWS = 60
PRIZES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "1-2-3": (("Nhất", "1"), ("Nhì", "2"), ("Ba", "3"), ("Khuyến khích", "")),
    "1-1-1": (("Nhất", "1"), ("Nhì", "1"), ("Ba", "1")),
}
_ROW = re.compile(r"([a-z_]+)\.([0-9]{1,3})\.([a-z]+)")


def empty() -> Typed:
    """A page on which nothing is typed."""
    return dict.fromkeys((*TEXTS, *ASKED), "") | {name: [] for name in ROWS}


def typed(pairs: Iterable[tuple[str, str]]) -> Typed:
    """What a form sent; names that are none of its fields, and rows beyond `MOST_ROWS`, are left out."""
    found = empty()
    lists: dict[str, dict[int, Row]] = {name: {} for name in ROWS}
    for name, value in pairs:
        if name in found and name not in ROWS:
            found[name] = line(value)
        elif (parts := _ROW.fullmatch(name)) and parts[3] in ROWS.get(parts[1], ()):
            several = parts[3] == "levels"
            text = "\n".join(map(line, value.splitlines())) if several else line(value)
            lists[parts[1]].setdefault(int(parts[2]), {})[parts[3]] = text
    for name, rows in lists.items():
        found[name] = [new_row(name) | rows[at] for at in sorted(rows)[:MOST_ROWS]]
    return found


def new_row(name: str) -> Row:
    """A row of the list with nothing in it."""
    return dict.fromkeys(ROWS[name], "")


def pressed(page: Typed, button: str) -> str:
    """Do what a button says (`add:criteria`, `up:prizes:2` …) to the rows; the id of what takes the focus.

    A button that no longer has its row does nothing.
    """
    what, _, rest = button.partition(":")
    where, _, number = rest.partition(":")
    if what == "fill":
        return _fill(page, where, number)
    if where not in ROWS:
        return ""
    rows = page[where]
    if what == "add":
        return _add(page, where, rows)
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if not 0 <= at < len(rows):
        return ""
    if what == "remove":
        gone = rows.pop(at)
        if where == "criteria":
            page["ties"] = [each for each in page["ties"] if each["rung"] != f"criterion:{gone['code']}"]
        return f"add:{where}"
    to = at - 1 if what == "up" else at + 1
    if what not in ("up", "down") or not 0 <= to < len(rows):
        return ""
    rows[at], rows[to] = rows[to], rows[at]
    return f"{what if 0 < to < len(rows) - 1 else 'down' if to == 0 else 'up'}:{where}:{to}"


def _add(page: Typed, where: str, rows: list[Row]) -> str:
    if len(rows) >= MOST_ROWS:
        return f"add:{where}"
    at = len(rows)
    if where == "ties":
        if not page["rung"] or any(each["rung"] == page["rung"] for each in rows):
            return "rung"
        rows.append({"rung": page["rung"]})
        page["rung"] = ""
        return f"ties.{at}"
    row = new_row(where)
    if where == "composition":
        row["what"] = str(CountedInTeam.FAMILIES)
    if where == "criteria":
        row["step"] = rows[-1]["step"] if rows else "0,25"
    rows.append(row)
    return f"{where}.{at}.{ROWS[where][0]}"


def _fill(page: Typed, where: str, which: str) -> str:
    if where == "prizes" and which in PRIZES:
        page["prizes"] = [{"name": name, "count": count, "rest": "" if count else "y"} for name, count in PRIZES[which]]
        return "prizes.0.name"
    places = page["places"]
    if (
        where == "place_points"
        and places.isascii()
        and places.isdigit()
        and len(places) < 4
        and 0 < int(places) <= MOST_ROWS
    ):
        most = int(places)
        page["place_points"] = [{"points": str(most - at)} for at in range(most)]
        return "place_points.0.points"
    return "places"


def settled(page: Typed, taken: Iterable[str] = (), parts: Mapping[str, str] | None = None) -> None:
    """Give what has a name and no code its code; a rung follows its criterion to a code somebody has changed.

    A code that is there never changes here, whatever becomes of the name. `parts` are the names of the headings of other
    contests by code: who types the name of one of them means that one.
    """
    if page["name"] and not page["code"]:
        page["code"] = free(code_of(page["name"]), {*taken, *OF_CONTESTS})
    if heading := page["part.name"]:
        others = parts or {}
        meant = next((code for code, name in others.items() if name == heading), "")
        if meant and others.get(page["part.code"]) != heading:
            page["part.code"] = meant
        page["part.code"] = page["part.code"] or free(code_of(heading), others)
    codes = [row["code"] for row in page["criteria"]]
    renamed = {}
    named = [row["code"] for row in page["deductions"]]
    for row in page["deductions"]:
        if row["name"] and not row["code"]:
            row["code"] = free(code_of(row["name"]), named)
            named.append(row["code"])
    for row in page["criteria"]:
        if row["name"] and not row["code"]:
            row["code"] = free(code_of(row["name"]), codes)
            codes.append(row["code"])
        if row["was"] and row["code"] and row["was"] != row["code"]:
            renamed[f"criterion:{row['was']}"] = f"criterion:{row['code']}"
        row["was"] = row["code"]
    for each in page["ties"]:
        each["rung"] = renamed.get(each["rung"], each["rung"])


def without_blanks(page: Typed) -> None:
    """Take out rows nobody typed in; of the points for places only those at the end, for each stands for its place."""
    for row in page["criteria"]:
        row["levels"] = "\n".join(each for each in row["levels"].splitlines() if each)
    page["deductions"] = [row for row in page["deductions"] if row["name"] or row["points"]]
    page["criteria"] = [row for row in page["criteria"] if row["name"] or row["max"] or row["min"] or row["levels"]]
    page["prizes"] = [row for row in page["prizes"] if row["name"] or row["count"] or row["rest"]]
    page["composition"] = [row for row in page["composition"] if any(row[key] for key in _SAID_OF_TEAM)]
    page["of"] = [row for row in page["of"] if row["contest"]]
    page["points_scale"] = [row for row in page["points_scale"] if row["reach"] or row["points"]]
    while page["place_points"] and not page["place_points"][-1]["points"]:
        page["place_points"].pop()


def code_of(name: str) -> str:
    """A name without marks, as codes are written: «Gia đình tài năng» gives `gia-dinh-tai-nang`."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
    return cut(plain, 40).strip("-") or "muc"


def free(code: str, taken: Iterable[str]) -> str:
    """The code, with a number behind it when it is taken."""
    held = set(taken)
    number, found = 1, code
    while found in held:
        number += 1
        found = f"{code}-{number}"
    return found


_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,6})?")


def number(text: str) -> int | Decimal | str | None:
    """The number that is typed, with comma or point; None for nothing, and the text itself when it is no number."""
    plain = text.strip()
    if not plain:
        return None
    if not _NUMBER.fullmatch(plain):
        return plain
    exact = Decimal(plain.replace(",", "."))
    return int(exact) if exact == exact.to_integral_value() else exact
