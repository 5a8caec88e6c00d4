"""A posting is found from what a person types."""

import csv
import io
from datetime import UTC, datetime
from importlib import resources
from zoneinfo import ZoneInfo

import holidays
import pytest
from babel import Locale
from babel.core import get_global
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.places import Found, Gazetteer, GazetteerUnreadable, NotFound, Place, Several
from scheduler.typed_words import words_of

CITIES = resources.files("scheduler").joinpath("cities.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(io.StringIO(CITIES)))
TOWNS = [row for row in ROWS if row["zone"]]
GAZETTEER = Gazetteer.read(CITIES)
HEADER = "name,country,subdivision,zone,rank,spellings\n"
MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)  # 09:30 in Riyadh, 12:30 in Dhaka


def names(answer: Found | Several | NotFound) -> list[str]:
    match answer:
        case Found(place):
            return [place.name]
        case Several(places):
            return [place.name for place in places]
        case NotFound(nearest):
            return [place.name for place in nearest]


@pytest.mark.parametrize(
    ("typed", "name", "zone"),
    [
        ("Jeddah", "Jeddah", "Asia/Riyadh"),
        ("jedda", "Jeddah", "Asia/Riyadh"),
        ("JIDDAH", "Jeddah", "Asia/Riyadh"),
        ("Jedah", "Jeddah", "Asia/Riyadh"),
        ("Jeddah, Saudi Arabia", "Jeddah", "Asia/Riyadh"),
        ("Jedah, Saudi Arabia", "Jeddah", "Asia/Riyadh"),
        ("embassy in Riyadh", "Riyadh", "Asia/Riyadh"),
        ("Riyadh KSA", "Riyadh", "Asia/Riyadh"),
        ("Riyadh/KSA", "Riyadh", "Asia/Riyadh"),
        ("Riyad", "Riyadh", "Asia/Riyadh"),
        ("Makkah al-Mukarramah", "Mecca", "Asia/Riyadh"),
        ("madina", "Medina", "Asia/Riyadh"),
        ("AlKhobar", "Al Khobar", "Asia/Riyadh"),
        ("al kobar", "Al Khobar", "Asia/Riyadh"),
        ("Jubial", "Jubail", "Asia/Riyadh"),
        ("i am in doha", "Doha", "Asia/Qatar"),
        ("ＤＯＨＡ", "Doha", "Asia/Qatar"),
        ("Dubia", "Dubai", "Asia/Dubai"),
        ("Ras Alkhaimah", "Ras Al Khaimah", "Asia/Dubai"),
        ("I will join the Labour Wing at Abu Dabhi", "Abu Dhabi", "Asia/Dubai"),
        ("Bangladesh Embassy, Muscat, Oman", "Muscat", "Asia/Muscat"),
        ("KL", "Kuala Lumpur", "Asia/Kuala_Lumpur"),
        ("KL Malaysia", "Kuala Lumpur", "Asia/Kuala_Lumpur"),
        ("Kuala Lumper", "Kuala Lumpur", "Asia/Kuala_Lumpur"),
        ("kualalumpur", "Kuala Lumpur", "Asia/Kuala_Lumpur"),
        ("Johor Baru", "Johor Bahru", "Asia/Kuala_Lumpur"),
        ("Singapor", "Singapore", "Asia/Singapore"),
        ("brunei begawan", "Brunei", "Asia/Brunei"),
        ("Male", "Malé", "Indian/Maldives"),
        ("milano", "Milan", "Europe/Rome"),
        ("Permanent Mission Geneva", "Geneva", "Europe/Zurich"),
        ("Permanent Mission of Bangladesh to the UN, New York", "New York", "America/New_York"),
        ("nyc", "New York", "America/New_York"),
        ("I am in LA", "Los Angeles", "America/Los_Angeles"),
        ("São Paulo", "São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "São Paulo", "America/Sao_Paulo"),
        ("n'djamena", "N'Djamena", "Africa/Ndjamena"),
        ("St Petersburg", "St. Petersburg", "Europe/Moscow"),
        ("London, UK", "London", "Europe/London"),
        ("London, Ontario", "London, Ontario", "America/Toronto"),
        ("Tripolli Libya", "Tripoli", "Africa/Tripoli"),
        ("Tripoli, Lebanon", "Tripoli", "Asia/Beirut"),
        ("Hong Kong, China", "Hong Kong", "Asia/Hong_Kong"),
        ("calcutta", "Kolkata", "Asia/Kolkata"),
        ("Ushuaia", "Ushuaia", "America/Argentina/Ushuaia"),
        ("Kuwait", "Kuwait", "Asia/Kuwait"),
        ("Réunion", "Réunion", "Indian/Reunion"),
        ("রিয়াদ", "Riyadh", "Asia/Riyadh"),
        ("রিয়াদে", "Riyadh", "Asia/Riyadh"),
        ("জেদ্দা", "Jeddah", "Asia/Riyadh"),
        ("দুবাই", "Dubai", "Asia/Dubai"),
        ("কুয়ালালামপুর", "Kuala Lumpur", "Asia/Kuala_Lumpur"),
        ("ঢাকা", "Dhaka", "Asia/Dhaka"),
        ("দোহা দূতাবাস", "Doha", "Asia/Qatar"),
        ("Asia/Dhaka", "Dhaka", "Asia/Dhaka"),
        ("asia/kuala lumpur", "Kuala Lumpur", "Asia/Kuala_Lumpur"),
        ("Qatar", "Qatar", "Asia/Qatar"),
        ("Bangladesh embassy, Qatar", "Qatar", "Asia/Qatar"),
        ("Saudi", "Saudi Arabia", "Asia/Riyadh"),
        ("KSA", "Saudi Arabia", "Asia/Riyadh"),
        ("Somewhere, Saudi Arabia", "Saudi Arabia", "Asia/Riyadh"),
        ("UAE", "United Arab Emirates", "Asia/Dubai"),
        ("U.A.E.", "United Arab Emirates", "Asia/Dubai"),
        ("Emirates", "United Arab Emirates", "Asia/Dubai"),
        ("Britain", "United Kingdom", "Europe/London"),
        ("u.k.", "United Kingdom", "Europe/London"),
        ("Korea", "South Korea", "Asia/Seoul"),
        ("Brunei", "Brunei", "Asia/Brunei"),
        ("Kuwaitt", "Kuwait", "Asia/Kuwait"),
        ("Ivory Coast", "Côte d’Ivoire", "Africa/Abidjan"),
        ("turkey", "Türkiye", "Europe/Istanbul"),
        ("Trinidad and Tobago", "Trinidad & Tobago", "America/Port_of_Spain"),
        ("Spain", "Spain", "Europe/Madrid"),
        ("সৌদি আরব", "Saudi Arabia", "Asia/Riyadh"),
        ("কাতার", "Qatar", "Asia/Qatar"),
        ("Bangladesh", "Bangladesh", "Asia/Dhaka"),
    ],
)
def test_words_find_one_place(typed: str, name: str, zone: str) -> None:
    answer = GAZETTEER.find(typed)

    assert isinstance(answer, Found)
    assert (answer.place.name, answer.place.zone) == (name, zone)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Malaysia", ["Kuala Lumpur", "Johor Bahru", "Penang", "Klang", "Kota Bharu", "Kuala Terengganu"]),
        ("Malaysa", ["Kuala Lumpur", "Johor Bahru"]),
        ("মালয়েশিয়া", ["Kuala Lumpur", "Johor Bahru"]),
        ("USA", ["Washington", "New York"]),
        ("U.S.A.", ["Washington", "New York"]),
        ("america", ["Washington", "New York"]),
        ("Springfield, USA", ["Washington", "New York"]),
        ("Canada", ["Ottawa", "Toronto"]),
        ("London", ["London", "London, Ontario"]),
        ("Bangladesh High Commission London", ["London", "London, Ontario"]),
        ("Tripoli", ["Tripoli", "Tripoli"]),
        ("Congo", ["Congo", "Kinshasa"]),
        ("from Dhaka to Riyadh", ["Dhaka", "Riyadh"]),
        ("Qatar or Oman", ["Qatar", "Oman"]),
    ],
)
def test_words_that_mean_several_places_list_them_best_known_first(typed: str, first: list[str]) -> None:
    answer = GAZETTEER.find(typed)

    assert isinstance(answer, Several)
    assert len(answer.places) <= 6
    assert names(answer)[: len(first)] == first


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("Irag", ["Iraq", "Iran", "Nicaragua"]),
        ("Kuala", ["Kuala Lumpur", "Kuala Terengganu", "Kuala Belait"]),
        ("xyzzy", []),
        ("", []),
        ("???", []),
        ("🎉", []),
        ("Bangladesh embassy", []),
        ("i am at the embassy", []),
    ],
)
def test_unknown_words_show_at_most_three_that_look_like_them(typed: str, nearest: list[str]) -> None:
    answer = GAZETTEER.find(typed)

    assert isinstance(answer, NotFound)
    assert names(answer) == nearest


