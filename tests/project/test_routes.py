"""The table of routes is whole, and the guard lets through whom it should: every word and button, for every role."""

from collections.abc import AsyncIterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot import callbacks as b
from bot.call import Role
from bot.callbacks import WORDS, desk, pack
from bot.callbacks import appointing as a
from bot.callbacks import broadcasting as bc
from bot.callbacks import inviting as i
from bot.callbacks import opening as o
from bot.callbacks import questioning as q
from bot.callbacks import reporting as rp
from bot.callbacks import simulating as sim
from bot.callbacks import whereabouts as w
from bot.desk_routes import NOTICES
from bot.phrases import BASE, Phrases
from bot.routes import CARRIERS, COMMANDS, PRESSES, STEPS, help_lines
from scheduler.delivery import DeliveryKind
from storage import colleagues
from tests.project.verbs import verbs
from tests.support.world import COORDINATOR, Phone, World, a_world

ANYONE, LEARNER, COORDINATES, MEMBER = Role.ANYONE, Role.LEARNER, Role.COORDINATOR, Role.MEMBER
OWNS, TUTORS, OBSERVES = Role.OWNER, Role.TUTOR, Role.OBSERVER


def test_every_command_but_start_has_a_line_in_help() -> None:
    assert [word for word, route in COMMANDS.items() if route.line is None] == ["start"]


@pytest.mark.parametrize("word", COMMANDS)
def test_a_command_is_a_word_that_telegram_takes(word: str) -> None:
    assert 1 <= len(word) <= 32
    assert word.isascii()
    assert word.islower()
    route = COMMANDS[word]
    assert route.line is None or 1 <= len(Phrases.built_in().voice(BASE).label(route.line)) <= 256


def test_every_button_has_a_route_and_every_route_its_button() -> None:
    assert set(PRESSES) == set(WORDS.values())


def test_every_kind_of_delivery_has_a_carrier() -> None:
    assert set(CARRIERS) == set(DeliveryKind)


LINKS = ["cohort-link", "relink", "forwarded", "moved-on"]
TOLD = ["leave-for", "posting-for", "transfer", "withdrawal"]  # learners, of what was done on their behalf


def test_what_a_coordinator_is_told_of_has_its_words() -> None:
    assert set(NOTICES) == {
        "mistake",
        "broadcast",
        "approval",
        "decided",
        "inbox",
        "answer",
        "corrected",
        "clash",
        "lost",
        "deadline",
        "extension",
        "crisis",
        "appointed",
        *LINKS,
        *TOLD,
    }


DESK_STEPS = [
    "correcting.part",
    "correcting.reason",
    "inbox.answer",
    "broadcast.words",
    "broadcast.hour",
    "broadcast.reason",
    "roster.file",
    "roster.places",
    "opening.terms",
    "whereabouts.leave",
    "whereabouts.place",
    "whereabouts.day",
]


def test_a_dialogue_waits_for_words_only_at_known_steps() -> None:
    assert set(STEPS) == {
        "enrol.name",
        "enrol.place",
        "posting.place",
        "posting.day",
        "leave.dates",
        "inbox.words",
        *DESK_STEPS,
    }


# Who may do what, written down once more by hand: a route that lost its guard differs from this.

