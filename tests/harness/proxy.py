"""What does a bad network do between a phone and the server? A small TCP proxy that does it on purpose.

It sits on loopback between client and server. For every request it asks `fate` what shall happen: the answer is
delivered, or cut off *after* the server has given it (so the change is committed and the phone does not know), or the
request is cut off half-way, or the answer comes late.
"""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum

from tests.harness.waiting import PATIENCE_S

LATE_S = 0.2


class Fate(Enum):
    """What becomes of one request."""

    DELIVERED = "delivered"
    ANSWER_LOST = "answer lost"
    REQUEST_CUT = "request cut"
    LATE = "late"


class FaultProxy:
    """Listens on `port`; one request per connection goes through (clients are told to close)."""

    def __init__(self, server_port: int, fate: Callable[[], Fate]) -> None:
        self.server_port = server_port
        self.fate = fate
        self.happened: Counter[Fate] = Counter()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def server(self) -> socket.socket:
        """A connection to the server for one request."""
        return socket.create_connection(("127.0.0.1", self.server_port), timeout=PATIENCE_S)

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                phone, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        with phone, suppress(OSError):
            phone.settimeout(PATIENCE_S)
            asked = read_message(phone)
            if not asked:
                return
            with self._lock:
                fate = self.fate()
                self.happened[fate] += 1
            with self.server() as server:
                if fate is Fate.REQUEST_CUT:
                    server.sendall(asked[: len(asked) // 2])
                    return
                server.sendall(asked)
                answer = read_message(server)
            if fate is Fate.ANSWER_LOST:
                return
            if fate is Fate.LATE:
                time.sleep(LATE_S)
            phone.sendall(answer)


class Balancer(FaultProxy):
    """Before several servers: each request goes to the next one that can be reached; of one that dies with it nothing comes back."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._turns = itertools.count()
        self._ports = ports
        super().__init__(ports[0], lambda: Fate.DELIVERED)

    def server(self) -> socket.socket:
        """Of the next in turn; of another while that one refuses."""
        first = next(self._turns)
        for step in range(len(self._ports)):
            with suppress(OSError):
                port = self._ports[(first + step) % len(self._ports)]
                return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        raise ConnectionRefusedError("no server is there")


def read_message(stream: socket.socket) -> bytes:
    """One whole HTTP message with a Content-Length (or none), b"" when the other side closed."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = stream.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = (int(lengths[0]) if lengths else 0) - len(body)
    while missing > 0:
        piece = stream.recv(65536)
        if not piece:
            return b""
        received += piece
        missing -= len(piece)
    return received


@contextmanager
def faulty_network(server_port: int, fate: Callable[[], Fate]) -> Iterator[FaultProxy]:
    """A proxy before the server for as long as the block lasts."""
    proxy = FaultProxy(server_port, fate)
    try:
        yield proxy
    finally:
        proxy.close()
