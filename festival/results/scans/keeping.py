"""How do the signed papers of a result come in, come again, come back, and go when they were sent by mistake?

The pages of one sending stand for the minutes of one contest (or of the whole delegation), or for a decision of all that it names.
The next sending takes the place of the one before, which can be shown again. Until the MC may read it can be taken back; after that
only another sending takes its place. Each step holds the contests it is about, so that a release sees it or it sees the release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.papers import keeping
from festival.papers.by_head import annul_reason
from festival.papers.keeping import PaperSubject
from festival.papers.models import SignedPaper
from festival.papers.returned import pages_digest
from festival.papers.scans.models import SignedScan, SignedScanPage, SignedScanUse
from festival.papers.scans.needed import ScanKind
from festival.registration.signing.scans import FIELD, SentPages
from festival.results.delegations.deciding import is_signed, keep_whole_paper
from festival.results.delegations.table import whole_reached
from festival.results.ladder.papers_there import hold_whole
from festival.results.ladder.sign import keep_paper
from festival.results.ladder.states import reached, results_stream, whole_stream
from festival.results.models import DelegationPoints

READ = (ContestState.RELEASED, ContestState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class ScanSubject:
    """What a sending stands for, held: a contest, the whole delegation, points of one; and the minutes that are in force."""

    subject: PaperSubject
    stream: str
    about: Mapping[str, Any]
    paper_id: int | None
    read: bool  # the MC may read it already
    points_id: int | None = None  # of a document behind points

    def own(self) -> ColumnElement[bool]:
        """The uses of sendings for it."""
        if self.points_id is not None:
            return SignedScanUse.points_id == self.points_id
        return own_uses(self.subject)


def own_uses(subject: PaperSubject) -> ColumnElement[bool]:
    """The uses of sendings for the papers of a contest, or of the whole delegation."""
    if subject.contest_id is not None:
        return SignedScanUse.contest_id == subject.contest_id
    of_whole = SignedScanUse.contest_id.is_(None) & SignedScanUse.points_id.is_(None)
    return (SignedScanUse.festival_id == subject.festival_id) & of_whole


def send(
    festival_id: int,
    kind: ScanKind,
    contest_ids: Iterable[int],
    whole: bool,
    sent: SentPages,
    by: int | None,
    *,
    sheet_id: int | None = None,
) -> int:
    """The pages of a signed paper; answers which sending it is. `sheet_id`: the decision as it was printed here."""
    wanted = sorted(set(contest_ids))
    if not wanted and not whole:
        raise BadInput(_("Chọn phần thi mà quyết định này ghi."), field="contests")
    if kind is ScanKind.MINUTES and len(wanted) + whole != 1:
        raise BadInput(_("Mỗi biên bản là của một phần thi: gửi riêng từng biên bản."))
    stands = [_of_contest(each, festival_id) for each in wanted]
    if whole:
        stands.append(_of_whole(festival_id))
    return _kept(festival_id, kind, stands, sent, by, sheet_id)


def send_document(festival_id: int, number: int, sent: SentPages, by: int | None) -> int:
    """The pages of the document behind these points; answers which sending it is."""
    return _kept(festival_id, ScanKind.POINTS, [_of_points(festival_id, number)], sent, by, None)


def _kept(
    festival_id: int,
    kind: ScanKind,
    stands: Sequence[ScanSubject],
    sent: SentPages,
    by: int | None,
    sheet_id: int | None,
) -> int:
    _refuse_others(festival_id, kind, stands, sent)
    scan = SignedScan(festival_id=festival_id, sheet_id=sheet_id, put_at=now(), put_by=by)
    db.session.add(scan)
    db.session.flush()
    db.session.add_all(
        SignedScanPage(scan_id=scan.id, page=place, format=each.format, content=each.content, sha256=each.sha256)
        for place, each in enumerate(sent.pages, start=1)
    )
    for each in stands:
        _hide(each, kind)
        row = SignedScanUse(
            scan_id=scan.id,
            festival_id=festival_id,
            contest_id=each.subject.contest_id,
            kind=kind,
            paper_id=each.paper_id,
            points_id=each.points_id,
            shown=True,
            reason="",
        )
        db.session.add(row)
        db.session.flush()
        _note(each, "scan.sent", row, {"by": by}, {"of_sheet": sheet_id})
    return scan.id


def show_again(festival_id: int, use_id: int, was: int, by: int | None) -> SignedScanUse:
    """An earlier sending is the one in use again; `was`: the one that was seen in use, 0 for none."""
    row, stands = _held_use(festival_id, use_id)
    _as_seen(stands, row.kind, was)
    _hide(stands, row.kind)
    row.shown, row.reason, row.changed_at, row.changed_by = True, "", now(), by
    db.session.flush()
    _note(stands, "scan.shown", row, {"by": by})
    return row


def take_back(festival_id: int, use_id: int, reason: str, by: int | None) -> SignedScanUse:
    """It was sent by mistake: nothing is in use until there is another; not once the MC may read."""
    clean = annul_reason(reason)
    row, stands = _held_use(festival_id, use_id)
    if stands.read:
        raise Conflict(_("MC đã được đọc: không bỏ bản ký được nữa. Gửi bản đúng, bản đó thay bản này."))
    _as_seen(stands, row.kind, row.id)
    row.shown, row.reason, row.changed_at, row.changed_by = False, clean, now(), by
    db.session.flush()
    _note(stands, "scan.taken_back", row, {"by": by, "reason": clean})
    return row


def _of_contest(contest_id: int, festival_id: int) -> ScanSubject:
    contest = held_contest(contest_id)
    if contest.festival_id != festival_id:
        raise NotFound()
    if not reached(contest, ContestState.SIGNED):
        raise Conflict(
            _(
                "Biên bản phần thi «%(name)s» chưa ghi là đã ký: ghi số biên bản trước, rồi gửi bản đã ký.",
                name=contest.name,
            )
        )
    return ScanSubject(
        PaperSubject(festival_id, contest.id),
        results_stream(contest),
        {"contest": contest.code, "contest_id": contest.id},
        keep_paper(contest.id).id,
        contest.state in READ,
    )


def _of_whole(festival_id: int) -> ScanSubject:
    """Its minutes may be sent when they were printed: where the MC reads at once, their signature is the release."""
    festival = hold_whole(festival_id)
    subject = PaperSubject(festival_id)
    signed = is_signed(festival_id)
    paper = keep_whole_paper(festival_id) if signed else keeping.printed(subject)
    if paper is None:
        raise Conflict(_("Biên bản toàn đoàn chưa in để ký: in và ký trước, rồi gửi bản đã ký."))
    return ScanSubject(
        subject,
        whole_stream(festival),
        {"festival": festival.code},
        paper.id,
        whole_reached(festival_id, ContestState.RELEASED),
    )


def _of_points(festival_id: int, number: int) -> ScanSubject:
    """Points that stand, by their number."""
    festival = hold_whole(festival_id)
    own = (DelegationPoints.festival_id == festival_id) & (DelegationPoints.number == number)
    row = db.session.scalars(select(DelegationPoints).where(own)).one_or_none()
    if row is None:
        raise NotFound()
    if row.taken_back_at is not None:
        raise Conflict(_("Điểm này đã bỏ nên không nhận văn bản nữa. Ghi lại điểm, rồi gửi văn bản."))
    return ScanSubject(
        PaperSubject(festival_id),
        whole_stream(festival),
        {"festival": festival.code, "points": number, "of_points": row.id},
        None,
        whole_reached(festival_id, ContestState.RELEASED),
        row.id,
    )


def _held_use(festival_id: int, use_id: int) -> tuple[SignedScanUse, ScanSubject]:
    """A use of this edition, what it stands for held. NotFound."""
    place = select(SignedScanUse.contest_id, DelegationPoints.number).outerjoin(
        DelegationPoints, DelegationPoints.id == SignedScanUse.points_id
    )
    wanted = place.where(SignedScanUse.id == use_id, SignedScanUse.festival_id == festival_id)
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound()
    if found.number is not None:
        stands = _of_points(festival_id, found.number)
    else:
        stands = _of_whole(festival_id) if found.contest_id is None else _of_contest(found.contest_id, festival_id)
    return db.session.get_one(SignedScanUse, use_id, populate_existing=True), stands


def _as_seen(stands: ScanSubject, kind: ScanKind, was: int) -> None:
    now_shown = db.session.scalar(
        select(SignedScanUse.id).where(stands.own(), SignedScanUse.kind == kind, SignedScanUse.shown)
    )
    if (now_shown or 0) != was:
        raise Overtaken(_("Người khác vừa gửi hoặc bỏ bản ký này. Mở lại trang để xem bản đang dùng."))


def _hide(stands: ScanSubject, kind: ScanKind) -> None:
    hidden = update(SignedScanUse).where(stands.own(), SignedScanUse.kind == kind, SignedScanUse.shown)
    db.session.execute(hidden.values(shown=False))


def _refuse_others(festival_id: int, kind: ScanKind, stands: Sequence[ScanSubject], sent: SentPages) -> None:
    """A page that stands for another paper, or the printed paper itself: chosen by mistake. BadInput."""
    either = SignedScanUse.kind != kind
    if kind is ScanKind.MINUTES:
        either |= SignedScanUse.contest_id.is_distinct_from(stands[0].subject.contest_id)
    other = (
        select(SignedScanPage.id)
        .join(SignedScanUse, SignedScanUse.scan_id == SignedScanPage.scan_id)
        .where(
            SignedScanPage.sha256.in_({page.sha256 for page in sent.pages}),
            SignedScanUse.festival_id == festival_id,
            SignedScanUse.reason == "",
            either,
        )
    )
    if db.session.scalar(other.limit(1)) is not None:
        raise BadInput(_("Có trang đã gửi cho giấy tờ khác. Chọn đúng tệp của văn bản này."), field=FIELD)
    if sent.pdf:
        printed = select(SignedPaper.id).where(
            SignedPaper.festival_id == festival_id, SignedPaper.sha256 == sha256(sent.pdf).hexdigest()
        )
        if db.session.scalar(printed.limit(1)) is not None:
            raise BadInput(_("Đây là tờ vừa in, chưa có chữ ký. Gửi bản đã ký."), field=FIELD)


def _note(
    stands: ScanSubject,
    kind: str,
    row: SignedScanUse,
    payload: Mapping[str, Any],
    more: Mapping[str, Any] | None = None,
) -> None:
    pages = select(SignedScanPage.page, SignedScanPage.sha256).where(SignedScanPage.scan_id == row.scan_id)
    found = db.session.execute(pages.order_by(SignedScanPage.page))
    subject = {
        **stands.about,
        "use": row.id,
        "scan": row.scan_id,
        "scan_kind": row.kind.value,
        "of_paper": row.paper_id,
        "pages": pages_digest((each.page, each.sha256) for each in found),
        **(more or {}),
    }
    ledger.append(stands.stream, kind, subject, payload)


def contest_ids(festival_id: int, codes: Iterable[str]) -> list[int]:
    """Which contests these codes are. NotFound for a code that is none."""
    wanted = set(codes)
    rows = db.session.execute(
        select(Contest.code, Contest.id).where(Contest.festival_id == festival_id, Contest.code.in_(wanted))
    ).all()
    if {row.code for row in rows} != wanted:
        raise NotFound()
    return [row.id for row in rows]
