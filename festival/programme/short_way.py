"""How does a public page that is kept drawn reach a phone without the way of a page?

In the hour of the results nearly everybody asks for the same bytes, or whether they are still so, and Flask's way to them
cost three times what the answer does (docs/performance.md). A page of which nothing but the public state, the address and the
language decides (`Snapshot.page(…, of_view=True)`) is answered here from the second time on, for as long as its state may be
used at all. Whoever brings a session, a query, or asks in another way than browsers do goes the usual way. What stands
around every answer (security headers, counting, the log's line) stands around both ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.http import http_date

from festival.core.metrics.counting import ROUTE
from festival.core.web.compression import best_encoding
from festival.programme.snapshot import Snapshot

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def short_way(kept: Snapshot, pages: WSGIApplication) -> WSGIApplication:
    """The application with this way beside its pages."""

    def way(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        known = None
        if environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING") and "HTTP_IF_MATCH" not in environ:
            known = kept.known(environ["PATH_INFO"], environ.get("HTTP_COOKIE", ""))
        asked = environ.get("HTTP_IF_NONE_MATCH", "")
        if known is None or asked not in ("", known.page.tag):
            return pages(environ, start_response)
        environ[ROUTE] = known.route
        page, date = known.page, ("Date", http_date())
        if asked:
            start_response("304 NOT MODIFIED", [*page.head, date])
            return []
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")) if page.worth_it else ""
        body = page.encoded(encoding)
        own = [("Content-Encoding", encoding)] if encoding else []
        about = [("Content-Type", known.content_type), ("Content-Length", str(len(body)))]
        start_response("200 OK", [*own, *page.head, *about, date])
        return [body]

    return way
