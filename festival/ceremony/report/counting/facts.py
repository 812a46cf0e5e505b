"""What is known of a festival that its report counts? Plain values, read once and counted by `figures`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from festival.ceremony.report.counting.groups import AgeSpan, HouseholdKind, SexCounted


@dataclass(frozen=True, slots=True)
class CountedUnit:
    """A delegation; `head`: what is written down of the sex of who leads it."""

    id: int
    code: str
    name: str
    head_name: str
    head: SexCounted


@dataclass(frozen=True, slots=True)
class CountedFamily:
    """A family that takes part."""

    id: int
    unit: int
    name: str
    kind: HouseholdKind


@dataclass(frozen=True, slots=True)
class CountedPerson:
    """Somebody who takes part, in a family or beside them; `badge`: as what; `came`: was let in on any day."""

    id: int
    unit: int | None
    family: int | None
    name: str
    under: str
    sex: SexCounted
    age: AgeSpan
    badge: str
    came: bool


@dataclass(frozen=True, slots=True)
class ReportContest:
    """A contest. `cooks`: dishes are cooked in it; `sport`: it is run, kicked or played; `released`: its awards may be read."""

    id: int
    code: str
    name: str
    cooks: bool
    sport: bool
    released: bool


@dataclass(frozen=True, slots=True)
class CountedEntry:
    """Who takes part in a contest, and who performs in it: by person."""

    id: int
    contest: int
    unit: int
    name: str
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CountedAward:
    """A prize that may be read aloud; `contest` None: of the whole delegation. `sex`: of the family's representative; `team`: of
    a mixed team, which has none.
    """

    contest: int | None
    prize: str
    position: int
    special: bool
    unit: int
    name: str
    sex: SexCounted
    team: bool = False


@dataclass(frozen=True, slots=True)
class CountedTurn:
    """A published turn: how many minutes after its time it began; None: it did not, `absent` says that nobody was there."""

    contest: int
    name: str
    under: str
    late_min: int | None
    absent: bool


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All of it. `ethnic`: numbers of five or more, as the room of privacy lets them be shown; None: nothing may be."""

    units: tuple[CountedUnit, ...] = ()
    families: tuple[CountedFamily, ...] = ()
    people: tuple[CountedPerson, ...] = ()
    performing: Mapping[int, CountedPerson] = field(default_factory=dict)
    contests: tuple[ReportContest, ...] = ()
    entries: tuple[CountedEntry, ...] = ()
    awards: tuple[CountedAward, ...] = ()
    turns: tuple[CountedTurn, ...] = ()
    panel: tuple[str, ...] = ()  # who sits in a panel now, by name
    panel_sex: Mapping[str, SexCounted] = field(default_factory=dict)  # what the organiser wrote down of them
    published: bool = False
    ethnic: tuple[tuple[str, int], ...] = ()
    ethnic_others: int = 0

    @property
    def members(self) -> list[CountedPerson]:
        """The people of families."""
        return [each for each in self.people if each.family is not None]

    @property
    def unit_names(self) -> dict[int, str]:
        return {each.id: each.name for each in self.units}
