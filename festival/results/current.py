"""How does the table of a contest stand now, and what of it is kept and sealed?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from festival.contests.counting.attempts import shown
from festival.contests.marks import written
from festival.contests.measures import written_time
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.panel import rounded
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.core.sentence import to_json
from festival.editions.queries import rules
from festival.editions.rules.measured import AttemptsCount
from festival.judging.tally import Seen, Tally, read_tallies
from festival.results.amended.corrections import (
    AmendedTally,
    Corrections,
    corrected,
    overridden,
    read_corrections,
)
from festival.results.amended.history import in_force_of
from festival.results.decisions import Decisions, decisions, decisions_of, recorded
from festival.results.models import PanelDecision
from festival.results.models import Standing as StandingRow
from festival.results.sums.parts import with_parts
from festival.results.table import ContestTable, compute_table


def tallies_for_results(contests: Sequence[Contest], seen: Seen | None = None) -> dict[int, Tally]:
    """What the results depend on, by contest; from the lock on with the entries that were locked, whoever withdraws or is
    approved afterwards, and after an amendment with what it corrected. `seen`: what was read of open ones already.
    """
    found, corrections = _read(contests, seen)
    return {key: corrected(each, corrections[key]) if key in corrections else each for key, each in found.items()}


def tallies_as_signed(contests: Sequence[Contest]) -> dict[int, Tally]:
    """The same without the corrections of an amendment: what the signed record says."""
    return _read(contests)[0]


def _read(contests: Sequence[Contest], seen: Seen | None = None) -> tuple[dict[int, Tally], dict[int, Corrections]]:
    """The tallies, and what the amendment in force says; both known from the standings of the lock by one statement."""
    settled = [contest.id for contest in contests if contest.state is not ContestState.OPEN]
    held: dict[int, dict[int, int | None]] = defaultdict(dict)
    parts: dict[int, dict[int, Any]] = defaultdict(dict)
    corrections: dict[int, Corrections] = {}
    stored = select(
        StandingRow.contest_id, StandingRow.entry_id, StandingRow.detail, in_force_of(StandingRow.contest_id)
    ).where(StandingRow.contest_id.in_(settled))
    for row in db.session.execute(stored) if settled else ():
        held[row.contest_id][row.entry_id] = row.detail.get("members")
        if "parts" in row.detail:
            parts[row.contest_id][row.entry_id] = row.detail["parts"]
        if row.corrections is not None and row.contest_id not in corrections:
            corrections[row.contest_id] = read_corrections(row.corrections)
    return with_parts(read_tallies(contests, held, seen=None if settled else seen), parts), corrections


def tally_for_result(contest: Contest, seen: Seen | None = None) -> Tally:
    """The same of one contest."""
    return tallies_for_results([contest], seen)[contest.id]


def current_tables(tallied: Iterable[Tally]) -> dict[int, ContestTable]:
    """The tables as they stand, by contest: provisional while it is open, settled by its decisions afterwards."""
    every = list(tallied)
    settled = [each.contest.id for each in every if each.contest.state is not ContestState.OPEN]
    stored = recorded(settled) if settled else {}
    return {
        each.contest.id: settled_table(each, decisions(tuple(stored[each.contest.id])))
        if each.contest.id in stored
        else compute_table(each, settled=False)
        for each in every
    }


def current_table(tallied: Tally, decided: Decisions | None = None) -> ContestTable:
    """The same of one contest; `decided` where its decisions are known already."""
    if decided is None or tallied.contest.state is ContestState.OPEN:
        return current_tables([tallied])[tallied.contest.id]
    return settled_table(tallied, decided)


def settled_table(tallied: Tally, decided: Decisions) -> ContestTable:
    """The table of a locked contest by these decisions; of a tally with corrections the amended one."""
    table = compute_table(
        tallied, decided.ties, decided.prizes, decided.vacant, settled=True, out=decided.out, few=decided.few
    )
    if isinstance(tallied, AmendedTally):
        return overridden(table, tallied.corrections, decided.prizes, decided.vacant)
    return table


def table_at_lock(tallied: Tally) -> ContestTable:
    """The table as the lock finds it: with what the panel decided before the contest was opened again."""
    return settled_table(tallied, decisions_of(tallied.contest.id))


def table_if_decided(contest: Contest, proposed: PanelDecision) -> ContestTable:
    """The table of a locked contest as it would stand after a decision that is not stored."""
    return settled_table(tally_for_result(contest), decisions_of(contest.id, proposed))


def standings_json(table: ContestTable) -> list[dict[str, Any]]:
    """The standings as plain values, in no language: for the ledger, the command line and an outside recount."""
    prize = {each.entry: each.prize for each in table.prizes.awards}
    return [
        {
            "entry": each.entry,
            "number": table.appearances[each.entry].number,
            "name": table.appearances[each.entry].name,
            "delegation": table.appearances[each.entry].delegation,
            "state": each.state.value,
            "place": each.rank,
            "shared": each.shared,
            "value": each.value,
            "prize": prize.get(each.entry),
            "reasons": [to_json(reason) for reason in each.reasons],
        }
        for each in table.standings
    ]


def bare_standings(table: ContestTable) -> list[dict[str, Any]]:
    """The standings without names and reasons: what an amendment holds against what was before."""
    kept = ("entry", "state", "place", "shared", "value", "prize")
    return [{name: each[name] for name in kept} for each in standings_json(table)]


def standings_hash(table: ContestTable) -> str:
    """SHA-256 over the standings without names: what the lock, the minutes and a recount must agree on."""
    return bare_hash((each.entry, each.state.value, each.rank, each.value) for each in table.standings)


def bare_hash(standings: Iterable[tuple[str, str, int | None, int | None]]) -> str:
    """The same over (entry, state, place, value), best first."""
    bare = [
        {"entry": entry, "state": state, "place": place, "value": value} for entry, state, place, value in standings
    ]
    return sha256(canonical_json({"standings": bare})).hexdigest()


def standings_kept(table: ContestTable) -> dict[str, Any]:
    """All that the rows of the standings hold, for the ledger: whoever verifies it compares row by row."""
    return {
        "standings": standings_json(table),
        "standings_hash": standings_hash(table),
        "details": {each.entry: standing_detail(table, each.entry) for each in table.standings},
    }


def standing_detail(table: ContestTable, entry: str) -> dict[str, Any]:
    """How an entry's value came about, as its row keeps it."""
    detail = table.details[entry]
    parts = {"parts": [each.kept() for each in detail.parts]} if detail.parts else {}
    return {"penalty": detail.penalty_milli, "members": table.appearances[entry].members, **parts}


def written_value(contest: Contest, value: int | None) -> str:
    """A value of the contest's kind as people write it."""
    if value is None:
        return ""
    if contest.result_kind in (ResultKind.RUBRIC, ResultKind.SUM):
        return written(value)
    said = shown(value, AttemptsCount(contest.attempts_count), contest.attempts)
    if contest.result_kind is ResultKind.TIME:
        return written_time(rounded(said))
    return str(value) if said == value else written(rounded(said * 1000))


def prize_names(contest: Contest) -> Sequence[str]:
    """The prizes of a contest, highest first."""
    return [each["name"] for each in contest.prizes]


def special_names(contest: Contest) -> list[str]:
    """The special prizes that the panel of a contest can give: its own, then those of the whole festival."""
    festival = contest.festival
    wide = rules(festival).special_prizes if festival.ruleset else ()
    return [*contest.special_prizes, *(each.name for each in wide if each.contest is None)]
