"""Who stands before whom when the points are equal?

The ladder is data of the contest (``editions.rules.ties.TieRule``): a higher mark of a criterion, less overtime, the better
best attempt, a better place in another contest, more first places, more members on stage, and last of all a recorded
decision of the panel with its reason and the names of those who took it. Nothing here is random, and nothing is decided
by the order in which rows happen to come: what the ladder cannot part stays shared and is said to be open.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from festival.contests.panel import rounded
from festival.core.sentence import N_, Points, Sentence, Stopped, Value


class Shown(StrEnum):
    """How a fact is written in a reason."""

    POINTS = "points"
    COUNT = "count"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder with the facts it looks at: by entry, None where the fact does not exist.

    `name` is a sentence, or the name of a criterion or contest as the rules of the festival write it. `absent`: the words
    for an entry without the fact where having none is itself a fact (no second good try): it stands behind all others.
    `among`: the facts depend on who stands equal.
    """

    name: Sentence | str
    facts: Mapping[str, Fraction | int | None]
    higher_wins: bool = True
    shown: Shown = Shown.POINTS
    absent: Sentence | None = None
    among: Callable[[Sequence[str]], Mapping[str, int]] | None = None


@dataclass(frozen=True, slots=True)
class TieDecision:
    """The panel put ``order[0]`` before ``order[1]`` …; a group of several stays shared by the panel's own will."""

    order: tuple[tuple[str, ...], ...]
    reason: str
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        members = [entry for group in self.order for entry in group]
        if len(members) < 2 or len(set(members)) != len(members) or not all(self.order):
            raise ValueError("a decision orders at least two entries, each once")
        if not self.reason.strip() or not self.names:
            raise ValueError("a decision of the panel carries its reason and the names of those who took it")

    @property
    def entries(self) -> frozenset[str]:
        return frozenset(entry for group in self.order for entry in group)


@dataclass(frozen=True, slots=True)
class Parted:
    """Entries that share one place after the whole ladder, and why they stand where they stand.

    ``open`` is true when several share and nobody has decided that they should.
    """

    entries: tuple[str, ...]
    reasons: tuple[Sentence, ...]
    open: bool


MISSING = N_("Bằng điểm, chưa xét được «%(rung)s»: thiếu số liệu.")
BY_RUNG = N_("Bằng điểm, xét «%(rung)s»: %(fact)s.")
BY_PANEL = N_("Bằng điểm, ban giám khảo quyết định: %(reason)s (%(names)s).")
SHARED_BY_PANEL = N_("Bằng điểm, ban giám khảo cho đồng hạng: %(reason)s (%(names)s).")
STILL_EQUAL = N_("Bằng điểm, đồng hạng: các bậc xét chưa phân định được.")


def written_fact(fact: Fraction | int, shown: Shown) -> Value:
    if shown is Shown.COUNT:
        return fact if isinstance(fact, int) else str(fact)
    whole = rounded(Fraction(fact))
    return Stopped(whole) if shown is Shown.TIME else Points(whole)


def part(entries: Sequence[str], ladder: Sequence[Rung], decisions: Sequence[TieDecision] = ()) -> tuple[Parted, ...]:
    """Part a group of equal points by the ladder, best first.

    A rung for which a fact of any member is missing parts nobody of that group (comparing a number with nothing would
    favour one side), unless the rung says what it means to have none; the next rung is tried. A decision counts only for exactly the group it was taken about: when a
    later correction changes who is equal, it is stale and the question is open again.
    """
    return _part(tuple(sorted(entries)), tuple(ladder), decisions, ())


def _part(
    group: tuple[str, ...],
    ladder: tuple[Rung, ...],
    decisions: Sequence[TieDecision],
    reasons: tuple[Sentence, ...],
) -> tuple[Parted, ...]:
    if len(group) == 1:
        return (Parted(group, reasons, open=False),)
    if not ladder:
        return _decided(group, decisions, reasons)
    rung, rest = ladder[0], ladder[1:]
    of_group = rung.among(group) if rung.among else rung.facts
    facts = {entry: of_group.get(entry) for entry in group}
    known = {fact for fact in facts.values() if fact is not None}
    if rung.absent is None and None in facts.values():
        return _part(group, rest, decisions, (*reasons, MISSING.filled(rung=rung.name)))
    levels: list[Fraction | int | None] = [*sorted(known, reverse=rung.higher_wins)]
    if None in facts.values():
        levels.append(None)
    if len(levels) == 1:
        return _part(group, rest, decisions, reasons)
    parted: list[Parted] = []
    for level in levels:
        shown = rung.absent or "" if level is None else written_fact(level, rung.shown)
        said = BY_RUNG.filled(rung=rung.name, fact=shown)
        subgroup = tuple(entry for entry in group if facts[entry] == level)
        parted += _part(subgroup, rest, decisions, (*reasons, said))
    return tuple(parted)


def _decided(
    group: tuple[str, ...], decisions: Sequence[TieDecision], reasons: tuple[Sentence, ...]
) -> tuple[Parted, ...]:
    # the last decision about this very group is the one in force
    decision = next((each for each in reversed(decisions) if each.entries == frozenset(group)), None)
    if decision is None:
        return (Parted(group, (*reasons, STILL_EQUAL), open=True),)
    said = {"reason": decision.reason, "names": ", ".join(decision.names)}
    return tuple(
        Parted(
            tuple(sorted(members)),
            (*reasons, (BY_PANEL if len(members) == 1 else SHARED_BY_PANEL).filled(**said)),
            open=False,
        )
        for members in decision.order
    )
