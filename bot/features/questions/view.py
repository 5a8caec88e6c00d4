"""The worst five, one question, and the columns of the sheet."""

from typing import assert_never

from bot import callbacks as b
from bot.asked import LETTERS
from bot.bindery import Contents
from bot.callbacks import questioning as c
from bot.features.questions import usecase as u
from bot.message import Button, Message, Paper
from bot.phrases import Html, Voice
from lessons.items import FEWEST_ANSWERS, Item
from lessons.suppression import in_one_row
from storage.cohorts import Cohort

COLUMNS = ("module", "lesson", "question", "role", "n", "facility", "correlation", "sure-wrong", "key", "reasons")


def screen(outcome: u.Outcome, voice: Voice) -> Message:
    """Whatever is to be shown."""
    match outcome:
        case u.Refused(why):
            return Message(voice.say(f"questions.{why}"))
        case u.Which(cohorts):
            rows = tuple((b.button(each.name, c.ShowQuestions(each.id)),) for each in cohorts)
            return Message(voice.say("questions.which"), rows)
        case u.Worst():
            return _worst(outcome, voice)
        case u.One():
            return _one(outcome, voice)
        case _:
            assert_never(outcome)


def _percent(share: float) -> int:
    return round(100 * share)


def _worst(found: u.Worst, voice: Voice) -> Message:
    say, cohort = voice.say, found.cohort
    parts = [say("questions.title", cohort=cohort.name)]
    if not found.judged:
        return Message("\n\n".join([*parts, say("questions.too-early", n=FEWEST_ANSWERS)]), (_back(cohort, voice),))
    parts.append(say("questions.judged", n=found.judged, fewest=FEWEST_ANSWERS))
    parts += [_sampled(found.every, voice)] if found.every > 1 else []
    for n, seen in enumerate(found.seen, 1):
        if seen.item is not None:
            parts.append(say("questions.line", number=n, lesson=seen.lesson.title, why=_why(seen.item, voice)))
    parts.append(say("questions.look" if found.seen else "questions.none"))
    numbers = tuple(b.button(str(n), c.ShowItem(cohort.id, seen.question.id)) for n, seen in enumerate(found.seen, 1))
    sheet = b.button(voice.label("button.q-sheet"), c.ItemSheet(cohort.id))
    rows = [numbers] if numbers else []
    return Message("\n\n".join(parts), (*rows, (sheet,), _back(cohort, voice)))


def _sampled(every: int, voice: Voice) -> Html:
    return voice.say("questions.sampled", n=every)


def _back(cohort: Cohort, voice: Voice) -> tuple[Button, ...]:
    return (b.button(voice.label("button.ro-cohort"), b.ShowCohort(cohort.id)),)


def _why(item: Item, voice: Voice) -> Html:
    facility = voice.say("questions.facility", percent=_percent(item.facility), n=item.n)
    reasons = [voice.say(f"questions.because-{reason}", percent=_percent(item.sure_wrong)) for reason in item.reasons]
    return Html(" ".join([facility, *reasons[:2]]))


def _one(found: u.One, voice: Voice) -> Message:
    say, seen = voice.say, found.seen
    parts = [say("questions.one", lesson=seen.lesson.title), say("question.stem", stem=seen.question.stem)]
    parts.append(Html("\n\n".join(_choices(seen, voice))))
    if seen.item is None:
        parts.append(say("questions.too-few", n=seen.n, fewest=FEWEST_ANSWERS))
    else:
        parts.append(_figures(seen.item, voice))
    parts += [_sampled(found.every, voice)] if found.every > 1 else []
    cohort = found.cohort.id
    rows = (
        (b.button(voice.label("button.q-correct"), c.Correct(cohort, seen.question.id)),),
        (b.button(voice.label("button.q-list"), c.ShowQuestions(cohort)),),
    )
    return Message("\n\n".join(parts), rows)


def _choices(seen: u.Seen, voice: Voice) -> list[Html]:
    """Letters as the course's file orders them; counts so that no few people can be told."""
    taken = [seen.item.choices.get(each.id, 0) if seen.item else 0 for each in seen.question.choices]
    shown = in_one_row(taken) if seen.item else None
    lines = []
    for n, choice in enumerate(seen.question.choices):
        key = "questions.key" if choice.id == seen.question.key else "questions.choice"
        count = "" if seen.item is None else _count(shown[n] if shown else None, voice)
        lines.append(voice.say(key, letter=LETTERS[n], text=choice.text, count=count))
    return lines


def _count(n: int | None, voice: Voice) -> str:
    return voice.label("questions.few") if n is None else voice.label("questions.count", n=n)


def _figures(item: Item, voice: Voice) -> Html:
    say = voice.say
    lines = [say("questions.facility", percent=_percent(item.facility), n=item.n)]
    lines += [say(f"questions.because-{reason}", percent=_percent(item.sure_wrong)) for reason in item.reasons]
    if item.correlation is not None:
        lines.append(say("questions.correlation", r=f"{item.correlation:+.2f}"))
    return Html("\n".join(lines))


def sheet(cohort: Cohort, voice: Voice) -> Message:
    """The file follows."""
    paper = Paper("items", {"cohort": cohort.id}, voice.say("roster.paper-failed"))
    return Message(voice.say("questions.sheet", cohort=cohort.name), paper=paper)


def contents(cohort: Cohort, seen: list[u.Seen], modules: dict[str, str], voice: Voice) -> Contents:
    """A row for each question that was answered."""
    rows = [_row(each, modules, voice) for each in seen]
    widths = (24, 32, 60, 10, 8, 10, 12, 14, 40, 40)
    columns = [voice.label(f"questions.col-{name}") for name in COLUMNS]
    values = {"title": voice.label("questions.sheet-title"), "columns": columns, "widths": widths, "rows": rows}
    return Contents(f"questions-{cohort.id}.xlsx", values)


def _row(seen: u.Seen, modules: dict[str, str], voice: Voice) -> list[str | float | None]:
    key = seen.question.choice(seen.question.key)
    head = [modules.get(seen.lesson.id, ""), seen.lesson.title, seen.question.stem, seen.question.role.value, seen.n]
    tail = key.text if key else ""
    if seen.item is None:
        return [*head, None, None, None, tail, voice.label("questions.too-few-short")]
    r = None if seen.item.correlation is None else round(seen.item.correlation, 3)
    reasons = "; ".join(voice.label(f"questions.reason-{reason}") for reason in seen.item.reasons)
    return [*head, round(seen.item.facility, 3), r, round(seen.item.sure_wrong, 3), tail, reasons]
