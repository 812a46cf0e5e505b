"""What is kept of the signed pages that somebody sends: photos and scans made anew, a digitally signed PDF as it is?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from festival.core.sentence import Sentence
from festival.core.web.errors import BadInput, TooLarge
from festival.core.web.i18n import say
from festival.documents.pdf_looked import PdfKind, looked_into
from festival.documents.pdf_scan import scanned
from festival.documents.photo import NotAPicture, kept_photo
from festival.papers.signing_lists import PageFormat

LARGEST = 12 * 1024 * 1024  # bytes of one file as it is sent
MOST_PAGES = 20
FIELD = "pages"


@dataclass(frozen=True, slots=True)
class SignedPage:
    """A page as it is kept."""

    format: PageFormat
    content: bytes

    @property
    def sha256(self) -> str:
        """Of these bytes."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class SentPages:
    """The pages, and a PDF as it was sent: a printed list of another unit is known by its beginning."""

    pages: tuple[SignedPage, ...]
    pdf: bytes = b""


def sent_pages(files: Sequence[FileStorage], folder: Path) -> SentPages | None:
    """Made outside of any transaction; None when nothing was sent. BadInput, TooLarge with what to do."""
    contents = [content for each in files if (content := each.read(LARGEST + 1))]
    if not contents:
        return None
    if any(len(content) > LARGEST for content in contents):
        raise TooLarge(
            _("Tệp lớn quá %(n)s MB. Chụp hoặc quét lại ở cỡ nhỏ hơn. Chưa có gì được ghi.", n=LARGEST // 1024**2)
        )
    if any(b"%PDF-" in content[:1024] for content in contents):
        if len(contents) > 1:
            raise BadInput(_("Gửi một tệp PDF, hoặc các ảnh của từng trang; không gửi lẫn cả hai."), field=FIELD)
        return _pdf(contents[0], folder)
    if len(contents) > MOST_PAGES:
        raise BadInput(_("Nhiều nhất %(n)s ảnh. Gộp các trang vào một tệp PDF rồi gửi.", n=MOST_PAGES), field=FIELD)
    return SentPages(tuple(SignedPage(PageFormat.JPEG, _photo(content)) for content in contents))


def _pdf(content: bytes, folder: Path) -> SentPages:
    kind = looked_into(content)
    if isinstance(kind, Sentence):
        raise BadInput(say(kind), field=FIELD)
    if kind is PdfKind.SIGNED:
        return SentPages((SignedPage(PageFormat.PDF, content),), content)
    pictures = scanned(content, folder)
    if isinstance(pictures, Sentence):
        raise BadInput(say(pictures), field=FIELD)
    return SentPages(tuple(SignedPage(PageFormat.JPEG, picture) for picture in pictures), content)


def _photo(content: bytes) -> bytes:
    try:
        return kept_photo(content)
    except NotAPicture as broken:
        raise BadInput(
            say(broken.words)
            if broken.words
            else _("Có tệp không phải ảnh đọc được, hoặc gửi thiếu. Chụp lại rồi gửi ảnh JPEG, PNG, hoặc một tệp PDF."),
            field=FIELD,
        ) from broken
