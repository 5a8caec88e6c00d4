"""The one table of commands, buttons, dialogue steps and deliveries: word, handler, least role, help line.

Registration, /help, the command menus and the role guard all come from here.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import callbacks as b
from bot.call import Call, Role
from bot.features.broadcast import handler as broadcast
from bot.features.calendar import handler as calendar
from bot.features.cohort import handler as cohort
from bot.features.ending import handler as ending
from bot.features.enrol import handler as enrol
from bot.features.find import handler as find
from bot.features.glossary import handler as glossary
from bot.features.guide import handler as guide
from bot.features.leave import handler as leave
from bot.features.lost import handler as lost
from bot.features.measure import handler as measure
from bot.features.posting import handler as posting
from bot.features.preferences import handler as preferences
from bot.features.privacy import handler as privacy
from bot.features.progress import handler as progress
from bot.features.refresh import handler as refresh
from bot.features.remind import handler as remind
from bot.features.study import handler as study
from bot.message import Article, Message, Replies
from bot.office import Office
from scheduler.delivery import DeliveryKind
from storage import conversations
from storage.deliveries import Delivery
from storage.store import Tx

Handle = Callable[[Tx, Call, Office], Awaitable[Replies]]
RenderMany = Callable[[Tx, Sequence[Delivery], Office], Awaitable[Mapping[int, tuple[int, Message]]]]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a word or a button leads, and who may go there. `line` is the phrase of its line in /help, if any."""

    handle: Handle
    role: Role = Role.ANYONE
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """How a kind of delivery is worded when it is sent, and what follows when it arrived or was dropped.

    `render` returns None when the reason no longer holds. `render_many` words a whole lot of rows in a few statements:
    row → (chat, words), without those whose reason no longer holds.
    """

    render: Callable[[Tx, Delivery, Office, datetime], Awaitable[Message | None]]
    arrived: Callable[[Tx, Delivery, Office, datetime], Awaitable[None]]
    dropped: Callable[[Tx, Delivery, Office, datetime], Awaitable[None]]
    render_many: RenderMany | None = None


async def nothing(_tx: Tx, _row: Delivery, _office: Office, _now: datetime) -> None:
    """No consequence."""


