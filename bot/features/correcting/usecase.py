"""A draft that says what stands, changed part by part, tried, and confirmed once."""

from collections.abc import Mapping
from typing import Any

from bot import corrected
from bot.call import Call
from bot.features.correcting import outcome as u
from bot.office import Office
from bot.phrases import plain
from bot.remarking import concerned
from lessons.course import Course, Question
from lessons.shapes import BECAUSE_LIMIT, CHOICE_LIMIT, STEM_LIMIT
from storage import audit, cohorts, conversations, corrections, wordings
from storage.corrections import Correction
from storage.store import Tx

PART_STEP, REASON_STEP = "correcting.part", "correcting.reason"


async def begin(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """A draft with the words that hold."""
    cohort = await cohorts.get(tx, call.pressed.cohort)
    if cohort is None or not call.caller.may_see(cohort.id):
        return u.Refused(u.Refusal.GONE)
    course = office.courses.get(cohort.course_id)
    question = course.question(call.pressed.question) if course else None
    if course is None or question is None:
        return u.Refused(u.Refusal.NO_COURSE if course is None else u.Refusal.NO_QUESTION)
    if not all(call.caller.may_see(each.id) for each in await cohorts.every(tx) if each.course_id == course.id):
        return u.Refused(u.Refusal.OTHERS)
    holds = await corrected.as_it_holds(tx, course, question, call.now)
    await wordings.keep(tx, course.id, question, now=call.now)  # it may never have been asked in these words
    made = await corrections.draft(
        tx,
        course_id=course.id,
        question_id=question.id,
        parent=question.version,
        words=corrected.words_of(holds),
        author_id=call.caller.telegram_id,
        now=call.now,
    )
    return await show(tx, call, office, made)


async def show(tx: Tx, call: Call, office: Office, correction_id: int) -> u.Outcome:
    """The question as it would be."""
    found = await corrections.get(tx, correction_id)
    if found is None or found.author_id != call.caller.telegram_id or call.caller.cohorts == frozenset():
        return u.Refused(u.Refusal.GONE)
    if found.state != "draft":
        return u.Refused(u.Refusal.SETTLED)
    return await _drafted(tx, found, office, call)


async def _drafted(tx: Tx, found: Correction, office: Office, call: Call) -> u.Drafted | u.Refused:
    course = office.courses.get(found.course_id)
    question = course.question(found.question_id) if course else None
    lesson = course.lesson_of(found.question_id) if course else None
    if course is None or question is None or lesson is None:
        return u.Refused(u.Refusal.NO_COURSE if course is None else u.Refusal.NO_QUESTION)
    now = await corrected.as_it_holds(tx, course, question, call.now)
    return u.Drafted(found, lesson.title, now, corrected.reworded(question, found.words))


async def set_key(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """Another choice is the right one."""
    drafted = await show(tx, call, office, call.pressed.correction)
    if not isinstance(drafted, u.Drafted):
        return drafted
    choices = drafted.then.choices
    if call.pressed.choice < len(choices):
        words = dict(drafted.correction.words) | {"key": choices[call.pressed.choice].id}
        await corrections.change(tx, drafted.correction.id, words=words)
    return await show(tx, call, office, drafted.correction.id)


async def ask_part(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """Which words instead?"""
    drafted = await show(tx, call, office, call.pressed.correction)
    if not isinstance(drafted, u.Drafted):
        return drafted
    if _part(drafted.then, call.pressed.part) is None:
        return drafted
    return await _ask(tx, call, drafted, call.pressed.part)


async def _ask(tx: Tx, call: Call, drafted: u.Drafted, part: int, longest: int | None = None) -> u.AskPart:
    so_far = {"correction": drafted.correction.id, "part": part}
    await conversations.put(tx, call.caller.telegram_id, PART_STEP, so_far, now=call.now)
    return u.AskPart(drafted.correction.id, part, _part(drafted.then, part) or "", longest)


def _part(question: Question, part: int) -> str | None:
    """0 the stem, then text and reason of each choice."""
    if part == 0:
        return question.stem
    n, which = divmod(part - 1, 2)
    if n >= len(question.choices):
        return None
    return question.choices[n].because if which else question.choices[n].text


def _with(words: Mapping[str, Any], part: int, said: str) -> dict[str, Any]:
    if part == 0:
        return dict(words) | {"stem": said}
    n, which = divmod(part - 1, 2)
    choices = [list(choice) for choice in words["choices"]]
    choices[n][1 + which] = said
    return dict(words) | {"choices": choices}


async def take_part(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """The words came."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    so_far = waiting.so_far if waiting else {}
    drafted = await show(tx, call, office, so_far.get("correction", 0))
    if not isinstance(drafted, u.Drafted):
        return drafted
    part, said = so_far["part"], plain(call.words)
    longest = STEM_LIMIT if part == 0 else BECAUSE_LIMIT if part % 2 == 0 else CHOICE_LIMIT
    if not said or len(said) > longest:
        return await _ask(tx, call, drafted, part, longest)
    await corrections.change(tx, drafted.correction.id, words=_with(drafted.correction.words, part, said))
    await conversations.end(tx, call.caller.telegram_id)
    return await show(tx, call, office, drafted.correction.id)


async def ask_reason(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """Why is it put right? Those whom it concerns read it."""
    drafted = await show(tx, call, office, call.pressed.correction)
    if not isinstance(drafted, u.Drafted):
        return drafted
    if not drafted.changed:
        return u.Refused(u.Refusal.UNCHANGED)
    so_far = {"correction": drafted.correction.id}
    await conversations.put(tx, call.caller.telegram_id, REASON_STEP, so_far, now=call.now)
    return u.AskReason(drafted.correction.id)


async def take_reason(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """The reason came: try it."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    number = waiting.so_far.get("correction", 0) if waiting else 0
    said = plain(call.words)[: u.LONGEST_REASON]
    if not said:
        return u.AskReason(number)
    await conversations.end(tx, call.caller.telegram_id)
    drafted = await show(tx, call, office, number)
    if not isinstance(drafted, u.Drafted):
        return drafted
    await corrections.change(tx, number, reason=said)
    return await trial(tx, call, office, number)


async def trial(tx: Tx, call: Call, office: Office, correction_id: int) -> u.Outcome:
    """Who was told wrong, and what changes."""
    drafted = await show(tx, call, office, correction_id)
    if not isinstance(drafted, u.Drafted):
        return drafted
    if not drafted.changed:
        return u.Refused(u.Refusal.UNCHANGED)
    found, key = drafted.correction, drafted.then.key
    those = concerned(await corrections.known_words(tx, found.course_id, found.question_id), found.words)
    effects = await corrections.effects(tx, found.course_id, found.question_id, those)
    wronged = [each for each in effects if each.choice_id == key and not each.correct]
    righted = [each for each in effects if each.choice_id != key and each.correct]
    about = (found.course_id, found.question_id, those, key)
    names = await corrections.who_chose(tx, *about, correct=False, most=u.MOST_NAMED) if wronged else []
    return u.Trial(
        drafted,
        sum(each.people for each in wronged),
        sum(each.people for each in righted),
        sum(each.completed for each in (*wronged, *righted)),
        tuple(names),
    )


async def confirm(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """From now on it holds; attempts are judged anew by the tick."""
    drafted = await show(tx, call, office, call.pressed.correction)
    if drafted == u.Refused(u.Refusal.SETTLED):
        return await progress(tx, call, office)
    if not isinstance(drafted, u.Drafted):
        return drafted
    found, then = drafted.correction, drafted.then
    if not drafted.changed or not found.reason:
        return u.Refused(u.Refusal.UNCHANGED)
    course = office.courses[found.course_id]
    await corrections.keep_words(tx, found, then.version, found.words, now=call.now)
    settled = {"version": then.version, "state": "confirmed", "confirmed_at": call.now}
    if not await corrections.change(tx, found.id, **settled):
        return u.Refused(u.Refusal.SETTLED)
    known = await corrections.known_words(tx, found.course_id, found.question_id)
    await corrections.move_open(tx, found.question_id, concerned(known, found.words), then.version)
    about: dict[str, Any] = {"question": found.question_id, "correction": found.id, "version": then.version}
    await audit.note(tx, "question.corrected", actor_id=call.caller.telegram_id, now=call.now, **about)
    return await _done(tx, call, course, found.id, drafted.lesson)


async def progress(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """How far marking anew has come."""
    found = await corrections.get(tx, call.pressed.correction)
    course = office.courses.get(found.course_id) if found else None
    lesson = course.lesson_of(found.question_id) if found and course else None
    if found is None or course is None or found.author_id != call.caller.telegram_id or found.state != "confirmed":
        return u.Refused(u.Refusal.SETTLED)
    return await _done(tx, call, course, found.id, lesson.title if lesson else "")


async def _done(tx: Tx, call: Call, course: Course, number: int, lesson: str) -> u.Outcome:
    found = await corrections.get(tx, number)
    mine = [each for each in await cohorts.every(tx) if each.course_id == course.id and call.caller.may_see(each.id)]
    if found is None:
        return u.Refused(u.Refusal.GONE)
    return u.Done(found, lesson, mine[0].id if mine else None)


async def drop(tx: Tx, call: Call, office: Office) -> u.Outcome:
    """The question stays as it is."""
    drafted = await show(tx, call, office, call.pressed.correction)
    if not isinstance(drafted, u.Drafted):
        return drafted
    await corrections.change(tx, drafted.correction.id, state="dropped")
    await conversations.end(tx, call.caller.telegram_id)
    return u.Dropped()
