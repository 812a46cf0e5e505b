"""Which delegation stands where, what must the panel still decide about it, what was signed, and who may read it?

The whole-delegation result follows from the contests that bring points: provisional until the last of them is locked,
then open to the panel's decisions, firm with its own signed minutes. The MC reads it when the last of these contests is
released, the public when the last is published; both read the stored awards and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from festival.contests import queries as contest_queries
from festival.contests.models import Contest, ContestState, ResultKind
from festival.core.database import db
from festival.core.sentence import N_, Sentence, from_json, to_json
from festival.core.transaction import once
from festival.editions.models import Festival
from festival.editions.queries import rules
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.ties import TieStep
from festival.editions.rules.use import Brings, brings, unlike
from festival.editions.rules.whole import WholeDelegationRule, WholeSum
from festival.papers.models import WholeMinutes
from festival.results.agenda import Agenda, ripe
from festival.results.amended.history import AmendmentLine, amendments_of_whole, whole_lines
from festival.results.awards import AwardWinner, PrizeList
from festival.results.current import current_tables, tallies_for_results
from festival.results.decisions import KINDS, decisions_of_whole, entries_decided
from festival.results.ladder.states import reached
from festival.results.models import Award, DecisionKind, PanelDecision, StandingAmendment
from festival.results.prizes import PrizeQuestion, award
from festival.results.rungs import MEMBERS, OF_WHOLE, draw_rung
from festival.results.standings import (
    Contribution,
    DelegationSum,
    EntryResult,
    RankedEntry,
    ResultState,
    delegation_sums,
    place_points,
    standings,
)
from festival.results.sums.points import own_values
from festival.results.table import ContestTable, come_to, open_ties, waiting_rungs
from festival.results.ties import Come, Rung, Settling, Shown
from festival.roster.models import Delegation

# Steps of the ladder that look at every contest, also at one that brings no points for places.
EVERY_CONTEST = {TieStep.FIRST_PLACES, TieStep.MEMBERS}
FIRST_PLACES = N_("số giải Nhất")
NOT_ENTERED = N_("không dự phần thi này")


def whole_stream(festival: Festival) -> str:
    """The ledger stream of the whole delegation's decisions and minutes (no code of a contest holds a slash)."""
    return f"results:{festival.code}/delegations"


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
        asked |= {(DecisionKind.PRIZE, frozenset(question.entries)) for question in self.agenda.questions}
        asked |= {(KINDS[come.asks], frozenset(come.entries)) for come in self.agenda.rungs}
        return frozenset(row.id for row in self.agenda.decided.rows if (row.kind, entries_decided(row)) not in asked)


def whole_rule(festival: Festival) -> WholeDelegationRule | None:
    """How this edition ranks delegations; None when it does not."""
    stated = _rules(festival)
    return stated.whole_delegation if stated else None


def _rules(festival: Festival) -> Ruleset | None:
    return rules(festival) if festival.ruleset else None


