"""A cohort on one screen, the names in a group, and one person."""

from datetime import datetime

from bot import callbacks as b
from bot.callbacks import desk, inviting, reporting, simulating
from bot.callbacks import questioning as q
from bot.callbacks import whereabouts as w
from bot.features.whereabouts import acts
from bot.features.whereabouts.outcome import Choose, Gone, Mission, Names, Outcome, Person, Roll
from bot.features.whereabouts.usecase import TO_CARE_ABOUT
from bot.message import Button, Message
from bot.phrases import Html, Voice
from lessons.enrolment import EnrolmentState
from scheduler.delivery import Reach
from storage.whereabouts import GROUPS, Census

Rows = tuple[tuple[Button, ...], ...]
PICTURES = ("over-time", "missions", "modules")
UNDER_WAY = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def screen(outcome: Outcome, voice: Voice, now: datetime) -> Message:
    """Whatever is to be shown."""
    match outcome:
        case Gone(why):
            return Message(voice.say(f"who.{why}"), ((_button(voice, "cohorts", w.ShowCohorts()),),))
        case Choose():
            return _choice(outcome, voice)
        case Roll():
            return _roll(outcome, voice)
        case Names():
            return _names(outcome, voice)
        case Person():
            return _person(outcome, voice, now)
    return acts.screen(outcome, voice, now)


def _button(voice: Voice, name: str, value: object) -> Button:
    return b.button(voice.label(f"button.who-{name}"), value)


def _choice(found: Choose, voice: Voice) -> Message:
    rows: Rows = tuple((b.button(each.name, b.ShowCohort(each.id)),) for each in found.cohorts)
    if found.may_act:
        rows += ((_button(voice, "new-cohort", desk.NewCohort()),),)
    if not found.cohorts:
        return Message(voice.say("cohort.first" if found.may_act else "cohort.not-yours"), rows)
    parts = [voice.say("cohort.which"), *([voice.say("cohort.further", n=found.more)] if found.more else [])]
    return Message(Html("\n\n".join(parts)), rows)


def _roll(found: Roll, voice: Voice) -> Message:
    say, cohort = voice.say, found.cohort
    course = Html(say("cohort.untaught", course=cohort.course_id)) if found.course is None else found.course
    parts = [say("cohort.title", cohort=cohort.name, course=course, day=voice.day(cohort.start_on))]
    census = found.census._asdict()
    counted = [say(f"cohort.{name}", n=census[name]) for name in Census._fields if census[name] or name == "active"]
    parts.append(Html("\n".join(counted)))
    if found.missions:
        head = say("cohort.missions") if found.pages == 1 else say("cohort.missions-page", **_page(found))
        parts.append(Html("\n".join([head, *(_mission(each, voice) for each in found.missions)])))
    return Message(Html("\n\n".join(parts)), _ways(found, voice))


def _page(found: Roll | Names) -> dict[str, int]:
    return {"page": found.page + 1, "pages": found.pages}


def _mission(each: Mission, voice: Voice) -> Html:
    name = each.name or voice.say("cohort.nowhere")
    parts = [voice.say("cohort.people", n=each.people)]
    parts += [voice.say(f"cohort.of-{group}", n=each.groups[group]) for group in TO_CARE_ABOUT if group in each.groups]
    return voice.say("cohort.mission", mission=name, counts=Html(", ".join(parts)))


def _ways(found: Roll, voice: Voice) -> Rows:
    cohort, census = found.cohort.id, found.census._asdict()
    shown = [name for name in (*GROUPS, "invited") if census[name]]
    groups = [
        b.button(voice.label(f"cohort.button-{name}", n=census[name]), w.ShowGroup(cohort, name, 0)) for name in shown
    ]
    pictures = tuple(_button(voice, f"picture-{what}", w.ShowPicture(cohort, what)) for what in PICTURES)
    rows = [*_in_twos(groups), _turning(found, voice), pictures if any(census[name] for name in GROUPS) else ()]
    if found.may_act:
        rows.append(
            (_button(voice, "invite", desk.InvitePeople(cohort)), _button(voice, "questions", q.ShowQuestions(cohort)))
        )
        rows.append(
            (_button(voice, "calendar", b.ShowCalendar(cohort)), _button(voice, "edit", desk.EditCohort(cohort)))
        )
    rows.append(
        (
            _button(voice, "reports", reporting.ShowReports(cohort)),
            _button(voice, "cases", simulating.ShowFlows(cohort)),
        )
    )
    last = [b.button(voice.label("button.refresh"), b.ShowCohort(cohort))]
    if found.several:
        last.append(_button(voice, "cohorts", w.ShowCohorts()))
    elif found.may_act:
        last.append(_button(voice, "new-cohort", desk.NewCohort()))
    return tuple(row for row in (*rows, tuple(last)) if row)


def _in_twos(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))


def _turning(found: Roll | Names, voice: Voice) -> tuple[Button, ...]:
    """To the pages before and after."""
    cohort, page, row = found.cohort.id, found.page, []
    for name, to in (("before", page - 1), ("after", page + 1)):
        if 0 <= to < found.pages:
            there = w.ShowGroup(cohort, found.group, to) if isinstance(found, Names) else w.ShowMissions(cohort, to)
            row.append(_button(voice, name, there))
    return tuple(row)


