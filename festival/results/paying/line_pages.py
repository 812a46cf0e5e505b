"""The page of one line of a list: put right, left out, moved, noted as received; each with its way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import today
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.sentence import from_json
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.forms import not_offered
from festival.core.web.i18n import day as day_words
from festival.editions.queries import the_festival
from festival.results.blueprint import bp
from festival.results.paying import keeping
from festival.results.paying.kinds import KINDS
from festival.results.paying.pages import WORDS
from festival.results.paying.reading import ShownLine, ShownList, shown_list
from festival.results.paying.sums import line_said
from festival.results.paying.typed import line_typed, reason_typed, receipt_typed, shown_line

ONE = "/office/lists/<int(max=9007199254740991):number>/lines/<int(max=9007199254740991):line>"


@bp.get(ONE)
@requires(Permission.RELEASE)
def pay_line(number: int, line: int) -> str:
    """What it says, where its number comes from, who received it."""
    festival = the_festival()
    shown = shown_list(festival, number)
    one = _line(shown, line)
    looked(SecurityKind.LOOKED_UP, what="pay_list", list=str(number), festival=festival.code)
    row = one.row
    return render_template(
        "results/paying/line.html",
        festival=festival,
        shown=shown,
        facts=KINDS[shown.row.kind],
        one=one,
        place=[each.row.number for each in shown.lines].index(line) + 1,
        boxes_said=shown_line(one.paid.said),
        how=from_json(row.how) if row.how else None,
        received_on=day_words(date.fromisoformat(row.receipt["day"])) if row.receipt else "",
        undone=line_said(row.before) if row.before != row.says else None,
        today=today(),
        **WORDS,
    )


@bp.post(ONE + "/say")
@requires(Permission.RELEASE)
def say_pay_line(number: int, line: int) -> ResponseReturnValue:
    """`do`: say, undo, out, back."""
    form, do, by = request.form, request.form.get("do", "say"), acting_user()
    version = typed_number(form.get("version", "")) or 0
    with transaction():
        festival = the_festival()
        said = _line(shown_list(festival, number), line).paid.said
        if do == "undo":
            keeping.undo_line(festival.id, number, line, version, by)
            told = _("Đã trả lại như trước.")
        else:
            if do == "say":
                wanted = line_typed(form, out=said.out)
            elif do == "out":
                wanted = replace(said, out=reason_typed(form, _("Ghi lý do để ra ngoài danh sách, ví dụ vắng."), "out"))
            elif do == "back":
                wanted = replace(said, out="")
            else:
                raise not_offered("do")
            changed = keeping.say_line(festival.id, number, line, wanted, version, by)
            told = _("Đã ghi.") if changed else _("Không có gì thay đổi.")
    flash(told, "good")
    return redirect(url_for("results.pay_line", number=number, line=line), 303)


@bp.post(ONE + "/move")
@requires(Permission.RELEASE)
def move_pay_line(number: int, line: int) -> ResponseReturnValue:
    """To another place of the list."""
    version, place = (typed_number(request.form.get(name, "")) for name in ("version", "to"))
    if not place:
        raise BadInput(_("Ghi số thứ tự mới, ví dụ 1 để lên đầu."), field="to")
    with transaction():
        keeping.move_line(the_festival().id, number, line, place, version or 0, acting_user())
    flash(_("Đã chuyển chỗ."), "good")
    return redirect(url_for("results.pay_line", number=number, line=line), 303)


@bp.post(ONE + "/received")
@requires(Permission.RELEASE)
def pay_line_received(number: int, line: int) -> ResponseReturnValue:
    """`do`: note, take_back."""
    form, do, by = request.form, request.form.get("do", "note"), acting_user()
    version = typed_number(form.get("version", "")) or 0
    with transaction():
        festival_id = the_festival().id
        if do == "note":
            keeping.receive(festival_id, number, line, receipt_typed(form, today()), version, by)
            told = _("Đã ghi nhận.")
        elif do == "take_back":
            reason = reason_typed(form, _("Ghi lý do bỏ ghi nhận, ví dụ ghi nhầm người."))
            keeping.take_receipt_back(festival_id, number, line, reason, version, by)
            told = _("Đã bỏ ghi nhận. Ghi lại được ngay tại đây.")
        else:
            raise not_offered("do")
    flash(told, "good")
    return redirect(url_for("results.pay_line", number=number, line=line), 303)


def _line(shown: ShownList, number: int) -> ShownLine:
    found = next((each for each in shown.lines if each.row.number == number), None)
    if found is None:
        raise NotFound()
    return found
