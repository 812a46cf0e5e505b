"""Who answers "is the server alive" while all its threads wait for slow phones? A thread of its own, at a port of its own.

Every process of the server listens there (the kernel picks one for each question), so no thread that takes requests is needed. It
answers two addresses and nothing else, one after the other, and gives nobody longer than a moment to ask.
"""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

ASKED = ("/healthz", "/readyz")
PATIENCE_S = 2.0
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Door(HTTPServer):
    """Listens beside the same door of the other processes."""

    request_queue_size = 64

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Not HTTPServer's, which asks for the machine's name at a server that may not answer.
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def handle_error(self, request: object, client_address: object) -> None:
        """Who left without waiting for the answer is nobody's trouble."""


class _DoorOfSix(_Door):
    """The same at an address of IPv6."""

    address_family = socket.AF_INET6


def open_door(application: Application, host: str, port: int) -> HTTPServer:
    """Answer there from now on, in a thread that ends with the process; `server_close` and `shutdown` end it before."""

    class Answer(BaseHTTPRequestHandler):
        timeout = PATIENCE_S

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path not in ASKED:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            status, body = _asked(application, path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 (named by the library)

        def log_message(self, *_said: object) -> None:
            """Asked every few seconds: not in the log."""

    door = (_DoorOfSix if ":" in host else _Door)((host, port), Answer)
    threading.Thread(target=door.serve_forever, name="health", daemon=True).start()
    return door


def _asked(application: Application, path: str) -> tuple[int, bytes]:
    """The application's own answer, as any request gets it."""
    told: list[str] = []

    def start(status: str, _headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        told.append(status)
        return lambda _piece: None

    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    body = application(environ, start)
    try:
        return int(told[0][:3]) if told else 500, b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
