"""`attache doctor`: what an operator should know about the database, each thing in a sentence.

The checks of a SQLite file that need no open store are in storage/checkup.py.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Select, Table, and_, func, select

from storage import migrations
from storage.checkup import Finding, of_disk, of_file, of_lock, of_modes, of_volume
from storage.engine import file_of, place_of
from storage.errors import StorageError
from storage.schema import delivery, delivery_lease, inbox
from storage.store import Store, Tx
from storage.unknowns import IN_DOUBT

LONG = timedelta(hours=1)

__all__ = ["Finding", "examine"]


async def examine(url: str, data: Path, *, now: datetime, token_file: Path | None = None) -> list[Finding]:
    """Every check that can be made, in reading order; `now` is the machine's clock, aware UTC."""
    file = file_of(url)
    findings = [of_disk(data, file), of_volume(data), *of_modes(data, file, token_file)]
    if file is not None:
        findings.append(of_lock(file))
        if not file.exists():
            there_is_none = f"{file} is not there yet: the first `attache run` creates it."
            return [*findings, Finding("database", True, there_is_none)]
        findings += of_file(file)
    schema = await _of_schema(url)
    findings.append(schema)
    if schema.ok and all(finding.ok for finding in findings if finding.name in ("open", "integrity")):
        findings += await _of_rows(url, now)
    return findings


async def _of_schema(url: str) -> Finding:
    try:
        revision = await migrations.current(url)
    except StorageError as error:
        return Finding("schema", False, str(error))
    wanted = migrations.head()
    if revision != wanted:
        older = f"{place_of(url)} has schema {revision or 'none'}, this Attaché needs {wanted}"
        return Finding("schema", False, f"{older}: run `attache migrate`.")
    return Finding("schema", True, f"The schema is {revision}, the one this Attaché knows.")


async def _of_rows(url: str, now: datetime) -> list[Finding]:
    """Rows that have not moved for an hour, and deliveries in doubt that no coordinator has looked at."""
    long_ago = now - LONG
    waiting = and_(inbox.c.state.in_(("open", "applied")), inbox.c.received_at < long_ago)
    # `sending` is committed just before the call and its lease is machine's time.
    in_hand = select(delivery_lease.c.delivery_id).where(delivery_lease.c.lease_until >= long_ago)
    sending = and_(delivery.c.state == "sending", delivery.c.id.not_in(in_hand))

    async def count(tx: Tx) -> Sequence[int]:
        return [
            await tx.value(_count(inbox, waiting)),
            await tx.value(_count(delivery, sending)),
            await tx.value(_count(delivery, IN_DOUBT)),
        ]

    async with await Store.open(url, migrate=False) as store:
        updates, stuck, lost = await store.read(count)
    return [
        _counted("inbox", updates, "updates have waited for more than an hour: see that `attache run` is running"),
        _counted("sending", stuck, "deliveries have been on their way for more than an hour: restart `attache run`"),
        _counted("unknown", lost, "deliveries may or may not have arrived: a coordinator finds them under /lost"),
    ]


def _count(table: Table, which: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(table).where(which)


def _counted(name: str, number: int, sentence: str) -> Finding:
    return Finding(name, number == 0, f"{number} {sentence}." if number else "None is stuck.")
