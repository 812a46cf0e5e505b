"""What may the panel of a locked contest still decide, and what has it decided and may decide anew?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from festival.judging.tally import Tally
from festival.results.decisions import Decisions, entries_decided
from festival.results.prizes import PrizeQuestion
from festival.results.standings import RankedEntry
from festival.results.table import compute_table


@dataclass(frozen=True, slots=True)
class Agenda:
    """What the panel may decide in a locked contest: what waits, and what it has decided already and may decide anew."""

    unsettled: tuple[RankedEntry, ...]
    few: Mapping[str, int]  # entries with fewer sheets than the smallest panel, with how many there are
    ties: tuple[tuple[RankedEntry, ...], ...]
    questions: tuple[PrizeQuestion, ...]
    decided: Decisions

    def answered(self, kind: str, entries: Iterable[str]) -> bool:
        """Whether a decision of this kind about exactly these entries is recorded."""
        about = frozenset(entries)
        return any(row.kind == kind and entries_decided(row) == about for row in self.decided.rows)


def agenda_of(tallied: Tally, decided: Decisions) -> Agenda:
    """Each kind of question as it stands with the answers of the other kinds only."""
    unanswered = compute_table(tallied, settled=True)
    return Agenda(
        tuple(each for each in unanswered.unsettled if each.entry not in unanswered.few),
        unanswered.few,
        compute_table(tallied, settled=True, out=decided.out, few=decided.few).ties,
        compute_table(tallied, decided.ties, settled=True, out=decided.out, few=decided.few).prizes.questions,
        decided,
    )
