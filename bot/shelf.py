"""The courses taught now: the built-in one and those in ATTACHE_CONTENT, read again when a file has changed.

A course that is broken is refused whole; the one that was running stays, so learners in the middle go on.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import structlog

from lessons import catalogue
from lessons.course import Course, CourseId

log = structlog.get_logger()


class Shelf(Mapping[str, Course]):
    """Course id → course. `refresh` looks at the folder; everybody who holds the shelf sees the change."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._seen = self._stamp()
        self._courses: dict[CourseId, Course] = {}
        self._read()

    def __getitem__(self, course_id: str) -> Course:
        return self._courses[CourseId(course_id)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._courses)

    def __len__(self) -> int:
        return len(self._courses)

    def refresh(self) -> bool:
        """Read the folder again if anything in it has changed; True when it was read."""
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        self._seen = stamp
        self._read()
        return True

    def _read(self) -> None:
        found, problems = catalogue.courses(self._folder)
        for problem in problems:
            log.error("content.refused", problem=str(problem))
        self._courses |= found

    def _stamp(self) -> frozenset[tuple[str, int, int]]:
        """Name, time and size of every file: enough to notice an edit, cheap enough for every half minute."""
        if self._folder is None or not self._folder.is_dir():
            return frozenset()
        files = ((path, path.stat()) for path in self._folder.rglob("*.yaml") if path.is_file())
        return frozenset((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in files)
