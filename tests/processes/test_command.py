"""The command `attache`: what it prints, and the one clear sentence when something is wrong."""

import asyncio
import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest

from tests.support.processes import TOKEN, attache, environment, sandbox_process, started

pytestmark = pytest.mark.slow
START = "2026-11-21T16:40:00+00:00"


async def test_without_a_token_run_says_so_and_points_to_the_demo(tmp_path: Path) -> None:
    status, out, err = await attache("run", env=environment(tmp_path))
    assert status == 1
    assert out == ""
    assert "ATTACHE_BOT_TOKEN" in err
    assert "attache demo" in err
    assert "Traceback" not in err


async def test_a_wrong_token_is_named_without_being_shown(tmp_path: Path) -> None:
    async with sandbox_process(tmp_path, START) as address:
        wrong = TOKEN.replace("AAtest", "AAwrong")
        status, _, err = await attache("run", env=environment(tmp_path, address, ATTACHE_BOT_TOKEN=wrong))
    assert status == 1
    assert "does not accept the bot token" in err
    assert "AAwrong" not in err


async def test_all_mistakes_in_settings_are_told_at_once(tmp_path: Path) -> None:
    env = environment(tmp_path, ATTACHE_SEND_RATE="many", ATTACHE_HTTP_PORT="99999", ATTACHE_COORDINATORS="Nasreen")
    status, _, err = await attache("run", env=env)
    assert status == 1
    for name in ("ATTACHE_SEND_RATE", "ATTACHE_HTTP_PORT", "ATTACHE_COORDINATORS"):
        assert name in err


async def test_no_network_at_the_start_is_waited_out(tmp_path: Path) -> None:
    env = environment(tmp_path / "data", "http://127.0.0.1:9", ATTACHE_CLOCK="")
    del env["ATTACHE_CLOCK"]
    log = tmp_path / "log"
    async with started("bot", "run", env=env, log=log) as service:
        for _ in range(200):
            if "telegram.out-of-reach" in log.read_text():
                break
            await asyncio.sleep(0.05)
        assert service.returncode is None, log.read_text()
        assert "telegram.out-of-reach" in log.read_text()
        service.terminate()
        assert await service.wait() == 0


async def test_a_second_service_on_one_file_is_refused_by_name(tmp_path: Path) -> None:
    async with sandbox_process(tmp_path, START) as address:
        env = environment(tmp_path / "data", address)
        log = tmp_path / "log"
        async with started("bot", "run", env=env, log=log):
            for _ in range(200):
                if "service.online" in log.read_text():
                    break
                await asyncio.sleep(0.05)
            status, _, err = await attache("run", env=env)
            assert status == 1
            assert "PostgreSQL" in err
            assert "attache run" in err


async def test_a_newer_schema_and_a_broken_file_get_a_sentence(tmp_path: Path) -> None:
    env = environment(tmp_path)
    assert (await attache("migrate", env=env))[0] == 0
    database = tmp_path / "attache.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    status, _, err = await attache("cohort", "list", env=env)
    assert status == 1
    assert "9999" in err
    database.write_bytes(b"this is no database, it is a letter" * 100)
    status, _, err = await attache("cohort", "list", env=env)
    assert status == 1
    assert str(database) in err
    assert "attache restore" in err
    assert "Traceback" not in err


