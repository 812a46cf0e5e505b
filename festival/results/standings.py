"""In what order do the entries of a contest stand, and why?

Competition ranking (1, 2, 2, 4): entries that nothing parts share a place and the places they fill are skipped. The
order is by the contest's own measure (points or count: more wins; time: fast or slow wins), then down the tie ladder
(``ties``). Who did not start or did not finish is listed without a place, never with a zero. Places can be turned into
points by the contest's table, and those, or the points themselves, summed for the whole delegation (bảng điểm của thể
lệ; ``docs/judging.md``).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from festival.contests.panel import rounded
from festival.core.sentence import N_, Sentence
from festival.results.ties import AskedOf, Come, Parted, Rung, Settling, part


class ResultState(StrEnum):
    """How an entry came out. Only ``ranked`` carries a value."""

    RANKED = "ranked"
    DNS = "dns"
    DNF = "dnf"
    DSQ = "dsq"
    WAITING = "waiting"
    NOT_VALID = "not_valid"


class OnFewSheets(StrEnum):
    """What the panel says of an entry that fewer judges marked than the smallest panel."""

    ACCEPT = "accept"  # its result counts
    NONE = "none"  # it has no result
    WAIT = "wait"  # nothing yet: the contest is opened again, or the panel decides later


@dataclass(frozen=True, slots=True)
class FewDecision:
    """The panel's answer; it counts for exactly the number of sheets it was given about."""

    say: OnFewSheets
    marked: int
    reason: str
    names: tuple[str, ...]


STATE_REASONS: Mapping[ResultState, Sentence] = {
    ResultState.DNS: N_("Không dự thi."),
    ResultState.DNF: N_("Không hoàn thành phần thi."),
    ResultState.DSQ: N_("Bị loại theo thể lệ."),
    ResultState.WAITING: N_("Chưa có kết quả."),
    ResultState.NOT_VALID: N_("Chưa có kết quả hợp lệ: ban giám khảo phải quyết định."),
}


@dataclass(frozen=True, slots=True)
class EntryResult:
    """What one entry reached: 1/1000 points, a count, or milliseconds, by the kind of the contest."""

    entry: str
    state: ResultState
    value: int | None = None
    reasons: tuple[Sentence, ...] = ()
    decided: bool = False  # that it has no result

    def __post_init__(self) -> None:
        if (self.state is ResultState.RANKED) != (self.value is not None):
            raise ValueError("exactly a ranked entry carries a value")


@dataclass(frozen=True, slots=True)
class RankedEntry:
    """A place with its reasons. ``shared``: others stand on the same place. ``open``: and nobody decided they should.
    `waits`, `come`: the rungs of the ladder with a record, as of ``Parted``.
    """

    entry: str
    state: ResultState
    value: int | None
    rank: int | None
    shared: bool
    open: bool
    reasons: tuple[Sentence, ...]
    waits: AskedOf | None = None
    come: tuple[Come, ...] = ()


def standings(
    results: Iterable[EntryResult],
    *,
    higher_wins: bool,
    ladder: Sequence[Rung] = (),
    decisions: Sequence[Settling] = (),
    equal: Sentence | None = None,
) -> tuple[RankedEntry, ...]:
    """All entries, best first, those without a place last; within one place by code, which means nothing.

    `equal`: who shares a value was put on one place on purpose, and so it is said; there is no tie to part.

    The answer depends on the set of results only, not on the order in which they come.
    """
    every = sorted(results, key=lambda result: result.entry)
    if len({result.entry for result in every}) != len(every):
        raise ValueError("an entry has one result")
    by_value: dict[int, list[EntryResult]] = defaultdict(list)
    for result in every:
        if result.value is not None:
            by_value[result.value].append(result)
    own_reasons = {result.entry: result.reasons for result in every}
    placed: list[RankedEntry] = []
    for value in sorted(by_value, reverse=higher_wins):
        members = [result.entry for result in by_value[value]]
        settled = equal is not None and len(members) > 1
        groups = (
            (Parted(tuple(members), (equal,), open=False),) if equal and settled else part(members, ladder, decisions)
        )
        for group in groups:
            rank, shared = len(placed) + 1, len(group.entries) > 1
            placed += [
                RankedEntry(
                    entry,
                    ResultState.RANKED,
                    value,
                    rank,
                    shared,
                    group.open,
                    (*own_reasons[entry], *group.reasons),
                    group.waits,
                    group.come,
                )
                for entry in group.entries
            ]
    unplaced = [
        RankedEntry(
            result.entry,
            result.state,
            None,
            None,
            shared=False,
            open=result.state in (ResultState.WAITING, ResultState.NOT_VALID) and not result.decided,
            reasons=result.reasons or (STATE_REASONS[result.state],),
        )
        for result in every
        if result.state is not ResultState.RANKED
    ]
    return (*placed, *unplaced)


def place_points(table: Sequence[RankedEntry], points_milli: Sequence[int]) -> dict[str, int]:
    """Points for places: ``points_milli[0]`` for the first, nothing beyond the table.

    Everybody on a shared place receives the points of that place; entries without a place receive none.
    """
    return {
        each.entry: points_milli[each.rank - 1] if each.rank is not None and each.rank <= len(points_milli) else 0
        for each in table
    }


def scale_points(reached_milli: Fraction | int, scale: Sequence[tuple[int, int]], *, less_wins: bool) -> int:
    """Points by a stated scale of (reach, points), hardest step first; nothing for who reaches none of them."""
    for reach, points_milli in scale:
        if reached_milli <= reach if less_wins else reached_milli >= reach:
            return points_milli
    return 0


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one entry brings to its delegation from one contest."""

    delegation: str
    contest: str
    points_milli: Fraction | int
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class DelegationSum:
    delegation: str
    points_milli: int
    by_contest: Mapping[str, Fraction | int]
    first_places: int


def delegation_sums(contributions: Iterable[Contribution], delegations: Iterable[str]) -> tuple[DelegationSum, ...]:
    """The whole-delegation sums, by code of delegation; a delegation without any contribution stands with zero.

    Exact until the sum, which is rounded once.
    """
    by_contest: dict[str, dict[str, Fraction | int]] = {code: {} for code in delegations}
    firsts: dict[str, int] = dict.fromkeys(by_contest, 0)
    for each in contributions:
        if each.delegation not in by_contest:
            raise ValueError(f"points for a delegation that does not take part: {each.delegation}")
        parts = by_contest[each.delegation]
        parts[each.contest] = parts.get(each.contest, 0) + each.points_milli
        firsts[each.delegation] += each.rank == 1
    return tuple(
        DelegationSum(code, rounded(Fraction(sum(parts.values()))), dict(sorted(parts.items())), firsts[code])
        for code, parts in sorted(by_contest.items())
    )
