"""The smallest change there is: a key written down."""

from sqlalchemy import insert, select

from storage.schema import meta
from storage.store import Tx, Work


def note(key: str, value: str = "") -> Work[str]:
    async def write(tx: Tx) -> str:
        await tx.run(insert(meta).values(key=key, value=value))
        return key

    return write


async def keys(tx: Tx) -> set[str]:
    return {row.key for row in await tx.all(select(meta.c.key))}
