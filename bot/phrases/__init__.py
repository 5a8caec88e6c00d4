"""The bot's own words: gettext catalogues with key-like ids. Values are escaped here and only here."""

import gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

BASE = "en"
# Marks that turn the reading direction or hide: a name must not rearrange the words around it.
_UNRULY = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF])


class PhraseMissing(LookupError):
    """A phrase that no catalogue holds; a test walks the code for these."""


class Html(str):
    """Words that are markup already and are not escaped again."""

    __slots__ = ()


def plain(words: str) -> str:
    """One line of a person's words without marks that turn the reading direction."""
    return " ".join(words.translate(_UNRULY).split())


def _escaped(value: Any) -> str:
    if isinstance(value, Html):
        return value
    return escape(str(value), quote=False).replace('"', "&quot;")  # a value may stand in an address


@dataclass(frozen=True, slots=True)
class Voice:
    """One language as it is spoken to one reader: phrases, dates and times in the reader's zone."""

    language: str
    words: gettext.NullTranslations
    zone: str = "UTC"

    def say(self, key: str, /, **values: Any) -> Html:
        """The phrase with its values escaped; `n` chooses the plural. PhraseMissing for an unknown key."""
        found = self._phrase(key, values.get("n"))
        return Html(found.format_map({name: _escaped(value) for name, value in values.items()}))

    def label(self, key: str, /, **values: Any) -> str:
        """A button's words: plain text, which Telegram does not parse."""
        return self._phrase(key, values.get("n")).format(**values)

    def _phrase(self, key: str, n: int | None) -> str:
        found = key if n is None else self.words.ngettext(key, key, n)
        if found == key:  # a phrase without plural may mention n
            found = self.words.gettext(key)
        if found == key:
            raise PhraseMissing(f"no phrase {key!r} in {self.language}; add it to bot/phrases/{self.language}*.po")
        return found

    def at(self, zone: str) -> "Voice":
        """The same voice for a reader in another zone."""
        return Voice(self.language, self.words, zone)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.language if self.language != "en" else "en_GB")

    def day(self, on: date) -> str:
        """`Sunday 22 November`."""
        return format_date(on, "EEEE d MMMM", locale=self._locale)

    def day_of(self, at: datetime) -> str:
        """`Sunday 22 November`: the reader's local date of an instant."""
        return self.day(at.astimezone(ZoneInfo(self.zone)).date())

    def days(self, first: date, last: date) -> str:
        """`12–26 Mar`, both included; `12 Mar` for one day."""
        dash = "–" if (first.year, first.month) == (last.year, last.month) else " – "
        return re.sub(r"\s*–\s*", dash, format_interval(first, last, "MMMd", locale=self._locale))

    def short_weekday(self, on: date) -> str:
        """`Sun`."""
        return format_date(on, "EEE", locale=self._locale)

    def short_month(self, on: date) -> str:
        """`Nov`."""
        return format_date(on, "LLL", locale=self._locale)

    def hour(self, at: time) -> str:
        """`08:30`."""
        return format_time(at, "HH:mm", locale=self._locale)

    def clock(self, at: datetime) -> str:
        """`08:30` of an instant in the reader's zone."""
        return self.hour(at.astimezone(ZoneInfo(self.zone)).time())

    def language_name(self, tag: str) -> str:
        """`English`, of `en`; the tag itself where Babel does not know it."""
        try:
            return self._locale.languages.get(Locale.parse(tag, sep="-").language) or tag
        except (UnknownLocaleError, ValueError):
            return tag

    def when(self, at: datetime) -> str:
        """`Sunday 22 November, 08:30` in the reader's zone."""
        local = at.astimezone(ZoneInfo(self.zone))
        return f"{self.day(local.date())}, {self.hour(local.time())}"

    def weekday(self, on: date) -> str:
        """`Sunday`."""
        return format_date(on, "EEEE", locale=self._locale)

    def soon(self, at: datetime, now: datetime) -> str:
        """`Sunday 08:30` where the weekday says enough, else with the date, in the reader's zone."""
        local, here = at.astimezone(ZoneInfo(self.zone)), now.astimezone(ZoneInfo(self.zone))
        if 0 <= (local.date() - here.date()).days < 7:
            return f"{self.weekday(local.date())} {self.hour(local.time())}"
        return self.when(at)


class Phrases:
    """All languages that the bot speaks."""

    def __init__(self, catalogs: Mapping[str, Catalog]) -> None:
        self._words = {language: _compiled(catalog) for language, catalog in catalogs.items()}

    @staticmethod
    @cache
    def built_in() -> "Phrases":
        """Every `.po` file of this package, read once."""
        return Phrases({BASE: catalogue(BASE)})

    @property
    def languages(self) -> tuple[str, ...]:
        """Language tags, the base first."""
        return tuple(self._words)

    def choose(self, language_code: str | None) -> str:
        """The nearest language to what a phone reports; the base where there is none."""
        tag = (language_code or "").split("-")[0].lower()
        return tag if tag in self._words else next(iter(self._words))

    def voice(self, language: str | None, zone: str = "UTC") -> Voice:
        """The voice for a reader."""
        chosen = language if language in self._words else self.choose(language)
        return Voice(chosen, self._words[chosen], zone)


def catalogue(language: str) -> Catalog:
    """The catalogue of a language: `en.po`, and its further parts such as `en.roster.po`. No key stands in two."""
    whole = Catalog(locale=language)
    for file in sorted(each.name for each in files(__package__).iterdir() if _part(each.name, language)):
        part = read_po(io.StringIO(files(__package__).joinpath(file).read_text("utf-8")), locale=language)
        for message in part:
            if message.id and message.id in whole:
                raise ValueError(f"{file}: {message.id!r} stands in another part of the catalogue too; keep one.")
            if message.id:
                whole[message.id] = message
    return whole


def _part(name: str, language: str) -> bool:
    return name.endswith(".po") and name.split(".", maxsplit=1)[0] == language


def _compiled(catalog: Catalog) -> gettext.GNUTranslations:
    packed = io.BytesIO()
    write_mo(packed, catalog)
    packed.seek(0)
    return gettext.GNUTranslations(packed)
