"""Is a disk that fills while a copy is made, sent, tried or put back told in a sentence, with nothing half-made left behind?

A disk of a few hundred kilobytes is mounted where nobody else sees it (a namespace of its own); the commands run there in one process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT, Config
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.operations.backup import back_up
from tests.harness.postgres import Cluster
from tests.harness.served import environment

SIZE = "200k"
APART = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
ON_IT = f'mount -t tmpfs -o size={SIZE} none "$0" && exec "$@"'
WORK = """
import json, os, sys
from config import Config
from festival.core.database import db
from festival.factory import create_app
from festival.operations.sealed import sealing
sealing.N = 2
small, told = sys.argv[1], []
for arguments, settings in json.loads(sys.argv[2]):
    application = create_app(Config.from_environment({**os.environ, **settings}))
    done = application.test_cli_runner().invoke(args=arguments)
    told.append([done.exit_code, done.output, sorted(os.listdir(small))])
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
print(json.dumps(told))
"""


def can_mount(folder: Path) -> bool:
    """Whether this account may have a disk of its own."""
    try:
        return subprocess.run([*APART, "sh", "-c", ON_IT, folder, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def on_a_small_disk(
    config: Config, small: Path, *commands: tuple[list[str], dict[str, str]]
) -> list[tuple[int, str, list[str]]]:
    """Exit code, what was said, what lies on the disk afterwards, of each."""
    done = subprocess.run(
        [*APART, "sh", "-c", ON_IT, small, sys.executable, "-c", WORK, small, json.dumps(commands)],
        cwd=ROOT, env=environment(config), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [(code, said, left) for code, said, left in json.loads(done.stdout)]


def test_a_full_disk_is_told_and_leaves_nothing(
    app: Flask, config: Config, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")
    small = tmp_path / "small"
    small.mkdir()
    if not can_mount(small):
        pytest.skip("needs leave to mount a disk of its own (unshare)")
    with app.app_context():
        with transaction():
            for number in range(200):
                ledger.append("decisions:thu", "approved", {"family": number}, {"noise": os.urandom(800).hex()})
        back_up(config, tmp_path / "copy")
        db.session.remove()
        db.engine.dispose()
    (tmp_path / "words").write_text("xe lửa, sen hồng, bảy con vịt", "utf-8")
    sealing = ["--sealed", "--passphrase-file", str(tmp_path / "words")]
    commands: list[tuple[list[str], dict[str, str]]] = [
        (["backup", str(small / "copy")], {}),
        (["backup", str(small / "whole"), *sealing], {}),
        (["copies", "send", *sealing[1:]], {"FESTIVAL_AWAY": str(small)}),
        (["drill", str(tmp_path / "copy")], {"FESTIVAL_INSTANCE": str(small)}),
    ]
    if config.is_sqlite:
        lone = replace(config, database_url=f"sqlite:///{small / 'festival.sqlite3'}")
        commands.append((["restore", str(tmp_path / "copy"), "--yes"], {"DATABASE_URL": lone.database_url}))
    else:  # pg_dump says it; the rest is the same
        del commands[1:]
    for code, said, left in on_a_small_disk(config, small, *commands):
        assert (code, "đã đầy" in said, "Traceback" in said) == (1, True, False), said
        assert {name for name in left if not name.startswith((".writer", ".drill.lock"))} <= {"drill"}, left
    with app.app_context(), reading():
        assert ledger.head("decisions:thu").size == 200
    db_left = [path.name for path in config.instance.rglob("*") if ".sealing-" in path.name or ".sending-" in path.name]
    assert db_left == []
