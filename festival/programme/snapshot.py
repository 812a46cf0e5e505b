"""How do thousands of phones read one page without asking the database thousands of times?

Each process keeps the public state for a moment and the pages drawn from it, as bytes with their ETag and their
brotli and gzip. A new state that equals the old one keeps the pages: an ETag changes only when something public changed.
Nothing personal may be drawn here: a page is the same for everybody who speaks its language.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from time import monotonic

from flask import Flask, Response, current_app, request

from festival.core.web.compression import SMALLEST, brotli_of, wanted_encoding
from festival.core.web.i18n import chosen_language
from festival.programme.queries import PublicView, public_view

KEPT_S = 2.0
QUALITY = 9  # a page lives for seconds on a busy morning; the last two steps cost more than they save


class KeptPage:
    """A drawn page and its encodings, each made when it is first asked for."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.tag = sha256(body).hexdigest()[:24]
        self._encoded = {"": body}

    def encoded(self, encoding: str) -> bytes:
        """The bytes for `br`, `gzip` or ""."""
        kept = self._encoded.get(encoding)
        if kept is None:
            kept = brotli_of(self.body, QUALITY) if encoding == "br" else gzip.compress(self.body, 6, mtime=0)
            self._encoded[encoding] = kept
        return kept


class Snapshot:
    """The public state of this process and the pages drawn from it."""

    def __init__(self, kept_s: float) -> None:
        self.kept_s = kept_s
        self._lock = Lock()
        self._taken = -1.0e9
        self._view: PublicView | None = None
        self._pages: dict[tuple[str, str], KeptPage] = {}

    def view(self) -> PublicView | None:
        """The state, at most `kept_s` old; while one thread reads it anew the others go on with the last."""
        if monotonic() - self._taken < self.kept_s:
            return self._view
        if self._lock.acquire(blocking=self._taken < 0):
            try:
                if monotonic() - self._taken >= self.kept_s:
                    fresh = public_view()
                    if fresh != self._view:
                        self._view, self._pages = fresh, {}
                    self._taken = monotonic()
            finally:
                self._lock.release()
        return self._view

    def page(self, name: str, draw: Callable[[], str], *, mimetype: str = "text/html", max_age_s: int = 10) -> Response:
        """The drawn page as an answer with ETag; `name` with the language says which one."""
        pages = self._pages  # a new state brings a new dict: a page drawn from the old one goes with it
        key = (name, chosen_language())
        kept = pages.get(key)
        if kept is None:
            kept = pages[key] = KeptPage(draw().encode())
        encoding = wanted_encoding() if len(kept.body) > SMALLEST else ""
        answer = Response(kept.encoded(encoding), mimetype=mimetype)
        if encoding:
            answer.headers["Content-Encoding"] = encoding
        answer.set_etag(kept.tag, weak=True)
        answer.headers["Cache-Control"] = f"public, max-age={max_age_s}, stale-while-revalidate=45"
        answer.headers["Vary"] = "Accept-Encoding, Cookie"
        answer.make_conditional(request)
        return answer


def snapshot() -> Snapshot:
    """The snapshot of this process."""
    kept: Snapshot = current_app.extensions["public_snapshot"]
    return kept


def init_room(app: Flask) -> None:
    """One snapshot a process; tests read the database every time."""
    app.extensions["public_snapshot"] = Snapshot(0.0 if app.config["TESTING"] else KEPT_S)
