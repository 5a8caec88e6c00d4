"""Write the next revision from storage/schema.py: python -m storage.migrations.draft "say what changed"."""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from storage.engine import on_connection
from storage.migrations import config, head, migrate


async def draft(message: str) -> str:
    """Write how the schema differs from an empty database at head; the new revision's number."""
    number = f"{int(head() or 0) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'draft.sqlite3'}"
        if head() is not None:
            await migrate(url)

        def write(connection: Connection) -> None:
            settings = config()
            settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            settings.attributes["connection"] = connection
            command.revision(settings, message, autogenerate=True, rev_id=number)

        await on_connection(url, write, migrating=True)
    return number


if __name__ == "__main__":
    asyncio.run(draft(sys.argv[1]))
