"""A whole database moved to another place or engine: one transaction at the target, proved before it commits.

The proof, table by table: as many rows as the source counts, and one checksum on both sides. It is taken over the
values as Python sees them (`storage/columns.py`), a SHA-256 a row, and the sum of those: the order of rows does not
matter, for the engines sort texts differently.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnClause, Connection, CursorResult, Table, column, func, insert, select, text
from sqlalchemy.exc import StatementError

from storage.ends import End, itself, reason, source_at, target_at
from storage.engine import file_of, parsed, place_of
from storage.errors import NotMoved, told
from storage.lock import service_lock
from storage.schema import metadata
from storage.transaction import AnyRow

WHO = "db move"
PAGE = 2000  # rows
ROOM = 2**256
UNREADABLE = (ValueError, TypeError, OverflowError, StatementError)

Report = Callable[[str, int, int], None]  # what is done now, rows done so far, rows to do in all


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did."""

    source: str
    target: str
    tables: int
    rows: int


@dataclass(slots=True)
class Tally:
    """How many rows a table has, and their checksum."""

    rows: int = 0
    checksum: int = 0

    def add(self, rows: Sequence[AnyRow]) -> None:
        """Count these too."""
        self.rows += len(rows)
        for row in rows:
            self.checksum += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest())
        self.checksum %= ROOM


def unwatched(_what: str, _done: int, _of: int) -> None:
    """Nobody looks."""


async def move(url: str, to: str, *, report: Report = unwatched) -> Moved:
    """Copy every row at `url` into the empty database at `to`; the source is only read.

    On any error, and when it is cancelled, the target is as empty as before and the move can be made again.
    Raises NotMoved, Locked, OlderSchema, NewerSchema, BrokenDatabase, Unreachable, BadAddress.
    """
    path, other = file_of(url), file_of(to)
    if parsed(url) == parsed(to) or (path and other and path.resolve() == other.resolve()):
        raise itself(place_of(to))
    if path is not None and not path.is_file():
        raise NotMoved(f"{path} is not there: ATTACHE_DATABASE_URL or ATTACHE_DATA must name the one that is to move.")
    with service_lock(path, WHO), service_lock(other, WHO):
        async with source_at(url) as source, target_at(to, source) as target:
            rows = await _copy(source, target, report)
            await target.commit()
    return Moved(place_of(url), place_of(to), len(metadata.tables), rows)


async def _copy(source: End, target: End, report: Report) -> int:
    """Copy, compare, make new ids go on after the old ones; how many rows there are."""
    counts = {each: await source.do(partial(_count, each)) for each in metadata.sorted_tables}
    done, total = 0, 2 * sum(counts.values())
    copied = {each: Tally() for each in counts}
    for each, tally in copied.items():
        report(f"Copying {each.name}", done, total)
        async for rows in _pages(source, each):
            await target.do(partial(_put, each, rows, target.place))
            tally.add(rows)
            report(f"Copying {each.name}", done := done + len(rows), total)
    for each, tally in copied.items():
        arrived = Tally()
        async for rows in _pages(target, each):
            arrived.add(rows)
            report(f"Comparing {each.name}", done := done + len(rows), total)
        _same(each, tally, arrived, counts[each], target.place)
    await target.do(_settle)
    return total // 2


def _same(of: Table, copied: Tally, arrived: Tally, counted: int, place: str) -> None:
    if copied == arrived and copied.rows == counted:
        return
    raise NotMoved(
        f"{of.name} would not be the same at {place} (rows counted, read and arrived: {counted}, {copied.rows}, "
        f"{arrived.rows}; checksums {'equal' if copied.checksum == arrived.checksum else 'differ'}): nothing was "
        f"moved. It may hold a value that Attaché does not write, such as a time with seconds."
    )


def _count(of: Table, connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(of)).scalar_one()


async def _pages(end: End, of: Table) -> AsyncIterator[Sequence[AnyRow]]:
    result = await end.do(lambda connection: connection.execute(select(of), execution_options={"yield_per": PAGE}))
    while rows := await end.do(partial(_page, of, result)):
        yield rows


def _page(of: Table, result: CursorResult[Any], connection: Connection) -> Sequence[AnyRow]:
    try:
        return result.fetchmany(PAGE)
    except UNREADABLE as error:
        if told(error, ""):
            raise
        raise NotMoved(
            f"{_unreadable(of, connection)} cannot be read: mend it and move again. Nothing was moved."
        ) from error


def _unreadable(of: Table, connection: Connection) -> str:
    """Which row it is: they are read one by one, found by their keys as they lie there."""
    keys: list[ColumnClause[Any]] = [column(each.name) for each in of.primary_key]
    for raw in connection.execute(select(*keys).select_from(of)).all():
        found = select(of).where(*(key == value for key, value in zip(keys, raw, strict=True)))
        try:
            connection.execute(found).all()
        except UNREADABLE:
            return _named(of, raw._asdict())
    return f"A row of {of.name}"


def _put(into: Table, rows: Sequence[AnyRow], place: str, connection: Connection) -> None:
    values = [row._asdict() for row in rows]
    try:
        with connection.begin_nested():
            connection.execute(insert(into), values)
    except StatementError as error:
        if not told(error, place):
            _one_by_one(into, values, place, connection)
        raise


def _one_by_one(into: Table, rows: Sequence[Mapping[str, Any]], place: str, connection: Connection) -> None:
    """Find the row that the target refuses."""
    for values in rows:
        try:
            with connection.begin_nested():
                connection.execute(insert(into), [values])
        except StatementError as error:
            nul = [name for name, value in values.items() if isinstance(value, str) and "\0" in value]
            why = f"its {nul[0]} holds a NUL character" if nul else reason(error)
            raise NotMoved(
                f"{_named(into, values)} is refused by {place} ({why}): mend it and move again. Nothing was moved."
            ) from error


def _named(of: Table, row: Mapping[str, Any]) -> str:
    return f"Row {', '.join(f'{each.name} {row[each.name]}' for each in of.primary_key)} of {of.name}"


def _settle(connection: Connection) -> None:
    """What an engine does not do by itself: SQLite's keys were not checked on the way, PostgreSQL's ids not counted."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise NotMoved(f"Row {lost[1]} of {lost[0]} points at no row of {lost[2]}: mend it and move again.")
        return
    for each in metadata.sorted_tables:
        for key in each.primary_key:
            asked = text("SELECT pg_get_serial_sequence(:of, :key)").bindparams(of=each.name, key=key.name)
            counter, largest = connection.execute(asked).scalar(), connection.execute(select(func.max(key))).scalar()
            if counter is not None and largest is not None:
                go_on = text("SELECT setval(CAST(:counter AS regclass), greatest(:largest, 1))")
                connection.execute(go_on, {"counter": counter, "largest": largest})
