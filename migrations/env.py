"""How are migrations run? On a connection of their own, with foreign keys off while tables are copied.

SQLite changes a table by copying it. With foreign keys on, dropping the old copy would empty its child tables by
cascade, and the copy loses its triggers; so keys are off before BEGIN, checked after, and triggers made again.
"""

from __future__ import annotations

import logging
from typing import Literal

import pysqlite3
from alembic import context
from alembic.runtime.migration import MigrationContext
from flask import current_app
from sqlalchemy import Connection, NullPool, create_engine, text

from festival.core.database import Base, db
from festival.core.pass_key import guard
from festival.core.types import Day, EnumText, Flag, JsonText, PlainText, UtcTime
from festival.operations import backup
from festival.operations.schema import install_triggers


def run() -> None:
    """Upgrade or downgrade inside one transaction, then prove that no child row lost its parent."""
    sqlite = db.engine.dialect.name == "sqlite"
    # An engine of its own: that of the application begins every transaction itself, before keys can be switched off.
    driver = {"module": pysqlite3} if sqlite else {}
    engine = create_engine(db.engine.url, poolclass=NullPool, hide_parameters=True, **driver)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as raw:
        _back_up_before_change(raw)
        if sqlite:
            raw.exec_driver_sql("PRAGMA foreign_keys = OFF")
        try:
            raw.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else "BEGIN")
            try:
                _migrate(raw)
                if sqlite:
                    _check_foreign_keys(raw)
            except BaseException:
                raw.exec_driver_sql("ROLLBACK")
                raise
            raw.exec_driver_sql("COMMIT")
        finally:
            if sqlite:
                raw.exec_driver_sql("PRAGMA foreign_keys = ON")


def _back_up_before_change(connection: Connection) -> None:
    """An upgrade of a database that holds something is preceded by a verified backup."""
    current = MigrationContext.configure(connection).get_current_revision()
    newest = str(context.get_head_revision())
    if current is not None and current != newest:
        backup.back_up_before_upgrade(current_app.config["FESTIVAL"], current, newest)


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_render_plain,
        transactional_ddl=False,  # this module holds the transaction
    )
    context.run_migrations()
    if _ledger_exists(connection):
        install_triggers(connection)
    guard.write_first(connection, current_app.config["FESTIVAL"])


PLAIN = {
    EnumText: "sa.Text()",
    PlainText: "sa.Text()",
    JsonText: "sa.Text()",
    Flag: "sa.Boolean().with_variant(sa.Integer(), 'sqlite')",
    Day: "sa.Date().with_variant(sa.Text(), 'sqlite')",
    UtcTime: "sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), 'sqlite')",
}


def _render_plain(kind: str, item: object, _context: object) -> str | Literal[False]:
    """A migration names the databases' own types: it must still run when ours have changed."""
    return PLAIN.get(type(item), False) if kind == "type" else False


def _ledger_exists(connection: Connection) -> bool:
    return connection.dialect.has_table(connection, "ledger_entry")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise RuntimeError(f"migration left rows without their parent in {sorted({row[0] for row in broken})}")


logging.getLogger("alembic").setLevel(logging.WARNING)
run()
