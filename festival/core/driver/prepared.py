"""How does a statement of a busy path reach the database without a detour?

A statement that SQLAlchemy runs costs 25 to 100 µs of Python around the 2 to 20 of the driver, each time. One that is
`Prepared` is written with SQLAlchemy like any other, compiled once for each database, and then run by the driver in the same
transaction. Its text never changes, so the database keeps it prepared. For what every phone asks; elsewhere the detour pays.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
)
from sqlalchemy.exc import DBAPIError

Make = Callable[[str], Any]
"""The name of a database → the statement for it."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The statement for one database. `binds`, in the order of its text: name there, name of the value or "" when it is
    the `value` here, and what turns it into the driver's. `readers`: the other way, by the number of the column.
    """

    text: str
    binds: Sequence[tuple[str, str, Any, Callable[[Any], Any] | None]]
    positional: bool
    row: Callable[[Iterable[Any]], Any] | None
    readers: Sequence[tuple[int, Callable[[Any], Any]]]

    def given(self, values: Mapping[str, Any]) -> Any:
        found = [values[name] if name else value for _key, name, value, _turn in self.binds]
        turned = [turn(each) if turn else each for each, (_k, _n, _v, turn) in zip(found, self.binds, strict=True)]
        return turned if self.positional else dict(zip((bind[0] for bind in self.binds), turned, strict=True))

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        if self.row is None:
            return []
        if self.readers:
            found = (_read(list(row), self.readers) for row in found)
        return list(map(self.row, found))


class Prepared:
    """`statement(connection, {name: value, …})` answers its rows, [] where there are none to answer."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._forms: dict[str, _Compiled] = {}

    def forget(self) -> None:
        """It is made anew next time: a condition it was made of is another one."""
        self._forms.clear()

    def __call__(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        dialect = connection.dialect
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _compile(self._make(dialect.name), dialect)
        given = form.given(values)
        cursor = connection.connection.cursor()
        try:
            for listener in connection.dispatch.before_cursor_execute:
                listener(connection, cursor, form.text, given, None, False)
            cursor.execute(form.text, given)
            return form.rows(cursor.fetchall() if form.row else ())
        except dialect.loaded_dbapi.Error as wrong:
            base = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(form.text, None, wrong, base, hide_parameters=True, dialect=dialect) from wrong
        finally:
            cursor.close()


def _read(row: list[Any], readers: Iterable[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    for at, reader in readers:
        row[at] = reader(row[at])
    return row


def _compile(statement: Any, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    asked = {key: bind.key for key, bind in compiled.binds.items() if bind.required}
    # A list of constants (`IN ('gate', 'lead')`) is written out here once.
    whole = compiled.construct_expanded_state(dict.fromkeys(asked.values()))
    binds: list[tuple[str, str, Any, Callable[[Any], Any] | None]] = []
    for key in whole.positiontup if compiled.positional else whole.parameters:
        bind = compiled.binds.get(key)  # none of a constant of a list that was written out
        turn = whole.processors.get(key) if bind is None else bind.type.dialect_impl(dialect).bind_processor(dialect)
        value = None if key in asked else whole.parameters[key]
        binds.append((key, asked[key], None, turn) if key in asked else (key, "", turn(value) if turn else value, None))
    columns = list(statement.exported_columns)
    impls = [column.type.dialect_impl(dialect) for column in columns]
    readers = [(at, reader) for at, impl in enumerate(impls) if (reader := impl.result_processor(dialect, None))]
    named: Any = namedtuple("Row", [column.key for column in columns]) if columns else None  # noqa: PYI024
    return _Compiled(whole.statement, binds, bool(compiled.positional), named and named._make, readers)
