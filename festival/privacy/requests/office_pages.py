"""The organiser's list of requests about personal data: what is due, answered, done, refused, opened again; days off; asking for a family."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.consent.texts import ASKED_BY_WORDS
from festival.core import ledger
from festival.core.database import db
from festival.core.names import nfc
from festival.core.statements import insert_or_pass
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.editions.queries import the_festival
from festival.privacy.blueprint import bp
from festival.privacy.days import day_typed
from festival.privacy.models import AskedFor, DayOff, RequestState
from festival.privacy.people import foreseeing
from festival.privacy.requests import carrying_out, dealing, queries
from festival.privacy.requests.queries import RequestShown
from festival.privacy.requests.receipt import receipt
from festival.privacy.requests.typed import asked_how, asked_kind, asked_person, words_of
from festival.privacy.steps import KIND_WORDS
from festival.roster import families
from festival.roster.models import Family
from festival.roster.steps import stream

LONGEST_NAME = 60


@bp.get("/office/privacy/requests")
@requires(Permission.OFFICE)
def requests_list() -> ResponseReturnValue:
    """What is to be done first stands first."""
    festival = the_festival()
    return render_template(
        "privacy/requests/office.html",
        festival=festival,
        asked=queries.of_edition(festival.id),
        off=queries.days_off(festival.id),
    )


@bp.get("/office/privacy/families/<family>")
@requires(Permission.OFFICE)
def office_family(family: str) -> ResponseReturnValue:
    """The requests of one family, and the form to write one down for it."""
    return _family_page(families.family_by_code(family))


def _family_page(found: Family) -> str:
    return render_template(
        "privacy/requests/staff_family.html",
        family=found,
        asked=queries.of_family(found.id),
        kinds=KIND_WORDS,
        hows=ASKED_BY_WORDS,
        action=url_for("privacy.office_family_ask", family=found.code),
        url=lambda code: url_for("privacy.office_request", asked=code),
        trail=[
            (_("Dữ liệu cá nhân"), url_for("privacy.page")),
            (_("Yêu cầu"), url_for("privacy.requests_list")),
        ],
    )


@bp.post("/office/privacy/families/<family>")
@requires(Permission.OFFICE)
def office_family_ask(family: str) -> ResponseReturnValue:
    """Somebody of the family asked in person, by phone or on paper."""
    with transaction():
        found = families.family_by_code(family)
        how, kind, said = asked_how(), asked_kind(), words_of("said")
        code = dealing.ask(found, asked_person(found), kind, said, how, acting_user()).code
    flash(_("Đã ghi yêu cầu. In giấy biên nhận đưa cho gia đình."), "good")
    return redirect(url_for("privacy.office_request", asked=code))


@bp.get("/office/privacy/requests/<asked>")
@requires(Permission.OFFICE)
def office_request(asked: str) -> ResponseReturnValue:
    """One request with what may be done about it."""
    one = queries.by_code(asked)
    return render_template(
        "privacy/requests/office_one.html",
        one=one,
        family=one.row.family,
        follows=carrying_out.foreseen(one.row),
        foreseen=foreseeing.forecast_one(one.row.family, one.row.person) if _may_be_erased(one) else None,
    )


def _may_be_erased(one: RequestShown) -> bool:
    return one.row.kind is AskedFor.ERASE and one.open


@bp.get("/office/privacy/requests/<asked>/receipt.pdf")
@requires(Permission.OFFICE)
def office_receipt(asked: str) -> Response:
    """The receipt as a paper."""
    return receipt(queries.by_code(asked))


@bp.post("/office/privacy/requests/<asked>")
@requires(Permission.OFFICE)
def office_request_step(asked: str) -> ResponseReturnValue:
    """Answer, do, refuse, take back for the family, or open again (`act`)."""
    act, words, by = request.form.get("act", ""), words_of("words"), acting_user()
    with transaction():
        one = queries.by_code(asked)
        match act:
            case "answer" if words:
                dealing.answer(one.row, words, by)
                told = _("Đã ghi câu trả lời. Gia đình đọc được ở trang của mình.")
            case "answer":
                raise BadInput(_("Ghi câu trả lời cho gia đình."))
            case "done":
                told = carrying_out.carry_out(one.row, words, by)
            case "refuse":
                dealing.close(one.row, RequestState.REFUSED, words, by)
                told = _("Đã ghi là không làm được, kèm lý do.")
            case "back":
                dealing.close(one.row, RequestState.TAKEN_BACK, words, by)
                told = _("Đã ghi là gia đình rút yêu cầu.")
            case "reopen":
                dealing.reopen(one.row, by)
                told = _("Yêu cầu được mở lại.")
            case _:
                raise BadInput()
        granted = act == "done" and one.row.kind is AskedFor.ERASE
    if granted:
        told = carrying_out.finish_erasure(asked)
    flash(told, "good")
    return redirect(url_for("privacy.office_request", asked=asked))


@bp.post("/office/privacy/requests/days-off")
@requires(Permission.OFFICE)
def day_off() -> ResponseReturnValue:
    """Write a day off down, or strike it out (`remove`)."""
    removing = request.form.get("remove", "")
    day = day_typed(removing or request.form.get("day", ""))
    name = nfc(request.form.get("name", ""))[:LONGEST_NAME]
    if day is None:
        raise BadInput(_("Ghi ngày như 31/12/2026."), field="day")
    if not removing and not name:
        raise BadInput(_("Ghi đó là ngày nghỉ gì, ví dụ: Mùng một Tết."), field="name")
    with transaction():
        festival = the_festival()
        if removing:
            gone = db.session.get(DayOff, (festival.id, day))
            changed = gone is not None
            if gone is not None:
                db.session.delete(gone)
        else:
            values = {"festival_id": festival.id, "day": day, "name": name}
            made = insert_or_pass(DayOff).values(values).on_conflict_do_nothing().returning(DayOff.day)
            changed = db.session.execute(made).scalar_one_or_none() is not None
        if changed:
            about = {"festival": festival.code, "day": day.isoformat(), "off": not removing}
            ledger.append(stream(festival), "privacy.day_off", about, {"name": name, "by": acting_user()})
    flash(_("Đã bỏ ngày nghỉ.") if removing else _("Đã ghi ngày nghỉ. Hạn của các yêu cầu được tính lại."), "good")
    return redirect(url_for("privacy.requests_list"))
