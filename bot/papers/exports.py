"""Exports as XLSX: a row at a time, so that a large cohort needs no more memory than a small one."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import xlsxwriter

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
EXACT = 2**53  # larger whole numbers would be rounded, so they go as text


class SheetFile:
    """A workbook that is being written. No cell comes alive."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._book = xlsxwriter.Workbook(str(path), OPTIONS | {"constant_memory": True})
        self._page = self._book.add_worksheet("Export")
        self._columns = columns
        self._page.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True, "bottom": 1})
        for n, name in enumerate(columns):
            self._page.set_column(n, n, max(12, len(name) + 2))
            self._page.write_string(0, n, name, bold)
        self._at = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def write(self, rows: Iterable[dict[str, Any]]) -> None:
        """More rows below those that stand."""
        for row in rows:
            self._at += 1
            for n, name in enumerate(self._columns):
                self._cell(n, row[name])

    def _cell(self, column: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self._page.write_boolean(self._at, column, value)
        elif isinstance(value, int | float) and abs(value) <= EXACT:
            self._page.write_number(self._at, column, value)
        else:
            self._page.write_string(self._at, column, str(value))


def made(values: dict[str, Any]) -> bytes:
    """The file for the chat, in the worker process: {"text"}, or {"columns", "rows"} for a workbook."""
    if "text" in values:
        return str(values["text"]).encode()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        with SheetFile(path, values["columns"]) as file:
            file.write(values["rows"])
        return path.read_bytes()
