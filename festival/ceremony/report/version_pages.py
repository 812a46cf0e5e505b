"""The organiser makes a version of the report, fetches its documents, reads earlier ones, takes one back and sets it in force again."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.ceremony.report import versions
from festival.ceremony.report.blueprint import bp
from festival.ceremony.report.content import Stamp, content_from_json
from festival.ceremony.report.models import ReportForm
from festival.ceremony.report.said import paper_of
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import NotFound
from festival.core.web.forms import form_number
from festival.documents.docx import MIMETYPE as DOCX
from festival.editions.queries import the_festival
from festival.papers.files import kept_file

NUMBER = "<int(max=9007199254740991):number>"
TYPES = {
    ReportForm.PDF: "application/pdf",
    ReportForm.DOCX: DOCX,
    ReportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.post("")
@requires(Permission.OFFICE)
def make() -> ResponseReturnValue:
    """Make a version; the worker draws it."""
    with reading():
        festival_id = the_festival().id
    with transaction():
        number = versions.make_version(festival_id, acting_user()).number
    flash(_("Bản %(number)s đã lập. Các tệp được làm trong vài giây.", number=number), "good")
    return redirect(url_for("report.one_version", number=number), 303)


@bp.get(f"/versions/{NUMBER}")
@requires(Permission.OFFICE)
def one_version(number: int) -> ResponseReturnValue:
    """What it says, its documents with their digests, and how far they are."""
    festival = the_festival()
    row = versions.version_of(festival, number)
    stamp = Stamp(row.number, row.made_at, row.sha256, None)
    return render_template(
        "ceremony/report/version.html",
        festival=festival,
        version=row,
        drawn=versions.forms_of([row])[row.id],
        whole=len(ReportForm),
        said=paper_of(content_from_json(row.content), stamp) if row.content else None,
    )


@bp.get(f"/versions/{NUMBER}/state")
@requires(Permission.OFFICE)
def version_state(number: int) -> ResponseReturnValue:
    """How far its documents are, for the page that waits."""
    row = versions.version_of(the_festival(), number)
    drawn = versions.forms_of([row])[row.id]
    return jsonify({"state": drawn.state, "done": len(drawn.forms), "whole": len(ReportForm)})


@bp.get(f"/versions/{NUMBER}/file/<form>")
@requires(Permission.OFFICE)
def version_file(number: int, form: str) -> ResponseReturnValue:
    """A document, byte for byte as it was drawn."""
    festival = the_festival()
    row = versions.version_of(festival, number)
    if form not in set(ReportForm):
        raise NotFound()
    found = versions.file_of(row, ReportForm(form))
    looked(SecurityKind.EXPORT, what="report", festival=festival.code)
    answer = kept_file(found.content, found.sha256, mimetype=TYPES[found.form])
    answer.headers["Content-Disposition"] = f'attachment; filename="bao-cao-{festival.code}-{number}.{form}"'
    return answer


@bp.post(f"/versions/{NUMBER}/again")
@requires(Permission.OFFICE)
def draw_again(number: int) -> ResponseReturnValue:
    """The documents could not be drawn; once more."""
    with transaction():
        versions.draw_again(the_festival(), number)
    return redirect(url_for("report.one_version", number=number), 303)


@bp.post(f"/versions/{NUMBER}/take-back")
@requires(Permission.OFFICE)
def take_back(number: int) -> ResponseReturnValue:
    """Nobody was given it."""
    version = form_number("version")
    with reading():
        festival_id = the_festival().id
    with transaction():
        versions.take_back_version(festival_id, number, version, request.form.get("reason", ""), acting_user())
    flash(_("Đã thu hồi bản %(number)s. Vẫn xem lại và dùng lại được.", number=number), "good")
    return redirect(url_for("report.one_version", number=number), 303)


@bp.post(f"/versions/{NUMBER}/reinstate")
@requires(Permission.OFFICE)
def reinstate(number: int) -> ResponseReturnValue:
    """It was taken back by mistake."""
    version = form_number("version")
    with reading():
        festival_id = the_festival().id
    with transaction():
        versions.reinstate_version(festival_id, number, version, acting_user())
    flash(_("Bản %(number)s dùng lại như trước.", number=number), "good")
    return redirect(url_for("report.one_version", number=number), 303)