MAY_ANYONE = ["start", "term", "privacy", "mydata", "forget", "cancel", "help"]
MAY_LEARNER = ["case", "today", "more", "progress", "settings", "leave", "posting", "pause", "resume", "refresher"]
MAY_COORDINATOR = ["questions", "invite", "relink", "calendar", "crisis", "extend", "broadcast", "lost", "audit"]
MAY_OWNER = ["colleagues"]
MAY_TUTOR = ["inbox"]
MAY_OBSERVER = ["cohort", "reports"]
MAY_MEMBER = ["results", "find"]
TAPS_ANYONE = [
    b.Begin,
    b.Agree,
    b.UseShownName,
    i.ItIsMe,
    i.NotMe,
    b.PickPlace,
    b.ChangeName,
    b.ChangePlace,
    b.ConfirmEnrolment,
    b.Decline,
    b.KeepMe,
    b.Forget,
    b.Explain,
]
TAPS_LEARNER = [
    b.Today,
    b.ReadLesson,
    b.ReadFirst,
    b.OpenQuestion,
    b.Choose,
    b.Sure,
    b.BeginMeasure,
    b.DeclineMeasure,
    b.ChooseKept,
    b.SureKept,
    b.ReportMistake,
    b.Pause,
    b.Resume,
    b.Settings,
    b.SetHour,
    b.SetQuiet,
    b.SetDay,
    b.UsualDays,
    b.SetPace,
    b.SetLanguage,
    b.ShowLeave,
    b.CrisisWeek,
    b.TakeBackLeave,
    b.BackFromLeave,
    b.ChangePosting,
    b.PickPosting,
    b.ConfirmPosting,
    b.CallOffPosting,
    b.Refreshers,
    b.Renew,
    sim.ShowCases,
    sim.OpenCase,
    sim.BeginCase,
    sim.MakeMove,
    sim.PlayAgain,
    bc.WriteBack,
    bc.WriteMore,
    bc.SendWords,
    bc.DropWords,
]
TAPS_COORDINATOR = [b.PickCohort, b.SendBroadcast, b.DropBroadcast, b.BroadcastReport, b.CohortResults]
TAPS_COORDINATOR += [bc.ShowDraft, bc.Aim, bc.AimBy, bc.Turn, bc.OnlyGulf, bc.Everybody, bc.AskWhen, bc.AtHour]
TAPS_COORDINATOR += [bc.TakeBack, bc.Hold, bc.GoOn, bc.StopRest, bc.Approve, bc.Refuse]
TAPS_COORDINATOR += [q.ShowQuestions, q.ShowItem, q.ItemSheet, q.Correct, q.ShowCorrection, q.SetKey, q.AskPart]
TAPS_COORDINATOR += [q.AskReason, q.ConfirmCorrection, q.DropCorrection, q.CorrectionProgress]
TAPS_COORDINATOR += [rp.TakeOut]
TAPS_OWNER = [a.ShowTeam, a.ShowColleague, a.AddColleague, a.OfferRole, a.MakeLink, a.SetRole, a.ToggleCohort]
TAPS_OWNER += [a.AskRevoke, a.RevokeRole]
TAPS_TUTOR = [bc.ShowInbox, bc.ShowThread, bc.AnswerThread, bc.CloseThread]
TAPS_OBSERVER = [
    rp.ShowReports,
    rp.EvidencePack,
    b.ShowCohort,
    w.ShowCohorts,
    w.ShowMissions,
    w.ShowGroup,
    w.ShowPicture,
    w.ShowPerson,
]
TAPS_OBSERVER += [sim.ShowFlows, sim.ShowFlow]
TAPS_COORDINATOR += [w.Nudge, w.NudgeSilent, w.MoreTime, w.MoreTimeBecause, w.LeaveFor, w.TakeBackLeaveOf]
TAPS_COORDINATOR += [w.PostingFor, w.PickPlaceFor, w.PostFromToday, w.TransferFrom, w.TransferTo, w.Withdraw]
TAPS_COORDINATOR += [desk.InvitePeople, i.SendRoster, i.BlankRoster, i.PickRosterCohort, i.ImportRoster, i.DropRoster]
TAPS_COORDINATOR += [i.AllFindings, i.OfferLinks, i.MakeLinks, i.OpenLink, i.OpenPlaces, i.Relink, i.MakeRelink]
TAPS_COORDINATOR += [desk.NewCohort, desk.EditCohort, o.ChangeTerm, o.SetTerm, o.ShowTerms, o.SettleTerms, o.LeaveTerms]
TAPS_COORDINATOR += [a.ShowTrail, b.ShowCalendar, b.PickChange, b.DoChange, b.LeaveChange, b.SendAgain, b.LeaveIt]

WORDS_ROLE = (
    dict.fromkeys(MAY_OWNER, OWNS)
    | dict.fromkeys(MAY_TUTOR, TUTORS)
    | dict.fromkeys(MAY_OBSERVER, OBSERVES)
    | dict.fromkeys(MAY_COORDINATOR, COORDINATES)
    | dict.fromkeys(MAY_LEARNER, LEARNER)
    | dict.fromkeys(MAY_MEMBER, MEMBER)
    | dict.fromkeys(MAY_ANYONE, ANYONE)
)
TAPS_ROLE: dict[type[Any], Role] = (
    dict.fromkeys(TAPS_OWNER, OWNS)
    | dict.fromkeys(TAPS_TUTOR, TUTORS)
    | dict.fromkeys(TAPS_OBSERVER, OBSERVES)
    | dict.fromkeys(TAPS_COORDINATOR, COORDINATES)
    | dict.fromkeys(TAPS_LEARNER, LEARNER)
    | dict.fromkeys(TAPS_ANYONE, ANYONE)
)
PEOPLE = {
    "a stranger": {ANYONE},
    "a learner": {ANYONE, LEARNER, MEMBER},
    "a tutor": {ANYONE, TUTORS, MEMBER},
    "an observer": {ANYONE, OBSERVES, MEMBER},
    "a coordinator": {ANYONE, COORDINATES, TUTORS, OBSERVES, MEMBER},
    "an owner": set(Role) - {LEARNER},
    "an owner who learns": set(Role),
}


