"""How does a paper become a kept one: printed, signed as printed, corrected by another, shown again byte for byte?

What a paper says is said by the room that knows (`register_drawer`); this room keeps the bytes. Printing stores what is
to be signed. Signing asks once more what it says and compares: when a name or a decision changed since the print, nothing
is signed and somebody prints again. Afterwards the bytes never change; a correction is a further paper that replaces them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import Conflict, NotFound
from festival.papers.ahead import SaidPaper, drawn_ahead
from festival.papers.models import PaperKind, PaperState, SignedPaper

EXTENSION = "paper_drawer"


@dataclass(frozen=True, slots=True)
class PaperSubject:
    """What a paper is about: a contest, a festival's whole delegation, the names of one delegation or what it was handed."""

    festival_id: int
    contest_id: int | None = None
    delegation_id: int | None = None
    receipt: bool = False  # of a delegation: not its names

    def own(self) -> ColumnElement[bool]:
        """Which papers are about it."""
        if self.contest_id is not None:
            return SignedPaper.contest_id == self.contest_id
        if self.delegation_id is not None:
            kind = SignedPaper.kind == PaperKind.RECEIPT if self.receipt else SignedPaper.kind != PaperKind.RECEIPT
            return (SignedPaper.delegation_id == self.delegation_id) & kind
        neither = SignedPaper.contest_id.is_(None) & SignedPaper.delegation_id.is_(None)
        return (SignedPaper.festival_id == self.festival_id) & neither


@dataclass(frozen=True, slots=True)
class NameChange:
    """A name on an award, as signed and as it should be."""

    prize: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StandingChange:
    """Somebody whose place, result or prize an amendment moves, before and after, as people write it."""

    name: str
    before: tuple[str, str, str]  # place, result, prize
    after: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class AmendmentFacts:
    """What an amendment says: which paper it corrects, why, what, and who stands for it."""

    of_number: str
    of_signed_at: datetime
    reason: str
    changes: tuple[NameChange, ...]
    signers: tuple[Mapping[str, str], ...]  # {"seat", "name"}
    entered: tuple[Sentence, ...] = ()  # of standings: each mark, measure, place or prize that was put right
    standings: tuple[StandingChange, ...] | None = None  # None: only names are corrected
    takes_back: str = ""  # the number of the amendment that is taken back
    ground: Sentence | None = None  # on what it stands


@dataclass(frozen=True, slots=True)
class PaperOccasion:
    """When and as what a paper is drawn; equal occasions of equal tables draw equal bytes."""

    at: datetime
    number: str = ""
    stored_later: datetime | None = None
    amendment: AmendmentFacts | None = None


@dataclass(frozen=True, slots=True)
class DrawnPaper:
    """A paper that is kept nowhere yet."""

    content: bytes
    drawn: str
    signers: tuple[Mapping[str, str], ...]
    editable: bytes | None = None  # the same as a document to edit


PaperDrawer = Callable[[PaperSubject, PaperOccasion], SaidPaper]


def register_drawer(app: Flask, draw: PaperDrawer) -> None:
    """Who says what stands on the papers of this house."""
    app.extensions[EXTENSION] = draw


def _said(subject: PaperSubject, occasion: PaperOccasion) -> SaidPaper:
    drawer: PaperDrawer = current_app.extensions[EXTENSION]
    return drawer(subject, occasion)


def print_paper(subject: PaperSubject, number: str, by: int | None) -> SignedPaper:
    """The minutes as they are to be signed. Printed again without a change they are the same paper."""
    before = _one(subject, PaperState.PRINTED)
    if before is not None and before.number == number and _unchanged(subject, before):
        return before
    occasion = PaperOccasion(now(), number)
    if before is not None:
        before.state = PaperState.REPLACED
        db.session.flush()
    paper = _kept(subject, PaperKind.MINUTES, PaperState.PRINTED, occasion, by)
    if before is not None:
        before.replaced_by = paper.id
    db.session.flush()
    return paper


def sign_paper(subject: PaperSubject, number: str, by: int | None, *, printed_first: bool) -> SignedPaper:
    """The printed minutes are the signed ones. `printed_first`: nobody signs what was not printed; else it is drawn now."""
    paper = _one(subject, PaperState.PRINTED)
    if paper is None:
        if printed_first:
            raise Conflict(_("Chưa in biên bản để ký. Bấm «In để ký», ký trên giấy, rồi ghi số biên bản."))
        paper = _kept(subject, PaperKind.MINUTES, PaperState.PRINTED, PaperOccasion(now(), number), by)
    elif paper.number and paper.number != number:
        raise Conflict(
            _("Biên bản đã in mang số %(number)s. Ghi đúng số đó, hoặc in lại với số khác.", number=paper.number)
        )
    elif not is_pdf(paper.content):
        raise Conflict(_("Tờ đã in là của bản chương trình trước. In lại rồi ký tờ mới."))
    elif not _unchanged(subject, paper):
        raise Conflict(
            _("Từ khi in đến nay đã có tên hoặc quyết định thay đổi: tờ đã in không còn đúng. In lại rồi ký tờ mới.")
        )
    paper.state, paper.number, paper.signed_at, paper.signed_by = PaperState.SIGNED, number, now(), by
    db.session.flush()
    return paper


