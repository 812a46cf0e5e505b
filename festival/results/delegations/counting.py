"""Which results of a delegation count, what does each bring, and why? The rules of `whole_delegation`, values in and out.

In this order: a result becomes points (`table.points_brought`), is scaled, or has the value that the rules state for one
that is not there; of each contest the best count, or their mean; of all contests together the best count; points that the
organiser gave or took are added. Fractions stay exact until the sum, which is rounded once, to 1/1000 point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from festival.contests.panel import rounded
from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.whole import LAST, Credit, ScaledBy, StatedPoints, WholeDelegationRule, WholeOrder
from festival.results.delegations.given import GivenPoints, given_words
from festival.results.standings import Contribution, DelegationSum, ResultState, delegation_sums

# what the rules say about a result that is not there, and how it is told
NO_ENTRY = N_("%(contest)s: không có lượt dự thi, tính %(points)s điểm.")
STATED_WORDS: Mapping[ResultState, Sentence] = {
    ResultState.DNS: N_("%(contest)s: một lượt không dự thi, tính %(points)s điểm."),
    ResultState.DNF: N_("%(contest)s: một lượt bỏ cuộc, tính %(points)s điểm."),
    ResultState.DSQ: N_("%(contest)s: một lượt bị loại, tính %(points)s điểm."),
}
SCALED = N_("%(contest)s: quy về thang %(scale)s điểm, được %(points)s điểm.")
BEYOND = N_("%(contest)s: không tính %(points)s điểm, chỉ tính %(best)s kết quả cao nhất của phần thi.")
BEYOND_ALL = N_("%(contest)s: không tính %(points)s điểm, chỉ tính %(best)s kết quả cao nhất của đoàn.")
MEAN = N_("%(contest)s: trung bình của %(n)s lượt là %(points)s điểm.")
COUNT = N_("%(n)s %(prize)s", "prizes_of_one_name")
TWO = N_("%(one)s, %(two)s")
MEDALS = N_("Giải được đếm: %(counts)s.")


@dataclass(frozen=True, slots=True)
class CountedContest:
    """A contest that brings points; `highest`: the most that its rules allow (1/1000), where they say it."""

    code: str
    name: str
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class EntryBrings:
    """One result: what it brings before anything is scaled, and the prize of its place."""

    delegation: str
    contest: str
    entry: str
    state: ResultState
    rank: int | None
    points: Fraction | int
    prize: str = ""


@dataclass(frozen=True, slots=True)
class CountedSum:
    """What a delegation comes to, and why. `by_contest`: what counts of each; `medals`: prizes of each name that is counted."""

    points_milli: int
    by_contest: Mapping[str, Fraction | int]
    first_places: int
    medals: tuple[int, ...] = ()
    reasons: tuple[Sentence, ...] = ()
    given: tuple[GivenPoints, ...] = ()


def counted(
    rule: WholeDelegationRule,
    contests: Sequence[CountedContest],
    results: Sequence[EntryBrings],
    delegations: Iterable[str],
    given: Mapping[str, Sequence[GivenPoints]],
) -> dict[str, CountedSum]:
    """The sum of each delegation with its reasons, by code. The order in which results come means nothing."""
    codes = sorted(delegations)
    reasons: dict[str, list[Sentence]] = {code: [] for code in codes}
    # what counts, and what only shows that the delegation took part (a place, a result that does not count)
    counts: dict[str, list[EntryBrings]] = {code: [] for code in codes}
    beside: list[Contribution] = []
    for contest in contests:
        own = [each for each in results if each.contest == contest.code]
        valued, last = scaled(rule, contest, own)
        for code in codes:
            of_one = _stated(rule, contest, [each for each in valued if each.delegation == code], last, reasons[code])
            if not of_one and rule.missing is not None:
                of_one = [_of_nobody(contest, code, _value(rule.missing, last), reasons[code])]
            if rule.scaled_to_milli is not None and any(each.rank is not None for each in of_one):
                reached = Fraction(sum(each.points for each in of_one if each.rank is not None))
                reasons[code].append(_said(SCALED, contest.name, reached, scale=Points(rule.scaled_to_milli)))
            counts[code] += _of_contest(rule, contest, of_one, reasons[code])
            beside += [Contribution(code, each.contest, 0, each.rank) for each in of_one if each.entry]
    names = {each.code: each.name for each in contests}
    for code in codes:
        counts[code] = _of_all(rule, names, counts[code], reasons[code])
    won = medals(rule.medals, results, codes)
    brought = [Contribution(code, each.contest, each.points) for code in codes for each in counts[code]]
    return {
        each.delegation: _with_given(each, rule, won[each.delegation], reasons[each.delegation], given)
        for each in delegation_sums([*beside, *brought], codes)
    }


def _with_given(
    each: DelegationSum,
    rule: WholeDelegationRule,
    won: tuple[int, ...],
    reasons: Sequence[Sentence],
    given: Mapping[str, Sequence[GivenPoints]],
) -> CountedSum:
    """With the points that were given or taken, which prizes that are counted leave no room for, and all that is said."""
    own = () if rule.sum is WholeOrder.MEDALS else tuple(given.get(each.delegation, ()))
    exact = Fraction(sum(each.by_contest.values())) + sum(one.milli for one in own)
    said = [*reasons, *map(given_words, own), *([medals_said(rule.medals, won)] if rule.medals else [])]
    points = 0 if rule.sum is WholeOrder.MEDALS else rounded(exact)
    return CountedSum(points, each.by_contest, each.first_places, won, tuple(said), own)


def scaled(
    rule: WholeDelegationRule, contest: CountedContest, results: Sequence[EntryBrings]
) -> tuple[list[EntryBrings], Fraction | int]:
    """The results on the common scale, and the points of the last place there; without a highest nobody has points."""
    placed = [each.points for each in results if each.rank is not None]
    if rule.scaled_to_milli is None:
        return list(results), min(placed, default=0)
    top = contest.highest if rule.scaled_by is ScaledBy.POSSIBLE else max(placed, default=0)
    factor = Fraction(rule.scaled_to_milli, 1) / top if top and top > 0 else Fraction(0)
    return [replace(each, points=each.points * factor) for each in results], min(placed, default=0) * factor


def _value(stated: StatedPoints, last: Fraction | int) -> Fraction | int:
    return last if stated == LAST else int(stated or 0)


def _stated(
    rule: WholeDelegationRule,
    contest: CountedContest,
    results: Sequence[EntryBrings],
    last: Fraction | int,
    reasons: list[Sentence],
) -> list[EntryBrings]:
    """The results of one delegation, highest first, with the values that the rules state."""
    values: Mapping[ResultState, StatedPoints] = {
        ResultState.DNS: rule.missing,
        ResultState.DNF: rule.withdrawn,
        ResultState.DSQ: rule.disqualified,
    }
    found = []
    for each in sorted(results, key=lambda one: one.entry):
        stated = values.get(each.state)
        if stated is None:
            found.append(each)
            continue
        found.append(replace(each, points=_value(stated, last)))
        reasons.append(_said(STATED_WORDS[each.state], contest.name, found[-1].points))
    return sorted(found, key=lambda one: (-one.points, one.entry))


def _of_nobody(contest: CountedContest, code: str, points: Fraction | int, reasons: list[Sentence]) -> EntryBrings:
    reasons.append(_said(NO_ENTRY, contest.name, points))
    return EntryBrings(code, contest.code, "", ResultState.DNS, None, points)


def _of_contest(
    rule: WholeDelegationRule, contest: CountedContest, results: Sequence[EntryBrings], reasons: list[Sentence]
) -> list[EntryBrings]:
    """Those of one contest that count, highest first."""
    most = 1 if rule.credit is Credit.BEST else rule.best_of_contest
    kept = list(results[:most])
    reasons += [_said(BEYOND, contest.name, each.points, best=most or 0) for each in results[len(kept) :]]
    if rule.credit is Credit.MEAN and len(kept) > 1:
        mean = Fraction(sum(each.points for each in kept)) / len(kept)
        reasons.append(_said(MEAN, contest.name, mean, n=len(kept)))
        return [replace(kept[0], points=mean)]
    return kept


def _of_all(
    rule: WholeDelegationRule, names: Mapping[str, str], results: Sequence[EntryBrings], reasons: list[Sentence]
) -> list[EntryBrings]:
    """Those of all contests together that count. Of equal ones the contest that stands first, then the entry's code."""
    if rule.best is None:
        return list(results)
    place = {code: at for at, code in enumerate(names)}
    best = sorted(results, key=lambda each: (-each.points, place[each.contest], each.entry))
    reasons += [_said(BEYOND_ALL, names[each.contest], each.points, best=rule.best) for each in best[rule.best :]]
    return best[: rule.best]


