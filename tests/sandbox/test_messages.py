"""What the bot sends, edits and deletes, and what the phone shows of it."""

from typing import Any

import aiohttp

from tests.sandbox.wire import Wire

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000400000002008060000") + b"\0" * 20
GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "a:1"}], [{"text": "Map", "url": "https://x.org/m"}]]}


async def send(wire: Wire, text: str = "hello", **more: Any) -> dict[str, Any]:
    message: dict[str, Any] = await wire.done("sendMessage", chat_id=101, text=text, **more)
    return message


async def test_the_phone_shows_markup_as_html_and_escapes_the_rest(wire: Wire) -> None:
    await wire.asha()
    sent = await send(wire, "<b>One &amp; <i>two</i></b> 😀 <u>x</u> &lt;p&gt;", parse_mode="HTML")
    assert sent["text"] == "One & two 😀 x <p>"
    assert sent["entities"] == [
        {"offset": 0, "length": 9, "type": "bold"},
        {"offset": 6, "length": 3, "type": "italic"},
        {"offset": 13, "length": 1, "type": "underline"},
    ]
    shown = (await wire.chat(101))["messages"][0]
    assert shown["html"] == "<b>One &amp; <i>two</i></b> 😀 <u>x</u> &lt;p&gt;"


async def test_text_without_markup_cannot_smuggle_html(wire: Wire) -> None:
    await wire.asha()
    await send(wire, '<script>alert("x")</script>')
    assert (await wire.chat(101))["messages"][0]["html"] == '&lt;script&gt;alert("x")&lt;/script&gt;'


async def test_4096_code_points_pass_even_with_tags_and_emoji(wire: Wire) -> None:
    await wire.asha()
    assert len((await send(wire, "<b>" + "😀" * 4096 + "</b>", parse_mode="HTML"))["text"]) == 4096


async def test_text_is_trimmed_and_its_entities_with_it(wire: Wire) -> None:
    await wire.asha()
    sent = await send(wire, "\n  <b>hello </b>\n", parse_mode="HTML")
    assert (sent["text"], sent["entities"]) == ("hello", [{"offset": 0, "length": 5, "type": "bold"}])


async def test_the_phone_shows_the_keyboard(wire: Wire) -> None:
    await wire.asha()
    await send(wire, reply_markup=GO)
    assert (await wire.chat(101))["messages"][0]["keyboard"] == [
        [{"label": "Go", "data": "a:1"}],
        [{"label": "Map", "url": "https://x.org/m"}],
    ]


async def test_an_edit_without_a_keyboard_takes_the_keyboard_away(wire: Wire) -> None:
    await wire.asha()
    sent = await send(wire, reply_markup=GO)
    edited = await wire.done("editMessageText", chat_id=101, message_id=sent["message_id"], text="bye")
    assert edited["edit_date"] >= edited["date"]
    shown = (await wire.chat(101))["messages"]
    assert [(m["text"], m["keyboard"], m["edited_at"] is None) for m in shown] == [("bye", [], False)]


async def test_a_new_keyboard_alone_does_not_mark_the_message_as_edited(wire: Wire) -> None:
    await wire.asha()
    sent = await send(wire)
    edited = await wire.done("editMessageReplyMarkup", chat_id=101, message_id=sent["message_id"], reply_markup=GO)
    assert "edit_date" not in edited
    assert edited["reply_markup"] == GO


async def test_an_unmodified_edit_is_listed_apart_from_refusals(wire: Wire) -> None:
    await wire.asha()
    sent = await send(wire)
    await wire.refused("editMessageText", chat_id=101, message_id=sent["message_id"], text="hello")
    journal = await wire.get("journal")
    assert (len(journal["unmodified"]), journal["refusals"]) == (1, [])


async def test_a_deleted_message_is_gone_from_the_phone(wire: Wire) -> None:
    await wire.asha()
    first, second = await send(wire), await send(wire, "stays")
    await wire.done("deleteMessage", chat_id=101, message_id=first["message_id"])
    assert [m["message_id"] for m in (await wire.chat(101))["messages"]] == [second["message_id"]]


async def test_after_two_days_a_message_cannot_be_deleted(wire: Wire) -> None:
    await wire.asha()
    sent = await send(wire)
    await wire.post("clock", jump_to="2100-01-01T00:00:00+00:00")
    assert await wire.refused("deleteMessage", chat_id=101, message_id=sent["message_id"]) == (
        400,
        "Bad Request: message can't be deleted for everyone",
    )


async def test_a_reply_carries_the_message_it_answers(wire: Wire) -> None:
    await wire.asha()
    first = await send(wire)
    answer = await send(wire, "answer", reply_parameters={"message_id": first["message_id"]})
    assert answer["reply_to_message"]["text"] == "hello"


async def test_a_reply_to_nothing_goes_out_when_that_is_allowed(wire: Wire) -> None:
    await wire.asha()
    reply = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await send(wire, reply_parameters=reply)


