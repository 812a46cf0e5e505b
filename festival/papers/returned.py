"""How does a sheet that was printed come back signed, is put right, taken back, and set in force again?

A list of families that a unit signs and the minutes of a draw go the same way: what was printed is kept byte for byte, the
signed pages come back as turns, each of which can be shown again. Who calls holds the subject's row meanwhile and writes the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.clock import now
from festival.core.database import db
from festival.core.types import EnumText
from festival.core.web.errors import NotFound, Overtaken
from festival.papers.models import PaperState
from festival.papers.prints import KeptPrint, digest_there


class PageFormat(StrEnum):
    """What came back: a picture made anew of what was sent, or a digitally signed PDF as it was sent."""

    JPEG = "jpeg"
    PDF = "pdf"


class ReturnedSheet(KeptPrint):
    """Columns of a sheet that is printed to be signed and comes back. `turn` counts the sendings of the signed pages and says
    which of them is shown; 0 while none came.
    """

    id: Mapped[int]
    replaced_by: Mapped[int | None]

    number: Mapped[int]  # of the sheet, within its subject
    state: Mapped[PaperState] = mapped_column(EnumText(PaperState))
    signed_at: Mapped[datetime | None]  # when it was noted that it came back
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    letter_number: Mapped[str] = mapped_column(default="")
    letter_day: Mapped[date | None]
    signer: Mapped[str] = mapped_column(default="")
    turn: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)  # of what is said of the signed sheet
    reason: Mapped[str] = mapped_column(default="")  # why it was taken back
    changed_at: Mapped[datetime | None]  # corrected, taken back or in force again, the last time
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class ReturnedPage:
    """Columns of a page that came back; each sending is a turn of its own, so that an earlier one can be shown again."""

    id: Mapped[int]

    turn: Mapped[int]
    page: Mapped[int]
    format: Mapped[PageFormat] = mapped_column(EnumText(PageFormat))
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    put_at: Mapped[datetime]
    put_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


Sheet = TypeVar("Sheet", bound=ReturnedSheet)
SIGNED_CHECK = (
    "state <> 'signed' OR (signed_at IS NOT NULL AND turn > 0 AND letter_number <> '' AND letter_day IS NOT NULL)"
)


def come_back(row: Sheet, own: ColumnElement[bool], letter: tuple[str, date, str], by: int | None) -> int | None:
    """It came back signed under this letter (number, day, signer); answers which sheet of `own` it replaces. Its pages are turn 1."""
    if row.state not in (PaperState.PRINTED, PaperState.REPLACED) or row.signed_at is not None:
        raise Overtaken(_("Tờ này đã được ghi là đã ký, hoặc đã bỏ. Mở lại trang để xem."))
    replaced = _replace_before(row, own)
    row.signed_at, row.signed_by, row.turn = now(), by, 1
    row.letter_number, row.letter_day, row.signer = letter
    db.session.flush()
    return replaced


def put_right(
    row: Sheet, turns: Sequence[int], letter: tuple[str, date, str], turn: int | None, by: int | None
) -> None:
    """What was typed of the letter is put right; the pages of `turn` are shown. `turns`: those there are."""
    row.letter_number, row.letter_day, row.signer = letter
    if turn is not None and turn != row.turn:
        if turn not in turns:
            raise NotFound()
        row.turn = turn
    row.version, row.changed_at, row.changed_by = row.version + 1, now(), by
    db.session.flush()


def take_back(row: Sheet, reason: str, by: int | None) -> Sheet | None:
    """It was marked as signed by mistake; answers the one before it, which is in force again."""
    sheet = type(row)
    row.state, row.reason = PaperState.ANNULLED, reason
    row.version, row.changed_at, row.changed_by = row.version + 1, now(), by
    db.session.flush()
    before: Sheet | None = db.session.scalar(
        select(sheet)
        .where(sheet.replaced_by == row.id, sheet.state == PaperState.REPLACED, sheet.signed_at.is_not(None))
        .order_by(sheet.id.desc())
        .limit(1)
    )
    if before is not None:
        before.state, before.replaced_by = PaperState.SIGNED, None
        db.session.flush()
    return before


def reinstate(row: Sheet, own: ColumnElement[bool], by: int | None) -> int | None:
    """It was taken back by mistake: it is in force again; answers which sheet of `own` it replaces."""
    replaced = _replace_before(row, own)
    row.state = PaperState.SIGNED
    row.version, row.changed_at, row.changed_by = row.version + 1, now(), by
    db.session.flush()
    return replaced


def as_seen(row: Sheet, version: int, state: PaperState) -> Sheet:
    """Overtaken when somebody changed or dropped it meanwhile."""
    if row.version != version or row.state is not state:
        raise Overtaken(_("Người khác vừa sửa hoặc bỏ tờ này. Mở lại trang để xem bản mới; chưa có gì bị ghi đè."))
    return row


def replace_print(before: Sheet | None, row: Sheet) -> None:
    """A sheet printed anew takes the place of the one that waited."""
    if before is not None:
        before.state = PaperState.REPLACED
        db.session.flush()
    db.session.add(row)
    db.session.flush()
    if before is not None:
        before.replaced_by = row.id
        db.session.flush()


class SentPage(Protocol):
    """A page as it is kept."""

    @property
    def format(self) -> PageFormat: ...
    @property
    def content(self) -> bytes: ...
    @property
    def sha256(self) -> str: ...


def keep_pages(
    page: Callable[..., ReturnedPage], of: Mapping[str, int], sent: Iterable[SentPage], turn: int, by: int | None
) -> None:
    """The pages of one sending; `of`: the column and key of their sheet."""
    at = now()
    db.session.add_all(
        page(
            **of,
            turn=turn,
            page=place,
            format=each.format,
            content=each.content,
            sha256=each.sha256,
            put_at=at,
            put_by=by,
        )
        for place, each in enumerate(sent, start=1)
    )
    db.session.flush()


def next_number(sheet: type[ReturnedSheet], own: ColumnElement[bool]) -> int:
    """The number of the next sheet of this subject."""
    return 1 + (db.session.scalar(select(func.max(sheet.number)).where(own)) or 0)


def pages_digest(pages: Iterable[tuple[int, str]]) -> str:
    """Of the pages of one sending, each with its digest."""
    return sha256("".join(f"{page}:{digest}\n" for page, digest in pages).encode("ascii")).hexdigest()


def sheet_columns(sheet: type[ReturnedSheet]) -> tuple[Any, ...]:
    """What `sheet_read` reads of a row."""
    return sheet.state, sheet.content, sheet.sha256, sheet.turn, sheet.letter_number, sheet.letter_day, sheet.signer


def sheet_read(row: Any) -> dict[str, Any]:
    """A sheet that was signed as the ledger says it, with the digest of the bytes there are; of erased bytes that which stays."""
    return {
        "state": row.state.value,
        "sha256": digest_there(row.content, row.sha256),
        "turn": row.turn,
        "letter_number": row.letter_number,
        "letter_day": row.letter_day.isoformat() if row.letter_day else "",
        "signer": row.signer,
    }


def pages_read(rows: Iterable[Any]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The digest of the pages of each sending. A row: the key of the sending, then page, content and digest, in their order."""
    found: dict[tuple[Any, ...], list[tuple[int, str]]] = defaultdict(list)
    for *key, page, content, kept in rows:
        found[tuple(key)].append((page, digest_there(content, kept)))
    for sending, pages in found.items():
        yield sending, {"pages": pages_digest(pages)}


def _replace_before(row: ReturnedSheet, own: ColumnElement[bool]) -> int | None:
    sheet = type(row)
    before = db.session.scalars(select(sheet).where(own, sheet.state == PaperState.SIGNED)).one_or_none()
    if before is None:
        return None
    before.state, before.replaced_by = PaperState.REPLACED, row.id
    db.session.flush()
    return before.id
