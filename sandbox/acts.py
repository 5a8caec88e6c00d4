"""What people do with their phones: write, send files, tap, vote, ask inline, block, clear."""

import base64
import binascii
from typing import Any

from sandbox.chat import Chat
from sandbox.clock import monotonic
from sandbox.errors import ImpossibleError, RefusalError
from sandbox.files import Upload
from sandbox.journal import Tap
from sandbox.message import Formatted, Json, Message
from sandbox.polls import Poll
from sandbox.words import MOST_TEXT
from sandbox.world import InlineQuery, World

MOST_OPTIONS = 12  # Bot API 10.1, sendPoll


def says(world: World, chat: Chat, body: Json) -> Json:
    """A text; START is `/start`. `reply_to`: the id of the message that it answers."""
    text = _text(body, "text").strip()
    if not text or len(text) > MOST_TEXT:
        raise ImpossibleError(400, f"`text` has 1 to {MOST_TEXT} characters.")
    _refuse_the_cut_off(chat)
    reply_to = body.get("reply_to")
    if reply_to is not None and reply_to not in chat.messages:
        raise ImpossibleError(409, "This phone shows no message of that id to reply to.")
    message = _message(world, chat, words=Formatted(text), reply_to=reply_to)
    return {"update_id": world.received(chat, message), "message_id": message.message_id}


def sends(world: World, chat: Chat, body: Json) -> Json:
    """A photo or a document, with a caption; or a poll of a question and options."""
    if isinstance(body.get("poll"), dict):
        return _sends_poll(world, chat, body["poll"])
    kind = next((kind for kind in ("photo", "document") if kind in body), None)
    if kind is None or not isinstance(body[kind], dict):
        raise ImpossibleError(400, "A file is `document` or `photo` with `file_name` and `base64`.")
    _refuse_the_cut_off(chat)
    try:
        content = base64.b64decode(_text(body[kind], "base64"), validate=True)
        media = world.files.add(kind, Upload(_text(body[kind], "file_name"), content))
    except binascii.Error:
        raise ImpossibleError(400, "`base64` cannot be read.") from None
    except RefusalError as refusal:
        raise ImpossibleError(400, refusal.description) from None
    message = _message(world, chat, words=Formatted(str(body.get("caption", ""))), media=media)
    return {"update_id": world.received(chat, message), "message_id": message.message_id}


def _sends_poll(world: World, chat: Chat, asked: Json) -> Json:
    options = asked.get("options")
    if not isinstance(options, list) or not 2 <= len(options) <= MOST_OPTIONS:
        raise ImpossibleError(400, f"A poll has `question` and 2 to {MOST_OPTIONS} `options`.")
    _refuse_the_cut_off(chat)
    words = tuple(Formatted(str(each)) for each in options)
    poll = Poll(
        str(world.updates.fresh_id()),
        Formatted(_text(asked, "question")),
        words,
        is_quiz=False,
        anonymous=True,
        several=False,
        revoting=True,
    )
    world.polls[poll.id] = poll
    message = _message(world, chat, words=Formatted(""), poll_id=poll.id)
    return {"update_id": world.received(chat, message), "message_id": message.message_id}


def taps(world: World, chat: Chat, body: Json) -> Json:
    """A button of a message, by its data or its label."""
    _refuse_the_cut_off(chat)
    message_id, data = _forged(body) if body.get("forged") else _button(chat, body)
    query_id = str(world.updates.fresh_id())
    tap = Tap(query_id, chat.person.id, data, world.clock.now())
    message = chat.messages.get(message_id)
    query: Json = {
        "id": query_id,
        "from": chat.person.user(),
        "chat_instance": str(-9_000_000_000 - chat.person.id),
        "data": data,
        # Telegram shows a message that is gone with a date of 0.
        "message": world.telegram(message)
        if message
        else {"chat": chat.person.chat(), "message_id": message_id, "date": 0},
    }
    world.taps[query_id] = tap
    world.journal.taps.append(tap)
    chat.unanswered.add(query_id)
    world.touched(chat)
    update_id = world.updates.add("callback_query", query, key=str(chat.person.id))
    return {"update_id": update_id, "callback_query_id": query_id}


