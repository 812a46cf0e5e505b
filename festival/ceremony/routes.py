"""The minutes of a contest and of the whole delegation, to print and sign and shown again as signed; what the MC reads.

Before the signature a page shows what would be printed; «In để ký» keeps it, and the page leads to the very bytes that are signed.
Afterwards the same address answers with the stored bytes of the paper in force, for the panel and the organiser.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.ceremony.drawing import PaperText, tally_of, text_of
from festival.contests.models import Contest, ContestState
from festival.contests.queries import contest_by_code
from festival.core.clock import now
from festival.core.database import db
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading
from festival.core.web.access import acting_user, current_actor, signed_in
from festival.core.web.errors import NotFound
from festival.core.work.jobs import DOCUMENT_POLICY
from festival.documents.docx import MIMETYPE as DOCX
from festival.documents.state_paper import MOTTO, NATION
from festival.editions.queries import the_festival
from festival.judging.contest_access import contest_for, marks_shown
from festival.logistics.queries import needs_said
from festival.papers.ahead import with_papers
from festival.papers.files import kept_file
from festival.papers.keeping import PaperOccasion, PaperSubject, in_force, is_pdf, printed
from festival.papers.models import SignedPaper
from festival.results.awards import AmendedPrizes, PrizeList, amended_at, released_awards
from festival.results.cut.read_aloud import finalists
from festival.results.delegations import deciding
from festival.results.delegations.access import whole_of_actor
from festival.results.ladder import sign
from festival.results.ladder.names import names_to_confirm
from festival.results.ladder.states import reached, steps_of
from festival.results.ladder.taking_back import out_of_reading
from festival.results.models import ResultTakenBack
from festival.results.seats import may_read_as_mc, seated
from festival.roster.shown.pictures import entries_without_pictures

bp = Blueprint("ceremony", __name__)


def _readable(code: str) -> Contest:
    """A contest whose minutes this account reads: of its panel, the organiser from the signature on."""
    access = contest_for(current_actor(), code)
    if not reached(access.contest, ContestState.SIGNED):
        access = seated(code, sealed_too=True)
    return access.contest


@bp.get("/panel/<code>/minutes")
@signed_in
def minutes(code: str) -> ResponseReturnValue:
    """What would be printed to sign, of a locked contest; from the signature on the paper in force, as it is kept."""
    row = _readable(code)
    if row.state is ContestState.OPEN:
        raise NotFound()
    subject = PaperSubject(row.festival_id, row.id)
    marks_shown(row)
    if not reached(row, ContestState.SIGNED):
        back = url_for("results.contest", code=row.code)
        return _preview(subject, back, url_for("ceremony.print_minutes", code=row.code))
    paper = in_force(subject)
    if paper is None:  # signed in a release that kept no papers
        contest_id = row.id
        db.session.close()
        paper = with_papers(lambda: sign.keep_paper(contest_id))
    return _kept(paper, code)


@bp.post("/panel/<code>/minutes")
@signed_in
def print_minutes(code: str) -> ResponseReturnValue:
    """Keep what is to be signed; the page then leads to it."""
    with reading():
        contest_id = seated(code).contest.id
    number = request.form.get("number", "")
    with_papers(lambda: sign.print_minutes(contest_id, number, acting_user()))
    return redirect(url_for("ceremony.minutes", code=code), 303)


@bp.get("/papers/<int:paper_id>")
@signed_in
def paper(paper_id: int) -> ResponseReturnValue:
    """A kept paper, byte for byte: the one in force, and those it replaced."""
    return _kept(*_found(paper_id))


@bp.get("/papers/<int:paper_id>/paper.docx")
@signed_in
def document(paper_id: int) -> ResponseReturnValue:
    """The same as a document to edit, as it was kept beside the paper."""
    found, contest = _found(paper_id)
    if found.content and found.editable is None:
        raise NotFound(_("Tờ này in ở bản chương trình trước, chưa có bản để sửa."))
    return _kept(found, contest, editable=True)


def _found(paper_id: int) -> tuple[SignedPaper, str]:
    """A kept paper that this account reads, and the code of its contest."""
    found = db.session.get(SignedPaper, paper_id)
    if found is None or found.festival_id != the_festival().id or found.delegation_id is not None:
        raise NotFound()  # a sheet of names is shown where names are proofed
    if found.contest_id is None:
        whole_of_actor()
        return found, ""
    row = _readable(db.session.get_one(Contest, found.contest_id).code)
    if row.state is ContestState.OPEN:  # opened again: its marks are secret once more
        raise NotFound()
    marks_shown(row)
    return found, row.code


def _kept(found: SignedPaper, contest: str, *, editable: bool = False) -> Response:
    """The stored bytes. A page of an earlier release stands alone: nothing of the site may be loaded by it or run in it."""
    looked(SecurityKind.EXPORT, what="paper", **({"contest": contest} if contest else {}))
    name = f"bien-ban-{found.id}"
    if editable:
        return kept_file(found.editable, found.editable_sha256, f"{name}.docx", DOCX)
    if is_pdf(found.content) or not found.content:
        return kept_file(found.content, found.sha256, f"{name}.pdf")
    answer = kept_file(found.content, found.sha256, f"{name}.html", "text/html")
    answer.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    return answer


@bp.get("/panel/<code>/tally.pdf")
@signed_in
def tally_pdf(code: str) -> ResponseReturnValue:
    """Marks and places as they stand, to print."""
    text = _tally(code)
    return kept_file(text.made()[0], text.drawn, f"tong-hop-{code}.pdf")


@bp.get("/panel/<code>/tally.docx")
@signed_in
def tally_docx(code: str) -> ResponseReturnValue:
    """The same as a document to edit."""
    text = _tally(code)
    return kept_file(text.made()[1], text.drawn, f"tong-hop-{code}.docx", DOCX)


def _tally(code: str) -> PaperText:
    """For the secretary at any time, for chair and organiser from the lock on."""
    access = contest_for(current_actor(), code)
    row = access.contest
    if row.state is ContestState.OPEN and not access.sees_marks:
        raise NotFound()
    marks_shown(row)
    looked(SecurityKind.EXPORT, what="tally", contest=row.code)
    text = tally_of(row, PaperOccasion(now()))
    db.session.close()  # drawing takes its time
    return text


def _preview(subject: PaperSubject, back: str, action: str) -> str:
    text = text_of(subject, PaperOccasion(now()))
    return render_template(
        "ceremony/preview.html",
        paper=text.paper,
        code=text.code,
        nation=NATION,
        motto=MOTTO,
        back=back,
        action=action,
        waits=printed(subject),
    )


@bp.get("/panel/<code>/mc")
@signed_in
def mc(code: str) -> ResponseReturnValue:
    """What the MC reads aloud: who goes on into a final once it is announced; a released result, lowest prize first."""
    actor = current_actor()
    row = contest_by_code(the_festival(), code)
    if not may_read_as_mc(actor):
        contest_for(actor, code)
    if (gone := out_of_reading(row)) is not None:
        return render_template("ceremony/taken_back.html", contest=row, gone=gone, state=_gone(gone))
    called = finalists(row)
    if called:
        return render_template("ceremony/finalists.html", contest=row, called=called, state=str(row.cut_announced_at))
    lists, moved = released_awards(row)
    marks_shown(row)
    ordinary = [each for each in lists if not each.special]
    return render_template(
        "ceremony/mc.html",
        contest=row,
        lists=[*reversed(ordinary), *(each for each in lists if each.special)],
        steps=steps_of(row.id),
        amended=_last_amended(lists, moved),
        moved=moved.moved if moved else (),
        state=str(_last_amended(lists, moved) or ""),
        unproofed=names_to_confirm(row.id, once_begun=True),
        no_pictures=entries_without_pictures(row.id),
        needs=needs_said(row.festival_id),
    )


def _gone(row: ResultTakenBack) -> str:
    return f"gone {row.id}"


def _last_amended(lists: list[PrizeList], moved: AmendedPrizes | None) -> datetime | None:
    """When names, places or prizes were last amended: another moment when that happened since a page was opened."""
    return max((at for at in (amended_at(lists), moved.at if moved else None) if at), default=None)


@bp.get("/panel/<code>/mc/state")
@signed_in
def mc_state(code: str) -> ResponseReturnValue:
    """What an open page of the MC asks again and again: was the result amended, who goes on taken back meanwhile?"""
    row = contest_by_code(the_festival(), code)
    if not may_read_as_mc(current_actor()):
        contest_for(current_actor(), code)
    waits = row.after is not None and not reached(row, ContestState.RELEASED)
    if (gone := out_of_reading(row)) is not None:
        state = _gone(gone)
    else:
        state = str((row.cut_announced_at if waits else _last_amended(*released_awards(row))) or "")
    answer = jsonify(state=state)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.get("/whole-delegation/minutes")
@signed_in
def whole_minutes() -> ResponseReturnValue:
    """The same of the whole delegation."""
    festival, table = whole_of_actor()
    if table is None or table.provisional:
        raise NotFound()
    for contest in table.contests:
        marks_shown(contest)
    subject = PaperSubject(festival.id)
    if table.minutes is None:
        return _preview(subject, url_for("results.whole"), url_for("ceremony.print_whole_minutes"))
    paper = in_force(subject)
    if paper is None:
        db.session.close()
        paper = with_papers(lambda: deciding.keep_whole_paper(subject.festival_id))
    return _kept(paper, "")


@bp.post("/whole-delegation/minutes")
@signed_in
def print_whole_minutes() -> ResponseReturnValue:
    """The same of the whole delegation."""
    with reading():
        festival_id = whole_of_actor()[0].id
    number = request.form.get("number", "")
    with_papers(lambda: deciding.print_whole(festival_id, number, acting_user()))
    return redirect(url_for("ceremony.whole_minutes"), 303)
