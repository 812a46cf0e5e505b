"""How does a paper that a head of delegation signs take the place of the one before, and give it back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.core.clock import now
from festival.core.database import db
from festival.core.names import name_fault, nfc
from festival.core.text import line
from festival.core.web.errors import BadInput, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.papers.keeping import DrawnPaper, PaperOccasion, PaperSubject, in_force, keep_drawn, printed
from festival.papers.models import PaperKind, PaperState, SignedPaper

REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class DrawnForHead:
    """A paper for the head's pen that is kept nowhere yet."""

    number: str
    at: datetime
    drawing: DrawnPaper


def next_number(delegation_id: int, kind: PaperKind) -> str:
    """Of the delegation's next paper of this kind."""
    made = select(func.count()).where(SignedPaper.delegation_id == delegation_id, SignedPaper.kind == kind)
    return str((db.session.scalar(made) or 0) + 1)


def print_for_head(
    subject: PaperSubject,
    kind: PaperKind,
    paper: DrawnForHead,
    overtaken: str,
    by: int | None,
    names: list[list[Any]] | None = None,
) -> SignedPaper:
    """Keep what was drawn in the place of the one that waited; the same paper without a change. Overtaken, in these words, when
    somebody else printed meanwhile. Who calls holds the delegation's row.
    """
    before = printed(subject)
    if before is not None and before.drawn == paper.drawing.drawn:
        return before
    if subject.delegation_id is None or next_number(subject.delegation_id, kind) != paper.number:
        raise Overtaken(overtaken)
    if before is not None:
        before.state = PaperState.REPLACED
        db.session.flush()
    occasion = PaperOccasion(paper.at, paper.number)
    kept = keep_drawn(subject, kind, PaperState.PRINTED, occasion, paper.drawing, by, names=names)
    if before is not None:
        before.replaced_by = kept.id
    db.session.flush()
    return kept


def paper_of(delegation_id: int, kind: PaperKind, paper_id: int) -> SignedPaper:
    """A paper of this kind of this delegation. NotFound for any other."""
    found = db.session.get(SignedPaper, paper_id, populate_existing=True)
    if found is None or found.delegation_id != delegation_id or found.kind is not kind:
        raise NotFound()
    return found


def papers_of(delegation_id: int, kind: PaperKind, *more: Any) -> Sequence[Any]:
    """The one that waits for the pen, the one in force, and every other that was signed, newest first; without their bytes."""
    shown = SignedPaper.signed_at.is_not(None) | (SignedPaper.state == PaperState.PRINTED)
    columns = (
        SignedPaper.id, SignedPaper.state, SignedPaper.number, SignedPaper.printed_at, SignedPaper.signed_at,
        SignedPaper.signers, SignedPaper.reason, (func.length(SignedPaper.content) == 0).label("erased"),
    )  # fmt: skip
    own = SignedPaper.delegation_id == delegation_id, SignedPaper.kind == kind, shown
    return db.session.execute(select(*columns, *more).where(*own).order_by(SignedPaper.id.desc())).all()


def signer_named(signer: str) -> str:
    """The name of who signed, as it is kept. BadInput for none."""
    fault = name_fault(signer)
    if fault is not None:
        raise BadInput(say(fault), field="signer")
    return nfc(signer)


def sign_by_head(kept: SignedPaper, subject: PaperSubject, signer: str, by: int | None) -> SignedPaper | None:
    """It is in force from now on; answers the one it replaces. Overtaken when it waits for no pen any more."""
    if kept.state is not PaperState.PRINTED:
        raise Overtaken(_("Tờ này không còn chờ ký: đã có tờ mới hơn, hoặc đã được ghi là đã ký."))
    before = in_force(subject)
    if before is not None:
        before.state, before.replaced_by = PaperState.REPLACED, kept.id
        db.session.flush()
    kept.state, kept.signed_at, kept.signed_by = PaperState.SIGNED, now(), by
    kept.signers = [{"seat": "head", "name": signer}]
    db.session.flush()
    return before


def still_in_force(kept: SignedPaper) -> None:
    """Overtaken otherwise."""
    if kept.state is not PaperState.SIGNED:
        raise Overtaken(_("Tờ này không còn hiệu lực: đã có tờ ký sau, hoặc người khác vừa bỏ nó."))


def annul_reason(typed: str) -> str:
    """Why a signed paper is annulled. BadInput for none and for too much."""
    clean = line(typed)
    if not clean:
        raise BadInput(_("Ghi lý do bỏ tờ đã ký."), field="reason")
    if len(clean) > REASON_LENGTH:
        raise BadInput(_("Lý do dài quá %(n)s ký tự.", n=REASON_LENGTH), field="reason")
    return clean


def annul(kept: SignedPaper, reason: str) -> SignedPaper | None:
    """It was marked as signed by mistake; answers the one before it, which is in force again."""
    still_in_force(kept)
    kept.state, kept.reason = PaperState.ANNULLED, reason
    db.session.flush()
    before = db.session.scalars(
        select(SignedPaper).where(
            SignedPaper.replaced_by == kept.id,
            SignedPaper.state == PaperState.REPLACED,
            SignedPaper.signed_at.is_not(None),
        )
    ).one_or_none()
    if before is not None:
        before.state, before.replaced_by = PaperState.SIGNED, None
        db.session.flush()
    return before
