"""What becomes of a send is a value, told apart by cause; edits may be repeated, and are."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from telegram.error import BadRequest, NetworkError

from bot import routes
from bot import wire as words
from bot.gate import Pass
from bot.message import Button, Message
from bot.pictures.drawn import Picture
from bot.pictures.studio import Studio
from bot.sender import Sender
from scheduler.delivery import NotSent, Outcome, Reach, Refused, Sent, Unsure
from storage import deliveries, dispatch
from storage.store import Store, Tx
from tests.bot.rim import SECRET, TOKEN, Rim
from tests.bot.strips import strip

HELLO = Message("Good <b>day</b>", ((Button("Go", data="today"), Button("Read", url="https://iom.int")),))
SHOWN = Pass()


async def faults(rim: Rim, **fault: Any) -> None:
    await rim.wire.post("faults", **fault)


async def calls(rim: Rim, method: str) -> list[dict[str, Any]]:
    """What the bot has called, as the sandbox read it."""
    journal = await rim.wire.get("journal")
    return [call["params"] for call in journal["calls"] if call["method"] == method]


async def test_a_message_that_arrives_is_sent(rim: Rim) -> None:
    outcome = await rim.sender.send(101, HELLO, SHOWN)
    (message,) = (await rim.wire.chat(101))["messages"]
    assert outcome == Sent(message["message_id"])
    assert message["html"] == "Good <b>day</b>"
    assert [[button["label"] for button in row] for row in message["keyboard"]] == [["Go", "Read"]]


async def test_no_link_grows_a_preview(rim: Rim) -> None:
    await rim.sender.send(101, Message('<a href="https://iom.int">IOM</a>'), SHOWN)
    (params,) = await calls(rim, "sendMessage")
    assert params["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize("silent", [True, False])
async def test_only_a_silent_message_comes_without_a_sound(rim: Rim, silent: bool) -> None:
    await rim.sender.send(101, Message("x", silent=silent), SHOWN)
    (message,) = (await rim.wire.chat(101))["messages"]
    assert message["silent"] is silent


@pytest.mark.parametrize(
    ("fault", "kind", "arrived"),
    [
        ({"kind": "429", "retry_after": 7}, NotSent, 0),
        ({"kind": "429-bare"}, NotSent, 0),
        ({"kind": "500"}, Unsure, 0),
        ({"kind": "502"}, Unsure, 0),
        ({"kind": "slow", "seconds": 0.1}, Sent, 1),
        ({"kind": "cut-before"}, Unsure, 0),
        ({"kind": "cut-after"}, Unsure, 1),
        ({"kind": "timeout-after", "seconds": 0.7}, Unsure, 1),
        ({"kind": "outage", "seconds": 0.2}, Unsure, 0),
    ],
)
async def test_each_bad_day_has_its_outcome_and_is_not_repeated(
    rim: Rim, fault: dict[str, Any], kind: type[Outcome], arrived: int
) -> None:
    await faults(rim, **fault)
    assert isinstance(await rim.sender.send(101, HELLO, SHOWN), kind)
    assert len(await rim.texts()) == arrived


async def test_a_429_tells_how_long_to_wait(rim: Rim) -> None:
    await faults(rim, kind="429", retry_after=7)
    assert await rim.sender.send(101, HELLO, SHOWN) == NotSent("too many requests", 7)


async def test_without_a_connection_nothing_was_sent(rim: Rim) -> None:
    await rim.wire.sandbox.stop()
    await rim.transport.shutdown()
    await rim.transport.initialize()  # no connection is left over from better days
    assert await rim.sender.send(101, HELLO, SHOWN) == NotSent("no connection", None)


@pytest.mark.parametrize(("act", "reach"), [("blocks", Reach.BLOCKED), ("deactivates", Reach.DEACTIVATED)])
async def test_who_has_gone_is_told_apart(rim: Rim, act: str, reach: Reach) -> None:
    await rim.wire.act(101, act)
    outcome = await rim.sender.send(101, HELLO, SHOWN)
    assert isinstance(outcome, Refused)
    assert outcome.reach is reach


@pytest.mark.parametrize("who", [102, 999])
async def test_who_never_opened_the_bot_is_out_of_reach(rim: Rim, who: int) -> None:
    await rim.wire.post("people", id=102, first_name="Babu")
    outcome = await rim.sender.send(who, HELLO, SHOWN)
    assert isinstance(outcome, Refused)
    assert outcome.reach is Reach.UNREACHABLE


async def test_a_message_that_telegram_refuses_says_nothing_about_the_person(rim: Rim) -> None:
    outcome = await rim.sender.send(101, Message("x" * 4097), SHOWN)
    assert outcome == Refused("Message is too long", None)


@pytest.mark.parametrize(
    ("html", "plain"),
    [("<b>Asha &amp; <i>Babu</b>", "Asha & Babu"), ("<blink>1 &lt; 2</blink>", "1 < 2"), ("a<", "a<")],
)
async def test_words_that_cannot_be_parsed_go_out_as_plain_text(rim: Rim, html: str, plain: str) -> None:
    outcome = await rim.sender.send(101, Message(html, HELLO.rows), SHOWN)
    (message,) = (await rim.wire.chat(101))["messages"]
    assert outcome == Sent(message["message_id"])
    assert message["text"] == plain
    assert message["keyboard"]


async def test_plain_text_that_fails_too_has_an_outcome(rim: Rim) -> None:
    await faults(rim, method="sendMessage", kind="500", every=2)
    assert isinstance(await rim.sender.send(101, Message("<blink>x</blink>"), SHOWN), Unsure)


async def sent(rim: Rim) -> int:
    outcome = await rim.sender.send(101, HELLO, SHOWN)
    assert isinstance(outcome, Sent)
    return outcome.message_id


async def test_an_edit_takes_the_place_of_the_words(rim: Rim) -> None:
    assert await rim.sender.edit(101, await sent(rim), Message("Good evening"))
    assert await rim.texts() == ["Good evening"]


async def test_an_edit_that_changes_nothing_has_worked(rim: Rim) -> None:
    message_id = await sent(rim)
    assert await rim.sender.edit(101, message_id, HELLO)
    assert len((await rim.wire.get("journal"))["unmodified"]) == 1


async def test_a_message_that_is_gone_cannot_be_edited(rim: Rim) -> None:
    assert not await rim.sender.edit(101, 4711, HELLO)


async def test_an_edit_that_cannot_be_parsed_is_no_edit(rim: Rim) -> None:
    assert not await rim.sender.edit(101, await sent(rim), Message("<blink>"))


@pytest.mark.parametrize(
    "fault", [{"kind": "500", "count": 2}, {"kind": "cut-after"}, {"kind": "429", "retry_after": 1}]
)
async def test_an_edit_is_repeated_until_it_stands(rim: Rim, fault: dict[str, Any]) -> None:
    message_id = await sent(rim)
    await faults(rim, method="editMessageText", **fault)
    assert await rim.sender.edit(101, message_id, Message("Good evening"))
    assert await rim.texts() == ["Good evening"]


async def test_buttons_are_taken_off(rim: Rim) -> None:
    message_id = await sent(rim)
    assert await rim.sender.strip(101, message_id)
    assert not (await rim.wire.chat(101))["messages"][0]["keyboard"]
    assert await rim.sender.strip(101, message_id), "twice is once"


async def test_a_tap_is_acknowledged_with_its_words(rim: Rim) -> None:
    message_id = await sent(rim)
    tap = await rim.wire.act(101, "taps", message_id=message_id, label="Go")
    await rim.sender.acknowledge(tap["callback_query_id"], "Done")
    assert (await rim.wire.chat(101))["toast"]["text"] == "Done"


async def test_a_tap_too_old_to_be_answered_is_nobodys_mistake(rim: Rim) -> None:
    await rim.sender.acknowledge("4711", None)
    assert len(await calls(rim, "answerCallbackQuery")) == 1


async def test_no_outcome_and_no_log_tells_the_token(
    rim: Rim, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        shown = [repr(await rim.sender.send(999, HELLO, SHOWN))]
        for kind in ("500", "cut-before", "429-bare"):
            await faults(rim, kind=kind)
            shown.append(repr(await rim.sender.send(101, Message("<blink>x"), SHOWN)))
    captured = capsys.readouterr()
    assert SECRET not in "\n".join([*shown, caplog.text, captured.out, captured.err])


def test_a_message_without_buttons_has_no_keyboard() -> None:
    assert words.keyboard(Message("x")) is None


@pytest.mark.parametrize("told", ["Message is not modified: same", "MESSAGE IS NOT MODIFIED"])
def test_a_refusal_is_known_whatever_its_capitals(told: str) -> None:
    assert words.says(BadRequest(told), words.UNMODIFIED)


def test_a_long_reason_is_cut_to_one_short_line() -> None:
    outcome = words.outcome_of(NetworkError(f"{'x' * 300}\n{TOKEN}"))
    assert outcome == Unsure("x" * 120)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio() -> AsyncIterator[Studio]:
    made = Studio(patience=30)
    yield made
    await made.close()


@pytest.fixture
def painter(rim: Rim, studio: Studio) -> Sender:
    """A sender that shares one drawing process with the other tests here."""
    return Sender(rim.bot, studio)


SO_FAR = replace(HELLO, picture=strip())


async def on_the_phone(rim: Rim) -> list[tuple[bool, str, bool]]:
    """(has a photo, words, has buttons) of each message."""
    messages = (await rim.wire.chat(101))["messages"]
    return [("photo" in message, message["html"], bool(message["keyboard"])) for message in messages]


async def test_a_picture_stands_above_its_words_and_buttons(rim: Rim, painter: Sender) -> None:
    outcome = await painter.send(101, SO_FAR, SHOWN)
    (message,) = (await rim.wire.chat(101))["messages"]
    assert outcome == Sent(message["message_id"])
    assert await on_the_phone(rim) == [(True, "Good <b>day</b>", True)]
    assert message["photo_size"][0] == 800


@pytest.mark.parametrize("n", [1023, 1024])
async def test_a_caption_is_measured_without_its_markup(rim: Rim, painter: Sender, n: int) -> None:
    words = f"<b>&amp;</b>{'x' * (n - 1)}"
    await painter.send(101, replace(SO_FAR, html=words), SHOWN)
    assert await on_the_phone(rim) == [(True, words, True)]


async def test_longer_words_follow_their_picture_without_a_second_sound(rim: Rim, painter: Sender) -> None:
    words = f"<b>&amp;</b>{'x' * 1024}"
    outcome = await painter.send(101, replace(SO_FAR, html=words), SHOWN)
    assert await on_the_phone(rim) == [(True, "", False), (False, words, True)]
    picture, below = (await rim.wire.chat(101))["messages"]
    assert outcome == Sent(below["message_id"])
    assert (picture["silent"], below["silent"]) == (False, True)


async def test_without_a_drawing_the_words_go_alone(rim: Rim) -> None:
    closed = Studio()
    await closed.close()
    assert isinstance(await Sender(rim.bot, closed).send(101, SO_FAR, SHOWN), Sent)
    assert await on_the_phone(rim) == [(False, "Good <b>day</b>", True)]


class Scribbler(Studio):
    """Draws what Telegram does not take."""

    async def draw(self, picture: Picture) -> bytes | None:
        return b"no picture"


async def test_a_picture_that_telegram_refuses_is_left_out(rim: Rim) -> None:
    assert isinstance(await Sender(rim.bot, Scribbler()).send(101, SO_FAR, SHOWN), Sent)
    assert await on_the_phone(rim) == [(False, "Good <b>day</b>", True)]


@pytest.mark.parametrize(
    ("fault", "kind", "arrived"),
    [
        ({"kind": "429", "retry_after": 7}, NotSent, 0),
        ({"kind": "500"}, Unsure, 0),
        ({"kind": "cut-before"}, Unsure, 0),
        ({"kind": "cut-after"}, Unsure, 1),
        ({"kind": "timeout-after", "seconds": 0.7}, Unsure, 1),
    ],
)
async def test_each_bad_day_of_a_picture_has_its_outcome_and_is_not_repeated(
    rim: Rim, painter: Sender, fault: dict[str, Any], kind: type[Outcome], arrived: int
) -> None:
    await faults(rim, **fault)
    assert isinstance(await painter.send(101, SO_FAR, SHOWN), kind)
    assert len(await rim.texts()) == arrived
    assert not await calls(rim, "sendMessage")


async def test_who_has_gone_gets_no_words_either(rim: Rim, painter: Sender) -> None:
    await rim.wire.act(101, "blocks")
    outcome = await painter.send(101, SO_FAR, SHOWN)
    assert isinstance(outcome, Refused)
    assert outcome.reach is Reach.BLOCKED
    assert not await calls(rim, "sendMessage")


async def test_a_caption_that_cannot_be_parsed_goes_out_as_plain_text(rim: Rim, painter: Sender) -> None:
    await painter.send(101, replace(SO_FAR, html="<blink>1 &lt; 2</blink>"), SHOWN)
    assert [(photo, bool(rows)) for photo, _, rows in await on_the_phone(rim)] == [(True, True)]
    assert await rim.texts() == ["1 < 2"]


async def test_a_stored_reply_brings_its_picture(rim: Rim, painter: Sender, store: Store) -> None:
    now = datetime(2026, 11, 25, 5, 30, tzinfo=UTC)

    async def owe(tx: Tx) -> int:
        meaning = {"message": SO_FAR.as_json()}
        return await deliveries.add_in_hand(
            tx, "reply:1:0", telegram_id=101, meaning=meaning, owner="me", due_at=now, now=now
        )

    await store.change(owe)
    ((row, _),) = await store.read(lambda tx: dispatch.lapsed(tx, now + timedelta(hours=1), me="me"))
    message = await routes.stored_words(None, row, None, now)  # type: ignore[arg-type]  # asks neither store nor office
    assert message == SO_FAR
    await painter.send(101, message, SHOWN)
    assert await on_the_phone(rim) == [(True, "Good <b>day</b>", True)]


async def test_the_words_below_a_picture_cannot_be_edited_but_its_buttons_can(rim: Rim, painter: Sender) -> None:
    outcome = await painter.send(101, SO_FAR, SHOWN)
    assert isinstance(outcome, Sent)
    assert not await painter.edit(101, outcome.message_id, Message("Good evening"))
    assert await painter.strip(101, outcome.message_id)
    assert await on_the_phone(rim) == [(True, "Good <b>day</b>", False)]
