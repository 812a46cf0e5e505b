"""The organiser's page on personal data: until when, what goes and stays, who asked to be out; and moving the days."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import today
from festival.core.names import nfc
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.i18n import say
from festival.editions import retention
from festival.editions.queries import the_festival
from festival.editions.retention import DUE_WORDS
from festival.privacy import kept_page
from festival.privacy.blueprint import bp
from festival.privacy.days import day_typed
from festival.privacy.ethnic import pages as ethnic_pages
from festival.privacy.health import pages as health_pages
from festival.privacy.people.erasing_outsider import erase_outsider
from festival.privacy.plan import forecast
from festival.privacy.requests import data_pages, family_pages, office_pages, officer_pages
from festival.privacy.requests import queries as requests
from festival.roster.departures import mark_seen, unseen_departures

__all__ = [
    "bp",
    "data_pages",
    "ethnic_pages",
    "family_pages",
    "health_pages",
    "kept_page",
    "office_pages",
    "officer_pages",
]
LONGEST_REASON = 300


@bp.get("/office/privacy")
@requires(Permission.OFFICE)
def page() -> ResponseReturnValue:
    """What is kept until when, and what becomes of it then."""
    return _page("")


def _page(error: str) -> str:
    foreseen = forecast(the_festival())
    on = today()
    return render_template(
        "privacy/office.html",
        foreseen=foreseen,
        states={what: say(DUE_WORDS[foreseen.kept.due(what, on)]) for what in ("data", "papers")},
        error=error,
        waiting_requests=requests.open_count(foreseen.festival.id),
        left=unseen_departures(foreseen.festival.id),
        typed=request.form,
    )


@bp.post("/office/privacy/keep")
@requires(Permission.OFFICE)
def keep() -> ResponseReturnValue:
    """Move the day of the data or of the papers, with a reason."""
    what = "papers" if request.form.get("what") == "papers" else "data"
    until, reason = day_typed(request.form.get("until", "")), _reason()
    if until is None:
        return _page(_("Ghi ngày như 31/12/2026.")), 422
    if not reason:
        return _page(_("Ghi lý do.")), 422
    with transaction():
        fault = retention.keep_until(the_festival(), what, until, reason, acting_user())
    if fault is not None:
        return _page(say(fault)), 422
    flash(_("Đã đặt lại ngày xóa."), "good")
    return redirect(url_for("privacy.page"))


@bp.post("/office/privacy/hold")
@requires(Permission.OFFICE)
def hold() -> ResponseReturnValue:
    """Hold everything, or let go (`go` = yes), with a reason."""
    reason = _reason()
    if not reason:
        return _page(_("Ghi lý do.")), 422
    letting_go = request.form.get("go") == "yes"
    with transaction():
        (retention.let_go if letting_go else retention.hold)(the_festival(), reason, acting_user())
    flash(_("Đã bỏ giữ lại, ngày xóa có hiệu lực.") if letting_go else _("Đang giữ lại, không xóa gì."), "good")
    return redirect(url_for("privacy.page"))


@bp.post("/office/privacy/seen/<int(max=9007199254740991):departure_id>")
@requires(Permission.OFFICE)
def seen(departure_id: int) -> ResponseReturnValue:
    """The organiser has looked what has to be done; the line leaves the list."""
    with transaction():
        mark_seen(the_festival(), departure_id, acting_user())
    return redirect(url_for("privacy.page"))


def _reason() -> str:
    return nfc(request.form.get("reason", ""))[:LONGEST_REASON]


@bp.post("/office/privacy/outsiders/<code>/erase")
@requires(Permission.OFFICE)
def erase_person(code: str) -> ResponseReturnValue:
    """Somebody outside families, taken off the list already, asks for it before the day of the data."""
    clean = erase_outsider(code)
    flash(
        _("Đã xóa hẳn dữ liệu của người này.")
        if clean
        else _("Đã xóa dữ liệu của người này trong bảng; việc định kỳ dọn tệp của cơ sở dữ liệu."),
        "good",
    )
    return redirect("/office/badges", 303)
