"""How much does each line of a list come to, how much tax is kept back, and what is the sum? Pure: whole đồng, never a float.

An amount is rate times number, the number in halves (1,5 days). A half đồng is rounded up, once an amount and once a tax; the
sum adds up the rounded lines, so what stands below the column is what somebody adding it up by hand finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from festival.results.paying.kinds import TaxRule

HUNDRED_PERCENT = 100_000  # in 1/1000 percent
SIGNERS = 3


@dataclass(frozen=True, slots=True)
class LineSaid:
    """What a line says. `rate` None: the rate of its role. `tax`: a rate of its own, of the whole amount, with the reason `why`.
    `out`: why it is left out; "" while it counts.
    """

    name: str
    role: str = ""
    place: str = ""
    rate: int | None = None
    halves: int = 2
    tax: int | None = None
    why: str = ""
    out: str = ""

    def kept(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ListSaid:
    """What a list says beside its lines. `signers`: title and name of who made it, of the accountant, of who approves."""

    title: str
    unit: str
    tax: TaxRule
    place: str = ""
    grounds: tuple[str, ...] = ()
    rates: Mapping[str, int] = field(default_factory=dict)
    signers: tuple[tuple[str, str], ...] = ()

    def kept(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "unit": self.unit,
            "tax": self.tax.kept(),
            "place": self.place,
            "grounds": list(self.grounds),
            "rates": dict(self.rates),
            "signers": [list(each) for each in self.signers],
        }


@dataclass(frozen=True, slots=True)
class PaySum:
    """A sum of money in VND: before tax, the tax, what is handed over."""

    amount: int = 0
    tax: int = 0

    @property
    def net(self) -> int:
        """What is handed over."""
        return self.amount - self.tax

    def __add__(self, other: PaySum) -> PaySum:
        return PaySum(self.amount + other.amount, self.tax + other.tax)


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line with what it comes to; `rate` None: nobody said one."""

    said: LineSaid
    rate: int | None
    sum: PaySum


def line_said(kept: Mapping[str, Any]) -> LineSaid:
    """The same again; of an erased line nothing."""
    return LineSaid(**kept) if kept else LineSaid("")


def list_said(kept: Mapping[str, Any]) -> ListSaid:
    """The same again; of an erased list nothing."""
    if not kept:
        return ListSaid("", "", TaxRule())
    return ListSaid(
        kept["title"],
        kept["unit"],
        TaxRule(**kept["tax"]),
        kept["place"],
        tuple(kept["grounds"]),
        dict(kept["rates"]),
        tuple((title, name) for title, name in kept["signers"]),
    )


def half_up(above: int, below: int) -> int:
    """A fraction of two whole numbers that are not negative, rounded to a whole one; a half goes up."""
    return (2 * above + below) // (2 * below)


def tax_of(amount: int, rule: TaxRule) -> int:
    """What the rule keeps back of one amount."""
    if amount < rule.start:
        return 0
    return half_up((amount - rule.start if rule.above else amount) * rule.milli, HUNDRED_PERCENT)


def reckon(said: LineSaid, of: ListSaid) -> PaidLine:
    """What one line comes to; one that is left out, or has no rate, to nothing."""
    rate = said.rate if said.rate is not None else of.rates.get(said.role)
    if said.out or rate is None:
        return PaidLine(said, rate, PaySum())
    amount = half_up(rate * said.halves, 2)
    own = of.tax if said.tax is None else TaxRule(said.tax)
    return PaidLine(said, rate, PaySum(amount, tax_of(amount, own)))


def total(lines: Iterable[PaidLine]) -> PaySum:
    """Of all that count."""
    return sum((each.sum for each in lines), PaySum())


def taxed(lines: Iterable[PaidLine]) -> bool:
    """Whether the paper needs columns of the tax."""
    return any(each.sum.tax for each in lines)


def unpriced(lines: Iterable[PaidLine]) -> list[str]:
    """Who counts and has no rate."""
    return [each.said.name for each in lines if not each.said.out and each.rate is None]


def written_halves(halves: int) -> str:
    """3 → 1,5; 4 → 2."""
    return f"{halves // 2}{',5' if halves % 2 else ''}"


def in_order(order: Sequence[int], numbers: Iterable[int]) -> list[int]:
    """The numbers of lines as they were put in order; those added later at the end."""
    there = sorted(set(numbers))
    put = [number for number in order if number in set(there)]
    return put + [number for number in there if number not in set(put)]


def moved(order: Sequence[int], number: int, place: int) -> list[int]:
    """The same with one line at another place, counted from 1."""
    rest = [each for each in order if each != number]
    at = min(max(1, place), len(rest) + 1) - 1
    return [*rest[:at], number, *rest[at:]]


def merged(said: LineSaid, before: LineSaid, now: LineSaid) -> LineSaid:
    """A line with what its source says now, where nobody typed something else than the source had said before."""
    ours, old, new = said.kept(), before.kept(), now.kept()
    return LineSaid(**{name: new[name] if ours[name] == old[name] else ours[name] for name in ours})