def _said(words: Sentence, contest: str, points: Fraction | int, **values: Points | int) -> Sentence:
    return words.filled(contest=contest, points=Points(rounded(Fraction(points))), **values)


def medals(
    names: Sequence[str], results: Iterable[EntryBrings], delegations: Iterable[str]
) -> dict[str, tuple[int, ...]]:
    """How many prizes of each name, by code of delegation."""
    won = {code: dict.fromkeys(names, 0) for code in delegations}
    for each in results:
        if each.prize in names:
            won[each.delegation][each.prize] += 1
    return {code: tuple(counts.values()) for code, counts in won.items()}


def medals_said(names: Sequence[str], won: Sequence[int]) -> Sentence:
    """«Giải được đếm: 2 Nhất, 0 Nhì.»"""
    counts = [COUNT.filled(n=n, prize=name) for name, n in zip(names, won, strict=True)]
    said = counts[0]
    for each in counts[1:]:
        said = TWO.filled(one=said, two=each)
    return MEDALS.filled(counts=said)


def order_values(by: WholeOrder, sums: Mapping[str, CountedSum]) -> dict[str, int]:
    """What delegations are ranked by, the most first: points, or a number that stands for the prizes they have."""
    if by is not WholeOrder.MEDALS:
        return {code: each.points_milli for code, each in sums.items()}
    levels = {won: at for at, won in enumerate(sorted({each.medals for each in sums.values()}))}
    return {code: levels[each.medals] for code, each in sums.items()}
