"""What each row of a roster says: a person who can be invited, or why not. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.phrases import plain
from bot.rosters.headers import Headings
from scheduler.places import Found, Gazetteer, Place, Several
from scheduler.typed_words import words_of
from storage.rosters import Entry

LONGEST = {"name": 64, "mission": 120, "rank": 80, "email": 254}  # characters
_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")
_SEXES = {
    "female": "female;f;woman;ms;mrs;মহিলা;নারী;স্ত্রী",
    "male": "male;m;man;mr;পুরুষ",
    "other": "other;o;x;third gender;hijra;অন্যান্য;তৃতীয় লিঙ্গ;হিজড়া",
}
_LANGUAGES = {"en": "en;english;ইংরেজি;ইংরেজী", "bn": "bn;bangla;bengali;বাংলা"}
_NOTHING = {"-", "–", "—", "n/a", "na", "nil", "none"}


def _meanings(spelled: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {words_of(each): value for value, spellings in spelled.items() for each in spellings.split(";")}


SEXES, LANGUAGES = _meanings(_SEXES), _meanings(_LANGUAGES)


@dataclass(frozen=True, slots=True)
class Line:
    """A row, by its number in the sheet: somebody, or what is wrong (`fault`) with which words (`words`)."""

    number: int
    entry: Entry | None
    fault: str = ""
    words: str = ""

    def as_json(self) -> list[Any]:
        """Plain values for the store."""
        return [self.number, self.entry and list(self.entry), self.fault, self.words]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> "Line":
        """The line as it was stored."""
        number, entry, fault, words = value
        return cls(number, entry and Entry(*entry), fault, words)


class _Fault(Exception):
    """What is wrong with a row, and the words that say it."""

    def __init__(self, fault: str, words: str = "") -> None:
        super().__init__(fault)
        self.fault, self.words = fault, words


Find = Callable[[str, str, str, str], Place]


def read_lines(rows: Sequence[Sequence[str]], headings: Headings, places: Gazetteer) -> Iterator[Line]:
    """Every row below the headings that is not blank."""
    find = _finder(places)
    for at, row in enumerate(rows[headings.row + 1 :], headings.row + 2):
        if not any(row):
            continue
        cells = {field: _cell(row, n) for field, n in headings.columns.items()}
        try:
            yield Line(at, _entry(cells, find))
        except _Fault as fault:
            yield Line(at, None, fault.fault, fault.words[:60])


def _cell(row: Sequence[str], n: int) -> str:
    cell = plain("".join(c if c.isprintable() else " " for c in row[n])) if n < len(row) else ""
    return "" if cell.casefold() in _NOTHING else cell


def _entry(cells: dict[str, str], find: Find) -> Entry:
    name = cells["name"]
    if sum(character.isalpha() for character in name) < 2:
        raise _Fault("no-name", name)
    if not cells["mission"]:
        raise _Fault("no-mission")
    for field, most in LONGEST.items():
        if len(cells.get(field, "")) > most:
            raise _Fault(f"long-{field}", cells[field])
    email = cells.get("email", "")
    if email and not _MAIL.fullmatch(email):
        raise _Fault("email", email)
    place = find(cells["mission"], cells.get("city", ""), cells["country"], cells.get("zone", ""))
    return Entry(
        name,
        cells["mission"],
        place.name,
        place.country,
        place.subdivision,
        place.zone,
        _meant(cells, "language", LANGUAGES),
        cells.get("rank") or None,
        _meant(cells, "sex", SEXES),
        email or None,
    )


def _meant(cells: dict[str, str], field: str, meanings: dict[tuple[str, ...], str]) -> str | None:
    words = cells.get(field, "")
    if not words:
        return None
    meant = meanings.get(words_of(words))
    if meant is None:
        raise _Fault(field, words)
    return meant


def _finder(places: Gazetteer) -> Find:
    """Looks each place up once: a roster names the same missions again and again."""

    @cache
    def of_country(words: str) -> tuple[Place, ...]:
        match places.find(words, guess=False):
            case Found(place):
                return (place,)
            case Several(several):
                return several
        return ()

    @cache
    def find(mission: str, city: str, country: str, zone: str) -> Place:
        there = of_country(country)
        codes = {place.country for place in there}
        if len(codes) != 1:
            raise _Fault("country" if country else "no-country", country)
        for words in (city, mission):
            if words and (found := _in(places, f"{words}, {country}", codes)):
                return found
        if len(there) == 1:
            return there[0]
        named = places.zone(zone) if zone else None
        if named is None or named.country not in codes:
            raise _Fault("zone" if zone else "no-zone", zone or country)
        return named

    return find


def _in(places: Gazetteer, words: str, codes: set[str]) -> Place | None:
    """The city that the words name in that country."""
    found = places.find(words, guess=False)
    if isinstance(found, Found) and found.place.country in codes:
        return found.place
    return None
