"""How is each kind of value stored, so that both databases hold the same truth?

SQLite tables are STRICT, which refuses VARCHAR, BOOLEAN and DATETIME and never coerces; PostgreSQL has the
real types. These decorators give one Python value on both, and a CHECK wherever SQLite's type alone would let
nonsense in. Marks and durations are integers (1/1000 point, ms), because SQLite binds NUMERIC as float.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, Dialect, Integer, Table, Text, event
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from festival.core.text import unstorable

EnumT = TypeVar("EnumT", bound=StrEnum)

# Marks our metadata: the listeners below leave alone the tables that Alembic builds for itself.
OURS = "festival"
MOMENT_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"

# A plain BIGINT cannot be SQLite's rowid key and is refused by STRICT tables.
WholeNumber = BigInteger().with_variant(Integer(), "sqlite")


class Unstorable(ValueError):
    """NUL or half of a surrogate pair in a text: SQLite takes the first and PostgreSQL neither, so none of ours does."""


json_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
"""How a `JsonText` stands in its column."""


class PlainText(TypeDecorator[str]):
    """A text, refused alike by both databases when one of them could not hold it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and unstorable(value):
            raise Unstorable()
        return value


class Flag(TypeDecorator[bool]):
    """A truth value: BOOLEAN on PostgreSQL, 0 or 1 (checked) on SQLite."""

    impl = Boolean(create_constraint=False)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean(create_constraint=False))

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not isinstance(value, bool):
            raise TypeError(f"not a truth value: {value!r}")
        return int(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class UtcTime(TypeDecorator[datetime]):
    """A moment: TIMESTAMPTZ on PostgreSQL, fixed-width ISO text on SQLite, so that both sort alike."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else TIMESTAMP(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone would be read as another one elsewhere")
        moment = value.astimezone(UTC)
        return moment.strftime(MOMENT_FORMAT) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)  # with its Z; strptime takes eight times as long
        moment: datetime = value
        return moment.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A calendar day: DATE on PostgreSQL, ISO text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if isinstance(value, datetime):
            raise TypeError("a moment is not a day; say whose day it is first")
        return value.isoformat() if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class EnumText(TypeDecorator[EnumT]):
    """A member of a StrEnum as its text, with a CHECK listing the members."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[EnumT]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: EnumT | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> EnumT | None:
        return None if value is None else self.members(value)


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as text on both databases; read whole, never queried into."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        text = json_text(value)
        if unstorable(text):  # NUL is written as an escape, half of a pair is not
            raise Unstorable()
        return text

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


@event.listens_for(Column, "after_parent_attach")
def _add_check(column: Column[Any], table: object) -> None:
    """Give enum and truth columns their CHECK, so no author of a table can forget it."""
    if not isinstance(table, Table) or OURS not in table.metadata.info:
        return
    if isinstance(column.type, EnumText):
        listed = ", ".join(f"'{member.value}'" for member in column.type.members)
        table.append_constraint(CheckConstraint(f"{column.name} IN ({listed})", name=f"{column.name}_known"))
    elif isinstance(column.type, Flag):
        # Both databases read these words; SQLite stores them as 1 and 0.
        table.append_constraint(CheckConstraint(f"{column.name} IN (FALSE, TRUE)", name=f"{column.name}_flag"))


@event.listens_for(Table, "after_parent_attach")
def _make_strict(table: Table, metadata: object) -> None:
    """Every table of ours is STRICT on SQLite; a migration's own copies say so themselves."""
    if OURS in table.metadata.info:
        table.dialect_options["sqlite"]["strict"] = True
