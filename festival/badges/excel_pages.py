"""The Excel template and export of a list; a file taken in: every row's fate first, written once, taken back as a whole."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from config import Config
from festival.badges import imports, queries
from festival.badges.blueprint import bp
from festival.badges.excel import writing
from festival.badges.excel.columns import COLUMNS
from festival.badges.excel.fates import ROW_FATE_WORDS, RowFate
from festival.badges.excel.reading import Chosen, read_file
from festival.badges.list_pages import trail
from festival.badges.lists import BadgeDesk, desk_of
from festival.badges.people import ALSO_CALLED
from festival.badges.queries import BadgeLine, ClassLook, look_of
from festival.core.clock import today
from festival.core.looks import looked
from festival.core.names import fold
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, current_actor, signed_in
from festival.core.web.errors import BadInput
from festival.core.web.limiter import limiter
from festival.core.web.paging import asked_part
from festival.documents import workbook_refusals

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_A_PAGE = 50
TONES = {"new": "good", "alike": "warn", "same": "quiet", "twice": "quiet", "error": "bad"}


@bp.get("/badges/<code>/template.xlsx")
@signed_in
def template_file(code: str) -> ResponseReturnValue:
    """The empty file with lists and advice."""
    return _file(desk_of(current_actor(), code), [], "mau")


@bp.get("/badges/<code>/people.xlsx")
@signed_in
def export_file(code: str) -> ResponseReturnValue:
    """Everybody on the list in the columns of the template."""
    desk = desk_of(current_actor(), code)
    with force_locale("vi"):
        lines = queries.on_list(desk.list_id)
    looked(SecurityKind.EXPORT, what="people.xlsx", list=code)
    return _file(desk, lines, "danh-sach")


def _file(desk: BadgeDesk, lines: list[BadgeLine], name: str) -> ResponseReturnValue:
    with force_locale("vi"):
        classes = [look.word for look in _looks(desk)]
    rows = [[_cell(line, column.key) for column in COLUMNS] for line in lines]
    answer = make_response(writing.write(desk.festival.name, desk.name, classes, rows))
    answer.mimetype = EXCEL
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{desk.code}.xlsx"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _cell(line: BadgeLine, key: str) -> str:
    return line.look.word if key == "badge" else str(getattr(line.who, key) or "")


def _looks(desk: BadgeDesk) -> list[ClassLook]:
    return [look_of(badge) for badge in desk.classes] + [look_of(kind.base, kind) for kind in desk.kinds]


def _chosen(desk: BadgeDesk, default: str) -> Chosen:
    """What the words of a cell mean on this list: the class's own word, what people call it, its key; empty: the default."""
    with force_locale("vi"):
        known = {fold(look.word): look.key for look in _looks(desk)}

    def chosen(words: str) -> tuple[str | None, str]:
        folded = fold(words)
        return desk.chosen(known.get(folded) or ALSO_CALLED.get(folded, folded) if folded else default)

    return chosen


@bp.get("/badges/<code>/import")
@signed_in
def import_page(code: str) -> str:
    """Where a filled file is given."""
    desk = desk_of(current_actor(), code)
    return render_template(
        "badges/import.html", desk=desk, looks=_looks(desk), trail=trail(desk), reasons=(), default=_usual(desk)
    )


def _usual(desk: BadgeDesk) -> str:
    return queries.usual_class(desk.list_id, "" if desk.delegation else desk.name)


