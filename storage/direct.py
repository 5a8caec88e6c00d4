"""The short way to SQLite for statements that were built once: compiled once, handed to the driver with their values.

SQLAlchemy spends some 0.15 ms on each execution, and a tap executes dozens; what stays the same from one to the next
(text, order of parameters, conversions of types) is kept here. Its own way is taken wherever somebody listens to its
events, and on PostgreSQL, where the server's answer takes longer than that.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Row
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase

from storage.columns import Stored

_DIALECT = sqlite.dialect(paramstyle="qmark")
Convert = Callable[[Any], Any]
AnyRow = Row[*tuple[Any, ...]]


class Value(NamedTuple):
    """One parameter: its name, what it is where nothing is given, how it is converted; a list where `many` marks it."""

    name: str
    fixed: Any
    convert: Convert | None
    mark: str | None


class Ready(NamedTuple):
    """A compiled statement. `rows` makes a row of what the driver returns; None where it returns nothing."""

    sql: str
    values: tuple[Value, ...]
    rows: SimpleResultMetaData | None

    def filled(self, bound: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """The text with its lists spelled out, and the parameters in order."""
        sql, given = self.sql, list[Any]()
        for value in self.values:
            held = bound.get(value.name, value.fixed)
            if value.mark is None:
                given.append(value.convert(held) if value.convert else held)
            else:
                sql = sql.replace(value.mark, ",".join("?" * len(held)), 1)
                given += map(value.convert, held) if value.convert else held
        return sql, given

    def read(self, found: Sequence[Any]) -> list[AnyRow]:
        """The driver's rows with names and types."""
        meta: Any = self.rows
        return [Row(meta, meta._processors, meta._key_to_index, each) for each in found]


def open_to(connection: Connection) -> bool:
    """Whether the short way leads to this connection."""
    return connection.dialect.name == "sqlite" and not connection.dispatch.before_cursor_execute


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, its transaction begun."""
    if not connection.in_transaction():
        connection.begin()
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def execute(driver: sqlite3.Connection, statement: Executable, bound: Mapping[str, Any]) -> tuple[list[AnyRow], int]:
    """(rows, how many were touched). Raises DBAPIError as SQLAlchemy would."""
    ready, found, touched = _asked(driver, statement, bound)
    return (ready.read(found) if ready.rows else []), touched


def tuples(driver: sqlite3.Connection, statement: Executable, bound: Mapping[str, Any]) -> Iterable[tuple[Any, ...]]:
    """Rows without names, for many at once: each value is converted once, so equal ones are one object."""
    ready, found, _ = _asked(driver, statement, bound)
    columns: list[Sequence[Any]] = list(zip(*found, strict=True))
    for n, convert in enumerate(cast("Any", ready.rows)._processors if found else ()):
        if convert is not None:
            different = set(columns[n])
            converted = dict(zip(different, map(convert, different), strict=True))
            columns[n] = list(map(converted.__getitem__, columns[n]))
    return zip(*columns, strict=True)


def _asked(
    driver: sqlite3.Connection, statement: Executable, bound: Mapping[str, Any]
) -> tuple[Ready, list[tuple[Any, ...]], int]:
    ready = _ready(statement, tuple(bound) if isinstance(statement, UpdateBase) else ())
    sql, given = ready.filled(bound)
    try:
        cursor = driver.execute(sql, given)
        return ready, cursor.fetchall(), cursor.rowcount
    except sqlite3.Error as error:
        raise _told(sql, error) from error


def execute_each(driver: sqlite3.Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Once for each of `rows`, which all name the same parameters and hold no lists."""
    ready = _ready(statement, tuple(rows[0]))
    try:
        driver.executemany(ready.sql, (ready.filled(row)[1] for row in rows))
    except sqlite3.Error as error:
        raise _told(ready.sql, error) from error


def _told(sql: str, error: sqlite3.Error) -> BaseException:
    """The error as SQLAlchemy tells it, without the values."""
    return DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True, dialect=_DIALECT)


@lru_cache(maxsize=2048)  # far more than there are statements; of those built anew each time it keeps no more either
def _ready(statement: Executable, names: tuple[str, ...]) -> Ready:
    compiled: Any = cast("Any", statement).compile(dialect=_DIALECT, column_keys=list(names) or None)
    values = []
    for name in compiled.positiontup or ():
        bind = compiled.binds[name]
        mark = f"__[POSTCOMPILE_{name}]" if bind.expanding else None
        values.append(Value(name, bind.value, _writing(bind.type), mark))
    keys = [entry.keyname for entry in compiled._result_columns]
    made = [_reading(entry.type) for entry in compiled._result_columns]
    return Ready(str(compiled), tuple(values), SimpleResultMetaData(keys, _processors=made) if keys else None)


def _reading(kind: Any) -> Any:
    """Our own types are plain functions: SQLAlchemy would call through two more."""
    return (
        kind.read if isinstance(kind, Stored) else cast("Convert | None", kind._cached_result_processor(_DIALECT, None))
    )


def _writing(kind: Any) -> Any:
    return kind.write if isinstance(kind, Stored) else kind._cached_bind_processor(_DIALECT)
