"""The pages of lists to sign: which there are, what one says, its prints; made, put right, put away, brought back."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.clock import today
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.core.web.forms import not_offered
from festival.core.web.paging import asked_part
from festival.editions.queries import the_festival
from festival.papers.files import kept_file
from festival.results.award_papers.said import vnd_in_words, written_vnd
from festival.results.blueprint import bp
from festival.results.paying import keeping, printing
from festival.results.paying.drawing import percent, tax_words
from festival.results.paying.kinds import KINDS, PayKind
from festival.results.paying.reading import ShownList, shown_list, shown_lists
from festival.results.paying.sums import LineSaid, list_said, unpriced, written_halves
from festival.results.paying.typed import line_typed, list_typed, reason_typed, receipt_typed, shown_line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_A_TIME = 40
ROLES_SHOWN = 30
NAMED = 5
WORDS = {"vnd": written_vnd, "percent": percent, "halves": written_halves}


@bp.get("/office/lists")
@requires(Permission.RELEASE)
def pay_lists() -> str:
    """Every list of the edition, and the kinds of which one is made in one tap."""
    festival = the_festival()
    looked(SecurityKind.LOOKED_UP, what="pay_list", festival=festival.code)
    return render_template(
        "results/paying/lists.html", festival=festival, lists=shown_lists(festival), kinds=KINDS, **WORDS
    )


@bp.post("/office/lists/make")
@requires(Permission.RELEASE)
def make_pay_list() -> ResponseReturnValue:
    """Of one kind, with everybody the house knows of."""
    kind = request.form.get("kind", "")
    if kind not in set(PayKind):
        raise not_offered("kind")
    with transaction():
        number = keeping.make_list(the_festival().id, PayKind(kind), acting_user()).number
    flash(_("Đã lập danh sách số %(n)s. Xem lại mức chi, số lượng từng dòng rồi in.", n=number), "good")
    return redirect(url_for("results.pay_list", number=number), 303)


@bp.get("/office/lists/<int(max=9007199254740991):number>")
@requires(Permission.RELEASE)
def pay_list(number: int) -> str:
    """What the list says, its lines a page at a time, its prints, who received."""
    festival = the_festival()
    shown = shown_list(festival, number)
    looked(SecurityKind.LOOKED_UP, what="pay_list", list=str(number), festival=festival.code)
    part = asked_part(len(shown.lines), AT_A_TIME)
    before = list_said(shown.row.before) if shown.row.before != shown.row.says else None
    return render_template(
        "results/paying/list.html",
        festival=festival,
        shown=shown,
        facts=KINDS[shown.row.kind],
        roles=_roles(shown),
        tax=tax_words(shown.said.tax),
        unpriced=unpriced(each.paid for each in shown.counted),
        in_words=vnd_in_words(shown.sum.net),
        undone=before,
        part=part,
        twice=shown.twice,
        rows=part.of(shown.lines),
        today=today(),
        blank=shown_line(LineSaid("")),
        **WORDS,
    )


@bp.post("/office/lists/<int(max=9007199254740991):number>/say")
@requires(Permission.RELEASE)
def say_pay_list(number: int) -> ResponseReturnValue:
    """`do`: say, undo, drop, restore, refresh."""
    form, do, by = request.form, request.form.get("do", "say"), acting_user()
    version = typed_number(form.get("version", "")) or 0
    with transaction():
        festival = the_festival()
        if do == "say":
            shown = shown_list(festival, number)
            typed = list_typed(form, shown.said, _roles(shown))
            changed = keeping.say_list(festival.id, number, typed, version, by)
            told = _("Đã ghi.") if changed else _("Không có gì thay đổi.")
        elif do == "undo":
            keeping.undo_list(festival.id, number, version, by)
            told = _("Đã trả lại như trước.")
        elif do == "drop":
            reason = reason_typed(form, _("Ghi lý do cất danh sách, ví dụ lập nhầm."))
            keeping.drop_list(festival.id, number, reason, version, by)
            told = _("Đã cất danh sách. Lấy lại được ngay tại đây.")
        elif do == "restore":
            keeping.drop_list(festival.id, number, "", version, by)
            told = _("Đã lấy lại danh sách.")
        elif do == "refresh":
            n, otherwise = keeping.refresh_list(festival.id, number, version, by)
            if otherwise:
                flash(_said_otherwise(otherwise), "warn")
            told = _("Đã cập nhật %(n)s dòng.", n=n) if n else _("Dữ liệu không có gì mới.")
        else:
            raise not_offered("do")
    flash(told, "good")
    return redirect(url_for("results.pay_list", number=number), 303)


@bp.post("/office/lists/<int(max=9007199254740991):number>/add")
@requires(Permission.RELEASE)
def add_pay_line(number: int) -> ResponseReturnValue:
    """Somebody nobody proposed."""
    with transaction():
        said = line_typed(request.form)
        keeping.add_line(the_festival().id, number, said, acting_user(), twice=request.form.get("twice") == "y")
    flash(_("Đã thêm %(name)s vào cuối danh sách.", name=said.name), "good")
    return redirect(url_for("results.pay_list", number=number), 303)


@bp.post("/office/lists/<int(max=9007199254740991):number>/received")
@requires(Permission.RELEASE)
def pay_list_received(number: int) -> ResponseReturnValue:
    """Everybody who is not noted yet signed for it in person."""
    version = typed_number(request.form.get("version", "")) or 0
    with transaction():
        _who, payer, day = receipt_typed(request.form, today(), receiver="")
        n = keeping.receive_rest(the_festival().id, number, payer, day, version, acting_user())
    flash(_("Đã ghi nhận %(n)s dòng.", n=n), "good")
    return redirect(url_for("results.pay_list", number=number), 303)


@bp.post("/office/lists/<int(max=9007199254740991):number>/print")
@requires(Permission.RELEASE)
def print_pay_list(number: int) -> ResponseReturnValue:
    """Draw it, and keep it; what is right already is not drawn again."""
    with reading():
        festival = the_festival()
        festival_id, drawing = festival.id, printing.drawn_now(festival, number)
    if drawing is None:
        flash(_("Tờ đã in vẫn đúng, không cần in lại."), "note")
    else:
        with transaction():
            sheet = printing.print_list(festival_id, number, drawing, acting_user()).number
        flash(_("Bản in %(n)s đã sẵn sàng. Mở tờ PDF để in và ký.", n=sheet), "good")
    return redirect(url_for("results.pay_list", number=number, _anchor="sheets"), 303)


@bp.get("/office/lists/<int(max=9007199254740991):number>/prints/<int(max=9007199254740991):printed>/<file>")
@requires(Permission.RELEASE)
def pay_sheet(number: int, printed: int, file: str) -> Response:
    """A kept file, byte for byte: `list.pdf` as printed, `list.xlsx` to go on with."""
    row = printing.sheet_of(the_festival().id, number, printed)
    if file not in ("list.pdf", "list.xlsx"):
        raise NotFound()
    looked(SecurityKind.EXPORT, what="pay_list", list=str(number))
    name = f"danh-sach-{number}-ban-{printed}"
    if file == "list.pdf":
        return kept_file(row.content, row.sha256, f"{name}.pdf")
    return kept_file(row.editable, row.editable_sha256, f"{name}.xlsx", XLSX)


def _said_otherwise(names: list[str]) -> str:
    """Somebody received what is no longer so."""
    more = f" (+{len(names) - NAMED})" if len(names) > NAMED else ""
    words = _(
        "Đã nhận rồi nhưng dữ liệu nay khác: %(names)s. Bỏ ghi nhận, cập nhật, in lại nếu phải sửa.",
        names=", ".join(names[:NAMED]) + more,
    )
    return str(words)


def _roles(shown: ShownList) -> list[str]:
    """Those that lines have, in the order of the list: each may have a rate of its own."""
    return list(dict.fromkeys(each.paid.said.role for each in shown.counted))[:ROLES_SHOWN]
