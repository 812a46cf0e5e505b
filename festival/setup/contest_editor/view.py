"""What does the page of a contest say beside what is typed: totals, shares, legal marks, worked examples? Pure.

Everything is computed by the rules that count later, from what can be read of the page so far.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from festival.contests.marks import Scale
from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.kinds import ResultKindRule, SecrecyRule
from festival.editions.rules.scoring import Rounding, Shortfall
from festival.setup.contest_editor.choices import CHOICES, rules, rung_words, rungs_to_add
from festival.setup.contest_editor.example import Example, common_step, examples, rule_for
from festival.setup.contest_editor.field_words import label, row_of
from festival.setup.contest_editor.piece import NO, belongs, shown, usable
from festival.setup.contest_editor.typed import ROWS, TEXTS, Row, Typed, number
from festival.setup.pieces import Piece

MOST_MILLI = 10_000_000


@dataclass(frozen=True, slots=True)
class CriterionWords:
    """What stands beside a criterion while it is typed."""

    share_milli: int | None  # percent of the total, in thousandths
    marks: Sentence | None


@dataclass(frozen=True, slots=True)
class View:
    """Everything a page says that nobody typed."""

    total: Sentence
    criteria: tuple[CriterionWords, ...]
    rules: Mapping[str, Sentence]
    examples: Mapping[str, Example | None]
    more_than_half: int
    rungs: tuple[tuple[str, Sentence], ...]
    to_add: tuple[tuple[str, Sentence], ...]
    others: tuple[tuple[str, str], ...]


def view(page: Typed, contests: Mapping[str, str] | None = None) -> View:
    """What is said about a page whose codes are settled. `contests`: names of those a sum may add up, by code."""
    known = contests or {}
    criteria: list[Row] = page["criteria"]
    highest = [signed(row["max"]) for row in criteria]
    weights = [milli(row["weight"]) or 1000 for row in criteria]
    total = sum((each or 0) * weight // 1000 for each, weight in zip(highest, weights, strict=True))
    judges = whole(page["judges"]) or 0
    percent = milli(page["scoring.delta_percent"])
    delta = milli(page["scoring.delta"]) or (total * percent // 100_000 if percent else None)
    step = common_step([found for row in criteria if (found := milli(row["step"]))])
    held = usable(page["ties"], page["kind"])
    return View(
        total=_total(total, len([each for each in highest if each is not None]), milli(page["total"])),
        criteria=tuple(_criterion(row, total) for row in criteria),
        rules=rules(delta),
        examples=examples(_rule(page, delta or 0, judges), judges, total, step),
        more_than_half=judges // 2 + 1,
        rungs=tuple((row["rung"], rung_words(row["rung"], criteria, known)) for row in held),
        to_add=tuple(
            rungs_to_add(
                page["kind"],
                criteria,
                held,
                {row["contest"]: known[row["contest"]] for row in page["of"] if row["contest"] in known},
            )
        ),
        others=tuple(_not_shown(page)),
    )


def milli(text: str) -> int | None:
    """Thousandths of a typed number of points; None for what is none."""
    found = number(text)
    if not isinstance(found, int | Decimal):
        return None
    exact = Decimal(found) * 1000
    return int(exact) if exact == exact.to_integral_value() and 0 <= exact <= MOST_MILLI else None


def signed(text: str) -> int | None:
    """The same where less than nothing may be typed: marks that take off."""
    found = milli(text.strip().removeprefix("-"))
    return -found if found is not None and text.strip().startswith("-") else found


def whole(text: str) -> int | None:
    """A typed whole number that is not negative; None for what is none."""
    found = number(text)
    return found if isinstance(found, int) and found >= 0 else None


def _rule(page: Typed, delta: int, judges: int) -> Any:
    smallest = whole(page["scoring.smallest_panel"])
    return rule_for(
        delta,
        page["scoring.strict"] != NO,
        judges // 2 + 1 if smallest is None else smallest,
        Shortfall.NOT_VALID if page["scoring.below"] == Shortfall.NOT_VALID else Shortfall.KEEP_ALL,
        Shortfall.NOT_VALID if page["scoring.all_dropped"] == Shortfall.NOT_VALID else Shortfall.KEEP_ALL,
        milli(page["scoring.round"]) or 1,
        drop_high=whole(page["scoring.drop_high"]) or 0,
        drop_low=whole(page["scoring.drop_low"]) or 0,
        rounding=Rounding.TRUNCATE if page["scoring.rounding"] == Rounding.TRUNCATE else Rounding.HALF_UP,
    )


def _total(total: int, criteria: int, typed: int | None) -> Sentence:
    if typed is not None and typed != total:
        return N_(
            "Tổng: %(total)s điểm của %(n)s tiêu chí, khác tổng ghi để kiểm tra (%(typed)s).",
            total=Points(total),
            n=criteria,
            typed=Points(typed),
        )
    return N_("Tổng: %(total)s điểm của %(n)s tiêu chí.", total=Points(total), n=criteria)


def _criterion(row: Row, total: int) -> CriterionWords:
    most, step = signed(row["max"]), milli(row["step"])
    counts = (most or 0) * (milli(row["weight"]) or 1000) // 1000
    share = _share(counts, total) if counts > 0 and total > 0 else None
    return CriterionWords(share, _marks(most, step, signed(row["min"]) or 0))


def _share(most: int, total: int) -> int:
    """With one decimal, half up: 1 of 3 is 33,3 %."""
    return (most * 2000 + total) // (total * 2) * 100


def _marks(most: int | None, step: int | None, least: int) -> Sentence | None:
    if most is None or not step or (most == least == 0):
        return None
    try:
        scale = Scale(most, step, least)
    except ValueError:
        return N_("Không chấm được %(max)s theo bước %(step)s.", max=Points(most), step=Points(step))
    count = (scale.max_milli - scale.min_milli) // scale.step_milli + 1
    first = [Points(scale.min_milli + at * scale.step_milli) for at in range(min(count, 3))]
    listed = "; ".join(map(str, first))
    if count <= len(first):
        return N_("Chấm được %(marks)s", marks=listed)
    return N_("Chấm được %(marks)s … %(max)s (%(n)s mức)", marks=listed, max=Points(most), n=count)


# ------------------------------------------------------------------------------------------------ fields


def fields(page: Typed) -> dict[str, str]:
    """Every field of a page with what stands in it, by its name in the form."""
    found = {name: page[name] for name in TEXTS}
    for name in ROWS:
        for at, row in enumerate(page[name]):
            found |= {f"{name}.{at}.{key}": row[key] for key in ROWS[name]}
    return found


def _not_shown(page: Typed) -> list[tuple[str, str]]:
    """What was typed for another kind of contest: it goes along unseen, and is there again when the kind comes back."""
    held = usable(page["ties"], page["kind"])
    hidden = [row for row in page["ties"] if row not in held]
    rest = [(f"ties.{len(held) + at}.rung", row["rung"]) for at, row in enumerate(hidden)]
    return [
        *rest,
        *(
            (name, value)
            for name, value in fields(page).items()
            if value and not name.startswith("ties.") and not belongs(name.partition(".")[0], page["kind"])
        ),
    ]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A field that somebody else has saved otherwise."""

    field: str
    label: Sentence
    row: int | None
    theirs: Sentence | str
    mine: Sentence | str


