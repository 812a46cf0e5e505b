"""The organiser's letters: to all families with an address, and those that did not arrive with what to do about each."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from festival.core.database import db
from festival.core.post import outbox
from festival.core.post.faults import MailFault, fault_words
from festival.core.post.mail_address import email_fault
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.forms import form_number
from festival.core.web.i18n import say
from festival.core.web.paging import asked_part
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.messages import letters
from festival.messages.blueprint import bp
from festival.messages.gathered.parts import change_said, when
from festival.messages.letters import Occasion, WaitingLetter
from festival.roster.models import Family

LETTERS_A_PAGE = 25
OCCASIONS = {
    Occasion.TIMETABLE: (_l("Lịch thi"), _l("Khi công bố chương trình, và mỗi lần chương trình đổi.")),
    Occasion.REMINDER: (_l("Nhắc trước ngày hội"), _l("Giờ, nơi thi, mang theo gì. Mỗi ngày nhiều nhất một lần.")),
    Occasion.THANKS: (_l("Cảm ơn"), _l("Sau ngày hội, với địa chỉ xem kết quả.")),
}


@bp.get("/office/messages/letters")
@requires(Permission.OFFICE)
def letter_list() -> ResponseReturnValue:
    """Who would get which letter now; which letters did not arrive, beside their families."""
    festival = the_festival()
    families = letters.recipients(festival)
    given_up = outbox.refused()
    return render_template(
        "messages/letters.html",
        reached=len(families),
        occasions=[(each, OCCASIONS[each], letters.waiting_for(festival, each, families)) for each in Occasion],
        trouble=outbox.trouble(),
        refused=_refused(festival, given_up),
        again=any(letter.error != MailFault.RETURNED for letter in given_up),
        returned=MailFault.RETURNED,
        fault_words=fault_words,
    )


@bp.get("/office/messages/letters/timetable")
@requires(Permission.OFFICE)
def letters_preview() -> ResponseReturnValue:
    """Who would get the letter of the timetable, and what it says has changed, before anything is sent."""
    festival = the_festival()
    try:
        waiting = letters.waiting(festival, Occasion.TIMETABLE, letters.recipients(festival))
        nothing: object = ""
    except Conflict as refused:
        waiting, nothing = [], str(refused.message)
    part = asked_part(len(waiting), LETTERS_A_PAGE)
    shown = [(each.notice["name"], each.family.delegation.name, _lines(each)) for each in part.of(waiting)]
    return render_template("messages/letters_preview.html", part=part, shown=shown, nothing=nothing)


def _lines(letter: WaitingLetter) -> list[tuple[str, str]] | None:
    """None: the first letter, that says all."""
    changed = [change for family in letter.notice["changed"] for change in family["changes"]]
    return [(when(change), change_said(change)) for change in changed] or None


def _refused(festival: Festival, given_up: Sequence[OutboxMail]) -> list[tuple[Family, list[OutboxMail]]]:
    """Families whose letters were given up or came back, and which."""
    held: dict[str, list[OutboxMail]] = {}
    for letter in given_up:
        if letter.about:
            held.setdefault(letter.about, []).append(letter)
    wanted = select(Family).where(Family.festival_id == festival.id, Family.code.in_(held))
    rows = db.session.scalars(wanted.options(joinedload(Family.delegation)).order_by(Family.id))
    return [(family, held[family.code]) for family in rows]


@bp.post("/office/messages/letters/<kind>")
@requires(Permission.OFFICE)
def letters_post(kind: str) -> ResponseReturnValue:
    """Write to all that have not had this one."""
    if kind not in list(Occasion):
        raise NotFound()
    with transaction():
        many = letters.send_all(the_festival(), Occasion(kind), acting_user())
    said = ngettext("%(num)d thư đã vào hộp thư đi.", "%(num)d thư đã vào hộp thư đi.", many)
    flash(said if many else _("Mọi gia đình có địa chỉ đã có thư này."), "good")
    return redirect(url_for("messages.letter_list"), 303)


@bp.post("/office/messages/letters/again")
@requires(Permission.OFFICE)
def letters_again() -> ResponseReturnValue:
    """Let what was given up go once more."""
    with transaction():
        many = outbox.try_again()
    flash(ngettext("%(num)d thư sẽ được gửi lại.", "%(num)d thư sẽ được gửi lại.", many), "good")
    return redirect(url_for("messages.letter_list"), 303)


@bp.post("/office/messages/letters/returned")
@requires(Permission.OFFICE)
def letters_returned() -> ResponseReturnValue:
    """The sender's mailbox got a report: what went to this address has come back."""
    with transaction():
        names = letters.came_back(the_festival(), request.form.get("returned", "").strip())
    flash(
        _("Đã ghi: thư gửi %(names)s bị trả lại. Gọi gia đình, rồi sửa địa chỉ dưới đây.", names=", ".join(names)),
        "good",
    )
    return redirect(url_for("messages.letter_list", _anchor="refused"), 303)


@bp.post("/office/messages/letters/arrived")
@requires(Permission.OFFICE)
def letters_arrived() -> ResponseReturnValue:
    """It was another's report, or the family has the letter after all."""
    with transaction():
        family = _family(the_festival())
        many = outbox.arrived(family.code)
    flash(ngettext("%(num)d thư nay lại là thư đã gửi.", "%(num)d thư nay lại là thư đã gửi.", many), "good")
    return redirect(url_for("messages.letter_list", _anchor="refused"), 303)


def _family(festival: Festival) -> Family:
    code = request.form.get("family", "")
    found = db.session.scalar(select(Family).where(Family.festival_id == festival.id, Family.code == code))
    if found is None:
        raise NotFound()
    return found


@bp.post("/office/messages/letters/address")
@requires(Permission.OFFICE)
def letters_address() -> ResponseReturnValue:
    """The family's address is put right, and its letters go there."""
    email = request.form.get("email", "").strip()
    fault = email_fault(email)
    if fault is not None:
        raise BadInput(say(fault))
    with transaction():
        festival = the_festival()
        many = letters.correct_address(festival, _family(festival), form_number("version"), email, acting_user())
    said = ngettext(
        "Đã sửa địa chỉ. %(num)d thư sẽ được gửi lại tới đó.",
        "Đã sửa địa chỉ. %(num)d thư sẽ được gửi lại tới đó.",
        many,
    )
    flash(said, "good")
    return redirect(url_for("messages.letter_list"), 303)
