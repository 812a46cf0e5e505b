"""How do many rows reach the database as one value?

A row bound value by value costs Python more than the database: the people of a group of scans are hundreds of values, each
asked for its type, in a statement whose text is another one for each number of rows. As one text of JSON they are one
value of a statement that is always the same, so both databases keep it prepared. Values are those JSON has, and bytes;
a column of `JsonText` takes its text (`core.types.json_text`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    LargeBinary,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import dialect as postgresql_dialect
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from festival.core.types import Unstorable

_ROWS = bindparam("rows", type_=Text())
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_POSTGRESQL: Dialect = postgresql_dialect()  # type: ignore[no-untyped-call]
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False, default=bytes.hex
).encode


def json_rows(rows: Iterable[Mapping[str, Any]]) -> str:
    """The value of `rows`. Raises Unstorable for a text that one of the databases could not hold."""
    text = _encode(list(rows))
    if "\\u0000" in text and _NUL.search(text):
        raise Unstorable()
    try:
        text.encode()
    except UnicodeEncodeError as half:
        raise Unstorable() from half
    return text


def insert_rows(
    table: Table, database: str, names: Sequence[str], same: Sequence[str] = (), also: Mapping[str, str] | None = None
) -> PostgresqlInsert | SqliteInsert:
    """INSERT of what `json_rows` brings under `names`; `same` are values alike in all rows, bound by their own names.

    `also`: columns that repeat one of `names`. The rows are written in their order.
    """
    brought = source(table, database, names)
    chosen = {name: brought[name] for name in names}
    chosen |= {name: bindparam(name, type_=table.c[name].type).label(f"of_{name}") for name in same}
    chosen |= {name: brought[of] for name, of in (also or {}).items()}
    make = postgresql_insert if database == "postgresql" else sqlite_insert
    # SQLite reads ON CONFLICT behind a SELECT only when that has a WHERE.
    rows = select(*(each.label(None) for each in chosen.values())).where(true())
    return make(table).from_select(list(chosen), rows, include_defaults=False)


def among(held: ColumnElement[Any], name: str, database: str) -> ColumnElement[bool]:
    """Whether the column has one of the values bound as `name`, which are said by `listed`; the text stays the same."""
    if database == "postgresql":
        return held == any_(bindparam(name, type_=ARRAY(held.type.dialect_impl(_POSTGRESQL))))
    value = func.json_each(bindparam(name, type_=Text())).table_valued("value").c.value
    return held.in_(select(value))


def listed(values: Iterable[Any], database: str) -> Any:
    """The values for `among`."""
    return list(values) if database == "postgresql" else _encode(list(values))


def source(table: Table, database: str, names: Sequence[str]) -> dict[str, ColumnElement[Any]]:
    """What `json_rows` brings, as columns of these names with the types of the table's."""
    binary = {name for name in names if isinstance(table.c[name].type, LargeBinary)}
    if database == "postgresql":
        kinds = [
            column(name, Text() if name in binary else table.c[name].type.dialect_impl(_POSTGRESQL)) for name in names
        ]
        rows = func.json_to_recordset(cast(_ROWS, JSON())).table_valued(*kinds).render_derived(with_types=True)
        return {name: func.decode(rows.c[name], "hex") if name in binary else rows.c[name] for name in names}
    # The binary form of each row: it is not read as text again for each of its columns.
    value = func.jsonb_each(_ROWS).table_valued("value").c.value
    found = {name: func.json_extract(value, literal_column(f"'$.{name}'")) for name in names}
    return {name: func.unhex(each) if name in binary else each for name, each in found.items()}
