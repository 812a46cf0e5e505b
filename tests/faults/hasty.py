"""What would a server be like that answers before it has committed? The negative control of the kill tests.

It acknowledges every scan at once and applies it a little later, as a server with an asynchronous queue would. The
harness must catch it losing what it has acknowledged; a harness that does not would prove nothing about the real one.
"""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from config import Config
from festival.factory import create_app

LATER_S = 0.5

_real = create_app(Config.from_environment())


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application."""
    if environ["PATH_INFO"] != "/api/v1/sync":
        return _real.wsgi_app(environ, start_response)
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    threading.Thread(target=_apply, args=({**environ, "wsgi.input": io.BytesIO(body)},), daemon=True).start()
    verdicts = [{"mid": mutation["mid"], "verdict": "applied"} for mutation in json.loads(body)["mutations"]]
    answer = json.dumps({"verdicts": verdicts}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]


def _apply(environ: dict[str, Any]) -> None:
    time.sleep(LATER_S)
    list(_real.wsgi_app(environ, lambda _status, _headers, _error=None: lambda _piece: None))
