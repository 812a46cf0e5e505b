"""The organiser writes what follows what: the opening and the closing, item by item, and takes an earlier saving again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.ceremony.order import writing
from festival.ceremony.order.agenda import AgendaItem
from festival.ceremony.order.blueprint import bp
from festival.ceremony.order.models import CeremonyPart
from festival.ceremony.order.sheets import sheets
from festival.ceremony.order.tracks import tracks
from festival.ceremony.order.words import HOLDS_WORDS, PART_WORDS, SHEET_WORDS
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.core.web.forms import form_choice, form_number
from festival.editions.queries import the_festival

AGENDAS = (CeremonyPart.OPENING, CeremonyPart.CLOSING)


@bp.get("/office/ceremony")
@requires(Permission.OFFICE)
def order() -> str:
    """Both orders, the three sheets, and the ways to guests, keepsakes and awards."""
    festival = the_festival()
    return render_template(
        "ceremony/order/order.html",
        festival=festival,
        agendas=[(part, *writing.agenda_of(festival.id, part)) for part in AGENDAS],
        sheets=sheets(festival),
        earlier=writing.earlier(festival.id, *AGENDAS),
        part_words=PART_WORDS,
        sheet_words=SHEET_WORDS,
        holds_words=HOLDS_WORDS,
    )


@bp.post("/office/ceremony/usual")
@requires(Permission.OFFICE)
def usual() -> ResponseReturnValue:
    """Begin with the usual items."""
    part, was = _agenda(form_choice("of", CeremonyPart)), form_number("was")
    with transaction():
        writing.take_usual(the_festival(), part, was, acting_user())
    return back(part)


@bp.post("/office/ceremony/begins")
@requires(Permission.OFFICE)
def begins() -> ResponseReturnValue:
    """When the first item begins."""
    part, was = _agenda(form_choice("of", CeremonyPart)), form_number("was")
    with transaction():
        writing.begin_at(the_festival(), part, request.form.get("begins", ""), was, acting_user())
    return back(part)


@bp.get("/office/ceremony/items/<of>/<int(max=9007199254740991):item>")
@requires(Permission.OFFICE)
def item(of: str, item: int) -> str:
    """An item to change; 0 is a new one."""
    part, festival = _agenda(of), the_festival()
    agenda, version = writing.agenda_of(festival.id, part)
    found = AgendaItem("") if item == 0 else agenda.item(item)
    if found is None:
        raise NotFound()
    return render_template(
        "ceremony/order/item.html",
        of=part,
        item=found,
        place=next((at for at, each in enumerate(agenda.standing, start=1) if each.number == item), 0),
        places=len(agenda.standing),
        version=version,
        tracks=tracks(festival.id),
        part_words=PART_WORDS,
        holds_words=HOLDS_WORDS,
    )


@bp.post("/office/ceremony/items/<of>/<int(max=9007199254740991):item>")
@requires(Permission.OFFICE)
def save_item(of: str, item: int) -> ResponseReturnValue:
    """As typed."""
    part, was = _agenda(of), form_number("was")
    with transaction():
        festival = the_festival()
        acts = {each.code for each in tracks(festival.id)}
        writing.save_item(festival, part, item, request.form, acts, was, acting_user())
    return back(part)


@bp.post("/office/ceremony/items/<of>/<int(max=9007199254740991):item>/move")
@requires(Permission.OFFICE)
def move_item(of: str, item: int) -> ResponseReturnValue:
    """To another place."""
    part, to, was = _agenda(of), form_number("to"), form_number("was")
    with transaction():
        writing.move_item(the_festival(), part, item, to, was, acting_user())
    return back(part)


@bp.post("/office/ceremony/items/<of>/<int(max=9007199254740991):item>/away")
@requires(Permission.OFFICE)
def item_away(of: str, item: int) -> ResponseReturnValue:
    """Taken away, or (`back`) put back."""
    part, was, away = _agenda(of), form_number("was"), request.form.get("back") != "y"
    with transaction():
        writing.take_away(the_festival(), part, item, away, was, acting_user())
    if away:
        flash(_("Đã bỏ mục này. Bấm nhầm thì bấm «Đưa lại» ở dưới danh sách."))
    return back(part)


@bp.post("/office/ceremony/restore")
@requires(Permission.OFFICE)
def restore() -> ResponseReturnValue:
    """An earlier saving of a part stands again."""
    part, wanted, was = form_choice("of", CeremonyPart), form_number("wanted"), form_number("was")
    with transaction():
        writing.restore(the_festival(), part, wanted, was, acting_user())
    flash(_("Đã lấy lại bản ghi số %(n)s.", n=wanted), "good")
    pages = {
        CeremonyPart.GUESTS: "ceremony_order.guests",
        CeremonyPart.KEEPSAKES: "ceremony_order.keepsake_page",
        CeremonyPart.AWARDS: "ceremony_order.awards",
    }
    return redirect(url_for(pages[part]), 303) if part in pages else back(part)


def back(part: CeremonyPart) -> ResponseReturnValue:
    """To the order that was changed."""
    return redirect(url_for("ceremony_order.order", _anchor=part.value), 303)


def _agenda(of: str | CeremonyPart) -> CeremonyPart:
    part = next((each for each in AGENDAS if each == of), None)
    if part is None:
        raise NotFound()
    return part
