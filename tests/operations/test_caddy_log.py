"""Caddy itself, with the file we ship: do its two logs hold what an address or a head says?"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import ROOT
from tests.harness.served import free_port
from tests.harness.waiting import wait_until
from tests.operations.test_secret_logs import KEY, PERSON, PHONE, found

CADDY = shutil.which("caddy")
pytestmark = pytest.mark.skipif(CADDY is None, reason="Caddy is not installed here: apt-get install caddy")
SHIPPED = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")


@contextmanager
def caddy(folder: Path, written: str) -> Iterator[tuple[int, Path]]:
    """It, on a port of this machine without a certificate, before a program that is not there; and where it writes."""
    assert CADDY is not None
    port, log = free_port(), folder / "answers.log"
    mine = written.replace("ngayhoi.example.vn {", f"http://127.0.0.1:{port} {{", 1)
    mine = mine.replace("/var/log/caddy/festival.log", str(log)).replace("127.0.0.1:5000", f"127.0.0.1:{free_port()}")
    mine = re.sub(r"lb_try_duration \S+", "lb_try_duration 1ms", mine)
    options = mine.index("\n{\n") + 3
    (folder / "Caddyfile").write_text(f"{mine[:options]}\tadmin off\n{mine[options:]}", encoding="utf-8")
    with (folder / "errors.log").open("wb") as errors:
        running = subprocess.Popen(
            [CADDY, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
            stdout=errors, stderr=errors, env={"HOME": str(folder), "PATH": os.environ["PATH"]},
        )  # fmt: skip
    try:
        wait_until(lambda: running.poll() is not None or answers(port, "/"))
        assert running.poll() is None, (folder / "errors.log").read_text()
        yield port, log
    finally:
        running.terminate()
        running.wait(60)


def answers(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": f"family={KEY}", "Referer": f"http://127.0.0.1/g/{KEY}"})
        return connection.getresponse().status
    except ConnectionRefusedError:
        return 0
    finally:
        connection.close()


def test_neither_log_of_caddy_holds_an_address_or_a_head(tmp_path: Path) -> None:
    planted = sorted([KEY, PERSON.split()[1], PHONE])
    unanswered = without_own_errors(SHIPPED)
    for name, written, leaks in (
        ("naive", naive(unanswered), planted),
        ("unanswered", unanswered, []),
        ("shipped", SHIPPED, []),
    ):
        (tmp_path / name).mkdir()
        with caddy(tmp_path / name, written) as (port, log):
            assert answers(port, f"/g/{KEY}?q={PERSON.split()[1]}&phone={PHONE}") in (502, 503)
            assert answers(port, "/metrics") == 404
            wait_until(lambda log=log: '"status":50' in log.read_text(), "the answer is written")
        told, errors = log.read_text(), (tmp_path / name / "errors.log").read_text()
        assert ("http.log.error" in errors) == (name != "shipped")
        assert [sorted(found(planted, each)) for each in (told, errors)] == [leaks] * 2, name
    assert re.search(r'"ts":"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d{4})"', told) and '"remote_ip":"127.0.0.0"' in told


def without_own_errors(written: str) -> str:
    """The same without words of its own for a server that is away: Caddy writes an error for each then."""
    cut, many = re.subn(r"\thandle_errors \{.*?\n\t\}\n", "", written, flags=re.DOTALL)
    assert many == 1
    return cut


def naive(written: str) -> str:
    """The same, as Caddy logs by itself."""
    return written.replace("import quiet", "format json")
