"""An officer takes the Excel template, fills it in, sees every family's fate, confirms, and takes a whole file back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config import Config
from festival.core.clock import today
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict
from festival.core.web.limiter import limiter
from festival.documents import workbook_refusals
from festival.registration.blueprint import bp
from festival.registration.excel import exports, queries, writing
from festival.registration.excel import reading as excel_reading
from festival.registration.excel.fates import FATE_WORDS, FamilyFate, Fate
from festival.registration.importing import history, keeping, previews, undoing
from festival.registration.importing.keeping import FamiliesImported, NotWhole
from festival.registration.officer.desk import Desk

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 60  # families of a file that a page shows; the others are in the file to mend


@bp.get("/delegation/<code>/template.xlsx")
@requires(Permission.DELEGATION)
def template_file(code: str) -> ResponseReturnValue:
    """The empty template with lists and checks."""
    desk = Desk(code)
    content = writing.write(desk.festival.name, desk.delegation.name, queries.asked_of(desk.rules))
    return excel_file(content, f"mau-dang-ky-{_unit(desk)}.xlsx")


@bp.get("/delegation/<code>/families.xlsx")
@requires(Permission.DELEGATION)
def export_file(code: str) -> ResponseReturnValue:
    """All families in the columns of the template, with state and what is missing."""
    desk = Desk(code)
    rows = exports.rows(desk.views(), queries.titles_of([desk.delegation.id]))
    asked = queries.asked_of(desk.rules)
    content = writing.write(desk.festival.name, desk.delegation.name, asked, rows, ("state", "lacks"))
    looked(SecurityKind.EXPORT, what="families.xlsx", delegation=code)
    return excel_file(content, f"gia-dinh-{_unit(desk)}.xlsx")


def _unit(desk: Desk) -> str:
    return desk.delegation.unit.official_code or desk.delegation.code


def excel_file(content: bytes, name: str) -> ResponseReturnValue:
    """The answer that is saved as a file."""
    answer = make_response(content)
    answer.mimetype = EXCEL
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/delegation/<code>/import")
@requires(Permission.DELEGATION)
def import_page(code: str) -> ResponseReturnValue:
    """Where a filled file is given."""
    return _import_page(Desk(code))


def _import_page(desk: Desk, reasons: Sequence[object] = (), *, whole: bool = False) -> str:
    return render_template(
        "registration/officer/import.html", desk=desk, delegation=desk.delegation, reasons=reasons, whole=whole
    )


@bp.post("/delegation/<code>/import")
@requires(Permission.DELEGATION)
@limiter.limit("30 per minute")
def import_post(code: str) -> ResponseReturnValue:
    """Read the file and show each family's fate; nothing is registered yet."""
    with reading():
        desk = Desk(code)  # whose delegation it is comes before anything about the file
        asked = queries.asked_of(desk.rules)
    upload, whole = request.files.get("file"), request.form.get("take") == "whole"
    if upload is None or not upload.filename:
        raise BadInput(_("Chưa chọn tệp. Hãy chọn tệp Excel (.xlsx) đã điền rồi bấm Xem trước."))
    content = upload.stream.read(workbook_refusals.LARGEST_FILE_BYTES + 1)
    # Parsing is long work, done by a process of its own: neither a reader nor a writer waits for it.
    config: Config = current_app.config["FESTIVAL"]
    sheet = excel_reading.read(content, asked, today(), config.instance)
    if isinstance(sheet, workbook_refusals.UnreadableFile):
        return _import_page(desk, sheet.reasons, whole=whole), 422
    with transaction():
        desk = Desk(code)
        found = previews.import_preview(desk.rules, desk.delegation, sheet)
        remarks = queries.import_remarks(desk.delegation, sheet)
        token = keeping.keep_import(desk.delegation, upload.filename, found, acting_user(), whole=whole)
        batch = keeping.import_of(desk.delegation.id, token)
        # What waits for the others in the file is not to be confirmed.
        new = len(batch.households)
        also = [each.household for each in found if each.fate is Fate.NEW] if new else []
        return render_template(
            "registration/officer/preview.html",
            desk=desk,
            delegation=desk.delegation,
            found=_first_to_look(found),
            more=max(0, len(found) - SHOWN),
            remarks=remarks,
            counts=Counter(each.fate for each in found),
            fates=Fate,
            fate_words=FATE_WORDS,
            people=sum(len(each.rows) for each in found if each.fate is Fate.NEW),
            offered=[each for each in found if each.offered is not None and each.fate is Fate.NEW] if new else [],
            new=new,
            places=desk.places(also),
            batch=batch,
            file_name=upload.filename,
            token=token,
        )


def _first_to_look(found: Sequence[FamilyFate]) -> list[FamilyFate]:
    """As many families as a page shows: those to be mended first, then those of which something is said."""
    order = {Fate.ERROR: 0, Fate.DIFFERENT: 1, Fate.NEW: 3, Fate.SAME: 4}
    said = sorted(found, key=lambda each: 2 if each.fate is Fate.NEW and each.twin else order[each.fate])
    return said[:SHOWN] if len(found) > SHOWN else list(found)


