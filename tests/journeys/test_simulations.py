"""Cases played on the phone: from scene to scene in one message, across restarts, to an ending, and again."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from bot.exporting import evidence
from bot.phrases import BASE, Phrases
from lessons.catalogue import built_in
from lessons.enrolment import CohortId
from lessons.simulation import PlaceId, Simulation
from lessons.simulation_play import State, begin, ending_of, open_moves, take
from storage import cohorts
from storage.simulation_schema import play, play_move
from storage.store import Tx
from tests.support.world import COORDINATOR, Bubble, Phone, World, a_world

pytestmark = pytest.mark.slow  # the quick half has tests/lessons/test_simulation.py
COURSE = built_in()
CALL = next(one for one in COURSE.simulations if one.id == "the-night-call")


async def taught(world: World, name: str, code: str) -> Phone:
    """An official who has completed the course, so that every case is open."""
    phone = await world.enrolled(name, code)

    async def complete(tx: Tx) -> None:
        about = {"who": phone.id}
        mine = "(SELECT learner_id FROM person WHERE telegram_id = :who)"
        await tx.run(text(f"UPDATE enrolment SET state = 'completed' WHERE learner_id = {mine}").bindparams(**about))

    await world.running.store.change(complete)
    return phone


def way_to(one: Simulation, ending: str) -> list[str]:
    """The shortest series of moves to an ending."""
    waiting = [begin(one)]
    while waiting:
        state = waiting.pop(0)
        reached = ending_of(one, state)
        if reached is not None and reached.id == ending:
            return list(state.path)
        waiting += [step.state for move in open_moves(one, state) if (step := take(one, state, move.id))]
    raise AssertionError(f"nobody reaches {ending}")


async def opened(phone: Phone, title: str) -> None:
    await phone.types("/case")
    await phone.taps(title)
    await phone.taps("Begin the case")


async def plays(phone: Phone, moves: list[str], *, on: int | None = None) -> None:
    """Tap these moves one after the other, each in the newest scene."""
    for move in moves:
        scene = await scene_of(phone)
        at = next(n for n, data in enumerate(scene.data) if data.endswith(f":{move}"))
        await phone.taps(scene.labels[at], on=scene.message_id)


async def scene_of(phone: Phone) -> Bubble:
    return [bubble for bubble in await phone.bubbles() if any(data.startswith("m:") for data in bubble.data)][-1]


async def test_a_case_is_played_in_one_message_to_its_ending(world: World) -> None:
    asha = await taught(world, "Asha Rahman", await world.cohort())
    await asha.types("/case")
    await asha.sees("Cases to decide", CALL.title, "Open, and not played yet")
    await opened(asha, CALL.title)
    before = len(await asha.bubbles())
    way = way_to(CALL, CALL.endings[0].id)
    await plays(asha, way)
    bubbles = await asha.bubbles()
    assert len(bubbles) == before + 1  # the debrief alone is new
    ending, debrief = bubbles[-2], bubbles[-1]
    assert CALL.endings[0].title in ending.text
    assert ending.text.count("▰") + ending.text.count("▱") == 30
    assert all(words in debrief.text for words in ("Where it turned", "What good practice says", "Tomorrow morning"))
    await asha.types("/case")
    await asha.sees(f"Your last ending: {CALL.endings[0].title}")


async def test_every_case_of_the_course_comes_to_an_ending_on_one_phone(world: World) -> None:
    asha = await taught(world, "Asha Rahman", await world.cohort())
    for one in COURSE.simulations:
        await opened(asha, one.title)
        await plays(asha, way_to(one, one.endings[0].id))
        assert one.endings[0].title in (await asha.bubbles())[-2].text
    assert (await world.journal())["refusals"] == []


async def test_each_ending_of_a_case_is_reached_on_a_phone(world: World) -> None:
    code = await world.cohort()
    for n, ending in enumerate(CALL.endings):
        phone = await taught(world, f"Official {'ABCDEFGH'[n]}li", code)
        await opened(phone, CALL.title)
        await plays(phone, way_to(CALL, ending.id))
        assert ending.title in (await phone.bubbles())[-2].text


async def test_a_restart_in_mid_scene_and_days_later_goes_on_exactly_there(tmp_path: Path) -> None:
    way = way_to(CALL, CALL.endings[0].id)
    async with a_world(tmp_path) as world:
        async with world.serving():
            asha = await taught(world, "Asha Rahman", await world.cohort())
            await opened(asha, CALL.title)
            await plays(asha, way[:2])
            stood = await scene_of(asha)
        async with world.serving():
            await world.wind(days=3)
            await asha.types("/case")
            await asha.sees("You are in the middle of it")
            await asha.taps(CALL.title)
            assert (await asha.last()).text == stood.text
            await plays(asha, way[2:])
            assert CALL.endings[0].title in (await asha.bubbles())[-2].text


async def test_a_second_tap_and_an_old_scene_change_nothing(world: World) -> None:
    asha = await taught(world, "Asha Rahman", await world.cohort())
    await opened(asha, CALL.title)
    first = await scene_of(asha)
    await asha.taps("A", times=2)
    await asha.forges(first.data[1], first.message_id)
    assert await asha.toast() == "The case has moved on since."
    assert await world.running.store.read(lambda tx: tx.value(select(func.count()).select_from(play_move))) == 1


async def test_it_is_decided_again_where_it_turned(world: World) -> None:
    asha = await taught(world, "Asha Rahman", await world.cohort())
    await opened(asha, CALL.title)
    way = way_to(CALL, CALL.endings[0].id)
    await plays(asha, way)
    await asha.taps("Decide again where it turned", times=2)
    turned = await scene_of(asha)
    scene = CALL.scene(CALL.turning_point.scene)
    assert scene is not None
    assert scene.text[:60] in turned.text
    other = next(d.split(":")[3] for d in turned.data if d.split(":")[3] not in way)
    await plays(asha, [other])
    moves = await world.running.store.read(lambda tx: tx.tuples(select(play_move.c.play_id, play_move.c.before)))
    assert {each for each, _ in moves} == {1, 2}
    before: State = State.from_json(next(before for each, before in moves if each == 2))
    assert before.at == scene.id


async def test_from_five_people_on_the_cohorts_choice_is_shown(world: World) -> None:
    code = await world.cohort()
    way = way_to(CALL, CALL.endings[0].id)
    for n in range(6):
        phone = await taught(world, f"Official {'ABCDEF'[n]}li", code)
        await opened(phone, CALL.title)
        await plays(phone, way)
        ending = (await phone.bubbles())[-2].text
        assert ("What your cohort chose where it turned" in ending) is (n >= 4)
    assert "6: " in ending
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/cohort")
    await nasreen.taps("Cases")
    await nasreen.sees(f"{CALL.title}: 6 people have begun it")
    await nasreen.taps(CALL.title)
    await nasreen.sees("Begun: 6. Ended: 6.", "How it ended, the first time", f"6: {CALL.endings[0].title}")
    (case,) = (await _pack(world))["cases"]
    assert case["title"] == CALL.title
    assert case["endings"] == [{"name": CALL.endings[0].title, "n": 6}]
    assert [n for *_, n in case["flow"]["ways"]] == [6] * len(way)


async def test_of_few_people_no_number_is_told_nor_can_it_be_taken_from_another(world: World) -> None:
    code = await world.cohort()
    phones = [await taught(world, f"Official {'ABCDEF'[n]}li", code) for n in range(6)]
    nasreen = await world.phone("Nasreen", COORDINATOR)
    way = way_to(CALL, CALL.endings[0].id)
    for n, phone in enumerate(phones):
        await opened(phone, CALL.title)
        await plays(phone, way if n == 0 else way[:1])
    await nasreen.types("/cohort")
    await nasreen.taps("Cases")
    await nasreen.taps(CALL.title)
    await nasreen.sees("Begun: 6. Ended: few.")
    for phone in phones[1:5]:
        await plays(phone, way[1:])
    await nasreen.taps("All cases of the cohort")
    await nasreen.taps(CALL.title)
    await nasreen.sees("Begun: 5 and a few more. Ended: 5.", f"5: {CALL.endings[0].title}")


async def _pack(world: World) -> dict[str, Any]:
    voice = Phrases.built_in().voice(BASE, "Asia/Dhaka")

    async def gather(tx: Tx) -> dict[str, Any]:
        cohort = await cohorts.get(tx, CohortId(1))
        assert cohort is not None
        return await evidence.values(tx, cohort, COURSE, "Academy", voice, cohort.start_on)

    return await world.running.store.read(gather)


async def test_a_case_opens_when_its_module_was_taught(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/case")
    await asha.sees("None is open yet", "Comes with")
    await asha.forges("case-go:1:0", (await asha.last()).message_id)
    await asha.sees("This case opens when its module has been taught")


async def test_nobody_plays_anothers_case(world: World) -> None:
    code = await world.cohort()
    asha, babu = await taught(world, "Asha Rahman", code), await taught(world, "Babu Das", code)
    await opened(asha, CALL.title)
    scene = await scene_of(asha)
    await babu.types("/case")
    await babu.forges(scene.data[0], (await babu.last()).message_id)
    await babu.sees("There is no case for you here")


async def test_a_play_whose_scene_was_rewritten_away_is_kept_and_begun_anew(world: World) -> None:
    asha = await taught(world, "Asha Rahman", await world.cohort())
    await opened(asha, CALL.title)
    await plays(asha, way_to(CALL, CALL.endings[0].id)[:1])
    gone = State.from_json(await world.running.store.read(lambda tx: tx.value(select(play_move.c.after))))
    elsewhere = replace(gone, at=PlaceId("a-scene-of-old")).as_json()
    await world.running.store.change(lambda tx: tx.run(update(play_move).values(after=elsewhere)))
    await asha.taps("A", on=(await scene_of(asha)).message_id)
    await asha.sees("This case was rewritten since you began")
    await asha.taps("All cases")
    await asha.sees(f"{CALL.title}\nOpen, and not played yet")
    await asha.taps(CALL.title)
    await asha.taps("Begin the case")
    await plays(asha, way_to(CALL, CALL.endings[0].id))
    assert CALL.endings[0].title in (await asha.bubbles())[-2].text
    assert await world.running.store.read(lambda tx: tx.value(select(func.count()).select_from(play))) == 2


async def test_the_bot_seems_to_type_before_a_scene_and_a_tap_meanwhile_changes_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path, typing_seconds=0.4) as world, world.serving():
        asha = await taught(world, "Asha Rahman", await world.cohort())
        await opened(asha, CALL.title)
        calls = [(call["method"], call["params"]) for call in (await world.journal())["calls"]]
        methods = [method for method, _ in calls]
        n = methods.index("sendChatAction")
        assert calls[n][1] == {"chat_id": asha.id, "action": "typing"}
        assert methods[n - 1 : n + 2] == ["answerCallbackQuery", "sendChatAction", "editMessageText"]
        await asha.taps("A", times=2)
        assert await asha.toast() == "The case has moved on since."
        assert await world.running.store.read(lambda tx: tx.value(select(func.count()).select_from(play_move))) == 1
        assert (await world.journal())["refusals"] == []


async def test_a_refresher_offers_an_alumna_a_case_that_she_has_not_decided(world: World) -> None:
    asha = await taught(world, "Asha Rahman", await world.cohort())
    for n, one in enumerate(COURSE.simulations[:2]):
        await asha.types("/refresher")
        await asha.taps("A")
        await asha.taps("Sure")
        await asha.sees(f"the case {one.title}, which you have not decided yet")
        if n == 0:
            await asha.taps("Open the case")
            await asha.taps("Begin the case")
            await plays(asha, way_to(one, one.endings[0].id))
