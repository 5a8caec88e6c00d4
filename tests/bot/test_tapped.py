"""A tap on its way through the inbox: what is kept of it, and how it is read again."""

from typing import Any

import pytest
from telegram import Update

from bot.tapped import Tapped, of, sparing, update_in

ASHA = {"id": 101, "is_bot": False, "first_name": "Asha", "last_name": "Rahman", "language_code": "bn"}
CHAT = {"id": 101, "type": "private", "first_name": "Asha"}
WORDS: dict[str, Any] = {"message_id": 7, "date": 1_800_000_000, "chat": CHAT, "text": "Which paper first?"}
PICTURE: dict[str, Any] = WORDS | {
    "photo": [{"file_id": "a", "file_unique_id": "b", "width": 90, "height": 90}],
    "caption": "Week three",
}


def a_tap_on(message: dict[str, Any]) -> dict[str, Any]:
    query = {"id": "4711", "from": ASHA, "chat_instance": "-5", "data": "a:1:good", "message": message}
    return {"update_id": 900, "callback_query": query}


@pytest.mark.parametrize("raw", [a_tap_on(WORDS), sparing(a_tap_on(WORDS)), {"update_id": 901, "message": WORDS}])
def test_what_was_kept_is_read_as_the_library_reads_it(raw: dict[str, Any]) -> None:
    assert update_in(raw, None).to_dict() == Update.de_json(raw, None).to_dict()


@pytest.mark.parametrize(("message", "has_picture"), [(WORDS, False), (PICTURE, True)])
def test_of_the_tapped_message_its_number_is_kept_and_whether_it_is_a_picture(
    message: dict[str, Any], has_picture: bool
) -> None:
    kept = sparing(a_tap_on(message))
    assert "message" not in kept["callback_query"]
    assert of(update_in(kept, None).callback_query) == Tapped(7, has_picture)
    assert of(update_in(a_tap_on(message), None).callback_query) == Tapped(7, has_picture)