@bp.post("/badges/<code>/import")
@signed_in
@limiter.limit("30 per minute")
def import_post(code: str) -> ResponseReturnValue:
    """Read the file in the guarded process; the next page shows what becomes of each row. Nobody is written yet."""
    default = request.form.get("badge", "")
    with reading():
        desk = desk_of(current_actor(), code)
        chosen, festival_on, looks, way = _chosen(desk, default), desk.festival.starts_on, _looks(desk), trail(desk)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise BadInput(_("Chưa chọn tệp. Hãy chọn tệp Excel (.xlsx) đã điền rồi bấm Xem trước."))
    content = upload.stream.read(workbook_refusals.LARGEST_FILE_BYTES + 1)
    config: Config = current_app.config["FESTIVAL"]
    found = read_file(content, config.instance, chosen, today(), festival_on)
    if isinstance(found, workbook_refusals.UnreadableFile):
        page = render_template(
            "badges/import.html", desk=desk, looks=looks, trail=way, reasons=found.reasons, default=default
        )
        return page, 422
    rows, remarks = found
    with transaction():
        batch = imports.keep(desk_of(current_actor(), code), upload.filename, rows, remarks, acting_user())
    return redirect(url_for("badges.one_import", code=code, batch=batch), 303)


@bp.get("/badges/<code>/imports/<batch>")
@signed_in
def one_import(code: str, batch: str) -> str:
    """What would become of each row, in parts; or, once it is written, whom it brought."""
    desk = desk_of(current_actor(), code)
    row = imports.import_of(desk, batch)
    if row.applied_at is not None:
        lines = queries.of_import(row.id)
        part = asked_part(len(lines), ROWS_A_PAGE)
        return render_template(
            "badges/imported.html",
            desk=desk,
            row=row,
            lines=part.of(lines),
            standing=sum(not line.out for line in lines),
            part=part,
            page_url=lambda page: url_for("badges.one_import", code=code, batch=batch, page=page),
            trail=trail(desk),
        )
    found = imports.preview(desk, row)
    fate = next((each for each in RowFate if each.value == request.args.get("show")), None)
    rows = [each for each in found.rows if fate in (None, each.fate)]
    part = asked_part(len(rows), ROWS_A_PAGE)
    return render_template(
        "badges/preview.html",
        desk=desk,
        row=row,
        counts=found.counts,
        remarks=found.remarks,
        rows=part.of(rows),
        part=part,
        shown=fate,
        fates=RowFate,
        fate_words=ROW_FATE_WORDS,
        tones=TONES,
        here=lambda **asked: url_for("badges.one_import", code=code, batch=batch, **asked),
        page_url=lambda page: url_for(
            "badges.one_import", code=code, batch=batch, page=page, show=fate.value if fate else None
        ),
        trail=trail(desk),
    )


@bp.post("/badges/<code>/imports/<batch>")
@signed_in
def confirm_import(code: str, batch: str) -> ResponseReturnValue:
    """Write what was shown, once however often it is confirmed."""
    with transaction():
        desk = desk_of(current_actor(), code)
        written = imports.apply(desk, batch, alike=request.form.get("alike") == "y", by=acting_user())
    flash(_("Đã ghi %(n)s người từ tệp, mỗi người có thẻ riêng.", n=written), "good")
    return redirect(url_for("badges.one_import", code=code, batch=batch), 303)


@bp.post("/badges/<code>/imports/<batch>/undo")
@signed_in
def undo_import(code: str, batch: str) -> ResponseReturnValue:
    """Everybody the file brought goes."""
    with transaction():
        gone = imports.undo(desk_of(current_actor(), code), batch, acting_user())
    flash(_("Đã rút cả %(n)s người của tệp này. Lấy lại được ở trang này.", n=gone), "good")
    return redirect(url_for("badges.one_import", code=code, batch=batch), 303)


@bp.post("/badges/<code>/imports/<batch>/restore")
@signed_in
def redo_import(code: str, batch: str) -> ResponseReturnValue:
    """Everybody who went with the undoing comes back."""
    with transaction():
        back = imports.redo(desk_of(current_actor(), code), batch, acting_user())
    flash(_("Đã lấy lại %(n)s người, với thẻ mới. In thẻ mới: thẻ cũ không dùng được.", n=back), "good")
    return redirect(url_for("badges.one_import", code=code, batch=batch), 303)
