"""What does the rule set of an edition say about families, and which contests can one enter?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer, load_only

from festival.contests.models import Contest, EntrantKind
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.roster.eligibility import Bounds, ContestQuota, Quotas


@dataclass(frozen=True, slots=True)
class Rules:
    """What the festival's rule set says about registration, with the contests one can enter by code."""

    festival: Festival
    quotas: Quotas
    contests: dict[str, Contest]

    @property
    def names(self) -> dict[str, str]:
        """Contest code → name, in the order of the festival."""
        return {code: contest.name for code, contest in self.contests.items()}


# A contest's ladder, prizes and place points are long JSON that no question of registration needs.
_CONTEST_COLUMNS = load_only(
    Contest.festival_id,
    Contest.code,
    Contest.name,
    Contest.position,
    Contest.entrant,
    Contest.entries_min,
    Contest.entries_per_delegation,
    Contest.performers_min,
    Contest.performers_max,
    Contest.composition,
    Contest.entries_from_id,
    Contest.state,
    Contest.rules_fixed_at,
)


_CONTESTS = (
    select(Contest)
    .where(Contest.festival_id == bindparam("festival"))
    .options(_CONTEST_COLUMNS)
    .order_by(Contest.position)
)


# The rule set as imported is a long text that no question of registration needs.
_EDITION = (
    select(Festival, Contest)
    .outerjoin(Contest, Contest.festival_id == Festival.id)
    .where(Festival.id == bindparam("festival"))
    .options(defer(Festival.ruleset), _CONTEST_COLUMNS)
    .order_by(Contest.position)
)


def rules_of_id(festival_id: int) -> Rules:
    """An edition and its registration rules by one statement. NotFound."""
    rows = db.session.execute(_EDITION, {"festival": festival_id}).all()
    if not rows:
        raise NotFound()
    return rules_from(rows[0].Festival, [row.Contest for row in rows if row.Contest is not None])


def rules_of(festival: Festival) -> Rules:
    """The registration rules of an edition."""
    return rules_from(festival, list(db.session.scalars(_CONTESTS, {"festival": festival.id})))


def rules_from(festival: Festival, contests: Sequence[Contest]) -> Rules:
    """The same from rows already loaded. One registers for none that takes its entries from another contest."""
    contests = [each for each in contests if each.registers]
    quotas = Quotas(
        members=Bounds(festival.members_min, festival.members_max),
        contests_per_family=Bounds(festival.contests_per_family_min, festival.contests_per_family_max),
        families_per_delegation=Bounds(festival.families_min, festival.families_max),
        contests=tuple(
            ContestQuota(
                contest.code,
                contest.name,
                Bounds(contest.performers_min, contest.performers_max),
                Bounds(contest.entries_min, contest.entries_per_delegation),
                contest.entrant is EntrantKind.TEAM,
            )
            for contest in contests
        ),
    )
    return Rules(festival, quotas, {contest.code: contest for contest in contests})


def asked_festival(code: str) -> Festival:
    """The edition with this code. NotFound."""
    festival = db.session.scalar(select(Festival).where(Festival.code == code).options(defer(Festival.ruleset)))
    if festival is None:
        raise NotFound()
    return festival
