"""What are the rules of one edition?

The values of a rule set and the keys a file may say them by, documented key by key in docs/ruleset.md; `document` and
`ruleset_reader` read the file. Points are integers of 1/1000 point inside (`*_milli`), minutes and seconds carry their unit in the name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from festival.core.sentence import Points

SCHEMA = "family-festival-ruleset/1"

# What the file may say, key by key: object -> key -> is it required. docs/ruleset.md has one table for each object.
SHAPES: Mapping[str, Mapping[str, bool]] = {
    "ruleset": {
        "schema": True,
        "about": False,
        "invented": False,
        "sources": True,
        "festival": True,
        "quotas": False,
        "delegations": False,
        "contests": True,
        "whole_delegation": False,
        "special_prizes": False,
    },
    "source": {"url": False, "what": False, "date": False},
    "festival": {
        "code": True,
        "name": True,
        "short_name": False,
        "ordinal": False,
        "theme": False,
        "organiser": True,
        "host": False,
        "venue": False,
        "starts_on": True,
        "ends_on": True,
        "registration_closes_on": False,
        "data_kept_until": False,
        "help_line": False,
        "commune_contest": False,
    },
    "quotas": {"families_per_delegation": False, "members_per_family": False, "contests_per_family": False},
    "span": {"min": True, "max": True},
    "delegation": {"code": True, "name": True, "unit_code": False},
    "contest": {
        "code": True,
        "name": True,
        "part": False,
        "kind": True,
        "secrecy": True,
        "entry": False,
        "entries_per_delegation": False,
        "performers": False,
        "duration_min": True,
        "changeover_min": False,
        "together_min": False,
        "overtime": False,
        "judges": False,
        "criteria": False,
        "total": False,
        "scoring": False,
        "better": False,
        "attempts": False,
        "unit_label": False,
        "best_possible": False,
        "points_per_answer": False,
        "points_scale": False,
        "shared_from": False,
        "ties": False,
        "place_points": False,
        "prizes": False,
    },
    "part": {"code": True, "name": True},
    "overtime": {"grace_s": True, "minus_per_started_minute": True, "limit": False},
    "criterion": {"code": True, "name": True, "min": False, "max": True, "step": True, "descriptors": False},
    "descriptor": {"from": True, "text": True},
    "scoring": {
        "rule": True,
        "delta": False,
        "strict": False,
        "passes": False,
        "smallest_panel": False,
        "below": False,
        "all_dropped": False,
        "round": False,
    },
    "scale_step": {"reach": True, "points": True},
    "tie": {"by": True, "criterion": False, "contest": False},
    "prize": {"name": True, "count": True},
    "whole_delegation": {"sum": True, "ties": True, "prizes": True},
    "special_prize": {"name": True, "contest": False},
}


class ResultKindRule(StrEnum):
    """The five ways a contest is decided (product.md, fact 5)."""

    RUBRIC = "rubric"
    COUNT = "count"
    TIME = "time"
    MATCH = "match"
    QUIZ = "quiz"


class SecrecyRule(StrEnum):
    """When the public may know."""

    SEALED = "kín"
    AT_ONCE = "công bố ngay"


class EntryKind(StrEnum):
    """Who enters a contest."""

    FAMILY = "family"
    TEAM = "team"


class ScoringKind(StrEnum):
    """How a panel's totals become points."""

    MEAN = "mean"
    DEVIATION_DROP = "deviation_drop"


class Passes(StrEnum):
    """How often deviating marks are dropped."""

    ONE = "one"
    REPEATED = "repeated"


class Shortfall(StrEnum):
    """What happens when dropping cannot be done as written: nobody is dropped, or there is no valid result."""

    KEEP_ALL = "keep_all"
    NOT_VALID = "not_valid"


class Better(StrEnum):
    """Which measured value wins: more balls, fewer seconds, or (slow motorbike) more seconds."""

    MORE = "more"
    LESS = "less"


class TieStep(StrEnum):
    """The rungs of a tie ladder. The last rung is always a recorded decision of the panel, never chance."""

    CRITERION = "criterion"
    LESS_OVERTIME = "less_overtime"
    BEST_ATTEMPT = "best_attempt"
    CONTEST = "contest"
    FIRST_PLACES = "first_places"
    MEMBERS = "members"
    PANEL = "jury"


