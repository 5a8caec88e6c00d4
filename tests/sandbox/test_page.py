"""The page with the phones, in a real browser: what a person sees, taps and types, and what the bot gets."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.sandbox.phone_page import SUNDAY_AT, Stage, chromium, stage_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

OFFICIAL, COORDINATOR, ALUMNA = "The official", "The coordinator", "The alumna"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def wide(browser: Browser) -> AsyncIterator[Stage]:
    async with stage_in(browser, width=1280, height=860) as stage:
        yield stage
        assert stage.errors == []


@pytest_asyncio.fixture(loop_scope="module")
async def narrow(browser: Browser) -> AsyncIterator[Stage]:
    async with stage_in(browser, width=360, height=740) as stage:
        yield stage
        assert stage.errors == []


async def test_the_help_line_says_what_to_do_first(wide: Stage) -> None:
    await expect(wide.page.locator("#hint")).to_have_text("Start with the official in Riyadh: open the invitation.")


async def test_the_invitation_link_sends_its_code(wide: Stage) -> None:
    await wide.accept_invitation()

    await expect(wide.message(OFFICIAL, "Welcome, code CODE-1.")).to_be_visible()
    await expect(wide.message(OFFICIAL, "/start CODE-1")).to_be_visible()


async def test_without_an_invitation_start_is_sent_bare(wide: Stage) -> None:
    await wide.button(COORDINATOR, "START").click()

    await expect(wide.message(COORDINATOR, "Welcome, code none.")).to_be_visible()


async def test_a_typed_message_goes_out_with_enter(wide: Stage) -> None:
    await wide.accept_invitation()
    await wide.phone(OFFICIAL).get_by_role("textbox").fill("Jeddah")
    await wide.page.keyboard.press("Enter")

    await expect(wide.message(OFFICIAL, "You said: Jeddah")).to_be_visible()


async def test_a_command_in_a_message_can_be_tapped(wide: Stage) -> None:
    await wide.accept_invitation()
    await wide.message(OFFICIAL, "Welcome").get_by_role("button", name="/help").click()

    await expect(wide.message(OFFICIAL, "You said: /help")).to_be_visible()


async def test_the_menu_lists_the_bots_commands_and_sends_the_chosen_one(wide: Stage) -> None:
    await wide.accept_invitation()
    await wide.button(OFFICIAL, "Menu").click()
    await wide.phone(OFFICIAL).get_by_role("button", name="/today Today's lesson").click()

    await expect(wide.message(OFFICIAL, "You said: /today")).to_be_visible()


async def test_a_tap_shows_the_edited_message_and_the_toast(wide: Stage) -> None:
    await wide.accept_invitation()
    await wide.button(OFFICIAL, "Begin").click()

    await expect(wide.message(OFFICIAL, "Lesson one.").locator(".edited")).to_have_text("edited")
    await expect(wide.phone(OFFICIAL).locator(".toast")).to_have_text("Here it comes.")


async def test_a_tapped_button_waits_until_the_bot_answers(wide: Stage) -> None:
    await wide.accept_invitation()
    wide.bot.holding.clear()
    key = wide.phone(OFFICIAL).locator(".key").nth(1)
    await key.click()
    await expect(key).to_have_attribute("aria-busy", "true")

    wide.bot.holding.set()

    await expect(key).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_is_a_dialog_that_escape_closes(wide: Stage) -> None:
    await wide.accept_invitation()
    await wide.button(OFFICIAL, "Begin").click()
    await wide.button(OFFICIAL, "Choose").click()
    dialog = wide.phone(OFFICIAL).get_by_role("alertdialog", name="You chose already.")
    await expect(dialog).to_be_visible()

    await wide.page.keyboard.press("Escape")

    await expect(dialog).to_have_count(0)


async def test_next_event_brings_what_is_due_below_a_line_at_its_local_time(wide: Stage) -> None:
    await wide.accept_invitation()
    due_at = SUNDAY_AT + timedelta(days=1, minutes=78)  # Monday 08:30 in Riyadh
    async with wide.living_until(due_at):
        await expect(wide.page.get_by_role("button", name="Next event")).to_contain_text("in 25 h")
        await wide.page.get_by_role("button", name="Next event").click()

        lesson = wide.message(OFFICIAL, "Good morning.")
        await expect(lesson.locator("time")).to_have_text("08:30")
        await expect(wide.phone(OFFICIAL).locator(".since")).to_have_text("Since you last looked")
        await expect(wide.phone(OFFICIAL).locator(".day").last).to_have_text("Monday 23 November")
        await expect(wide.phone(OFFICIAL).locator(".status-hour")).to_have_text("08:30")


async def test_next_morning_is_the_morning_of_the_phone_in_focus(wide: Stage) -> None:
    await wide.phone(ALUMNA).locator(".head").click()
    await wide.page.get_by_role("button", name="Next morning 08:30 London").click()

    await expect(wide.phone(ALUMNA).locator(".status-hour")).to_have_text("08:30")
    await expect(wide.phone(COORDINATOR).locator(".status-hour")).to_have_text("14:30")


async def test_paused_time_stands_still(wide: Stage) -> None:
    await wide.page.get_by_role("button", name="Pause").click()
    await expect(wide.page.get_by_text("Time stands still.")).to_be_visible()
    hour = wide.page.locator(".clock-hour")
    before = await hour.inner_text()
    await wide.page.wait_for_timeout(1300)

    assert await hour.inner_text() == before


async def test_what_people_type_is_never_markup(wide: Stage) -> None:
    await wide.button(COORDINATOR, "START").click()
    words = '<b>bold</b> & <img src="x">\nsecond line'
    await wide.wire.act(102, "says", text=words)

    assert await wide.message(COORDINATOR, "second line").first.locator("b, img").count() == 0
    await expect(wide.message(COORDINATOR, '<img src="x">').first).to_be_visible()


async def test_a_blocked_bot_can_be_unblocked(wide: Stage) -> None:
    await wide.accept_invitation()
    await wide.button(OFFICIAL, "More").click()
    await wide.button(OFFICIAL, "Block bot").click()
    await wide.button(OFFICIAL, "Unblock bot").click()

    await expect(wide.phone(OFFICIAL).get_by_role("textbox")).to_be_visible()
    assert (await wide.wire.chat(101))["blocked"] is False


async def test_a_cleared_chat_shows_the_invitation_again(wide: Stage) -> None:
    await wide.accept_invitation()
    await wide.button(OFFICIAL, "More").click()
    await wide.button(OFFICIAL, "Clear chat").click()
    await wide.button(OFFICIAL, "Clear").click()

    await expect(wide.button(OFFICIAL, "Open invitation")).to_be_visible()


async def test_a_quiz_shows_the_right_answer_after_the_vote(wide: Stage) -> None:
    await wide.button(COORDINATOR, "START").click()
    await expect(wide.message(COORDINATOR, "Welcome")).to_be_visible()
    options = [{"text": "The worker"}, {"text": "The employer"}]
    quiz = {"question": "Who pays?", "options": options, "type": "quiz", "correct_option_ids": [1]}
    await wide.wire.done("sendPoll", chat_id=102, is_anonymous=False, **quiz)
    await wide.button(COORDINATOR, "The worker").click()

    await expect(wide.phone(COORDINATOR).locator(".poll-result.wrong")).to_contain_text("The worker")
    await expect(wide.phone(COORDINATOR).locator(".poll-result.right")).to_contain_text("The employer")


async def test_the_whole_path_works_by_keyboard_alone(wide: Stage) -> None:
    async def press(name: str) -> None:
        for _ in range(60):
            await wide.page.keyboard.press("Tab")
            focused = await wide.page.evaluate("document.activeElement.textContent")
            if focused.strip() == name:
                await wide.page.keyboard.press("Enter")
                return
        pytest.fail(f"Tab never reached {name}")

    await press("Open invitation")
    await expect(wide.button(OFFICIAL, "START")).to_be_focused()
    await wide.page.keyboard.press("Enter")
    await expect(wide.message(OFFICIAL, "Welcome")).to_be_visible()
    await press("Begin")
    await expect(wide.button(OFFICIAL, "Choose")).to_be_focused()
    await wide.page.keyboard.press("Enter")
    await expect(wide.phone(OFFICIAL).get_by_role("button", name="OK")).to_be_focused()
    await wide.page.keyboard.press("Enter")
    await expect(wide.phone(OFFICIAL).get_by_role("alertdialog")).to_have_count(0)


async def test_nothing_is_fetched_from_outside(wide: Stage) -> None:
    await wide.accept_invitation()

    assert wide.elsewhere == []


async def test_a_narrow_window_shows_one_phone_and_counts_unread_on_the_tabs(narrow: Stage) -> None:
    await narrow.wire.act(102, "says", text="/start")
    tab = narrow.page.get_by_role("navigation").get_by_role("button", name=COORDINATOR)
    await expect(tab.locator(".badge")).to_have_text("1 unread")
    await expect(narrow.phone(COORDINATOR)).to_be_hidden()

    await tab.click()

    await expect(narrow.phone(COORDINATOR)).to_be_visible()
    await expect(narrow.phone(OFFICIAL)).to_be_hidden()
    await expect(tab.locator(".badge")).to_be_hidden()


async def test_at_360_px_nothing_scrolls_sideways_and_labels_wrap(narrow: Stage) -> None:
    await narrow.accept_invitation()
    key = narrow.phone(OFFICIAL).locator(".key").nth(1)

    assert await narrow.page.evaluate("document.documentElement.scrollWidth") == 360
    assert await narrow.phone(OFFICIAL).locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    assert await key.evaluate("key => key.scrollWidth <= key.clientWidth && key.clientHeight > 50")


async def test_the_newest_message_stays_in_sight(narrow: Stage) -> None:
    await narrow.accept_invitation()
    for number in range(12):
        await narrow.wire.done("sendMessage", chat_id=101, text=f"Line {number}\nand more")

    await expect(narrow.message(OFFICIAL, "Line 11")).to_be_in_viewport()


async def test_a_reader_of_old_messages_is_not_pulled_away(narrow: Stage) -> None:
    await narrow.accept_invitation()
    for number in range(12):
        await narrow.wire.done("sendMessage", chat_id=101, text=f"Line {number}\nand more")
    await expect(narrow.message(OFFICIAL, "Line 11")).to_be_in_viewport()
    await narrow.phone(OFFICIAL).locator(".log").evaluate("log => { log.scrollTop = 0; }")

    await narrow.wire.done("sendMessage", chat_id=101, text="The newest")

    await expect(narrow.button(OFFICIAL, "Go to the newest message, 1 below")).to_be_visible()
    await expect(narrow.message(OFFICIAL, "Line 0")).to_be_in_viewport()