def test_los_angeles_is_not_found_inside_another_name() -> None:
    assert "Los Angeles" not in names(GAZETTEER.find("la spezia"))


def test_a_malaysian_city_carries_its_state() -> None:
    answer = GAZETTEER.find("Kota Bharu")

    assert answer == Found(Place("Kota Bharu", "MY", "Malaysia", "KTN", "Asia/Kuala_Lumpur"))


def test_a_city_elsewhere_carries_no_state() -> None:
    assert GAZETTEER.find("Jeddah") == Found(Place("Jeddah", "SA", "Saudi Arabia", None, "Asia/Riyadh"))


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_text_of_any_script_is_answered(words: str) -> None:
    answer = GAZETTEER.find(words)

    assert len(names(answer)) <= (3 if isinstance(answer, NotFound) else 6)


@given(st.lists(st.sampled_from(sorted(GAZETTEER.names.meanings)), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_known_names_in_any_company_are_never_unknown(typed: list[str]) -> None:
    answer = GAZETTEER.find(", ".join(typed)[:200])

    assert not isinstance(answer, NotFound) or len(", ".join(typed)) > 150 or {"us", "la"} & set(typed)


def test_only_the_first_200_characters_are_read() -> None:
    assert GAZETTEER.find("x " * 100 + "Riyadh") == NotFound(())


def test_a_word_with_vowel_signs_is_one_word() -> None:
    assert len(words_of("কুয়ালালামপুর")) == 1


@pytest.mark.parametrize(
    ("typed", "name", "zone"),
    [
        ("Asia/Dhaka", "Dhaka", "Asia/Dhaka"),
        (" asia/dhaka ", "Dhaka", "Asia/Dhaka"),
        ("Asia/Calcutta", "Kolkata", "Asia/Kolkata"),
        ("Asia/Riyadh", "Riyadh", "Asia/Riyadh"),
        ("Asia/Qatar", "Doha", "Asia/Qatar"),
        ("Asia/Ho_Chi_Minh", "Ho Chi Minh City", "Asia/Ho_Chi_Minh"),
        ("US/Eastern", "New York", "America/New_York"),
        ("America/Argentina/Ushuaia", "Ushuaia", "America/Argentina/Ushuaia"),
    ],
)
def test_a_zone_typed_literally_is_a_place(typed: str, name: str, zone: str) -> None:
    place = GAZETTEER.zone(typed)

    assert place is not None
    assert (place.name, place.zone) == (name, zone)


@pytest.mark.parametrize(
    "typed", ["Asia/Nowhere", "Riyadh/KSA", "", "../../etc/passwd", "Etc/GMT+3", "Asia/" + "x" * 500]
)
def test_a_zone_that_does_not_exist_is_none(typed: str) -> None:
    assert GAZETTEER.zone(typed) is None


def test_every_zone_of_a_country_is_a_place() -> None:
    nowhere = {"ZZ", "001", "AQ"}
    of_countries = [zone for zone, country in get_global("zone_territories").items() if country not in nowhere]

    assert [zone for zone in of_countries if GAZETTEER.zone(zone) is None] == []


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("9:30", "Asia/Riyadh"),
        ("09:30", "Asia/Riyadh"),
        ("9.30 am", "Asia/Riyadh"),
        ("9:45", "Asia/Riyadh"),
        ("it is 9h15 here", "Asia/Riyadh"),
        ("930", "Asia/Riyadh"),
        ("০৯:৩০", "Asia/Riyadh"),
        ("সকাল ৯:৩০", "Asia/Riyadh"),
        ("12:30", "Asia/Dhaka"),
        ("12.30 p.m.", "Asia/Dhaka"),
        ("1230", "Asia/Dhaka"),
        ("2:30 pm", "Asia/Kuala_Lumpur"),
        ("14:30", "Asia/Kuala_Lumpur"),
        ("2.30", "Asia/Kuala_Lumpur"),
        ("12:15", "Asia/Kathmandu"),
        ("21.15", "America/Anchorage"),
        ("1:30 am", "America/New_York"),
        ("6:30 in the morning", "Europe/London"),
    ],
)
def test_a_wall_clock_tells_the_zone(typed: str, zone: str) -> None:
    places = GAZETTEER.by_local_time(typed, MORNING)

    assert zone in [place.zone for place in places]
    assert len(places) <= 6
    assert len({place.zone for place in places}) == len(places)


