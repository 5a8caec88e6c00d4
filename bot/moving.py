"""`attache db move`: the database goes to another place while somebody watches how far it has come."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.settings import Settings
from storage import moving
from storage.engine import url_of
from storage.moving import Moved


async def move(settings: Settings, to: str) -> Moved:
    """Move the database of the settings to the address `to`, with a bar on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Opening", total=None)

        def show(what: str, done: int, of: int) -> None:
            progress.update(task, description=what, completed=done, total=of)

        return await moving.move(url_of(settings.database_url, settings.data), to, report=show)


def words_of(moved: Moved) -> str:
    """What was done, and what is to do now."""
    return (
        f"Moved {moved.rows:,} rows of {moved.tables} tables from {moved.source} to {moved.target}; "
        f"counts and checksums agree.\n"
        f"Now set ATTACHE_DATABASE_URL to the new address before you start the service. "
        f"The old database is as it was: put it away."
    )
