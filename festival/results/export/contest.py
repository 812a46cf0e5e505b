"""What does an export say of one contest: rules, marks under seat letters, decisions, standings, awards?

The rules are the contest's part of the rule file as it was imported (docs/ruleset.md), so that a recount needs no other
source. A public export names nobody: entries by code and number, judges by letter, decisions without reason and names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest, PanelSeat
from festival.contests.panel import SheetState
from festival.core.database import db
from festival.core.sentence import to_json
from festival.editions.models import Festival
from festival.judging.contest_rules import judging_stream
from festival.judging.tally import Appearance, Tally
from festival.results.current import current_tables, standings_hash, tallies_as_signed
from festival.results.decisions import Decisions, decisions, recorded
from festival.results.export.amended import amended_tables, amendment_told, amendments_by_contest
from festival.results.export.shown import ShownInExport, shown_of
from festival.results.ladder.states import results_stream
from festival.results.models import PanelDecision, StandingAmendment
from festival.results.proof.awarded import awards_told
from festival.results.proof.lines import proof_lines, rules_lines
from festival.results.rounds.carried import carried
from festival.results.table import ContestTable
from festival.roster.models import Delegation


def rules_told(contest: Contest) -> dict[str, Any] | None:
    """The contest's part of the rule file; the smallest panel as the row has it, because its default has changed once."""
    document: Mapping[str, Any] = contest.festival.ruleset or {}
    stated = next((each for each in document.get("contests", ()) if each.get("code") == contest.code), None)
    if stated is None:
        return None
    rules = dict(stated)
    if "scoring" in rules:
        rules["scoring"] = {**rules["scoring"], "smallest_panel": contest.smallest_panel}
    return rules


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """What an export needs of all its contests, read once; by contest."""

    jury: bool
    tallies: Mapping[int, Tally]  # as signed
    tables: Mapping[int, ContestTable]
    decided: Mapping[int, Decisions]
    awards: Mapping[int, list[dict[str, Any]]]
    delegations: Mapping[int, str]  # their codes
    amendments: Mapping[int, Sequence[StandingAmendment]]
    opened: Mapping[str, dict[str, Any]]  # by code: of what the published hash of the inputs was made

    def counted_judges(self, contest: Contest) -> frozenset[int]:
        """Who sits or sat in a seat of the panel: nothing is told of sheets of anybody else, not even of who is in reserve."""
        seats = self.tallies[contest.id].seats if contest.id in self.tallies else ()
        return frozenset(judge for seat in seats for judge in (seat.id, *seat.sat))


def facts_of(festival: Festival, chosen: Sequence[Contest], *, jury: bool) -> ExportFacts:
    """In as many statements for all contests as for one."""
    shown = [each for each in chosen if shown_of(each, jury=jury) is not ShownInExport.NOTHING]
    ids = [each.id for each in shown]
    tallies = tallies_as_signed(shown)
    stored = recorded(ids)
    codes = select(Delegation.id, Delegation.code).where(Delegation.festival_id == festival.id)
    return ExportFacts(
        jury,
        tallies,
        current_tables(tallies.values()),
        {contest_id: decisions(tuple(rows)) for contest_id, rows in stored.items()},
        awards_told(ids),
        {row.id: row.code for row in db.session.execute(codes)},
        amendments_by_contest(ids),
        {code: each.opens for code, each in rules_lines(proof_lines(festival.id)).items() if each.opens is not None},
    )


def contest_told(contest: Contest, facts: ExportFacts) -> dict[str, Any]:
    """One contest of an export, as much of it as may stand there."""
    shows, rules = shown_of(contest, jury=facts.jury), rules_told(contest)
    if rules is None:
        shows = min(shows, ShownInExport.STANDINGS, key=list(ShownInExport).index)
    told: dict[str, Any] = {"code": contest.code, "shows": shows.value}
    if shows is ShownInExport.NOTHING:
        return told
    told |= {"id": contest.id, "state": contest.state.value, "awards": facts.awards.get(contest.id, [])}
    told["streams"] = [judging_stream(contest), results_stream(contest)]
    if contest.code in facts.opened:
        told["inputs"] = facts.opened[contest.code]
    if shows is ShownInExport.PRIZES:
        return told | ({} if rules is None else {"rules": rules})
    tallied, table, decided = facts.tallies[contest.id], facts.tables[contest.id], facts.decided[contest.id]
    marks = shows is ShownInExport.MARKS
    told |= {"rules": rules, **recountable(tallied, table, decided, facts.delegations, jury=facts.jury, marks=marks)}
    if shows is ShownInExport.MARKS:
        add_marks(told, tallied)
    if rows := facts.amendments.get(contest.id):
        told["amendments"] = [
            amendment_told(row, marks=marks, jury=facts.jury)
            | {"standings": _standings(later, jury=facts.jury), "standings_hash": standings_hash(later)}
            for row, later in amended_tables(tallied, decided, rows)
        ]
    return told


