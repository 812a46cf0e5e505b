"""Which prize does a place bring, and what must the panel still decide?

Rank is not prize. Nearly every published festival gives 1 Nhất, 2 Nhì, 3 Ba and Khuyến khích to all the rest (Tây Ninh
2019, Thừa Thiên Huế 2018, Yên Châu 2024; editions/data), so several entries of different ranks carry one prize name.
Prizes are handed down the standings. A shared place that reaches over the border of two prizes is a *question* for the
panel: it is never silently decided, and those below it are not moved by the answer.

Some regulations give prizes by bands of points and cap them (Quyết định 05/QĐ-BVHTTDL 2016: gold 9–10, silver 8–8,9,
not over 35 % of the items): ``banded``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from festival.core.sentence import N_, Sentence
from festival.editions.rules.prizes import PrizeRule
from festival.results.standings import RankedEntry


@dataclass(frozen=True, slots=True)
class PrizeOfEntry:
    entry: str
    prize: str
    rank: int | None
    reason: Sentence | None = None


@dataclass(frozen=True, slots=True)
class PrizeQuestion:
    """These entries share one place, and the places they fill belong to several prizes (or partly to none).

    ``seats``: how many of those places carry which prize; the panel may also give all of them the same.
    """

    entries: tuple[str, ...]
    rank: int
    seats: Mapping[str, int]
    said: Sentence


@dataclass(frozen=True, slots=True)
class PrizeDecision:
    """The panel's answer: a prize (or none) for every entry of the question, with reason and names."""

    prizes: Mapping[str, str | None]
    reason: str
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.names:
            raise ValueError("a decision of the panel carries its reason and the names of those who took it")


@dataclass(frozen=True, slots=True)
class Prizes:
    awards: tuple[PrizeOfEntry, ...]
    questions: tuple[PrizeQuestion, ...]


QUESTION = N_("%(count)s tiết mục cùng đứng thứ %(rank)s, nằm giữa hai mức giải: ban giám khảo quyết định.")
DECIDED = N_("Ban giám khảo quyết định: %(reason)s (%(names)s).")
NO_PRIZE = ""


def _prize_of_place(rules: Sequence[PrizeRule], place: int) -> str:
    for rule in rules:
        if rule.count is None or place <= rule.count:
            return rule.name
        place -= rule.count
    return NO_PRIZE


def _decision(
    decisions: Sequence[PrizeDecision], entries: tuple[str, ...], named: frozenset[str]
) -> PrizeDecision | None:
    """What the panel decided about exactly these; nothing while it names a prize that the rules no longer have."""
    last = next((each for each in reversed(decisions) if set(each.prizes) == set(entries)), None)
    return last if last is not None and {prize for prize in last.prizes.values() if prize} <= named else None


def award(table: Sequence[RankedEntry], rules: Sequence[PrizeRule], decisions: Sequence[PrizeDecision] = ()) -> Prizes:
    """Hand the prizes down. Only entries with a place can be awarded; a decision counts for exactly its group."""
    groups: dict[int, list[str]] = {}
    named = frozenset(rule.name for rule in rules)
    for each in table:
        if each.rank is not None:
            groups.setdefault(each.rank, []).append(each.entry)
    awards: list[PrizeOfEntry] = []
    questions: list[PrizeQuestion] = []
    for rank, members in sorted(groups.items()):
        entries = tuple(members)
        of_places = [_prize_of_place(rules, rank + at) for at in range(len(entries))]
        decision = _decision(decisions, entries, named)
        if decision is not None:
            why = DECIDED.filled(reason=decision.reason, names=", ".join(decision.names))
            given = {entry: prize for entry, prize in decision.prizes.items() if prize}
            awards += [PrizeOfEntry(entry, given[entry], rank, why) for entry in entries if entry in given]
        elif len(set(of_places)) == 1:
            awards += [PrizeOfEntry(entry, of_places[0], rank) for entry in entries if of_places[0] != NO_PRIZE]
        else:
            seats = {name: of_places.count(name) for name in dict.fromkeys(of_places)}
            questions.append(PrizeQuestion(entries, rank, seats, QUESTION.filled(count=len(entries), rank=rank)))
    return Prizes(tuple(awards), tuple(questions))
