"""The one table of methods: what is not in it answers 404 as Telegram does."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.message import Json
from sandbox.methods import callbacks, edits, files, messages, polls, profile, receiving
from sandbox.world import World

Method = Callable[[World, Json], Any]  # the result, or an awaitable of it

METHODS: dict[str, Method] = {
    "getMe": profile.get_me,
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    "sendMessage": messages.send_message,
    "sendChatAction": messages.send_chat_action,
    "copyMessage": messages.copy_message,
    "forwardMessage": messages.forward_message,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "editMessageText": edits.edit_text,
    "editMessageCaption": edits.edit_caption,
    "editMessageReplyMarkup": edits.edit_markup,
    "editMessageMedia": edits.edit_media,
    "answerCallbackQuery": callbacks.answer_callback_query,
    "answerInlineQuery": callbacks.answer_inline_query,
    "sendPhoto": files.send_photo,
    "sendDocument": files.send_document,
    "getFile": files.get_file,
    "sendPoll": polls.send_poll,
    "stopPoll": polls.stop_poll,
    "setMyCommands": profile.set_commands,
    "getMyCommands": profile.get_commands,
    "deleteMyCommands": profile.delete_commands,
    "setMyName": partial(profile.set_text, "name"),
    "getMyName": partial(profile.get_text, "name"),
    "setMyDescription": partial(profile.set_text, "description"),
    "getMyDescription": partial(profile.get_text, "description"),
    "setMyShortDescription": partial(profile.set_text, "short_description"),
    "getMyShortDescription": partial(profile.get_text, "short_description"),
    "setChatMenuButton": profile.set_menu_button,
    "getChatMenuButton": profile.get_menu_button,
    "getChat": profile.get_chat,
}
BY_LOWER = {name.lower(): name for name in METHODS}  # Telegram takes names in any case
