"""How much goes over the wire? A listener between a phone and the server that passes everything on and counts it."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

REQUEST_LINE = re.compile(rb"^(?:GET|POST|HEAD) (\S+) HTTP/1\.1\r$", re.M)


class Wire:
    """Bytes towards the phone, heads of answers included, and the addresses that were asked for, in order."""

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        self.received = 0
        self.asked: list[str] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

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
            server = socket.create_connection(("127.0.0.1", self.server_port))
            threading.Thread(target=self._carry, args=(phone, server, self._note_request), daemon=True).start()
            threading.Thread(target=self._carry, args=(server, phone, self._note_answer), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, note: object) -> None:
        assert callable(note)
        with suppress(OSError):
            while piece := source.recv(65536):
                note(piece)
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _note_request(self, piece: bytes) -> None:
        # A browser sends the head of a request as one piece.
        with self._lock:
            self.asked += [address.decode() for address in REQUEST_LINE.findall(piece)]

    def _note_answer(self, piece: bytes) -> None:
        with self._lock:
            self.received += len(piece)


@contextmanager
def counted(server_port: int) -> Iterator[Wire]:
    """A wire to the server for as long as the block lasts."""
    wire = Wire(server_port)
    try:
        yield wire
    finally:
        wire.close()