def store_later(subject: PaperSubject, signed_at: datetime, number: str, by: int | None) -> SignedPaper:
    """The paper of minutes that an earlier release let sign without keeping them; it says of itself when it was kept."""
    occasion = PaperOccasion(signed_at, number, stored_later=now())
    paper = _kept(subject, PaperKind.MINUTES, PaperState.SIGNED, occasion, None, signed_at=signed_at, signed_by=by)
    paper.stored_later = occasion.stored_later
    db.session.flush()
    return paper


def replace_paper(
    subject: PaperSubject, number: str, facts: AmendmentFacts, by: int | None, with_user: int | None
) -> SignedPaper:
    """An amendment takes the place of the paper in force, which stays readable."""
    before = in_force(subject)
    if before is None:
        raise NotFound()
    before.state = PaperState.REPLACED
    db.session.flush()
    occasion = PaperOccasion(now(), number, amendment=facts)
    paper = _kept(subject, PaperKind.AMENDMENT, PaperState.SIGNED, occasion, by, signed_at=occasion.at, signed_by=by)
    paper.reason, paper.with_user, before.replaced_by = facts.reason, with_user, paper.id
    db.session.flush()
    return paper


def in_force(subject: PaperSubject) -> SignedPaper | None:
    """The signed paper: the minutes, or the last amendment."""
    return _one(subject, PaperState.SIGNED)


def printed(subject: PaperSubject) -> SignedPaper | None:
    """The paper that waits to be signed."""
    return _one(subject, PaperState.PRINTED)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A kept paper in a list, without its bytes."""

    id: int
    kind: PaperKind
    state: PaperState
    number: str
    drawn: str
    printed_at: datetime
    signed_at: datetime | None
    stored_later: datetime | None
    reason: str
    editable: bool  # there is a document beside it


def papers_of(subject: PaperSubject) -> list[PaperLine]:
    """The paper that waits to be signed, and every one that was signed, oldest first."""
    columns = (
        SignedPaper.id,
        SignedPaper.kind,
        SignedPaper.state,
        SignedPaper.number,
        SignedPaper.drawn,
        SignedPaper.printed_at,
        SignedPaper.signed_at,
        SignedPaper.stored_later,
        SignedPaper.reason,
        (SignedPaper.editable_sha256 != "").label("editable"),
    )
    shown = SignedPaper.signed_at.is_not(None) | (SignedPaper.state == PaperState.PRINTED)
    rows = db.session.execute(select(*columns).where(subject.own(), shown).order_by(SignedPaper.id))
    return [PaperLine(*tuple(row)) for row in rows]


def paper_facts(paper: SignedPaper) -> dict[str, Any]:
    """What the ledger says of a paper, in the part of a line that is never erased: no names."""
    document = {"editable": paper.editable_sha256} if paper.editable_sha256 else {}
    return {
        "paper": paper.id,
        "sha256": paper.sha256,
        "drawn": paper.drawn,
        "static_tree": paper.static_tree,
        **document,
    }


def is_pdf(content: bytes) -> bool:
    """Whether a kept paper is a PDF; earlier releases kept minutes as a page with its style inside."""
    return content.startswith(b"%PDF-")


def _unchanged(subject: PaperSubject, paper: SignedPaper) -> bool:
    """Whether it would say the same if it were printed now; the style may be another."""
    return _said(subject, PaperOccasion(paper.printed_at, paper.number)).drawn == paper.drawn


def _one(subject: PaperSubject, state: PaperState) -> SignedPaper | None:
    return db.session.scalars(
        select(SignedPaper).where(subject.own(), SignedPaper.state == state).execution_options(populate_existing=True)
    ).one_or_none()


def _kept(
    subject: PaperSubject,
    kind: PaperKind,
    state: PaperState,
    occasion: PaperOccasion,
    printed_by: int | None,
    *,
    signed_at: datetime | None = None,
    signed_by: int | None = None,
) -> SignedPaper:
    said = _said(subject, occasion)
    content, editable = drawn_ahead(said)
    drawing = DrawnPaper(content, said.drawn, said.signers, editable)
    return keep_drawn(subject, kind, state, occasion, drawing, printed_by, signed_at=signed_at, signed_by=signed_by)


def keep_drawn(
    subject: PaperSubject,
    kind: PaperKind,
    state: PaperState,
    occasion: PaperOccasion,
    drawing: DrawnPaper,
    printed_by: int | None,
    *,
    signed_at: datetime | None = None,
    signed_by: int | None = None,
    names: list[list[Any]] | None = None,
) -> SignedPaper:
    """The row of a paper that was drawn; `names`: of a sheet of names, which its own room draws."""
    paper = SignedPaper(
        festival_id=subject.festival_id,
        contest_id=subject.contest_id,
        delegation_id=subject.delegation_id,
        names=names or [],
        kind=kind,
        state=state,
        number=occasion.number,
        content=drawing.content,
        editable=drawing.editable,
        editable_sha256=sha256(drawing.editable).hexdigest() if drawing.editable else "",
        sha256=sha256(drawing.content).hexdigest(),
        drawn=drawing.drawn,
        static_tree=current_app.extensions["static_tree"],
        signers=[dict(each) for each in drawing.signers],
        reason="",
        printed_at=occasion.at,
        printed_by=printed_by,
        signed_at=signed_at,
        signed_by=signed_by,
    )
    db.session.add(paper)
    db.session.flush()
    return paper
