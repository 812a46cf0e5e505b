"""What does the whole file state?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.editions.rules.contest import ContestRule
from festival.editions.rules.edition import DelegationRule, FestivalRule, QuotasRule, Source, SpecialPrizeRule
from festival.editions.rules.whole import WholeDelegationRule


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The whole file as values."""

    about: str | None
    invented: tuple[str, ...]
    sources: tuple[Source, ...]
    festival: FestivalRule
    quotas: QuotasRule
    delegations: tuple[DelegationRule, ...]
    contests: tuple[ContestRule, ...]
    whole_delegation: WholeDelegationRule | None
    special_prizes: tuple[SpecialPrizeRule, ...]
