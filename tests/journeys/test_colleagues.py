"""Colleagues are appointed by link, hold their role, lose it on the next tap; all of it leaves a trail."""

import re

from tests.support.world import COORDINATOR, Phone, World


async def offered(owner: Phone, role: str, cohort: str) -> str:
    await owner.types("/colleagues")
    await owner.taps("Add a colleague")
    await owner.taps(role)
    await owner.taps(cohort)
    found = re.search(r"start=(\S+)", (await owner.sees("It works once")).text)
    assert found
    return found.group(1)


async def test_a_tutor_comes_by_link_and_goes_on_the_next_tap(world: World) -> None:
    await world.cohort()
    owner = await world.phone("Nasreen", COORDINATOR)
    await owner.types("/start")
    code = await offered(owner, "Tutor", "Gulf 2026")
    tutor = await world.phone("Farida Khan")
    await tutor.types(f"/start {code}")
    await tutor.sees("You are now Tutor for Gulf 2026", "/inbox", "/help")
    came = await owner.sees("Farida Khan has opened your link and is now Tutor")
    await tutor.types("/broadcast Good morning")
    await tutor.sees("This is for coordinators")
    await owner.taps("Look at this colleague", on=came.message_id)
    await owner.taps("Coordinator")
    await owner.sees("Farida Khan", "Coordinator, Gulf 2026")
    await tutor.types("/audit")
    await tutor.sees("What was changed", "gave a colleague another role")
    await owner.taps("Take the role away")
    await owner.taps("Yes, take it away")
    await owner.sees("Farida Khan no longer works at the desk")
    await tutor.taps("Newest")
    assert await tutor.toast() == "This is for coordinators. /help lists what you can do."


async def test_a_link_that_appoints_serves_one_person_once(world: World) -> None:
    await world.cohort()
    owner = await world.phone("Nasreen", COORDINATOR)
    await owner.types("/start")
    code = await offered(owner, "Observer", "every cohort")
    first, second = await world.phone("Farida Khan"), await world.phone("Rumana Haq")
    await first.types(f"/start {code}")
    await first.types(f"/start {code}")
    await first.sees("You are now Observer for every cohort")
    await second.types(f"/start {code}")
    await second.sees("used already")
    await second.types("/start c-nothing")
    await second.sees("not known here")


async def test_a_link_that_appoints_expires(world: World) -> None:
    await world.cohort()
    owner = await world.phone("Nasreen", COORDINATOR)
    await owner.types("/start")
    code = await offered(owner, "Owner", "every cohort")
    await world.wind(days=7, minutes=1)
    late = await world.phone("Farida Khan")
    await late.types(f"/start {code}")
    await late.sees("expired")


async def test_nobody_changes_an_owner_of_the_settings_nor_themselves(world: World) -> None:
    await world.cohort()
    owner = await world.phone("Nasreen", COORDINATOR)
    await owner.types("/start")
    code = await offered(owner, "Owner", "every cohort")
    other = await world.phone("Farida Khan")
    await other.types(f"/start {code}")
    await other.types("/colleagues")
    team = await other.sees("Nasreen: Owner", "Farida Khan: Owner")
    await other.taps("Nasreen")
    await other.sees("comes from the settings")
    for forged in (f"team-gone:{COORDINATOR}", f"team-role:{COORDINATOR}:observer"):
        await other.forges(forged, team.message_id)
        await other.sees("settings of the service")
    await other.forges(f"team-gone:{other.id}", team.message_id)
    await other.sees("You cannot change your own role")
