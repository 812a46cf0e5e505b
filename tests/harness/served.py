"""How is a test's or benchmark's festival served as in real life? gunicorn in its own processes on a free port."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config import ROOT, Config
from tests.harness.ready_flask import start_ready
from tests.harness.waiting import PATIENCE_S


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its address and the pid of gunicorn's master."""

    port: int
    pid: int
    log: Path

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The pids of the worker processes now."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(child) for child in children.split()]


def environment(config: Config) -> dict[str, str]:
    """The settings as a fresh process reads them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FESTIVAL_", "DATABASE_URL"))}
    return {
        **kept,
        "DATABASE_URL": config.database_url,
        "FESTIVAL_SECRET_KEY": config.secret_key,
        "FESTIVAL_PASS_KEY": config.pass_key.hex(),
        "FESTIVAL_INSTANCE": str(config.instance),
        "FESTIVAL_HEALTH_PORT": str(config.health_port),
        **({"FESTIVAL_SHARED": str(config.shared_folder)} if config.shared_folder else {}),
        "FESTIVAL_RATE_LIMITS": "yes" if config.rate_limits else "no",
        "FESTIVAL_TRUSTED_PROXIES": str(config.trusted_proxies),
        "FESTIVAL_WORKERS": str(config.workers),
        "FESTIVAL_THREADS": str(config.threads),
        "FESTIVAL_SMTP_HOST": config.smtp_host,
        "FESTIVAL_SMTP_PORT": str(config.smtp_port),
        "FESTIVAL_PORT": str(config.port),
        "FESTIVAL_METRICS_TOKEN": config.metrics_token,
        "PYTHONUNBUFFERED": "1",
    }


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(
    config: Config,
    *,
    port: int | None = None,
    application: str = "app:app",
    root: Path = ROOT,
    ready: Path | None = None,
    more: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """gunicorn as `make run` starts it, for as long as the block lasts; `root` may be a copy that is another release.

    `ready` is the folder of a process that has imported the program (`quick_flask`); `more`: further settings.
    """
    chosen = port or free_port()
    config.instance.mkdir(parents=True, exist_ok=True)
    log = config.instance / "gunicorn.log"
    command = ["gunicorn", "-c", str(root / "deploy" / "gunicorn.conf.py"), application]
    settings = {**environment(config), "FESTIVAL_PORT": str(chosen), **(more or {})}
    with log.open("ab") as output:
        process: _Process
        if ready is not None and root == ROOT:
            process = start_ready(ready, command, settings, output.fileno(), root)
        else:
            process = _Fresh(
                subprocess.Popen(
                    [sys.executable, "-m", *command],
                    cwd=root,
                    env=settings,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )
    served = Served(chosen, process.pid, log)
    try:
        _wait_until_answers(process, served)
        yield served
    finally:
        for sent in (signal.SIGTERM, signal.SIGKILL):
            if not process.ended(0):
                os.kill(process.pid, sent)
            if process.ended(15):
                break


class _Process(Protocol):
    @property
    def pid(self) -> int: ...

    def ended(self, within_s: float) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A process that imports the program itself."""

    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def ended(self, within_s: float) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(within_s)
        return self.process.poll() is not None


def _wait_until_answers(process: _Process, served: Served) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if process.ended(0):
            break
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(f"the server did not start:\n{served.log.read_text(encoding='utf-8', errors='replace')}")
