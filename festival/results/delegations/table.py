"""Which delegation stands where, what must the panel still decide about it, what was signed, and who may read it?

The whole-delegation result follows from the contests that bring points: provisional until the last of them is locked,
then open to the panel's decisions, firm with its own signed minutes. The MC reads it when the last of these contests is
released, the public when the last is published; both read the stored awards and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select

from festival.contests import queries as contest_queries
from festival.contests.models import Contest, ContestState
from festival.contests.panel import rounded
from festival.core.database import db
from festival.core.sentence import Sentence, from_json, to_json
from festival.core.transaction import once
from festival.editions.models import Festival
from festival.editions.rules.use import unlike
from festival.editions.rules.whole import WholeOrder
from festival.papers.models import WholeMinutes
from festival.results.agenda import Agenda, placed_groups, ripe
from festival.results.amended.history import AmendmentLine, amendments_of_whole, whole_lines
from festival.results.awards import AwardWinner, PrizeList
from festival.results.decisions import KINDS, decisions_of_whole, entries_decided
from festival.results.delegations.facts import (
    FIRST_PLACES,
    WholeFacts,
    counted_contests,
    facts_of_whole,
    rules_of,
    whole_rule,
)
from festival.results.delegations.given import GivenPoints, read_given
from festival.results.ladder.states import reached
from festival.results.models import Award, DecisionKind, PanelDecision, StandingAmendment
from festival.results.prizes import PrizeQuestion, Prizes, award
from festival.results.rungs import MEMBERS
from festival.results.standings import RankedEntry
from festival.results.table import ContestTable, come_to, open_ties, waiting_rungs
from festival.results.ties import Come
from festival.roster.models import Delegation


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """A delegation's place with the points of its parts (1/1000), its prize ('' for none) and the reasons."""

    code: str
    name: str
    place: int
    shared: bool
    points_milli: int
    by_contest: Mapping[str, int]
    prize: str
    reasons: tuple[Sentence, ...]
    given: tuple[GivenPoints, ...] = ()  # that are in its points


NOTHING_GIVEN = Prizes((), ())


@dataclass(frozen=True, slots=True)
class WholeTable:
    """The whole-delegation table. Once it is signed, `lines` are those of the minutes."""

    lines: tuple[DelegationLine, ...]
    contests: tuple[Contest, ...]  # that bring points, in their order
    agenda: Agenda  # its entries are codes of delegations
    open_questions: tuple[PrizeQuestion, ...]  # places between two prizes that nobody has decided about
    minutes: WholeMinutes | None
    unlike: tuple[str, ...] = ()  # names of contests whose numbers the rules of an early release added up as they were
    fresh: tuple[DelegationLine, ...] = ()  # computed now, when the minutes are signed and a contest was amended since
    amended: tuple[AmendmentLine, ...] = ()
    waiting_rungs: tuple[Come, ...] = ()  # groups that wait for a draw
    by: WholeOrder = WholeOrder.POINTS
    places: tuple[RankedEntry, ...] = ()  # as they follow now, by code of delegation
    prizes: Prizes = NOTHING_GIVEN

    def not_yet(self, state: ContestState) -> tuple[Contest, ...]:
        """The contests that have not come as far as `state`."""
        return tuple(contest for contest in self.contests if not reached(contest, state))

    @property
    def provisional(self) -> bool:
        """While a contest is open its places may still change; without contests there is nothing to decide, nor where the
        numbers do not add up.
        """
        return (
            not self.contests or (bool(self.unlike) and self.minutes is None) or bool(self.not_yet(ContestState.LOCKED))
        )

    @property
    def asked(self) -> bool:
        """Whether the contests' amendments make another table than the one in force: the organiser is asked to amend it."""
        kept = [(each.code, each.place, each.points_milli, each.prize) for each in self.lines]
        return bool(self.fresh) and kept != [
            (each.code, each.place, each.points_milli, each.prize) for each in self.fresh
        ]

    @property
    def waiting(self) -> frozenset[str]:
        """The delegations an open question is about."""
        return frozenset(entry for question in self.open_questions for entry in question.entries)

    @property
    def names(self) -> dict[str, str]:
        """The delegations' names by code."""
        return {line.code: line.name for line in self.lines}

    @property
    def stale(self) -> frozenset[int]:
        """Ids of decisions that answer nothing now: a contest or an order decided later has parted the delegations."""
        asked = {(DecisionKind.TIE, frozenset(each.entry for each in tie)) for tie in self.agenda.ties}
        asked |= {(DecisionKind.PRIZE, frozenset(group)) for group in self.agenda.groups}
        asked |= {(KINDS[come.asks], frozenset(come.entries)) for come in self.agenda.rungs}
        return frozenset(
            row.id
            for row in self.agenda.decided.rows
            if row.kind is not DecisionKind.VACANT and (row.kind, entries_decided(row)) not in asked
        )


