"""Who is on the pages while the server changes? Phones with a page of before, people who open pages, and one that asks all the time.

Each asks again when no answer came, as Caddy and phones do; an answer that is not 200, or a file that is not byte for byte
what its address names, is kept as wrong.
"""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import brotli

from tests.harness.waiting import PATIENCE_S

LINKED = re.compile(r'/static/[0-9a-f]{16}/[^"\s]+')
PAUSE_S = 0.1  # they read what they see
PAGES = ("/", "/sign-in", "/programme")


@dataclass
class Guests:
    """`files` is what each static address must hold; it grows with each release that is installed."""

    port: int
    files: dict[str, bytes] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    answers: int = 0
    asked_again: int = 0
    longest_gap_s: float = 0.0
    seen: set[str] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)

    def know(self, digest: str, files: Mapping[str, bytes]) -> None:
        """The files of one more release."""
        self.files |= {f"/static/{digest}/{name}": content for name, content in files.items()}

    def ask(self, connection: http.client.HTTPConnection, path: str) -> bytes:
        """The answer, however often it takes."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                connection.request("GET", path, headers={"Accept-Encoding": "br"})
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                self.asked_again += 1
                time.sleep(0.05)
                continue
            self.answers += 1
            if answer.status != 200:
                self.wrong.append(f"{path}: {answer.status}")
            return brotli.decompress(body) if answer.headers["Content-Encoding"] == "br" else body
        self.wrong.append(f"{path}: no answer in {PATIENCE_S} s")
        return b""

    def read(self, connection: http.client.HTTPConnection, address: str) -> None:
        """A file, held against what its address names."""
        self.seen.add(address.split("/")[2])
        if self.ask(connection, address) != self.files.get(address):
            self.wrong.append(f"{address}: other bytes")

    def look_around(self) -> None:
        """Open pages and what they link to; one kept page of the beginning asks for its files again and again."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        kept: list[str] = []
        while not self.stop.is_set():
            for page in PAGES:
                linked = sorted(set(LINKED.findall(self.ask(connection, page).decode())))
                kept = kept or linked
                for address in [*linked, kept[0], kept[-1]]:
                    self.read(connection, address)
                    time.sleep(PAUSE_S)
        connection.close()

    def ask_all_the_time(self) -> None:
        """On a connection of its own each time, as after a page was opened anew."""
        last = time.monotonic()
        while not self.stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
            self.ask(connection, "/healthz")
            connection.close()
            self.longest_gap_s = max(self.longest_gap_s, time.monotonic() - last)
            last = time.monotonic()
            time.sleep(PAUSE_S)

    @contextmanager
    def here(self, readers: int) -> Iterator[None]:
        """They come, and go when the block ends."""
        threads = [threading.Thread(target=self.look_around) for _reader in range(readers)]
        threads.append(threading.Thread(target=self.ask_all_the_time))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()
