"""Editing what the bot sent: text, caption, keyboard, media. An edit that changes nothing is refused."""

from dataclasses import replace

from sandbox.errors import bad_request
from sandbox.files import Upload
from sandbox.keyboard import inline_keyboard
from sandbox.message import Json, Message
from sandbox.methods.sending import own_message
from sandbox.words import caption_words, message_words
from sandbox.world import World

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_text(world: World, params: Json) -> Json:
    """editMessageText."""
    words = message_words(params)
    message = _editable(world, params)
    if not message.is_text:
        raise bad_request("there is no text in the message to edit")
    return _changed(world, message, replace(message, words=words, markup=_keyboard(params)))


def edit_caption(world: World, params: Json) -> Json:
    """editMessageCaption."""
    words = caption_words(params)
    message = _editable(world, params)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    return _changed(world, message, replace(message, words=words, markup=_keyboard(params)))


def edit_markup(world: World, params: Json) -> Json:
    """editMessageReplyMarkup."""
    message = _editable(world, params)
    return _changed(world, message, replace(message, markup=_keyboard(params)))


def edit_media(world: World, params: Json) -> Json:
    """editMessageMedia: photos and documents, with the new caption."""
    media: Json = params["media"]
    if media["type"] not in ("photo", "document"):
        raise bad_request("the sandbox edits photos and documents only")
    message = _editable(world, params)
    if message.poll_id:
        raise bad_request("there is no media in the message to edit")
    source = media["media"]
    files = world.files
    new = files.add(media["type"], source) if isinstance(source, Upload) else files.again(media["type"], source)
    return _changed(world, message, replace(message, media=new, words=caption_words(media), markup=_keyboard(params)))


def _keyboard(params: Json) -> Json | None:
    return inline_keyboard(params.get("reply_markup"))


def _editable(world: World, params: Json) -> Message:
    if params.get("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")  # this bot has sent nothing by inline mode
    message = own_message(world, params, missing="message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    chat = world.chats[message.chat_id]
    if chat.deactivated or chat.blocked:
        world.chat_to_write(message.chat_id)
    return message


def _changed(world: World, before: Message, after: Message) -> Json:
    if before.content() == after.content():
        raise bad_request(SAME)
    # Telegram marks a message as edited only when its words or media changed, not its keyboard.
    if replace(before, markup=None).content() != replace(after, markup=None).content():
        after = replace(after, edited_at=world.clock.now())
    return world.telegram(world.store(after))