def recountable(
    tallied: Tally,
    table: ContestTable,
    decided: Decisions,
    delegations: Mapping[int, str],
    *,
    jury: bool,
    marks: bool = True,
) -> dict[str, Any]:
    """Places, entries and decisions. `delegations`: their codes; `marks`: whether marks are shown."""
    return {
        "standings": _standings(table, jury=jury),
        "standings_hash": standings_hash(table),
        "entries": _entries(tallied, delegations, jury=jury),
        "decisions": [_decided(row, marks=marks or jury, jury=jury) for row in decided.rows],
    }


def _decided(row: PanelDecision, *, marks: bool, jury: bool) -> dict[str, Any]:
    """A decision; what single judges marked once more only where marks are told."""
    content = row.content if marks else {key: value for key, value in row.content.items() if key != "marks"}
    told = {"id": row.id, "kind": row.kind.value, "content": content}
    return told | ({"reason": row.reason, "names": row.names} if jury else {})


def _standings(table: ContestTable, *, jury: bool) -> list[dict[str, Any]]:
    """Best first. Reasons name who decided, so only the jury's export has them."""
    prize = {each.entry: each.prize for each in table.prizes.awards}
    return [
        {
            "entry": each.entry,
            "state": each.state.value,
            "place": each.rank,
            "shared": each.shared,
            "value": each.value,
            "prize": prize.get(each.entry),
        }
        | ({"reasons": [to_json(reason) for reason in each.reasons]} if jury else {})
        for each in table.standings
    ]


def _entries(tallied: Tally, delegations: Mapping[int, str], *, jury: bool) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "code": each.code,
            "number": each.number,
            "delegation": delegations[each.delegation_id],
            "members": each.members,
        }
        | ({"name": each.name, "delegation_name": each.delegation} if jury else {})
        for each in sorted(tallied.appearances, key=lambda each: each.code)
    ]


def add_marks(told: dict[str, Any], tallied: Tally) -> None:
    """Sheets by seat, tries, seconds over, the final order."""
    told["seats"] = [
        {"seat": each.id, "letter": each.letter}
        | ({"chair": True} if each.seat is PanelSeat.CHAIR else {})
        | ({"sat": list(each.sat)} if each.sat else {})
        for each in tallied.seats
    ]
    by_code = {each.code: each for each in tallied.appearances}
    origin = {each["entry"]: each["from"] for each in (tallied.contest.cut or {"lines": ()})["lines"]}
    for entry in told["entries"]:
        at = by_code[entry["code"]]
        entry["overtime_s"] = tallied.overtime_s.get(at.id, 0)
        if off := tallied.deductions.get(at.id, ()):
            entry["deductions"] = [{"name": each.name, "points": each.milli} for each in off]
        if brought := carried(tallied.contest.after, tallied.contest.cut, at.code):
            entry["carried"] = {"from": origin[at.code], "points": brought.value}
        entry["results"] = [
            {"n": each.round, "state": each.state.value, "value": each.value}
            | ({"answers": each.answers} if each.answers is not None else {})
            for each in tallied.measures.get(at.id, ())
        ]
        entry["sheets"] = _sheets(tallied, at)
        if at.id in tallied.parts:
            entry["parts"] = [each.kept() for each in tallied.parts[at.id]]
    if tallied.order is not None:
        codes = {each.id: each.code for each in tallied.appearances}
        told["order"] = [[codes[entry] for entry in group if entry in codes] for group in tallied.order]


def _sheets(tallied: Tally, at: Appearance) -> Sequence[dict[str, Any]]:
    """One for each seat. `given`: whether there is a sheet; who is tied marks nobody, whatever came before the tie."""
    found = []
    for seat in tallied.seats:
        sheet = tallied.sheets.get((seat.id, at.id))
        told: dict[str, Any] = {"seat": seat.id, "given": sheet is not None}
        if sheet is None:
            told |= {"state": SheetState.ABSENT.value, "marks": {}, "total": None}
        else:
            told |= {"state": sheet.state.value, "marks": dict(sheet.marks), "total": sheet.total_milli}
        if sheet is not None and sheet.judge_id != seat.id:
            told["by"] = sheet.judge_id
        if (seat.id, at.id) in tallied.tied:
            told["tied"] = True
        found.append(told)
    return found
