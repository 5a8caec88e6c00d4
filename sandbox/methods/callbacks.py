"""Answers to taps and to inline queries: once, and not too late."""

from sandbox.clock import monotonic
from sandbox.errors import RefusalError, bad_request
from sandbox.message import Json
from sandbox.world import World

MOST_ANSWER = 200
MOST_RESULTS = 50


def too_old() -> RefusalError:
    """Telegram's one sentence for expired, answered and unknown queries."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")


def answer_callback_query(world: World, params: Json) -> bool:
    """answerCallbackQuery."""
    text: str = params.get("text") or ""
    if len(text) > MOST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if params.get("url"):
        raise bad_request("URL_INVALID")  # only for games and t.me links of this bot
    tap = world.taps.get(params["callback_query_id"])
    now = monotonic()
    life = world.limits.callback_seconds
    if tap is None or tap.answered_after_ms is not None or (life is not None and now - tap.tapped > life):
        raise too_old()
    tap.answered_after_ms = round((now - tap.tapped) * 1000, 1)
    chat = world.chats[tap.person]
    chat.unanswered.discard(tap.callback_query_id)
    world.touched(chat)
    if text:
        chat.toast = {"text": text, "alert": bool(params.get("show_alert")), "seq": chat.seq}
    return True


def answer_inline_query(world: World, params: Json) -> bool:
    """answerInlineQuery."""
    query = world.inline_queries.get(params["inline_query_id"])
    life = world.limits.callback_seconds
    if query is None or (life is not None and monotonic() - query.asked > life):
        raise too_old()
    results: list[Json] = params["results"]
    if len(results) > MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    ids = [result["id"] for result in results]
    if any(not 1 <= len(each.encode()) <= 64 for each in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    del world.inline_queries[params["inline_query_id"]]
    chat = world.chats[query.person]
    world.touched(chat)
    chat.inline = {"results": results, "seq": chat.seq}
    return True
