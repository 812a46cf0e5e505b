"""Is a backup whole, refused when it is not, and does it come back?"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from urllib.request import urlopen

import pysqlite3
import pytest
from flask import Flask
from sqlalchemy import text

from config import Config
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.disk.alone import IN_USE
from festival.core.transaction import reading, transaction
from festival.operations.backup import back_up, default_target
from festival.operations.copies import BackupError, run_tool
from festival.operations.restore import restore
from tests.harness.postgres import Cluster
from tests.harness.served import serve
from tests.harness.waiting import PATIENCE_S


@pytest.fixture(autouse=True)
def own_tools(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")


def write(app: Flask, number: int) -> None:
    with app.app_context(), transaction():
        ledger.append("decisions:thu", "approved", {"family": number}, {"name": "Danh Chung"})


def written(app: Flask) -> int:
    with app.app_context(), reading():
        return ledger.head("decisions:thu").size


def test_a_backup_comes_back(app: Flask, config: Config, tmp_path: Path) -> None:
    for number in range(3):
        write(app, number)
    with app.app_context():
        done = back_up(config, tmp_path / "copy")
    assert (done.streams, done.lines) == (1, 3)
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    write(app, 3)
    with app.app_context():
        db.session.remove()
        restore(config, tmp_path / "copy")
    assert written(app) == 3
    write(app, 4)
    assert written(app) == 4


def test_what_a_restore_replaces_is_kept_and_comes_back(app: Flask, config: Config, tmp_path: Path) -> None:
    write(app, 0)
    with app.app_context():
        back_up(config, tmp_path / "copy")
    write(app, 1)
    with app.app_context():
        db.session.remove()
        kept = restore(config, tmp_path / "copy").kept
    assert written(app) == 1
    assert kept is not None and kept.stat().st_mode & 0o777 == 0o600
    with app.app_context():
        db.session.remove()
        restore(config, kept)
    assert written(app) == 2


def test_a_backup_taken_under_load_verifies(app: Flask, config: Config, tmp_path: Path) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        number = 0
        while not stop.is_set():
            write(app, number := number + 1)

    write(app, 0)
    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        with app.app_context():
            found = [back_up(config, tmp_path / f"copy-{number}").streams for number in range(3)]
    finally:
        stop.set()
        writer.join()
    assert found == [1, 1, 1]


def test_a_backup_never_overwrites(app: Flask, config: Config, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("old")
    with app.app_context(), pytest.raises(BackupError):
        back_up(config, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "old"
    at = now()
    first = default_target(config, at)
    first.parent.mkdir(parents=True)
    first.touch()
    assert default_target(config, at) != first


def test_a_changed_backup_is_refused_and_the_database_stays(app: Flask, config: Config, tmp_path: Path) -> None:
    write(app, 0)
    with app.app_context():
        back_up(config, tmp_path / "copy")
    if config.is_sqlite:
        connection = pysqlite3.connect(tmp_path / "copy")
        connection.execute("DROP TRIGGER ledger_entry_no_update")
        connection.execute("UPDATE ledger_entry SET kind = 'rejected'")
        connection.commit()
        connection.close()
    else:
        whole = (tmp_path / "copy").read_bytes()
        (tmp_path / "copy").write_bytes(whole[: len(whole) // 2])
    write(app, 1)
    with app.app_context():
        with pytest.raises(BackupError):
            restore(config, tmp_path / "copy")
        db.session.remove()
    assert written(app) == 2


def test_a_changed_ledger_makes_no_backup(app: Flask, config: Config, tmp_path: Path) -> None:
    write(app, 0)
    with app.app_context():
        with db.engine.begin() as connection:
            if config.is_sqlite:
                connection.execute(text("DROP TRIGGER ledger_entry_no_update"))
            else:
                connection.execute(text("DROP TRIGGER ledger_entry_no_change ON ledger_entry"))
            connection.execute(text("UPDATE ledger_entry SET kind = 'rejected'"))
        with pytest.raises(BackupError, match="dòng 1"):
            back_up(config, tmp_path / "copy")
    assert list(tmp_path.glob("copy*")) + list(tmp_path.glob(".copy*")) == []


def test_the_password_of_the_database_is_in_no_list_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "pg_shown"
    tool.write_text('#!/bin/sh\necho "$@"\necho "$PGPASSWORD"\n', "utf-8")
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    said = run_tool("pg_shown", "--quiet", url="postgresql+psycopg://festival:m%40t-kh%2Fau@db.example/festival")
    assert said == "--quiet --dbname=postgresql://festival@db.example/festival\nm@t-kh/au\n"


def test_something_else_is_not_restored(app: Flask, config: Config, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("xin chào")
    with app.app_context():
        for path in (tmp_path / "letter.txt", tmp_path / "nothing"):
            with pytest.raises(BackupError):
                restore(config, path)


def test_a_running_server_keeps_its_database(app: Flask, config: Config, tmp_path: Path, quick_flask: Path) -> None:
    """A server that has the database open would go on writing into the one put aside, and all of that would be lost."""
    write(app, 0)
    with app.app_context():
        back_up(config, tmp_path / "copy")
        db.engine.dispose()
    with serve(config, ready=quick_flask) as served:
        for worker in range(8):  # until each of the two has answered, thus has a connection of its own
            assert urlopen(f"{served.url}/readyz", timeout=PATIENCE_S).status == 200, worker
        before = inode(config)
        with app.app_context(), pytest.raises(BackupError) as refused:
            restore(config, tmp_path / "copy")
        assert str(refused.value) == IN_USE
        assert inode(config) == before
        write(app, 1)
        assert urlopen(f"{served.url}/readyz", timeout=PATIENCE_S).status == 200
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    assert written(app) == 2
    with app.app_context():
        restore(config, tmp_path / "copy")
    assert written(app) == 1


def inode(config: Config) -> int:
    """Which file the embedded database is; 0 on a server."""
    return config.sqlite_path.stat().st_ino if config.is_sqlite else 0
