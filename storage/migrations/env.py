"""Alembic's entry: it runs inside the transaction that storage/migrations/__init__.py hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import BigInteger, Text, TypeDecorator

from storage.schema import metadata


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are in the database: history must not move when the code does."""
    if kind != "type":
        return False
    inner = item.impl_instance if isinstance(item, TypeDecorator) else item
    if isinstance(inner, BigInteger):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    if isinstance(inner, Text):
        return "sa.Text()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
