"""The operator's exports: any kind of rows in any form, page by page, beside a running service."""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from bot.desk import DeskError, clock_of, database, named
from bot.exporting import forms
from bot.exporting.forms import Form
from bot.exporting.rows import Kind, Wanted, make_key, rows
from bot.exporting.xapi import Statement, Teller
from bot.settings import Settings
from bot.terms.value import HOME_ZONE
from storage import meta, reports
from storage.store import Store

LOT = 500  # rows written at a time


async def export(settings: Settings, *, kind: Kind, cohort: str, form: Form, pseudonyms: bool, to: Path | None) -> int:
    """Write it to a file or to standard output; how many rows or statements that were."""
    if form is Form.XAPI and kind is Kind.DELIVERIES:
        raise DeskError("Deliveries have no form in xAPI. Choose --format csv, xlsx or jsonl.")
    if form is Form.XLSX and to is None:
        raise DeskError("A workbook goes into a file: add -o answers.xlsx.")
    today = (await clock_of(settings)).people_now().astimezone(ZoneInfo(HOME_ZONE)).date()
    async with await Store.open(database(settings)) as store:
        found = await store.read(lambda tx: named(tx, cohort))
        key = await store.change(make_key) if pseudonyms else None
        wanted = Wanted(kind, found, today, key)
        if form is Form.XLSX and to is not None:
            return await _sheet(store, wanted, to)
        with _opened(to) as out:
            if form is Form.XAPI:
                return await _statements(store, wanted, settings, out)
            return await _lines(store, wanted, form, out)


@contextmanager
def _opened(to: Path | None) -> Iterator[TextIO]:
    """A file, or standard output, which is not closed."""
    if to is None:
        yield sys.stdout
        return
    try:
        file = to.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise DeskError(f"{to}: {error.strerror}. Name a file that can be written.") from None
    with file:
        yield file


async def _lots(store: Store, wanted: Wanted) -> AsyncIterator[list[tuple[int, dict[str, Any]]]]:
    lot: list[tuple[int, dict[str, Any]]] = []
    async for numbered in rows(store, wanted):
        lot.append(numbered)
        if len(lot) == LOT:
            yield lot
            lot = []
    if lot:
        yield lot


async def _lines(store: Store, wanted: Wanted, form: Form, out: TextIO) -> int:
    if form is Form.CSV:
        out.write(forms.headings(wanted.columns))
    n = 0
    async for lot in _lots(store, wanted):
        plain = [row for _, row in lot]
        n += len(plain)
        if form is Form.CSV:
            forms.write_csv(plain, wanted.columns, out)
        else:
            forms.write_json_lines(plain, out)
    return n


async def _sheet(store: Store, wanted: Wanted, to: Path) -> int:
    from bot.papers.exports import SheetFile  # noqa: PLC0415 - a heavy library that `run` must not load

    n = 0
    with SheetFile(to, wanted.columns) as file:
        async for lot in _lots(store, wanted):
            n += len(lot)
            if n > forms.MOST_IN_A_SHEET:
                raise DeskError("A workbook holds 1,048,575 rows and this is more. Choose --format csv.")
            file.write(row for _, row in lot)
    return n


async def teller_of(store: Store, wanted: Wanted, settings: Settings) -> Teller:
    """Who tells: the bot's own address is the academy's."""
    bot = await store.read(lambda tx: meta.get(tx, meta.BOT_USERNAME))
    return Teller(f"https://t.me/{bot or 'attache'}", wanted.cohort.course_id, settings.academy)


def _told(
    teller: Teller, kind: Kind, lot: list[tuple[int, dict[str, Any]]], remarks: list[dict[str, Any]]
) -> Iterator[Statement]:
    match kind:
        case Kind.ANSWERS:
            return teller.answers(lot, remarks)
        case Kind.CASES:
            return teller.moves(lot)
        case _:
            return teller.completions(lot)


async def _statements(store: Store, wanted: Wanted, settings: Settings, out: TextIO) -> int:
    teller = await teller_of(store, wanted, settings)
    remarks = await store.read(lambda tx: reports.remarks(tx, wanted.cohort.id))
    n, separator = 0, count()
    out.write("[")
    async for lot in _lots(store, wanted):
        told: list[Statement]
        told = [*_told(teller, wanted.kind, lot, remarks)]
        for statement in told:
            out.write((",\n" if next(separator) else "\n") + json.dumps(statement, ensure_ascii=False))
        n += len(told)
    out.write("\n]\n")
    return n
