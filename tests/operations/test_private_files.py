"""May only the festival's own account open what it keeps, whoever starts it, and do counts name nobody?"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import text

from config import ROOT, Config
from festival.core.database import db
from festival.core.secrets import keyed
from festival.factory import create_app
from tests.harness.served import environment, free_port
from tests.harness.waiting import wait_until

NAME = "Zuzana Kradlovec"
PHONE = "0987654321"

OPEN = 0o000  # nothing is closed by the shell
COMMANDS = (("db", "upgrade"), ("backup",), ("ledger", "head"))


def test_everything_is_closed_whoever_starts_it(quick_flask: Path, tmp_path: Path) -> None:
    """The embedded database, counts, keys, copies, documents: made by commands and a server under an open umask."""
    config = Config(f"sqlite:///{tmp_path / 'home' / 'f.sqlite3'}", "only-for-tests-" * 3, bytes(32), tmp_path / "home")
    own_keys = {"FESTIVAL_PASS_KEY", "FESTIVAL_SECRET_KEY"}
    settings = {name: value for name, value in environment(config).items() if name not in own_keys}
    settings["FESTIVAL_RATE_LIMITS"] = "yes"
    for arguments in COMMANDS:
        command = [quick_flask / "flask", "--app", "app", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=settings, umask=OPEN, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    walked = _served_and_walked(config, settings)
    assert {
        "f.sqlite3",
        "f.sqlite3-wal",
        "f.sqlite3-shm",
        "f.sqlite3.writer",
        "rate.sqlite3",
        "pass.key",
        "secret.key",
    } <= walked
    assert any(name.startswith("festival-") for name in walked), "the backup"


def _served_and_walked(config: Config, settings: dict[str, str]) -> set[str]:
    """The names found while a server runs; every one of them closed."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "serve", "--no-demo"],
        cwd=ROOT, env={**settings, "FESTIVAL_PORT": str(port)}, umask=OPEN, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:

        def answers() -> bool:
            try:
                urlopen(f"http://127.0.0.1:{port}/g/NOBODY", timeout=60)  # counted, so the counts are there too
            except HTTPError as answer:
                return answer.code == 404
            except OSError:
                return False
            return False

        wait_until(answers, "the server")
        wait_until((config.instance / "made").is_dir, "the worker")
        found = list(config.instance.rglob("*"))
        open_ones = {
            str(path): oct(path.stat().st_mode) for path in (config.instance, *found) if path.stat().st_mode & 0o077
        }
        assert open_ones == {}
        return {path.name for path in found}
    finally:
        process.terminate()
        process.wait()


def test_what_an_earlier_start_left_open_is_closed_with_a_note(
    app: Flask, config: Config, quick_flask: Path, tmp_path: Path
) -> None:
    left = config.instance / "backups"
    left.mkdir(parents=True)
    (left / "festival-20240614.sqlite3").write_bytes(b"names")
    config.instance.chmod(0o755)
    left.chmod(0o755)
    (left / "festival-20240614.sqlite3").chmod(0o644)
    (tmp_path / "outside").write_bytes(b"not ours")
    (tmp_path / "outside").chmod(0o644)
    (left / "link").symlink_to(tmp_path / "outside")
    command = [quick_flask / "flask", "--app", "app", "ledger", "head"]
    done = subprocess.run(command, cwd=ROOT, env=environment(config), capture_output=True, text=True)
    assert done.returncode == 0 and "stood open to other accounts" in done.stderr
    modes = [path.stat().st_mode & 0o777 for path in (config.instance, left, left / "festival-20240614.sqlite3")]
    assert modes == [0o700, 0o700, 0o600]
    assert (tmp_path / "outside").stat().st_mode & 0o777 == 0o644


def test_counts_hold_no_address_and_no_phone(app: Flask, config: Config) -> None:
    counting = create_app(replace(config, rate_limits=True))
    client = counting.test_client()
    for _again in range(3):
        client.post("/sign-in", data={"login": NAME, "password": PHONE}, environ_base={"REMOTE_ADDR": "203.0.113.77"})
        client.get("/g/ABCDEFGH", environ_base={"REMOTE_ADDR": "203.0.113.77"})
    with counting.app_context():
        storage = counting.extensions["limiter"]
        assert storage
        mark = keyed("address", "203.0.113.77")
        assert mark == keyed("address", "203.0.113.77") != keyed("phone", "203.0.113.77")
        if config.is_sqlite:
            held = (config.instance / "rate.sqlite3").read_bytes() + (config.instance / "rate.sqlite3-wal").read_bytes()
        else:
            with db.engine.connect() as connection:
                held = repr(connection.execute(text("SELECT key FROM rate_count")).all()).encode()
        db.engine.dispose()
    assert mark.encode() in held
    assert [word for word in ("203.0.113.77", PHONE, NAME) if word.encode() in held] == []
