"""How does a paper that a head of delegation signs take the place of the one before, and give it back?"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.core.names import name_fault, nfc
from festival.core.text import line
from festival.core.web.errors import BadInput, Overtaken
from festival.core.web.i18n import say
from festival.papers.keeping import PaperSubject, in_force
from festival.papers.models import PaperState, SignedPaper

REASON_LENGTH = 500


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
