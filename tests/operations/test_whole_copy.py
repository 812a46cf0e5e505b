"""Does one file bring database and keys back on an empty machine, and does a copy without its keys change nothing?"""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from config import ROOT, Config
from festival.core import ledger
from festival.core.database import db
from festival.core.pass_key.kept import OLD_KEYS, fingerprint, shown
from festival.core.transaction import reading, transaction
from festival.factory import create_app
from festival.operations.backup import back_up
from festival.operations.copies import BackupError
from festival.operations.restore import Waived, restore
from festival.operations.sealed import sealing
from festival.operations.sealed.whole_copy import back_up_whole
from tests.conftest import PASS_KEY
from tests.harness import ready_flask
from tests.harness.postgres import Cluster
from tests.harness.served import environment

OTHER = bytes(range(32, 64))
WORDS = "xe lửa, sen hồng, bảy con vịt"


@pytest.fixture(autouse=True)
def own_tools(cluster: Cluster, quick_flask: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server's own version; a derivation that costs nothing."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")
    monkeypatch.setattr(sealing, "N", 2)


def flask(config: Config, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command in its own process; an empty value takes the setting away."""
    settings = {**environment(config), **more}
    return subprocess.run(
        [*ready_flask.flask(), "--app", "app", *arguments],
        cwd=ROOT, env={k: v for k, v in settings.items() if v}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def printed(config: Config, **more: str) -> list[str]:
    done = flask(config, "registration", "passes", **more)
    assert done.returncode == 0, done.stdout
    return [each["qr"] for each in json.loads(done.stdout)]


def test_one_file_brings_everything_back_on_an_empty_machine(demo_app: Flask, second_url: str, tmp_path: Path) -> None:
    config: Config = demo_app.config["FESTIVAL"]
    before = printed(config)
    copy = tmp_path / "festival.sealed"
    done = flask(config, "backup", str(copy), "--sealed", BACKUP_PASSPHRASE=WORDS)
    assert done.returncode == 0, done.stdout
    assert shown(fingerprint(PASS_KEY)) in done.stdout
    assert copy.stat().st_mode & 0o777 == 0o600
    assert b"Danh" not in copy.read_bytes() and PASS_KEY.hex().encode() not in copy.read_bytes()
    empty = replace(config, instance=tmp_path / "machine" / "instance", database_url=second_url)
    no_keys = {"FESTIVAL_PASS_KEY": "", "FESTIVAL_SECRET_KEY": ""}
    words = tmp_path / "words"
    words.write_text(WORDS, encoding="utf-8")
    done = flask(empty, "restore", str(copy), "--yes", "--passphrase-file", str(words), **no_keys)
    assert done.returncode == 0, done.stdout
    assert (empty.instance / "pass.key").read_text() == PASS_KEY.hex()
    assert (empty.instance / "secret.key").read_text() == config.secret_key
    assert flask(empty, "db", "upgrade", **no_keys).returncode == 0
    assert printed(empty, **no_keys) == before
    assert len(before) > 70
    left = [path.name for path in empty.instance.rglob("*") if path.stat().st_mode & 0o077]
    assert left == [] and list(empty.instance.glob(".restoring-*")) == []


@pytest.fixture
def second_url(request: pytest.FixtureRequest, demo_url: str, tmp_path: Path) -> str:
    """Another, empty database of the demo's kind."""
    if demo_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'machine' / 'second.sqlite3'}"
    server: Cluster = request.getfixturevalue("cluster")
    return server.create(f"machine_{os.getpid()}_{tmp_path.name[-20:]}".lower())


def write(app: Flask, number: int) -> None:
    with app.app_context(), transaction():
        ledger.append("decisions:thu", "approved", {"family": number}, {"name": "Danh Chung"})


def written(app: Flask) -> int:
    with app.app_context(), reading():
        return ledger.head("decisions:thu").size


def test_a_copy_without_its_keys_changes_nothing(demo_app: Flask, tmp_path: Path) -> None:
    config: Config = demo_app.config["FESTIVAL"]
    write(demo_app, 0)
    with demo_app.app_context():
        back_up(config, tmp_path / "copy")
        with transaction():
            db.session.execute(text("DELETE FROM pass_key"))
        back_up(config, tmp_path / "older")
        db.session.remove()
    other = replace(config, pass_key=OTHER)
    app = create_app(other)
    write(app, 1)
    for copy, mark in (("copy", f"có dấu {shown(fingerprint(PASS_KEY))}"), ("older", "làm bằng khóa khác")):
        with app.app_context(), pytest.raises(BackupError) as refused:
            restore(other, tmp_path / copy, waived=Waived(digest=copy == "older"))
        assert mark in str(refused.value)
        assert f"vào {config.instance / 'pass.key'} (quyền 600)" in str(refused.value)
        assert written(app) == 2
    with demo_app.app_context():
        db.session.remove()
        db.engine.dispose()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        restore(config, tmp_path / "copy")
    assert written(demo_app) == 1


def test_a_backup_names_what_must_be_kept_with_it(app: Flask, config: Config, tmp_path: Path) -> None:
    done = flask(config, "backup", str(tmp_path / "copy"))
    assert f"giá trị của biến FESTIVAL_PASS_KEY (dấu khóa {shown(fingerprint(PASS_KEY))})" in done.stdout
    (config.instance / "pass.key").write_text(OTHER.hex())
    done = flask(config, "backup", str(tmp_path / "second"), FESTIVAL_PASS_KEY="")
    assert (
        "CHÚ Ý: khóa ở đây" in done.stdout and f"Cần cất kèm khóa có dấu {shown(fingerprint(PASS_KEY))}" in done.stdout
    )
    done = flask(config, "backup", str(tmp_path / "third"), "--sealed", FESTIVAL_PASS_KEY="", BACKUP_PASSPHRASE=WORDS)
    assert (done.returncode, "Sai khóa thẻ" in done.stdout, (tmp_path / "third").exists()) == (1, True, False)


def test_the_key_that_was_there_is_kept_beside(app: Flask, config: Config, tmp_path: Path) -> None:
    write(app, 0)
    with app.app_context():
        back_up_whole(config, tmp_path / "whole", WORDS)
        db.session.remove()
        db.engine.dispose()
    here = replace(config, pass_key=OTHER, pass_key_file=config.instance / "pass.key")
    here.instance.mkdir(exist_ok=True)
    (here.instance / "pass.key").write_text(OTHER.hex())
    with create_app(here).app_context():
        done = restore(here, tmp_path / "whole", WORDS)
        db.session.remove()
        db.engine.dispose()
    assert (here.instance / "pass.key").read_text() == PASS_KEY.hex()
    assert done.key_kept is not None and done.key_kept.parent.name == OLD_KEYS
    assert done.key_kept.read_text() == OTHER.hex()
    given = replace(config, pass_key=OTHER)
    with create_app(given).app_context(), pytest.raises(BackupError, match="Bỏ biến FESTIVAL_PASS_KEY"):
        restore(given, tmp_path / "whole", WORDS)


@pytest.mark.parametrize("change", ["words", "cut", "turned"])
def test_a_file_that_does_not_open_changes_nothing(app: Flask, config: Config, tmp_path: Path, change: str) -> None:
    write(app, 0)
    copy = tmp_path / "whole"
    with app.app_context():
        back_up_whole(config, copy, WORDS)
        with pytest.raises(BackupError, match="đã có"):
            back_up_whole(config, copy, WORDS)
    whole = copy.read_bytes()
    if change == "cut":
        copy.write_bytes(whole[:-1])
    elif change == "turned":
        copy.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    write(app, 1)
    with app.app_context(), pytest.raises(BackupError):
        restore(config, copy, "cụm khác hẳn cụm kia" if change == "words" else WORDS)
    assert written(app) == 2
    assert [path.name for path in config.instance.glob(".*ing-*")] == []
    assert not (config.instance / OLD_KEYS).exists()


def test_a_passphrase_is_asked_hidden_and_twice(config: Config, app: Flask, tmp_path: Path) -> None:
    """At a terminal: what is typed is not shown, a slip in the second typing is asked again, a weak one is refused."""
    if not config.is_sqlite:
        return
    said, code = typed(config, ["backup", str(tmp_path / "whole"), "--sealed"], [WORDS, WORDS + "x", WORDS, WORDS])
    assert code == 0, said
    assert (said.count("Gõ lại cụm mật khẩu"), WORDS in said) == (2, False)
    said, code = typed(config, ["backup", str(tmp_path / "weak"), "--sealed"], ["123456789012"] * 2)
    assert (code, "dễ đoán" in said, (tmp_path / "weak").exists()) == (1, True, False)


def typed(config: Config, arguments: list[str], answers: list[str]) -> tuple[str, int]:
    """What stands on a terminal where `answers` are typed, one at each question."""
    near, far = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", *arguments],
        cwd=ROOT, env=environment(config), stdin=far, stdout=far, stderr=far, start_new_session=True,
        preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0),  # noqa: PLW1509
    )  # fmt: skip
    os.close(far)
    said = b""
    waiting = list(answers)
    asked = 0
    while True:
        try:
            said += os.read(near, 1000)
        except OSError:
            break
        if said.count("mật khẩu: ".encode()) > asked and waiting:
            asked += 1
            os.write(near, waiting.pop(0).encode() + b"\n")
    os.close(near)
    return said.decode(errors="replace"), process.wait()


def test_room_left_by_a_kill_is_cleared(app: Flask, config: Config, tmp_path: Path) -> None:
    left = config.instance / ".sealing-killed"
    left.mkdir(parents=True)
    (left / "database.sqlite3").write_bytes(b"names")
    os.utime(left, (0, 0))
    with app.app_context():
        back_up_whole(config, tmp_path / "whole", WORDS)
    assert not left.exists()
    shutil.rmtree(config.instance)
