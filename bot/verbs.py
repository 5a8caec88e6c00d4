"""What every verb of the command shares: settings, sentences for what goes wrong, JSON or words."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from bot.desk import DeskError
from bot.settings import NoToken, Settings, SettingsError, TokenRefused, read
from lessons.course import CourseError
from storage.errors import StorageError

Json = Annotated[bool, typer.Option("--json", help="Print JSON only, for scripts.")]
TOLD = (SettingsError, NoToken, TokenRefused, StorageError, CourseError, DeskError)


def settled(work: Callable[[Settings], Coroutine[Any, Any, Any]], *, serving: bool = False) -> Any:
    """Read the settings, do the work, and turn what goes wrong into a sentence and exit status 1."""
    try:
        with asyncio.Runner(loop_factory=swift_loop() if serving else None) as runner:
            return runner.run(work(read()))
    except TOLD as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def swift_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it is installed (the extra `fast`); what it saves stands in the speed table."""
    try:
        import uvloop  # noqa: PLC0415 - it may not be there
    except ImportError:
        return None
    return uvloop.new_event_loop


def print_out(value: Any, *, as_json: bool, words: str) -> None:
    """JSON for scripts, words for people."""
    typer.echo(json.dumps(value, ensure_ascii=False) if as_json else words)
