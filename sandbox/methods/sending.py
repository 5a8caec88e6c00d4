"""What every sending method does alike: where to, may it, keyboard, reply, limits, and the message itself."""

from typing import Any

from sandbox.chat import Chat
from sandbox.errors import bad_request
from sandbox.keyboard import inline_keyboard
from sandbox.message import NO_WORDS, Formatted, Json, Media, Message
from sandbox.world import World

EFFECTS = frozenset(  # the six free ones that clients offer
    [
        "5104841245755180586",
        "5107584321108051014",
        "5104858069142078462",
        "5046509860389126442",
        "5046589136895476101",
        "5159385139981059251",
    ]
)


def refuse_what_is_not_there(params: Json) -> None:
    """Parts of Telegram that a private chat with this bot does not have."""
    if params.get("business_connection_id"):
        raise bad_request("business connection not found")
    if params.get("message_thread_id"):
        raise bad_request("message thread not found")
    if params.get("suggested_post_parameters") is not None:
        raise bad_request("suggested posts can be sent only to channel direct messages")
    if params.get("allow_paid_broadcast"):
        raise bad_request("FLOODSKIP_NOT_ALLOWED")
    if (effect := params.get("message_effect_id")) and effect not in EFFECTS:
        raise bad_request("EFFECT_ID_INVALID")


def reply_target(world: World, chat: Chat, params: Json) -> int | None:
    """The message that is answered, when it is still there."""
    reply = params.get("reply_parameters")
    if reply is None:
        return None
    elsewhere = reply.get("chat_id")
    where = chat if elsewhere is None else world.chat_to_read(elsewhere)
    if reply["message_id"] in where.messages and where is chat:
        return int(reply["message_id"])
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def send(
    world: World,
    params: Json,
    *,
    words: Formatted = NO_WORDS,
    media: Media | None = None,
    poll_id: str | None = None,
) -> Message:
    """Store a new message of the bot. Raises RefusalError 400, 403 or 429."""
    refuse_what_is_not_there(params)
    chat = world.chat_to_read(params["chat_id"])
    markup = inline_keyboard(params.get("reply_markup"))
    chat = world.chat_to_write(params["chat_id"])
    reply_to = reply_target(world, chat, params)
    world.limits.take(chat.person.id)
    return world.store(
        Message(
            message_id=world.next_message_id(),
            chat_id=chat.person.id,
            from_bot=True,
            at=world.clock.now(),
            words=words,
            media=media,
            poll_id=poll_id,
            markup=markup,
            reply_to=reply_to,
            silent=bool(params.get("disable_notification")),
            protected=bool(params.get("protect_content")),
        )
    )


def own_message(world: World, params: Json, *, missing: str) -> Message:
    """The message that a call names. Raises RefusalError 400 with `missing`."""
    chat = world.chat_to_read(params.get("chat_id"))
    message_id: Any = params.get("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(missing)
    return message
