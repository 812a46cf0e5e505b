"""What may the panel of a locked contest still decide, and what has it decided and may decide anew?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from festival.judging.tally import Tally
from festival.results.decisions import Decisions, entries_decided
from festival.results.prizes import PrizeQuestion, by_rank
from festival.results.standings import RankedEntry
from festival.results.table import come_to, compute_table, waiting_rungs
from festival.results.ties import Come


@dataclass(frozen=True, slots=True)
class Agenda:
    """What the panel may decide in a locked contest: what waits, and what it has decided already and may decide anew."""

    unsettled: tuple[RankedEntry, ...]
    few: Mapping[str, int]  # entries with fewer sheets than the smallest panel, with how many there are
    ties: tuple[tuple[RankedEntry, ...], ...]
    questions: tuple[PrizeQuestion, ...]
    decided: Decisions
    rungs: tuple[Come, ...] = ()  # groups that came to a third marking or a draw, answered or not
    groups: tuple[tuple[str, ...], ...] = ()  # who stands on each place: what prizes can be decided about

    def answered(self, kind: str, entries: Iterable[str]) -> bool:
        """Whether a decision of this kind about exactly these entries is recorded and not taken back."""
        about = frozenset(entries)
        rows = [row for row in self.decided.rows if row.kind == kind and entries_decided(row) == about]
        return bool(rows) and "takes_back" not in rows[-1].content


def agenda_of(tallied: Tally, decided: Decisions) -> Agenda:
    """Each kind of question as it stands with the answers of the other kinds only."""
    unanswered = compute_table(tallied, settled=True)
    equal = compute_table(tallied, decided.records, settled=True, out=decided.out, few=decided.few)
    table = compute_table(tallied, decided.ties, (), decided.vacant, settled=True, out=decided.out, few=decided.few)
    return Agenda(
        tuple(each for each in unanswered.unsettled if each.entry not in unanswered.few),
        unanswered.few,
        equal.ties,
        ripe(table.prizes.questions, table.standings),
        decided,
        come_to(equal.standings),
        placed_groups(table.standings),
    )


def placed_groups(places: Sequence[RankedEntry]) -> tuple[tuple[str, ...], ...]:
    """Who stands on each place, without those that a third marking or a draw may still part."""
    waiting = {entry for come in waiting_rungs(places) for entry in come.entries}
    found = (tuple(each.entry for each in members) for members in by_rank(places).values())
    return tuple(group for group in found if not waiting.intersection(group))


def ripe(questions: Sequence[PrizeQuestion], places: Sequence[RankedEntry]) -> tuple[PrizeQuestion, ...]:
    """The questions about prizes without those that a third marking or a draw may still answer."""
    waiting = {entry for come in waiting_rungs(places) for entry in come.entries}
    return tuple(each for each in questions if not waiting.intersection(each.entries))
