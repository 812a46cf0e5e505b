"""The pages of a gate on paper: the lists are printed here, and typed in afterwards."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from festival.checkin import desk
from festival.checkin.merge import day_window
from festival.checkin.paper import lists, typing
from festival.checkin.paper.lists import DelegationList
from festival.checkin.paper.typing import SheetHead, TypedLine
from festival.checkin.purposes.gate_bodies import REASON_LEAST, REASON_MOST
from festival.checkin.purposes.inside import windows_on
from festival.checkin.purposes.known import gates_of
from festival.checkin.purposes.purpose_words import called
from festival.checkin.purposes.windows import Purpose
from festival.core.clock import from_local, local, now
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.text import cut, line
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import day
from festival.core.web.paging import asked_number, asked_part, part
from festival.devices.wire import EPOCH
from festival.devices.words import reason_words
from festival.documents import paper
from festival.editions.models import Festival
from festival.editions.queries import the_festival

bp = Blueprint("gate_paper", __name__)

MOST_PEOPLE = 3000  # of one document; the pack of a paper day has all of them, in parts
GROUPS_A_PAGE = 40
LISTS_A_PAGE = 50
LONGEST_GATE = 40
CLOCK = re.compile(r"(\d{1,2})\s*(?:[:.]|h|g|giờ)\s*(\d{1,2})?", re.IGNORECASE)
SHEET = re.compile(rf"[0-9a-f]{{{typing.SHEET_DIGITS}}}")
# What stands on top of a sheet is in the address, so the marks beside the names are of what will be written.
LIST = "/office/checkin/paper/<on>/<purpose>/delegations/<code>/<int(max=9007199254740991):number>"


@bp.get("/office/checkin/paper")
@requires(Permission.CHECKIN)
def paper_page() -> ResponseReturnValue:
    """Which list for which gate, and which of them is typed in."""
    festival = the_festival()
    every = lists.delegation_lists(festival.id)
    shown = asked_part(len(every), LISTS_A_PAGE)
    days, today = _days(festival), day_window(now())
    return render_template(
        "checkin/paper.html",
        lists=every,
        part=shown,
        gates=_gates(festival),
        day_choices=[(each.isoformat(), day(each)) for each in days],
        purposes=_purposes(festival),
        today=today,
        on=max((each for each in days if each.isoformat() <= today), default=days[0]).isoformat(),
        sheets=typing.typed_sheets(festival.id),
    )


@bp.get("/office/checkin/paper/list.pdf")
@requires(Permission.CHECKIN)
def list_pdf() -> ResponseReturnValue:
    """The list of one gate: of one delegation, or of all. What is not chosen stays empty for the hand."""
    festival = the_festival()
    every = lists.delegation_lists(festival.id)
    asked = request.args.get("delegation", "")
    wanted = [each for each in every if not asked or each.code == asked]
    if not wanted:
        raise NotFound()
    if sum(each.people for each in wanted) > MOST_PEOPLE:
        raise Conflict(_("Quá nhiều người cho một lần in. In từng đoàn, hoặc làm bộ giấy cả ngày."))
    gate = request.args.get("gate", "")
    looked(SecurityKind.EXPORT, what="gate_list", festival=festival.code)
    with force_locale("vi"):
        purpose = dict(_purposes(festival)).get(request.args.get("purpose", ""), "")
        when = next((day(each) for each in _days(festival) if each.isoformat() == request.args.get("day", "")), "")
        values = lists.paper_values(festival, wanted, gate if gate in _gates(festival) else "", purpose, when)
    made = paper.pdf(lists.TEMPLATE, values, tagged=len(wanted) == 1)
    head = {"Content-Disposition": 'inline; filename="diem-danh-tren-giay.pdf"', "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=head)


@bp.get(LIST)
@requires(Permission.CHECKIN)
def type_page(on: str, purpose: str, code: str, number: int) -> ResponseReturnValue:
    """The list of a delegation in the order of the paper, to be ticked as the paper is."""
    festival = the_festival()
    wanted, its_day = _of_sheet(festival, purpose, on)
    listed = _listed(festival, code)
    shown = part(len(listed.groups), GROUPS_A_PAGE, number)
    groups = shown.of(listed.groups)
    codes = [person.code for group in groups for person in group.people]
    hours = windows_on(wanted, its_day)
    gates = _gates(festival)
    looked(SecurityKind.LOOKED_UP, by="paper_sheet", delegation=code)
    return render_template(
        "checkin/paper_type.html",
        listed=listed,
        groups=groups,
        part=shown,
        sheet=secrets.token_hex(typing.SHEET_DIGITS // 2),
        gates=gates,
        gate=cut(request.args.get("gate", ""), LONGEST_GATE) or (gates[0] if len(gates) == 1 else ""),
        hour=cut(request.args.get("hour", ""), 5),
        purpose=wanted,
        called=called(wanted.name),
        purposes=_every_purpose(festival),
        days=_days(festival),
        on=its_day,
        hours=[
            (each.name, _moment(each.opens_ms), _moment(each.closes_ms))
            for each in wanted.windows
            if each.removed_ms is None and each.code in dict(hours)
        ],
        written=typing.written(festival.id, codes, wanted.code, dict(hours)),
        longest_gate=LONGEST_GATE,
    )


@bp.post(LIST)
@requires(Permission.CHECKIN)
def type_post(on: str, purpose: str, code: str, number: int) -> ResponseReturnValue:
    """Let in whoever is ticked; the page that follows says what came of each family."""
    sheet = request.form.get("sheet", "")
    if not SHEET.fullmatch(sheet):
        raise BadInput()
    with reading():
        festival = the_festival()
        wanted, its_day = _of_sheet(festival, purpose, on)
        listed = _listed(festival, code)
        head = _head(wanted.code, its_day)
    whole = {person.code for group in listed.groups if group.list_id in request.form.getlist("family")
             for person in group.people}  # fmt: skip
    ticked = whole.union(request.form.getlist("person"))
    if not ticked:
        raise BadInput(_("Chưa đánh dấu ai. Đánh dấu như trên tờ giấy rồi ghi."))
    with transaction():
        answers = typing.type_sheet(the_festival(), acting_user(), sheet, head, listed, ticked)
    people = sum(len(each.detail.get("admitted", ())) for each in answers.values())
    aside = sum(each.verdict not in ("applied", "duplicate") for each in answers.values())
    words = ngettext("Đã ghi %(num)d người.", "Đã ghi %(num)d người.", people)
    if aside:
        words += " " + ngettext("%(num)d gia đình chưa được ghi, xem vì sao ở dưới.",
                                "%(num)d gia đình chưa được ghi, xem vì sao ở dưới.", aside)  # fmt: skip
    flash(words, "warn" if aside or not people else "good")
    after = number + 1 if number * GROUPS_A_PAGE < len(listed.groups) else None
    return redirect(url_for("gate_paper.typed_page", sheet=sheet, delegation=code, after=after), 303)


@bp.get("/office/checkin/paper/typed")
@requires(Permission.CHECKIN)
def typed_page() -> ResponseReturnValue:
    """What came of a sheet (`?sheet=`), and the way back."""
    festival = the_festival()
    sheet = request.args.get("sheet", "")
    lines = typing.typed_lines(festival.id, sheet) if SHEET.fullmatch(sheet) else []
    looked(SecurityKind.LOOKED_UP, by="paper_sheet", list=sheet)
    return render_template(
        "checkin/paper_typed.html",
        lines=[(each, _came_of(each)) for each in lines],
        sheet=sheet,
        standing=[each for each in lines if each.stands],
        purposes=dict(_every_purpose(festival)),
        next_page=_next_page(lines),
        sheets=typing.typed_sheets(festival.id),
        reason_most=REASON_MOST,
    )


@bp.post("/office/checkin/paper/typed")
@requires(Permission.CHECKIN)
def take_back_post() -> ResponseReturnValue:
    """Undo one line of a sheet, or all of it, with the reason."""
    sheet, wanted = request.form.get("sheet", ""), request.form.get("line", "")
    reason = cut(line(request.form.get("reason", "")).strip(), REASON_MOST)
    if len(reason) < REASON_LEAST:
        raise BadInput(_("Ghi lý do hoàn tác, ít nhất ba chữ."), field="reason")
    if not SHEET.fullmatch(sheet):
        raise BadInput()
    with transaction():
        festival = the_festival()
        lines = [each for each in typing.typed_lines(festival.id, sheet) if each.stands and wanted in ("", each.mid)]
        if not lines:
            raise Conflict(_("Dòng này đã được hoàn tác hoặc không còn trên tờ."))
        answers = typing.take_back(festival, acting_user(), [each.mid for each in lines], reason)
    gone = sum(each.verdict == "applied" for each in answers.values())
    words = ngettext("Đã hoàn tác %(num)d dòng.", "Đã hoàn tác %(num)d dòng.", gone)
    still = sum(each.people - len(answers[each.mid].detail.get("annulled", ())) for each in lines)
    if still:
        words += " " + ngettext("%(num)d người vẫn được tính theo lượt khác.",
                                "%(num)d người vẫn được tính theo lượt khác.", still)  # fmt: skip
    flash(words, "good" if gone and not still else "warn")
    return redirect(url_for("gate_paper.typed_page", sheet=sheet), 303)


def _next_page(lines: Sequence[TypedLine]) -> str:
    """Where the sheet goes on that was just typed: the same gate, purpose, day and hour; "" when it ends here."""
    after, delegation = asked_number("after"), request.args.get("delegation", "")
    said = next((each for each in reversed(lines) if each.gate), None)
    if not after or not delegation or said is None:
        return ""
    return url_for("gate_paper.type_page", on=day_window(said.at), purpose=said.purpose, code=delegation, number=after,
                   gate=said.gate, hour=f"{local(said.at):%H:%M}")  # fmt: skip


def _moment(at_ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=at_ms)


def _came_of(typed: TypedLine) -> tuple[str, str]:
    """Words and tone for what became of a line."""
    if typed.undone:
        return _("Đã hoàn tác: %(reason)s", reason=typed.undone), "quiet"
    if typed.verdict == "applied" and typed.already:
        words = _("Đã ghi %(n)s người, %(m)s người đã vào từ trước", n=typed.admitted, m=typed.already)
        return words, "good"
    if typed.verdict == "applied":
        return _("Đã ghi %(n)s người", n=typed.admitted), "good"
    if typed.verdict == "duplicate":
        return _("Đã vào từ trước"), "note"
    return reason_words(typed.verdict, typed.reason), "bad"


def _of_sheet(festival: Festival, purpose: str, on: str) -> tuple[Purpose, date]:
    """Purpose and day of a sheet; one that was put away since is typed in as well. NotFound."""
    wanted = gates_of(festival.id).purpose(purpose)
    its_day = next((each for each in _days(festival) if each.isoformat() == on), None)
    if wanted is None or its_day is None:
        raise NotFound()
    return wanted, its_day


def _head(purpose: str, on: date) -> SheetHead:
    """What stands on top of the sheet, as it was typed."""
    gate = cut(line(request.form.get("gate", "")).strip(), LONGEST_GATE)
    if not gate:
        raise BadInput(_("Ghi tên cổng như trên tờ giấy."), field="gate")
    typed = request.form.get("hour", "").strip()
    found = CLOCK.fullmatch(typed)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hour > 23 or minute > 59:
        words = _("Giờ viết như 7:30 hoặc 7 giờ 30. Xem lại giờ «%(typed)s».", typed=cut(line(typed), 40))
        raise BadInput(words, field="hour")
    at = from_local(datetime.combine(on, time(hour, minute)))
    if day_window(at) != on.isoformat():  # after midnight: the sheet is still that of the evening
        at += timedelta(days=1)
    if at > now():
        raise BadInput(_("Giờ này chưa đến. Xem lại ngày và giờ trên tờ giấy."), field="hour")
    return SheetHead(gate, purpose, at)


def _listed(festival: Festival, code: str) -> DelegationList:
    found = next((each for each in lists.delegation_lists(festival.id) if each.code == code), None)
    if found is None:
        raise NotFound()
    return found


def _gates(festival: Festival) -> list[str]:
    return [station for station, _seen in desk.gates_seen(festival.id) if station]


def _purposes(festival: Festival) -> list[tuple[str, str]]:
    return [(each.code, called(each.name)) for each in gates_of(festival.id).purposes if each.removed_ms is None]


def _every_purpose(festival: Festival) -> list[tuple[str, str]]:
    """Also those that are put away by now: their sheets of the morning are still typed in."""
    return [(each.code, called(each.name)) for each in gates_of(festival.id).purposes]


def _days(festival: Festival) -> list[date]:
    """The days of the festival; before and after it today too, for a rehearsal."""
    planned = [festival.starts_on + timedelta(days=n) for n in range((festival.ends_on - festival.starts_on).days + 1)]
    return sorted({*planned, date.fromisoformat(day_window(now()))})
