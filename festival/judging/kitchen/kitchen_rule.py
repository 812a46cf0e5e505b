"""Which number did somebody type of a family's table, and is it within what the rules ask? Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from festival.core.sentence import N_, Sentence

MOST_DISHES = 999
MOST_VND = 100_000_000_000
_WHOLE = re.compile(r"[0-9]{1,12}")
_GROUPED = re.compile("[0-9]{1,3}(?:([., \u00a0])[0-9]{3})(?:\\1[0-9]{3})*")
_UNIT = re.compile(r"\s*(?:đồng|vnđ|vnd|đ|₫)\s*$", re.IGNORECASE)
NO_DISHES = N_("Số món là một số nguyên, từ 0 đến 999.")
NO_MONEY = N_("Số tiền viết bằng đồng, ví dụ 580.000.")


class AsksOfKitchen(Protocol):
    """A contest, or what it asks of a table."""

    @property
    def dishes_least(self) -> int | None: ...
    @property
    def dishes_most(self) -> int | None: ...
    @property
    def budget_vnd(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class TableCount:
    """What was typed of one table; None: not typed."""

    dishes: int | None = None
    spent_vnd: int | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing of it is typed."""
        return self.dishes is None and self.spent_vnd is None


def counts_dishes(asked: AsksOfKitchen) -> bool:
    """Whether the rules say how many dishes."""
    return asked.dishes_least is not None or asked.dishes_most is not None


def asks_anything(asked: AsksOfKitchen) -> bool:
    """Whether there is anything to type."""
    return counts_dishes(asked) or asked.budget_vnd is not None


def read_dishes(typed: str) -> int | Sentence | None:
    """A whole number, None of a blank, or why it is none."""
    text = typed.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else NO_DISHES


def read_money(typed: str) -> int | Sentence | None:
    """Đồng: 580000, 580.000, 580 000 đ. Parts of a đồng are none, so «580.5» is refused and not guessed."""
    text = _UNIT.sub("", typed.strip())
    if not text:
        return None if not typed.strip() else NO_MONEY
    if not (_WHOLE.fullmatch(text) or _GROUPED.fullmatch(text)):
        return NO_MONEY
    value = int(re.sub(r"[^0-9]", "", text))
    return value if value <= MOST_VND else NO_MONEY


def money(vnd: int) -> str:
    """580000 -> «580.000»."""
    return f"{vnd:,}".replace(",", ".")


def outside(asked: AsksOfKitchen, count: TableCount) -> list[Sentence]:
    """In what a table is outside the rules, as it is said to the secretary and stands in a deduction's reason."""
    found: list[Sentence] = []
    dishes, spent = count.dishes, count.spent_vnd
    if dishes is not None and asked.dishes_least is not None and dishes < asked.dishes_least:
        found.append(N_("%(n)s món, thể lệ ít nhất %(least)s", n=dishes, least=asked.dishes_least))
    if dishes is not None and asked.dishes_most is not None and dishes > asked.dishes_most:
        found.append(N_("%(n)s món, thể lệ nhiều nhất %(most)s", n=dishes, most=asked.dishes_most))
    if spent is not None and asked.budget_vnd is not None and spent > asked.budget_vnd:
        found.append(
            N_(
                "mua hết %(spent)s đồng, quá mức %(most)s đồng là %(over)s đồng",
                spent=money(spent), most=money(asked.budget_vnd), over=money(spent - asked.budget_vnd),
            )
        )  # fmt: skip
    return found


def asked_words(asked: AsksOfKitchen) -> list[Sentence]:
    """What the rules ask, in words."""
    said: list[Sentence] = []
    least, most = asked.dishes_least, asked.dishes_most
    if least is not None and least == most:
        said.append(N_("Đúng %(n)s món.", n=least))
    elif least is not None and most is not None:
        said.append(N_("Từ %(least)s đến %(most)s món.", least=least, most=most))
    elif least is not None:
        said.append(N_("Ít nhất %(n)s món.", n=least))
    elif most is not None:
        said.append(N_("Nhiều nhất %(n)s món.", n=most))
    if asked.budget_vnd is not None:
        said.append(N_("Mua thực phẩm không quá %(most)s đồng.", most=money(asked.budget_vnd)))
    return said