def whole_delegation(
    festival: Festival,
    *proposed: PanelDecision,
    points: Mapping[str, Sequence[GivenPoints]] = MappingProxyType({}),
    instead: Mapping[int, ContestTable] = MappingProxyType({}),
) -> WholeTable | None:
    """Sum, ladder, decisions and prizes of the delegations by the edition's rule; None when it has none.

    `proposed`, `points`, `instead`: decisions, points by code of delegation, and tables by contest, that are not stored, to
    see what would follow.
    """
    rule = whole_rule(festival)
    if rule is None:
        return None
    contests = counted_contests(rule, contest_queries.contests(festival.id))
    facts, decided = (
        facts_of_whole(festival, rule, contests, points, instead),
        decisions_of_whole(festival.id, *proposed),
    )
    places = facts.places(decided.ties)
    prizes = award(places, rule.prizes, decided.prizes, decided.vacant)
    minutes, equal = _minutes(festival.id), facts.places(decided.records)
    computed = _lines(facts, places, {each.entry: each.prize for each in prizes.awards})
    amendments, amended = ([], False) if minutes is None else amendments_of_whole(festival.id, contests)
    in_force = computed if minutes is None else _signed(amendments[-1].standings if amendments else minutes.standings)
    amended = amended or _given_of(in_force) != _given_of(computed)
    return WholeTable(
        in_force,
        contests,
        Agenda(
            (),
            {},
            open_ties(equal),
            ripe(award(places, rule.prizes, (), decided.vacant).questions, places),
            decided,
            come_to(equal),
            placed_groups(places),
        ),
        prizes.questions,
        minutes,
        _unlike(festival),
        () if minutes is None else _since_signed(computed, amendments, amended=amended),
        tuple(whole_lines(amendments)),
        () if minutes is not None else waiting_rungs(places),
        rule.sum,
        places,
        prizes,
    )


def _minutes(festival_id: int) -> WholeMinutes | None:
    """The minutes of the whole delegation; a page asks in two places and reads them once."""
    wanted = select(WholeMinutes).where(WholeMinutes.festival_id == festival_id)
    return once(("whole minutes", festival_id), lambda: db.session.scalars(wanted).one_or_none())


def _since_signed(
    computed: tuple[DelegationLine, ...], amendments: Sequence[StandingAmendment], *, amended: bool
) -> tuple[DelegationLine, ...]:
    """The table as it would be now, with the prizes that its last amendment states; nothing while no contest was amended
    and no points were given or taken back since.
    """
    if not amendments and not amended:
        return ()
    return with_prizes(computed, amendments[-1].corrections.get("prizes", {}) if amendments else {})


def with_prizes(lines: Sequence[DelegationLine], stated: Mapping[str, str | None]) -> tuple[DelegationLine, ...]:
    """The lines with prizes that an amendment states itself."""
    return tuple(replace(each, prize=stated[each.code] or "") if each.code in stated else each for each in lines)


def _given_of(lines: Sequence[DelegationLine]) -> dict[str, list[tuple[int, int]]]:
    return {each.code: [(one.number, one.milli) for one in each.given] for each in lines if each.given}


def _unlike(festival: Festival) -> tuple[str, ...]:
    stated = rules_of(festival)
    return tuple(each.name for each in unlike(stated)) if stated else ()


