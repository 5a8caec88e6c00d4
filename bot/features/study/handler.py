"""Commands, taps and deliveries of a day's study."""

from dataclasses import replace
from datetime import datetime

from bot import classroom, completion, seat, standings
from bot.call import Call
from bot.features.study import extra, refresher, usecase, view
from bot.features.study.outcome import CaseShown, FeedbackShown, LessonShown, QuestionShown, Refused, Shown
from bot.message import Message, Replies, fresh
from bot.office import Office
from bot.phrases import Voice
from lessons.enrolment import NEW, AskingState, EnrolmentState
from storage import askings, cohorts, people
from storage.deliveries import Delivery
from storage.store import Tx


async def today(tx: Tx, call: Call, office: Office) -> Replies:
    """Today's lesson now."""
    outcome = await usecase.today(tx, call, office)
    return Replies(new=(view.screen(outcome, call.caller.voice),), strip=call.tapped is not None)


async def more(tx: Tx, call: Call, office: Office) -> Replies:
    """One more question or lesson."""
    return fresh(view.screen(await extra.more(tx, call, office), call.caller.voice))


async def read(tx: Tx, call: Call, office: Office) -> Replies:
    """The lesson again, from a reminder."""
    outcome = await usecase.read(tx, call.pressed.asking, call, office)
    return _new_or_toast(outcome, call.caller.voice)


async def open_question(tx: Tx, call: Call, office: Office) -> Replies:
    """From the lesson to its question."""
    outcome = await usecase.open_question(tx, call.pressed.asking, call, office)
    return _new_or_toast(outcome, call.caller.voice)


def _new_or_toast(outcome: Shown, voice: Voice) -> Replies:
    if isinstance(outcome, Refused):
        return Replies(toast=view.toast(outcome, voice))
    return Replies(new=(view.screen(outcome, voice),), strip=True)


async def ask_refresher(tx: Tx, call: Call, office: Office) -> Replies:
    """/refresher."""
    return Replies(new=(view.screen(await refresher.ask(tx, call, office), call.caller.voice),))


async def read_first(tx: Tx, call: Call, office: Office) -> Replies:
    """From a refresher about a new lesson to the lesson."""
    return _new_or_toast(await refresher.read_first(tx, call.pressed.asking, call, office), call.caller.voice)


async def choose(tx: Tx, call: Call, office: Office) -> Replies:
    """A choice tapped."""
    outcome = await usecase.choose(tx, call.pressed.asking, call.pressed.choice, call, office)
    return _edit_or_toast(outcome, call.caller.voice)


async def sure(tx: Tx, call: Call, office: Office) -> Replies:
    """Sure or not sure."""
    outcome = await usecase.sure(tx, call.pressed.asking, call.pressed.sure == 1, call, office)
    replies = _edit_or_toast(outcome, call.caller.voice)
    if isinstance(outcome, FeedbackShown) and outcome.completed is not None:
        return Replies(edit=replies.edit, new=(completion.screen(outcome.completed, call.caller.voice),))
    return replies


def _edit_or_toast(outcome: Shown, voice: Voice) -> Replies:
    if isinstance(outcome, Refused):
        return Replies(toast=view.toast(outcome, voice))
    return Replies(edit=view.screen(outcome, voice))


async def report_mistake(tx: Tx, call: Call, office: Office) -> Replies:
    """Something is wrong with this question."""
    outcome = await usecase.report_mistake(tx, call.pressed.asking, call, office)
    voice = call.caller.voice
    if isinstance(outcome, FeedbackShown):
        return Replies(edit=view.feedback(outcome, voice, reported=True), toast=voice.label("mistake.thanks"))
    return _edit_or_toast(outcome, voice)


async def render_lesson(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """The day's lesson or case, below the feedback that midnight left owing."""
    outcome = await _due(tx, row, office, now)
    if outcome is None:
        return None
    mine, asking = outcome
    lesson = mine.course.lesson(asking.lesson_id)
    shown = LessonShown(mine, lesson, asking) if lesson else await usecase.show(tx, mine, asking, now)
    if not isinstance(shown, LessonShown | CaseShown):
        return None
    message = view.screen(shown, office.voice(mine.learner))
    return await _below_feedback(tx, mine, message, office, now)


async def render_question(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """A question that comes back, or a refresher."""
    outcome = await _due(tx, row, office, now)
    if outcome is None:
        return None
    mine, asking = outcome
    shown = await usecase.show(tx, mine, asking, now)
    if not isinstance(shown, QuestionShown):
        return None
    beside = await askings.open_of(tx, mine.enrolment.id)
    one_sound = any(a.kind in NEW and a.planned_on == asking.planned_on for a in beside)
    message = replace(view.question(shown, office.voice(mine.learner)), silent=one_sound)
    return await _below_feedback(tx, mine, message, office, now)


async def _due(tx: Tx, row: Delivery, office: Office, now: datetime) -> tuple[seat.Seat, askings.Asking] | None:
    """The asking, where its reason still holds: not answered meanwhile, not paused, not forgotten, not too late."""
    found = await seat.at(tx, row.meaning["asking"], office, now)
    planned = {AskingState.PLANNED, AskingState.PUT} if row.meaning.get("again") else {AskingState.PLANNED}
    if found is None or found[1].state not in planned:  # one that is sent again counted as put while it was in doubt
        return None
    if not standings.serves(found[0].around, found[1].planned_on, now):
        return None
    return found if found[0].enrolment.state in (EnrolmentState.ACTIVE, EnrolmentState.COMPLETED) else None


async def _below_feedback(tx: Tx, mine: seat.Seat, message: Message, office: Office, now: datetime) -> Message:
    owed = await askings.feedback_owed(tx, mine.enrolment.id)
    shown = owed and await usecase.show(tx, mine, owed, now)
    if not isinstance(shown, FeedbackShown):
        return message
    voice = office.voice(mine.learner)
    return message.under(voice.say("feedback.owed", feedback=view.feedback_html(shown, voice)))


async def put(tx: Tx, row: Delivery, _office: Office, now: datetime) -> None:
    """The lesson or question is on the phone."""
    asking = await askings.get(tx, row.meaning["asking"])
    if asking is not None:
        await classroom.put(tx, asking, now=now)
        await askings.feedback_given(tx, asking.enrolment_id)


async def dropped(tx: Tx, row: Delivery, _office: Office, _now: datetime) -> None:
    """It did not go out: it will be offered again."""
    asking = await askings.get(tx, row.meaning["asking"])
    if asking is not None and asking.state is AskingState.PLANNED:
        await askings.change(tx, asking.id, state=AskingState.CANCELLED.value)


async def render_mistake(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """To a coordinator: a learner reports a mistake."""
    found = await seat.at(tx, row.meaning["asking"], office, now)
    shown = found and await usecase.show(tx, found[0], found[1], now)
    cohort = found and await cohorts.get(tx, found[0].enrolment.cohort_id)
    if not isinstance(shown, QuestionShown | FeedbackShown) or cohort is None:
        return None
    zone = await people.zone_of_coordinator(tx, row.meaning["for"])
    return view.mistake(shown, cohort, office.phrases.voice(None, zone or "UTC"))
