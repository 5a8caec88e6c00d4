"""What every table is made of: names of constraints, STRICT on SQLite, surrogate ids, closed sets of words."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, MetaData, Table

from storage.columns import BigInt

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: Any, **options: Any) -> Table:
    """A STRICT table on SQLite, an ordinary one on PostgreSQL."""
    return Table(name, metadata, *parts, sqlite_strict=True, **options)


def key() -> Column[int]:
    """A surrogate id."""
    return Column("id", BigInt, primary_key=True, autoincrement=True)


def one_of(column: str, *values: str) -> CheckConstraint:
    """A closed set of words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=column)
