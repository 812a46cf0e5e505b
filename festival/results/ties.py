"""Who stands before whom when the points are equal?

The ladder is data of the contest (``editions.rules.ties.TieRule``): a higher mark of a criterion, less overtime, the better
best attempt, a better place in another contest, more first places, more members on stage, a third marking, a draw before
people, and last of all a recorded decision of the panel with its reason and the names of those who took it. A third marking
and a draw are held only when entries stand equal at their rung, about exactly these, and are read from their record. Nothing
here is random, and nothing is decided by the order in which rows happen to come: what the ladder cannot part stays shared
and is said to be open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from festival.contests.panel import rounded
from festival.core.sentence import N_, Points, Sentence, Stopped, Value


class Shown(StrEnum):
    """How a fact is written in a reason."""

    POINTS = "points"
    COUNT = "count"
    TIME = "time"
    LOT = "lot"


class AskedOf(StrEnum):
    """A rung whose facts are made when entries stand equal at it, before people, and recorded."""

    MARKING = "marking"
    DRAW = "draw"


Facts = Mapping[str, Fraction | int | None]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder with the facts it looks at: by entry, None where the fact does not exist.

    `name` is a sentence, or the name of a criterion or contest as the rules of the festival write it. `absent`: the words
    for an entry without the fact where having none is itself a fact (no second good try): it stands behind all others.
    `among`: the facts depend on who stands equal. `asks`: they are read (`read`) from what was recorded at this rung about
    exactly these; without a record nobody is parted further.
    """

    name: Sentence | str
    facts: Mapping[str, Fraction | int | None]
    higher_wins: bool = True
    shown: Shown = Shown.POINTS
    absent: Sentence | None = None
    among: Callable[[Sequence[str]], Mapping[str, int]] | None = None
    asks: AskedOf | None = None
    read: Callable[[Mapping[str, Any]], Facts] | None = None


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
class TieRecord:
    """A third marking or a draw about exactly these entries. `held` False: the panel went past this rung and said why."""

    asks: AskedOf
    entries: frozenset[str]
    content: Mapping[str, Any]
    held: bool
    reason: str
    names: tuple[str, ...]


Settling = TieDecision | TieRecord


@dataclass(frozen=True, slots=True)
class Come:
    """Entries that came to a rung which asks for a record."""

    asks: AskedOf
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parted:
    """Entries that share one place after the whole ladder, and why they stand where they stand.

    ``open`` is true when several share and nobody has decided that they should. `waits`: they wait at this rung for its
    record. `come`: the rungs with a record they came to on their way, and together with whom.
    """

    entries: tuple[str, ...]
    reasons: tuple[Sentence, ...]
    open: bool
    waits: AskedOf | None = None
    come: tuple[Come, ...] = ()


MISSING = N_("Bằng điểm, chưa xét được «%(rung)s»: thiếu số liệu.")
BY_RUNG = N_("Bằng điểm, xét «%(rung)s»: %(fact)s.")
BY_PANEL = N_("Bằng điểm, ban giám khảo quyết định: %(reason)s (%(names)s).")
SHARED_BY_PANEL = N_("Bằng điểm, ban giám khảo cho đồng hạng: %(reason)s (%(names)s).")
STILL_EQUAL = N_("Bằng điểm, đồng hạng: các bậc xét chưa phân định được.")
AWAITED = {
    AskedOf.MARKING: N_("Bằng điểm, chờ chấm lại."),
    AskedOf.DRAW: N_("Bằng điểm, chờ bốc thăm."),
}
NOT_HELD = {
    AskedOf.MARKING: N_("Bằng điểm, không chấm lại: %(reason)s (%(names)s)."),
    AskedOf.DRAW: N_("Bằng điểm, không bốc thăm: %(reason)s (%(names)s)."),
}
LOT = N_("lá thăm thứ %(n)s")


def written_fact(fact: Fraction | int, shown: Shown) -> Value:
    if shown is Shown.LOT:
        return LOT.filled(n=int(fact))
    if shown is Shown.COUNT:
        return fact if isinstance(fact, int) else str(fact)
    whole = rounded(Fraction(fact))
    return Stopped(whole) if shown is Shown.TIME else Points(whole)


