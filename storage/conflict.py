"""INSERT that takes the place of what stands, for values that are reckoned by the database; others: storage/rows.py."""

from typing import Any

from sqlalchemy import Executable, Table

from storage.store import Tx


def insert_or_replace(tx: Tx, into: Table, values: dict[str, Any], *, key: tuple[str, ...]) -> Executable:
    """Insert one row, or set its other columns where the key stands already."""
    rest = {column: value for column, value in values.items() if column not in key}
    return tx.into(into).values(values).on_conflict_do_update(index_elements=list(key), set_=rest)
