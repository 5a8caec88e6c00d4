"""The desk's part of the table of routes: commands, buttons, dialogue steps, notices and papers of colleagues."""

from collections.abc import Mapping
from typing import Any

from bot import callbacks as b
from bot.bindery import Binding
from bot.call import Call, Role
from bot.callbacks import appointing, broadcasting, desk, inviting, questioning, reporting, simulating
from bot.callbacks import opening as terms
from bot.callbacks import whereabouts as who
from bot.features.broadcast import handler as broadcast
from bot.features.calendar import handler as calendar
from bot.features.cases import handler as cases
from bot.features.correcting import handler as correcting
from bot.features.enrol import handler as enrol
from bot.features.inbox import handler as inbox
from bot.features.lost import handler as lost
from bot.features.measure import handler as measure
from bot.features.opening import handler as opening
from bot.features.questions import handler as questions
from bot.features.reports import handler as reports
from bot.features.roles import handler as roles
from bot.features.roster import handler as roster
from bot.features.study import handler as study
from bot.features.whereabouts import handler as whereabouts
from bot.message import Replies
from bot.office import Office
from bot.route import Render, Route
from storage.store import Tx

_C = Role.COORDINATOR


async def cohort_word(tx: Tx, call: Call, office: Office) -> Replies:
    """/cohort: who is where; `/cohort new NAME` opens another."""
    return await (opening.begin if opening.wants_new(call) else whereabouts.show)(tx, call, office)


COMMANDS: Mapping[str, Route] = {
    "cohort": Route(cohort_word, Role.OBSERVER, "help.cohort"),
    "calendar": Route(calendar.calendar, _C, "help.calendar"),
    "crisis": Route(calendar.crisis, _C, "help.crisis"),
    "extend": Route(calendar.extend, _C, "help.extend"),
    "broadcast": Route(broadcast.draft, _C, "help.broadcast"),
    "lost": Route(lost.show, _C, "help.lost"),
    "invite": Route(roster.show, _C, "help.invite"),
    "relink": Route(roster.relink, _C, "help.relink"),
    "reports": Route(reports.show, Role.OBSERVER, "help.reports"),
    "questions": Route(questions.show, _C, "help.questions"),
    "inbox": Route(inbox.show, Role.TUTOR, "help.inbox"),
    "colleagues": Route(roles.team, Role.OWNER, "help.colleagues"),
    "audit": Route(roles.trail, _C, "help.audit"),
}

PRESSES: Mapping[type[Any], Route] = {
    b.CohortResults: Route(measure.show_cohort, _C),
    b.PickCohort: Route(broadcast.pick_cohort, _C),
    b.SendBroadcast: Route(broadcast.send, _C),
    b.DropBroadcast: Route(broadcast.drop, _C),
    b.BroadcastReport: Route(broadcast.report, _C),
    broadcasting.ShowDraft: Route(broadcast.show_draft, _C),
    broadcasting.Aim: Route(broadcast.aim, _C),
    broadcasting.AimBy: Route(broadcast.aim_by, _C),
    broadcasting.Turn: Route(broadcast.turn, _C),
    broadcasting.OnlyGulf: Route(broadcast.only_gulf, _C),
    broadcasting.Everybody: Route(broadcast.everybody, _C),
    broadcasting.AskWhen: Route(broadcast.ask_hour, _C),
    broadcasting.AtHour: Route(broadcast.at_hour, _C),
    broadcasting.TakeBack: Route(broadcast.take_back, _C),
    broadcasting.Hold: Route(broadcast.hold, _C),
    broadcasting.GoOn: Route(broadcast.go_on, _C),
    broadcasting.StopRest: Route(broadcast.stop_rest, _C),
    broadcasting.Approve: Route(broadcast.approve, _C),
    broadcasting.Refuse: Route(broadcast.ask_reason, _C),
    b.SendAgain: Route(lost.send_again, _C),
    b.LeaveIt: Route(lost.leave, _C),
    b.ShowCohort: Route(whereabouts.show_one, Role.OBSERVER),
    who.ShowCohorts: Route(whereabouts.choose, Role.OBSERVER),
    who.ShowMissions: Route(whereabouts.show_missions, Role.OBSERVER),
    who.ShowGroup: Route(whereabouts.show_group, Role.OBSERVER),
    who.ShowPicture: Route(whereabouts.show_picture, Role.OBSERVER),
    who.ShowPerson: Route(whereabouts.show_person, Role.OBSERVER),
    who.Nudge: Route(whereabouts.nudge, _C),
    who.NudgeSilent: Route(whereabouts.nudge_silent, _C),
    who.MoreTime: Route(whereabouts.more_time, _C),
    who.MoreTimeBecause: Route(calendar.more_time, _C),
    who.LeaveFor: Route(whereabouts.leave_for, _C),
    who.TakeBackLeaveOf: Route(whereabouts.take_back_leave, _C),
    who.PostingFor: Route(whereabouts.posting_for, _C),
    who.PickPlaceFor: Route(whereabouts.pick_place, _C),
    who.PostFromToday: Route(whereabouts.post_from_today, _C),
    who.TransferFrom: Route(whereabouts.transfer_from, _C),
    who.TransferTo: Route(whereabouts.transfer_to, _C),
    who.Withdraw: Route(whereabouts.withdraw, _C),
    simulating.ShowFlows: Route(cases.listed, Role.OBSERVER),
    simulating.ShowFlow: Route(cases.one, Role.OBSERVER),
    reporting.ShowReports: Route(reports.of_cohort, Role.OBSERVER),
    reporting.EvidencePack: Route(reports.pack, Role.OBSERVER),
    reporting.TakeOut: Route(reports.take_out, _C),
    questioning.ShowQuestions: Route(questions.of_cohort, _C),
    questioning.ShowItem: Route(questions.one, _C),
    questioning.ItemSheet: Route(questions.sheet, _C),
    questioning.Correct: Route(correcting.begin, _C),
    questioning.ShowCorrection: Route(correcting.show, _C),
    questioning.SetKey: Route(correcting.set_key, _C),
    questioning.AskPart: Route(correcting.ask_part, _C),
    questioning.AskReason: Route(correcting.ask_reason, _C),
    questioning.ConfirmCorrection: Route(correcting.confirm, _C),
    questioning.DropCorrection: Route(correcting.drop, _C),
    questioning.CorrectionProgress: Route(correcting.progress, _C),
    broadcasting.ShowInbox: Route(inbox.turn_page, Role.TUTOR),
    broadcasting.ShowThread: Route(inbox.show_thread, Role.TUTOR),
    broadcasting.AnswerThread: Route(inbox.ask_answer, Role.TUTOR),
    broadcasting.CloseThread: Route(inbox.close, Role.TUTOR),
    b.ShowCalendar: Route(calendar.show_one, _C),
    b.PickChange: Route(calendar.pick, _C),
    b.DoChange: Route(calendar.do, _C),
    b.LeaveChange: Route(calendar.leave, _C),
    desk.NewCohort: Route(opening.begin, _C),
    desk.EditCohort: Route(opening.edit, _C),
    terms.ChangeTerm: Route(opening.ask, _C),
    terms.SetTerm: Route(opening.choose, _C),
    terms.ShowTerms: Route(opening.show, _C),
    terms.SettleTerms: Route(opening.settle, _C),
    terms.LeaveTerms: Route(opening.leave, _C),
    desk.InvitePeople: Route(roster.overview, _C),
    inviting.SendRoster: Route(roster.ask_roster, _C),
    inviting.BlankRoster: Route(roster.blank, _C),
    inviting.PickRosterCohort: Route(roster.pick_cohort, _C),
    inviting.ImportRoster: Route(roster.take_in, _C),
    inviting.DropRoster: Route(roster.drop, _C),
    inviting.AllFindings: Route(roster.all_findings, _C),
    inviting.OfferLinks: Route(roster.offer_links, _C),
    inviting.MakeLinks: Route(roster.make_links, _C),
    inviting.OpenLink: Route(roster.ask_places, _C),
    inviting.OpenPlaces: Route(roster.open_link, _C),
    inviting.Relink: Route(roster.offer_relink, _C),
    inviting.MakeRelink: Route(roster.make_relink, _C),
    appointing.ShowTeam: Route(roles.team, Role.OWNER),
    appointing.ShowColleague: Route(roles.one, Role.OWNER),
    appointing.AddColleague: Route(roles.add, Role.OWNER),
    appointing.OfferRole: Route(roles.which_cohorts, Role.OWNER),
    appointing.MakeLink: Route(roles.link, Role.OWNER),
    appointing.SetRole: Route(roles.set_role, Role.OWNER),
    appointing.ToggleCohort: Route(roles.toggle_cohort, Role.OWNER),
    appointing.AskRevoke: Route(roles.ask_revoke, Role.OWNER),
    appointing.RevokeRole: Route(roles.revoke, Role.OWNER),
    appointing.ShowTrail: Route(roles.trail, _C),
}