def record_of(decisions: Sequence[Settling], asks: AskedOf, group: Sequence[str]) -> TieRecord | None:
    """What was recorded at a rung about exactly these entries."""
    for each in reversed(decisions):
        if isinstance(each, TieRecord) and each.asks is asks and each.entries == frozenset(group):
            return each
    return None


def decision_of(decisions: Sequence[Settling], group: Sequence[str]) -> TieDecision | None:
    """The last decision of the panel about this very group: the one in force."""
    for each in reversed(decisions):
        if isinstance(each, TieDecision) and each.entries == frozenset(group):
            return each
    return None


def part(entries: Sequence[str], ladder: Sequence[Rung], decisions: Sequence[Settling] = ()) -> tuple[Parted, ...]:
    """Part a group of equal points by the ladder, best first.

    A rung for which a fact of any member is missing parts nobody of that group (comparing a number with nothing would
    favour one side), unless the rung says what it means to have none; the next rung is tried. A decision counts only for exactly the group it was taken about: when a
    later correction changes who is equal, it is stale and the question is open again.
    """
    return _part(tuple(sorted(entries)), tuple(ladder), decisions, (), ())


def _part(
    group: tuple[str, ...],
    ladder: tuple[Rung, ...],
    decisions: Sequence[Settling],
    reasons: tuple[Sentence, ...],
    come: tuple[Come, ...],
) -> tuple[Parted, ...]:
    if len(group) == 1:
        return (Parted(group, reasons, open=False, come=come),)
    if not ladder:
        return _decided(group, decisions, reasons, come)
    rung, rest = ladder[0], ladder[1:]
    if rung.asks is not None:
        come = (*come, Come(rung.asks, group))
        record = record_of(decisions, rung.asks, group)
        if record is None:
            return (Parted(group, (*reasons, AWAITED[rung.asks]), open=True, waits=rung.asks, come=come),)
        if not record.held:
            said = NOT_HELD[rung.asks].filled(reason=record.reason, names=", ".join(record.names))
            return _part(group, rest, decisions, (*reasons, said), come)
    of_group = facts_of(rung, group, decisions)
    facts = {entry: of_group.get(entry) for entry in group}
    known = {fact for fact in facts.values() if fact is not None}
    if rung.absent is None and None in facts.values():
        return _part(group, rest, decisions, (*reasons, MISSING.filled(rung=rung.name)), come)
    levels: list[Fraction | int | None] = [*sorted(known, reverse=rung.higher_wins)]
    if None in facts.values():
        levels.append(None)
    if len(levels) == 1:
        return _part(group, rest, decisions, reasons, come)
    parted: list[Parted] = []
    for level in levels:
        shown = rung.absent or "" if level is None else written_fact(level, rung.shown)
        said = BY_RUNG.filled(rung=rung.name, fact=shown)
        subgroup = tuple(entry for entry in group if facts[entry] == level)
        parted += _part(subgroup, rest, decisions, (*reasons, said), come)
    return tuple(parted)


def facts_of(rung: Rung, group: Sequence[str], decisions: Sequence[Settling]) -> Facts:
    """The facts of a rung for exactly these entries."""
    if rung.asks is not None and rung.read is not None:
        record = record_of(decisions, rung.asks, group)
        return rung.read(record.content) if record is not None and record.held else {}
    return rung.among(group) if rung.among else rung.facts


def _decided(
    group: tuple[str, ...], decisions: Sequence[Settling], reasons: tuple[Sentence, ...], come: tuple[Come, ...]
) -> tuple[Parted, ...]:
    decision = decision_of(decisions, group)
    if decision is None:
        return (Parted(group, (*reasons, STILL_EQUAL), open=True, come=come),)
    said = {"reason": decision.reason, "names": ", ".join(decision.names)}
    return tuple(
        Parted(
            tuple(sorted(members)),
            (*reasons, (BY_PANEL if len(members) == 1 else SHARED_BY_PANEL).filled(**said)),
            open=False,
            come=come,
        )
        for members in decision.order
    )
