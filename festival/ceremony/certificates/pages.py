"""The organiser's pages of certificates: what is there to print, each contest, the layout with a sheet to try, data for giấy khen."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.ceremony.certificates import keeping, making, merging
from festival.ceremony.certificates.layout import ALIGNMENTS, FIELDS, PAPERS, CertificateLayout, written
from festival.ceremony.certificates.lines import WHOLE, CertificateGroup, certificates_of
from festival.ceremony.certificates.reading import read_layout
from festival.ceremony.certificates.words import ALIGN_WORDS, FIELD_WORDS, PAPER_WORDS
from festival.contests.models import ContestState
from festival.contests.queries import contest_by_code, contests
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import chosen_language
from festival.core.web.paging import asked_number, asked_part
from festival.core.work import jobs
from festival.core.work.fetching import fetched, how_far
from festival.core.work.jobs import JobState
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.results.ladder.names import confirm, names_to_confirm
from festival.results.ladder.states import reached

ROWS_A_PAGE = 50

bp = Blueprint("certificates", __name__, url_prefix="/office/certificates")


@bp.get("")
@requires(Permission.RELEASE)
def index() -> ResponseReturnValue:
    """What is there to print, and how far the worker is with all of it."""
    festival = the_festival()
    groups = certificates_of(festival)
    progress = _progress(festival)
    ready = progress is not None and progress.state is JobState.READY
    basis = jobs.basis_of(making.plan_of(festival, groups)) if ready else ""
    return render_template(
        "ceremony/certificates/index.html",
        groups=groups,
        whole=WHOLE,
        waiting=[each for each in contests(festival.id) if not reached(each, ContestState.DECIDED)],
        progress=progress,
        stale=ready and progress is not None and progress.basis != basis,
        count=sum(len(each.certificates) for each in groups),
    )


def _progress(festival: Festival) -> jobs.Progress | None:
    return jobs.latest(making.KIND, festival.code, chosen_language())


@bp.post("")
@requires(Permission.RELEASE)
def make() -> ResponseReturnValue:
    """Let all of them be made. Names that nobody proofed are confirmed first, on the page of their contest."""
    with transaction():
        festival = the_festival()
        decided = [each for each in contests(festival.id) if reached(each, ContestState.DECIDED)]
        for contest in decided:
            if names_to_confirm(contest.id):
                raise Conflict(
                    _("«%(name)s» còn tên chưa dò. Mở phần thi đó, xem các tên và xác nhận rồi in.", name=contest.name)
                )
        if not any(each.certificates for each in certificates_of(festival)):
            raise Conflict(_("Chưa có giải nào để in. Giấy chứng nhận in được từ khi có quyết định trao giải."))
        jobs.ask(making.KIND, festival.code, chosen_language())
    return redirect(url_for("certificates.index"), 303)


@bp.get("/state")
@requires(Permission.RELEASE)
def state() -> ResponseReturnValue:
    """How far they are, for the page that waits."""
    return how_far(_progress(the_festival()))


@bp.get("/file")
@requires(Permission.RELEASE)
def file() -> ResponseReturnValue:
    """The finished archive, a PDF for each contest."""
    festival = the_festival()
    gone = _("Giấy chứng nhận chưa làm xong hoặc đã hết hạn giữ. Làm lại ở trang giấy chứng nhận.")
    progress = fetched([_progress(festival)], gone)
    looked(SecurityKind.EXPORT, what="certificates", festival=festival.code)
    return jobs.archive(progress, f"giay-chung-nhan-{festival.code}.zip")


@bp.get("/data.xlsx")
@requires(Permission.RELEASE)
def data() -> ResponseReturnValue:
    """The same as a workbook, to write giấy khen with one's own forms."""
    festival = the_festival()
    looked(SecurityKind.EXPORT, what="certificates", festival=festival.code)
    answer = Response(
        merging.workbook(festival, certificates_of(festival)),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="giay-khen-{festival.code}.xlsx"'
    return answer


@bp.get("/of/<code>")
@requires(Permission.RELEASE)
def of_contest(code: str) -> ResponseReturnValue:
    """The lines of one contest, each to print again by itself; names that nobody proofed, to confirm."""
    group = _group(code)
    part = asked_part(len(group.certificates), ROWS_A_PAGE)
    unproofed = [] if code == WHOLE else names_to_confirm(contest_by_code(the_festival(), code).id)
    return render_template(
        "ceremony/certificates/contest.html",
        group=group,
        part=part,
        rows=[(each, making.said(each)) for each in part.of(group.certificates)],
        unproofed=unproofed,
        whole=WHOLE,
        files=asked_part(len(group.certificates), making.A_FILE).last,
    )


@bp.post("/of/<code>")
@requires(Permission.RELEASE)
def confirm_names(code: str) -> ResponseReturnValue:
    """The names of one contest may be printed as they are: who, why."""
    with transaction():
        contest = contest_by_code(the_festival(), code)
        if not reached(contest, ContestState.DECIDED):
            raise NotFound()
        confirm(contest, request.form.get("names_reason", ""), acting_user())
    flash(_("Đã ghi. In được giấy chứng nhận của phần thi này."), "good")
    return redirect(url_for("certificates.of_contest", code=code), 303)


@bp.get("/of/<code>/pdf")
@requires(Permission.RELEASE)
def of_contest_pdf(code: str) -> ResponseReturnValue:
    """The certificates of one contest, or one of them again (`award=`), to print at once."""
    festival = the_festival()
    group = _group(code)
    if code != WHOLE and names_to_confirm(contest_by_code(festival, code).id):
        raise Conflict(_("Còn tên chưa dò. Xem các tên và xác nhận ở trang này trước khi in."))
    part = asked_part(len(group.certificates), making.A_FILE)
    one = asked_number("award")
    chosen = [each for each in group.certificates if each.award == one] if one else list(part.of(group.certificates))
    if not chosen:
        raise NotFound(_("Giải này không còn. Mở lại trang giấy chứng nhận."))
    looked(SecurityKind.EXPORT, what="certificates", contest=code)
    return _pdf(making.some(festival, chosen), f"giay-chung-nhan-{code}.pdf")


def _group(code: str) -> CertificateGroup:
    found = next((each for each in certificates_of(the_festival()) if each.code == code), None)
    if found is None or not found.certificates:
        raise NotFound(
            _("Phần thi này chưa có giải nào để in. Giấy chứng nhận in được từ khi có quyết định trao giải.")
        )
    return found


@bp.get("/layout")
@requires(Permission.RELEASE)
def layout() -> ResponseReturnValue:
    """Where each line stands; what it looks like; the layouts before."""
    festival = the_festival()
    held, version = keeping.layout_in_force(festival)
    return _layout_page(festival, _typed(held), version)


def _layout_page(festival: Festival, typed: dict[str, str], version: int, faults: dict[str, Any] | None = None) -> str:
    return render_template(
        "ceremony/certificates/layout.html",
        typed={**dict.fromkeys(_typed(keeping.standard_of(festival)), ""), **typed},
        version=version,
        faults=faults or {},
        fields=FIELDS,
        field_words=FIELD_WORDS,
        papers=[(name, PAPER_WORDS[name]) for name in PAPERS],
        alignments=[(name, ALIGN_WORDS[name]) for name in ALIGNMENTS],
        earlier=keeping.earlier_layouts(festival),
    )


def _typed(layout: CertificateLayout) -> dict[str, str]:
    """The layout as it stands in the boxes of the page."""
    boxes = {
        "paper": layout.paper,
        "overprint": "y" if layout.overprint else "",
        "shift_x": written(layout.shift_x),
        "shift_y": written(layout.shift_y),
        **layout.texts,
    }
    for field, place in layout.places.items():
        boxes |= {
            f"{field}-x": written(place.x),
            f"{field}-y": written(place.y),
            f"{field}-width": written(place.width),
            f"{field}-size_pt": str(place.size_pt),
            f"{field}-align": place.align,
            f"{field}-used": "y" if place.used else "",
        }
    return boxes


@bp.post("/layout")
@requires(Permission.RELEASE)
def write_layout() -> ResponseReturnValue:
    """This layout from now on; `standard` is the one to begin with."""
    typed = {key: value for key, value in request.form.items() if key != "csrf_token"}
    seen = typed_number(typed.get("version", "")) or 0
    found = None if typed.get("standard") else read_layout(typed)
    if isinstance(found, dict):
        return _layout_page(the_festival(), typed, seen, found), 422
    with transaction():
        keeping.write_layout(the_festival(), found, seen, acting_user())
    flash(_("Đã lưu mẫu. In tờ thử, đặt lên phôi và soi dưới ánh sáng trước khi in tất cả."), "good")
    return redirect(url_for("certificates.layout"), 303)


@bp.post("/layout/again")
@requires(Permission.RELEASE)
def take_layout_again() -> ResponseReturnValue:
    """An earlier layout holds again."""
    chosen, seen = typed_number(request.form.get("take", "")), typed_number(request.form.get("version", ""))
    if chosen is None or seen is None:
        raise BadInput(_("Chọn một bản trong danh sách."))
    with transaction():
        keeping.take_again(the_festival(), chosen, seen, acting_user())
    flash(_("Đã dùng lại bản %(n)s.", n=chosen), "good")
    return redirect(url_for("certificates.layout"), 303)


@bp.get("/trial.pdf")
@requires(Permission.RELEASE)
def trial() -> ResponseReturnValue:
    """A sheet with sample words, the boxes of the lines and a ruler, to lay over a bought form."""
    return _pdf(making.trial(the_festival()), "to-in-thu.pdf")


@bp.get("/sample.png")
@requires(Permission.RELEASE)
def sample() -> ResponseReturnValue:
    """What a certificate looks like now, with sample words."""
    answer = Response(making.sample_picture(the_festival()), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