def test_the_best_known_place_of_that_hour_comes_first() -> None:
    assert GAZETTEER.by_local_time("9:30", MORNING)[0].name == "Riyadh"


@pytest.mark.parametrize(("typed", "shown"), [("9:50", True), ("9:51", False), ("9:10", True), ("9:09", False)])
def test_a_clock_may_be_twenty_minutes_off(typed: str, shown: bool) -> None:
    zones = [place.zone for place in GAZETTEER.by_local_time(f"{typed} am", MORNING)]

    assert ("Asia/Riyadh" in zones) is shown


def test_a_clock_near_midnight_is_read_across_it() -> None:
    just_before = datetime(2026, 11, 23, 20, 55, tzinfo=UTC)  # 23:55 in Riyadh

    assert "Asia/Riyadh" in [place.zone for place in GAZETTEER.by_local_time("0:05", just_before)]


def test_pm_leaves_the_morning_out() -> None:
    assert "Asia/Riyadh" not in [place.zone for place in GAZETTEER.by_local_time("9:30 pm", MORNING)]


@pytest.mark.parametrize("typed", ["", "late", "99", "25:00", "9:75", "123456", "🕘"])
def test_a_time_that_cannot_be_read_gives_no_place(typed: str) -> None:
    assert GAZETTEER.by_local_time(typed, MORNING) == ()


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_may_be_typed_for_a_time(words: str) -> None:
    assert len(GAZETTEER.by_local_time(words, MORNING)) <= 6