@bp.post("/delegation/<code>/import/<token>")
@requires(Permission.DELEGATION)
def import_confirm(code: str, token: str) -> ResponseReturnValue:
    """Write what was shown, in one transaction, once however often it is confirmed."""
    with transaction():
        desk = Desk(code)
        batch = keeping.import_of(desk.delegation.id, token)
        chosen = None if request.form.get("repair_all") == "y" else request.form.getlist("repair")
        done = keeping.apply_import(desk.rules, desk.delegation, batch, chosen)
        if isinstance(done, NotWhole):
            raise Conflict(
                _(
                    "Đã chọn ghi cả tệp hoặc không ghi gì, mà các gia đình này chưa ghi được: %(names)s. Chưa gia đình nào được ghi."
                    " Sửa rồi tải tệp lên lại, hoặc chọn ghi trước các gia đình không lỗi.",
                    names=_some(done.names),
                )
            )
    _say_imported(done)
    return redirect(url_for("registration.delegation", code=code))


def _say_imported(done: FamiliesImported) -> None:
    flash(_("Đã ghi %(new)s gia đình từ tệp Excel.", new=done.new), "good" if done.new else "note")
    if done.to_look:
        flash(_("%(n)s gia đình có lẽ trùng với hồ sơ đã có. Mở “Hồ sơ cần xem” để so.", n=done.to_look), "warn")
    if done.left_out:
        flash(
            _(
                "%(n)s gia đình có tên bị hỏng chữ chưa được ghi: %(names)s. Lấy lại ở “Các lần nhập”, sửa rồi tải lên.",
                n=len(done.left_out),
                names=_some(done.left_out),
            ),
            "warn",
        )
    if done.same:
        flash(
            _(
                "%(n)s gia đình đã có người khác ghi trước nên giữ nguyên: %(names)s. Hãy mở từng gia đình để xem lại.",
                n=done.same,
                names=_some(done.passed_over),
            ),
            "warn",
        )


def _some(names: Sequence[str]) -> str:
    """Messages travel in a cookie: a whole file of names would not fit."""
    return "; ".join(names[:5]) + ("; …" if len(names) > 5 or not names else "")


@bp.get("/delegation/<code>/imports")
@requires(Permission.DELEGATION)
def imports(code: str) -> ResponseReturnValue:
    """Every file that was given: who, when, what became of it, what is still to be mended."""
    desk = Desk(code)
    return render_template(
        "registration/officer/imports.html",
        desk=desk,
        delegation=desk.delegation,
        listed=history.imports_of(desk.delegation.id),
        kept_for=keeping.SKIPPED_LIFETIME.days,
    )


@bp.get("/delegation/<code>/imports/<int:imported>/to-mend.xlsx")
@requires(Permission.DELEGATION)
def import_to_mend(code: str, imported: int) -> ResponseReturnValue:
    """The rows that were not written, with what is wrong, to be mended and given again."""
    desk = Desk(code)
    row = history.import_in(desk.delegation.id, imported)
    asked = queries.asked_of(desk.rules)
    rows = history.rows_to_mend(row)
    content = writing.write(desk.festival.name, desk.delegation.name, asked, rows, ("wrong",))
    looked(SecurityKind.EXPORT, what="to-mend.xlsx", delegation=code)
    return excel_file(content, f"can-sua-{_unit(desk)}-{row.id}.xlsx")


@bp.post("/delegation/<code>/imports/<int:imported>/undo")
@requires(Permission.DELEGATION)
def import_undo(code: str, imported: int) -> ResponseReturnValue:
    """Take back everything a file wrote, while nothing stands on it."""
    with transaction():
        desk = Desk(code)
        row = history.import_in(desk.delegation.id, imported)
        outcome = undoing.undo_import(desk.rules, row, acting_user())
        if isinstance(outcome, undoing.StandsOnIt):
            raise Conflict(
                _(
                    "Chưa hoàn tác được: %(names)s đã được sửa, gửi hoặc đồng ý sau khi nhập. Chưa gia đình nào bị rút. Muốn bỏ thì rút"
                    " từng gia đình trong danh sách.",
                    names=_some(outcome.names),
                )
            )
    flash(_("Đã rút %(n)s gia đình của tệp này. Lấy lại được ở đây.", n=outcome.families), "good")
    return redirect(url_for("registration.imports", code=code))


@bp.post("/delegation/<code>/imports/<int:imported>/restore")
@requires(Permission.DELEGATION)
def import_restore(code: str, imported: int) -> ResponseReturnValue:
    """Give back what the undoing took."""
    with transaction():
        desk = Desk(code)
        row = history.import_in(desk.delegation.id, imported)
        outcome = undoing.redo_import(desk.rules, row, acting_user())
    flash(_("%(n)s gia đình là bản nháp trở lại.", n=outcome.families), "good")
    if outcome.stay:
        flash(_("Đã được đăng ký lại nên giữ nguyên: %(names)s.", names=_some(outcome.stay)), "warn")
    return redirect(url_for("registration.imports", code=code))
