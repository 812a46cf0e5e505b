"""In which encoding does an answer travel, and what keeps a compressed page from telling its secrets?

Pages that anybody may keep are the same for everybody: they travel as brotli. Other answers may hold a secret (a form's
token, a pass) beside words somebody else has chosen, and their compressed length would tell how alike the two are; they
travel as gzip with a name of random length in its head (docs/decisions/0016-answers-travel-compressed.md).
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from io import BytesIO
from secrets import randbelow

import brotli
from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

SMALLEST = 600
RANDOM_BYTES = 100
LEVEL = 6
QUALITY = 5  # for an answer made once; what is kept or stored is compressed as far as it goes
TYPES = {
    "application/json",
    "application/manifest+json",
    "image/svg+xml",
    "text/calendar",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
}


def wanted_encoding() -> str:
    """`br` or `gzip`, the better one this client reads; "" for none."""
    return best_encoding(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=256)
def best_encoding(offered: str) -> str:
    """The same of an `Accept-Encoding`; a few kinds of browser send all there are."""
    accepted = parse_accept_header(offered, Accept)
    return next((name for name in ("br", "gzip") if accepted[name] > 0), "")


def brotli_of(body: bytes, quality: int = 11) -> bytes:
    """The body as brotli."""
    return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality))


def gzip_of_secret(body: bytes) -> bytes:
    """The body as gzip, longer by a random number of bytes each time."""
    buffer = BytesIO()
    name = "a" * randbelow(RANDOM_BYTES)
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=buffer, mtime=0) as file:
        file.write(body)
    return buffer.getvalue()


def init_compression(app: Flask) -> None:
    """Compress what no room has compressed itself."""

    @app.after_request
    def _compress(answer: Response) -> Response:
        # What answers a form repeats what was typed: it goes plain.
        if (
            request.method not in {"GET", "HEAD"}
            or "Content-Encoding" in answer.headers
            or answer.mimetype not in TYPES
        ):
            return answer
        answer.vary.add("Accept-Encoding")
        if not _worth_it(answer):
            return answer
        wanted = wanted_encoding()
        if wanted == "br" and answer.cache_control.public:
            answer.set_data(brotli_of(answer.get_data(), QUALITY))
        elif request.accept_encodings["gzip"] > 0:
            answer.set_data(gzip_of_secret(answer.get_data()))
            wanted = "gzip"
        else:
            return answer
        answer.headers["Content-Encoding"] = wanted
        tag, weak = answer.get_etag()
        if tag and not weak:
            answer.set_etag(tag, weak=True)  # other bytes of the same page
        return answer


def _worth_it(answer: Response) -> bool:
    if answer.status_code in {204, 206, 304} or answer.direct_passthrough or answer.is_streamed:
        return False
    return len(answer.get_data()) > SMALLEST
