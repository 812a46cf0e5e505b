"""How is a list to sign printed, kept when it comes back signed, put right, taken back, and set in force again?

Of a unit one sheet waits and one is in force; whatever is shown again is the kept bytes. Printed again without a change it
is the same sheet. The delegation's row is held by each step, so of two people at once the second sees what the first did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.core import ledger
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.papers.by_head import annul_reason
from festival.papers.models import PaperState
from festival.papers.signing_lists import ListPage, SigningList
from festival.registration.signing.drawing import DrawnList, draw
from festival.registration.signing.listed import drawn_of, kept_families, pages_digest
from festival.registration.signing.scans import FIELD, SentPages
from festival.registration.signing.typed import Letter
from festival.registration.signing.units import signings
from festival.roster.models import Delegation
from festival.roster.rules import Rules
from festival.roster.steps import stream


def draw_list(delegation: Delegation, key: str, rules: Rules) -> DrawnList:
    """The list of a unit as it would be printed now. Drawing takes its time: before the transaction that keeps it."""
    (signing,) = signings([delegation])
    own = signing.of(key)
    if not own.families:
        raise Conflict(_("Danh sách chưa có gia đình nào. Thêm gia đình, hoặc xếp gia đình vào xã, phường trước."))
    return draw(delegation, own.unit, own.families, rules, _next_number(delegation.id, own.unit.id), now())


def print_list(delegation_id: int, key: str, drawing: DrawnList, by: int | None) -> SigningList:
    """Keep what was drawn; printed again without a change it is the same sheet. Overtaken when a family changed meanwhile."""
    delegation = _held(delegation_id)
    (signing,) = signings([delegation])
    own = signing.of(key)
    if drawn_of(own.unit.key, own.families) != drawing.drawn:
        raise Overtaken(_("Có gia đình vừa được sửa trong lúc in. Bấm in lần nữa để tờ giấy đúng bản mới."))
    for same in (own.printed, own.signed):
        if same is not None and same.drawn == drawing.drawn:
            return same
    if _next_number(delegation.id, own.unit.id) != drawing.number:
        raise Overtaken(_("Người khác vừa in danh sách này. Mở lại trang để xem tờ mới nhất."))
    if own.printed is not None:
        own.printed.state = PaperState.REPLACED
        db.session.flush()
    kept = SigningList(
        festival_id=delegation.festival_id,
        delegation_id=delegation.id,
        unit_id=own.unit.id,
        number=drawing.number,
        state=PaperState.PRINTED,
        content=drawing.pdf,
        sha256=sha256(drawing.pdf).hexdigest(),
        editable=drawing.docx,
        editable_sha256=sha256(drawing.docx).hexdigest(),
        drawn=drawing.drawn,
        static_tree=current_app.extensions["static_tree"],
        said=kept_families(drawing.families),
        printed_at=drawing.at,
        printed_by=by,
    )
    db.session.add(kept)
    db.session.flush()
    if own.printed is not None:
        own.printed.replaced_by = kept.id
        db.session.flush()
    return kept


def sign_list(delegation_id: int, list_id: int, letter: Letter, sent: SentPages, by: int | None) -> None:
    """This sheet came back signed, under this letter; it is in force from now on, the one before is replaced."""
    delegation = _held(delegation_id)
    row = list_in(delegation, list_id)
    if row.state not in (PaperState.PRINTED, PaperState.REPLACED) or row.signed_at is not None:
        raise Overtaken(_("Tờ này đã được ghi là đã ký, hoặc đã bỏ. Mở lại trang để xem."))
    _not_another(row, sent)
    replaced = _replace_before(row)
    row.signed_at, row.signed_by, row.turn = now(), by, 1
    _write(row, letter)
    _keep(row, sent, 1, by)
    row.state = PaperState.SIGNED
    db.session.flush()
    _note(delegation, "signing.signed", row, {"by": by, "signer": letter.signer}, {"replaces": replaced})


def correct_list(
    delegation_id: int,
    list_id: int,
    version: int,
    letter: Letter,
    sent: SentPages | None,
    by: int | None,
    turn: int | None = None,
) -> None:
    """What was typed of the letter is put right; other pages take the place of those shown, or earlier ones (`turn`) come back."""
    delegation = _held(delegation_id)
    row = _seen(delegation, list_id, version, PaperState.SIGNED)
    _write(row, letter)
    if sent is not None:
        _not_another(row, sent)
        row.turn = 1 + (db.session.scalar(select(func.max(ListPage.turn)).where(ListPage.list_id == row.id)) or 0)
        _keep(row, sent, row.turn, by)
    elif turn is not None and turn != row.turn:
        if (
            db.session.scalar(select(ListPage.id).where(ListPage.list_id == row.id, ListPage.turn == turn).limit(1))
            is None
        ):
            raise NotFound()
        row.turn = turn
    _changed(row, by)
    db.session.flush()
    _note(delegation, "signing.corrected", row, {"by": by, "signer": letter.signer})


def take_back_list(delegation_id: int, list_id: int, version: int, reason: str, by: int | None) -> SigningList | None:
    """It was marked as signed by mistake; answers the one before it, which is in force again."""
    clean = annul_reason(reason)
    delegation = _held(delegation_id)
    row = _seen(delegation, list_id, version, PaperState.SIGNED)
    row.state, row.reason = PaperState.ANNULLED, clean
    _changed(row, by)
    db.session.flush()
    before = db.session.scalar(
        select(SigningList)
        .where(
            SigningList.replaced_by == row.id,
            SigningList.state == PaperState.REPLACED,
            SigningList.signed_at.is_not(None),
        )
        .order_by(SigningList.id.desc())
        .limit(1)
    )
    if before is not None:
        before.state, before.replaced_by = PaperState.SIGNED, None
        db.session.flush()
    about = {"restores": before.id if before else None}
    _note(delegation, "signing.taken_back", row, {"by": by, "reason": clean}, about)
    return before


def reinstate_list(delegation_id: int, list_id: int, version: int, by: int | None) -> None:
    """It was taken back by mistake: it is in force again, in the place of the one that is now."""
    delegation = _held(delegation_id)
    row = _seen(delegation, list_id, version, PaperState.ANNULLED)
    replaced = _replace_before(row)
    row.state = PaperState.SIGNED
    _changed(row, by)
    db.session.flush()
    _note(delegation, "signing.reinstated", row, {"by": by}, {"replaces": replaced})


def list_in(delegation: Delegation, list_id: int) -> SigningList:
    """A kept list of this delegation. NotFound for any other."""
    row = db.session.get(SigningList, list_id, populate_existing=True)
    if row is None or row.delegation_id != delegation.id:
        raise NotFound()
    return row


def _held(delegation_id: int) -> Delegation:
    db.session.execute(select(Delegation.id).where(Delegation.id == delegation_id).with_for_update())
    return db.session.get_one(Delegation, delegation_id, populate_existing=True)


def _seen(delegation: Delegation, list_id: int, version: int, state: PaperState) -> SigningList:
    row = list_in(delegation, list_id)
    if row.version != version or row.state is not state:
        raise Overtaken(_("Người khác vừa sửa hoặc bỏ tờ này. Mở lại trang để xem bản mới; chưa có gì bị ghi đè."))
    return row


def _replace_before(row: SigningList) -> int | None:
    before = db.session.scalars(
        select(SigningList).where(
            SigningList.delegation_id == row.delegation_id,
            SigningList.unit_id == row.unit_id,
            SigningList.state == PaperState.SIGNED,
        )
    ).one_or_none()
    if before is None:
        return None
    before.state, before.replaced_by = PaperState.REPLACED, row.id
    db.session.flush()
    return before.id


def _changed(row: SigningList, by: int | None) -> None:
    row.version, row.changed_at, row.changed_by = row.version + 1, now(), by


def _write(row: SigningList, letter: Letter) -> None:
    row.letter_number, row.letter_day, row.signer = letter.number, letter.day, letter.signer


def _keep(row: SigningList, sent: SentPages, turn: int, by: int | None) -> None:
    at = now()
    db.session.add_all(
        ListPage(
            list_id=row.id,
            turn=turn,
            page=place,
            format=page.format,
            content=page.content,
            sha256=page.sha256,
            put_at=at,
            put_by=by,
        )
        for place, page in enumerate(sent.pages, start=1)
    )
    db.session.flush()


def _not_another(row: SigningList, sent: SentPages) -> None:
    """A page that stands with another unit's list, or a printed list of another one: chosen by mistake. BadInput."""
    other = db.session.scalar(
        select(ListPage.id)
        .join(SigningList, SigningList.id == ListPage.list_id)
        .where(
            ListPage.sha256.in_({page.sha256 for page in sent.pages}),
            SigningList.festival_id == row.festival_id,
            (SigningList.delegation_id != row.delegation_id) | (SigningList.unit_id != row.unit_id),
        )
        .limit(1)
    )
    if other is not None:
        raise BadInput(_("Có trang đã gửi cho danh sách của đơn vị khác. Chọn đúng tệp của đơn vị này."), field=FIELD)
    if not sent.pdf:
        return
    printed = db.session.execute(
        select(SigningList.id, SigningList.sha256, func.length(SigningList.content).label("size")).where(
            SigningList.festival_id == row.festival_id
        )
    ).all()
    begins = {size: sha256(sent.pdf[:size]).hexdigest() for size in {each.size for each in printed} if size}
    for each in printed:
        if begins.get(each.size) != each.sha256:
            continue
        if each.size == len(sent.pdf):
            raise BadInput(_("Đây là tờ vừa in, chưa có chữ ký. Gửi bản đã ký."), field=FIELD)
        if each.id != row.id:
            raise BadInput(_("Tệp này là bản ký số của một danh sách khác. Chọn đúng tệp của tờ này."), field=FIELD)


def _next_number(delegation_id: int, unit_id: int) -> int:
    own = (SigningList.delegation_id == delegation_id) & (SigningList.unit_id == unit_id)
    return 1 + (db.session.scalar(select(func.max(SigningList.number)).where(own)) or 0)


def _pages(row: SigningList) -> str:
    """The digest of the pages that are shown of it."""
    shown = select(ListPage.page, ListPage.sha256).where(ListPage.list_id == row.id, ListPage.turn == row.turn)
    return pages_digest((row.page, row.sha256) for row in db.session.execute(shown.order_by(ListPage.page)))


def _note(
    delegation: Delegation,
    kind: str,
    row: SigningList,
    payload: Mapping[str, Any],
    about: Mapping[str, Any] | None = None,
) -> None:
    subject = {
        "delegation": delegation.code,
        "list": row.id,
        "sha256": row.sha256,
        "pages": _pages(row),
        "turn": row.turn,
        "number": row.letter_number,
        "day": row.letter_day.isoformat() if row.letter_day else "",
        **(about or {}),
    }
    ledger.append(stream(delegation.festival), kind, subject, payload)


def printed_on(row: SigningList) -> date:
    """The day on which the sheet was printed, here."""
    return local(row.printed_at).date()
