"""What learners write back: warned, passed on, answered, closed, and forgotten."""

import pytest
from sqlalchemy import func, select

from storage import colleagues
from storage.desk_schema import thread_line
from tests.support.world import COORDINATOR, Phone, World

pytestmark = pytest.mark.slow
TUTOR = 9003


async def written_to(world: World) -> tuple[Phone, Phone]:
    """A coordinator, and a learner who has just got a broadcast."""
    code = await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/start")
    asha = await world.enrolled("Asha Rahman", code)
    await nasreen.types("/broadcast Who can join on Sunday?")
    await nasreen.taps("Send it now")
    return nasreen, asha


async def writes_back(asha: Phone, words: str) -> None:
    await asha.taps("Write back")
    await asha.sees("no names, no passport or case numbers")
    await asha.types(words)
    await asha.sees("It is with the coordinators")


async def test_a_learner_writes_back_and_is_answered(world: World) -> None:
    nasreen, asha = await written_to(world)
    await writes_back(asha, "I can, after <10:00>.")
    await nasreen.sees("Asha Rahman wrote back to “Who can join on Sunday?”")
    await nasreen.taps("Read it")
    await nasreen.sees("Asha Rahman, Gulf 2026", "I can, after <10:00>.")
    await nasreen.taps("Answer")
    await nasreen.types("Good. It begins at 10:30.")
    await nasreen.sees("Your answer is on its way to Asha Rahman")
    await asha.sees("Foreign Service Academy answers", "It begins at 10:30")
    await writes_back(asha, "Thank you.")
    await nasreen.types("/inbox")
    await nasreen.sees("1 person waits for an answer")
    await nasreen.taps("Asha Rahman · Who can join on Sunday?")
    await nasreen.sees("Nasreen", "It begins at 10:30", "Thank you.")
    await nasreen.taps("Close without an answer")
    await nasreen.sees("Nobody waits for an answer")


async def test_a_reply_in_telegrams_own_way_is_asked_about_first(world: World) -> None:
    nasreen, asha = await written_to(world)
    letter = next(b for b in await asha.bubbles() if "Who can join" in b.text)
    await asha.replies(letter.message_id, "Not me, sorry.")
    await asha.sees("Shall this go to the coordinators?", "“Not me, sorry.”")
    await asha.taps("Do not send it")
    await asha.sees("It goes nowhere")
    await nasreen.types("/inbox")
    await nasreen.sees("Nobody waits")
    await asha.replies(letter.message_id, "I can, after all.")
    await asha.taps("Send it", times=2)
    await nasreen.types("/inbox")
    await nasreen.sees("1 person waits for an answer")


async def test_several_messages_are_one_thread_and_one_notice(world: World) -> None:
    nasreen, asha = await written_to(world)
    before = len(await nasreen.bubbles())
    for words in ("First", "Second", "Third"):
        await asha.taps("Write back")
        await asha.types(words)
    assert len(await nasreen.bubbles()) == before + 1
    await nasreen.taps("Read it")
    await nasreen.sees("First", "Second", "Third")


async def test_a_tutor_reads_and_answers_and_does_nothing_else(world: World) -> None:
    _, asha = await written_to(world)
    now = await world.now()
    await world.running.store.change(lambda tx: colleagues.appoint(tx, TUTOR, "tutor", None, name="Tania", now=now))
    tania = await world.phone("Tania", TUTOR)
    await tania.types("/start")
    await writes_back(asha, "Where is it?")
    await tania.taps("Read it")
    await tania.taps("Answer")
    await tania.types("Online.")
    await asha.sees("Online.")
    await tania.types("/broadcast Hello")
    await tania.sees("This is for coordinators")


async def test_an_inbox_shows_only_the_cohorts_that_are_the_readers(world: World) -> None:
    _, asha = await written_to(world)
    await world.cohort("Europe 2026")
    now = await world.now()
    await world.running.store.change(lambda tx: colleagues.appoint(tx, TUTOR, "tutor", [2], name="Tania", now=now))
    tania = await world.phone("Tania", TUTOR)
    await writes_back(asha, "Where is it?")
    await tania.types("/inbox")
    await tania.sees("Nobody waits for an answer")


async def test_whoever_is_forgotten_leaves_no_words(world: World) -> None:
    nasreen, asha = await written_to(world)
    await writes_back(asha, "A private word")
    await asha.types("/forget")
    await asha.taps("Yes, forget me")
    many = await world.running.store.read(lambda tx: tx.value(select(func.count()).select_from(thread_line)))
    assert many == 0
    await nasreen.types("/inbox")
    assert "Asha" not in (await nasreen.last()).text
