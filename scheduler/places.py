"""Finds a posting from what a person types, so that nobody has to know what a time zone is.

Pure: the text of `cities.csv` comes in, and what was typed; placenames.py holds what every spelling stands for.
"""

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from scheduler.placenames import GazetteerUnreadable, Meaning, Place, Placenames, joined, read_placenames
from scheduler.typed_words import folded, minutes_meant, words_of

__all__ = ["Found", "Gazetteer", "GazetteerUnreadable", "NotFound", "Place", "Several"]

MOST_LISTED = 6
MOST_NEAR = 3
VERY_CLOSE = 0.85  # difflib's ratio: "Jedah" is 0.91 from "Jeddah", "Milam" 0.80 from "Milan"
CLEARLY_CLOSER = 0.05
WORTH_SHOWING = 0.6
SWAPPED = 0.9
BEGUN = 0.75
MINUTES_OFF = 20
LONGEST_NAME = 6  # words
UNKNOWN_WORDS = 5  # looked up by likeness: each costs milliseconds
_ALSO_WORDS = {"us", "la"}  # places only alone or at the end of an address; "La Spezia" is not Los Angeles
_MISSION_WORDS = folded("embassy consulate commission mission ambassador দূতাবাস দূতাবাসে হাইকমিশন কনস্যুলেট মিশন")
# Words that come along with a place and never name one.
_PASSING_WORDS = _MISSION_WORDS | folded(
    "a am an and at based bangladeshi city country currently deputy assistant attache from general have here high"
    " i im in is join joined joining kingdom labour live living me move moved moving my near now of office on"
    " permanent please posted posting republic serving state stationed the to town transferred we welfare will wing"
    " work working আমি আছি এখন থেকে শহর"
)


@dataclass(frozen=True, slots=True)
class Found:
    """The one place that the words mean."""

    place: Place


