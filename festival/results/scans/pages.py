"""The signed papers of a result: sent by camera or file, shown again, taken back; for the panel's two and the organiser.

Each look is noted; a digitally signed PDF is never opened on our pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, signed_in
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import points
from festival.judging.contest_access import ContestAccess, contest_for, contests_for
from festival.papers.files import kept_page
from festival.papers.keeping import PaperSubject
from festival.papers.scans.models import SignedScanPage, SignedScanUse
from festival.papers.scans.needed import OF_RESULT, ScanKind
from festival.results.blueprint import bp
from festival.results.delegations.access import whole_of_actor
from festival.results.ladder.decision_sheet import decision_sheet
from festival.results.ladder.paper_days import paper_day
from festival.results.ladder.papers_there import lacks_of
from festival.results.ladder.sign import number_decision
from festival.results.ladder.states import reached, steps_of
from festival.results.scans import keeping
from festival.results.scans.sendings import by_points, sendings, typed_pages, typed_whole

SIGNED_STATES = (ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)
WHOLE = "whole"  # among the contests that a decision names


@bp.get("/panel/<code>/signed")
@signed_in
def signed(code: str) -> str:
    """What was sent of a contest's minutes and of its decision."""
    access = contest_for(current_actor(), code)
    row = access.contest
    if not reached(row, ContestState.SIGNED):
        return render_template("results/signed.html", contest=row, access=access, waits=True)
    others = [
        (each.contest.code, each.contest.name)
        for each in contests_for(current_actor())
        if each.contest.id != row.id and each.contest.state in SIGNED_STATES
    ]
    return _page(PaperSubject(row.festival_id, row.id), access, others)


@bp.get("/whole-delegation/signed")
@signed_in
def whole_signed() -> str:
    """The same of the whole delegation."""
    festival, table = whole_of_actor()
    if table is None or table.provisional:
        raise NotFound()
    lines = [
        (given.number, _("%(name)s: %(points)s điểm, văn bản số %(document)s", name=line.name,
            points=f"{'+' if given.milli > 0 else '−'}{points(abs(given.milli), 0)}", document=given.document))
        for line in table.fresh or table.lines
        for given in line.given
    ]  # fmt: skip
    return _page(PaperSubject(festival.id), None, [(each.code, each.name) for each in table.contests], lines)


@bp.app_context_processor
def _printed_decision() -> dict[str, Any]:
    return {"decision_sheet": decision_sheet}


def _page(
    subject: PaperSubject,
    access: ContestAccess | None,
    others: list[tuple[str, str]],
    points_lines: Sequence[tuple[int, str]] = (),
) -> str:
    looked(SecurityKind.EXPORT, what="signed_scan", **({"contest": access.contest.code} if access else {}))
    own = (SignedScanUse.festival_id == subject.festival_id) & SignedScanUse.contest_id.is_(None)
    found = sendings(own if access is None else keeping.own_uses(subject))
    contest = access.contest if access else None
    read = contest is not None and contest.state in keeping.READ
    return render_template(
        "results/signed.html",
        contest=contest,
        access=access,
        waits=False,
        may_write=access is None or not access.sealed,
        read=read,
        others=others,
        whole=contest is not None and current_actor().may(Permission.RELEASE),
        decided=steps_of(contest.id).get(ContestState.DECIDED) if contest else None,
        lacking={each.kind: each for each in lacks_of(subject)},
        sendings={kind: [each for each in found if each.use.kind is kind] for kind in OF_RESULT},
        points_lines=points_lines,
        documents=by_points(found),
    )


@bp.post("/panel/<code>/signed/<step>")
@signed_in
def signed_post(code: str, step: str) -> ResponseReturnValue:
    """One step of the signed papers of a contest, by its name in the address."""
    with reading():
        row = _writable(code)
        subject = PaperSubject(row.festival_id, row.id)
    flash(_step(step, subject), "good")
    return redirect(url_for("results.signed", code=code), 303)


@bp.post("/whole-delegation/signed/<step>")
@signed_in
def whole_signed_post(step: str) -> ResponseReturnValue:
    """The same of the whole delegation."""
    with reading():
        festival, table = whole_of_actor()
        if table is None or table.provisional:
            raise NotFound()
        subject = PaperSubject(festival.id)
    flash(_step(step, subject), "good")
    return redirect(url_for("results.whole_signed"), 303)


