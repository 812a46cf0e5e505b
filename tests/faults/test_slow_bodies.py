"""Forty phones send a byte now and then: who else is still answered?

The small form shows what gunicorn does alone (nobody is answered: the negative control) and that the health port answers all the same.
The long form (`make faults`) is Debian's Caddy with the sample of deploy/ before it: everybody is answered.
"""

from __future__ import annotations

import http.client
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from config import Config
from tests.harness.caddy import caddy_before, needs_caddy
from tests.harness.served import free_port, serve
from tests.harness.waiting import PATIENCE_S, wait_until

pytestmark = pytest.mark.either_database

TRICKLING = 40
PROMISED = 10_000


class Trickle:
    """A phone that has promised a long body and sends it a byte at a time."""

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        head = f"POST /api/v1/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {PROMISED}\r\n\r\n"
        self.line.sendall(head.encode() + b"{")

    def more(self) -> None:
        self.line.sendall(b" ")


@contextmanager
def trickling(port: int, count: int) -> Iterator[list[Trickle]]:
    """So many of them at work; each has sent a byte more when this begins."""
    with ExitStack() as open_lines:
        phones = [Trickle(port) for _ in range(count)]
        for phone in phones:
            open_lines.callback(phone.line.close)
        stop = threading.Event()

        def send() -> None:
            while not stop.is_set():
                for phone in phones:
                    with suppress(OSError):
                        phone.more()
                stop.wait(0.2)

        sending = threading.Thread(target=send)
        sending.start()
        try:
            yield phones
        finally:
            stop.set()
            sending.join()


def asked(port: int, path: str, patience_s: float = PATIENCE_S) -> int | None:
    """The status; None when nobody answered in time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience_s)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except TimeoutError:
        return None
    finally:
        connection.close()


def test_alone_the_server_waits_for_slow_phones_and_its_health_port_does_not(
    app: Flask, config: Config, quick_flask: Path
) -> None:
    few = replace(config, workers=1, threads=2, health_port=free_port())
    with serve(few, ready=quick_flask) as served:
        with trickling(served.port, 2 * few.threads):
            # The negative control: a pause long enough for any answer, and none comes.
            wait_until(lambda: asked(served.port, "/healthz", 0.5) is None, "all threads to wait")
            assert asked(served.port, "/healthz", 1.5) is None
            assert [asked(few.health_port, path) for path in ("/healthz", "/readyz")] == [200, 200]
        assert asked(served.port, "/healthz") == 200


@pytest.mark.faults
@needs_caddy
def test_behind_caddy_forty_slow_phones_keep_nobody_waiting(app: Flask, config: Config, tmp_path: Path) -> None:
    # Sixteen threads in one process: between two, the kernel deals forty out as it likes, and one may stay free.
    one = replace(config, trusted_proxies=1, workers=1, threads=16)
    with serve(one) as served, caddy_before([served.port], tmp_path / "caddy") as port:
        quiet = timed(port, 100)
        with trickling(port, TRICKLING) as phones:
            busy = timed(port, 100)
            for phone in phones:
                phone.line.settimeout(0.001)
                with pytest.raises(TimeoutError):
                    phone.line.recv(1)  # none of them has been answered or sent away yet
        # The same forty without Caddy: nobody is answered.
        with trickling(served.port, TRICKLING):
            wait_until(lambda: asked(served.port, "/healthz", 0.5) is None, "all threads to wait")
            assert asked(served.port, "/healthz", 3) is None
    print(
        f"\nforty slow phones behind Caddy, 100 pages: p50 {quiet[0]:.0f} ms without them, {busy[0]:.0f} with; "
        f"longest {quiet[1]:.0f} and {busy[1]:.0f} ms; without Caddy no answer in 3 s"
    )


@pytest.mark.faults
@needs_caddy
def test_what_is_too_large_is_refused_and_what_fits_comes_whole(app: Flask, config: Config, tmp_path: Path) -> None:
    """The buffer must not cut: a request as large as the sample lets through reaches the festival, which refuses it in words."""
    with serve(replace(config, trusted_proxies=1)) as served, caddy_before([served.port], tmp_path / "caddy") as port:
        seen = []
        for size in (15 << 20, 19 << 20, 25 << 20):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
            connection.request("POST", "/api/v1/enrol", b" " * size, {"Content-Type": "application/json"})
            seen.append(connection.getresponse().status)
            connection.close()
    assert seen == [400, 413, 413]


@pytest.mark.faults
@needs_caddy
def test_without_a_server_caddy_says_what_to_do(tmp_path: Path) -> None:
    with caddy_before([free_port()], tmp_path / "caddy") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("POST", "/family", b"name=x")
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert said.startswith("Máy chủ đang được khởi động lại.")


def timed(port: int, pages: int) -> tuple[float, float]:
    """The middle and the longest of so many pages, in ms."""
    took = []
    for _page in range(pages):
        begun = time.monotonic()
        assert asked(port, "/programme") == 200
        took.append((time.monotonic() - begun) * 1000)
    return statistics.median(took), max(took)
