"""How does a kept file reach whoever may see it? Byte for byte, under its digest; never kept on the way."""

from __future__ import annotations

from typing import Protocol

from flask import Response, request
from flask_babel import gettext as _

from festival.core.web.errors import NotFound
from festival.papers.returned import PageFormat

CODE_DIGITS = 16
PDF = "application/pdf"


class PageBack(Protocol):
    """A page that came back."""

    @property
    def format(self) -> PageFormat: ...
    @property
    def content(self) -> bytes: ...
    @property
    def sha256(self) -> str: ...


def kept_file(content: bytes | None, sha256: str, name: str = "", mimetype: str = PDF) -> Response:
    """A PDF or a picture opens, a document is fetched under its name. NotFound once it was erased."""
    if not content:
        raise NotFound(_("Tệp này đã được xóa theo hạn lưu. Mã băm còn giữ: %(code)s.", code=sha256[:CODE_DIGITS]))
    answer = Response(content, mimetype=mimetype)
    opens = mimetype.startswith(("text/", "image/")) or mimetype == PDF
    answer.headers["Content-Disposition"] = ("inline" if opens else "attachment") + (
        f'; filename="{name}"' * bool(name)
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.set_etag(sha256)
    answer.make_conditional(request)
    return answer


def kept_page(page: PageBack, name: str) -> Response:
    """A page of what came back signed. Somebody else's PDF is never opened on our pages."""
    if page.format is PageFormat.JPEG:
        return kept_file(page.content, page.sha256, mimetype="image/jpeg")
    answer = kept_file(page.content, page.sha256, name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"  # wherever it is opened all the same
    return answer
