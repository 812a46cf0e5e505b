"""The pages of the editions: which is current, the archive of each, putting one away and taking it out again."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.paging import asked_part
from festival.editions import choosing
from festival.editions.models import Festival
from festival.editions.queries import festival_by_code, festivals, state_of
from festival.office.archive import archive_of, edition_lines
from festival.office.removing import remove_edition
from festival.office.words import EDITION_STATES
from festival.roster.words import STATE_WORDS

FAMILIES_A_PAGE = 100

bp = Blueprint("editions", __name__, url_prefix="/office/editions")


@bp.get("")
@requires(Permission.OFFICE)
def index() -> ResponseReturnValue:
    """All editions with their state."""
    return render_template("office/editions.html", lines=edition_lines(), states=EDITION_STATES)


@bp.get("/<code>")
@requires(Permission.OFFICE)
def one(code: str) -> ResponseReturnValue:
    """What an edition was, nothing to change in it; and what can be done with it as a whole."""
    return _page(code)


@bp.post("/<code>/choose")
@requires(Permission.OFFICE)
def choose(code: str) -> ResponseReturnValue:
    """From now on the pages speak of it."""
    return _done(code, lambda found: choosing.choose(found, acting_user()), _("Từ bây giờ đây là ngày hội hiện hành."))


@bp.post("/<code>/put-away")
@requires(Permission.OFFICE)
def put_away(code: str) -> ResponseReturnValue:
    """It is a mistake or a rehearsal."""
    reason = request.form.get("reason", "")
    return _done(code, lambda found: choosing.put_away(found, reason, acting_user()), _("Đã cất ngày hội này."))


@bp.post("/<code>/bring-out")
@requires(Permission.OFFICE)
def bring_out(code: str) -> ResponseReturnValue:
    """The way back."""
    return _done(code, lambda found: choosing.bring_out(found, acting_user()), _("Đã lấy ngày hội này ra lại."))


@bp.post("/<code>/remove")
@requires(Permission.OFFICE)
def remove(code: str) -> ResponseReturnValue:
    """One that was put away and holds nothing a person did."""
    try:
        with transaction():
            remove_edition(_edition(code), acting_user())
    except Conflict as refused:
        return _page(code, str(refused.message)), 409
    flash(_("Đã xóa ngày hội %(code)s. Mã này dùng lại được.", code=code), "good")
    return redirect(url_for("editions.index"))


def _done(code: str, act: Callable[[Festival], None], said: str) -> ResponseReturnValue:
    try:
        with transaction():
            act(_edition(code))
    except (BadInput, Conflict) as refused:
        return _page(code, str(refused.message)), refused.status
    flash(said, "good")
    return redirect(url_for("editions.one", code=code))


def _page(code: str, error: str = "") -> str:
    every = {each.code: each for each in festivals()}
    if code not in every:
        raise NotFound()
    may_review = current_actor().may(Permission.REVIEW)
    show = request.args.get("show", "")
    show = show if show == "programme" or (show == "families" and may_review) else "results"
    archive = archive_of(every[code], show)
    shown = asked_part(len(archive.registered), FAMILIES_A_PAGE)
    others = (each for each in every.values() if each.code != code and state_of(each) == "current")
    return render_template(
        "office/edition.html",
        archive=archive,
        shown=shown,
        registered=shown.of(archive.registered),
        states=EDITION_STATES,
        state_words=STATE_WORDS,
        current=next(others, None),
        may_review=may_review,
        show=show,
        error=error,
        typed=request.form,
    )


def _edition(code: str) -> Festival:
    found = festival_by_code(code)
    if found is None:
        raise NotFound()
    return found
