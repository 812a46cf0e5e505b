"""Do the migrations make the tables the models speak of, and does going down and up again lose or change nothing?

SQLite alters a table by copying it; a careless copy empties child tables by cascade and drops triggers without a word.
So every row of every table, every trigger, index and constraint is compared before and after, on both databases. Here the
demo of this release goes down and up; test_upgrade_from_0_2_0 brings up what an earlier release has written.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from config import ROOT, Config
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.factory import create_app
from festival.operations.migrations import init_migrations
from festival.operations.schema import create_schema
from festival.passes.models import Pass
from festival.passes.tokens import typed_of
from tests.conftest import test_config
from tests.harness.postgres import Cluster
from tests.house.as_stored import Row, rows, shape, strange_to_the_models


@pytest.fixture
def app(app: Flask) -> Flask:
    init_migrations(app)
    return app


@pytest.fixture
def demo_app(demo_app: Flask) -> Flask:
    init_migrations(demo_app)
    return demo_app


def revisions() -> list[str]:
    """All revisions, oldest first."""
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def test_migrations_make_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert strange_to_the_models(connection) == []


def test_the_same_tables_as_made_at_once(app: Flask, empty_database_url: str, tmp_path: Path) -> None:
    with app.app_context():
        migrated = shape(db.engine)
    at_once = create_app(test_config(tmp_path / "instance", empty_database_url))
    with at_once.app_context():
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


# What a later revision brought and its own way down forgets: the release before has no place for it.
FORGOTTEN = {"security_note", "account_pin", "activation", "sealed_card", "signed_paper", "edition_state", "act_asking",
             "draft_step", "way_out", "fill_run"}  # fmt: skip


# Down there every pass is of the first form again, with the typed code of that form.
OF_THE_SECOND_FORM = {"typed_attempt", "typed_hash"}


# Down there no rule names points to take off.
OF_FURTHER_RULES = {"deductions", "dishes_least", "dishes_most", "budget_vnd", "plates_of"}


# Down there a scan does not name its message, and nobody goes out.
OF_THE_GATE = {"scan": {"mid"}, "admission": {"last_ms", "last_device", "last_seq"}}


def remembered(engine: Engine) -> dict[str, list[Row]]:
    """All rows but those."""
    found = {name: lines for name, lines in rows(engine).items() if name not in FORGOTTEN}
    found["contest"] = [{key: row[key] for key in row.keys() - OF_FURTHER_RULES} for row in found["contest"]]
    found["criterion"] = [{key: row[key] for key in row.keys() - {"part"}} for row in found["criterion"]]
    found["pass"] = [{key: row[key] for key in row.keys() - OF_THE_SECOND_FORM} for row in found["pass"]]
    for name, later in OF_THE_GATE.items():
        found[name] = [{key: row[key] for key in row.keys() - later} for row in found[name]]
    for name in ("consent", "consent_text"):  # a child was not asked about its picture before
        found[name] = [row for row in found[name] if row["purpose"] != "child_publish"]
    return found


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
        before, kept = shape(db.engine), remembered(db.engine)
        for _revision in revisions()[1:]:
            db.engine.dispose()
            downgrade(revision="-1")
        db.engine.dispose()
        upgrade()
        assert shape(db.engine) == before
        assert remembered(db.engine) == kept
        # and each is again found by the code it says
        every = db.session.scalars(select(Pass)).all()
        assert {row.typed_attempt for row in every} == {None}
        assert all(look_up_hash(typed_of(row)) == row.typed_hash for row in every)
        db.session.remove()


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
        before, kept = shape(db.engine), remembered(db.engine)
        with db.engine.begin() as connection:
            for statement in WHOLE:
                connection.execute(text(statement))
        assert remembered(db.engine) != kept
        db.engine.dispose()
        downgrade(revision="0001")
        db.engine.dispose()
        upgrade()
        assert shape(db.engine) == before
        assert remembered(db.engine) == kept


def test_an_upgrade_is_preceded_by_a_backup(demo_app: Flask, later_release: str) -> None:
    with demo_app.app_context():
        db.engine.dispose()
        upgrade(directory=later_release)
        config: Config = demo_app.config["FESTIVAL"]
        copies = list((config.instance / "backups").iterdir())
        assert len(copies) == 1
        db.engine.dispose()
