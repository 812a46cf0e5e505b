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
from sqlalchemy import Engine, MetaData, Table, inspect, select, text
from sqlalchemy.exc import DBAPIError

from config import ROOT, Config
from festival.core.database import Base, db
from festival.core.schema import create_schema
from festival.factory import create_app
from festival.operations.migrations import init_migrations
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
    made = create_app(config_of(request.param))
    init_migrations(made)
    return made


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
def backing_up(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade makes a backup first, with the pg_dump of the server's own version."""
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")


@pytest.fixture
def later_release(tmp_path: Path, backing_up: None) -> str:
    """The migrations of a later release: one more, which copies parent tables as SQLite's ALTERs do."""
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


def test_data_survives_all_our_own_steps(demo_app: Flask, backing_up: None) -> None:
    """Every revision after the first goes down and up again over the demo without losing a row it had before."""
    with demo_app.app_context():
        _decide_something(db.engine)
        before, kept = shape(db.engine), rows(db.engine)
        for _revision in revisions()[1:]:
            db.engine.dispose()
            downgrade(revision="-1")
        db.engine.dispose()
        upgrade()
        assert shape(db.engine) == before
        assert rows(db.engine) == kept


MOMENT = "2024-06-15T09:00:00.000000Z"
DECISION = (
    "INSERT INTO jury_decision (contest_id, kind, content, reason, names, decided_at)"
    " SELECT id, 'tie', '{\"order\":[[\"E1\"],[\"E2\"]]}', 'tròn vai hơn', '[\"Danh Chung\"]',"
    f" '{MOMENT}' FROM contest"
)
AWARD = (
    "INSERT INTO award (contest_id, festival_id, entry_id, prize, position, special)"
    " SELECT entry.contest_id, contest.festival_id, entry.id, 'Nhất', 1, FALSE"
    " FROM entry JOIN contest ON contest.id = entry.contest_id"
)


def _decide_something(engine: Engine) -> None:
    """Decisions and awards of contests, which the demo has none of; in words every release understands."""
    with engine.begin() as connection:
        assert connection.execute(text(DECISION)).rowcount > 1
        assert connection.execute(text(AWARD)).rowcount > 100


WHOLE = (
    f"""INSERT INTO jury_decision (festival_id, kind, content, reason, names, decided_at)
    SELECT id, 'tie', '{{}}', 'đồng đều hơn', '[]', '{MOMENT}' FROM festival""",
    f"""INSERT INTO whole_minutes (festival_id, number, contests, standings, signed_at)
    SELECT id, '9', '[]', '[]', '{MOMENT}' FROM festival""",
    """INSERT INTO award (festival_id, delegation_id, prize, position, special)
    SELECT festival_id, id, 'Nhất', 1, FALSE FROM delegation""",
)


def test_the_whole_delegation_has_no_place_in_the_first_release_and_the_contests_keep_theirs(
    demo_app: Flask, backing_up: None
) -> None:
    with demo_app.app_context():
        _decide_something(db.engine)
        before, kept = shape(db.engine), rows(db.engine)
        with db.engine.begin() as connection:
            for statement in WHOLE:
                connection.execute(text(statement))
        assert rows(db.engine) != kept
        db.engine.dispose()
        downgrade(revision="0001")
        db.engine.dispose()
        upgrade()
        assert shape(db.engine) == before
        assert rows(db.engine) == kept


def stored(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table there is, as the database holds it, whatever the models say."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted((dict(row) for row in connection.execute(select(table)).mappings()), key=repr)
            for table in found.sorted_tables
            if table.name not in ("alembic_version", "rate_count")
        }


def test_a_database_of_the_first_release_is_brought_up_without_losing_a_row(
    demo_app: Flask, unmigrated: Flask, backing_up: None
) -> None:
    """A database made by the first release's own migration, filled with the demo, then `flask db upgrade`."""
    with demo_app.app_context():
        kind, now_ = db.engine.dialect.name, shape(db.engine)
        _decide_something(db.engine)
        demo = stored(db.engine)
        db.engine.dispose()
    with unmigrated.app_context():
        if db.engine.dialect.name != kind:
            return
        upgrade(revision="0001")
        assert shape(db.engine) != now_
        first = MetaData()
        first.reflect(db.engine)
        with db.engine.begin() as connection:
            for table in first.sorted_tables:
                # a row may refer to an older one of its own table
                content = sorted(demo.get(table.name, []), key=lambda row: row.get("id", 0))
                if content:
                    columns = set(table.columns.keys())
                    connection.execute(table.insert(), [{k: row[k] for k in row.keys() & columns} for row in content])
        old = stored(db.engine)
        assert sum(map(len, old.values())) > 1000
        assert {len(old[name]) > 1 for name in ("jury_decision", "award", "ledger_entry", "person")} == {True}
        db.engine.dispose()
        done = unmigrated.test_cli_runner().invoke(args=["db", "upgrade"])
        assert done.exit_code == 0, done.output
        new = stored(db.engine)
        assert shape(db.engine) == now_
        assert {
            name: [{k: row[k] for k in was[0]} for row in new[name]] if (was := old[name]) else new[name]
            for name in old
        } == old
        assert {name: len(content) for name, content in new.items() if name not in old} == {
            "job": 0,
            "whole_minutes": 0,
        }
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.execute(text("DELETE FROM ledger_entry"))
        db.engine.dispose()


def test_an_upgrade_is_preceded_by_a_backup(demo_app: Flask, later_release: str) -> None:
    with demo_app.app_context():
        db.engine.dispose()
        upgrade(directory=later_release)
        config: Config = demo_app.config["FESTIVAL"]
        copies = list((config.instance / "backups").iterdir())
        assert len(copies) == 1
        db.engine.dispose()