STEPS: Mapping[str, Route] = {
    "roster.file": Route(roster.no_file, _C),
    "roster.places": Route(roster.take_places, _C),
    "inbox.answer": Route(inbox.take_answer, Role.TUTOR),
    "correcting.part": Route(correcting.take_part, _C),
    "correcting.reason": Route(correcting.take_reason, _C),
    "broadcast.words": Route(broadcast.draft, _C, takes_files=True),
    "broadcast.hour": Route(broadcast.take_hour, _C),
    "broadcast.reason": Route(broadcast.take_reason, _C),
    "opening.terms": Route(opening.said, _C),
    "whereabouts.leave": Route(whereabouts.take_dates, _C),
    "whereabouts.place": Route(whereabouts.take_place, _C),
    "whereabouts.day": Route(whereabouts.take_day, _C),
}

NOTICES: Mapping[str, Render] = {
    "mistake": study.render_mistake,
    "broadcast": broadcast.render_report,
    "approval": broadcast.render_approval,
    "decided": broadcast.render_decided,
    "inbox": inbox.render_notice,
    "corrected": correcting.render_corrected,
    "clash": correcting.render_clash,
    "answer": inbox.render_answer,
    "lost": lost.render_notice,
    "deadline": calendar.render_deadline,
    "extension": calendar.render_extension,
    "crisis": calendar.render_crisis,
    "appointed": roles.render_appointed,
    "cohort-link": roster.render_cohort_link,
    "relink": roster.render_relink,
    "forwarded": roster.render_forwarded,
    "moved-on": enrol.render_moved_on,
    "leave-for": whereabouts.render_told,
    "posting-for": whereabouts.render_told,
    "transfer": whereabouts.render_told,
    "withdrawal": whereabouts.render_told,
}

PAPERS: Mapping[str, Binding] = {
    "evidence": Binding(reports.load_evidence, "bot.papers.evidence:pdf"),
    "export": Binding(reports.load_export, "bot.papers.exports:made"),
    "items": Binding(questions.load, "bot.papers.links:sheet"),
    "links": Binding(roster.load_sheet, "bot.papers.links:sheet"),
    "links-page": Binding(roster.load_page, "bot.papers.links_page:page"),
    "roster-template": Binding(roster.load_template, "bot.papers.links:sheet"),
    "roster-findings": Binding(roster.load_findings, "bot.papers.links:sheet"),
}

SHEET: Route | None = Route(roster.receive, _C)  # where a colleague's CSV or XLSX file leads when no step waits for one
