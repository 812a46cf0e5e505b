"""The page of a round: who goes on into the final, taken, brought up to date, given back, announced."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import Contest, ContestState
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires, signed_in
from festival.core.web.errors import Forbidden, NotFound
from festival.judging.contest_access import ContestAccess, contest_for, marks_shown
from festival.judging.tally import Appearance
from festival.results.blueprint import bp
from festival.results.cut import announcing, taking
from festival.results.cut.taking import cut_of
from festival.results.ladder.at_cut import final_of, names_of
from festival.results.ladder.states import reached
from festival.results.rounds.choosing import EqualAtCut


@bp.get("/panel/<code>/cut")
@signed_in
def cut(code: str) -> ResponseReturnValue:
    """Who goes on by the places of now, and what was taken."""
    access, final = _round(code)
    before = access.contest
    ready = reached(before, ContestState.SIGNED)
    found = cut_of(before, final) if before.state is not ContestState.OPEN else None
    if found is not None:
        marks_shown(before)
    return render_template(
        "results/cut/cut.html",
        contest=before,
        final=final,
        access=access,
        ready=ready,
        cut=found,
        equal=names_of(found.table, found.wanted.entries) if found and isinstance(found.wanted, EqualAtCut) else "",
        lines=[] if found is None else _lines(found),
        names={} if found is None else found.table.appearances,
        begun=final.rules_fixed_at is not None or final.state is not ContestState.OPEN,
    )


def _lines(found: taking.Cut) -> list[tuple[int | None, Appearance]]:
    """Who would go on by the places of now, best first; nobody while some stand equal at the cut."""
    if isinstance(found.wanted, EqualAtCut):
        return []
    return [(each.place, found.table.appearances[each.entry]) for each in found.wanted.lines]


@bp.post("/panel/<code>/cut/take")
@signed_in
def cut_take(code: str) -> ResponseReturnValue:
    """The first of the round go on."""
    return _step(code, lambda final: taking.take(final.id, acting_user()), _("Đã lấy vào vòng sau."))


@bp.post("/panel/<code>/cut/renew")
@signed_in
def cut_renew(code: str) -> ResponseReturnValue:
    """The list follows withdrawals and amendments."""
    return _step(code, lambda final: taking.renew(final.id, acting_user()), _("Danh sách đã đúng với kết quả bây giờ."))


@bp.post("/panel/<code>/cut/take-back")
@signed_in
def cut_take_back(code: str) -> ResponseReturnValue:
    """Nobody has gone on."""
    reason = request.form.get("reason", "")
    return _step(code, lambda final: taking.take_back(final.id, reason, acting_user()), _("Đã trả lại danh sách."))


@bp.post("/panel/<code>/cut/announce")
@requires(Permission.RELEASE)
def cut_announce(code: str) -> ResponseReturnValue:
    """Everybody may know who goes on."""
    said = _("Đã báo. Trong vòng một phút, trang công khai và trang của các gia đình cho biết ai vào vòng sau.")
    return _step(code, lambda final: announcing.announce(final.id, acting_user()), said)


@bp.post("/panel/<code>/cut/unannounce")
@requires(Permission.RELEASE)
def cut_unannounce(code: str) -> ResponseReturnValue:
    """Nobody outside is told any more."""
    reason = request.form.get("reason", "")
    return _step(
        code,
        lambda final: announcing.withdraw_announcement(final.id, reason, acting_user()),
        _("Đã rút lời báo. Trong vòng một phút, trang công khai thôi nêu tên."),
    )


def _round(code: str) -> tuple[ContestAccess, Contest]:
    """The round before, for its secretary and the organiser, and its final. NotFound without one."""
    access = contest_for(current_actor(), code)
    final = final_of(access.contest)
    if final is None:
        raise NotFound()
    if access.sealed or not (access.secretary or access.organiser):
        raise Forbidden()
    return access, final


def _step(code: str, act: Callable[[Contest], object], done: str) -> ResponseReturnValue:
    with reading():
        _access, final = _round(code)
    with transaction():
        act(final)
    flash(done, "good")
    return redirect(url_for("results.cut", code=code), 303)
