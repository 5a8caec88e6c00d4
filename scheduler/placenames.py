"""What every spelling of a city or a country stands for: our list, Babel's country names, the IANA zones.

Pure: the text of `cities.csv` comes in. A row with a zone is a city; rank 1 is the best known and only orders lists.
A row without a zone gives a country the name we show and further spellings.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global

from scheduler.errors import SchedulerError
from scheduler.typed_words import words_of
from scheduler.zones import ZoneUnknown, zone_named

COLUMNS = ["name", "country", "subdivision", "zone", "rank", "spellings"]
_NOBODY_POSTED = {"ZZ", "001", "AQ"}  # zones of no country, and Antarctica
_LANGUAGES = ("en", "bn")  # in which country names are typed

Row = dict[str, str]


class GazetteerUnreadable(SchedulerError):
    """A line of cities.csv cannot be used; the message names the line and the mend."""


@dataclass(frozen=True, slots=True)
class Place:
    """A city, or a whole country of one zone.

    `subdivision` is a code that `holidays` knows ("TRG"), given only where weekends differ inside the country.
    """

    name: str
    country: str
    country_name: str
    subdivision: str | None
    zone: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words stand for: cities and countries, and the words nobody knows."""

    cities: tuple[Place, ...] = ()
    countries: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placenames:
    """Every place and every way to write it."""

    places: tuple[Place, ...]  # cities, best known first
    by_country: Mapping[str, tuple[Place, ...]]  # the country as one place if it has one zone, else its cities
    meanings: Mapping[str, Meaning]  # by spelling, with single spaces and with none
    zones: Mapping[str, ZoneInfo]  # by name or alias in lower case


def read_placenames(cities_csv: str) -> Placenames:
    """Reads the text of cities.csv and adds the cities after which IANA zones are named.

    Raises GazetteerUnreadable for a line that cannot be used.
    """
    rows = _rows(cities_csv)
    shown = dict(Locale("en").territories) | {row["country"]: row["name"] for row in rows if not row["zone"]}
    cities = sorted((row for row in rows if row["zone"]), key=lambda row: int(row["rank"]))
    listed = [
        Place(row["name"], row["country"], shown[row["country"]], row["subdivision"] or None, row["zone"])
        for row in cities
    ]
    meanings: dict[str, Meaning] = {}
    for place, row in zip(listed, cities, strict=True):
        for spelling in (place.name, *row["spellings"].split(";")):
            _spell(meanings, spelling, Meaning(cities=(place,)))
    zones = _zones(listed)
    further = list(_zone_cities(zones, shown, meanings))
    by_country = _by_country(listed, further)
    for country, spelling in _country_spellings(rows):
        if country in by_country:
            _spell(meanings, spelling, Meaning(countries=(country,)))
    for place in further:
        if place.country not in meanings.get(joined(place.name), Meaning()).countries:  # Asia/Qatar names no city
            _spell(meanings, place.name, Meaning(cities=(place,)))
    return Placenames((*listed, *further), by_country=by_country, meanings=meanings, zones=zones)


def joined(spelling: str) -> str:
    """The spelling as it is compared, in one run: "Kuala Lumpur" is "kualalumpur"."""
    return "".join(words_of(spelling))


def _rows(cities_csv: str) -> list[Row]:
    reader = csv.reader(io.StringIO(cities_csv))
    if next(reader, None) != COLUMNS:
        raise GazetteerUnreadable(f"cities.csv:1: the first line must read {','.join(COLUMNS)}")
    territories = Locale("en").territories
    rows = []
    for cells in reader:
        place = f"cities.csv:{reader.line_num}"
        if len(cells) != len(COLUMNS):
            raise GazetteerUnreadable(f"{place}: {len(cells)} columns; give {len(COLUMNS)}, empty ones too")
        row = dict(zip(COLUMNS, cells, strict=True))
        if row["country"] not in territories:
            raise GazetteerUnreadable(f"{place}: no country {row['country']!r}; give its two letters of ISO 3166")
        if row["zone"]:
            _refuse_unusable(row, place)
        rows.append(row)
    return rows


def _refuse_unusable(row: Row, place: str) -> None:
    try:
        zone_named(row["zone"])
    except ZoneUnknown as problem:
        raise GazetteerUnreadable(f"{place}: {problem}") from None
    if not (row["rank"].isascii() and row["rank"].isdigit()):
        raise GazetteerUnreadable(f"{place}: rank {row['rank']!r} is no number; give 1 (best known) to 5")


def _spell(meanings: dict[str, Meaning], spelling: str, meaning: Meaning) -> None:
    words = words_of(spelling)
    for key in {" ".join(words), "".join(words)} - {""}:
        known = meanings.get(key, Meaning())
        meanings[key] = Meaning(
            cities=tuple(dict.fromkeys((*known.cities, *meaning.cities))),
            countries=tuple(dict.fromkeys((*known.countries, *meaning.countries))),
        )


def _zones(listed: Iterable[Place]) -> dict[str, ZoneInfo]:
    """Zones of countries, by every name they have had, less those that this machine has no rules for."""
    zones = {place.zone.lower(): zone_named(place.zone) for place in listed}
    for name, country in get_global("zone_territories").items():
        if country not in _NOBODY_POSTED:
            with suppress(ZoneUnknown):
                zones[name.lower()] = zone_named(name)
    aliases = get_global("zone_aliases").items()
    return {alias.lower(): zones[name.lower()] for alias, name in aliases if name.lower() in zones} | zones


def _zone_cities(
    zones: Mapping[str, ZoneInfo], shown: Mapping[str, str], meanings: Mapping[str, Meaning]
) -> Iterator[Place]:
    """Cities after which zones are named and which our list does not spell."""
    for zone, country in get_global("zone_territories").items():
        name = zone.rpartition("/")[2].replace("_", " ")
        known = meanings.get(joined(name), Meaning()).cities
        if zone.lower() in zones and not any(city.country == country for city in known):
            yield Place(name, country, shown[country], None, zone)


def _by_country(listed: Sequence[Place], further: Sequence[Place]) -> dict[str, tuple[Place, ...]]:
    """Our list decides what a country is: the Canary Islands do not make "Spain" a question."""
    cities: dict[str, list[Place]] = {}
    for place in listed:
        cities.setdefault(place.country, []).append(place)
    for place in further:
        if not any(place.country == known.country for known in listed):
            cities.setdefault(place.country, []).append(place)
    return {country: _whole(there) or tuple(there) for country, there in cities.items()}


def _whole(cities: Sequence[Place]) -> tuple[Place, ...]:
    """The country as one place, if one clock and one weekend hold in it."""
    first = cities[0]
    if len({(city.zone, city.subdivision) for city in cities}) > 1:
        return ()
    return (Place(first.country_name, first.country, first.country_name, first.subdivision, first.zone),)


def _country_spellings(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    for language in _LANGUAGES:
        yield from Locale(language).territories.items()
    for row in rows:
        if not row["zone"]:
            yield from ((row["country"], spelling) for spelling in (row["name"], *row["spellings"].split(";")))