async def test_silent_and_protected_are_kept(wire: Wire) -> None:
    await wire.asha()
    sent = await send(wire, disable_notification=True, protect_content=True)
    assert sent["has_protected_content"] is True
    assert (await wire.chat(101))["messages"][0]["silent"] is True
    assert (await wire.refused("copyMessage", chat_id=101, from_chat_id=101, message_id=sent["message_id"])) == (
        400,
        "Bad Request: message can't be copied",
    )


async def test_a_copy_has_the_words_but_not_the_keyboard(wire: Wire) -> None:
    await wire.asha()
    await wire.babu()
    sent = await send(wire, "<b>x</b>", parse_mode="HTML", reply_markup=GO)
    await wire.done("copyMessage", chat_id=102, from_chat_id=101, message_id=sent["message_id"])
    shown = (await wire.chat(102))["messages"][0]
    assert (shown["html"], shown["keyboard"]) == ("<b>x</b>", [])


async def test_a_photo_goes_out_by_multipart_and_again_by_its_id(wire: Wire) -> None:
    await wire.asha()
    form = aiohttp.FormData({"chat_id": "101", "caption": "<i>map</i>", "parse_mode": "HTML"})
    form.add_field("photo", PNG, filename="map.png", content_type="image/png")
    async with wire.client.post(f"{wire.bot_path}/sendPhoto", data=form) as answer:
        photo = (await answer.json())["result"]["photo"][-1]
    assert (photo["width"], photo["height"]) == (64, 32)
    await wire.done("sendPhoto", chat_id=101, photo=photo["file_id"])
    first, again = (await wire.chat(101))["messages"]
    assert (first["html"], first["photo"]) == ("<i>map</i>", again["photo"])
    async with wire.client.get(first["photo"]) as picture:
        assert (picture.content_type, await picture.read()) == ("image/png", PNG)


async def test_what_is_no_picture_cannot_be_a_photo(wire: Wire) -> None:
    await wire.asha()
    form = aiohttp.FormData({"chat_id": "101"})
    form.add_field("photo", b"no picture", filename="map.png")
    async with wire.client.post(f"{wire.bot_path}/sendPhoto", data=form) as answer:
        assert (await answer.json())["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


async def test_an_upload_that_no_parameter_names_is_refused(wire: Wire) -> None:
    await wire.asha()
    form = aiohttp.FormData({"chat_id": "101", "text": "x"})
    form.add_field("stray", b"x", filename="x.txt")
    async with wire.client.post(f"{wire.bot_path}/sendMessage", data=form) as answer:
        assert "stray" in (await answer.json())["description"]


async def test_media_is_replaced_by_an_attached_file(wire: Wire) -> None:
    await wire.asha()
    form = aiohttp.FormData({"chat_id": "101", "document": "attach://roster"})
    form.add_field("roster", b"a,b", filename="roster.csv")
    async with wire.client.post(f"{wire.bot_path}/sendDocument", data=form) as answer:
        sent = (await answer.json())["result"]
    form = aiohttp.FormData({"chat_id": "101", "message_id": str(sent["message_id"])})
    form.add_field("media", '{"type": "photo", "media": "attach://p", "caption": "new"}')
    form.add_field("p", PNG, filename="p.png")
    async with wire.client.post(f"{wire.bot_path}/editMessageMedia", data=form) as answer:
        assert (await answer.json())["ok"] is True
    shown = (await wire.chat(101))["messages"][0]
    assert (shown["text"], "photo" in shown, "document" in shown) == ("new", True, False)


async def test_the_bot_downloads_what_a_person_sent(wire: Wire) -> None:
    await wire.asha()
    await wire.act(101, "sends", document={"file_name": "roster.csv", "base64": "YSxi"}, caption="for you")
    message = (await wire.updates())[0]["message"]
    assert (message["caption"], message["document"]["file_name"]) == ("for you", "roster.csv")
    file = await wire.done("getFile", file_id=message["document"]["file_id"])
    async with wire.client.get(f"/file{wire.bot_path}/{file['file_path']}") as answer:
        assert await answer.read() == b"a,b"


async def test_forms_and_addresses_are_read_like_json(wire: Wire) -> None:
    await wire.asha()
    fields = {
        "chat_id": "101",
        "text": "form",
        "disable_notification": "true",
        "reply_markup": '{"inline_keyboard":[]}',
    }
    async with wire.client.post(f"{wire.bot_path}/SENDMESSAGE", data=fields) as answer:
        assert (await answer.json())["result"]["text"] == "form"
    async with wire.client.get(f"{wire.bot_path}/sendMessage?chat_id=101&text=address") as answer:
        assert (await answer.json())["result"]["text"] == "address"


async def test_typing_shows_until_the_message(wire: Wire) -> None:
    await wire.asha()
    await wire.done("sendChatAction", chat_id=101, action="typing")
    assert (await wire.chat(101))["typing"] is True
    await send(wire)
    assert (await wire.chat(101))["typing"] is False