def differences(theirs: Piece, mine: Typed) -> list[Otherwise]:
    """The fields in which what stands now is not what is typed, in the order of the page."""
    held, typed = fields(shown(theirs)), fields(mine)
    names = [name for name in {**typed, **held} if not name.endswith(".was")]
    return [
        Otherwise(name, label(name), row_of(name), _worded(name, held, theirs), _worded(name, typed, mine))
        for name in names
        if held.get(name, "") != typed.get(name, "")
    ]


def _worded(name: str, values: Mapping[str, str], page: Mapping[str, Any]) -> Sentence | str:
    value = values.get(name, "")
    choices = CHOICES.get(re.sub(r"\.[0-9]+", "", name))
    if choices is not None:
        return choices.get(value, value)
    if name.startswith("ties.") and value:
        return rung_words(value, page.get("criteria", []))
    if name.endswith(".rest"):
        return N_("tất cả còn lại") if value else ""
    return value


def started(kind: str) -> Piece:
    """A contest of this kind with nothing in it but what most contests have."""
    rubric = kind == ResultKindRule.RUBRIC
    summed = kind == ResultKindRule.SUM
    piece: Piece = {"code": "", "name": "", "kind": kind}
    piece["secrecy"] = str(SecrecyRule.SEALED if rubric or summed else SecrecyRule.AT_ONCE)
    if summed:
        return piece | {"sum": "points"}
    piece["duration_min"] = 10
    if rubric:
        piece |= {"judges": 3, "scoring": {"rule": "mean"}, "criteria": []}
    if kind == ResultKindRule.TIME:
        piece["better"] = "less"
    return piece
