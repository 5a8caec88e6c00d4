"""One row at a time: added, put in the place of what stands, or changed by its key.

Building a statement costs more than running it, so each is kept, by its table and the names of its columns.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Executable, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.store import Tx

Names = tuple[str, ...]
Values = Mapping[str, Any]


async def add(tx: Tx, into: Table, values: Values) -> int:
    """Insert it; its primary key (the first column of it)."""
    return await tx.insert(_adding(into, tuple(values)), **values)


async def add_unless_there(tx: Tx, into: Table, values: Values) -> bool:
    """Insert it; False where its key stands already, and then that is left as it is."""
    return bool(await tx.run(adding_unless_there(tx.dialect, into, tuple(values)), **values))


async def put(tx: Tx, into: Table, values: Values, *, key: Names) -> None:
    """Insert it, or set its other columns where the key stands already."""
    await tx.run(_putting(tx.dialect, into, tuple(values), key), **values)


async def change(tx: Tx, table: Table, key: Values, values: Values) -> int:
    """Set these columns of the rows with these values in the columns of `key`; how many there were."""
    named = {f"old_{name}": value for name, value in key.items()}
    named |= {f"new_{name}": value for name, value in values.items()}
    return await tx.run(changing(table, tuple(key), tuple(values)), **named)


def _bound(names: Names) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name) for name in names}


@cache
def _adding(into: Table, names: Names) -> Insert:
    return insert(into).values(_bound(names))


def inserting(dialect: str, table: Table) -> sqlite.Insert:
    """The two share the methods that deal with conflicts."""
    return cast("sqlite.Insert", postgresql.insert(table)) if dialect == "postgresql" else sqlite.insert(table)


@cache
def adding_unless_there(dialect: str, into: Table, names: Names, *returning: ColumnElement[Any]) -> Executable:
    """INSERT that leaves what stands, each column bound under its own name; with the columns of a row that is new."""
    adding = inserting(dialect, into).values(_bound(names)).on_conflict_do_nothing()
    return adding.returning(*returning) if returning else adding


@cache
def _putting(dialect: str, into: Table, names: Names, key: Names) -> Executable:
    adding = inserting(dialect, into).values(_bound(names))
    rest = {name: adding.excluded[name] for name in names if name not in key}
    return adding.on_conflict_do_update(index_elements=list(key), set_=rest)


@cache
def changing(table: Table, key: Names, names: Names) -> Update:
    """UPDATE; `old_name` is bound for each column of the key, `new_name` for each that is set.

    SQLAlchemy keeps the names of the columns themselves for its own parameters.
    """
    mine = (table.c[name] == bindparam(f"old_{name}") for name in key)
    return update(table).where(*mine).values({name: bindparam(f"new_{name}") for name in names})