def votes(world: World, chat: Chat, body: Json) -> Json:
    """An answer to a poll; no options take it back."""
    poll_id, option_ids = body.get("poll_id"), body.get("option_ids")
    shown = {message.poll_id for message in chat.visible()}
    if not isinstance(poll_id, str) or poll_id not in shown:
        raise ImpossibleError(409, "This phone shows no such poll.")
    if not isinstance(option_ids, list):
        raise ImpossibleError(400, "`option_ids` is a list of numbers.")
    _refuse_the_cut_off(chat)
    poll = world.polls[poll_id]
    chosen = poll.vote(chat.person.id, option_ids, world.clock.now())
    world.touched(chat)
    update_id = None
    if not poll.anonymous:
        update_id = world.updates.add("poll_answer", _answer(chat, poll, chosen), key=f"poll{poll_id}")
    world.updates.add("poll", poll.telegram(world.clock.now()), key=f"poll{poll_id}")
    return {"update_id": update_id}


def asks_inline(world: World, chat: Chat, body: Json) -> Json:
    """A query typed after the bot's name."""
    query_id = str(world.updates.fresh_id())
    world.inline_queries[query_id] = InlineQuery(chat.person.id, monotonic())
    query: Json = {
        "id": query_id,
        "from": chat.person.user(),
        "query": _text(body, "query"),
        "offset": "",
        "chat_type": "sender",
    }
    update_id = world.updates.add("inline_query", query, key=str(chat.person.id))
    return {"update_id": update_id, "inline_query_id": query_id}


def blocks(world: World, chat: Chat, _body: Json) -> Json:
    """Block; twice is once."""
    return {"update_id": None if chat.blocked else world.membership(chat, blocked=True)}


def unblocks(world: World, chat: Chat, _body: Json) -> Json:
    """Unblock; twice is once."""
    return {"update_id": world.membership(chat, blocked=False) if chat.blocked else None}


def deactivates(world: World, chat: Chat, _body: Json) -> Json:
    """Delete the Telegram account: nothing comes back from it."""
    chat.deactivated = True
    world.touched(chat)
    return {"update_id": None}


def clears(world: World, chat: Chat, _body: Json) -> Json:
    """Delete the history on this phone; the bot can still edit its messages."""
    chat.cleared_to = max(chat.messages, default=0)
    chat.toast = None
    world.touched(chat)
    return {"update_id": None}


ACTS = {
    "says": says,
    "sends": sends,
    "taps": taps,
    "votes": votes,
    "asks-inline": asks_inline,
    "blocks": blocks,
    "unblocks": unblocks,
    "deactivates": deactivates,
    "clears": clears,
}


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise ImpossibleError(400, f"`{name}` is a text.")
    return value


def _refuse_the_cut_off(chat: Chat) -> None:
    if chat.deactivated:
        raise ImpossibleError(409, "This account is deleted.")
    if chat.blocked:
        raise ImpossibleError(409, "The bot is blocked on this phone.")


def _message(world: World, chat: Chat, **content: Any) -> Message:
    return Message(
        message_id=world.next_message_id(),
        chat_id=chat.person.id,
        from_bot=False,
        at=world.clock.now(),
        **content,
    )


def _forged(body: Json) -> tuple[int, str]:
    if not isinstance(body.get("message_id"), int):
        raise ImpossibleError(400, "A forged tap needs `message_id` and `data`.")
    return int(body["message_id"]), _text(body, "data")


def _button(chat: Chat, body: Json) -> tuple[int, str]:
    wanted = body.get("message_id")
    if "data" not in body and "label" not in body:
        raise ImpossibleError(400, "A tap names `data` or `label`.")
    for message in reversed(chat.visible()):
        if wanted is not None and message.message_id != wanted:
            continue
        for row in (message.markup or {}).get("inline_keyboard", []):
            for button in row:
                if "callback_data" not in button:
                    continue
                if button["callback_data"] == body.get("data") or button["text"] == body.get("label"):
                    return message.message_id, str(button["callback_data"])
    raise ImpossibleError(409, "This phone shows no such button.")


def _answer(chat: Chat, poll: Poll, chosen: tuple[int, ...]) -> Json:
    return {
        "poll_id": poll.id,
        "user": chat.person.user(),
        "option_ids": list(chosen),
        "option_persistent_ids": poll.persistent_ids(chosen),
    }
