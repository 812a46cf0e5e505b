"""Who just missed a prize, and who gains or loses when one bound moves? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from festival.results.prizes import Prizes, by_rank
from festival.results.standings import RankedEntry

WAITS = None  # of an entry the panel has yet to decide about
NONE = ""


@dataclass(frozen=True, slots=True)
class JustMissed:
    """Who stands next beneath the last that a place brings this prize, and how far: in the unit of the results."""

    prize: str
    entries: tuple[str, ...]
    rank: int
    short: int | None


@dataclass(frozen=True, slots=True)
class PrizeChange:
    """What an entry would receive instead; `WAITS`: the panel would be asked, `NONE`: nothing."""

    entry: str
    before: str | None
    after: str | None


def prize_by_entry(table: Sequence[RankedEntry], prizes: Prizes) -> dict[str, str | None]:
    """Of every entry with a place, best first."""
    given = {each.entry: each.prize for each in prizes.awards}
    waiting = {entry for question in prizes.questions for entry in question.entries}
    placed = [each.entry for members in by_rank(table).values() for each in members]
    return {entry: WAITS if entry in waiting else given.get(entry, NONE) for entry in placed}


def just_missed(table: Sequence[RankedEntry], prizes: Prizes) -> dict[str, JustMissed]:
    """By prize. What the panel decided of a place moves no border."""
    groups = by_rank(table)
    by_rule = [each for each in prizes.awards if not each.decided and each.rank is not None]
    found: dict[str, JustMissed] = {}
    for prize in dict.fromkeys(each.prize for each in by_rule):
        ranks = [each.rank for each in by_rule if each.prize == prize and each.rank is not None]
        ranks += [question.rank for question in prizes.questions if prize in question.seats]
        last = max(ranks)
        following = next((rank for rank in groups if rank > last), None)
        if following is None:
            continue
        values = groups[last][0].value, groups[following][0].value
        short = None if None in values else abs((values[0] or 0) - (values[1] or 0))
        found[prize] = JustMissed(prize, tuple(each.entry for each in groups[following]), following, short)
    return found


def changes(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> tuple[PrizeChange, ...]:
    """Who would receive something else, best first."""
    return tuple(PrizeChange(entry, own, after[entry]) for entry, own in before.items() if after[entry] != own)
