"""Does nothing start with a key that would make every printed code dead, and does it say what to do?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from config import ROOT, Config
from festival.core.database import db
from festival.core.pass_key import guard, kept
from festival.core.pass_key.guard import WrongPassKey, settle
from festival.core.pass_key.kept import OLD_KEYS, Codes, fingerprint, shown
from festival.core.transaction import reading, transaction
from festival.factory import create_app
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.links.of_families import family_of_link, link_code
from festival.roster.models import Family
from tests.conftest import PASS_KEY
from tests.harness.postgres import Cluster
from tests.harness.served import environment, free_port

OTHER = bytes(range(32, 64))
WRONG = f"khóa có dấu {shown(fingerprint(PASS_KEY))}; khóa ở đây"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(cluster: Cluster, quick_flask: Path) -> Run:
    """A process of its own with these settings; what it says stands in `stdout`."""

    def start(config: Config, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        path = f"{cluster.binaries}:{os.environ['PATH']}"
        settings = {**environment(config), "FESTIVAL_PORT": str(free_port()), "PATH": path, **more}
        program = [quick_flask / "flask"] if arguments[0] == "flask" else [sys.executable, "-m", arguments[0]]
        return subprocess.run(
            [*program, *arguments[1:]],
            cwd=ROOT, env={k: v for k, v in settings.items() if v}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    return start


STARTS = {
    "serve": ("flask", "--app", "app", "serve", "--no-demo"),
    "worker": ("flask", "--app", "app", "worker"),
    "gunicorn": ("gunicorn", "-c", "deploy/gunicorn.conf.py", "app:app"),
    "upgrade": ("flask", "--app", "app", "db", "upgrade"),
    "codes": ("flask", "--app", "app", "registration", "passes"),
}


@pytest.mark.either_database
@pytest.mark.parametrize("how", STARTS)
def test_nothing_starts_with_another_key(demo_app: Flask, run: Run, how: str) -> None:
    config: Config = demo_app.config["FESTIVAL"]
    done = run(replace(config, pass_key=OTHER), *STARTS[how])
    assert (done.returncode, WRONG in done.stdout) == (1, True), done.stdout
    assert f"vào {config.instance / 'pass.key'} (quyền 600)" in done.stdout
    assert "flask passes rotate-key --lost" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.either_database
def test_a_node_without_the_key_is_told_and_its_new_key_does_not_stay(demo_app: Flask, run: Run) -> None:
    """The second machine of one PostgreSQL, or a new folder on the old database."""
    config: Config = demo_app.config["FESTIVAL"]
    node = replace(config, instance=config.instance.with_name("second"))
    done = run(node, *STARTS["worker"], FESTIVAL_PASS_KEY="")
    assert done.returncode == 1
    assert "vừa được tạo mới vì máy này chưa có khóa" in done.stdout
    assert not (node.instance / "pass.key").exists()
    (node.instance / "pass.key").write_text(PASS_KEY.hex())
    assert run(node, *STARTS["codes"], FESTIVAL_PASS_KEY="").returncode == 0


def test_the_right_key_nearby_is_named(demo_app: Flask) -> None:
    config: Config = demo_app.config["FESTIVAL"]
    aside = config.instance / OLD_KEYS
    aside.mkdir(parents=True)
    (aside / "pass-2024.key").write_text(PASS_KEY.hex())
    with create_app(replace(config, pass_key=OTHER)).app_context(), pytest.raises(WrongPassKey) as refused:
        guard.assure()
    assert f"cp -p {aside / 'pass-2024.key'} {config.instance / 'pass.key'}" in str(refused.value)


def test_a_server_that_was_started_past_the_gate_answers_nobody(demo_app: Flask) -> None:
    config: Config = demo_app.config["FESTIVAL"]
    wrong = create_app(replace(config, pass_key=OTHER))
    assert [wrong.test_client().get(path).status_code for path in ("/", "/register", "/healthz")] == [503, 503, 200]
    assert demo_app.test_client().get("/").status_code == 200


def test_without_the_check_every_printed_code_is_dead(demo_app: Flask) -> None:
    """The naive program: what it prints for a family opens no gate, and its link leads nowhere."""
    config: Config = demo_app.config["FESTIVAL"]

    def alive(app: Flask) -> tuple[int, int]:
        app.extensions["pass_key_guard"] = None
        with app.app_context(), reading():
            issued = db.session.scalars(select(Pass).where(Pass.family_id.is_not(None))).all()
            families = db.session.scalars(select(Family)).all()
            known = {row.list_id for row in issued}
            gates = sum(tokens.new_pass_values(*tokens.owner_of(row), row.issue)["list_id"] in known for row in issued)
            return gates, sum(family_of_link(link_code(family)) is not None for family in families)

    assert alive(demo_app) == (66, 75)
    assert alive(create_app(replace(config, pass_key=OTHER))) == (0, 0)


def test_an_older_database_knows_its_key_by_its_codes(demo_app: Flask) -> None:
    config: Config = demo_app.config["FESTIVAL"]
    with demo_app.app_context():
        with transaction():
            db.session.execute(text("DELETE FROM pass_key"))
        with create_app(replace(config, pass_key=OTHER)).app_context(), pytest.raises(WrongPassKey):
            settle()
        settle()
        with db.engine.connect() as connection:
            assert kept.in_force(connection) == (fingerprint(PASS_KEY), None)


def test_each_kind_of_code_tells_its_key(demo_app: Flask) -> None:
    """The check computes codes as the rooms do that make them."""
    with demo_app.app_context(), reading():
        found = kept.codes(db.session.connection())
        assert len(found.passes) == len(found.links) == kept.SAMPLE
        for one in found.passes:
            assert (Codes([one], ()).made_with(PASS_KEY), Codes([one], ()).made_with(OTHER)) == (
                True,
                False,
            )
        for link in found.links:
            assert (Codes((), [link]).made_with(PASS_KEY), Codes((), [link]).made_with(OTHER)) == (
                True,
                False,
            )


def test_the_fingerprint_is_not_the_key(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert connection.execute(text("SELECT fingerprint, state FROM pass_key")).all() == [
            (fingerprint(PASS_KEY), "current")
        ]
    assert PASS_KEY.hex()[:8] not in fingerprint(PASS_KEY)


def test_a_first_start_keeps_its_key(tmp_path: Path, run: Run) -> None:
    shutil.rmtree(tmp_path / "instance", ignore_errors=True)
    config = Config(
        f"sqlite:///{tmp_path / 'instance' / 'f.sqlite3'}", "only-for-tests-" * 3, PASS_KEY, tmp_path / "instance"
    )
    for _again in range(2):
        done = run(config, "flask", "--app", "app", "db", "upgrade", FESTIVAL_PASS_KEY="", DATABASE_URL="")
        assert done.returncode == 0, done.stdout
    assert len((config.instance / "pass.key").read_text()) == 64
