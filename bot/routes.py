"""The one table of commands, buttons, dialogue steps and deliveries: word, handler, least role, help line.

Registration, /help, the command menus and the role guard all come from here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import callbacks as b
from bot import desk_routes
from bot.call import Call, Role
from bot.callbacks import broadcasting, inviting, simulating
from bot.features.broadcast import handler as broadcast
from bot.features.calendar import handler as calendar
from bot.features.ending import handler as ending
from bot.features.enrol import handler as enrol
from bot.features.find import handler as find
from bot.features.glossary import handler as glossary
from bot.features.guide import handler as guide
from bot.features.inbox import handler as inbox
from bot.features.leave import handler as leave
from bot.features.measure import handler as measure
from bot.features.posting import handler as posting
from bot.features.preferences import handler as preferences
from bot.features.privacy import handler as privacy
from bot.features.progress import handler as progress
from bot.features.refresh import handler as refresh
from bot.features.remind import handler as remind
from bot.features.roles import handler as roles
from bot.features.simulate import handler as simulate
from bot.features.study import handler as study
from bot.features.whereabouts import handler as whereabouts
from bot.message import Article, Message, Replies
from bot.office import Office
from bot.route import Carrier, Route, nothing
from bot.sheets import is_sheet
from scheduler.delivery import DeliveryKind
from storage import cohorts, conversations
from storage.deliveries import Delivery
from storage.store import Tx


async def notice(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """Something a coordinator should know."""
    render = desk_routes.NOTICES.get(row.meaning.get("what", ""))
    return await render(tx, row, office, now) if render else None


async def notice_dropped(tx: Tx, row: Delivery, office: Office, now: datetime) -> None:
    """A notice did not go out. Those to learners keep their hours, and are owed anew."""
    if row.learner_id is not None:
        await calendar.held_up(tx, row, office, now)
        await whereabouts.held_up(tx, row, office, now)


async def stored_words(_tx: Tx, row: Delivery, _office: Office, _now: datetime) -> Message | None:
    """A reply: worded when it was owed."""
    return Message.from_json(row.meaning["message"]) if "message" in row.meaning else None


async def start(tx: Tx, call: Call, office: Office) -> Replies:
    """/start: a link that appoints, or everything else."""
    appoints = call.words.startswith(roles.PREFIX) and await cohorts.by_code(tx, call.words, now=call.now) is None
    return await (roles.accept if appoints else enrol.start)(tx, call, office)


_L, _M = Role.LEARNER, Role.MEMBER

COMMANDS: Mapping[str, Route] = {
    "start": Route(start),
    "today": Route(study.today, _L, "help.today"),
    "more": Route(study.more, _L, "help.more"),
    "progress": Route(progress.show, _L, "help.progress"),
    "settings": Route(preferences.show, _L, "help.settings"),
    "case": Route(simulate.show, _L, "help.case"),
    "leave": Route(leave.show, _L, "help.leave"),
    "posting": Route(posting.ask, _L, "help.posting"),
    "pause": Route(preferences.pause, _L, "help.pause"),
    "resume": Route(preferences.resume, _L, "help.resume"),
    "refresher": Route(study.ask_refresher, _L, "help.refresher"),
    **desk_routes.COMMANDS,
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
    inviting.ItIsMe: Route(enrol.is_me),
    inviting.NotMe: Route(enrol.not_me),
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
    broadcasting.WriteBack: Route(inbox.write_back, _L),
    broadcasting.WriteMore: Route(inbox.write_more, _L),
    broadcasting.SendWords: Route(inbox.send_words, _L),
    broadcasting.DropWords: Route(inbox.drop_words, _L),
    simulating.ShowCases: Route(simulate.show, _L),
    simulating.OpenCase: Route(simulate.open_case, _L),
    simulating.BeginCase: Route(simulate.begin, _L),
    simulating.MakeMove: Route(simulate.move, _L),
    simulating.PlayAgain: Route(simulate.again, _L),
    b.Forget: Route(privacy.forget_me),
    b.KeepMe: Route(privacy.keep_me),
    **desk_routes.PRESSES,
}

STEPS: Mapping[str, Route] = {
    "enrol.name": Route(enrol.take_name),
    "enrol.place": Route(enrol.take_place),
    "posting.place": Route(posting.take_place, _L),
    "posting.day": Route(posting.take_day, _L),
    "leave.dates": Route(leave.take_dates, _L),
    "inbox.words": Route(inbox.take_words, _L),
    **desk_routes.STEPS,
}

CARRIERS: Mapping[DeliveryKind, Carrier] = {
    DeliveryKind.LESSON: Carrier(study.render_lesson, study.put, study.dropped),
    DeliveryKind.REVIEW: Carrier(study.render_question, study.put, study.dropped),
    DeliveryKind.REFRESHER: Carrier(study.render_question, study.put, study.dropped),
    DeliveryKind.REMINDER: Carrier(remind.render, nothing, remind.dropped),
    DeliveryKind.PAUSE: Carrier(remind.render_pause, nothing, remind.dropped),
    DeliveryKind.CHECK: Carrier(measure.render, nothing, measure.dropped),
    DeliveryKind.NUDGE: Carrier(whereabouts.render_nudge, whereabouts.nudge_arrived, whereabouts.nudge_dropped),
    DeliveryKind.ENDED: Carrier(ending.render, nothing, ending.dropped),
    DeliveryKind.RENEWAL: Carrier(refresh.render_renewal, nothing, refresh.renewal_dropped),
    DeliveryKind.FAREWELL: Carrier(refresh.render_farewell, nothing, refresh.farewell_dropped),
    DeliveryKind.BROADCAST: Carrier(broadcast.render, nothing, nothing, broadcast.render_many),
    DeliveryKind.NOTICE: Carrier(notice, nothing, notice_dropped),
    DeliveryKind.REPLY: Carrier(stored_words, nothing, nothing),
}

UNKNOWN = Route(guide.unknown)
REPLY = Route(inbox.reply, _L)  # words that reply to a broadcast


def inline(words: str, office: Office) -> tuple[Article, ...]:
    """What is offered to anybody who types behind the bot's name in any chat."""
    return glossary.inline(words, office)


async def awaited(tx: Tx, call: Call) -> Route:
    """Where free words and files lead: to the dialogue step that waits for them, else to one helpful line."""
    waiting = await conversations.get(tx, call.caller.telegram_id)
    step = STEPS.get(waiting.step, UNKNOWN) if waiting else UNKNOWN
    if call.attached is None and step is UNKNOWN and await inbox.meant(tx, call) is not None:
        return REPLY
    if call.attached is None or step.takes_files:
        return step
    return desk_routes.SHEET if desk_routes.SHEET is not None and is_sheet(call.attached) else UNKNOWN


def help_lines(roles: frozenset[Role]) -> list[tuple[str, str]]:
    """(command, phrase of its line) that these roles may use, in the table's order."""
    return [(word, route.line) for word, route in COMMANDS.items() if route.line and route.role in roles]
