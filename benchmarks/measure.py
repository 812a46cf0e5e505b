"""Under what conditions was a figure measured, and what does its line say?

Every benchmark prints one JSON line, so that two sittings can be laid side by side. CPU is that of the server's
processes only (client and database aside), read from /proc.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pysqlite3
from flask import Flask

from benchmarks.load import Check, Outcome, run
from config import ROOT, Config
from festival.core.database import db
from festival.factory import create_app
from tests.harness.finished import finished_schema
from tests.harness.postgres import Cluster, start_cluster
from tests.harness.served import Served, environment, serve

SEED = 20240614
CONNECTIONS = 16
WARM_UP = 10
DATABASES = ("sqlite", "postgresql")


class Bench:
    """A folder, and a PostgreSQL server when one is needed, for one sitting."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cluster: Cluster | None = None
        self._numbers = iter(range(10**6))

    def cluster(self) -> Cluster:
        """PostgreSQL with fsync on, as shipped."""
        if self._cluster is None:
            self._cluster = start_cluster(self.folder / "postgresql", durable=True)
        return self._cluster

    def close(self) -> None:
        """Stop it."""
        if self._cluster is not None:
            self._cluster.stop()

    def festival(self, database: str) -> tuple[Flask, Config]:
        """A fresh finished database of this kind, and the application on it."""
        number = next(self._numbers)
        instance = self.folder / f"instance-{number}"
        instance.mkdir()
        url = f"sqlite:///{instance}/festival.sqlite3" if database == "sqlite" else self.cluster().create(f"b{number}")
        config = Config(
            database_url=url,
            secret_key="only-for-benchmarks-" * 2,
            pass_key=bytes(range(32)),
            instance=instance,
            rate_limits=False,
        )
        app = create_app(config)
        with app.app_context():
            finished_schema()
        return app, config


@contextmanager
def sitting() -> Iterator[Bench]:
    """A bench that cleans up after itself."""
    with tempfile.TemporaryDirectory(prefix="festival-bench-") as name:
        # The account that runs PostgreSQL must be able to pass.
        Path(name).chmod(0o711)
        bench = Bench(Path(name))
        try:
            yield bench
        finally:
            bench.close()


@contextmanager
def served(app: Flask, config: Config, *, rate_limits: bool = False) -> Iterator[Served]:
    """The festival as `make run` serves it: gunicorn with 2 workers of 8 threads, and the worker beside them.

    The measuring process holds no connection to its database.
    """
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    settings = replace(config, rate_limits=rate_limits)
    with serve(settings) as running:
        worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "worker"], cwd=ROOT, env=environment(settings)
        )
        try:
            yield running
        finally:
            worker.terminate()
            worker.wait(30)


def cpu_s(pids: list[int]) -> float:
    """User and system seconds the processes have used so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def load(running: Served, lines: list[list[bytes]], check: Check) -> tuple[Outcome, float]:
    """The outcome and the workers' CPU seconds, after a warm-up: the first requests of every line, checked and not timed.

    A fresh worker compiles each statement once (about 90 ms for the first sixteen requests); a server that has been up
    since the morning has done so.
    """
    first = [max(1, min(WARM_UP, len(line) // 10)) for line in lines]
    warm = run(running.port, [line[:n] for n, line in zip(first, lines, strict=True)], check)
    workers = running.workers()
    before = cpu_s(workers)
    outcome = run(running.port, [line[n:] for n, line in zip(first, lines, strict=True)], check)
    outcome.errors += warm.errors
    return outcome, cpu_s(workers) - before


def report(
    what: str, database: str, outcome: Outcome, *, per_request: int = 1, cpu: float | None = None, **more: object
) -> None:
    """Print the line; `per_request` is how many things (scans) one request carries."""
    n = len(outcome.latencies_s)
    line = {
        "what": what,
        "database": database,
        "workers": more.pop("workers", 2),
        "n": n * per_request,
        "per_second": round(outcome.per_second * per_request, 1),
        "p50": round(outcome.percentile_ms(50), 2),
        "p95": round(outcome.percentile_ms(95), 2),
        "p99": round(outcome.percentile_ms(99), 2),
        "cpu_ms_per_request": None if cpu is None or not n else round(cpu * 1000 / n, 3),
        "errors": len(outcome.errors),
        **more,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "seed": SEED,
        "cores": os.cpu_count(),
        "engine": engine_version(database),
        "python": platform.python_version(),
        "commit": commit(),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)
    if outcome.errors:
        raise SystemExit(f"{what}: {outcome.errors[:3]}")


_versions: dict[str, str] = {"sqlite": f"SQLite {pysqlite3.sqlite_version}"}


def remember_version(url: str) -> None:
    """Ask PostgreSQL once for its version."""
    with psycopg.connect(url) as connection:
        _versions["postgresql"] = f"PostgreSQL {connection.info.server_version // 10000}"


def engine_version(database: str) -> str:
    """Name and version of the database engine; '' where none takes part."""
    return _versions.get(database, "")


def commit() -> str:
    """The short id of the measured commit, with + when files differ from it."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
