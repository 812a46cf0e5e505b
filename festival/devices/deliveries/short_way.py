"""How does a scan reach its verdict without the way of a page?

What surrounds one scan cost more than the scan: no address is looked up for it here, no session, cookies or language are read.
The policy of the door (`devices.api.sync`: any device, also a revoked one) is kept by taking only devices that it has let in before;
their rows are read again under lock. Whatever is not a plain delivery of scans by such a device, or does not come to its
answer here, goes the usual way, where it is answered or refused in words; a message is decided once, however often it comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Flask, current_app

from festival.core.metrics.counting import ROUTE
from festival.devices.deliveries.answering import answered
from festival.devices.queries import met_device
from festival.devices.wire import read_sync, unpacked

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/api/v1/sync"
KIND = "scan"  # its handler asks nothing of the request, and notes nobody in the security log


def short_way(app: Flask, pages: WSGIApplication) -> WSGIApplication:
    """The application with this way beside its pages."""
    largest: int = app.config["MAX_CONTENT_LENGTH"]

    def way(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST" or not length.isdecimal():
            return pages(environ, start_response)
        if int(length) > largest:
            return pages(environ, start_response)
        raw = environ["wsgi.input"].read(int(length))
        try:
            with app.app_context():
                told = _told(environ, raw)
        except Exception:
            told = None  # it is told, and logged, on the usual way
        if told is None:
            environ["wsgi.input"] = BytesIO(raw)
            return pages(environ, start_response)
        environ[ROUTE] = PATH
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(told)))])
        return [told]

    return way


def _told(environ: WSGIEnvironment, raw: bytes) -> bytes | None:
    current_app.extensions["pass_key_guard"]()
    asking = met_device(environ.get("HTTP_AUTHORIZATION", ""))
    if asking is None:
        return None
    envelope = read_sync(unpacked(raw, environ.get("HTTP_CONTENT_ENCODING", "").lower()))
    if any(not isinstance(each, dict) or each.get("kind") != KIND for each in envelope.mutations):
        return None
    return answered(asking, envelope).model_dump_json().encode()
