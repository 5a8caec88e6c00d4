"""The forms in which rows go out. In none of them may a cell come alive as a formula."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TextIO

ALIVE = ("=", "+", "-", "@", "\t", "\r")
LINE_END = "\r\n"  # RFC 4180; with it a lone carriage return in a cell is quoted and begins no row
MOST_IN_A_SHEET = 1_048_575  # rows below the headings; Excel has no more


class Form(StrEnum):
    """How rows are written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    XAPI = "xapi"


def inert(value: Any) -> Any:
    """The cell with an apostrophe in front where a spreadsheet would read a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(ALIVE) else value


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], out: TextIO) -> None:
    """Rows below no headings."""
    writer = csv.DictWriter(out, columns, lineterminator=LINE_END)
    for row in rows:
        writer.writerow({name: inert(row[name]) for name in columns})


def headings(columns: Sequence[str]) -> str:
    """The first line of a CSV file."""
    return ",".join(columns) + LINE_END


def write_json_lines(rows: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """An object a line."""
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def text_of(form: Form, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A whole file of CSV or JSON lines."""
    out = io.StringIO()
    if form is Form.CSV:
        out.write(headings(columns))
        write_csv(rows, columns, out)
    else:
        write_json_lines(rows, out)
    return out.getvalue()
