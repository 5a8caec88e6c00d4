"""/term, /find, a term tapped, and the bot's name typed in any chat."""

from typing import Any

import pytest

from bot import callbacks as b
from lessons.catalogue import built_in
from storage.schema import inbox
from storage.store import Tx
from tests.support.world import COORDINATOR, Phone, World, words

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py

COURSE = built_in()


async def asks_inline(world: World, phone: Phone, query: str) -> list[dict[str, Any]]:
    """Type behind the bot's name and return what the phone offers."""
    await world.post(f"/sandbox/people/{phone.id}/asks-inline", query=query)
    await world.settled()
    results: list[dict[str, Any]] = (await phone.chat())["inline"]["results"]
    return results


async def nothing_refused(world: World) -> bool:
    return not (await world.journal())["refusals"]


# /term


async def test_a_term_comes_with_its_meaning_its_source_its_lesson_and_related_terms(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/term kafala")
    shown = await asha.sees("Kafala (sponsorship)", "ties a foreign worker", "Source", "ILO", "Lesson: Kafala")
    assert '<a href="https://www.ilo.org/' in shown.html
    assert "📖 Iqama" in shown.labels
    assert await nothing_refused(world)


async def test_a_related_term_is_one_tap_away_and_the_first_stays(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/term kafala")
    first = await asha.last()
    await asha.taps("📖 Absconding")
    second = await asha.sees("Absconding (huroob)")
    assert second.message_id != first.message_id
    assert (await asha.bubbles())[-2] == first


async def test_a_misspelt_term_is_asked_back_and_one_tap_answers(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/term kaffala")
    asked = await asha.sees("Did you mean")
    assert asked.labels == ("📖 Kafala",)
    await asha.taps("📖 Kafala")
    await asha.sees("Kafala (sponsorship)")


async def test_an_unknown_term_brings_examples_and_is_not_said_again(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/term xylophone quartz")
    answer = await asha.sees("I do not know this term", "/find")
    assert "xylophone" not in answer.text
    assert len(answer.labels) == 3


async def test_term_alone_says_how_with_three_examples(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/term")
    asked = await asha.sees("Write a term after the command", "/term ")
    assert len(asked.labels) == 3
    await asha.taps(asked.labels[0])
    await asha.sees("Source")


async def test_a_whole_letter_after_term_is_not_read(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/term " + "kafala and more, " * 200)
    assert len((await asha.sees("longer than any term")).labels) == 3
    assert await nothing_refused(world)


async def test_a_stranger_may_look_a_term_up_but_not_search(world: World) -> None:
    babu = await world.phone("Babu")
    await babu.types("/term what is the wage protection system?")
    await babu.sees("Wage Protection System (WPS)")
    await babu.types("/term xylophone")
    assert "/find" not in (await babu.last()).text
    await babu.types("/find kafala")
    await babu.sees("This is for learners and coordinators")


async def test_a_forged_term_is_answered_with_a_toast(world: World) -> None:
    babu = await world.phone("Babu")
    await babu.types("/term kafala")
    shown = await babu.last()
    for data in ("term:no-such-term", "term:x", "term:../x", "term:"):
        await babu.forges(data, shown.message_id)
        assert await babu.toast()
    assert await babu.last() == shown


@pytest.mark.parametrize("hostile", ["<b>&amp;</b>", "{0}{term}", "' OR 1=1 --", "🙂" * 50, "\u202ekafala", "%s\n\n%d"])
async def test_hostile_words_are_answered_like_others(world: World, hostile: str) -> None:
    babu = await world.phone("Babu")
    await babu.types(f"/term {hostile}")
    assert (await babu.last()).text
    assert await nothing_refused(world)


# A term tapped


def test_every_term_fits_a_button() -> None:
    assert max(len(b.pack(b.Explain(term.id)).encode()) for term in COURSE.glossary) <= b.LONGEST_DATA


@pytest.mark.slow
async def test_every_term_is_shown_as_telegram_takes_it(world: World) -> None:
    babu = await world.phone("Babu")
    await babu.types("/term kafala")
    on = (await babu.last()).message_id
    for term in COURSE.glossary:
        await babu.forges(b.pack(b.Explain(term.id)), on)
        await babu.sees(term.term, term.means, *(source.name for source in term.sources))
    assert await nothing_refused(world)


# /find


async def test_a_search_brings_the_lessons_card_and_its_sources(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/find consular access")
    lesson = COURSE.lesson("arrest-and-the-right-to-be-told")
    assert lesson is not None
    shown = await asha.sees(lesson.title, "Comes later in your course", "Sources", lesson.sources[0].name)
    assert any(card.text in shown.text for card in lesson.cards)
    assert shown.labels == ("📖 Consular notification",)
    await asha.taps("📖 Consular notification")
    await asha.sees("article 36")
    assert await nothing_refused(world)


async def test_a_lesson_that_was_given_does_not_come_later(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/find migration as the tool or the aim")
    assert "Comes later" in (await asha.last()).text.split("———")[0]
    await world.morning()
    await asha.types("/find migration as the tool or the aim")
    first = (await asha.sees("A tool that works both ways")).text.split("———")[0]
    assert "A tool that works both ways" in first
    assert "Comes later" not in first


async def test_a_coordinator_sees_all(world: World) -> None:
    await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/find a dead body")
    shown = await nasreen.sees("A death abroad")
    assert "Comes later" not in shown.text


async def test_a_search_for_nothing_says_how(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    for empty in ("/find", "/find the of", "/find ?!"):
        await asha.types(empty)
        await asha.sees("Write what you look for", "/find consular access")


async def test_what_no_lesson_speaks_of_is_said_kindly(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/find zzqqxx")
    answer = await asha.sees("Nothing in the course speaks of that")
    assert "zzqqxx" not in answer.text


async def test_a_long_text_is_searched_by_its_beginning_and_answered_in_one_message(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    before = len(await asha.bubbles())
    await asha.types("/find remittance costs " + "and the worker's passport kept by the employer " * 80)
    assert len(await asha.bubbles()) == before + 1
    assert len(words((await asha.last()).html)) <= 4096
    assert await nothing_refused(world)


# The bot's name in any chat


async def test_anybody_may_type_a_term_behind_the_bots_name(world: World) -> None:
    babu = await world.phone("Babu")
    first, *others = await asks_inline(world, babu, "kafala")
    assert (first["type"], first["title"]) == ("article", "Kafala (sponsorship)")
    assert "ties a foreign worker" in first["description"]
    content = first["input_message_content"]
    assert content["parse_mode"] == "HTML"
    assert "Source" in words(content["message_text"])
    assert len(others) <= 4


async def test_the_answer_is_kept_by_telegram_for_five_minutes_and_is_the_same_for_all(world: World) -> None:
    await asks_inline(world, await world.enrolled("Asha Rahman", await world.cohort()), "wage")
    await asks_inline(world, await world.phone("Babu"), "wage")
    calls = [call["params"] for call in (await world.journal())["calls"] if call["method"] == "answerInlineQuery"]
    asked, again = ({key: value for key, value in call.items() if key != "inline_query_id"} for call in calls)
    assert asked == again
    assert asked["cache_time"] == 300
    assert not asked.get("is_personal")
    assert "Asha" not in str(asked)


@pytest.mark.parametrize(("query", "number"), [("", 5), ("migr", 5), ("kaf", 1), ("xylophone", 0), ("x" * 256, 0)])
async def test_who_is_typing_is_offered_up_to_five(world: World, query: str, number: int) -> None:
    babu = await world.phone("Babu")
    assert len(await asks_inline(world, babu, query)) == number
    assert await nothing_refused(world)


async def test_nothing_is_kept_of_what_was_typed_in_other_chats(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    before = len(await asha.bubbles())
    await asks_inline(world, asha, "huroob of my cousin")
    assert len(await asha.bubbles()) == before

    async def kept(tx: Tx) -> list[Any]:
        rows = await tx.all(inbox.select().order_by(inbox.c.update_id.desc()).limit(1))
        return list(rows)

    (row,) = await world.running.store.read(kept)
    assert (row.state, row.payload, row.telegram_id, row.owed) == ("done", None, None, None)


async def test_a_query_that_has_grown_old_is_let_go(world: World) -> None:
    babu = await world.phone("Babu")
    await world.post("/sandbox/limits", callback_seconds=1e-6)
    await world.post(f"/sandbox/people/{babu.id}/asks-inline", query="kafala")
    await world.settled()
    await world.post("/sandbox/limits", callback_seconds=900)
    assert (await babu.chat())["inline"] is None
    assert [b.text for b in await babu.bubbles()] == []
    await babu.types("/term kafala")
    await babu.sees("Kafala")


async def test_learners_and_coordinators_find_the_two_commands_in_help(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/help")
    await asha.sees("/find – search the lessons", "/term – what a term means")
