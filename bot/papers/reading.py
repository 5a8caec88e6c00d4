"""A colleague's CSV or XLSX file as cells, or the one thing that is wrong with it. Runs in the worker process.

Whatever comes is hostile: a file is bounded before it is opened, and nothing in it may come alive as a formula.
"""

import csv
import io
import re

from bot.papers import workbook
from bot.papers.workbook import MOST_COLUMNS, MOST_ROWS, Trouble

MOST = 2_000_000  # bytes
LONGEST_CELL = 500  # characters; what is longer is cut, and no column of a roster takes as much
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # begins an old .xls, and an .xlsx behind a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DELIMITERS = (",", ";", "\t", "|")
_ALIVE = re.compile(r"=|[+\-@][^\W\d_]")  # "=1+1", "+SUM(A1)", "@cmd"; a number with its sign is none

Rows = tuple[tuple[str, ...], ...]


def cells(content: bytes, file_name: str) -> tuple[str, Rows | str]:
    """("rows", cells as text, the first row of the sheet first) or ("trouble", which); `formula:7` names a row."""
    try:
        return "rows", _bounded(_read(content, file_name))
    except Trouble as trouble:
        return "trouble", str(trouble)


def _read(content: bytes, file_name: str) -> list[list[str]]:
    if len(content) > MOST:
        raise Trouble("too-big")
    if content.startswith(OLE):
        raise Trouble("encrypted" if ENCRYPTED in content else "old-format")
    if content.startswith(b"PK"):
        return workbook.rows_of(content)
    if file_name.lower().endswith((".xlsx", ".xlsm", ".xls", ".ods", ".numbers")):
        raise Trouble("broken" if content else "empty")
    return _of_text(decoded(content))


def decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with or without its mark, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif content[1:2] == b"\0" or content[:1] == b"\0":  # UTF-16 without its mark: Latin letters are half zeros
        encodings = ("utf-16-le",) if content[1:2] == b"\0" else ("utf-16-be",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Trouble("encoding")


def _of_text(text: str) -> list[list[str]]:
    delimiter, text = _delimiter(text)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > MOST_ROWS + 20:  # blank rows at the end are no rows
                break
    except csv.Error:
        raise Trouble("broken") from None
    return rows


def _delimiter(text: str) -> tuple[str, str]:
    """What parts the cells, by the line that has most of them; Excel's own first line `sep=;` counts and goes."""
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r'"?sep=(.)"?\s*', first)
    if named:
        return named[1], rest
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:5]
    most = max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in lines), default=0))
    return most, text


def _bounded(rows: list[list[str]]) -> Rows:
    kept = [tuple(" ".join(cell[:LONGEST_CELL].split()) for cell in row) for row in rows]
    while kept and not any(kept[-1]):
        kept.pop()
    if not kept:
        raise Trouble("empty")
    if len(kept) > MOST_ROWS:
        raise Trouble("too-many-rows")
    if max(map(len, kept)) > MOST_COLUMNS:
        raise Trouble("too-wide")
    for number, row in enumerate(kept, 1):
        if any(_ALIVE.match(cell) for cell in row):
            raise Trouble(f"formula:{number}")
    return tuple(kept)
