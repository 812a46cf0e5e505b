"""The pages of the whole delegation: its places, what the jury decides about delegations that are equal, its minutes.

For the organiser, and for who is chair or secretary of every contest that brings points; nobody else finds them, and
nobody sees a place before the last of these contests is locked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState
from festival.core.access import Actor, Permission, acting_user, current_actor, signed_in
from festival.core.clock import local, now
from festival.core.errors import NotFound
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.judging.standpoint import Standpoint, contests_for
from festival.results import actions
from festival.results.actions import PrizesGiven, Signed, StillOpen, TieOrder
from festival.results.blueprint import bp
from festival.results.deciding import (
    ReadLine,
    decision,
    draw_read_back,
    typed,
    typed_names,
    typed_order,
    typed_reason,
)
from festival.results.queries import entries_decided
from festival.results.whole import WholeTable, awards_of_whole, whole_delegation, whole_rule


def has_business(actor: Actor, mine: list[Standpoint], table: WholeTable | None) -> bool:
    """Whether an account sees the whole delegation: it would tell the places of every contest that brings points."""
    seats = {each.contest.id for each in mine if each.chair or each.secretary}
    counted = {contest.id for contest in table.contests} if table else set()
    return actor.may(Permission.RELEASE) or (bool(seats) and counted <= seats)


def how_far(table: WholeTable) -> str:
    """How far the whole delegation is, as a key of WHOLE_WORDS."""
    if table.provisional:
        return "open"
    if table.minutes is None:
        return "asked" if table.open_questions else "unsigned"
    if table.not_yet(ContestState.RELEASED):
        return "signed"
    return "released" if table.not_yet(ContestState.PUBLISHED) else "published"


def _mine() -> tuple[Festival, WholeTable | None]:
    festival, actor = the_festival(), current_actor()
    table = whole_delegation(festival)
    if not has_business(actor, contests_for(actor), table):
        raise NotFound()
    return festival, table


@bp.get("/whole-delegation")
@signed_in
def whole() -> ResponseReturnValue:
    """Places, prizes and the next step."""
    return _page({}, {})


def _page(problem: Mapping[str, str], form: Mapping[str, str]) -> str:
    festival, table = _mine()
    rule = whole_rule(festival)
    return render_template(
        "jury/whole.html",
        festival=festival,
        whole=table,
        delegations={line.code: line for line in table.lines} if table else {},
        prizes=[each.name for each in rule.prizes] if rule else [],
        awards=awards_of_whole(festival.id),
        unsigned=table.not_yet(ContestState.SIGNED) if table else (),
        unreleased=table.not_yet(ContestState.RELEASED) if table else (),
        unpublished=table.not_yet(ContestState.PUBLISHED) if table else (),
        problem=problem,
        typed=form,
    )


# ------------------------------------------------------------------------------------------------- what the jury decides


@bp.post("/whole-delegation/tie")
@signed_in
def whole_tie() -> ResponseReturnValue:
    """Places typed for delegations that are equal."""
    return _decision(typed_order)


@bp.post("/whole-delegation/prize")
@signed_in
def whole_prize() -> ResponseReturnValue:
    """A prize (or none) for each delegation on a place between two prizes."""
    return _decision(lambda: PrizesGiven({code: name or None for code, name in typed("prize-").items()}))


def _decision(saying: Callable[[], TieOrder | PrizesGiven]) -> ResponseReturnValue:
    with reading():
        festival_id = _mine()[0].id

    def store(seen: int) -> None:
        actions.decide_whole(festival_id, saying(), typed_reason(), typed_names(), acting_user(), seen=seen)

    return decision(store, lambda: _read_back(saying()), _page, url_for("results.whole"))


def _read_back(saying: TieOrder | PrizesGiven) -> str:
    """The places and prizes as they would be, of the delegations the decision is about."""
    festival, before = _mine()
    said = actions.proposed_whole(festival, saying, typed_reason(), typed_names(), acting_user())
    table = whole_delegation(festival, said)
    if before is None or table is None:
        raise NotFound()
    lines = [
        ReadLine(
            f"{line.place}{'=' if line.shared else ''}",
            None,
            line.name,
            "",
            _("chờ xét giải") if line.code in table.waiting else line.prize or _("không giải"),
        )
        for line in table.lines
        if line.code in entries_decided(said)
    ]
    return draw_read_back(said, lines, before.agenda.decided.last_id, _("Toàn đoàn"), url_for("results.whole"))


# ----------------------------------------------------------------------------------------------------------- the minutes


@bp.post("/whole-delegation/sign")
@signed_in
def whole_sign() -> ResponseReturnValue:
    """It is noted that the minutes are signed: the awards stand."""
    with reading():
        festival_id = _mine()[0].id
        may_release = current_actor().may(Permission.RELEASE)
    with transaction():
        outcome = actions.sign_whole(
            festival_id, request.form.get("number", ""), acting_user(), may_release=may_release
        )
    match outcome:
        case Signed(count):
            flash(_("Biên bản toàn đoàn đã ký, %(n)s giải được ghi nhận.", n=count), "good")
        case StillOpen():
            flash(_("Ban giám khảo còn phải quyết định trước khi ký: xem mục chờ quyết định."), "bad")
        case _:
            assert_never(outcome)
    return redirect(url_for("results.whole"), 303)


@bp.get("/whole-delegation/minutes")
@signed_in
def whole_minutes() -> ResponseReturnValue:
    """The minutes in the state's form, to print and sign."""
    festival, table = _mine()
    if table is None or table.provisional:
        raise NotFound()
    return render_template(
        "results/whole_minutes.html",
        festival=festival,
        whole=table,
        delegations={line.code: line for line in table.lines},
        # a copy printed later bears the day on which the minutes were signed
        dated=local(table.minutes.signed_at if table.minutes else now()),
    )
