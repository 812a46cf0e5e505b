"""What is the most this machine could do, in the same sitting? Figures without this line beside them say little."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pysqlite3

from benchmarks.load import Outcome, request
from benchmarks.measure import CONNECTIONS, Bench, load, report
from tests.harness.served import Served, free_port

EMPTY = """def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


def bare_transactions(bench: Bench, database: str, n: int = 3000) -> None:
    """One insert and one update a transaction, durable, without any of our code: one writer on SQLite, 8 on PostgreSQL."""
    outcome = _sqlite(bench.folder, n) if database == "sqlite" else _postgresql(bench, n)
    report("limit: bare insert + update transaction", database, outcome, workers=1 if database == "sqlite" else 8)


def _sqlite(folder: Path, n: int) -> Outcome:
    path = folder / "bare.sqlite3"
    connection = pysqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"):
        connection.execute(statement)
    connection.execute("CREATE TABLE scan (id INTEGER PRIMARY KEY, at INTEGER) STRICT")
    connection.execute("CREATE TABLE head (id INTEGER PRIMARY KEY, size INTEGER) STRICT")
    connection.execute("INSERT INTO head VALUES (1, 0)")
    outcome = Outcome()
    began = time.perf_counter()
    for number in range(n):
        at = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO scan (at) VALUES (?)", (number,))
        connection.execute("UPDATE head SET size = size + 1 WHERE id = 1")
        connection.execute("COMMIT")
        outcome.latencies_s.append(time.perf_counter() - at)
    outcome.elapsed_s = time.perf_counter() - began
    connection.close()
    path.unlink()
    return outcome


def _postgresql(bench: Bench, n: int, writers: int = 8) -> Outcome:
    url = bench.cluster().create("bare")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE scan (id BIGSERIAL PRIMARY KEY, at BIGINT)")
        connection.execute("CREATE TABLE head (id BIGINT PRIMARY KEY, size BIGINT)")
        for writer in range(writers):
            connection.execute("INSERT INTO head VALUES (%s, 0)", (writer,))
    outcome = Outcome()

    def write(writer: int) -> None:
        with psycopg.connect(url) as connection:
            for number in range(n // writers):
                at = time.perf_counter()
                connection.execute("INSERT INTO scan (at) VALUES (%s)", (number,))
                connection.execute("UPDATE head SET size = size + 1 WHERE id = %s", (writer,))
                connection.commit()
                outcome.latencies_s.append(time.perf_counter() - at)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.elapsed_s = time.perf_counter() - began
    return outcome


def empty_application(bench: Bench) -> None:
    """The load client against gunicorn with an application that does nothing."""
    with empty_served(bench) as running:
        outcome, _cpu = of_empty(running, 16_000)
    report("limit: gunicorn with an empty application", "", outcome, connections=CONNECTIONS)


def of_empty(running: Served, n: int) -> tuple[Outcome, float]:
    """What came of it and the processor's seconds, for whoever lays another figure beside it."""
    return load(
        running, [[request("GET", "/")] * (n // CONNECTIONS)] * CONNECTIONS, lambda status, _body: status == 200
    )


@contextmanager
def empty_served(bench: Bench) -> Iterator[Served]:
    """It, for as long as the block lasts."""
    (bench.folder / "empty.py").write_text(EMPTY, encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "-k", "gthread", "--threads", "4", "--keep-alive", "75"]
    command += ["-b", f"127.0.0.1:{port}", "--log-level", "error", "empty:app"]
    server = subprocess.Popen(command, cwd=bench.folder)
    running = Served(port, server.pid, bench.folder)
    try:
        for _ in range(100):
            if len(running.workers()) == 2:
                break
            time.sleep(0.1)
        else:
            raise SystemExit("gunicorn did not start")
        yield running
    finally:
        server.terminate()
        server.wait(20)