async def notice(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """Something a coordinator should know."""
    render = NOTICES.get(row.meaning.get("what", ""))
    return await render(tx, row, office, now) if render else None


async def notice_dropped(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """A notice did not go out. Those to learners keep their hours, and are owed anew."""
    if row.learner_id is not None:
        await calendar.held_up(tx, row, office, now)


async def stored_words(_tx: Tx, row: Delivery, _office: Office, _now: datetime) -> Message | None:
    """A reply: worded when it was owed."""
    return Message.from_json(row.meaning["message"]) if "message" in row.meaning else None


_L, _C, _M = Role.LEARNER, Role.COORDINATOR, Role.MEMBER

COMMANDS: Mapping[str, Route] = {
    "start": Route(enrol.start),
    "today": Route(study.today, _L, "help.today"),
    "more": Route(study.more, _L, "help.more"),
    "progress": Route(progress.show, _L, "help.progress"),
    "settings": Route(preferences.show, _L, "help.settings"),
    "leave": Route(leave.show, _L, "help.leave"),
    "posting": Route(posting.ask, _L, "help.posting"),
    "pause": Route(preferences.pause, _L, "help.pause"),
    "resume": Route(preferences.resume, _L, "help.resume"),
    "refresher": Route(study.ask_refresher, _L, "help.refresher"),
    "cohort": Route(cohort.show, _C, "help.cohort"),
    "calendar": Route(calendar.calendar, _C, "help.calendar"),
    "crisis": Route(calendar.crisis, _C, "help.crisis"),
    "extend": Route(calendar.extend, _C, "help.extend"),
    "broadcast": Route(broadcast.draft, _C, "help.broadcast"),
    "lost": Route(lost.show, _C, "help.lost"),
    "results": Route(measure.show, _M, "help.results"),
    "find": Route(find.find, _M, "help.find"),
    "term": Route(glossary.term, line="help.term"),
    "privacy": Route(privacy.policy, line="help.privacy"),
    "mydata": Route(privacy.my_data, line="help.mydata"),
    "forget": Route(privacy.ask_forget, line="help.forget"),
    "cancel": Route(guide.cancel, line="help.cancel"),
    "help": Route(guide.show, line="help.help"),
}

PRESSES: Mapping[type[Any], Route] = {
    b.Begin: Route(enrol.begin),
    b.Agree: Route(enrol.agree),
    b.Decline: Route(enrol.decline),
    b.UseShownName: Route(enrol.use_shown_name),
    b.PickPlace: Route(enrol.pick_place),
    b.ChangeName: Route(enrol.change_name),
    b.ChangePlace: Route(enrol.change_place),
    b.ConfirmEnrolment: Route(enrol.confirm),
    b.Today: Route(study.today, _L),
    b.ReadLesson: Route(study.read, _L),
    b.ReadFirst: Route(study.read_first, _L),
    b.OpenQuestion: Route(study.open_question, _L),
    b.Choose: Route(study.choose, _L),
    b.Sure: Route(study.sure, _L),
    b.BeginMeasure: Route(measure.begin, _L),
    b.DeclineMeasure: Route(measure.decline, _L),
    b.ChooseKept: Route(measure.choose, _L),
    b.SureKept: Route(measure.sure, _L),
    b.CohortResults: Route(measure.show_cohort, _C),
    b.ReportMistake: Route(study.report_mistake, _L),
    b.Explain: Route(glossary.explain),
    b.Pause: Route(preferences.pause, _L),
    b.Resume: Route(preferences.resume, _L),
    b.Settings: Route(preferences.page, _L),
    b.SetHour: Route(preferences.set_hour, _L),
    b.SetQuiet: Route(preferences.set_quiet, _L),
    b.SetDay: Route(preferences.set_day, _L),
    b.UsualDays: Route(preferences.usual_days, _L),
    b.SetPace: Route(preferences.set_pace, _L),
    b.SetLanguage: Route(preferences.set_language, _L),
    b.ShowLeave: Route(leave.show, _L),
    b.CrisisWeek: Route(leave.crisis_week, _L),
    b.TakeBackLeave: Route(leave.take_back, _L),
    b.BackFromLeave: Route(leave.come_back, _L),
    b.ChangePosting: Route(posting.ask, _L),
    b.PickPosting: Route(posting.pick, _L),
    b.ConfirmPosting: Route(posting.from_today, _L),
    b.CallOffPosting: Route(posting.call_off, _L),
    b.Refreshers: Route(refresh.switch, _L),
    b.Renew: Route(refresh.switch, _L),
    b.Forget: Route(privacy.forget_me),
    b.KeepMe: Route(privacy.keep_me),
    b.PickCohort: Route(broadcast.pick_cohort, _C),
    b.SendBroadcast: Route(broadcast.send, _C),
    b.DropBroadcast: Route(broadcast.drop, _C),
    b.BroadcastReport: Route(broadcast.report, _C),
    b.SendAgain: Route(lost.send_again, _C),
    b.LeaveIt: Route(lost.leave, _C),
    b.ShowCohort: Route(cohort.show_one, _C),
    b.ShowCalendar: Route(calendar.show_one, _C),
    b.PickChange: Route(calendar.pick, _C),
    b.DoChange: Route(calendar.do, _C),
    b.LeaveChange: Route(calendar.leave, _C),
}

STEPS: Mapping[str, Route] = {
    "enrol.name": Route(enrol.take_name),
    "enrol.place": Route(enrol.take_place),
    "posting.place": Route(posting.take_place, _L),
    "posting.day": Route(posting.take_day, _L),
    "leave.dates": Route(leave.take_dates, _L),
}

NOTICES: Mapping[str, Callable[[Tx, Delivery, Office, datetime], Awaitable[Message | None]]] = {
    "mistake": study.render_mistake,
    "broadcast": broadcast.render_report,
    "lost": lost.render_notice,
    "deadline": calendar.render_deadline,
    "extension": calendar.render_extension,
    "crisis": calendar.render_crisis,
}

CARRIERS: Mapping[DeliveryKind, Carrier] = {
    DeliveryKind.LESSON: Carrier(study.render_lesson, study.put, study.dropped),
    DeliveryKind.REVIEW: Carrier(study.render_question, study.put, study.dropped),
    DeliveryKind.REFRESHER: Carrier(study.render_question, study.put, study.dropped),
    DeliveryKind.REMINDER: Carrier(remind.render, nothing, remind.dropped),
    DeliveryKind.PAUSE: Carrier(remind.render_pause, nothing, remind.dropped),
    DeliveryKind.CHECK: Carrier(measure.render, nothing, measure.dropped),
    DeliveryKind.ENDED: Carrier(ending.render, nothing, ending.dropped),
    DeliveryKind.RENEWAL: Carrier(refresh.render_renewal, nothing, refresh.renewal_dropped),
    DeliveryKind.FAREWELL: Carrier(refresh.render_farewell, nothing, refresh.farewell_dropped),
    DeliveryKind.BROADCAST: Carrier(broadcast.render, nothing, nothing, broadcast.render_many),
    DeliveryKind.NOTICE: Carrier(notice, nothing, notice_dropped),
    DeliveryKind.REPLY: Carrier(stored_words, nothing, nothing),
}

UNKNOWN = Route(guide.unknown)


def inline(words: str, office: Office) -> tuple[Article, ...]:
    """What is offered to anybody who types behind the bot's name in any chat."""
    return glossary.inline(words, office)


async def awaited(tx: Tx, call: Call) -> Route:
    """Where free words lead: to the dialogue step that waits for them, else to one helpful line."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    return STEPS.get(waiting.step, UNKNOWN) if waiting else UNKNOWN


def help_lines(roles: frozenset[Role]) -> list[tuple[str, str]]:
    """(command, phrase of its line) that these roles may use, in the table's order."""
    return [(word, route.line) for word, route in COMMANDS.items() if route.line and route.role in roles]
