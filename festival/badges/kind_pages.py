"""The organiser's page of the edition's own classes of badges."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.badges import kinds, queries
from festival.badges.blueprint import bp
from festival.badges.kind_words import COLOURS, SYMBOLS
from festival.badges.kinds import KindWish
from festival.badges.lists import ALL_CLASSES, kinds_of
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.core.web.forms import form_number
from festival.core.web.i18n import say
from festival.editions.queries import the_festival


@bp.get("/office/badges/kinds")
@requires(Permission.OFFICE)
def own_kinds() -> str:
    """Each own class with how many have it; the classes of every edition beside them."""
    festival = the_festival()
    rows = kinds_of(festival.id)
    return render_template(
        "badges/kinds.html",
        rows=[(row, queries.look_of(row.base, row), queries.look_of(row.base)) for row in rows],
        used=queries.used_kinds(festival.id),
        standard=[queries.look_of(each) for each in ALL_CLASSES],
        symbols=[(key, say(words)) for key, words in SYMBOLS.items()],
        colours=[(key, say(words)) for key, words in COLOURS.items()],
    )


@bp.post("/office/badges/kinds")
@requires(Permission.OFFICE)
def make_kind() -> ResponseReturnValue:
    """One more."""
    with transaction():
        word = kinds.make_kind(the_festival(), _wish(), acting_user()).word
    flash(_("Đã thêm lớp thẻ “%(word)s”. Chọn được khi thêm người.", word=word), "good")
    return redirect(url_for("badges.own_kinds"), 303)


@bp.post("/office/badges/kinds/<code>/<step>")
@requires(Permission.OFFICE)
def change_kind(code: str, step: str) -> ResponseReturnValue:
    """Change it, hand its people over to the class it counts as, take it away."""
    with transaction():
        festival = the_festival()
        row = kinds.kind_of(festival, code)
        version, word = form_number("version"), row.word
        match step:
            case "change":
                kinds.change_kind(festival, row, version, _wish(), acting_user())
                words = _("Đã lưu lớp thẻ “%(word)s”. Thẻ đã in còn ghi như cũ thì in lại.", word=row.word)
            case "hand-over":
                number = kinds.hand_over(festival, row, version, acting_user())
                base = queries.look_of(row.base).word
                words = _("Đã chuyển %(n)s người từ “%(word)s” về lớp %(base)s.", n=number, word=word, base=base)
            case "remove":
                kinds.remove_kind(festival, row, acting_user())
                words = _("Đã bỏ lớp thẻ “%(word)s”.", word=word)
            case _:
                raise NotFound()
    flash(words, "good")
    return redirect(url_for("badges.own_kinds"), 303)


def _wish() -> KindWish:
    return KindWish(*(request.form.get(name, "") for name in ("word", "base", "symbol", "colour")))
