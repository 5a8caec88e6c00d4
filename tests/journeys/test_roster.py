"""A roster comes as a file, is tried, confirmed and turned into links; what is wrong with it is said in one line."""

import io
import zipfile
from pathlib import Path

import pytest
from python_calamine import load_workbook
from xlsxwriter import Workbook

from tests.support.world import COORDINATOR, Phone, World, a_world

pytestmark = pytest.mark.slow  # the quick half has tests/bot/test_rosters.py

FIVE_ROWS = """Name;Mission;Country;Rank;Sex;E-mail
Asha Rahman;Embassy of Bangladesh, Riyadh;Saudi Arabia;Counsellor;female;asha@mission.example
Babu Das;Embassy, Doha;Qatar;First Secretary;male;
Chitra Sen;Consulate General, New York;United States;;;
Broken Row;Embassy;Nowhereland;;;
Asha Rahman;Embassy of Bangladesh, Riyadh;Saudi Arabia;;;
"""


def cells(content: bytes) -> list[list[str]]:
    """A workbook as it is read by somebody who receives it."""
    return [[str(cell) for cell in row] for row in load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()]


async def desk(world: World) -> Phone:
    """A coordinator who has one cohort and sends its roster."""
    await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/invite")
    await nasreen.taps("Send a roster")
    return nasreen


async def imported(world: World) -> tuple[Phone, list[str]]:
    """A coordinator with three people on the roster, and their links in its order."""
    nasreen = await desk(world)
    await nasreen.sends("roster.csv", FIVE_ROWS.encode())
    await nasreen.taps("Import 3 rows")
    await nasreen.taps("Links as a sheet")
    await nasreen.taps("Make the links")
    name, content = await nasreen.document()
    assert name == "links-gulf-2026.xlsx"
    table = cells(content)
    link = table[0].index("Link")
    return nasreen, [row[link].partition("?start=")[2] for row in table[1:]]


async def test_a_roster_is_tried_before_it_is_imported(world: World) -> None:
    nasreen = await desk(world)
    await nasreen.sends("roster.csv", FIVE_ROWS.encode())
    await nasreen.sees("5 rows read. Nothing is imported yet", "New: 3", "Row 6, Asha Rahman: as in row 2")
    await nasreen.sees("Row 5: the country “Nowhereland” is not known. Write it in English.")
    await nasreen.types("/invite")
    await nasreen.sees("On the roster: 0")


async def test_all_good_rows_come_in_once_however_often_the_button_is_tapped(world: World) -> None:
    nasreen = await desk(world)
    await nasreen.sends("roster.csv", FIVE_ROWS.encode())
    await nasreen.taps("Import 3 rows", times=2)
    await nasreen.sees("Done. 3 new people are on the roster of Gulf 2026", "2 rows were left out")
    await nasreen.types("/invite")
    await nasreen.sees("On the roster: 3", "Joined: 0")


async def test_a_corrected_file_changes_what_it_names_and_nothing_else(world: World) -> None:
    nasreen = await desk(world)
    await nasreen.sends("roster.csv", FIVE_ROWS.encode())
    await nasreen.taps("Import 3 rows")
    await nasreen.sends(
        "roster.csv", FIVE_ROWS.replace("Das;Embassy, Doha;Qatar;First", "Das;Embassy, Doha;Qatar;Second").encode()
    )
    await nasreen.sees("Changed: 1", "Row 3, Babu Das: rank", "As it stands already: 2")
    await nasreen.taps("Import 1 row")
    await nasreen.sees("Changed: 1")


async def test_what_was_found_can_be_read_row_by_row_as_a_sheet(world: World) -> None:
    nasreen = await desk(world)
    await nasreen.sends("roster.csv", FIVE_ROWS.encode())
    await nasreen.taps("All rows as a sheet")
    _, content = await nasreen.document()
    table = cells(content)
    assert table[0][0] == "Row"
    assert len(table) == 6
    assert any("as in row 2" in cell for row in table for cell in row)


async def test_a_file_may_be_thrown_away(world: World) -> None:
    nasreen = await desk(world)
    await nasreen.sends("roster.csv", FIVE_ROWS.encode())
    draft = await nasreen.last()
    await nasreen.taps("Import nothing")
    await nasreen.sees("Nothing was imported")
    await nasreen.forges(draft.data[0], (await nasreen.last()).message_id)
    assert await nasreen.toast() == "This roster was imported or thrown away before."


async def test_a_restart_between_the_file_and_the_yes_loses_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        async with world.serving():
            nasreen = await desk(world)
        async with world.serving():
            await nasreen.sends("roster.csv", FIVE_ROWS.encode())
        async with world.serving():
            await nasreen.taps("Import 3 rows")
            await nasreen.sees("3 new people")


async def test_with_several_cohorts_the_file_asks_which_it_is_for(world: World) -> None:
    await world.cohort()
    await world.cohort("Europe 2026")
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.sends("roster.csv", FIVE_ROWS.encode())
    await nasreen.sees("For which cohort is this roster?")
    await nasreen.taps("Europe 2026")
    await nasreen.sees("roster.csv for Europe 2026: 5 rows read")


