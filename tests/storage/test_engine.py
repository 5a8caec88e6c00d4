"""Addresses of databases and what the engines promise."""

from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import (
    READING,
    WRITING,
    file_of,
    make_file,
    place_of,
    sqlite_reader,
    sqlite_writer,
    url_of,
)
from storage.errors import BadAddress
from storage.store import Store, Tx
from tests.support.postgres import Server


def test_without_a_setting_the_database_lies_in_the_data_folder() -> None:
    assert url_of(None, Path("/srv/data")) == "sqlite+aiosqlite:////srv/data/attache.sqlite3"
    assert file_of(url_of("", Path("/srv/data"))) == Path("/srv/data/attache.sqlite3")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sqlite:///here.sqlite3", "sqlite+aiosqlite:///here.sqlite3"),
        ("sqlite+aiosqlite:////srv/it", "sqlite+aiosqlite:////srv/it"),
        ("postgres://asha:pw@host/name", "postgresql+asyncpg://asha:pw@host/name"),
        ("postgresql+asyncpg://host/name", "postgresql+asyncpg://host/name"),
    ],
)
def test_an_address_gets_the_driver_we_use(said: str, meant: str) -> None:
    assert url_of(said, Path()) == meant


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("mysql://asha:secret@host/name", "mysql is no database"),
        ("nonsense:secret", "is not one"),
        ("sqlite://", "plain file"),
        ("sqlite+aiosqlite:///:memory:", "plain file"),
    ],
)
def test_a_bad_address_gets_a_sentence_without_its_secrets(said: str, sentence: str) -> None:
    with pytest.raises(BadAddress, match=sentence) as caught:
        url_of(said, Path())
    assert "secret" not in str(caught.value)


def test_a_sentence_names_the_server_without_its_password() -> None:
    assert place_of("postgresql://asha:secret@host/name") == "postgresql+asyncpg://asha:***@host/name"


@pytest.mark.parametrize(("engine_of", "wanted"), [(sqlite_writer, WRITING), (sqlite_reader, READING)])
def test_every_connection_has_its_pragmas(engine_of: object, wanted: dict[str, object], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    engine = engine_of(url)  # type: ignore[operator]  # one of the two functions above
    try:
        with engine.connect() as connection:
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}
    finally:
        engine.dispose()
    assert found == wanted


@pytest.mark.slow
async def test_changes_and_reads_on_postgresql_see_one_snapshot_and_reads_cannot_write(
    postgres: Server,
) -> None:
    async def seen(tx: Tx) -> tuple[str, str]:
        level = await tx.value(text("SHOW transaction_isolation"))
        return level, await tx.value(text("SHOW transaction_read_only"))

    async with postgres.database() as url, await Store.open(url) as store:
        for _ in range(2):  # the second time on a connection that served the other kind
            assert await store.change(seen) == ("repeatable read", "off")
            assert await store.read(seen) == ("repeatable read", "on")


def test_a_new_file_and_its_folder_are_their_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "x.sqlite3"
    make_file(file)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
