"""Native polls and quizzes: sending and stopping."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from sandbox.errors import bad_request
from sandbox.keyboard import inline_keyboard
from sandbox.message import NO_WORDS, Formatted, Json
from sandbox.methods.sending import own_message, send
from sandbox.polls import Poll
from sandbox.words import read_words
from sandbox.world import World

MOST_QUESTION, MOST_OPTION, MOST_EXPLANATION, MOST_FEEDS = 300, 100, 200, 2
MOST_OPTIONS = 12
OPEN_SECONDS = (5, 2_628_000)


def send_poll(world: World, params: Json) -> Json:
    """sendPoll."""
    if params.get("type", "regular") not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    poll = _poll(world, params)
    world.polls[poll.id] = poll
    try:
        return world.telegram(send(world, params, poll_id=poll.id))
    except Exception:
        del world.polls[poll.id]
        raise


def stop_poll(world: World, params: Json) -> Json:
    """stopPoll."""
    message = own_message(world, params, missing="message with poll to stop not found")
    if message.poll_id is None:
        raise bad_request("message is not a poll")
    poll = world.polls[message.poll_id]
    if poll.is_closed(world.clock.now()):
        raise bad_request("poll has already been closed")
    if not message.from_bot:
        raise bad_request("poll can't be stopped")
    markup = inline_keyboard(params.get("reply_markup"))
    poll.closed = True
    world.store(replace(message, markup=markup))
    state = poll.telegram(world.clock.now())
    world.updates.add("poll", state, key=f"poll{poll.id}")
    return state


def _poll(world: World, params: Json) -> Poll:
    options: list[Json] = params["options"]
    if not options:
        raise bad_request("Poll must have at least one answer option")
    if len(options) > MOST_OPTIONS:
        raise bad_request(f"Poll can't have more than {MOST_OPTIONS} options")
    is_quiz = params.get("type") == "quiz"
    period = params.get("open_period")
    return Poll(
        id=str(5_000_000_000_000_000_000 + world.updates.fresh_id()),
        question=_words(params, "question", "Poll question", MOST_QUESTION),
        options=tuple(_words(option, "text", "Poll options", MOST_OPTION) for option in options),
        is_quiz=is_quiz,
        anonymous=params.get("is_anonymous", True),
        several=params.get("allows_multiple_answers", False),
        revoting=params.get("allows_revoting", not is_quiz),
        correct=_correct(params, len(options)) if is_quiz else (),
        explanation=_explanation(params) if is_quiz else NO_WORDS,
        closed=params.get("is_closed", False),
        open_period=period,
        close_at=_close_at(world, params),
    )


def _words(fields: Json, name: str, what: str, most: int) -> Formatted:
    prefix = "question" if name == "question" else "text"
    words = read_words(
        fields[name],
        parse_mode=fields.get(f"{prefix}_parse_mode"),
        entities=fields.get(f"{prefix}_entities"),
    )
    if not words.text:
        raise bad_request(f"{what} must be non-empty")
    if len(words.text) > most:
        raise bad_request(f"{what} length must not exceed {most}")
    return words


def _correct(params: Json, count: int) -> tuple[int, ...]:
    correct: list[int] = params.get("correct_option_ids") or []
    if not correct:
        raise bad_request("Correct quiz option list must be non-empty")
    if any(after <= before for before, after in pairwise(correct)):
        raise bad_request("Correct quiz option list must be increasing")
    if correct[0] < 0 or correct[-1] >= count:
        raise bad_request("wrong correct option ID specified")
    if len(correct) > 1 and not params.get("allows_multiple_answers"):
        raise bad_request("wrong poll data specified")
    return tuple(correct)


def _explanation(params: Json) -> Formatted:
    words = read_words(
        params.get("explanation") or "",
        parse_mode=params.get("explanation_parse_mode"),
        entities=params.get("explanation_entities"),
    )
    if len(words.text) > MOST_EXPLANATION:
        raise bad_request(f"Poll explanation length must not exceed {MOST_EXPLANATION}")
    if words.text.count("\n") > MOST_FEEDS:
        raise bad_request(f"Poll explanation must have at most {MOST_FEEDS} line feeds")
    return words


def _close_at(world: World, params: Json) -> datetime | None:
    """By people's time, as `close_date` is written for people."""
    now = world.clock.now()
    period, date = params.get("open_period"), params.get("close_date")
    if period is not None:
        left: int = period
    elif date is not None:
        left = date - int(now.timestamp())
    else:
        return None
    least, most = OPEN_SECONDS
    if not least <= left <= most:
        raise bad_request("POLL_CLOSE_DATE_INVALID" if period is None else "POLL_OPEN_PERIOD_INVALID")
    return now + timedelta(seconds=left)
