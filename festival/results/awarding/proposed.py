"""Which special prizes can a panel or the organiser give, who is proposed by which fact, and who has them?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.editions.models import Festival
from festival.editions.queries import rules
from festival.editions.rules.edition import SpecialBy, SpecialPrizeRule
from festival.judging.tally import Tally
from festival.results.awarding.special import SpecialCandidate, SpecialFacts, candidates
from festival.results.models import Award
from festival.results.rungs import criterion_mean
from festival.results.table import ContestTable
from festival.roster.composition.rule import TeamMate
from festival.roster.families import birth_of
from festival.roster.models import Entry, EntryPerson, Family, Person
from festival.roster.words import relation_of

BY_AGE = (SpecialBy.YOUNGEST_PERFORMER, SpecialBy.OLDEST_PERFORMER)
SHOWN = 8


@dataclass(frozen=True, slots=True)
class SpecialShown:
    """A special prize with its candidates, who has it, and of which contest that entry is."""

    name: str
    by: SpecialBy | None
    candidates: tuple[SpecialCandidate, ...]
    more: int
    winner: str
    contest: str


def special_rules(festival: Festival) -> Sequence[SpecialPrizeRule]:
    """As the rules of the edition state them."""
    return rules(festival).special_prizes if festival.ruleset else ()


def proposed_specials(
    festival: Festival, stated: Sequence[SpecialPrizeRule], counted: Sequence[tuple[Tally, ContestTable]]
) -> list[SpecialShown]:
    """Of those that performed in these contests. Ages are noted as looked at."""
    placed = {
        table.appearances[each.entry].id: each.entry
        for _tally, table in counted
        for each in table.standings
        if each.rank is not None
    }
    people = _people(list(placed)) if any(each.by for each in stated) else {}
    if any(each.by in BY_AGE for each in stated):
        looked(SecurityKind.READ_CHILDREN)
    given = _given(festival.id)
    found = []
    for rule in stated:
        facts = [
            SpecialFacts(code, tuple(people.get(entry_id, ())), _mean(rule, counted, code))
            for entry_id, code in placed.items()
        ]
        every = candidates(rule.by, facts, festival.starts_on) if rule.by else ()
        shown = every[:SHOWN] if len(every) <= SHOWN or not every[SHOWN].leads else tuple(x for x in every if x.leads)
        winner, contest = given.get(rule.name, ("", ""))
        found.append(SpecialShown(rule.name, rule.by, tuple(shown), len(every) - len(shown), winner, contest))
    return found


def _people(entry_ids: Sequence[int]) -> Mapping[int, list[TeamMate]]:
    rows = db.session.execute(
        select(EntryPerson.entry_id, Person, Family.code)
        .join(Person, Person.id == EntryPerson.person_id)
        .outerjoin(Family, Family.id == Person.family_id)
        .where(EntryPerson.entry_id.in_(entry_ids), Person.out.is_(False))
        .order_by(EntryPerson.entry_id, Person.id)
    )
    found: dict[int, list[TeamMate]] = defaultdict(list)
    for entry_id, each, family in rows:
        found[entry_id].append(TeamMate(family, "", each.sex, birth_of(each), relation_of(each)))
    return found


def _mean(rule: SpecialPrizeRule, counted: Sequence[tuple[Tally, ContestTable]], code: str) -> Fraction | None:
    if rule.by is not SpecialBy.CRITERION or rule.criterion is None:
        return None
    for tally, table in counted:
        if tally.contest.code == rule.contest and code in table.appearances:
            return criterion_mean(tally, table.appearances[code], rule.criterion, table.details[code])
    return None


def _given(festival_id: int) -> dict[str, tuple[str, str]]:
    """By prize the entry's name and its contest's."""
    rows = db.session.execute(
        select(Award.prize, Entry.name, Contest.name)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Contest, Contest.id == Award.contest_id)
        .where(Award.festival_id == festival_id, Award.special)
    )
    return {prize: (entry, contest) for prize, entry, contest in rows}