class WholeSum(StrEnum):
    """What is added up for a delegation."""

    POINTS = "points"
    PLACE_POINTS = "place_points"


@dataclass(frozen=True, slots=True)
class Span:
    """An inclusive range of a count."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read."""

    url: str | None
    what: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class FestivalRule:
    """The edition itself."""

    code: str
    name: str
    short_name: str
    ordinal: str | None
    theme: str | None
    organiser: str
    host: str | None
    venue: str | None
    starts_on: date
    ends_on: date
    registration_closes_on: date | None
    data_kept_until: date | None
    help_line: str | None
    commune_contest: bool = False


@dataclass(frozen=True, slots=True)
class QuotasRule:
    """Limits for registration; None is no limit."""

    families_per_delegation: Span | None
    members_per_family: Span | None
    contests_per_family: Span | None


@dataclass(frozen=True, slots=True)
class DelegationRule:
    """A delegation expected at the festival; a school or an agency has no official unit code."""

    code: str
    name: str
    unit_code: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """The heading several contests share: `Gia đình thể thao` over three items, each with a kind of its own."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OvertimeRule:
    """`minus_milli` off for each minute begun after the time allowed plus the grace, `limit_milli` at most."""

    grace_s: int
    minus_milli: int
    limit_milli: int | None


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a mark from `from_milli` upward means, as the judge reads it beside the criterion."""

    from_milli: int
    text: str


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """An aspect judged, with its scale."""

    code: str
    name: str
    min_milli: int
    max_milli: int
    step_milli: int
    descriptors: tuple[Descriptor, ...]


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """`deviation_drop`: the mean of all, then drop each mark further than `delta_milli` from it, then the mean of the
    rest (regulations of the Ministry of Culture, 2010 and 2016). `strict` drops only marks *further* than δ; not strict
    drops marks exactly δ away too. `smallest_panel` counts the judges who marked; `below` and `all_dropped` say what
    happens when the rule cannot be applied as written; an entry's points are rounded once, to `round_milli`.
    """

    kind: ScoringKind
    delta_milli: int
    strict: bool
    passes: Passes
    smallest_panel: int
    below: Shortfall
    all_dropped: Shortfall
    round_milli: int


@dataclass(frozen=True, slots=True)
class TieRule:
    """One rung of a tie ladder."""

    by: TieStep
    criterion: str | None
    contest: str | None


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """Whoever reaches `reach_milli` (1/1000 of what is counted, or ms) brings `points_milli`."""

    reach_milli: int
    points_milli: int


@dataclass(frozen=True, slots=True)
class PrizeRule:
    """`count` is None for the prize that all the rest receive."""

    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class SpecialPrizeRule:
    """A prize outside the ranking."""

    name: str
    contest: str | None


@dataclass(frozen=True, slots=True)
class ContestRule:
    """Everything a contest is fixed by before its first mark."""

    code: str
    name: str
    part: Part | None
    kind: ResultKindRule
    secrecy: SecrecyRule
    entry: EntryKind
    entries_per_delegation: Span | None
    performers: Span | None
    duration_min: int
    changeover_min: int
    together_min: int
    overtime: OvertimeRule | None
    judges: int
    criteria: tuple[CriterionRule, ...]
    scoring: ScoringRule | None
    better: Better
    attempts: int
    unit_label: str | None
    best_possible: int | None
    points_per_answer_milli: int | None
    points_scale: tuple[ScaleStep, ...]
    shared_from: int | None
    ties: tuple[TieRule, ...]
    place_points_milli: tuple[int, ...]
    prizes: tuple[PrizeRule, ...]

    @property
    def total_milli(self) -> int:
        """The highest mark one judge can give: always the sum of the criteria."""
        return sum(criterion.max_milli for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class WholeDelegationRule:
    """How delegations are ranked."""

    sum: WholeSum
    ties: tuple[TieRule, ...]
    prizes: tuple[PrizeRule, ...]


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


def plain(milli: int) -> str:
    """Points as written in Vietnamese: 8750 -> «8,75»."""
    return str(Points(milli))