def test_at_least_150_cities_are_listed() -> None:
    assert len({(row["name"], row["country"]) for row in TOWNS}) >= 150


def test_no_city_is_listed_twice() -> None:
    assert len({(row["name"], row["country"]) for row in TOWNS}) == len(TOWNS)


@pytest.mark.parametrize("zone", sorted({row["zone"] for row in TOWNS}))
def test_every_zone_listed_exists(zone: str) -> None:
    assert ZoneInfo(zone).key == zone


def test_every_city_lies_in_the_country_of_its_zone() -> None:
    of_zone = get_global("zone_territories")
    elsewhere = {
        (row["name"], of_zone[row["zone"]])
        for row in TOWNS
        if of_zone.get(row["zone"], row["country"]) != row["country"]
    }

    # Kosovo keeps Belgrade's clock, East Jerusalem that of Jerusalem.
    assert elsewhere == {("Pristina", "RS"), ("East Jerusalem", "IL")}


def test_every_country_listed_is_known_to_babel() -> None:
    assert {row["country"] for row in ROWS} <= set(Locale("en").territories)


def test_every_country_that_keeps_holidays_is_found_by_its_name() -> None:
    territories = Locale("en").territories
    countries = [code for code in holidays.list_supported_countries() if code in GAZETTEER.names.by_country]
    answers = {code: GAZETTEER.find(territories[code]) for code in countries}

    assert len(countries) > 190
    assert [code for code, answer in answers.items() if isinstance(answer, NotFound)] == []


def test_every_state_given_is_one_that_the_holidays_library_knows() -> None:
    for row in TOWNS:
        if row["subdivision"]:
            assert holidays.country_holidays(row["country"], subdiv=row["subdivision"], years=2026)


def test_every_malaysian_city_has_its_state() -> None:
    assert [row["name"] for row in TOWNS if row["country"] == "MY" and not row["subdivision"]] == []


def test_at_least_25_cities_are_spelled_in_bangla() -> None:
    assert sum(any("\u0980" <= letter <= "\u09ff" for letter in row["spellings"]) for row in TOWNS) >= 25


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"cities.csv:1: the first line must read name,country"),
        ("a,b\n", r"cities.csv:1: the first line"),
        (HEADER + "Doha,QA,,Asia/Qatar\n", r"cities.csv:2: 4 columns; give 6"),
        (HEADER + "Doha,QQ,,Asia/Qatar,1,\n", r"cities.csv:2: no country 'QQ'"),
        (HEADER + "Doha,QA,,Asia/Doha,1,\n", r"cities.csv:2: .*Asia/Doha"),
        (HEADER + "Doha,QA,,Asia/Qatar,first,\n", r"cities.csv:2: rank 'first' is no number"),
    ],
)
def test_an_unusable_line_is_named(text: str, sentence: str) -> None:
    with pytest.raises(GazetteerUnreadable, match=sentence):
        Gazetteer.read(text)
