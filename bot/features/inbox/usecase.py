"""A learner writes back; colleagues read it, answer, and close it."""

from typing import Any

from bot.call import Call
from bot.features.inbox import outcome as u
from lessons.enrolment import LearnerId
from scheduler.delivery import DeliveryKind, broadcast_key, notice_key
from storage import audit, broadcasts, cohorts, colleagues, conversations, deliveries, threads
from storage.store import Tx
from storage.threads import Thread

WORDS_STEP, CONFIRM_STEP, ANSWER_STEP = "inbox.words", "inbox.confirm", "inbox.answer"
PAGE = 8  # threads on one screen


async def meant(tx: Tx, call: Call) -> int | None:
    """The broadcast that these words reply to, if any."""
    learner = call.caller.learner
    if call.answers is None or learner is None or not call.words.strip():
        return None
    keys = [broadcast_key(number, learner) for number in await broadcasts.recent(tx, learner)]
    return await broadcasts.arrived_as(tx, keys, call.answers) if keys else None


async def confirm(tx: Tx, call: Call, broadcast_id: int) -> u.Outcome:
    """They replied in Telegram's way: warn before anything goes further."""
    words = call.words.strip()
    if len(words) > u.LONGEST:
        return u.Refused(u.Refusal.LONG)
    so_far = {"broadcast": broadcast_id, "words": words}
    await conversations.put(tx, call.caller.telegram_id, CONFIRM_STEP, so_far, now=call.now)
    return u.Confirm(words)


async def ask_words(tx: Tx, call: Call, about: dict[str, int]) -> u.Outcome:
    """The button below a broadcast or an answer."""
    if await _thread_for(tx, call, about, begin=False) is None:
        return u.Refused(u.Refusal.GONE)
    await conversations.put(tx, call.caller.telegram_id, WORDS_STEP, about, now=call.now)
    return u.AskWords()


async def take_words(tx: Tx, call: Call) -> u.Outcome:
    """Her words, after the warning."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    words = call.words.strip()
    if not words:
        return u.Refused(u.Refusal.NO_WORDS)
    if len(words) > u.LONGEST:
        return u.Refused(u.Refusal.LONG)
    return await _pass_on(tx, call, waiting.so_far if waiting else {}, words)


async def send_words(tx: Tx, call: Call) -> u.Outcome:
    """Yes: the words that wait go to the coordinators."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    if waiting is None or waiting.step != CONFIRM_STEP:
        return u.Refused(u.Refusal.GONE)
    return await _pass_on(tx, call, waiting.so_far, waiting.so_far["words"])


async def drop_words(tx: Tx, call: Call) -> u.Outcome:
    """No."""
    await conversations.end(tx, call.caller.telegram_id)
    return u.Kept()


async def _pass_on(tx: Tx, call: Call, about: dict[str, Any], words: str) -> u.Outcome:
    await conversations.end(tx, call.caller.telegram_id)
    thread_id = await _thread_for(tx, call, about, begin=True)
    if thread_id is None:
        return u.Refused(u.Refusal.GONE)
    line = await threads.say(tx, thread_id, words, author_id=None, now=call.now)
    if await threads.move(tx, thread_id, state="waiting", now=call.now):  # one notice until somebody has looked
        found = await threads.get(tx, thread_id)
        every = await colleagues.in_charge(tx, found.cohort_id, "owner", "coordinator", "tutor") if found else []
        for each in every:
            meaning = {"what": "inbox", "thread": thread_id}
            key = notice_key("inbox", line, each)
            await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, telegram_id=each)
    return u.Passed()


async def _thread_for(tx: Tx, call: Call, about: dict[str, Any], *, begin: bool) -> int | None:
    """Her thread about a broadcast, or the one she goes on with. Button data is hostile: both must be hers."""
    learner = call.caller.learner
    if learner is None:
        return None
    if "thread" in about:
        found = await threads.get(tx, about["thread"])
        return found.id if found and found.learner_id == learner else None
    sent = await broadcasts.get(tx, about.get("broadcast", 0))
    if sent is None or sent.id not in await broadcasts.recent(tx, learner):
        return None
    return await threads.about(tx, learner, sent.cohort_id, sent.id, now=call.now) if begin else sent.id


async def inbox(tx: Tx, call: Call, page: int = 0) -> u.Inbox:
    """What waits, the longest first."""
    found, total = await threads.waiting(tx, call.caller.cohorts, skipped=page * PAGE, most=PAGE)
    return u.Inbox(tuple(found), total, page)


async def _seen(tx: Tx, call: Call, thread_id: int) -> Thread | None:
    found = await threads.get(tx, thread_id)
    return found if found and call.caller.may_see(found.cohort_id) else None


async def show(tx: Tx, call: Call, thread_id: int) -> u.Outcome:
    """One thread."""
    found = await _seen(tx, call, thread_id)
    cohort = found and await cohorts.get(tx, found.cohort_id)
    if found is None or cohort is None:
        return u.Refused(u.Refusal.GONE)
    lines = await threads.lines(tx, found.id)
    names = await colleagues.names(tx, {each.author_id for each in lines if each.author_id is not None})
    earlier = max(0, len(lines) - u.SHOWN)
    return u.Open(found, cohort.name, tuple(lines[earlier:]), earlier, names, call.now)


async def ask_answer(tx: Tx, call: Call, thread_id: int) -> u.Outcome:
    """A colleague writes back: with which words?"""
    found = await _seen(tx, call, thread_id)
    if found is None or found.name is None:
        return u.Refused(u.Refusal.GONE)
    await conversations.put(tx, call.caller.telegram_id, ANSWER_STEP, {"thread": found.id}, now=call.now)
    return u.AskAnswer(found)


async def take_answer(tx: Tx, call: Call) -> u.Outcome:
    """The words to the learner."""
    waiting, words = await conversations.get(tx, call.caller.telegram_id), call.words.strip()
    if not words:
        return u.Refused(u.Refusal.NO_WORDS)
    if len(words) > u.LONGEST:
        return u.Refused(u.Refusal.LONG)
    await conversations.end(tx, call.caller.telegram_id)
    found = await _seen(tx, call, waiting.so_far.get("thread", 0) if waiting else 0)
    if found is None or found.name is None:
        return u.Refused(u.Refusal.GONE)
    me = call.caller.telegram_id
    line = await threads.say(tx, found.id, words, author_id=me, now=call.now)
    await threads.move(tx, found.id, state="answered", now=call.now)
    key, meaning = notice_key("answer", line, found.learner_id), {"what": "answer", "line": line}
    to = {"learner_id": LearnerId(found.learner_id)}
    await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, **to)
    about = {"thread": found.id}
    await audit.note(tx, "inbox.answered", actor_id=me, now=call.now, cohort_id=found.cohort_id, **about)
    return u.Answered(found, (await inbox(tx, call)).total)


async def close(tx: Tx, call: Call, thread_id: int) -> u.Outcome:
    """Nothing more to say."""
    found = await _seen(tx, call, thread_id)
    if found is None:
        return u.Refused(u.Refusal.GONE)
    if await threads.move(tx, found.id, state="closed", now=call.now):
        who, about = call.caller.telegram_id, {"thread": found.id}
        await audit.note(tx, "inbox.closed", actor_id=who, now=call.now, cohort_id=found.cohort_id, **about)
    return await inbox(tx, call)