@dataclass(frozen=True, slots=True)
class Several:
    """Two to six places that the words may mean, best known first."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """Up to three places spelled most like the words; none when nothing is."""

    nearest: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Every place that can be found. `home` is the sending state: in "Bangladesh Embassy, Qatar" it is no posting."""

    names: Placenames
    home: str

    @classmethod
    def read(cls, cities_csv: str, *, home: str = "BD") -> "Gazetteer":
        """Reads the text of cities.csv; raises GazetteerUnreadable for a line that cannot be used."""
        return cls(names=read_placenames(cities_csv), home=home)

    def find(self, words: str, *, guess: bool = True) -> Found | Several | NotFound:
        """The place that the words mean; text of any length and script is taken, the first 200 characters count.

        `guess`: whether misspelled words are looked up by likeness, which costs milliseconds each.
        """
        if "/" in words and (named := self.zone(words)):
            return Found(named)
        meaning = self._recognise(words_of(words))
        if meaning.cities or not meaning.left:
            return self._answer(meaning)
        near = self._near(meaning.left, among=meaning.countries) if guess else []
        if near and self._is_certain(near):
            meant = self.names.meanings[near[0][1]]
            return self._answer(Meaning(meant.cities, meaning.countries if meant.cities else meant.countries))
        return self._answer(meaning) if meaning.countries else NotFound(self._shown(near))

    def zone(self, name: str) -> Place | None:
        """The place of an IANA zone typed literally ("Asia/Dhaka", "asia/calcutta"); None when no country has it."""
        typed = "_".join(name[:80].split()).lower()
        zone = self.names.zones.get(typed)
        if zone is None:
            return None
        there = [place for place in self.names.places if place.zone == zone.key]
        for key in (joined(part.rpartition("/")[2]) for part in (typed, zone.key)):
            for city in self.names.meanings.get(key, Meaning()).cities:
                if city in there:
                    return city
        return there[0] if there else None

    def by_local_time(self, words: str, now: datetime) -> tuple[Place, ...]:
        """Up to six places, one a zone and best known first, whose clocks show the typed time within 20 minutes.

        "9:30" may be morning or evening: both count, unless am or pm is said. () when no time can be read.
        """
        meant = minutes_meant(words)
        fitting: dict[str, Place] = {}
        for place in self.names.places if meant else ():
            if place.zone not in fitting:
                local = now.astimezone(self.names.zones[place.zone.lower()])
                if any(_apart(local.hour * 60 + local.minute, minute) <= MINUTES_OFF for minute in meant):
                    fitting[place.zone] = place
        return tuple(fitting.values())[:MOST_LISTED]

    def _recognise(self, words: tuple[str, ...]) -> Meaning:
        """Takes the longest names from left to right."""
        cities: list[Place] = []
        countries: list[str] = []
        left: list[str] = []
        at = 0
        while at < len(words):
            length, meaning = self._name_at(words, at)
            cities += meaning.cities
            countries += () if meaning.cities else meaning.countries
            left += () if length else words[at : at + 1]
            at += length or 1
        if _MISSION_WORDS & set(words):
            countries = [country for country in countries if country != self.home]
        unknown = tuple(word for word in left if word not in _PASSING_WORDS)
        return Meaning(tuple(dict.fromkeys(cities)), tuple(dict.fromkeys(countries)), unknown)

    def _name_at(self, words: tuple[str, ...], at: int) -> tuple[int, Meaning]:
        for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            span = words[at : at + length]
            key = ("" if all(len(word) == 1 for word in span) else " ").join(span)  # "U.S.A." is spelled "usa"
            others = (*words[:at], *words[at + length :])
            at_the_end = at + length == len(words) or _PASSING_WORDS.issuperset(others)
            if key in self.names.meanings and (key not in _ALSO_WORDS or at_the_end):
                return length, self.names.meanings[key]
        return 0, Meaning()

    def _answer(self, meaning: Meaning) -> Found | Several | NotFound:
        if meaning.cities:
            there = [city for city in meaning.cities if city.country in meaning.countries] or meaning.cities
            options = sorted(there, key=self.names.places.index)
        elif len(meaning.countries) == 1:
            options = list(self.names.by_country[meaning.countries[0]])
        else:
            options = [self.names.by_country[country][0] for country in meaning.countries]
        if not options:
            return NotFound(())
        return Found(options[0]) if len(options) == 1 else Several(tuple(options[:MOST_LISTED]))

    def _near(self, left: tuple[str, ...], *, among: tuple[str, ...]) -> list[tuple[float, str]]:
        """Spellings like a run of the unknown words, closest first; in the named countries if there are any."""
        few = left[:UNKNOWN_WORDS]
        runs = {"".join(few[start:end]) for start in range(len(few)) for end in range(start + 1, len(few) + 1)}
        near: dict[str, float] = {}
        for run in sorted(run for run in runs if 3 <= len(run) <= 25):
            matcher = SequenceMatcher(b=run, autojunk=False)
            for key, meaning in self.names.meanings.items():
                if " " in key or len(key) < 4 or (among and not any(c.country in among for c in meaning.cities)):
                    continue
                near[key] = max(near.get(key, 0.0), _likeness(matcher, key, run))
        ranked = [(likeness, key) for key, likeness in near.items() if likeness >= WORTH_SHOWING]
        return sorted(ranked, key=lambda pair: -pair[0])

    def _is_certain(self, near: list[tuple[float, str]]) -> bool:
        best, key = near[0]
        rivals = (other for likeness, other in near if likeness > best - CLEARLY_CLOSER)
        return best >= VERY_CLOSE and all(self.names.meanings[rival] == self.names.meanings[key] for rival in rivals)

    def _shown(self, near: list[tuple[float, str]]) -> tuple[Place, ...]:
        shown: dict[Place, None] = {}
        for _, key in near:
            meaning = self.names.meanings[key]
            options = meaning.cities or tuple(self.names.by_country[country][0] for country in meaning.countries)
            shown.update(dict.fromkeys(options))
        return tuple(shown)[:MOST_NEAR]


def _apart(minute: int, other: int) -> int:
    """Minutes between two readings of a clock, the short way round."""
    ahead = (minute - other) % (24 * 60)
    return min(ahead, 24 * 60 - ahead)


def _likeness(matcher: SequenceMatcher[str], key: str, run: str) -> float:
    """0 to 1. Letters swapped ("Dubia") are a slip of the thumb; a name begun ("Kuala") is worth showing."""
    if key[0] == run[0] and len(key) == len(run) and sorted(key) == sorted(run):
        return SWAPPED
    begun = BEGUN if key.startswith(run) else 0.0
    matcher.set_seq1(key)
    if matcher.real_quick_ratio() < WORTH_SHOWING or matcher.quick_ratio() < WORTH_SHOWING:
        return begun
    return max(begun, matcher.ratio())
