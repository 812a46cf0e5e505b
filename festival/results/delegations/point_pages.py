"""The page on which the organiser gives a delegation points, or takes some off, by a document. `/whole-delegation/points`

Who stands where is shown only when every contest that brings points is locked; then old and new order are read side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from festival.accounts.models import User
from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.editions.rules.whole import WholeDelegationRule, WholeOrder
from festival.judging.contest_access import marks_shown
from festival.results.blueprint import bp
from festival.results.delegations.access import whole_of_actor
from festival.results.delegations.beside import order_beside
from festival.results.delegations.deciding import is_signed
from festival.results.delegations.facts import whole_rule
from festival.results.delegations.given import GivenPoints, given_words
from festival.results.delegations.giving import (
    give_points,
    last_given,
    proposed_points,
    read_day,
    read_points,
    take_points_back,
)
from festival.results.delegations.table import WholeTable, whole_delegation, whole_reached
from festival.results.models import DelegationPoints
from festival.roster.models import Delegation

TYPED = ("delegation", "way", "points", "reason", "document", "day")


@dataclass(frozen=True, slots=True)
class PointsLine:
    """What was recorded, by whom, and whether it stands."""

    given: GivenPoints
    delegation: str
    at: datetime
    by: str
    taken_back_at: datetime | None
    taken_back_by: str
    taken_back_reason: str


def _ranked() -> tuple[Festival, WholeDelegationRule]:
    """The festival and how it ranks delegations; whoever may release has business here (`access.has_business`)."""
    festival = the_festival()
    rule = whole_rule(festival)
    if rule is None:
        raise NotFound()
    return festival, rule


def _whole() -> tuple[Festival, WholeTable]:
    festival, table = whole_of_actor()
    if table is None:
        raise NotFound()
    return festival, table


@bp.get("/whole-delegation/points")
@requires(Permission.RELEASE)
def whole_points() -> ResponseReturnValue:
    """What was recorded, and the form for the next."""
    return _page()


def _page() -> str:
    festival, rule = _ranked()
    return render_template(
        "results/whole_points.html",
        festival=festival,
        signed=is_signed(festival.id),
        read=whole_reached(festival.id, ContestState.RELEASED),
        addresses=lambda number: lambda step: url_for("results.points_document", number=number, step=step),
        lines=_lines(festival.id),
        delegations=_delegations(festival.id),
        counted_by_prizes=rule.sum is WholeOrder.MEDALS,
        typed={name: request.form.get(name, "") for name in TYPED},
        given_words=given_words,
    )


def _delegations(festival_id: int) -> list[tuple[str, str]]:
    wanted = select(Delegation.code, Delegation.name).where(Delegation.festival_id == festival_id)
    return [(row.code, row.name) for row in db.session.execute(wanted.order_by(Delegation.position, Delegation.name))]


def _lines(festival_id: int) -> list[PointsLine]:
    """The last first."""
    giver, taker = aliased(User), aliased(User)
    wanted = (
        select(DelegationPoints, Delegation.name, giver.name.label("by"), taker.name.label("taken_by"))
        .join(Delegation, Delegation.id == DelegationPoints.delegation_id)
        .outerjoin(giver, giver.id == DelegationPoints.given_by)
        .outerjoin(taker, taker.id == DelegationPoints.taken_back_by)
        .where(DelegationPoints.festival_id == festival_id)
        .order_by(DelegationPoints.number.desc())
    )
    return [
        PointsLine(
            GivenPoints(row.number, row.points_milli, row.reason, row.document, row.day),
            name,
            row.given_at,
            by or "",
            row.taken_back_at,
            taken_by or "",
            row.taken_back_reason,
        )
        for row, name, by, taken_by in db.session.execute(wanted)
    ]


@bp.post("/whole-delegation/points")
@requires(Permission.RELEASE)
def whole_points_post() -> ResponseReturnValue:
    """Read back with the old and the new order, then recorded."""
    form = request.form
    typed = {name: form.get(name, "") for name in TYPED}
    if form.get("step") == "back":
        return _page()
    milli = read_points(typed["way"], typed["points"])
    day = read_day(typed["day"])
    if form.get("step") != "confirm":
        with reading():
            return _read_back(typed, milli)
    with reading():
        festival_id = _ranked()[0].id
        signed = is_signed(festival_id)
    seen = typed_number(form.get("seen", ""))
    with transaction():
        give_points(
            festival_id,
            typed["delegation"],
            milli,
            typed["reason"],
            typed["document"],
            day,
            acting_user(),
            seen=-1 if seen is None else seen,
        )
    if signed:
        flash(
            _("Đã ghi. Biên bản toàn đoàn đã ký nên bảng chưa đổi: xem hai bảng và đính chính ở trang Toàn đoàn."),
            "note",
        )
    else:
        flash(_("Đã ghi, bảng toàn đoàn đã tính lại."), "good")
    return redirect(url_for("results.whole_points"), 303)


def _read_back(typed: dict[str, str], milli: int) -> str:
    festival, before = _whole()
    day = read_day(typed["day"])
    proposed = proposed_points(festival, typed["delegation"], milli, typed["reason"], typed["document"], day)
    after = whole_delegation(festival, points=proposed)
    assert after is not None
    secret = before.provisional
    if not secret:
        for contest in before.contests:
            marks_shown(contest)
    ((code, (given,)),) = proposed.items()
    return render_template(
        "results/whole_points_read_back.html",
        given=given,
        said=given_words(given),
        name=dict(_delegations(festival.id))[code],
        order=[] if secret else order_beside(before, after),
        seen=last_given(festival.id),
        signed=before.minutes is not None,
        typed=typed,
    )


@bp.post("/whole-delegation/points/back")
@requires(Permission.RELEASE)
def whole_points_back() -> ResponseReturnValue:
    """Points are taken back, with a reason."""
    with reading():
        festival_id = _ranked()[0].id
    number = typed_number(request.form.get("number", "")) or 0
    with transaction():
        take_points_back(festival_id, number, request.form.get("reason", ""), acting_user())
    flash(_("Đã bỏ, bảng toàn đoàn tính lại."), "note")
    return redirect(url_for("results.whole_points"), 303)
