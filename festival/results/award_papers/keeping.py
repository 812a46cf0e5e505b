"""How is a proposal or a decision about awards printed and kept, and is it still right?

Printed again without a change it is the same paper. What was printed stays as it was: an amendment of awards, another signer or another
amount of money is printed anew, which replaces it; a signed one stays readable with its pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.contests.models import ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.editions.models import Festival
from festival.papers.prints import DrawnPrint, print_kept, print_told
from festival.papers.scans.award_sheets import AwardSheet, SheetKind
from festival.papers.scans.models import SignedScan, SignedScanUse
from festival.results.award_papers.drawing import draw_sheet, material, sheet_digest
from festival.results.award_papers.said import SheetSaid, read_said, same_awards
from festival.results.delegations.deciding import is_signed
from festival.results.ladder.papers_there import hold_whole
from festival.results.ladder.states import reached, whole_stream


@dataclass(frozen=True, slots=True)
class KeptSheet:
    """A printed paper and what became of it."""

    row: AwardSheet
    signed: bool  # pages of it are in use
    replaced: bool  # a later print is about the same awards
    stale: bool  # printed now it would say something else


def signed_codes(festival: Festival) -> tuple[list[tuple[str, str]], bool]:
    """The contests whose minutes are signed (code, name), and whether those of the whole delegation are."""
    found = [(each.code, each.name) for each in material(festival).contests if reached(each, ContestState.SIGNED)]
    return found, is_signed(festival.id)


def drawn_now(
    festival: Festival, kind: SheetKind, codes: Iterable[str], whole: bool, said: SheetSaid
) -> tuple[DrawnPrint, list[str]]:
    """The paper as it would be printed now. Drawing takes its time: before the transaction that keeps it."""
    wanted = set(codes)
    signed, whole_signed = signed_codes(festival)
    chosen = [code for code, _name in signed if code in wanted]
    if not chosen and not whole:
        raise BadInput(_("Chọn phần thi, hoặc toàn đoàn, để đưa vào văn bản."), field="contests")
    if wanted - set(chosen) or (whole and not whole_signed):
        raise Conflict(_("Chỉ đưa vào phần thi đã ký biên bản. Mở lại trang để chọn."))
    given = material(festival)
    if not any(given.awards.get(each) for each in [c.id for c in given.contests if c.code in chosen] + [None] * whole):
        raise Conflict(_("Các phần thi đã chọn không có giải nào được ghi nhận."))
    return draw_sheet(given, kind, chosen, whole, said, _next(festival.id, kind), now()), chosen


def print_sheet(
    festival_id: int,
    kind: SheetKind,
    codes: Sequence[str],
    whole: bool,
    said: SheetSaid,
    drawing: DrawnPrint,
    by: int | None,
) -> AwardSheet:
    """Keep what was drawn. Overtaken when the awards changed meanwhile, or somebody else printed."""
    festival = hold_whole(festival_id)
    if sheet_digest(material(festival), kind, codes, whole, said) != drawing.drawn:
        raise Overtaken(_("Giải vừa được đính chính trong lúc in. Bấm in lần nữa để tờ giấy đúng bản mới."))
    last = db.session.scalars(
        select(AwardSheet)
        .where(AwardSheet.festival_id == festival_id, AwardSheet.kind == kind)
        .order_by(AwardSheet.number.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last.drawn == drawing.drawn:
        return last
    if drawing.number != _next(festival_id, kind):
        raise Overtaken(_("Người khác vừa in văn bản này. Mở lại trang để xem tờ mới nhất."))
    row = AwardSheet(
        festival_id=festival_id,
        kind=kind,
        contests=list(codes),
        whole=whole,
        said=said.kept(),
        **print_kept(drawing, by),
    )
    db.session.add(row)
    db.session.flush()
    subject = {
        "festival": festival.code,
        "sheet": row.id,
        "sheet_kind": kind.value,
        "number": row.number,
        "contests": row.contests,
        "whole": whole,
        **print_told(row),
    }
    ledger.append(whole_stream(festival), "awards.printed", subject, {"by": by, "said": row.said})
    return row


def sheets_of(festival: Festival) -> list[KeptSheet]:
    """Every printed paper of an edition, newest first."""
    rows = db.session.scalars(
        select(AwardSheet).where(AwardSheet.festival_id == festival.id).order_by(AwardSheet.id.desc())
    ).all()
    if not rows:
        return []
    used = (
        select(SignedScan.sheet_id)
        .join(SignedScanUse, SignedScanUse.scan_id == SignedScan.id)
        .where(SignedScan.festival_id == festival.id, SignedScan.sheet_id.is_not(None), SignedScanUse.shown)
    )
    signed, given, found = set(db.session.scalars(used)), material(festival), list[KeptSheet]()
    for row in rows:
        replaced = any(
            each.row.kind is row.kind and same_awards(each.row.contests, each.row.whole, row.contests, row.whole)
            for each in found
        )
        now_says = row.drawn
        if not replaced and row.said:  # of erased papers nothing is said any more
            now_says = sheet_digest(given, row.kind, row.contests, row.whole, read_said(row.said))
        found.append(KeptSheet(row, row.id in signed, replaced, now_says != row.drawn))
    return found


def sheet_in(festival_id: int, sheet_id: int) -> AwardSheet:
    """A printed paper of this edition. NotFound for any other."""
    row = db.session.get(AwardSheet, sheet_id)
    if row is None or row.festival_id != festival_id:
        raise NotFound()
    return row


def _next(festival_id: int, kind: SheetKind) -> int:
    own = (AwardSheet.festival_id == festival_id) & (AwardSheet.kind == kind)
    return 1 + (db.session.scalar(select(func.max(AwardSheet.number)).where(own)) or 0)
