"""Does the server start without a connection its forks would share, and stop by one signal?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT, Config
from festival.core.database import db
from tests.harness.postgres import Cluster
from tests.harness.served import environment, free_port, serve
from tests.harness.waiting import PATIENCE_S, wait_until


def test_no_connection_is_open_before_the_fork(app: Flask) -> None:
    with app.app_context():
        assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_serve_starts_web_and_worker_and_stops_both(config: Config, cluster: Cluster) -> None:
    how = signal.SIGINT if config.is_sqlite else signal.SIGTERM
    port = free_port()
    running = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "serve", "--no-demo"],
        cwd=ROOT,
        env={**environment(config), "FESTIVAL_PORT": str(port), "PATH": f"{cluster.binaries}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    assert running.stdout is not None
    for line in running.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    children = _children(running.pid)
    assert len(children) == 2, said
    assert f"http://127.0.0.1:{port}" in said
    assert f"  http://127.0.0.1:{port}/setup/" in said, "nobody looks after this database yet"
    running.send_signal(how)
    assert running.wait(PATIENCE_S) == 0
    running.stdout.close()
    wait_until(lambda: not any(_alive(child) for child in children), "the end of the server's processes")


@pytest.mark.either_database
def test_a_taken_port_is_named(config: Config, app: Flask, quick_flask: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [quick_flask / "flask", "--app", "app", "serve", "--no-demo"],
            cwd=ROOT,
            env={**environment(config), "FESTIVAL_PORT": str(port)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert str(port) in done.stderr


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.either_database
def test_a_demo_is_not_served_to_the_network(demo_app: Flask, quick_flask: Path) -> None:
    config: Config = demo_app.config["FESTIVAL"]
    with serve(config, ready=quick_flask, more={"FESTIVAL_HOST": "127.0.0.1"}) as served:
        assert len(served.workers()) > 0
    with (
        pytest.raises(RuntimeError, match="FESTIVAL_DEMO_ON_ANY_ADDRESS"),
        serve(config, ready=quick_flask, more={"FESTIVAL_HOST": "0.0.0.0"}),
    ):
        pass
