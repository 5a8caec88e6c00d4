"""Sending text, copying, forwarding, deleting, and chat actions."""

from dataclasses import replace
from datetime import timedelta

from sandbox.chat import TYPING_SECONDS
from sandbox.clock import monotonic
from sandbox.errors import bad_request
from sandbox.links import checked_url
from sandbox.message import Json, Message
from sandbox.methods.sending import own_message, send
from sandbox.words import caption_words, message_words
from sandbox.world import World

DELETABLE_FOR = timedelta(hours=48)
MOST_AT_ONCE = 100
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send_message(world: World, params: Json) -> Json:
    """sendMessage."""
    words = message_words(params)
    preview = params.get("link_preview_options") or {}
    if preview.get("url") and checked_url(preview["url"]).wrong:
        raise bad_request("WEBPAGE_URL_INVALID")
    return world.telegram(send(world, params, words=words))


def send_chat_action(world: World, params: Json) -> bool:
    """sendChatAction."""
    if params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.chat_to_write(params["chat_id"])
    chat.typing_until = monotonic() + TYPING_SECONDS
    world.touched(chat)
    return True


def copy_message(world: World, params: Json) -> Json:
    """copyMessage."""
    original = _from(world, params, missing="message to copy not found")
    if original.poll_id:
        raise bad_request("message can't be copied")
    words = caption_words(params) if "caption" in params and not original.is_text else original.words
    return {"message_id": send(world, params, words=words, media=original.media).message_id}


def forward_message(world: World, params: Json) -> Json:
    """forwardMessage."""
    original = _from(world, params, missing="message to forward not found")
    sent = send(world, params, words=original.words, media=original.media, poll_id=original.poll_id)
    origin = world.telegram(original)["from"]
    date = int(original.at.timestamp())
    return world.telegram(sent) | {"forward_origin": {"type": "user", "sender_user": origin, "date": date}}


def delete_message(world: World, params: Json) -> bool:
    """deleteMessage."""
    message = own_message(world, params, missing="message to delete not found")
    if world.clock.now() - message.at > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    _delete(world, message)
    return True


def delete_messages(world: World, params: Json) -> bool:
    """deleteMessages: those that cannot be found are skipped."""
    chat = world.chat_to_read(params["chat_id"])
    if not params["message_ids"]:
        raise bad_request("message identifiers are not specified")
    if len(params["message_ids"]) > MOST_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    for message_id in params["message_ids"]:
        message = chat.messages.get(message_id)
        if message and world.clock.now() - message.at <= DELETABLE_FOR:
            _delete(world, message)
    return True


def _delete(world: World, message: Message) -> None:
    chat = world.chats[message.chat_id]
    del chat.messages[message.message_id]
    world.touched(chat)


def _from(world: World, params: Json, *, missing: str) -> Message:
    where = {"chat_id": params["from_chat_id"], "message_id": params["message_id"]}
    message = own_message(world, where, missing=missing)
    if message.protected:
        raise bad_request("message can't be forwarded" if "forward" in missing else "message can't be copied")
    return replace(message, markup=None)
