"""What does a database hold, as it tells it itself and whatever the models say: its shape, its rows, one way to write both?

SQLite and PostgreSQL keep some values in types of their own. `plain` writes a value as SQLite stores it, so that rows of
both, and of a database of an earlier release, are compared by equality.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from festival.core.database import Base
from festival.core.types import MOMENT_FORMAT

NOT_OURS = {"alembic_version", "rate_count"}

Row = dict[str, Any]


def shape(engine: Engine) -> dict[str, Any]:
    """Tables with their columns, keys, checks and indexes, and the triggers, as the database itself tells them."""
    looked = inspect(engine)
    tables = {}
    for name in sorted(set(looked.get_table_names()) - NOT_OURS):
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


def strange_to_the_models(connection: Connection) -> list[Any]:
    """What a migration made otherwise than the models say."""
    found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
    return [change for change in found if not any(name in repr(change) for name in NOT_OURS)]


def rows(engine: Engine) -> dict[str, list[Row]]:
    """Every row of every table there is, plainly written, in an order that follows from the rows alone."""
    with engine.connect() as connection:
        return {
            table.name: in_order(
                {name: plain(value) for name, value in row.items()}
                for row in connection.execute(select(table)).mappings()
            )
            for table in _tables(engine)
        }


def in_order(found: Iterable[Row]) -> list[Row]:
    """Sorted by everything they hold."""
    return sorted(found, key=lambda row: repr(sorted(row.items())))


def put(engine: Engine, tables: Mapping[str, Iterable[Row]]) -> None:
    """Write plain rows into the tables as they stand, whoever comes first being there first; keys go on after the highest."""
    with engine.begin() as connection:
        for table in _tables(engine):
            # a row may refer to an older one of its own table
            content = sorted(tables.get(table.name, ()), key=lambda row: row.get("id", 0))
            if not content:
                continue
            connection.execute(
                table.insert(),
                [{name: _typed(value, table.c[name].type) for name, value in r.items()} for r in content],
            )
            if engine.dialect.name == "postgresql" and "id" in table.c:
                counter = func.pg_get_serial_sequence(table.name, "id")
                connection.execute(select(func.setval(counter, max(row["id"] for row in content))))


def _tables(engine: Engine) -> list[Table]:
    found = MetaData()
    found.reflect(engine)
    return [table for table in found.sorted_tables if table.name not in NOT_OURS]


def plain(value: Any) -> Any:
    """A value as SQLite stores it; bytes as {"hex": …}."""
    match value:
        case bool():
            return int(value)
        case datetime():
            return value.astimezone(UTC).strftime(MOMENT_FORMAT)
        case date():
            return value.isoformat()
        case bytes() | memoryview():
            return {"hex": bytes(value).hex()}
        case _:
            return value


def _typed(value: Any, kind: TypeEngine[Any]) -> Any:
    """A plain value as a column of that kind wants it."""
    match kind:
        case _ if value is None:
            return None
        case Boolean():
            return bool(value)
        case DateTime():
            return datetime.strptime(value, MOMENT_FORMAT).replace(tzinfo=UTC)
        case Date():
            return date.fromisoformat(value)
        case LargeBinary():
            return bytes.fromhex(value["hex"])
        case _:
            return value