def test_every_command_and_button_is_in_this_table() -> None:
    assert set(WORDS_ROLE) == set(COMMANDS)
    assert set(TAPS_ROLE) == set(PRESSES)


@pytest.mark.parametrize("who", PEOPLE)
def test_help_lists_what_each_role_may_use(who: str) -> None:
    roles = frozenset(PEOPLE[who])
    mine = [word for word in COMMANDS if word != "start" and WORDS_ROLE[word] in roles]
    assert [word for word, _ in help_lines(roles)] == mine


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as made, made.serving():
        yield made


async def somebody(world: World, who: str) -> Phone:
    """A phone in the hand of such a person, with a message of the bot on it."""
    code = await world.cohort()
    if "owner" not in who:
        await (await world.phone("Chitra", COORDINATOR)).types("/help")  # she can be told of mistakes
    if who == "a learner":
        return await world.enrolled("Asha", code)
    phone = await world.phone("Babu", COORDINATOR if "owner" in who else None)
    role = who.split()[1]
    if role in ("coordinator", "tutor", "observer"):
        now = await world.now()
        await world.running.store.change(lambda tx: colleagues.appoint(tx, phone.id, role, None, name="Babu", now=now))
    await phone.types("/help")
    if who == "an owner who learns":
        await phone.types(f"/start {code}")
        for label in ("Continue", "I agree"):
            await phone.taps(label)
        await phone.types("Babu")
        await phone.types("Dhaka")
        await phone.taps("Yes, that is right")
    return phone


def refusal(role: Role) -> str:
    words = Phrases.built_in().voice(BASE)
    return words.label(f"refusal.not-{role}") if role is not ANYONE else ""


def a_value(kind: type[Any]) -> Any:
    """A button of that kind as somebody else's chat may hold it; nothing that asks first is said yes to."""
    return kind(*("a" if field.type is not int else int(field.name != "sure") for field in fields(kind)))


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
async def test_every_command_serves_or_refuses(world: World, who: str) -> None:
    phone = await somebody(world, who)
    verdicts = {}
    for word, role in WORDS_ROLE.items():
        before = len(await phone.bubbles())
        await phone.types(f"/{word}")
        answers = (await phone.bubbles())[before:]
        assert answers, f"/{word} is not answered"
        verdicts[word] = "refused" if answers[0].text == refusal(role) else "served"
    assert verdicts == {word: "served" if role in PEOPLE[who] else "refused" for word, role in WORDS_ROLE.items()}


async def toasts(world: World, phone: Phone) -> list[str | None]:
    """What each tap of this phone was answered with, in the order of taps."""
    journal = await world.journal()
    assert [(call["method"], call["description"], call["params"]) for call in journal["refusals"]] == []
    answers = [call["params"] for call in journal["calls"] if call["method"] == "answerCallbackQuery"]
    said = {params["callback_query_id"]: params.get("text") for params in answers}
    return [said[tap["callback_query_id"]] for tap in journal["taps"] if tap["person"] == phone.id]


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
async def test_every_button_serves_or_refuses(world: World, who: str) -> None:
    phone = await somebody(world, who)
    on = (await phone.last()).message_id
    before = len(await toasts(world, phone))
    for kind in TAPS_ROLE:
        tap = {"message_id": on, "data": pack(a_value(kind)), "forged": True}
        await world.post(f"/sandbox/people/{phone.id}/taps", **tap)
    await world.settled()
    told = dict(zip(TAPS_ROLE, (await toasts(world, phone))[before:], strict=True))
    verdicts = {kind: role is not ANYONE and told[kind] == refusal(role) for kind, role in TAPS_ROLE.items()}
    assert verdicts == {kind: role not in PEOPLE[who] for kind, role in TAPS_ROLE.items()}


@pytest.mark.parametrize("data", ["nobody:1", "a:1", "q:x", "a:1:../x", "🙂"])
async def test_data_of_no_button_is_answered_kindly(world: World, data: str) -> None:
    phone = await somebody(world, "a stranger")
    await phone.forges(data, (await phone.last()).message_id)
    assert await phone.toast() == "This button is no longer in use. /help lists what you can do."


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_explains_itself_with_an_example(verb: str) -> None:
    first, *rest = (verbs()[verb].help or "").strip().splitlines()
    assert first.endswith((".", ":"))
    assert any(line.strip().startswith("Example: ") and f"attache {verb}" in line for line in rest)


@pytest.mark.parametrize("verb", verbs())
def test_every_option_and_argument_has_a_line_of_help(verb: str) -> None:
    silent = [p.name for p in verbs()[verb].params if p.name != "help" and not getattr(p, "help", None)]
    assert silent == []