def _lines(facts: WholeFacts, places: Sequence[RankedEntry], prizes: Mapping[str, str]) -> tuple[DelegationLine, ...]:
    return tuple(
        DelegationLine(
            each.entry,
            facts.names[each.entry],
            each.rank or 0,
            each.shared,
            facts.sums[each.entry].points_milli,
            {code: rounded(Fraction(points)) for code, points in facts.sums[each.entry].by_contest.items()},
            prizes.get(each.entry, ""),
            each.reasons,
            facts.sums[each.entry].given,
        )
        for each in places
    )


def whole_json(lines: Sequence[DelegationLine]) -> list[dict[str, Any]]:
    """The lines as plain values: for the command line, the minutes and the ledger."""
    return [
        {
            "delegation": line.code,
            "name": line.name,
            "place": line.place,
            "shared": line.shared,
            "points": line.points_milli,
            "by_contest": dict(line.by_contest),
            "prize": line.prize or None,
            "reasons": [to_json(reason) for reason in line.reasons],
            **({"given": [each.kept() for each in line.given]} if line.given else {}),
        }
        for line in lines
    ]


def _signed(standings: Sequence[Mapping[str, Any]]) -> tuple[DelegationLine, ...]:
    return tuple(
        DelegationLine(
            each["delegation"],
            each["name"],
            each["place"],
            each["shared"],
            each["points"],
            each["by_contest"],
            each["prize"] or "",
            tuple(map(_signed_reason, each["reasons"])),
            tuple(map(read_given, each.get("given", ()))),
        )
        for each in standings
    )


def _signed_reason(kept: str | Mapping[str, Any]) -> Sentence:
    """A reason of the minutes. Those of the first releases name the step of the ladder by its Vietnamese text."""
    reason = from_json(kept)
    named = next((each for each in (FIRST_PLACES, MEMBERS) if reason.values.get("rung") == each.template), None)
    return reason if named is None else reason.filled(**{**reason.values, "rung": named})


def awards_of_whole(festival_id: int) -> tuple[PrizeList, ...]:
    """The stored awards, highest prize first; within a prize by the delegations' own order, which tells no place."""
    rows = db.session.execute(
        select(
            Award.prize,
            Award.position,
            func.coalesce(Award.name, Delegation.name).label("name"),  # as signed
            Delegation.position.label("order"),
            Award.amended_at,
        )
        .join(Delegation, Delegation.id == Award.delegation_id)
        .where(Award.festival_id == festival_id, Award.contest_id.is_(None))
        .order_by(Award.position, Delegation.position, Delegation.name)
    )
    lists: dict[tuple[int, str], list[AwardWinner]] = {}
    for row in rows:
        lists.setdefault((row.position, row.prize), []).append(
            AwardWinner(None, row.name, "", "", "", row.order, amended_at=row.amended_at)
        )
    return tuple(PrizeList(prize, at, special=False, winners=tuple(who)) for (at, prize), who in lists.items())


def read_whole(festival_id: int, state: ContestState) -> tuple[PrizeList, ...]:
    """The signed awards when every contest that brought points has come as far as `state`, else nothing.

    RELEASED is what the MC reads, PUBLISHED what the public sees.
    """
    return awards_of_whole(festival_id) if whole_reached(festival_id, state) else ()


def whole_reached(festival_id: int, state: ContestState) -> bool:
    """Whether its minutes are signed, and every contest that brought points has come as far as `state`."""
    minutes = _minutes(festival_id)
    return minutes is not None and all(
        reached(each, state) for each in contest_queries.contests(festival_id) if each.code in minutes.contests
    )


def whole_taken_back_at(festival_id: int) -> datetime | None:
    """Since when the awards of the whole, which were public, are looked at again; None while they are public, or never were."""
    every = contest_queries.contests(festival_id)
    minutes = _minutes(festival_id) if any(each.taken_back_at for each in every) else None
    own = [each for each in every if minutes is not None and each.code in minutes.contests]
    gone = [each.taken_back_at for each in own if each.taken_back_at is not None]
    if (
        minutes is None
        or not gone
        or any(not reached(each, ContestState.PUBLISHED) for each in own if not each.taken_back_at)
    ):
        return None
    return min(gone) if minutes.signed_at < min(gone) else None
