"""A photo with its caption: sent, shown, fetched, and refused in Telegram's words."""

import json
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from sandbox.schema import official
from tests.sandbox.phone_page import chromium, keyboard, stage_in
from tests.sandbox.wire import Wire

OFFICIAL = "The official"


def png(width: int, height: int) -> bytes:
    """A real picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\x00" + b"\x17\x69\x5f" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = png(800, 420)


async def photo(wire: Wire, content: bytes | None = PICTURE, *, part: str = "photo", **params: Any) -> dict[str, Any]:
    """The answer to sendPhoto by multipart, the file in the part of that name."""
    form = aiohttp.FormData()
    for name, value in ({"chat_id": 101} | params).items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    if content is not None:
        form.add_field(part, content, filename="picture.png", content_type="image/png")
    async with wire.client.post(f"{wire.bot_path}/sendPhoto", data=form) as answer:
        body: dict[str, Any] = await answer.json()
        assert body["ok"] or answer.status == body["error_code"]
        return body


async def test_a_caption_has_its_entities_and_its_keyboard(wire: Wire) -> None:
    await wire.asha()
    body = await photo(wire, caption="<b>So far</b>", parse_mode="HTML", reply_markup=keyboard(("Go", "go")))
    official().check(body["result"], "Message")
    assert body["result"]["caption"] == "So far"
    assert body["result"]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 6}]
    assert body["result"]["reply_markup"] == keyboard(("Go", "go"))


async def test_a_file_may_come_in_a_part_of_another_name(wire: Wire) -> None:
    await wire.asha()
    body = await photo(wire, part="drawn", photo="attach://drawn", caption="x")
    assert body["result"]["photo"][-1]["file_size"] == len(PICTURE)


async def test_entities_stand_for_markup(wire: Wire) -> None:
    await wire.asha()
    entities = [{"type": "italic", "offset": 0, "length": 2}]
    body = await photo(wire, caption="So far", caption_entities=entities)
    assert body["result"]["caption_entities"] == entities


async def test_the_chat_tells_the_page_of_picture_size_and_words(wire: Wire) -> None:
    await wire.asha()
    await photo(wire, caption="<b>So</b> far", parse_mode="HTML")
    (shown,) = (await wire.chat(101))["messages"]
    assert (shown["html"], shown["text"], shown["photo_size"]) == ("<b>So</b> far", "So far", [800, 420])
    async with wire.client.get(shown["photo"]) as picture:
        assert (picture.content_type, await picture.read()) == ("image/png", PICTURE)


async def test_the_bot_can_fetch_what_it_sent(wire: Wire) -> None:
    await wire.asha()
    sent = (await photo(wire))["result"]["photo"][-1]
    file = await wire.done("getFile", file_id=sent["file_id"])
    assert file["file_unique_id"] == sent["file_unique_id"]
    async with wire.client.get(f"/file{wire.bot_path}/{file['file_path']}") as answer:
        assert await answer.read() == PICTURE


@pytest.mark.parametrize("n", [0, 1, 1024])
async def test_a_caption_is_counted_after_parsing(wire: Wire, n: int) -> None:
    await wire.asha()
    body = await photo(wire, caption=f"<b>{'😀' * n}</b>", parse_mode="HTML")
    assert len(body["result"].get("caption", "")) == n


@pytest.mark.parametrize(
    ("content", "params", "words"),
    [
        (None, {}, "there is no photo in the request"),
        (None, {"photo": ""}, "there is no photo in the request"),
        (None, {"photo": "attach://drawn"}, 'there is no file "drawn" in the request'),
        (PICTURE, {"caption": "x" * 1025}, "message caption is too long"),
        (PICTURE, {"caption": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        (PICTURE, {"chat_id": 999}, "chat not found"),
        (PICTURE, {"reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}, "can't parse inline keyboard button: "),
        (b"", {}, "file must be non-empty"),
        (b"no picture", {}, "IMAGE_PROCESS_FAILED"),
        (png(2100, 100), {}, "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_a_photo_that_telegram_would_not_take_is_refused(
    wire: Wire, content: bytes | None, params: dict[str, Any], words: str
) -> None:
    await wire.asha()
    body = await photo(wire, content, **params)
    assert body.get("description", "").startswith(f"Bad Request: {words}")
    assert (await wire.chat(101))["messages"] == []


async def test_a_photo_to_somebody_who_blocked_is_forbidden(wire: Wire) -> None:
    await wire.asha()
    await wire.act(101, "blocks")
    body = await photo(wire)
    assert (body["error_code"], body["description"]) == (403, "Forbidden: bot was blocked by the user")


async def test_there_is_no_text_to_edit_but_a_keyboard(wire: Wire) -> None:
    await wire.asha()
    sent = (await photo(wire, caption="So far", reply_markup=keyboard(("Go", "go"))))["result"]
    it = {"chat_id": 101, "message_id": sent["message_id"]}
    assert await wire.refused("editMessageText", text="Newer", **it) == (
        400,
        "Bad Request: there is no text in the message to edit",
    )
    await wire.done("editMessageReplyMarkup", **it)
    (shown,) = (await wire.chat(101))["messages"]
    assert (shown["text"], shown["keyboard"], shown["edited_at"]) == ("So far", [], None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


async def boxes(message: Locator) -> dict[str, dict[str, float]]:
    """Where bubble, picture and words of a message stand, all at one moment."""
    script = """message => Object.fromEntries(['.bubble', 'img', '.text', 'time'].map(
        part => [part, message.querySelector(part).getBoundingClientRect().toJSON()]))"""
    found: dict[str, dict[str, float]] = await message.evaluate(script)
    return found


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_a_phone_shows_the_picture_above_its_caption(browser: Browser) -> None:
    async with stage_in(browser, width=360, height=740) as stage:
        await stage.accept_invitation()
        markup = keyboard(("Read", "read"))
        await photo(stage.wire, caption="<b>So far</b>", parse_mode="HTML", reply_markup=markup)
        message = stage.message(OFFICIAL, "So far")
        await expect(message.locator("b")).to_have_text("So far")
        await expect(message.get_by_role("link", name="Photo with the text below, open it")).to_be_visible()
        await expect(stage.button(OFFICIAL, "Read")).to_be_in_viewport()
        box = await boxes(message)
        picture, bubble = box["img"], box[".bubble"]
        assert (picture["left"], picture["right"], picture["top"]) == (bubble["left"], bubble["right"], bubble["top"])
        assert picture["height"] == pytest.approx(picture["width"] * 420 / 800, abs=1), "in its own proportions"
        assert picture["bottom"] <= box[".text"]["top"]
        assert stage.errors == []
        assert stage.elsewhere == []


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_a_picture_without_words_has_its_hour_on_it(browser: Browser) -> None:
    async with stage_in(browser, width=360, height=740) as stage:
        await stage.accept_invitation()
        await photo(stage.wire)
        message = stage.phone(OFFICIAL).locator("article.message").last
        await expect(message.locator(".bare time")).to_be_in_viewport()
        box = await boxes(message)
        assert box["img"] == box[".bubble"]
        assert box["img"]["top"] < box["time"]["top"] < box["time"]["bottom"] < box["img"]["bottom"]
