"""The organiser's page of relations: what judges declared, the ties that follow, one tap for each."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests import actions
from festival.contests.queries import contests, panel_of
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.core.web.forms import not_offered
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.judging.panel import relations
from festival.judging.panel.relations import TieProposed
from festival.results.blueprint import bp


@bp.get("/office/relations")
@requires(Permission.CONTESTS)
def relations_page() -> ResponseReturnValue:
    """What was declared, what follows, what was decided."""
    festival = the_festival()
    ties = relations.ties_proposed(festival)
    return render_template(
        "results/relations.html",
        festival=festival,
        stated=relations.relations_of(festival.id),
        waiting=[tie for tie in ties if tie.waits],
        decided=[tie for tie in ties if not tie.waits],
        people=_people(festival),
        units=[(unit.id, unit.full_name) for unit in relations.units_of(festival.id)],
        typed=request.form,
    )


def _people(festival: Festival) -> list[tuple[int, str]]:
    """Whoever has a seat that marks, or waits in reserve."""
    panels = panel_of([each.id for each in contests(festival.id)])
    found = {
        member.user_id: member.name
        for members in panels.values()
        for member in members
        if member.letter is not None or member.seat == "reserve"
    }
    return sorted(found.items(), key=lambda each: (each[1], each[0]))


@bp.post("/office/relations")
@requires(Permission.CONTESTS)
def relations_post() -> ResponseReturnValue:
    """`do`: declare, withdraw, accept, dismiss, untie, again."""
    with transaction():
        festival = the_festival()
        said = _done(festival, request.form.get("do", ""))
    flash(said, "good")
    return redirect(url_for("results.relations_page"), 303)


def _done(festival: Festival, do: str) -> str:
    form = request.form
    if do == "declare":
        user_id = typed_number(form.get("user", ""))
        if user_id not in dict(_people(festival)):
            raise not_offered("user")
        unit, family = typed_number(form.get("unit", "")), form.get("family", "").strip()
        if unit is not None and unit not in {each.id for each in relations.units_of(festival.id)}:
            raise not_offered("unit")
        to = (unit, relations.family_named(festival.id, family) if family else None)
        relations.declare(festival.id, user_id, to, form.get("words", ""))
        return str(_("Đã ghi quan hệ. Xem các đề nghị không chấm bên dưới."))
    if do == "withdraw":
        relations.withdraw(festival.id, typed_number(form.get("relation", "")) or 0)
        return str(_("Đã bỏ quan hệ đã ghi."))
    tie = _tie(festival)
    if do == "accept":
        actions.note_unavailable(tie.judge_id, tie.unit_id, tie.words, family_id=tie.family_id)
        return str(_("Đã ghi: %(who)s không chấm %(to)s.", who=tie.who, to=tie.to))
    if do == "dismiss":
        relations.dismiss(festival.id, tie, form.get("reason", ""), acting_user())
        return str(_("Đã bỏ qua: %(who)s vẫn chấm %(to)s.", who=tie.who, to=tie.to))
    if do == "untie" and tie.tie_id is not None:
        actions.drop_unavailable(tie.tie_id)
        return str(_("Đã bỏ ghi chú."))
    if do == "again":
        relations.ask_again(festival.id, tie)
        return str(_("Đề nghị này lại chờ quyết định."))
    raise BadInput()


def _tie(festival: Festival) -> TieProposed:
    """The proposal that was tapped, as it is now."""
    form = request.form
    wanted = (
        typed_number(form.get("judge", "")),
        typed_number(form.get("unit", "")),
        typed_number(form.get("family", "")),
    )
    for tie in relations.ties_proposed(festival):
        if (tie.judge_id, tie.unit_id, tie.family_id) == wanted:
            return tie
    raise not_offered("judge")