def _counted(rule: WholeDelegationRule, contests: Sequence[Contest]) -> tuple[Contest, ...]:
    """The contests the order of the delegations can depend on; what a sum stands for, or brings beside it, counts once."""
    stands_for = {of["contest"] for each in contests if any(each.place_points) for of in each.sum_of or ()}
    contests = [
        each
        for each in contests
        if each.code not in stands_for and (each.result_kind is not ResultKind.SUM or any(each.place_points))
    ]
    if rule.sum is WholeSum.POINTS or any(tie.by in EVERY_CONTEST for tie in rule.ties):
        return tuple(contests)
    return tuple(contest for contest in contests if any(contest.place_points))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the order is made of, by code of delegation."""

    names: Mapping[str, str]
    sums: Mapping[str, DelegationSum]
    ladder: tuple[Rung, ...]

    def places(self, decisions: Sequence[Settling]) -> tuple[RankedEntry, ...]:
        results = [EntryResult(code, ResultState.RANKED, each.points_milli) for code, each in self.sums.items()]
        return standings(results, higher_wins=True, ladder=self.ladder, decisions=decisions)


def points_brought(table: ContestTable, rule: WholeSum, stated: ContestRule | None) -> dict[str, int]:
    """What each entry of a contest brings, in 1/1000 points, by the conversion that the rules state."""
    contest = table.contest
    how = None if stated is None else brings(stated)
    if rule is WholeSum.PLACE_POINTS or how is Brings.PLACE_POINTS:
        return place_points(table.standings, contest.place_points)
    values = {each.entry: each.value for each in table.standings if each.value is not None}
    if how is not None or contest.result_kind is not ResultKind.RUBRIC:
        values = own_values(contest, values) if how is not None else {}  # see `unlike`
    return {each.entry: values.get(each.entry, 0) for each in table.standings}


def _facts(festival: Festival, rule: WholeDelegationRule, contests: Sequence[Contest]) -> _Facts:
    """Only locked contests bring points."""
    stated = _rules(festival)
    by_code = {each.code: each for each in stated.contests} if stated else {}
    delegations = {
        row.id: row
        for row in db.session.execute(
            select(Delegation.id, Delegation.code, Delegation.name).where(Delegation.festival_id == festival.id)
        )
    }
    contributions: list[Contribution] = []
    members = {row.code: 0 for row in delegations.values()}
    locked = [contest for contest in contests if contest.state is not ContestState.OPEN]
    tables = current_tables(tallies_for_results(locked).values())
    for contest in locked:
        table = tables[contest.id]
        brought = points_brought(table, rule.sum, by_code.get(contest.code))
        for each in table.standings:
            appearance = table.appearances[each.entry]
            code = delegations[appearance.delegation_id].code
            contributions.append(Contribution(code, contest.code, brought[each.entry], each.rank))
            members[code] += appearance.members
    sums = {each.delegation: each for each in delegation_sums(contributions, members)}
    rungs: list[Rung] = []
    for tie in rule.ties:
        if tie.by is TieStep.CONTEST and tie.contest is not None:
            name = next((each.name for each in contests if each.code == tie.contest), tie.contest)
            facts = {code: each.by_contest.get(tie.contest) for code, each in sums.items()}
            rungs.append(Rung(name, facts, absent=NOT_ENTERED))
        elif tie.by is TieStep.FIRST_PLACES:
            firsts = {code: each.first_places for code, each in sums.items()}
            rungs.append(Rung(FIRST_PLACES, firsts, shown=Shown.COUNT))
        elif tie.by is TieStep.MEMBERS:
            rungs.append(Rung(MEMBERS, dict(members), shown=Shown.COUNT))
        elif tie.by is TieStep.DRAW:
            rungs.append(draw_rung(OF_WHOLE))
    return _Facts({row.code: row.name for row in delegations.values()}, sums, tuple(rungs))


def whole_delegation(festival: Festival, *proposed: PanelDecision) -> WholeTable | None:
    """Sum, ladder, decisions and prizes of the delegations by the edition's rule; None when it has none.

    `proposed`: decisions that are not stored, to see what would follow.
    """
    rule = whole_rule(festival)
    if rule is None:
        return None
    contests = _counted(rule, contest_queries.contests(festival.id))
    facts, decided = _facts(festival, rule, contests), decisions_of_whole(festival.id, *proposed)
    places = facts.places(decided.ties)
    prizes = award(places, rule.prizes, decided.prizes)
    minutes, equal = _minutes(festival.id), facts.places(decided.records)
    computed = _lines(facts, places, {each.entry: each.prize for each in prizes.awards})
    amendments, amended = ([], False) if minutes is None else amendments_of_whole(festival.id, contests)
    return WholeTable(
        computed if minutes is None else _signed(amendments[-1].standings if amendments else minutes.standings),
        contests,
        Agenda(
            (),
            {},
            open_ties(equal),
            ripe(award(places, rule.prizes).questions, places),
            decided,
            come_to(equal),
        ),
        prizes.questions,
        minutes,
        _unlike(festival),
        () if minutes is None else _since_signed(computed, amendments, amended=amended),
        tuple(whole_lines(amendments)),
        () if minutes is not None else waiting_rungs(places),
    )


def _minutes(festival_id: int) -> WholeMinutes | None:
    """The minutes of the whole delegation; a page asks in two places and reads them once."""
    wanted = select(WholeMinutes).where(WholeMinutes.festival_id == festival_id)
    return once(("whole minutes", festival_id), lambda: db.session.scalars(wanted).one_or_none())


def _since_signed(
    computed: tuple[DelegationLine, ...], amendments: Sequence[StandingAmendment], *, amended: bool
) -> tuple[DelegationLine, ...]:
    """The table as it would be now, with the prizes that its last amendment states; nothing while no contest was amended."""
    if not amendments and not amended:
        return ()
    return with_prizes(computed, amendments[-1].corrections.get("prizes", {}) if amendments else {})


def with_prizes(lines: Sequence[DelegationLine], stated: Mapping[str, str | None]) -> tuple[DelegationLine, ...]:
    """The lines with prizes that an amendment states itself."""
    return tuple(replace(each, prize=stated[each.code] or "") if each.code in stated else each for each in lines)


def _unlike(festival: Festival) -> tuple[str, ...]:
    stated = _rules(festival)
    return tuple(each.name for each in unlike(stated)) if stated else ()


def _lines(facts: _Facts, places: Sequence[RankedEntry], prizes: Mapping[str, str]) -> tuple[DelegationLine, ...]:
    return tuple(
        DelegationLine(
            each.entry,
            facts.names[each.entry],
            each.rank or 0,
            each.shared,
            each.value or 0,
            facts.sums[each.entry].by_contest,
            prizes.get(each.entry, ""),
            each.reasons,
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
    minutes = _minutes(festival_id)
    if minutes is None or not all(
        reached(each, state) for each in contest_queries.contests(festival_id) if each.code in minutes.contests
    ):
        return ()
    return awards_of_whole(festival_id)
