"""How does this room write: many rows by one statement, a step of a family under its version, a line of the ledger?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, Table, select, update
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from festival.core import ledger
from festival.core.database import db
from festival.editions.models import Festival
from festival.registration.models import Family, FamilyState
from festival.registration.outcomes import Done, Stale


def table(model: type[Any]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def stream(festival: Festival) -> str:
    return f"decisions:{festival.code}"


def note(festival: Festival, kind: str, family: Family, version: int, payload: Mapping[str, object]) -> None:
    ledger.append(stream(festival), kind, {"family": family.code, "version": version}, payload)


def insert_or_pass(model: type[Any]) -> PostgresqlInsert | SqliteInsert:
    """INSERT of the database's own dialect, for ON CONFLICT."""
    postgresql = db.session.get_bind().dialect.name == "postgresql"
    return postgresql_insert(table(model)) if postgresql else sqlite_insert(table(model))


def run(statement: Executable, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
    """Many rows by one statement on the tables themselves: the mapper would split them by which values are None."""
    return db.session.connection().execute(statement, rows)


def step(family: Family, version: int, states: Sequence[FamilyState], **values: Any) -> Done | Stale:
    """Move a family on if it is still the version that was seen, in one of the states; else say what it is now."""
    done = db.session.scalar(
        update(Family)
        .where(Family.id == family.id, Family.version == version, Family.state.in_(states))
        .values(version=Family.version + 1, **values)
        .returning(Family.version)
        .execution_options(synchronize_session=False)
    )
    return Done(done) if done is not None else current(family)


def current(family: Family) -> Stale:
    state, version = db.session.execute(select(Family.state, Family.version).where(Family.id == family.id)).one()
    return Stale(state, version)
