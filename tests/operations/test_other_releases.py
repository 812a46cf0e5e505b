"""Does a copy of an older release come back whole, and is one of a later release refused before anything is touched?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from config import Config
from festival.core import erasure, ledger
from festival.core.database import db
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.factory import create_app
from festival.operations.backup import back_up
from festival.operations.migrations import MIGRATIONS, init_migrations, last_step, up_to_date
from festival.operations.proving.digest import read_digest
from festival.operations.serve import begin, erase_again
from festival.roster.models import Family
from tests.conftest import test_config
from tests.harness.postgres import Cluster
from tests.house import as_stored
from tests.house.test_upgrade_from_0_2_0 import LAST_REVISION, rows_as_they_were


@pytest.fixture(autouse=True)
def own_tools(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's tools of the server's own version."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")


@pytest.fixture
def old_copy(empty_database_url: str, tmp_path: Path) -> Path:
    """A copy of a festival as release 0.2.0 kept it."""
    old = create_app(test_config(tmp_path / "old-instance", empty_database_url))
    init_migrations(old)
    with old.app_context():
        upgrade(revision=LAST_REVISION)
        as_stored.put(db.engine, rows_as_they_were())
        done = back_up(old.config["FESTIVAL"], tmp_path / "old-copy")
        found = read_digest(done.path)
        assert found is not None
        os.truncate(done.path, found.length)  # that release wrote no digest
        db.session.remove()
        db.engine.dispose()
    return done.path


def closed(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def verify(app: Flask) -> None:
    verified = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert verified.exit_code == 0, verified.output


def test_a_copy_of_an_older_release_comes_back_and_is_erased_again(app: Flask, old_copy: Path) -> None:
    code = next(str(row["code"]) for row in rows_as_they_were()["festival"])
    with app.app_context():
        erasure.remember(code, "data")
    closed(app)
    told = app.test_cli_runner().invoke(args=["restore", str(old_copy), "--yes", "--without-digest"])
    assert (told.exit_code, "Bản sao của phiên bản cũ" in told.output) == (0, True), told.output
    init_migrations(app)
    with app.app_context():
        assert not up_to_date()
        assert as_stored.rows(db.engine) == rows_as_they_were()
        upgrade()
        assert up_to_date()
    log = (app.config["FESTIVAL"].instance / "upgrades.jsonl").read_text("utf-8").splitlines()
    noted = json.loads(log[-1])
    assert (len(log), noted["from"], noted["to"], Path(noted["copy"]).is_file()) == (
        1,
        LAST_REVISION,
        last_step(),
        True,
    )
    verify(app)
    with app.app_context():
        erase_again()
    verify(app)
    with app.app_context(), reading():
        phones = select(Family.phone).join(Festival).distinct()
        assert db.session.scalars(phones.where(Festival.code == code)).all() == [""]
        assert "" not in db.session.scalars(phones.where(Festival.code != code)).all()
        noted = db.session.scalars(select(SecurityNote.subject).where(SecurityNote.kind == "erasure")).all()
        assert noted == [{"festival": code, "what": "data"}]


def test_a_copy_of_a_later_release_changes_nothing(app: Flask, config: Config, tmp_path: Path) -> None:
    with app.app_context():
        with transaction():
            ours = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            db.session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        back_up(config, tmp_path / "later")
        with transaction():
            db.session.execute(text("UPDATE alembic_version SET version_num = :ours"), {"ours": ours})
            ledger.append("decisions:thu", "approved", {"family": 1}, {"name": "Danh Chung"})
    closed(app)
    told = app.test_cli_runner().invoke(args=["restore", str(tmp_path / "later"), "--yes"])
    assert told.exit_code == 1
    assert "phiên bản mới hơn" in told.output and "Chưa đổi gì" in told.output, told.output
    with app.app_context(), reading():
        assert up_to_date()
        assert ledger.head("decisions:thu").size == 1
        assert db.session.scalar(select(func.count(Festival.id))) == 0


@pytest.mark.either_database
def test_a_database_of_a_later_release_is_not_served_however_gunicorn_was_started(app: Flask, config: Config) -> None:
    with app.app_context():
        begin(config)  # the control: with its own it begins
        with transaction():
            db.session.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        with pytest.raises(SystemExit, match="phiên bản mới hơn"):
            begin(config)


def test_the_last_step_is_known_by_its_name() -> None:
    assert last_step() == ScriptDirectory(MIGRATIONS).get_current_head()
