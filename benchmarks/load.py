"""How fast does a server on this machine answer a given list of requests?

One thread, one event loop over keep-alive connections, so that the client costs as little as it can beside the server
it measures. Each connection sends its own requests in order, the next one when the last was answered. Only loopback:
a load test is no visitor.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Check = Callable[[int, bytes], bool]

ARRIVAL_S = 0.02


@dataclass(slots=True)
class Outcome:
    """What came back: seconds of each answer, requests that failed, the whole time."""

    latencies_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    elapsed_s: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers that passed the check, a second."""
        return (len(self.latencies_s) - len(self.errors)) / self.elapsed_s if self.elapsed_s else 0.0

    def percentile_ms(self, percent: float) -> float:
        """Nearest-rank percentile in milliseconds."""
        ordered = sorted(self.latencies_s)
        if not ordered:
            return 0.0
        rank = max(1, -(-len(ordered) * percent // 100))
        return ordered[int(rank) - 1] * 1000


class _Line:
    """One connection with its requests."""

    def __init__(self, port: int, requests: Sequence[bytes]) -> None:
        self.port = port
        self.requests = iter(requests)
        self.socket = self._open()
        self.received = bytearray()
        self.sent_at = 0.0
        self.head_end = -1
        self.length = 0

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def send_next(self) -> bool:
        """Send the next request; False when there is none."""
        request = next(self.requests, None)
        if request is None:
            return False
        self.received.clear()
        self.head_end = -1
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def answer(self) -> tuple[int, bytes, bool] | None:
        """Status, body and whether the connection stays, once the answer is whole."""
        if self.head_end < 0:
            self.head_end = self.received.find(b"\r\n\r\n")
            if self.head_end < 0:
                return None
            head = bytes(self.received[: self.head_end]).lower()
            at = head.find(b"content-length:")
            if at < 0 and self.received[9:12] != b"304":  # which has no body
                raise ValueError("an answer without a length")
            self.length = 0 if at < 0 else int(head[at + 15 :].split(b"\r\n", 1)[0])
        if len(self.received) < self.head_end + 4 + self.length:
            return None
        status = int(self.received[9:12])
        stays = b"connection: close" not in bytes(self.received[: self.head_end]).lower()
        return status, bytes(self.received[self.head_end + 4 :]), stays

    def reopen(self) -> None:
        """A server may close a connection after an answer; that is no error."""
        self.socket.close()
        self.socket = self._open()


def _arrived(port: int, lines: Sequence[Sequence[bytes]]) -> list[_Line]:
    """The connections, opened one after another: a burst would all be taken by whichever worker wakes first."""
    opened = []
    for requests in lines:
        opened.append(_Line(port, requests))
        time.sleep(ARRIVAL_S)
    return opened


def run(port: int, lines: Sequence[Sequence[bytes]], check: Check) -> Outcome:
    """Send every line's requests over a connection of its own, all lines side by side."""
    outcome = Outcome()
    chosen = selectors.DefaultSelector()
    open_lines = _arrived(port, lines)
    began = time.perf_counter()
    waiting = 0
    for line in open_lines:
        if line.send_next():
            chosen.register(line.socket, selectors.EVENT_READ, line)
            waiting += 1
    while waiting:
        events = chosen.select(timeout=60)
        if not events:
            outcome.errors.append("no answer within a minute")
            break
        for key, _mask in events:
            line: _Line = key.data
            piece = line.socket.recv(262_144)
            if not piece:
                outcome.errors.append("connection closed before the answer")
                chosen.unregister(line.socket)
                waiting -= 1
                continue
            line.received += piece
            got = line.answer()
            if got is None:
                continue
            outcome.latencies_s.append(time.perf_counter() - line.sent_at)
            status, body, stays = got
            if not check(status, body):
                outcome.errors.append(f"{status} {body[:200]!r}")
            if not stays:
                chosen.unregister(line.socket)
                line.reopen()
                chosen.register(line.socket, selectors.EVENT_READ, line)
            if not line.send_next():
                chosen.unregister(line.socket)
                waiting -= 1
    outcome.elapsed_s = time.perf_counter() - began
    for line in open_lines:
        line.socket.close()
    chosen.close()
    return outcome


def request(method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """The bytes of a request."""
    given = {"Host": "127.0.0.1", **(headers or {})}
    if body or method == "POST":
        given["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def spread(items: Sequence[bytes], connections: int) -> list[list[bytes]]:
    """The requests dealt out to so many connections."""
    return [list(items[start::connections]) for start in range(connections)]
