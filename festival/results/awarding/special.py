"""Who would receive a special prize by its own rule, from which fact, and who is equal? Pure.

Of those who perform in an entry, as the roster has them. Of who has only a year of birth the latest day of that year counts
for the youngest and the earliest for the oldest, and the reason says that the day is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from festival.consent.rules import ages
from festival.contests.panel import rounded
from festival.core.births import Birth
from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.edition import SpecialBy
from festival.roster.composition.rule import TeamMate, generations

GENERATIONS = N_("%(n)s thế hệ cùng dự thi.")
MEMBERS = N_("%(n)s người dự thi.")
AGE = N_("%(n)s tuổi vào ngày khai mạc.")
AGE_OF_YEAR = N_("%(n)s tuổi tính theo năm sinh, không rõ ngày sinh.")
MEAN = N_("Trung bình %(points)s điểm.")


@dataclass(frozen=True, slots=True)
class SpecialFacts:
    """What the rules of special prizes look at in an entry that performed. `mean`: of the criterion, 1/1000 points."""

    entry: str
    people: tuple[TeamMate, ...]
    mean: Fraction | None = None


@dataclass(frozen=True, slots=True)
class SpecialCandidate:
    """An entry in the order of the rule; `leads`: nobody is before it, more than one where they are equal."""

    entry: str
    leads: bool
    said: Sentence


def candidates(by: SpecialBy, entries: Sequence[SpecialFacts], starts_on: date) -> tuple[SpecialCandidate, ...]:
    """Best first; who is equal stands in the order of the codes, which means nothing. Without its fact nobody is one."""
    found: list[tuple[Fraction | int, str, Sentence]] = []
    for each in entries:
        known = _fact(by, each, starts_on)
        if known is not None:
            found.append((known[0], each.entry, known[1]))
    most = max((value for value, _entry, _said in found), default=0)
    ordered = sorted(found, key=lambda line: (-line[0], line[1]))
    return tuple(SpecialCandidate(entry, value == most, said) for value, entry, said in ordered)


def _fact(by: SpecialBy, facts: SpecialFacts, starts_on: date) -> tuple[Fraction | int, Sentence] | None:
    births = [each.birth for each in facts.people if each.birth is not None]
    match by:
        case SpecialBy.MOST_GENERATIONS if facts.people:
            n = generations(facts.people)
            return n, GENERATIONS.filled(n=n)
        case SpecialBy.MOST_MEMBERS if facts.people:
            return len(facts.people), MEMBERS.filled(n=len(facts.people))
        case SpecialBy.YOUNGEST_PERFORMER if births:
            last = max(births, key=lambda birth: _day(birth, date(birth.year, 12, 31)))
            return _day(last, date(last.year, 12, 31)), _age(last, starts_on)
        case SpecialBy.OLDEST_PERFORMER if births:
            first = min(births, key=lambda birth: _day(birth, date(birth.year, 1, 1)))
            return -_day(first, date(first.year, 1, 1)), _age(first, starts_on)
        case SpecialBy.CRITERION if facts.mean is not None:
            return facts.mean, MEAN.filled(points=Points(rounded(facts.mean)))
        case _:
            return None


def _day(birth: Birth, unknown: date) -> int:
    return (birth.date or unknown).toordinal()


def _age(birth: Birth, starts_on: date) -> Sentence:
    said = AGE_OF_YEAR if birth.date is None else AGE
    return said.filled(n=ages(birth, starts_on).most)
