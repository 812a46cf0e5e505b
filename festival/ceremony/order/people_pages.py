"""Whom does the MC greet, who is absent, and which delegation comes up for its keepsake?"""

from __future__ import annotations

from collections import Counter

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from festival.ceremony.order import writing
from festival.ceremony.order.blueprint import bp
from festival.ceremony.order.models import CeremonyPart
from festival.ceremony.order.ranked import GuestMark
from festival.ceremony.order.reading import greeted, keepsakes
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.access import Actor, Permission, acting_user, current_actor, requires, signed_in
from festival.core.web.errors import NotFound
from festival.core.web.forms import form_number, not_offered
from festival.core.web.i18n import day
from festival.core.web.paging import asked_part
from festival.documents import paper
from festival.editions.queries import the_festival

GREETED_A_PAGE = 60  # more than anybody greets; a list of 3,000 still opens at once on a phone
MARKS = {"absent": GuestMark.ABSENT.value, "late": GuestMark.LATE.value, "there": ""}


def _greets() -> Actor:
    """The MC and the organiser; for others there is nothing here."""
    actor = current_actor()
    if not (actor.may(Permission.MC) or actor.may(Permission.OFFICE)):
        raise NotFound()
    return actor


@bp.get("/mc/guests")
@signed_in
def guests() -> str:
    """The guests in their order, as they are spoken to, and who of them is not read out."""
    actor, festival = _greets(), the_festival()
    found = greeted(festival.id)
    content, version = writing.written(festival.id)[CeremonyPart.GUESTS]
    ranks = Counter(each.line.who.rank for each in found if each.line.who.rank)
    part = asked_part(len(found), GREETED_A_PAGE)
    writes = actor.may(Permission.OFFICE)
    return render_template(
        "ceremony/order/guests.html",
        part=part,
        page_url=lambda page: url_for("ceremony_order.guests", page=page),
        guests=part.of(found),
        choices=[(each.code, each.line.name) for each in part.of(found)] if writes else [],
        shared=set() if content.get("order") else {rank for rank, number in ranks.items() if number > 1},
        unranked=0 if content.get("order") else sum(each.line.who.rank is None for each in found),
        by_hand=bool(content.get("order")),
        away=sum(bool(each.mark) for each in found),
        version=version,
        writes=writes,
        earlier=writing.earlier(festival.id, CeremonyPart.GUESTS) if writes else [],
    )


@bp.get("/mc/guests.pdf")
@signed_in
def guests_paper() -> ResponseReturnValue:
    """The same on paper, in large letters: who is there, then who comes late."""
    _greets()
    festival = the_festival()
    found = greeted(festival.id)
    with force_locale("vi"):
        rows = [[str(each.line.who.rank or "–"), each.spoken, each.line.who.seat] for each in found if not each.mark]
        late = [["", each.spoken, _("đến muộn")] for each in found if each.mark == GuestMark.LATE]
        values = {
            "title": _("Giới thiệu đại biểu"),
            "under": f"{festival.name}, {day(festival.starts_on)}",
            "greeting": _("Kính thưa"),
            "empty": _("Chưa có khách mời nào."),
            "rows": rows + late,
        }
    answer = make_response(paper.pdf("ceremony/order/guests.typ", values))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = 'inline; filename="gioi-thieu-dai-bieu.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/mc/guests/mark")
@signed_in
def mark_guest() -> ResponseReturnValue:
    """Absent, late, or there after all: one tap, by the MC or the organiser. The button says which, its value whom."""
    _greets()
    said = next((name for name in MARKS if name in request.form), None)
    if said is None:
        raise not_offered("absent")
    code = request.form[said]
    with transaction():
        festival = the_festival()
        codes = [each.code for each in greeted(festival.id)]
        writing.mark(festival, CeremonyPart.GUESTS, codes, code, MARKS[said], acting_user())
    page = typed_number(request.form.get("page", "")) or 1
    return redirect(url_for("ceremony_order.guests", page=page if page > 1 else None, _anchor=f"g-{code}"), 303)


@bp.post("/mc/guests")
@requires(Permission.OFFICE)
def order_guests() -> ResponseReturnValue:
    """One guest to another place; nobody chosen and `own`: by rank again."""
    was, code, to = form_number("was"), request.form.get("guest", ""), _place()
    with transaction():
        festival = the_festival()
        codes = [each.code for each in greeted(festival.id)]
        chosen = "" if request.form.get("own") else code or "-"
        writing.put_in_order(festival, CeremonyPart.GUESTS, codes, chosen, to, was, acting_user())
    return redirect(url_for("ceremony_order.guests"), 303)


@bp.get("/office/ceremony/keepsakes")
@requires(Permission.OFFICE)
def keepsake_page() -> str:
    """The delegations as they come up."""
    festival = the_festival()
    found = keepsakes(festival.id)
    content, version = writing.written(festival.id)[CeremonyPart.KEEPSAKES]
    return render_template(
        "ceremony/order/keepsakes.html",
        keepsakes=found,
        version=version,
        by_hand=bool(content.get("order")),
        earlier=writing.earlier(festival.id, CeremonyPart.KEEPSAKES),
    )


@bp.post("/office/ceremony/keepsakes")
@requires(Permission.OFFICE)
def change_keepsake() -> ResponseReturnValue:
    """Another place (`to`), somebody else who receives (`who`), or (`own`) the delegations' own order again."""
    was, code = form_number("was"), request.form.get("of", "")
    with transaction():
        festival, by = the_festival(), acting_user()
        codes = [each.code for each in keepsakes(festival.id)]
        if request.form.get("own"):
            writing.put_in_order(festival, CeremonyPart.KEEPSAKES, codes, "", 0, was, by)
        elif "who" in request.form:
            who = writing.typed_person(request.form["who"], "who")
            writing.name_receiver(festival, codes, code, who, was, by)
        else:
            writing.put_in_order(festival, CeremonyPart.KEEPSAKES, codes, code or "-", _place(), was, by)
    return redirect(url_for("ceremony_order.keepsake_page"), 303)


@bp.post("/office/ceremony/keepsakes/mark")
@requires(Permission.OFFICE)
def mark_keepsake() -> ResponseReturnValue:
    """Given, absent, or neither; the button says which, its value of whom."""
    said = next((name for name in ("given", "absent", "neither") if name in request.form), None)
    if said is None:
        raise not_offered("absent")
    code = request.form[said]
    with transaction():
        festival = the_festival()
        codes = [each.code for each in keepsakes(festival.id)]
        writing.mark(festival, CeremonyPart.KEEPSAKES, codes, code, "" if said == "neither" else said, acting_user())
    return redirect(url_for("ceremony_order.keepsake_page", _anchor=f"k-{code}"), 303)


def _place() -> int:
    """The place that was typed; 0, which is none, where it is no number."""
    return typed_number(request.form.get("to", "")) or 0
