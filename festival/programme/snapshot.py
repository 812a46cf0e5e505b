"""How do thousands of phones read one page without asking the database thousands of times?

Each process keeps the public state for a moment and the pages drawn from it, as bytes with their ETag and their
brotli and gzip. A new state that equals the old one keeps the pages: an ETag changes only when something public changed.
Nothing personal may be drawn here: a page is the same for everybody who speaks its language.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from time import monotonic

from flask import Flask, Response, current_app, request

from festival.core.web.access import current_actor
from festival.core.web.compression import SMALLEST, brotli_of, wanted_encoding
from festival.core.web.i18n import LANGUAGE_COOKIE, LANGUAGES, chosen_language
from festival.programme.queries import PublicView, public_view

KEPT_S = 2.0
QUALITY = 9  # a page lives for seconds on a busy morning; the last two steps cost more than they save
# What somebody brings who has no session here: nothing, or the language that was chosen.
COOKIES = {"", *(f"{LANGUAGE_COOKIE}={language}" for language in LANGUAGES)}


class KeptPage:
    """A drawn page and its encodings, each made when it is first asked for."""

    def __init__(self, body: bytes, max_age_s: int) -> None:
        self.body = body
        self.tag = f'W/"{sha256(body).hexdigest()[:24]}"'
        self.head = [
            ("ETag", self.tag),
            ("Cache-Control", f"public, max-age={max_age_s}, stale-while-revalidate=45"),
            ("Vary", "Accept-Encoding, Cookie"),
        ]
        self.worth_it = len(body) > SMALLEST
        self._encoded = {"": body}

    def encoded(self, encoding: str) -> bytes:
        """The bytes for `br`, `gzip` or ""."""
        kept = self._encoded.get(encoding)
        if kept is None:
            kept = brotli_of(self.body, QUALITY) if encoding == "br" else gzip.compress(self.body, 6, mtime=0)
            self._encoded[encoding] = kept
        return kept


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page, the route it was answered on, and the kind of its content as it was told."""

    page: KeptPage
    route: str
    content_type: str


@dataclass(frozen=True, slots=True)
class State:
    """A public state and what was drawn from it: a new one begins with nothing, so what is old goes with the old."""

    view: PublicView | None
    pages: dict[tuple[str, str], KeptPage] = field(default_factory=dict)
    known: dict[tuple[str, str], KnownPage] = field(default_factory=dict)  # by address and cookie


class Snapshot:
    """The public state of this process and the pages drawn from it."""

    def __init__(self, kept_s: float) -> None:
        self.kept_s = kept_s
        self._lock = Lock()
        self._taken = -1.0e9
        self._state = State(None)

    def view(self) -> PublicView | None:
        """The state, at most `kept_s` old; while one thread reads it anew the others go on with the last."""
        if self._fresh():
            return self._state.view
        if self._lock.acquire(blocking=self._taken < 0):
            try:
                if not self._fresh():
                    fresh = public_view()
                    if fresh != self._state.view:
                        self._state = State(fresh)
                    self._taken = monotonic()
            finally:
                self._lock.release()
        return self._state.view

    def page(
        self,
        view: PublicView | None,
        name: str,
        draw: Callable[[], str],
        *,
        mimetype: str = "text/html",
        max_age_s: int = 10,
        of_view: bool = False,
    ) -> Response:
        """The page drawn from `view` as an answer with ETag; `name` with the language says which one.

        `of_view`: nothing but the view, the address and the language decides about this answer, not even whether there is one.
        """
        state = self._state
        if state.view is not view:
            state = State(view)  # somebody has read a newer one meanwhile: what is drawn from the older is not kept
        key = (name, chosen_language())
        kept = state.pages.get(key)
        if kept is None:
            kept = state.pages[key] = KeptPage(draw().encode(), max_age_s)
        encoding = wanted_encoding() if kept.worth_it else ""
        own = [("Content-Encoding", encoding)] if encoding else []
        answer = Response(kept.encoded(encoding), headers=[*own, *kept.head], mimetype=mimetype)
        cookie = request.environ.get("HTTP_COOKIE", "")
        if of_view and not request.query_string and cookie in COOKIES and current_actor().kind == "anonymous":
            known = KnownPage(kept, str(request.url_rule), str(answer.content_type))
            state.known.setdefault((request.environ["PATH_INFO"], cookie), known)
        answer.make_conditional(request)
        return answer

    def known(self, path: str, cookie: str) -> KnownPage | None:
        """The page that was answered to this address and cookie, while `view` would still go on with the state it is of."""
        return self._state.known.get((path, cookie)) if self._fresh() or self._lock.locked() else None

    def _fresh(self) -> bool:
        return monotonic() - self._taken < self.kept_s


def snapshot() -> Snapshot:
    """The snapshot of this process."""
    kept: Snapshot = current_app.extensions["public_snapshot"]
    return kept


def init_room(app: Flask) -> None:
    """One snapshot a process; tests read the database every time."""
    app.extensions["public_snapshot"] = Snapshot(0.0 if app.config["TESTING"] else KEPT_S)
