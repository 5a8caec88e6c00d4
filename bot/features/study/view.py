"""A lesson, its question and the feedback as phone screens."""

from collections.abc import Sequence
from dataclasses import replace

from bot import asked, scenes
from bot import callbacks as b
from bot.alumni import Novelty
from bot.callbacks import questioning, simulating
from bot.features.study.outcome import CaseShown, FeedbackShown, LessonShown, QuestionShown, Refused, Shown
from bot.message import Button, Message
from bot.phrases import Html, Voice
from lessons.course import Lesson, Question
from lessons.enrolment import AskingKind, EnrolmentState
from lessons.glossary import glossary_of, terms_in
from storage.cohorts import Cohort

MOST_TERMS = 2  # buttons below a lesson; more would bury the way to the question


def lesson_html(lesson: Lesson, voice: Voice, place: Html | None = None) -> Html:
    """Title, cards and sources: one message."""
    say = voice.say
    cards = [say("lesson.card", lead=card.lead, text=card.text) for card in lesson.cards]
    sources = [say("lesson.source", name=s.name, date=s.date, address=s.address) for s in lesson.sources]
    head = [say("lesson.title", title=lesson.title), *([place] if place else [])]
    return Html("\n\n".join(["\n".join(head), *cards, say("lesson.sources", sources=Html("\n".join(sources)))]))


def lesson(shown: LessonShown, voice: Voice) -> Message:
    """The lesson with the way to its question."""
    course = shown.seat.course
    module = next(m for m in course.modules if shown.lesson in m.lessons)
    number = course.lessons.index(shown.lesson) + 1
    place = voice.say("lesson.place", module=module.title, number=number, of=len(course.lessons))
    is_refresher = shown.asking.kind is AskingKind.REFRESHER  # it was asked before it was read
    leads_to = b.ReadLesson(shown.asking.id) if is_refresher else b.OpenQuestion(shown.asking.id)
    to_question = b.button(voice.label("button.question"), leads_to)
    terms = terms_in(shown.lesson, glossary_of(course.glossary))[:MOST_TERMS]
    explained = tuple((b.button(voice.label("term.button", term=t.short), b.Explain(t.id)),) for t in terms)
    return Message(lesson_html(shown.lesson, voice, place), ((to_question,), *explained))


def case(shown: CaseShown, voice: Voice) -> Message:
    """The opening of a case, with the way into it, or to where it was left."""
    module = next((m.title for m in shown.seat.course.modules if m.id == shown.simulation.module), "")
    begin = b.button(voice.label("button.case-begin"), simulating.BeginCase(shown.asking.enrolment_id, shown.number))
    return scenes.opening(shown.simulation, voice, ((begin,),)).under(voice.say("case.place", module=module))


def question(shown: QuestionShown, voice: Voice) -> Message:
    """Stem and choices; once a choice stands, how sure. A lesson that an alumna never had can be read first."""
    asking = shown.asking
    message = asked.question(
        _head(shown, voice),
        shown.question,
        asking,
        voice,
        choose=lambda choice: b.Choose(asking.id, choice),
        sure=lambda sure: b.Sure(asking.id, sure),
    )
    if shown.novelty is not Novelty.NEW or asking.choice_id is not None:
        return message
    read_first = b.button(voice.label("button.read-first"), b.ReadFirst(asking.id))
    return replace(message, rows=(*message.rows, (read_first,)))


def _head(shown: QuestionShown, voice: Voice) -> Html:
    if shown.novelty is not None:
        return voice.say(f"question.head-refresher-{shown.novelty}", lesson=shown.lesson.title)
    return voice.say(f"question.head-{shown.asking.kind}", lesson=shown.lesson.title)


def _because(text: Question, choice_id: str, key: str, voice: Voice) -> Html:
    choice = text.choice(choice_id)
    return voice.say(key, text=choice.text, because=choice.because) if choice else Html("")


def feedback_html(shown: FeedbackShown, voice: Voice) -> Html:
    """Verdict, reasons, source and what comes next."""
    say, asking, text = voice.say, shown.asking, shown.question
    parts = [
        say(f"question.head-{shown.asking.kind}", lesson=shown.lesson.title),
        say("question.stem", stem=text.stem),
        _because(text, asking.choice_id or "", "feedback.right" if asking.correct else "feedback.wrong", voice),
    ]
    if not asking.correct:
        parts.append(_because(text, text.key, "feedback.better", voice))
    parts += _sources(shown.lesson, text.sources, voice)
    parts += _what_next(shown, voice)
    return Html("\n\n".join(part for part in parts if part))