async def test_a_cohort_is_made_listed_shown_and_its_name_is_its_own(tmp_path: Path) -> None:
    env = environment(tmp_path)
    status, out, err = await attache(
        "cohort", "create", "--name", "Gulf 2026", "--start", "2026-12-06", "--json", env=env
    )
    assert status == 0
    made = json.loads(out)
    assert set(made) == {"cohort", "code", "link"}
    assert made["link"] is None
    assert "no link" in err
    assert 16 <= len(made["code"]) <= 64
    status, _, err = await attache("cohort", "create", "--name", "Gulf 2026", env=env)
    assert status == 1
    assert "There is a cohort named “Gulf 2026” already" in err
    _, out, _ = await attache("cohort", "list", "--json", env=env)
    told = {"cohort": "Gulf 2026", "course": "migration-diplomacy", "start": "2026-12-06", "taught": True}
    assert json.loads(out) == [told]
    _, out, _ = await attache("cohort", "show", "Gulf 2026", "--json", env=env)
    assert json.loads(out)["places"] == 100
    status, _, err = await attache("export", "answers", "--cohort", "Nowhere", env=env)
    assert status == 1
    assert "cohort list" in err
    for wrong in (("--start", "soon"), ("--course", "cooking")):
        status, _, err = await attache("cohort", "create", "--name", "X", *wrong, env=env)
        assert status == 1
        assert wrong[1] in err


async def test_a_cohort_keeps_the_terms_it_is_made_with(tmp_path: Path) -> None:
    env = environment(tmp_path)
    made = ("cohort", "create", "--name", "Gulf", "--start", "2026-12-06")
    terms = ("--deadline", "2027-04-30", "--pace", "2", "--bar", "75", "--home", "np")
    assert (await attache(*made, *terms, env=env))[0] == 0
    _, out, _ = await attache("cohort", "show", "Gulf", "--json", env=env)
    shown = json.loads(out)
    assert {key: shown[key] for key in ("start", "deadline", "pace", "bar", "home")} == {
        "start": "2026-12-06",
        "deadline": "2027-04-30",
        "pace": 2,
        "bar": 75,
        "home": "NP",
    }
    _, out, _ = await attache("cohort", "show", "Gulf", env=env)
    assert "deadline: 2027-04-30" in out
    other = ("cohort", "create", "--name", "Asia", "--start", "2026-12-06")
    for wrong, why in (
        (("--deadline", "spring"), "--deadline: I cannot read a date in “spring”"),
        (("--deadline", "2026-12-01"), "The deadline comes before the start, Sunday 6 December"),
        (("--home", "XX"), "is no country"),
        (("--pace", "9"), "--pace"),
        (("--bar", "20"), "--bar"),
    ):
        status, _, err = await attache(*other, *wrong, env=env)
        assert status != 0
        assert why in err
        assert "Traceback" not in err


async def test_export_csv_has_its_header_even_when_empty(tmp_path: Path) -> None:
    env = environment(tmp_path)
    await attache("cohort", "create", "--name", "Gulf", env=env)
    _, out, _ = await attache("export", "answers", "--cohort", "Gulf", "--format", "csv", env=env)
    assert next(csv.reader(io.StringIO(out)))[:4] == ["telegram_id", "cohort", "question", "version"]


async def test_backup_doctor_and_restore_go_together(tmp_path: Path) -> None:
    env = environment(tmp_path / "data")
    await attache("cohort", "create", "--name", "Gulf", env=env)
    copy = tmp_path / "copy.sqlite3"
    assert (await attache("backup", str(copy), env=env))[0] == 0
    status, _, err = await attache("backup", str(copy), env=env)
    assert status == 1
    assert "--force" in err
    await attache("cohort", "create", "--name", "London", env=env)
    status, out, err = await attache("restore", str(copy), env=env)
    assert status == 0, err
    _, out, _ = await attache("cohort", "list", "--json", env=env)
    assert [row["cohort"] for row in json.loads(out)] == ["Gulf"]
    status, out, _ = await attache("doctor", "--json", env=env)
    assert status == 0, out
    assert all(finding["ok"] for finding in json.loads(out))


async def test_check_names_file_and_line(tmp_path: Path) -> None:
    env = environment(tmp_path)
    status, out, _ = await attache("check", env=env)
    assert (status, out.splitlines()[0]) == (0, "No problems found.")
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.yaml").write_text("id: X Y\ntitle: T\nlanguage: en\nmodules: []\n")
    status, out, _ = await attache("check", str(course), env=env)
    assert status == 1
    assert "course.yaml:1: " in out
