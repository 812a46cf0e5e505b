"""The page of a contest's prizes: each with its reasons, who just missed, what follows when one bound moves, what the panel decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.core.numbers import typed_number
from festival.core.sentence import Sentence
from festival.core.transaction import reading
from festival.core.web.access import acting_user, current_actor, signed_in
from festival.core.web.forms import not_offered
from festival.editions.rules.prizes import prizes_kept
from festival.judging.contest_access import ContestAccess, contest_for, marks_shown
from festival.results import decide as results_decide
from festival.results.agenda import agenda_of
from festival.results.awarding.proposed import proposed_specials, special_rules
from festival.results.awarding.proposing import JustMissed, PrizeChange, changes, just_missed, prize_by_entry
from festival.results.blueprint import bp
from festival.results.current import current_table, prize_names, tally_for_result, written_value
from festival.results.decision_form import decision, typed, typed_names, typed_reason
from festival.results.decisions import Decisions, decisions_of
from festival.results.models import DecisionKind, PanelDecision
from festival.results.panel.decision_pages import read_back
from festival.results.prizes import PrizeOfEntry, PrizeRoom, Prizes, award, by_rank, moved, rooms_of
from festival.results.seats import seated
from festival.results.settling.awarding import (
    PrizeGivenAgain,
    PrizeLeftEmpty,
    PrizeSaying,
    PrizesGiven,
    PrizesTakenBack,
)
from festival.results.table import ContestTable
from festival.results.words import EMPTY_WORDS

STEPS = {"1": 1, "-1": -1}


@dataclass(frozen=True, slots=True)
class PrizeShown:
    """One prize of the rules: how many the rules have, who receives it and why, who stands next."""

    name: str
    room: PrizeRoom
    winners: tuple[PrizeOfEntry, ...]
    missed: JustMissed | None
    empty: bool


@dataclass(frozen=True, slots=True)
class BoundMoved:
    """What follows when a bound moves; nothing of it is stored."""

    prize: str
    by: int
    changes: tuple[PrizeChange, ...]


@bp.get("/panel/<code>/awards")
@signed_in
def awards(code: str) -> ResponseReturnValue:
    """The proposal: what each place brings, and why. From the lock on, for chair and secretary; the organiser reads it."""
    access = contest_for(current_actor(), code)
    if access.contest.state is ContestState.OPEN or not access.organiser:
        access = seated(code)
    if access.contest.state is ContestState.OPEN:
        return render_template("results/awarding/not_yet.html", contest=access.contest)
    return awards_page(access, {}, {})


@bp.post("/panel/<code>/awards")
@signed_in
def decide_awards(code: str) -> ResponseReturnValue:
    """Other prizes for a place, a prize left empty, or one of these taken back: typed, read back, stored."""
    with reading():
        contest_id = seated(code).contest.id

    def store(seen: int) -> None:
        results_decide.decide(contest_id, _typed_saying(), typed_reason(), typed_names(), acting_user(), seen=seen)

    return decision(
        store,
        lambda: read_back(seated(code).contest, _typed_saying(), url_for("results.awards", code=code)),
        lambda problem, form: awards_page(seated(code), problem, form),
        url_for("results.awards", code=code),
    )


def _typed_saying() -> PrizeSaying:
    form = request.form
    match form.get("how"):
        case "give":
            return PrizesGiven({entry: name or None for entry, name in typed("prize-").items()})
        case "give_back":
            return PrizesTakenBack(frozenset(form.get("group", "").split()))
        case "empty":
            return PrizeLeftEmpty(form.get("left", ""), form.get("then", ""))
        case "empty_back":
            return PrizeGivenAgain(form.get("left", ""))
        case _:
            raise not_offered("how")


def awards_page(access: ContestAccess, problem: Mapping[str, str], form: Mapping[str, str]) -> str:
    """`form`: what a form of this page held, to be shown again beside its problem."""
    row = access.contest
    tallied, decided = tally_for_result(row), decisions_of(row.id)
    table = current_table(tallied, decided)
    marks_shown(row)
    agenda = agenda_of(tallied, decided) if row.state is ContestState.LOCKED else None
    groups = {} if agenda is None else {_rank(table, group): group for group in agenda.groups}
    if (
        entry := next(iter(code.removeprefix("prize-") for code in form if code.startswith("prize-")), None)
    ) is not None:
        place = next((rank for rank, group in groups.items() if entry in group), None)
    else:
        place = typed_number(request.args.get("place", ""))
    what_if = _what_if(table, decided)
    own = [each for each in special_rules(row.festival) if each.contest == row.code]
    return render_template(
        "results/awarding/awards.html",
        contest=row,
        table=table,
        shown=_shown(table, decided),
        without=_without(table),
        labels={code: each.name for code, each in table.appearances.items()},
        prizes=prize_names(row),
        values={each.entry: written_value(row, each.value) for each in table.standings},
        names_of=lambda entries: ", ".join(table.appearances[entry].name for entry in entries),
        bounds=[each["name"] for each in row.prizes if each["count"] is not None or "share" in each],
        groups=groups,
        group_choices=[(str(rank), _group_said(table, rank, group)) for rank, group in groups.items()],
        place=place if place in groups else None,
        given=prize_by_entry(table.standings, table.prizes),
        decided=decided,
        in_force=_in_force(decided),
        void=decided.void(table.standings),
        empty_choices=[(each.value, words) for each, words in EMPTY_WORDS.items()],
        specials=proposed_specials(row.festival, own, [(tallied, table)]) if own else [],
        what_if=what_if if isinstance(what_if, BoundMoved) else None,
        cannot=what_if if isinstance(what_if, str) else "",
        locked=row.state is ContestState.LOCKED and (access.chair or access.secretary),
        typed=form,
        problem=problem,
    )


def _group_said(table: ContestTable, rank: int, group: tuple[str, ...]) -> str:
    names = ", ".join(table.appearances[entry].name for entry in group)
    return f"{rank}{'=' if len(group) > 1 else ''}. {names}"


def _rank(table: ContestTable, group: tuple[str, ...]) -> int:
    return next(each.rank or 0 for each in table.standings if each.entry == group[0])


def _shown(table: ContestTable, decided: Decisions) -> list[PrizeShown]:
    rules = prizes_kept(table.contest.prizes)
    placed = sum(map(len, by_rank(table.standings).values()))
    missed, empty = just_missed(table.standings, table.prizes), {each.prize for each in decided.vacant}
    return [
        PrizeShown(
            room.name,
            room,
            tuple(each for each in table.prizes.awards if each.prize == room.name),
            None if rule.takes_all else missed.get(room.name),
            room.name in empty,
        )
        for rule, room in zip(rules, rooms_of(rules, placed), strict=True)
    ]


def _without(table: ContestTable) -> list[tuple[str, int, tuple[Sentence, ...]]]:
    """Entries with a place and no prize, best first, with why."""
    ranks = {each.entry: each.rank or 0 for each in table.standings}
    return [(entry, ranks[entry], why) for entry, why in table.prizes.without.items()]


def _in_force(decided: Decisions) -> list[PanelDecision]:
    """What the panel decided about prizes and may take back."""
    kinds = (DecisionKind.PRIZE, DecisionKind.VACANT)
    return [
        row
        for row in decided.rows
        if row.kind in kinds and row.id not in decided.replaced and "takes_back" not in row.content
    ]


def _what_if(table: ContestTable, decided: Decisions) -> BoundMoved | str | None:
    """What was asked in the address: one bound, one more or one less."""
    prize, step = request.args.get("bound"), request.args.get("step", "")
    if prize is None:
        return None
    rules = prizes_kept(table.contest.prizes)
    placed = sum(map(len, by_rank(table.standings).values()))
    by = STEPS.get(step)
    if by is None:
        return str(_("Chọn thêm 1 hay bớt 1."))
    rooms = moved(rooms_of(rules, placed), prize, by)
    if rooms is None:
        return str(_("Chọn một giải có số lượng trong thể lệ; số giải không thể ít hơn 0."))

    def handed(bounds: tuple[PrizeRoom, ...] | None) -> Prizes:
        return award(table.standings, rules, decided.prizes, decided.vacant, rooms=bounds)

    before, after = (prize_by_entry(table.standings, handed(bounds)) for bounds in (None, rooms))
    return BoundMoved(prize, by, changes(before, after))
