"""Who of a cohort a broadcast is for: only some, or not some, by country, mission, language and state. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zlib import crc32

from storage.audiences import Reader

SIDES = ("country", "mission", "language", "group")
GULF = ("ae", "bh", "kw", "om", "qa", "sa")  # the states of the Gulf Cooperation Council, by ISO 3166

Mark = tuple[str, str]  # side, item


class Item(NamedTuple):
    """Something by which people are told apart; `word` as a button carries it, `name` as it is stored."""

    word: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Audience:
    """`only` these, where anything of a side is named, and none of `but`."""

    only: frozenset[Mark] = frozenset()
    but: frozenset[Mark] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store."""
        return {"only": sorted(self.only), "but": sorted(self.but)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Audience":
        """The audience as it was stored."""
        only, but = (frozenset((side, item) for side, item in value.get(kind, ())) for kind in ("only", "but"))
        return cls(only, but)

    def turned(self, mark: Mark) -> "Audience":
        """One tap further: only these, not these, as before."""
        if mark in self.only:
            return Audience(self.only - {mark}, self.but | {mark})
        if mark in self.but:
            return Audience(self.only, self.but - {mark})
        return Audience(self.only | {mark}, self.but)

    def gulf_turned(self, there: Iterable[str]) -> "Audience":
        """Only the countries of the Gulf that are there; everywhere again where that stood."""
        gulf = frozenset(("country", country) for country in there if country in GULF)
        elsewhere = frozenset(mark for mark in self.only if mark[0] != "country")
        if self.only - elsewhere == gulf:
            return Audience(elsewhere, self.but)
        return Audience(elsewhere | gulf, self.but - gulf)

    def narrowed(self, readers: Iterable[Reader]) -> list[Reader]:
        """Those whom it takes in."""
        wanted = {side: {item for at, item in self.only if at == side} for side in SIDES}
        left_out = {side: {item for at, item in self.but if at == side} for side in SIDES}
        asked = [side for side in SIDES if wanted[side] or left_out[side]]
        return [
            each for each in readers if all(_fits(_word(each, side), wanted[side], left_out[side]) for side in asked)
        ]


def _fits(word: str, wanted: set[str], left_out: set[str]) -> bool:
    return (not wanted or word in wanted) and word not in left_out


def _name(reader: Reader, side: str) -> str:
    match side:
        case "country":
            return reader.country
        case "mission":
            return reader.mission or ""
        case "language":
            return reader.language
        case _:
            return reader.group


def word_of(side: str, name: str) -> str:
    """What a button carries: missions are too long for one."""
    return f"{crc32(name.encode()):08x}" if side == "mission" else name.lower().replace("_", "-")


def _word(reader: Reader, side: str) -> str:
    return word_of(side, _name(reader, side))


def items(readers: Sequence[Reader], side: str) -> list[Item]:
    """What there is on that side, where most people are first."""
    counted = Counter(_name(each, side) for each in readers)
    return [Item(word_of(side, name), name, n) for name, n in sorted(counted.items(), key=lambda e: (-e[1], e[0]))]
