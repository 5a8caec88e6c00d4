"""Which column of a sheet holds what, by its heading in English or Bangla."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.typed_words import words_of

MOST_ABOVE = 10  # rows above the headings: a title, a date, a letterhead
NEEDED = ("name", "mission", "country")
_SPELLINGS = {
    "name": "name;full name;name of official;name of officer;official;officer;participant;নাম;পূর্ণ নাম;কর্মকর্তার নাম",
    "mission": (
        "mission;embassy;office;post;posting;station;place of posting;mission name;name of mission;workplace"
        ";duty station;মিশন;দূতাবাস;কর্মস্থল;কার্যালয়;দপ্তর;মিশনের নাম"
    ),
    "country": "country;host country;country of posting;দেশ;দেশের নাম",
    "city": "city;town;শহর",
    "zone": "zone;time zone;timezone;tz;সময় অঞ্চল;টাইম জোন;টাইমজোন",
    "language": "language;preferred language;ভাষা",
    "rank": "rank;designation;position;title;post held;grade;পদবি;পদবী;পদ;পদমর্যাদা",
    "sex": "sex;gender;m f;লিঙ্গ",
    "email": "email;e mail;email address;e mail address;mail;ইমেইল;ইমেল;ই মেইল;ই মেল;ইমেইল ঠিকানা",
}
_FIELD = {words_of(spelling): field for field, spellings in _SPELLINGS.items() for spelling in spellings.split(";")}


@dataclass(frozen=True, slots=True)
class Headings:
    """Field → column, counted from 0; `row` is where the headings stand, counted from 0."""

    row: int
    columns: dict[str, int]


@dataclass(frozen=True, slots=True)
class Missing:
    """No column of this field; the headings that were found instead, as they are written."""

    field: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twice:
    """Two columns of one field, as they are written."""

    field: str
    found: tuple[str, ...]


def read_headings(rows: Sequence[Sequence[str]]) -> Headings | Missing | Twice:
    """The row of headings is that among the first ten which names most fields."""
    above = [(at, row) for at, row in enumerate(rows[:MOST_ABOVE]) if any(row)]
    at, row = max(above, key=lambda pair: len(set(map(_field, pair[1])) - {None}))
    columns: dict[str, int] = {}
    for n, heading in enumerate(row):
        field = _field(heading)
        if field is None:
            continue
        if field in columns:
            return Twice(field, (row[columns[field]], heading))
        columns[field] = n
    missing = next((field for field in NEEDED if field not in columns), None)
    if missing is not None:
        return Missing(missing, tuple(heading for heading in row if heading)[:8])
    return Headings(at, columns)


def _field(heading: str) -> str | None:
    return _FIELD.get(words_of(heading))