async def test_a_personal_link_asks_whether_it_is_you(world: World) -> None:
    nasreen, links = await imported(world)
    asha = await world.agreed("Asha", links[0])
    await asha.sees("Asha Rahman", "Riyadh", "Is that you?")
    await asha.taps("Yes, that is me")
    await asha.sees("Asha Rahman", "Riyadh", "08:30")  # nothing to type: the roster knows name and place
    await asha.taps("Yes, that is right")
    await nasreen.types("/invite")
    await nasreen.sees("Joined: 1")


async def test_a_forwarded_link_is_closed_and_told(world: World) -> None:
    nasreen, links = await imported(world)
    stranger = await world.agreed("Somebody", links[1])
    await stranger.taps("No, I am somebody else")
    await nasreen.sees("The personal link of Babu Das", "It is closed now")
    await stranger.types(f"/start {links[1]}")
    assert not (await stranger.last()).labels
    await nasreen.types("/audit")
    await nasreen.sees("a personal link was opened by somebody else, and closed")


async def test_fresh_links_close_those_handed_out_before(world: World) -> None:
    nasreen, links = await imported(world)
    await nasreen.types("/invite")
    await nasreen.taps("Links as a sheet")
    await nasreen.sees("3 links that were handed out before stop working")
    await nasreen.taps("Make the links", times=2)
    late = await world.phone("Late")
    await late.types(f"/start {links[0]}")
    assert not (await late.last()).labels


async def test_links_come_as_a_page_with_qr_codes(world: World) -> None:
    nasreen, _ = await imported(world)
    await nasreen.types("/invite")
    await nasreen.taps("Links with QR codes")
    await nasreen.taps("Make the links")
    name, content = await nasreen.document()
    assert name == "links-gulf-2026.pdf"
    assert content.startswith(b"%PDF-")


async def test_one_link_serves_as_many_as_it_has_places(world: World) -> None:
    nasreen = await desk(world)
    await nasreen.types("/invite")
    await nasreen.taps("One link for the cohort")
    await nasreen.types("many")
    await nasreen.sees("Please type a number from 1 to 10,000")
    await nasreen.types("1")
    await nasreen.sees("One link to Gulf 2026 with 1 place")
    code = (await nasreen.last()).text.partition("?start=")[2].split()[0]
    await world.enrolled("First", code)
    second = await world.phone("Second")
    await second.types(f"/start {code}")
    await second.sees("All places of this invitation are taken")


def workbook(write: str) -> bytes:
    """An XLSX file whose second row has this in its first cell."""
    held = io.BytesIO()
    book = Workbook(held)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "mission", "country"])
    sheet.write_row(1, 0, [write, "Embassy, Doha", "Qatar"])
    book.close()
    return held.getvalue()


def bomb() -> bytes:
    """A small archive that claims to be a workbook and unpacks to 60 MB."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    return held.getvalue()


ONE = 'name,mission,country\nBabu Das,"Embassy, Doha",Qatar\n'
MANY = "name,mission,country\n" + "".join(
    f'Officer {"abcdefghij"[n % 10]}{n},"Embassy, Doha",Qatar\n' for n in range(6000)
)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("roster.xlsx", workbook("=1+1"), "Row 2 holds a formula"),
        ("roster.csv", b"name,mission,country\n=cmd|x,Embassy,Qatar\n", "Row 2 holds a formula"),
        ("roster.csv", b"name,country\nBabu Das,Qatar\n", "There is no column “mission”. I found: name, country."),
        ("roster.csv", MANY.encode(), "The file has more than 5,000 rows"),
        ("roster.csv", b"\n\n", "The file is empty"),
        ("roster.csv", b"name,mission,country\n", "There are headings and no people below them"),
        ("roster.xlsx", b"PK\x03\x04 and nothing more", "The file is damaged"),
        ("roster.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This is Excel’s old format"),
        ("roster.csv", b"x" * 2_000_001, "The file is larger than 2 MB"),
        ("roster.csv", bytes(50_000_000), "The file is larger than 2 MB"),
        ("roster.xlsx", bomb(), "The file unpacks to far more than a roster holds"),
    ],
)
async def test_a_file_that_is_no_roster_says_what_to_mend(world: World, name: str, content: bytes, words: str) -> None:
    nasreen = await desk(world)
    await nasreen.sends(name, content)
    await nasreen.sees(words)
    await nasreen.sends("roster.csv", ONE.encode())  # the dialogue goes on where it was
    await nasreen.sees("1 row read")


async def test_whoever_is_no_colleague_has_no_roster_to_send(world: World) -> None:
    await world.cohort()
    stranger = await world.phone("Stranger")
    await stranger.sends("roster.csv", FIVE_ROWS.encode())
    assert "rows read" not in (await stranger.last()).text


async def test_a_new_account_goes_on_where_the_old_one_was(world: World) -> None:
    nasreen, links = await imported(world)
    asha = await world.agreed("Asha", links[0])
    await asha.taps("Yes, that is me")
    await asha.taps("Yes, that is right")
    await world.morning()
    await nasreen.types("/relink Asha")
    await nasreen.sees("a link that works once, for three days", "the old chat is cut off")
    await nasreen.taps("Make the link")
    code = (await nasreen.last()).text.partition("?start=")[2].split()[0]
    anew = await world.phone("Asha anew")
    await anew.types(f"/start {code}")
    await anew.sees("moves the course of Asha Rahman to this Telegram account")
    await anew.taps("Yes, that is me")
    await anew.sees("Your course goes on here")
    await asha.sees("Your course goes on in another Telegram account")
    await anew.types("/today")
    await anew.taps("To the question")
