"""A baseline or check on the phone, and its results in words."""

from collections.abc import Sequence
from typing import assert_never

from bot import asked, upcoming
from bot import callbacks as b
from bot.features.measure.outcome import (
    Declined,
    Finished,
    Offered,
    Own,
    Pair,
    Refused,
    Shown,
    Totals,
)
from bot.message import Button, Message
from bot.phrases import Html, Voice
from lessons.course import Course
from lessons.enrolment import MeasureKind
from lessons.measures import FEWEST_PEOPLE, Calibration, Pooled, Result, gain

FEWEST_MINUTES = 2
MOST_MODULES = 20  # lines on one screen; Telegram takes 4,096 characters
MOST_NAMED = 3  # modules in one sentence


def offer(offered: Offered, voice: Voice) -> Message:
    """What it is, how long it takes, and who sees it."""
    at_start = offered.kind is MeasureKind.BASELINE
    minutes = max(FEWEST_MINUTES, (offered.questions + 1) // 2)
    html = voice.say("measure.baseline" if at_start else "measure.check", n=offered.questions, minutes=minutes)
    enrolment, kind = offered.seat.enrolment.id, offered.kind.value
    begin = b.button(voice.label("button.begin"), b.BeginMeasure(enrolment, kind))
    leave = b.button(voice.label("button.not-for-me"), b.DeclineMeasure(enrolment, kind))
    return Message(html, ((begin, leave),), silent=offered.silent)


def screen(outcome: Shown | Declined | Finished, voice: Voice) -> Message:
    """The offer's message as it goes on."""
    match outcome:
        case Shown():
            return _question(outcome, voice)
        case Declined():
            return Message(voice.say("measure.declined"))
        case Finished():
            return _finished(outcome, voice)
        case _:
            assert_never(outcome)


def toast(outcome: Refused, voice: Voice) -> str:
    """One clear sentence for a tap."""
    return voice.label(f"measure.{outcome.why}")


def _question(shown: Shown, voice: Voice) -> Message:
    id_ = shown.asking.id
    return asked.question(
        voice.say("measure.place", number=shown.number, of=shown.of),
        shown.question,
        shown.asking,
        voice,
        choose=lambda choice: b.ChooseKept(id_, choice),
        sure=lambda sure: b.SureKept(id_, sure),
    )


def _finished(done: Finished, voice: Voice) -> Message:
    """The score beside that of the start, how well it was known, and what comes next."""
    say, result = voice.say, done.results[done.kind]
    right, asked_ = result.score.right, result.score.asked
    first = done.results.get(MeasureKind.BASELINE)
    parts = [say("measure.done", right=right, asked=asked_)]
    if done.kind is MeasureKind.BASELINE:
        parts += [say("measure.what-for")] if right < asked_ else []
    else:
        if first is not None:
            start = first.score
            parts = [say("measure.compared", before=start.right, before_asked=start.asked, right=right, asked=asked_)]
            parts += _gained(done.seat.course, first, result, voice)
        parts += _calibration(result.calibration, voice)
    return Message("\n\n".join([*parts, *_next(done, voice)]), _way_on(done, voice))


def _way_on(done: Finished, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    if done.waiting is None:
        return ()
    return ((b.button(upcoming.open_label(done.waiting, voice), b.ReadLesson(done.waiting.asking)),),)


def _next(done: Finished, voice: Voice) -> list[Html]:
    say, enrolment = voice.say, done.seat.enrolment
    lines = []
    if done.waiting is not None:
        lines.append(say("next.waiting", lesson=done.waiting.title))
    if done.next_at is not None:
        lines.append(say("next.lesson", when=voice.soon(done.next_at, done.now), place=done.seat.learner.place))
    if done.kind is not MeasureKind.BASELINE:
        day = done.next_check_on
        lines.append(say("measure.next", day=voice.day(day)) if day else say("measure.last"))
        if enrolment.refresher_on is not None:
            lines.append(say("next.refresher", day=voice.day(enrolment.refresher_on)))
    return [Html("\n".join(lines))] if lines else []


def _gained(course: Course, first: Result, later: Result, voice: Voice) -> list[Html]:
    """The modules in which most was gained, where they are few enough to mean something."""
    gains = {module: points for module, points in gain(first, later).modules.items() if points and points > 0}
    best = [m.title for m in course.modules if m.id in gains and gains[m.id] == max(gains.values())]
    return [voice.say("measure.gained", modules=", ".join(best))] if 0 < len(best) <= MOST_NAMED else []


def _calibration(calibration: Calibration, voice: Voice) -> list[Html]:
    right, wrong = calibration.sure_right or 0, calibration.sure_wrong or 0
    return [voice.say("measure.sure", right=right, asked=right + wrong)] if right + wrong else []


def own(found: Own | None, voice: Voice) -> Message:
    """A learner's figures, who else sees them, and what waits or comes next."""
    say = voice.say
    if found is None:
        return Message(say("refusal.not-learner"))
    lines = [
        say("results.own", measure=say(f"measure.when-{kind}"), right=one.score.right, asked=one.score.asked)
        for kind, one in found.results.items()
    ]
    parts = [say("results.title", course=found.seat.course.title)]
    parts.append(Html("\n".join(lines)) if lines else say("results.nothing-yet"))
    for latest in list(found.results.values())[-1:]:
        parts += _calibration(latest.calibration, voice)
    rows: tuple[tuple[Button, ...], ...] = ()
    if found.waiting is not None:
        parts.append(say("results.waiting"))
        label = voice.label("button.begin" if found.waiting.begun_at is None else "button.go-on")
        rows = ((b.button(label, b.BeginMeasure(found.seat.enrolment.id, found.waiting.kind.value)),),)
    elif found.next_on is not None:
        parts.append(say("measure.next", day=voice.day(found.next_on)))
    return Message("\n\n".join([*parts, say("results.who-sees")]), rows)


def cohorts(found: Sequence[Totals], voice: Voice) -> Message:
    """The only cohort in full, or several in short with a button each."""
    if not found:
        return Message(voice.say("cohort.none"))
    if len(found) == 1:
        return cohort(found[0], voice)
    rows = tuple((b.button(each.cohort.name, b.CohortResults(each.cohort.id)),) for each in found)
    return Message("\n\n".join(_figures(each, voice) for each in found), rows)


def cohort(found: Totals | None, voice: Voice) -> Message:
    """A cohort's figures, what was gained by module, and whether people know what they know."""
    if found is None:
        return Message(voice.say("cohort.none"))
    parts = [_figures(found, voice)]
    latest = [pair for pair in found.pairs.values() if pair.after.score is not None][-1:]
    parts += [_modules(found.course, pair, voice) for pair in latest]
    people = latest[0].after if latest else found.start
    if people is not None and people.score is not None:
        parts.append(_known(people, voice))
    return Message("\n\n".join(parts))


def _figures(found: Totals, voice: Voice) -> Html:
    lines = [_figure(kind, found, voice) for kind in MeasureKind]
    return Html("\n".join([voice.say("results.cohort", cohort=found.cohort.name, course=found.course.title), *lines]))


def _figure(kind: MeasureKind, found: Totals, voice: Voice) -> Html:
    say, n, measure = voice.say, found.done[kind], voice.say(f"measure.when-{kind}")
    start, pair = found.start if kind is MeasureKind.BASELINE else None, found.pairs.get(kind)
    if n == 0:
        return say("results.nobody", measure=measure)
    if n < FEWEST_PEOPLE:
        return say("results.few", measure=measure)
    if start is not None and start.score is not None:
        return say("results.start", measure=measure, n=n, share=_per_cent(start.score.share))
    if pair is not None and pair.before.score is not None and pair.after.score is not None:
        then, now = _per_cent(pair.before.score.share), _per_cent(pair.after.score.share)
        if pair.after.people == n:
            return say("results.pair-all", measure=measure, n=n, before=then, after=now)
        return say("results.pair", measure=measure, n=n, both=pair.after.people, before=then, after=now)
    if pair is not None:
        return say("results.pair-few", measure=measure, n=n)
    return say("results.held-back", measure=measure, n=n)


def _modules(course: Course, pair: Pair, voice: Voice) -> Html:
    gained, lines = gain(pair.before, pair.after).modules, [voice.say("results.modules")]
    for module in [module for module in course.modules if module.id in gained][:MOST_MODULES]:
        points = gained[module.id]
        if points is None:
            lines.append(voice.say("results.few", measure=module.title))
        else:
            lines.append(voice.say("results.module", module=module.title, points=_signed(_per_cent(points))))
    return Html("\n".join(lines))


def _known(people: Pooled, voice: Voice) -> Html:
    say, cells = voice.say, people.calibration
    sure = _share(cells.sure_right, cells.sure_wrong)
    unsure = _share(cells.unsure_right, cells.unsure_wrong)
    return Html(
        "\n".join(
            [
                say("results.known"),
                say("results.sure-few") if sure is None else say("results.sure", share=sure),
                say("results.unsure-few") if unsure is None else say("results.unsure", share=unsure),
            ]
        )
    )


def _share(right: int | None, wrong: int | None) -> int | None:
    return None if right is None or wrong is None or not right + wrong else _per_cent(right / (right + wrong))


def _per_cent(share: float) -> int:
    return round(100 * share)


def _signed(points: int) -> str:
    return f"{points:+d}".replace("-", "−") if points else "0"
