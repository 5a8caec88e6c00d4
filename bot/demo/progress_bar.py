"""How far a simulated week has come, for whoever waits for it."""

from datetime import datetime, timedelta
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Bar:
    """How far the days have come, on stderr."""

    def __init__(self, midnight: datetime, days: int) -> None:
        self._midnight = midnight
        self._days = days
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._task: TaskID = self._progress.add_task("Enrolling", total=days * 86400)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def enrolled(self, done: int, of: int) -> None:
        """Before the first day."""
        self._progress.update(self._task, description=f"Enrolling · {done} of {of}")

    def show(self, now: datetime) -> None:
        """The day in Riyadh."""
        passed = max(timedelta(), now - self._midnight)
        day = min(self._days, passed.days + 1)
        weekday = (self._midnight + timedelta(days=day - 1)).strftime("%A")
        done = passed.total_seconds()
        self._progress.update(self._task, completed=done, description=f"Day {day} of {self._days} · {weekday}")
