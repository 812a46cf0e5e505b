"""The table on which the secretary types the dishes and the money of every family, and saves once.

All or nothing, as with counts and times. Who is outside the rules is named; what follows is a deduction by name, which somebody
gives: the page offers it with the entry and the reason filled in, and takes nothing off by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.marks import written
from festival.contests.models import Contest, ContestState
from festival.core.numbers import typed_number
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.core.web.paging import ListPart, asked_number, part
from festival.judging.contest_access import marks_shown
from festival.judging.deductions.giving import LONGEST_REASON
from festival.judging.given_deductions import lines_of
from festival.judging.kitchen.kitchen_rule import (
    TableCount,
    asked_words,
    asks_anything,
    counts_dishes,
    money,
    outside,
    read_dishes,
    read_money,
)
from festival.judging.kitchen.models import KitchenSlip
from festival.judging.kitchen.noting import counted, note_table, slips_of
from festival.judging.routes import ENTRIES_A_PAGE, as_secretary, bp
from festival.judging.tally import Appearance, appearances_of

CELLS = ("d-", "m-", "b-")
Slips = Mapping[int, Sequence[KitchenSlip]]


@dataclass(frozen=True, slots=True)
class Outside:
    """A family whose table is outside the rules, and what it was taken off already."""

    appearance: Appearance
    reason: str
    given: Sequence[str]


@dataclass(frozen=True, slots=True)
class KitchenChange:
    """A row of the table that says something else than what stands."""

    appearance: Appearance
    count: TableCount
    seen: int


class _TablesNotTakenError(Exception):
    """Nothing of the table is stored."""


def _contest(code: str) -> Contest:
    """A contest whose rules ask for dishes or money, for its secretary."""
    contest = as_secretary(code).contest
    if not asks_anything(contest):
        raise NotFound()
    return contest


@bp.get("/panel/<code>/kitchen")
@signed_in
def kitchen(code: str) -> ResponseReturnValue:
    """A page of families with dishes and money."""
    return _page(_contest(code), {}, {}, "")


@bp.post("/panel/<code>/kitchen")
@signed_in
def kitchen_post(code: str) -> ResponseReturnValue:
    """Save what was changed, all of it or nothing."""
    with reading():
        contest = _contest(code)
        appearances, slips = appearances_of([contest.id]).get(contest.id, ()), slips_of(contest.id)
    shown = _part(appearances)
    typed = {name: value for name, value in request.form.items() if name.startswith(CELLS)}
    changes, errors = read_tables(contest, shown.of(appearances), slips, typed)
    said = _("Chưa ghi gì. Sửa các ô được báo rồi ghi lại; những gì đã gõ vẫn còn.")
    if errors:
        return _page(contest, typed, errors, said), 422
    try:
        with transaction():
            errors = _store(contest.id, changes)
            if errors:
                raise _TablesNotTakenError
    except (_TablesNotTakenError, Conflict) as refused:
        with reading():
            fresh = _contest(code)
        told = {key.partition("-")[2] for key in errors}
        problem = str(refused.message) if isinstance(refused, Conflict) else said
        return _page(fresh, typed, errors, problem, told), 409
    flash(
        _("Đã ghi %(n)s gia đình.", n=len(changes)) if changes else _("Không có ô nào thay đổi."),
        "good" if changes else "note",
    )
    return redirect(url_for("judging.kitchen", code=code, page=shown.number if shown.number > 1 else None), 303)


def _part(appearances: Sequence[Appearance]) -> ListPart:
    return part(len(appearances), ENTRIES_A_PAGE, asked_number("page", 1))


def read_tables(
    contest: Contest, appearances: Sequence[Appearance], slips: Slips, typed: Mapping[str, str]
) -> tuple[list[KitchenChange], dict[str, str]]:
    """What of the table is another than what stands, in the order of the entries' rows; and the cells that cannot be."""
    changes, errors = [], {}
    for appearance in sorted(appearances, key=lambda each: each.id):
        if f"b-{appearance.code}" not in typed:
            continue
        stands = counted(slips.get(appearance.id, ()))
        read: dict[str, int | None] = {"d": stands.dishes, "m": stands.spent_vnd}
        for cell, reader in (("d", read_dishes), ("m", read_money)):
            key = f"{cell}-{appearance.code}"
            value = reader(typed[key]) if key in typed else read[cell]
            if isinstance(value, Sentence):
                errors[key] = say(value)
            else:
                read[cell] = value
        seen, count = typed_number(typed[f"b-{appearance.code}"]) or 0, TableCount(read["d"], read["m"])
        if count != stands and not (count.blank and seen == 0):
            changes.append(KitchenChange(appearance, count, seen))
    return changes, errors


def _store(contest_id: int, changes: Sequence[KitchenChange]) -> dict[str, str]:
    """Why rows were not taken, by cell; a lock refuses the whole table."""
    user, errors = acting_user(), {}
    for each in changes:
        try:
            note_table(contest_id, each.appearance.id, each.count, each.seen, user)
        except Overtaken:
            stands = counted(slips_of(contest_id).get(each.appearance.id, ()))
            differs = {"d": each.count.dishes != stands.dishes, "m": each.count.spent_vnd != stands.spent_vnd}
            for cell in (cell for cell, is_so in differs.items() if is_so):
                errors[f"{cell}-{each.appearance.code}"] = _(
                    "Người khác vừa sửa ô này. Số của họ ghi bên cạnh; sửa hoặc để như của họ."
                )
    return errors


def _outside(contest: Contest, appearances: Sequence[Appearance], slips: Slips) -> list[Outside]:
    """Every family of the contest whose table is outside the rules."""
    found = [(each, faults) for each in appearances if (faults := outside(contest, counted(slips.get(each.id, ()))))]
    given: dict[str, list[str]] = {}
    for line in lines_of(contest) if found and contest.deductions else ():
        if line.taken_back_at is None:
            given.setdefault(line.entry_code, []).append(f"{line.name} (−{written(line.milli)})")
    return [
        Outside(each, "; ".join(say(fault) for fault in faults)[:LONGEST_REASON], given.get(each.code, ()))
        for each, faults in found
    ]


def _page(
    contest: Contest, typed: Mapping[str, str], errors: Mapping[str, str], problem: str, told: Collection[str] = ()
) -> str:
    """`told`: the rows of which somebody is told that another was here; whoever saves them again has seen that."""
    marks_shown(contest)
    appearances, slips = appearances_of([contest.id]).get(contest.id, ()), slips_of(contest.id)
    shown = _part(appearances)
    return render_template(
        "judging/kitchen/kitchen.html",
        contest=contest,
        appearances=shown.of(appearances),
        part=shown,
        asked=[say(each) for each in asked_words(contest)],
        dishes_counted=counts_dishes(contest),
        slips=slips,
        outside=_outside(contest, appearances, slips),
        untyped=sum(counted(slips.get(each.id, ())).blank for each in appearances),
        deduction_choices=[
            (each["code"], f"{each['name']} (−{written(each['points'])})") for each in contest.deductions or ()
        ],
        money=money,
        open=contest.state is ContestState.OPEN,
        typed=typed,
        errors=errors,
        problem=problem,
        told=told,
    )