def _writable(code: str) -> Contest:
    access = contest_for(current_actor(), code)
    if access.sealed:
        raise NotFound()
    return access.contest


def _step(step: str, subject: PaperSubject) -> str:
    if step not in STEPS:
        raise NotFound()
    return STEPS[step](subject)


def _send(subject: PaperSubject) -> str:
    form = request.form
    if form.get("kind") not in set(OF_RESULT):
        raise BadInput()
    kind = ScanKind(form["kind"])
    sent = typed_pages()
    also = set(form.getlist("contests")) if kind is ScanKind.DECISION else set()
    with reading():
        mine = {each.contest.code: each.contest.id for each in contests_for(current_actor())}
    if not also - {WHOLE} <= set(mine):
        raise NotFound()
    ids = {mine[each] for each in also - {WHOLE}} | ({subject.contest_id} if subject.contest_id is not None else set())
    whole = subject.contest_id is None or (WHOLE in also and current_actor().may(Permission.RELEASE))
    with transaction():
        keeping.send(subject.festival_id, kind, ids, whole, sent, acting_user())
    return str(_("Đã nhận bản đã ký."))


def _show(subject: PaperSubject) -> str:
    with transaction():
        row = keeping.show_again(subject.festival_id, _own(subject), typed_whole("was"), acting_user())
        kind = row.kind
    return str(
        _("Đã dùng lại biên bản gửi trước.") if kind is ScanKind.MINUTES else _("Đã dùng lại quyết định gửi trước.")
    )


def _take_back(subject: PaperSubject) -> str:
    with transaction():
        keeping.take_back(subject.festival_id, _own(subject), request.form.get("reason", ""), acting_user())
    return str(_("Đã bỏ bản ký. Bỏ nhầm thì bấm «Dùng lại» ở bảng bên dưới."))


def _renumber(subject: PaperSubject) -> str:
    if subject.contest_id is None or not current_actor().may(Permission.RELEASE):
        raise NotFound()
    form = request.form
    with transaction():
        day = paper_day(form.get("day", ""))
        number_decision(subject.contest_id, form.get("number", ""), day, form.get("was", ""), acting_user())
    return str(_("Đã ghi số và ngày của quyết định."))


STEPS: dict[str, Callable[[PaperSubject], str]] = {
    "send": _send,
    "show": _show,
    "take-back": _take_back,
    "number": _renumber,
}


def _own(subject: PaperSubject) -> int:
    """Which sending is meant; NotFound for one of something else."""
    number = typed_whole("use")
    row = db.session.get(SignedScanUse, number)
    whose = (subject.festival_id, subject.contest_id, None)
    if row is None or (row.festival_id, row.contest_id, row.points_id) != whose:
        raise NotFound()
    return number


@bp.get("/panel/<code>/signed/<int(max=9007199254740991):use_id>/<int(max=9007199254740991):page>")
@signed_in
def signed_page(code: str, use_id: int, page: int) -> Response:
    """A page as it is kept."""
    row = contest_for(current_actor(), code).contest
    return _kept(PaperSubject(row.festival_id, row.id), use_id, page, code)


@bp.get("/whole-delegation/signed/<int(max=9007199254740991):use_id>/<int(max=9007199254740991):page>")
@signed_in
def whole_signed_page(use_id: int, page: int) -> Response:
    """The same of the whole delegation."""
    return _kept(PaperSubject(whole_of_actor()[0].id), use_id, page, "")


def _kept(subject: PaperSubject, use_id: int, page: int, code: str) -> Response:
    use = db.session.get(SignedScanUse, use_id)
    if use is None or (use.festival_id, use.contest_id) != (subject.festival_id, subject.contest_id):
        raise NotFound()
    found = db.session.scalars(
        select(SignedScanPage).where(SignedScanPage.scan_id == use.scan_id, SignedScanPage.page == page)
    ).one_or_none()
    if found is None:
        raise NotFound()
    looked(SecurityKind.EXPORT, what="signed_scan", **({"contest": code} if code else {}))
    return kept_page(found, f"{use.kind.value}-{code or WHOLE}-{use.id}-{page}.pdf")
