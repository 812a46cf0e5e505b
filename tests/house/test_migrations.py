"""Do the migrations make the tables the models speak of, and does going down and up again lose or change nothing?

SQLite alters a table by copying it; a careless copy empties child tables by cascade and drops triggers without a word.
So every row of every table, every trigger, index and constraint is compared before and after, on both databases.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, Table, inspect, select, text
from sqlalchemy.exc import DBAPIError

from config import ROOT, Config
from festival.core.database import Base, db
from festival.core.migrations import init_migrations
from festival.core.schema import create_schema
from festival.factory import create_app
from tests.harness.postgres import Cluster


@pytest.fixture
def app(app: Flask) -> Flask:
    init_migrations(app)
    return app


@pytest.fixture
def demo_app(demo_app: Flask) -> Flask:
    init_migrations(demo_app)
    return demo_app


def shape(engine: Engine) -> dict[str, Any]:
    """Tables with their columns, keys, checks and indexes, and the triggers, as the database itself tells them."""
    looked = inspect(engine)
    tables = {}
    for name in sorted(set(looked.get_table_names()) - {"alembic_version", "rate_count"}):
        tables[name] = {
            "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in looked.get_columns(name)},
            "key": looked.get_pk_constraint(name)["constrained_columns"],
            "foreign": sorted(
                (k["constrained_columns"], k["referred_table"], str(k["options"]))
                for k in looked.get_foreign_keys(name)
            ),
            "unique": sorted(sorted(u["column_names"]) for u in looked.get_unique_constraints(name)),
            "checks": sorted(str(c["name"]) for c in looked.get_check_constraints(name)),
            "indexes": sorted((str(i["name"]), i["unique"], str(i["column_names"])) for i in looked.get_indexes(name)),
        }
    return {"tables": tables, "triggers": triggers(engine)}


def triggers(engine: Engine) -> list[str]:
    """Names of all triggers of ours."""
    query = {
        "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return sorted(connection.execute(text(query)).scalars())


def rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored, table by table."""

    def content(table: Table) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)

    return {table.name: content(table) for table in Base.metadata.sorted_tables}


def revisions() -> list[str]:
    """All revisions, oldest first."""
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def test_migrations_make_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
    strange = [change for change in found if "rate_count" not in repr(change) and "alembic_version" not in repr(change)]
    assert strange == []


@pytest.fixture(params=["sqlite", "postgresql"])
def unmigrated(request: pytest.FixtureRequest, config_of: Any) -> Flask:
    return create_app(config_of(request.param))


@pytest.fixture
def config_of(tmp_path: Any, request: pytest.FixtureRequest) -> Any:
    def make(kind: str) -> Config:
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path}/empty.sqlite3"
        else:
            server: Cluster = request.getfixturevalue("cluster")
            url = server.create(f"empty_{abs(hash(str(tmp_path)))}")
        return Config(url, "only-for-tests-" * 3, bytes(32), instance=tmp_path / "instance", testing=True)

    return make


def test_the_same_tables_as_made_at_once(app: Flask, unmigrated: Flask) -> None:
    with app.app_context():
        migrated, kind = shape(db.engine), db.engine.dialect.name
    with unmigrated.app_context():
        if db.engine.dialect.name == kind:
            create_schema()
            assert migrated == shape(db.engine)
        db.engine.dispose()


def test_up_down_and_up_again_on_an_empty_database(app: Flask) -> None:
    with app.app_context():
        before = shape(db.engine)
        db.engine.dispose()
        downgrade(revision="base")
        assert shape(db.engine)["tables"] == {}
        assert shape(db.engine)["triggers"] == []
        db.engine.dispose()
        upgrade()
        assert shape(db.engine) == before


COPIES_PARENTS = """
from alembic import op

revision = "copies_parents"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade():
    copy = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    for parent in ("festival", "family", "person", "ledger_entry"):
        with op.batch_alter_table(parent, recreate=copy):
            pass


downgrade = upgrade
"""


@pytest.fixture
def later_release(tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> str:
    """The migrations of a later release: one more, which copies parent tables as SQLite's ALTERs do."""
    # An upgrade makes a backup first, with the pg_dump of the server's own version.
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "versions" / "9999_copies_parents.py"
    path.write_text(COPIES_PARENTS.format(head=revisions()[-1]), encoding="utf-8")
    return str(folder)


def test_data_children_and_triggers_survive_a_later_release(demo_app: Flask, later_release: str) -> None:
    with demo_app.app_context():
        before, kept = shape(db.engine), rows(db.engine)
        assert sum(map(len, kept.values())) > 1000
        for step in (upgrade, downgrade, upgrade):
            db.engine.dispose()
            step(directory=later_release)
            assert rows(db.engine) == kept
            assert shape(db.engine) == before
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.execute(text("DELETE FROM ledger_entry"))


def test_data_survives_all_our_own_steps(demo_app: Flask) -> None:
    """Every revision after the first goes down and up again over the demo without losing a row it had before."""
    with demo_app.app_context():
        before, kept = shape(db.engine), rows(db.engine)
        for _revision in revisions()[1:]:
            db.engine.dispose()
            downgrade(revision="-1")
        db.engine.dispose()
        upgrade()
        assert shape(db.engine) == before
        assert {name: len(content) for name, content in rows(db.engine).items()} == {
            name: len(content) for name, content in kept.items()
        }


def test_an_upgrade_is_preceded_by_a_backup(demo_app: Flask, later_release: str) -> None:
    with demo_app.app_context():
        db.engine.dispose()
        upgrade(directory=later_release)
        config: Config = demo_app.config["FESTIVAL"]
        copies = list((config.instance / "backups").iterdir())
        assert len(copies) == 1
        db.engine.dispose()
