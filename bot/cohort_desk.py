"""The operator's verbs about cohorts: the same terms, checks and sentences as in the chat."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from html import unescape
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk import DeskError, bot_username, clock_of, database, named
from bot.phrases import BASE, Phrases
from bot.settings import Settings
from bot.shelf import Shelf
from bot.terms import keeping, reading
from bot.terms.value import HOME_ZONE, Terms, Trouble, Why, differences, usual_start
from bot.terms.words import Teller
from storage import audit, cohorts, meta, whereabouts
from storage.cohorts import Cohort
from storage.store import Store, Tx

VALID = timedelta(days=90)  # how long an invitation serves
Typed = Mapping[str, str | None]  # field to what was typed; None where nothing was
AS_USUAL: Typed = MappingProxyType({})


class Registrar:
    """What the verbs share: the courses, the clock, and the sentences of the chat."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self.courses = Shelf(settings.content)
        self.now = now
        self.today = now.astimezone(ZoneInfo(HOME_ZONE)).date()
        self._teller = Teller(self.courses, Phrases.built_in().voice(BASE, HOME_ZONE), self.today)

    @classmethod
    async def of(cls, settings: Settings) -> "Registrar":
        """At this moment of the people's clock."""
        return cls(settings, (await clock_of(settings)).people_now())

    def agreed(self, terms: Terms, typed: Typed) -> Terms:
        """The terms as typed. Raises DeskError."""
        for field, words in typed.items():
            if words is not None:
                found = reading.read(field, words, terms, self.today)
                if isinstance(found, Trouble):
                    raise self.error(found)
                terms = found
        return terms

    def error(self, trouble: Trouble) -> DeskError:
        """The option, and the sentence that the chat would say."""
        return DeskError(f"--{trouble.field}: {unescape(self._teller.sentence(trouble))}")

    async def check(self, tx: Tx, terms: Terms, cohort: Cohort | None) -> None:
        """Raises DeskError where the terms cannot hold; dates may be over."""
        trouble = await keeping.hindrance(tx, terms, cohort, today=None)
        if trouble is not None:
            raise self.error(trouble)


async def create_cohort(
    settings: Settings, *, course: str, name: str, uses: int, start: str | None = None, typed: Typed = AS_USUAL
) -> dict[str, str | None]:
    """A new cohort with an invitation: {"cohort", "code", "link"}."""
    registrar = await Registrar.of(settings)
    if course not in registrar.courses:
        raise registrar.error(Trouble("course", Why.NO_COURSE, course))
    usual = Terms(course, "", usual_start(registrar.today))
    terms = registrar.agreed(usual, {"name": name, "start": start, **typed})

    async def change(tx: Tx) -> tuple[str, str | None]:
        await registrar.check(tx, terms, None)
        taught, now = registrar.courses[course], registrar.now
        made = await keeping.open_cohort(tx, terms, taught, actor=None, now=now)
        cohort = await cohorts.get(tx, made) if made is not None else None
        if cohort is None:
            raise registrar.error(Trouble("name", Why.TAKEN, terms.name))
        return await _invite(tx, cohort, uses, now)

    async with await Store.open(database(settings)) as store:
        code, known = await store.change(change)
    return await _told(settings, terms.name, code, known)


async def edit_cohort(settings: Settings, *, name: str, typed: Typed, dry: bool) -> dict[str, Any]:
    """Other terms: {"cohort", "changed": field to [old, new], "people", "told"}; `dry`: nothing is changed."""
    registrar = await Registrar.of(settings)

    async def change(tx: Tx) -> dict[str, Any]:
        cohort = await named(tx, name)
        old = Terms.of(cohort)
        terms = registrar.agreed(old, typed)
        await registrar.check(tx, terms, cohort)
        before, after = old.as_json(), terms.as_json()
        changed = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
        about: dict[str, Any] = {"cohort": terms.name, "changed": changed}
        if dry:
            seen = await keeping.foresee(tx, registrar.courses, cohort, terms, registrar.now)
            told = seen.concerned.people if "deadline" in differences(old, terms) else 0
            return about | {"people": seen.concerned.people, "told": told}
        n = secrets.token_hex(4)
        concerned, told = await keeping.change(tx, cohort, terms, actor=None, n=n, now=registrar.now)
        return about | {"people": concerned.people, "told": told}

    async with await Store.open(database(settings)) as store:
        return await (store.read(change) if dry else store.change(change))


async def _invite(tx: Tx, cohort: Cohort, uses: int, now: datetime) -> tuple[str, str | None]:
    code = secrets.token_urlsafe(16)  # 128 bits in 22 of the 64 characters that a deep link may carry
    expires_at = max(now, datetime.combine(cohort.start_on, time(), UTC)) + VALID
    await cohorts.invite(tx, cohort.id, code=code, uses=uses, expires_at=expires_at, now=now)
    await audit.note(tx, "invitation.made", actor_id=None, now=now, cohort_id=cohort.id, uses=uses)
    return code, await meta.get(tx, meta.BOT_USERNAME)


async def _told(settings: Settings, name: str, code: str, known: str | None) -> dict[str, str | None]:
    bot = await bot_username(settings, known)
    return {"cohort": name, "code": code, "link": f"https://t.me/{bot}?start={code}" if bot else None}


async def invite(settings: Settings, *, name: str, uses: int) -> dict[str, str | None]:
    """Another invitation into a cohort."""
    now = (await clock_of(settings)).people_now()

    async def change(tx: Tx) -> tuple[str, str | None]:
        return await _invite(tx, await named(tx, name), uses, now)

    async with await Store.open(database(settings)) as store:
        code, known = await store.change(change)
    return await _told(settings, name, code, known)


async def list_cohorts(settings: Settings) -> list[dict[str, Any]]:
    """Every cohort, the newest first; `taught`: whether the course's files are there."""
    shelf = Shelf(settings.content)
    async with await Store.open(database(settings)) as store:
        every = await store.read(cohorts.every)
    return [
        {"cohort": c.name, "course": c.course_id, "start": c.start_on.isoformat(), "taught": c.course_id in shelf}
        for c in every
    ]


async def show_cohort(settings: Settings, *, name: str) -> dict[str, Any]:
    """A cohort's terms and census; `deadline` is None where the course's number of weeks holds."""
    now = (await clock_of(settings)).people_now()
    shelf = Shelf(settings.content)

    async def look(tx: Tx) -> dict[str, Any]:
        cohort = await named(tx, name)
        terms = Terms.of(cohort)
        kept = {key.removesuffix("_on").removesuffix("_id"): value for key, value in terms.as_json().items()}
        counts = (await whereabouts.census(tx, cohort.id, now=now))._asdict()
        return {"cohort": kept.pop("name")} | kept | {"taught": cohort.course_id in shelf} | counts

    async with await Store.open(database(settings)) as store:
        return await store.read(look)
