"""Reports from the chat: the evidence pack, rows as files, and who may take what."""

import io
import json
from datetime import date

import pytest
from python_calamine import load_workbook

from bot.demo import history
from lessons.catalogue import built_in
from storage import cohorts, colleagues
from storage.store import Tx
from tests.support.world import COORDINATOR, Phone, World

pytestmark = pytest.mark.slow  # the quick half has tests/lessons/test_evidence.py and tests/bot/test_exports.py
OBSERVER = 9004


async def spring(world: World) -> Phone:
    """A coordinator with the cohort of thirty-four that took the course in spring."""
    await world.cohort("Spring 2026", start=date(2026, 3, 2))

    async def write(tx: Tx) -> None:
        (cohort,) = await cohorts.every(tx)
        await history.write(tx, built_in(), cohort.id, date(2026, 3, 2))

    await world.running.store.change(write)
    return await world.phone("Nasreen", COORDINATOR)


async def test_the_evidence_pack_comes_as_a_pdf(world: World) -> None:
    nasreen = await spring(world)
    await nasreen.types("/reports")
    await nasreen.sees("Reports on Spring 2026", "Figures of fewer than five people are held back")
    await nasreen.taps("Evidence pack")
    await nasreen.sees("Evidence pack of Spring 2026")
    name, content = await nasreen.document()
    assert name == "evidence-1-2026-11-21.pdf"
    assert content.startswith(b"%PDF-")
    await nasreen.types("/audit")
    await nasreen.sees("took out a report or data")


async def test_rows_come_as_workbooks_and_statements(world: World) -> None:
    nasreen = await spring(world)
    await nasreen.types("/reports")
    await nasreen.taps("Answers (XLSX)")
    name, content = await nasreen.document()
    table = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert name.startswith("answers-1-")
    assert table[0][:3] == ["telegram_id", "cohort", "question"]
    assert len(table) > 2_000
    await nasreen.taps("Progress (XLSX)")
    assert len(load_workbook(io.BytesIO((await nasreen.document())[1])).get_sheet_by_index(0).to_python()) == 35
    await nasreen.taps("Answers (xAPI)")
    name, content = await nasreen.document()
    told = json.loads(content)
    assert name.endswith(".json")
    assert len({each["id"] for each in told}) == len(told) == len(table) - 1
    await nasreen.taps("Messages (XLSX)")
    assert (await nasreen.document())[0].startswith("deliveries-1-")


async def test_an_empty_cohort_has_a_pack_too(world: World) -> None:
    await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/reports")
    await nasreen.taps("Evidence pack")
    assert (await nasreen.document())[1].startswith(b"%PDF-")


async def test_an_observer_takes_the_pack_and_no_rows(world: World) -> None:
    await spring(world)
    now = await world.now()
    await world.running.store.change(lambda tx: colleagues.appoint(tx, OBSERVER, "observer", None, name="O", now=now))
    omar = await world.phone("Omar", OBSERVER)
    await omar.types("/reports")
    menu = await omar.last()
    assert not [label for label in menu.labels if "XLSX" in label or "xAPI" in label]
    await omar.forges("rp-data:1:answers", menu.message_id)
    assert "This is for coordinators" in (await omar.toast() or "")
    await omar.taps("Evidence pack")
    assert (await omar.document())[1].startswith(b"%PDF-")
