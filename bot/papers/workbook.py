"""The first sheet of an XLSX file. Its parts are measured and unpacked here, so that the reader meets nothing else.

A few kilobytes may claim gigabytes in two ways: as a zip, and by one cell at the far corner of a sheet.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

MOST_UNPACKED = 30_000_000  # bytes
MOST_PARTS = 500
MOST_ROWS = 5_001  # the header and five thousand people
MOST_COLUMNS = 60
ROOM = 1_500_000_000  # bytes that reading may take beside what the process has
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,7})([0-9]{1,9})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Trouble(Exception):
    """The file cannot be used; the words are the kind of trouble."""


def rows_of(content: bytes) -> list[list[str]]:
    """The cells of the first sheet as text, from its corner A1 on; raises Trouble."""
    parts = _unpacked(content)
    _measure(parts)
    _refuse_formulas(parts)
    with _room():
        return [[_text(cell) for cell in row] for row in _read(parts)]


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Every part, read to its real end and no further than the limit."""
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Trouble("bomb")
            if any(entry.flag_bits & 1 for entry in entries):
                raise Trouble("encrypted")
            for entry in entries:
                with packed.open(entry) as part:
                    parts[entry.filename] = part.read(left + 1)
                left -= len(parts[entry.filename])
                if left < 0:
                    raise Trouble("bomb")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise Trouble("broken") from None
    if not any(name.startswith("xl/") for name in parts):
        raise Trouble("other-format")
    return parts


def _measure(parts: dict[str, bytes]) -> None:
    """No cell may stand so far out that the grid up to it cannot be held."""
    for name, part in parts.items():
        if not name.endswith(".xml"):
            continue
        if any(len(column) > 2 or int(row) > 50_000 for column, row in _CELL.findall(part)):
            raise Trouble("too-wide")
        if any(int(row) > 50_000 for row in _ROW.findall(part)):
            raise Trouble("too-many-rows")


def _refuse_formulas(parts: dict[str, bytes]) -> None:
    part = parts.get(_first_sheet(parts), b"")
    found = _FORMULA.search(part)
    if found:
        before = _CELL.findall(part, 0, found.start())
        raise Trouble(f"formula:{int(before[-1][1]) if before else 1}")


def _first_sheet(parts: dict[str, bytes]) -> str:
    try:
        book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314 - expat refuses entity bombs since 2.4.1
        links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        raise Trouble("broken") from None
    wanted = next((each.get(_RELATION) for each in book.iter() if each.tag.endswith("}sheet")), None)
    target = next((str(each.get("Target")) for each in links if each.get("Id") == wanted), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _read(parts: dict[str, bytes]) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - the refusals above need no reader

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as whole:
        for name, part in parts.items():
            whole.writestr(name, part)
    packed.seek(0)
    try:
        sheet = CalamineWorkbook.from_filelike(packed).get_sheet_by_index(0)
        if sheet.total_height > 4 * MOST_ROWS:
            raise Trouble("too-many-rows")
        return sheet.to_python(skip_empty_area=False)
    except Trouble:
        raise
    except Exception:  # its errors have no common base
        raise Trouble("broken") from None


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


@contextmanager
def _room() -> Iterator[None]:
    """No more memory than a roster takes: whatever was overlooked above ends this process, not the machine."""
    try:
        import resource  # noqa: PLC0415 - only where the system has it
    except ImportError:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as held:
            now = int(held.read().split()[0]) * resource.getpagesize()
        if before[0] in (resource.RLIM_INFINITY, -1) or before[0] > now + ROOM:
            resource.setrlimit(resource.RLIMIT_AS, (now + ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