def _names(found: Names, voice: Voice) -> Message:
    parts = [voice.say(f"cohort.list-{found.group}", n=found.total, cohort=found.cohort.name)]
    if found.pages > 1:
        parts.append(voice.say("cohort.page", **_page(found)))
    rows: list[tuple[Button, ...]] = []
    for each in found.members:
        line = voice.label("cohort.member", name=each.name, mission=each.mission) if each.mission else each.name
        if each.id is None:
            parts.append(voice.say("cohort.invited-member", line=line))
        else:
            rows.append((b.button(line, w.ShowPerson(each.id)),))
    rows.append(_turning(found, voice))
    if found.group == "silent" and found.total and found.may_act:
        rows.append((_button(voice, "nudge-all", w.NudgeSilent(found.cohort.id, 0)),))
    if found.group == "invited" and found.may_act:
        rows.append((_button(voice, "invite", desk.InvitePeople(found.cohort.id)),))
    rows.append((_button(voice, "cohort", b.ShowCohort(found.cohort.id)),))
    return Message(Html("\n".join(parts)), tuple(row for row in rows if row))


def _person(found: Person, voice: Voice, now: datetime) -> Message:
    say, learner = voice.say, found.learner
    there = voice.at(learner.zone)
    lines = [say("who.name", name=learner.name, cohort=found.cohort.name)]
    if found.mission and found.mission != learner.place:
        lines.append(say("who.mission", mission=found.mission))
    if learner.place:
        lines.append(say("who.place", place=learner.place, when=there.soon(now, now)))
    lines.append(say(f"who.state-{found.group}"))
    if learner.seen_at is not None:
        lines.append(say("who.seen", when=voice.when(learner.seen_at)))
    lines += _study(found, voice, now)
    if found.nudge is not None:
        key = "who.nudge-sent" if found.nudge.state == "sent" else "who.nudge-coming"
        lines.append(say(key, when=there.soon(found.nudge.due_at, now), place=learner.place))
    return Message(Html("\n".join(lines)), _acts(found, voice))


def _study(found: Person, voice: Voice, now: datetime) -> list[Html]:
    """How far, and what comes next."""
    say, coming = voice.say, found.upcoming
    if found.seat is None or found.progress is None or coming is None:
        return [say("who.untaught", course=found.cohort.course_id)]
    lines = [say("who.lessons", done=found.progress.answered, of=found.progress.lessons)]
    if found.progress.cases:
        lines.append(say("who.cases", decided=found.progress.decided, of=found.progress.cases))
    if found.enrolment.state not in UNDER_WAY:
        return lines
    there, place = voice.at(found.learner.zone), found.learner.place
    if coming.waiting is not None:
        lines.append(say("who.waiting", lesson=coming.waiting.title))
    elif coming.slot is not None:
        key = "who.next-case" if coming.is_case else "who.next-lesson"
        lines.append(say(key, when=there.soon(coming.slot.at, now), place=place))
    elif coming.question_at is not None:
        lines.append(say("who.next-question", when=there.soon(coming.question_at, now), place=place))
    elif coming.too_late:
        lines.append(say("who.too-late"))
    return [*lines, say("who.deadline", day=voice.day(found.seat.around.deadline_on))]


def _acts(found: Person, voice: Voice) -> Rows:
    who, state = found.enrolment.id, found.enrolment.state
    rows: list[tuple[Button, ...]] = []
    under_way, ended = state in UNDER_WAY, state is EnrolmentState.ENDED
    if found.may_act and found.seat is not None:
        if under_way and found.learner.reach is Reach.REACHABLE:
            rows.append((_button(voice, "nudge", w.Nudge(who)),))
        time = [_button(voice, "time", w.MoreTime(who, 0))] if under_way or ended else []
        rows.append((*time, *([_button(voice, "leave", w.LeaveFor(who, 0))] if under_way else [])))
        if state is not EnrolmentState.WITHDRAWN:
            rows.append((_button(voice, "posting", w.PostingFor(who)), *_transfer(found, voice)))
    if found.may_act and state is not EnrolmentState.WITHDRAWN:
        relink = _button(voice, "relink", inviting.Relink(who))
        rows.append((relink, _button(voice, "withdraw", w.Withdraw(who, 0))))
    back = []
    if found.group in GROUPS:
        back.append(b.button(voice.label(f"who.back-{found.group}"), w.ShowGroup(found.cohort.id, found.group, 0)))
    rows.append((*back, _button(voice, "cohort", b.ShowCohort(found.cohort.id))))
    return tuple(row for row in rows if row)


def _transfer(found: Person, voice: Voice) -> tuple[Button, ...]:
    movable = found.enrolment.state in (*UNDER_WAY, EnrolmentState.ENDED)
    return (_button(voice, "transfer", w.TransferFrom(found.enrolment.id)),) if movable else ()
