"""An officer takes the Excel template, fills it in, sees every row's fate, and confirms."""

from __future__ import annotations

from collections import Counter

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config import Config
from festival.core.clock import today
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput
from festival.core.web.limiter import limiter
from festival.documents import workbook_refusals
from festival.registration import drafts, previews
from festival.registration.blueprint import bp
from festival.registration.excel import exports, queries, writing
from festival.registration.excel import reading as excel_reading
from festival.registration.excel.fates import FATE_WORDS, Fate
from festival.registration.officer.desk import Desk

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/delegation/<code>/template.xlsx")
@requires(Permission.DELEGATION)
def template_file(code: str) -> ResponseReturnValue:
    """The empty template with lists and checks."""
    desk = Desk(code)
    content = writing.write(desk.festival.name, desk.delegation.name, desk.rules.names)
    return _file(content, f"mau-dang-ky-{desk.delegation.unit.official_code or desk.delegation.code}.xlsx")


@bp.get("/delegation/<code>/families.xlsx")
@requires(Permission.DELEGATION)
def export_file(code: str) -> ResponseReturnValue:
    """All families in the columns of the template, with state and what is missing."""
    desk = Desk(code)
    content = writing.write(desk.festival.name, desk.delegation.name, desk.rules.names, exports.rows(desk.views()))
    looked(SecurityKind.EXPORT, what="families.xlsx", delegation=code)
    return _file(content, f"gia-dinh-{desk.delegation.unit.official_code or desk.delegation.code}.xlsx")


def _file(content: bytes, name: str) -> ResponseReturnValue:
    answer = make_response(content)
    answer.mimetype = EXCEL
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/delegation/<code>/import")
@requires(Permission.DELEGATION)
def import_page(code: str) -> ResponseReturnValue:
    """Where a filled file is given."""
    desk = Desk(code)
    return render_template("registration/officer/import.html", desk=desk, delegation=desk.delegation, reasons=())


@bp.post("/delegation/<code>/import")
@requires(Permission.DELEGATION)
@limiter.limit("30 per minute")
def import_post(code: str) -> ResponseReturnValue:
    """Read the file and show each family's fate; nothing is registered yet."""
    with reading():
        desk = Desk(code)  # whose delegation it is comes before anything about the file
        names = desk.rules.names
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise BadInput(_("Chưa chọn tệp. Hãy chọn tệp Excel (.xlsx) đã điền rồi bấm Xem trước."))
    content = upload.stream.read(workbook_refusals.LARGEST_FILE_BYTES + 1)
    # Parsing is long work, done by a process of its own: neither a reader nor a writer waits for it.
    config: Config = current_app.config["FESTIVAL"]
    sheet = excel_reading.read(content, names, today(), config.instance)
    if isinstance(sheet, workbook_refusals.UnreadableFile):
        return render_template(
            "registration/officer/import.html", desk=desk, delegation=desk.delegation, reasons=sheet.reasons
        ), 422
    with transaction():
        desk = Desk(code)
        found = previews.import_preview(desk.rules, desk.delegation, sheet)
        remarks = queries.import_remarks(desk.delegation, sheet)
        token = drafts.keep_import(desk.delegation, upload.filename, found, acting_user())
    return render_template(
        "registration/officer/preview.html",
        desk=desk,
        delegation=desk.delegation,
        found=found,
        remarks=remarks,
        counts=Counter(each.fate for each in found),
        fates=Fate,
        fate_words=FATE_WORDS,
        people=sum(len(each.rows) for each in found if each.fate is Fate.NEW),
        file_name=upload.filename,
        token=token,
    )


@bp.post("/delegation/<code>/import/<token>")
@requires(Permission.DELEGATION)
def import_confirm(code: str, token: str) -> ResponseReturnValue:
    """Write what was shown, in one transaction, once however often it is confirmed."""
    with transaction():
        desk = Desk(code)
        batch = drafts.import_of(desk.delegation.id, token)
        # One tick for the whole file, or one for each family.
        chosen = None if request.form.get("repair_all") == "y" else request.form.getlist("repair")
        done = drafts.apply_import(desk.rules, desk.delegation, batch, chosen)
    words = _("Đã ghi %(new)s gia đình từ tệp Excel.", new=done.new)
    flash(words, "good" if done.new else "note")
    if done.to_look:
        flash(_("%(n)s gia đình có lẽ trùng với hồ sơ đã có. Mở “Hồ sơ cần xem” để so.", n=done.to_look), "warn")
    if done.left_out:
        named = "; ".join(done.left_out[:5]) + ("; …" if len(done.left_out) > 5 else "")
        flash(
            _(
                "%(n)s gia đình có tên bị hỏng chữ chưa được ghi: %(names)s. Tải tệp lên lại rồi đánh dấu “Ghi với tên đã sửa”, hoặc"
                " sửa trong tệp.",
                n=len(done.left_out),
                names=named,
            ),
            "warn",
        )
    if done.same:
        # Messages travel in a cookie: a whole file of names would not fit.
        named = "; ".join(done.passed_over[:5]) + ("; …" if done.same > 5 or not done.passed_over else "")
        flash(
            _(
                "%(n)s gia đình đã có người khác ghi trước nên giữ nguyên: %(names)s. Hãy mở từng gia đình để xem lại.",
                n=done.same,
                names=named,
            ),
            "warn",
        )
    return redirect(url_for("registration.delegation", code=code))
