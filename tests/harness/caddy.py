"""How is a festival served behind Debian's Caddy, as deploy/Caddyfile sets it up? On loopback, without a certificate."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from config import ROOT
from tests.harness.served import free_port
from tests.harness.waiting import wait_until

CADDY = shutil.which("caddy")
needs_caddy = pytest.mark.skipif(CADDY is None, reason="Caddy is not installed here (Debian: apt-get install caddy)")


def as_installed(port: int, servers: Sequence[int], folder: Path) -> str:
    """The sample with this test's addresses in the places where an operator puts the real ones."""
    sample = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    for written, here in (
        ("\n{\n", "\n{\n\tadmin off\n"),
        ("\nngayhoi.example.vn {", f"\nhttp://127.0.0.1:{port} {{"),
        ("reverse_proxy 127.0.0.1:5000 ", f"reverse_proxy {' '.join(f'127.0.0.1:{each}' for each in servers)} "),
        ("/var/log/caddy", str(folder)),
    ):
        assert written in sample, written
        sample = sample.replace(written, here)
    return sample


@contextmanager
def caddy_before(servers: Sequence[int], folder: Path) -> Iterator[int]:
    """The port of a Caddy before these, for as long as the block lasts."""
    assert CADDY is not None
    port = free_port()
    place = folder / "Caddyfile"
    folder.mkdir(parents=True, exist_ok=True)
    place.write_text(as_installed(port, servers, folder), encoding="utf-8")
    with (folder / "caddy.out").open("wb") as said:
        running = subprocess.Popen(
            [CADDY, "run", "--config", str(place), "--adapter", "caddyfile"],
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: running.poll() is not None or _listens(port), "Caddy")
        assert running.poll() is None, (folder / "caddy.out").read_text(encoding="utf-8")
        yield port
    finally:
        running.terminate()
        running.wait()


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
