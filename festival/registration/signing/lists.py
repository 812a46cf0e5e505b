"""How is a list to sign printed, kept when it comes back signed, put right, taken back, and set in force again?

Of a unit one sheet waits and one is in force; whatever is shown again is the kept bytes. Printed again without a change it
is the same sheet. The delegation's row is held by each step, so of two people at once the second sees what the first did.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from festival.core import ledger
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.papers import returned
from festival.papers.by_head import annul_reason
from festival.papers.models import PaperState
from festival.papers.prints import print_kept
from festival.papers.returned import pages_digest
from festival.papers.signing_lists import ListPage, SigningList
from festival.registration.signing.drawing import DrawnList, draw
from festival.registration.signing.listed import drawn_of, kept_families
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
    kept = SigningList(
        festival_id=delegation.festival_id,
        delegation_id=delegation.id,
        unit_id=own.unit.id,
        state=PaperState.PRINTED,
        said=kept_families(drawing.families),
        **print_kept(drawing, by),
    )
    returned.replace_print(own.printed, kept)
    return kept


def sign_list(delegation_id: int, list_id: int, letter: Letter, sent: SentPages, by: int | None) -> None:
    """This sheet came back signed, under this letter; it is in force from now on, the one before is replaced."""
    delegation = _held(delegation_id)
    row = list_in(delegation, list_id)
    _not_another(row, sent)
    replaced = returned.come_back(row, _of_the_same(row), _said(letter), by)
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
    turns = db.session.scalars(select(ListPage.turn).where(ListPage.list_id == row.id).distinct()).all()
    if sent is not None:
        _not_another(row, sent)
        turn = 1 + max(turns, default=0)
        _keep(row, sent, turn, by)
        turns = [*turns, turn]
    returned.put_right(row, turns, _said(letter), turn, by)
    _note(delegation, "signing.corrected", row, {"by": by, "signer": letter.signer})


def take_back_list(delegation_id: int, list_id: int, version: int, reason: str, by: int | None) -> SigningList | None:
    """It was marked as signed by mistake; answers the one before it, which is in force again."""
    clean = annul_reason(reason)
    delegation = _held(delegation_id)
    row = _seen(delegation, list_id, version, PaperState.SIGNED)
    before = returned.take_back(row, clean, by)
    about = {"restores": before.id if before else None}
    _note(delegation, "signing.taken_back", row, {"by": by, "reason": clean}, about)
    return before


def reinstate_list(delegation_id: int, list_id: int, version: int, by: int | None) -> None:
    """It was taken back by mistake: it is in force again, in the place of the one that is now."""
    delegation = _held(delegation_id)
    row = _seen(delegation, list_id, version, PaperState.ANNULLED)
    replaced = returned.reinstate(row, _of_the_same(row), by)
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
    return returned.as_seen(list_in(delegation, list_id), version, state)


def _of_the_same(row: SigningList) -> ColumnElement[bool]:
    return (SigningList.delegation_id == row.delegation_id) & (SigningList.unit_id == row.unit_id)


def _said(letter: Letter) -> tuple[str, date, str]:
    return letter.number, letter.day, letter.signer


def _keep(row: SigningList, sent: SentPages, turn: int, by: int | None) -> None:
    returned.keep_pages(ListPage, {"list_id": row.id}, sent.pages, turn, by)


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
    return returned.next_number(SigningList, own)


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
