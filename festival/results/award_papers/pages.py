"""The organiser's proposals and decisions about awards: typed, printed, opened, sent back signed.

A proposal goes to the authority that decides; the decision is what the release waits for. Both say what was signed.
"""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config import Config
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.documents.docx import MIMETYPE as DOCX
from festival.editions.queries import the_festival
from festival.papers.files import kept_file
from festival.papers.scans.award_sheets import SheetKind
from festival.papers.scans.needed import ScanKind
from festival.registration.signing.scans import FIELD, sent_pages
from festival.results.award_papers import keeping
from festival.results.award_papers.drawing import material
from festival.results.award_papers.said import SheetSaid, read_said, typed_said
from festival.results.blueprint import bp
from festival.results.scans import keeping as scan_keeping

USUAL_TITLE = "TRƯỞNG BAN TỔ CHỨC"  # on a paper, which is Vietnamese whoever types it
NAMES = {SheetKind.PROPOSAL: "to-trinh", SheetKind.DECISION: "quyet-dinh"}


@bp.get("/office/award-papers")
@requires(Permission.RELEASE)
def award_papers() -> str:
    """What may go into a paper, what was typed for the last one, and all that were printed."""
    festival = the_festival()
    signed, whole = keeping.signed_codes(festival)
    sheets = keeping.sheets_of(festival)
    return render_template(
        "results/award_papers.html",
        festival=festival,
        signed=signed,
        whole=whole,
        prizes=material(festival).names(),
        sheets=sheets,
        last=read_said(sheets[0].row.said if sheets else {"place": festival.host, "title": USUAL_TITLE}),
    )


@bp.post("/office/award-papers/print")
@requires(Permission.RELEASE)
def print_award_paper() -> ResponseReturnValue:
    """Draw it from what was signed, and keep it."""
    form = request.form
    if form.get("kind") not in set(SheetKind):
        raise BadInput()
    kind, whole = SheetKind(form["kind"]), bool(form.get("whole"))
    said = _said(kind)
    with reading():
        festival = the_festival()
        drawing, codes = keeping.drawn_now(festival, kind, form.getlist("contests"), whole, said)
        festival_id = festival.id
    with transaction():
        number = keeping.print_sheet(festival_id, kind, codes, whole, said, drawing, acting_user()).number
    flash(
        _("Tờ số %(number)s đã sẵn sàng. Mở tờ PDF để in, hoặc tải bản Word để sửa phần đầu văn bản.", number=number),
        "good",
    )
    return redirect(url_for("results.award_papers", _anchor="sheets"), 303)


def _said(kind: SheetKind) -> SheetSaid:
    form, amounts, place = request.form, dict[str, str](), 1
    while name := form.get(f"award-{place}"):
        amounts[name] = form.get(f"amount-{place}", "")
        place += 1
    said = typed_said(form, amounts, proposal=kind is SheetKind.PROPOSAL)
    if isinstance(said, SheetSaid):
        return said
    field, fault = said
    raise BadInput(say(fault), field=field)


@bp.post("/office/award-papers/<int(max=9007199254740991):sheet_id>/signed")
@requires(Permission.RELEASE)
def award_paper_signed(sheet_id: int) -> ResponseReturnValue:
    """The decision came back signed: its pages stand for every contest it names."""
    config: Config = current_app.config["FESTIVAL"]
    with reading():
        festival = the_festival()
        row = keeping.sheet_in(festival.id, sheet_id)
        if row.kind is not SheetKind.DECISION:
            raise Conflict(_("Chỉ gửi bản ký của quyết định; tờ trình thì giữ ở hồ sơ giấy."))
        festival_id, codes, whole = festival.id, list(row.contests), row.whole
    sent = sent_pages(request.files.getlist(FIELD), config.instance)
    if sent is None:
        raise BadInput(_("Chưa chọn tệp. Chụp hoặc quét các trang đã ký rồi gửi."), field=FIELD)
    with transaction():
        ids = scan_keeping.contest_ids(festival_id, codes)
        scan_keeping.send(festival_id, ScanKind.DECISION, ids, whole, sent, acting_user(), sheet_id=sheet_id)
    flash(_("Đã nhận bản đã ký."), "good")
    return redirect(url_for("results.award_papers", _anchor="sheets"), 303)


@bp.get("/office/award-papers/<int(max=9007199254740991):sheet_id>/<file>")
@requires(Permission.RELEASE)
def award_paper(sheet_id: int, file: str) -> Response:
    """A kept file, byte for byte: `paper.pdf` as printed, `paper.docx` to edit."""
    row = keeping.sheet_in(the_festival().id, sheet_id)
    if file not in ("paper.pdf", "paper.docx"):
        raise NotFound()
    looked(SecurityKind.EXPORT, what="award_sheet")
    name = f"{NAMES[row.kind]}-{row.number}"
    if file == "paper.pdf":
        return kept_file(row.content, row.sha256, f"{name}.pdf")
    return kept_file(row.editable, row.editable_sha256, f"{name}.docx", DOCX)
