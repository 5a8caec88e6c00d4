"""The doctor finds each fault that is put in front of it, and nothing on a healthy database."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from storage import schema
from storage.checkup import of_pragmas
from storage.doctor import Finding, examine
from storage.lock import service_lock
from storage.store import Store
from tests.storage.academy import ASHA, NOW, enrol, found
from tests.support.postgres import Server

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "attache.sqlite3"


@pytest.fixture
async def url(file: Path) -> str:
    """A healthy database with a learner in it."""
    address = f"sqlite+aiosqlite:///{file}"
    async with await Store.open(address) as store:
        await enrol(store, await found(store), ASHA, "Asha")
        await store.change(lambda tx: tx.run(update(schema.inbox).values(state="done")))
    return address


async def faults(url: str, file: Path) -> dict[str, str]:
    findings = await examine(url, file.parent, now=LATER)
    return {finding.name: finding.sentence for finding in findings if not finding.ok}


async def test_a_healthy_database_has_no_fault(url: str, file: Path) -> None:
    findings = await examine(url, file.parent, now=LATER)
    assert [finding for finding in findings if not finding.ok] == []
    assert [finding.name for finding in findings] == [
        "disk", "volume", "modes", "lock", "integrity", "foreign keys", "pragmas", "schema",
        "inbox", "sending", "unknown",
    ]  # fmt: skip


async def test_the_doctor_makes_no_database(tmp_path: Path) -> None:
    file = tmp_path / "data" / "attache.sqlite3"
    findings = await examine(f"sqlite:///{file}", file.parent, now=NOW)
    assert all(finding.ok for finding in findings)
    assert findings[-1].sentence.endswith("the first `attache run` creates it.")
    assert not file.parent.exists()


def sql(words: str) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(words)
            connection.commit()

    return spoil


def torn(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])


def scratched(file: Path) -> None:
    """Damage the page of one table; the file still opens."""
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'posting'").fetchone()
    octets = bytearray(file.read_bytes())
    octets[(page - 1) * 4096 + 8 : page * 4096] = b"\xff" * 4088
    file.write_bytes(octets)


@pytest.mark.parametrize(
    ("name", "spoil", "sentence"),
    [
        ("open", torn, "attache restore"),
        ("integrity", scratched, "is damaged"),
        ("pragmas", sql("PRAGMA journal_mode=DELETE"), "mode delete, not wal"),
        ("foreign keys", sql("DELETE FROM learner"), "points at no row of learner"),
        ("schema", sql("UPDATE alembic_version SET version_num = '9999'"), "newer Attaché"),
        ("schema", sql("DELETE FROM alembic_version"), "not Attaché's"),
        ("modes", lambda file: file.chmod(0o644), "chmod 600"),
        ("inbox", sql("UPDATE inbox SET state = 'applied' WHERE update_id = 101"), "1 updates have waited"),
        ("sending", sql("UPDATE delivery SET state = 'sending' WHERE id = 1"), "1 deliveries have been"),
        ("unknown", sql("UPDATE delivery SET state = 'unknown' WHERE id < 3"), "2 deliveries may or may not"),
    ],
)
async def test_each_fault_is_found_and_named(
    name: str, spoil: Callable[[Path], None], sentence: str, url: str, file: Path
) -> None:
    spoil(file)
    found_faults = await faults(url, file)
    assert sentence in found_faults[name]


async def test_a_delivery_that_is_on_its_way_just_now_is_no_fault(url: str, file: Path) -> None:
    async with await Store.open(url) as store:
        held = select(schema.delivery_lease.c.delivery_id)
        sending = update(schema.delivery).where(schema.delivery.c.id.in_(held)).values(state="sending")
        assert await store.change(lambda tx: tx.run(sending)) == 1
        await store.change(lambda tx: tx.run(update(schema.delivery_lease).values(lease_until=LATER)))
    assert "sending" not in await faults(url, file)


async def test_a_token_that_others_can_read_is_found(url: str, file: Path, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("secret")
    token.chmod(0o640)
    findings = await examine(url, file.parent, now=NOW, token_file=token)
    (fault,) = [finding for finding in findings if finding.name == "modes" and not finding.ok]
    assert str(token) in fault.sentence
    assert "secret" not in fault.sentence


async def test_the_doctor_names_the_service_that_runs(url: str, file: Path) -> None:
    with service_lock(file, "run"):
        findings = await examine(url, file.parent, now=NOW)
    (lock,) = [finding for finding in findings if finding.name == "lock"]
    assert f"`attache run` (process {os.getpid()})" in lock.sentence


def test_a_sqlite_that_does_not_do_as_told_is_found(file: Path, url: str) -> None:
    finding = of_pragmas(file, {"journal_mode": "wal", "synchronous": 3})
    assert finding == Finding(
        "pragmas", False, "This SQLite does not do as told (synchronous is 2, not 3): use a newer one."
    )


async def test_the_doctor_works_beside_a_writing_service(url: str, file: Path) -> None:
    async with await Store.open(url) as store:
        await store.change(lambda tx: tx.run(insert(schema.meta).values(key="k", value="v")))
        assert await faults(url, file) == {}


@pytest.mark.slow
async def test_a_healthy_postgresql_has_no_fault_and_an_empty_one_is_to_be_migrated(
    postgres: Server, tmp_path: Path
) -> None:
    async with postgres.database() as url:
        findings = await examine(url, tmp_path, now=LATER)
        assert [finding for finding in findings if not finding.ok] == []
        assert [f.name for f in findings] == ["disk", "volume", "modes", "schema", "inbox", "sending", "unknown"]
    async with postgres.database(migrated=False) as url:
        assert "attache migrate" in (await faults(url, tmp_path / "file"))["schema"]
    assert "check the name" in (await faults(url, tmp_path / "file"))["schema"]
