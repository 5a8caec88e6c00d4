"""A roster as values: which column is which, what each row says, and how it compares with what stands."""

import io
import zipfile
from importlib.resources import files

import pytest

from bot.papers.reading import cells
from bot.rosters.comparing import compare
from bot.rosters.headers import Headings, Missing, Twice, read_headings
from bot.rosters.lines import Line, read_lines
from scheduler.places import Gazetteer
from storage.rosters import Entry, Invitee

PLACES = Gazetteer.read((files("scheduler") / "cities.csv").read_text("utf-8"))
BANGLA = ("নাম", "দূতাবাস", "দেশ", "পদবি", "লিঙ্গ", "ই-মেইল")
HEADINGS = ("Name", "Mission", "Country", "Time zone", "Language", "Rank", "Sex", "E-mail")


def line(*row: str) -> Line:
    """A row below all headings, as it is understood."""
    found = read_headings([HEADINGS])
    assert isinstance(found, Headings)
    return next(read_lines([HEADINGS, row], found, PLACES))


def understood(*row: str) -> Entry:
    entry = line(*row).entry
    assert entry is not None
    return entry


def standing(entry: Entry, number: int = 1) -> Invitee:
    """Somebody who is on the roster."""
    return Invitee(number, 1, entry.same, None, None, entry)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("Full name,Embassy,Host country,Designation,Gender,E-mail address", "name"),
        ("name;mission;country", "country"),
    ],
)
def test_headings_are_known_by_their_usual_names(row: str, field: str) -> None:
    found = read_headings([row.replace(";", ",").split(",")])
    assert isinstance(found, Headings)
    assert field in found.columns


def test_headings_are_known_in_bangla() -> None:
    found = read_headings([BANGLA])
    assert isinstance(found, Headings)
    assert list(found.columns) == ["name", "mission", "country", "rank", "sex", "email"]


def test_a_letterhead_may_stand_above_the_headings() -> None:
    found = read_headings([("Foreign Service Academy", "", ""), ("", "", ""), ("Name", "Mission", "Country")])
    assert isinstance(found, Headings)
    assert found.row == 2


def test_a_column_that_is_missing_is_named_beside_those_that_were_found() -> None:
    assert read_headings([("Name", "Country", "Shoe size")]) == Missing("mission", ("Name", "Country", "Shoe size"))


def test_two_columns_of_one_kind_are_both_named() -> None:
    assert read_headings([("Name", "Full name", "Mission", "Country")]) == Twice("name", ("Name", "Full name"))


def test_a_row_becomes_somebody_with_a_place_and_a_zone() -> None:
    found = understood(
        "Asha Rahman", "Embassy of Bangladesh, Riyadh", "Saudi Arabia", "", "Bangla", "Counsellor", "F", ""
    )
    assert (found.country, found.zone, found.language, found.sex) == ("SA", "Asia/Riyadh", "bn", "female")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("", "Embassy, Doha", "Qatar"), "no-name"),
        (("7", "Embassy, Doha", "Qatar"), "no-name"),
        (("Asha Rahman", "", "Qatar"), "no-mission"),
        (("Asha Rahman", "Embassy", ""), "no-country"),
        (("Asha Rahman", "Embassy", "Nowhereland"), "country"),
        (("Asha Rahman", "Consulate", "United States"), "no-zone"),
        (("Asha Rahman", "Consulate", "United States", "Asia/Riyadh"), "zone"),
        (("Asha Rahman", "Embassy, Doha", "Qatar", "", "Klingon"), "language"),
        (("Asha Rahman", "Embassy, Doha", "Qatar", "", "", "", "often"), "sex"),
        (("Asha Rahman", "Embassy, Doha", "Qatar", "", "", "", "", "asha at mission"), "email"),
        (("A" * 65, "Embassy, Doha", "Qatar"), "long-name"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(row: tuple[str, ...], fault: str) -> None:
    found = line(*row)
    assert found.entry is None
    assert found.fault == fault


def test_a_dash_is_an_empty_cell() -> None:
    assert understood("Asha Rahman", "Embassy, Doha", "Qatar", "–", "n/a", "-").rank is None


def test_the_same_person_twice_counts_once() -> None:
    asha = understood("Asha Rahman", "Embassy, Doha", "Qatar", "", "", "", "", "asha@mission.example")
    other_name = asha._replace(name="A. Rahman")
    found = compare([Line(2, asha), Line(3, asha), Line(4, other_name)], [])
    assert [each.number for each in found.new] == [2]
    assert [(each.line.number, each.first) for each in found.twice] == [(3, 2), (4, 2)]


def test_what_a_sheet_leaves_empty_stays_as_it_is() -> None:
    asha = understood("Asha Rahman", "Embassy, Doha", "Qatar", "", "", "Counsellor", "f", "asha@mission.example")
    bare = asha._replace(rank=None, sex=None, email=None)
    assert [each.number for each in compare([Line(2, bare)], [standing(asha)]).there] == [2]


def test_an_address_of_somebody_else_is_a_fault_and_no_change() -> None:
    asha = understood("Asha Rahman", "Embassy, Doha", "Qatar", "", "", "", "", "asha@mission.example")
    babu = understood("Babu Das", "Embassy, Doha", "Qatar", "", "", "", "", "babu@mission.example")
    confused = asha._replace(email="babu@mission.example")
    found = compare([Line(2, confused)], [standing(asha, 1), standing(babu, 2)])
    assert [each.fault for each in found.broken] == ["two-people"]
    assert not found.changed


TABLE = "নাম;দেশ\nAsha;Qatar\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_letters_are_read_however_they_were_saved(encoding: str) -> None:
    content = TABLE.replace("নাম", "Name").encode(encoding)
    assert cells(content, "r.csv") == ("rows", (("Name", "দেশ"), ("Asha", "Qatar")))


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "a,b\n1,2\n", "a\tb\n1\t2\n", "sep=;\na;b\n1;2\n", 'a;b\r\n"1";2\r\n'])
def test_the_mark_between_cells_is_found(text: str) -> None:
    assert cells(text.encode(), "r.csv") == ("rows", (("a", "b"), ("1", "2")))


def test_an_archive_that_lies_about_its_size_is_not_unpacked() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(60_000_000))
    lie = held.getvalue().replace((60_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    what, trouble = cells(lie, "r.xlsx")
    assert (what, trouble) in {("trouble", "bomb"), ("trouble", "broken")}


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("=1+1", "trouble"),
        ("+SUM(A1)", "trouble"),
        ("@cmd", "trouble"),
        ("-cmd|x", "trouble"),
        ("+880 17", "rows"),
        ("-3", "rows"),
    ],
)
def test_formulas_are_refused_and_numbers_are_not(cell: str, what: str) -> None:
    assert cells(f"a,b\n1,{cell}\n".encode(), "r.csv")[0] == what