def _sources(lesson_: Lesson, ids: Sequence[str], voice: Voice) -> list[Html]:
    cited = [source for source in lesson_.sources if source.id in ids]
    lines = [voice.say("lesson.source", name=s.name, date=s.date, address=s.address) for s in cited]
    return [voice.say("feedback.source", sources=Html("\n".join(lines)))] if lines else []


def _what_next(shown: FeedbackShown, voice: Voice) -> list[Html]:
    say, asking = voice.say, shown.asking
    lines = []
    if asking.kind is not AskingKind.REFRESHER:
        if shown.rung.retired:
            lines.append(say("next.mastered"))
        elif shown.returns_at is not None:
            verdict = ("right" if asking.correct else "wrong") + ("-sure" if asking.sure else "-unsure")
            lines.append(say(f"next.{verdict}", day=voice.day_of(shown.returns_at)))
    elif (on := shown.seat.enrolment.refresher_on) is not None:
        lines.append(say("next.refresher", day=voice.day(shown.seat.calendar.working_from(on))))
    if shown.seat.enrolment.state is EnrolmentState.ENDED:
        lines.append(say("next.ended"))
    if shown.next_at is not None:
        when, place = voice.soon(shown.next_at, shown.now), shown.seat.learner.place
        lines.append(say("next.case" if shown.next_is_case else "next.lesson", when=when, place=place))
    if shown.unplayed is not None:
        lines.append(say("next.unplayed", title=shown.seat.course.simulations[shown.unplayed].title))
    return [Html("\n".join(lines))] if lines else []


def feedback(shown: FeedbackShown, voice: Voice, *, reported: bool = False) -> Message:
    """The feedback with the way to the coordinator's ear, and for alumni the way out."""
    rows: list[tuple[Button, ...]] = []
    if shown.unplayed is not None:
        opening = simulating.OpenCase(shown.seat.enrolment.id, shown.unplayed)
        rows.append((b.button(voice.label("button.open-case"), opening),))
    if not reported:
        rows.append((b.button(voice.label("button.mistake"), b.ReportMistake(shown.asking.id)),))
    if shown.asking.kind is AskingKind.REFRESHER and shown.seat.enrolment.refresher_on is not None:
        rows.append((b.button(voice.label("button.stop-refreshers"), b.Refreshers(0)),))
    html = feedback_html(shown, voice)
    return Message(f"{html}\n\n{voice.say('feedback.reported')}" if reported else html, tuple(rows))


def refused(outcome: Refused, voice: Voice) -> Message:
    """One clear sentence, and what to do."""
    if outcome.next_at is not None:
        return Message(voice.say(f"study.{outcome.why}-next", when=voice.when(outcome.next_at)))
    rows = ((b.button(voice.label("button.resume"), b.Resume()),),) if outcome.why == "paused" else ()
    return Message(voice.say(f"study.{outcome.why}"), rows)


def toast(outcome: Refused, voice: Voice) -> str:
    """The same for a tap."""
    return voice.label(f"study.{outcome.why}")


def screen(outcome: Shown, voice: Voice) -> Message:
    """Whatever is to be shown."""
    match outcome:
        case LessonShown():
            return lesson(outcome, voice)
        case CaseShown():
            return case(outcome, voice)
        case QuestionShown():
            return question(outcome, voice)
        case FeedbackShown():
            return feedback(outcome, voice)
        case Refused():
            return refused(outcome, voice)


def mistake(shown: QuestionShown | FeedbackShown, cohort: Cohort, voice: Voice) -> Message:
    """To the coordinator: which question, with its key, and no word of who reported it."""
    key = shown.question.choice(shown.question.key)
    look = b.button(voice.label("button.q-look"), questioning.ShowItem(cohort.id, shown.question.id))
    return Message(
        voice.say(
            "mistake.notice",
            cohort=cohort.name,
            lesson=shown.lesson.title,
            question=shown.question.id,
            version=shown.asking.version,
            stem=shown.question.stem,
            key=key.text if key else "",
        ),
        ((look,),),
    )
