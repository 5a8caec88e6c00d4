"""The demo as a newcomer meets it: the stage, its cast, the officials' habits, and a short week counted."""

import asyncio
import os
import signal
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from bot.demo import cast, officials, week
from bot.demo.officials import Answers, Habit, Official, Says, Taps, remember, wish
from bot.demo.phones import Key, Screen, screen_of
from bot.demo.stage import StageError, saturday_evening, stage
from bot.demo.tally import Tally, table, tally
from bot.settings import Settings
from lessons.catalogue import built_in
from lessons.course import Role
from lessons.enrolment import EnrolmentState
from storage import cohorts, enrolments, people
from storage.engine import url_of
from storage.store import Store, Tx

COURSE = built_in()
ANSWERS = Answers(COURSE)
QUESTION = COURSE.lessons[0].question(Role.DAY)
NOW = datetime(2026, 11, 21, 16, 40, tzinfo=UTC)


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - simulated people need dice, seeded


def official(habit: Habit, *, enrolled: bool = True) -> Official:
    return Official(2001, "Asha", "Rahman", "jeddah", "Asia/Riyadh", habit, dice(1), enrolled=enrolled)


def phone(*messages: tuple[int, list[str]]) -> Screen:
    """Messages with their buttons, the newest first."""
    keys = tuple(Key(message_id, "label", data) for message_id, row in messages for data in row)
    return Screen(keys=keys, empty=False)


def question_keys(asking: int = 7) -> list[str]:
    assert QUESTION is not None
    return [f"a:{asking}:{choice.id}" for choice in QUESTION.choices]


def wished(me: Official, seen: Screen) -> str | None:
    """The button data or the words of what is wished."""
    what = wish(me, seen, ANSWERS, invitation="CODE")
    return what.key.data if isinstance(what, Taps) else what.text if isinstance(what, Says) else None


@pytest.mark.parametrize(
    ("now", "evening"),
    [
        ("2026-11-23T19:55+00:00", "2026-11-21T16:40+00:00"),
        ("2026-11-21T16:40+00:00", "2026-11-21T16:40+00:00"),
        ("2026-11-21T16:39+00:00", "2026-11-14T16:40+00:00"),
        ("2026-11-21T22:00+00:00", "2026-11-21T16:40+00:00"),
    ],
)
def test_the_demo_begins_on_the_last_saturday_evening_in_riyadh(now: str, evening: str) -> None:
    assert saturday_evening(datetime.fromisoformat(now)) == datetime.fromisoformat(evening)


@pytest.mark.parametrize(
    ("keys", "does"),
    [
        (["en-begin"], "en-begin"),
        (["en-agree", "en-no"], "en-agree"),
        (["en-me"], "en-me"),
        (["en-place:0", "en-place:1"], "en-place:0"),
        (["en-yes", "en-name", "en-where"], "en-yes"),
        ([], "jeddah"),
    ],
)
def test_a_newcomer_goes_through_the_dialogue(keys: list[str], does: str) -> None:
    assert wished(official(Habit.RIGHT, enrolled=False), phone((3, keys))) == does


def test_an_empty_phone_begins_with_the_invitation() -> None:
    assert wished(official(Habit.RIGHT, enrolled=False), Screen()) == "/start CODE"


def test_the_place_is_said_once() -> None:
    me = official(Habit.RIGHT, enrolled=False)
    remember(me, Says(me.place))

    assert wished(me, phone((3, []))) is None


def test_right_chooses_the_key() -> None:
    assert QUESTION is not None

    assert wished(official(Habit.RIGHT), phone((3, question_keys()))) == f"a:7:{QUESTION.key}"


def test_wrong_chooses_another() -> None:
    assert QUESTION is not None
    chosen = wished(official(Habit.WRONG), phone((3, question_keys())))

    assert chosen in set(question_keys()) - {f"a:7:{QUESTION.key}"}


@pytest.mark.parametrize(("habit", "sure"), [(Habit.RIGHT, "s:7:1"), (Habit.WRONG, "s:7:1"), (Habit.UNSURE, "s:7:0")])
def test_confidence_is_a_habit(habit: Habit, sure: str) -> None:
    assert wished(official(habit), phone((3, ["s:7:1", "s:7:0"]))) == sure


def test_the_silent_leave_a_lesson_alone() -> None:
    assert wished(official(Habit.SILENT), phone((3, ["q:7"]))) is None


def test_some_tap_everything_twice() -> None:
    what = wish(official(Habit.DOUBLE), phone((3, ["q:7"])), ANSWERS, invitation="CODE")

    assert what == Taps(Key(3, "label", "q:7"), times=2)


def test_late_is_six_hours() -> None:
    assert official(Habit.LATE).delay().total_seconds() == 6 * 3600


def test_a_reminder_comes_before_the_lesson_it_reminds_of() -> None:
    assert wished(official(Habit.LATE), phone((5, ["read:7"]), (3, ["q:7"]))) == "read:7"


def test_an_open_question_comes_before_the_way_to_it() -> None:
    assert QUESTION is not None
    seen = phone((5, ["read:7"]), (4, question_keys()), (3, ["q:7"]))

    assert wished(official(Habit.RIGHT), seen) == f"a:7:{QUESTION.key}"


def test_what_is_answered_is_left_alone() -> None:
    me = official(Habit.RIGHT)
    remember(me, Taps(Key(4, "label", "s:7:1")))

    assert wished(me, phone((5, ["read:7"]), (4, ["oops:7"]), (3, ["q:7"]))) is None


def test_no_button_is_tapped_again_when_it_led_nowhere() -> None:
    me = official(Habit.RIGHT)
    remember(me, Taps(Key(3, "label", "q:7")))

    assert wished(me, phone((3, ["q:7"]))) is None


def test_a_paused_lesson_is_resumed() -> None:
    assert wished(official(Habit.RIGHT), phone((3, ["resume"]))) == "resume"


def test_every_habit_is_in_a_cast_of_ten() -> None:
    assert {one.habit for one in officials.cast(10, dice(1))} == set(Habit)


def test_a_seed_makes_the_same_cast_again() -> None:
    def told(seed: int) -> list[tuple[object, ...]]:
        return [(one.id, one.place, one.habit, one.dice.random()) for one in officials.cast(30, dice(seed))]

    assert told(3) == told(3)


def test_a_phone_shows_the_newest_buttons_first() -> None:
    def message(n: int, data: str) -> dict[str, object]:
        keys = [[{"label": "label", "data": data}, {"label": "outside", "url": "https://example.org"}]]
        return {"message_id": n, "keyboard": keys, "from": "bot", "date": NOW.isoformat()}

    chat = {"messages": [message(1, "q:1"), message(2, "q:2")], "blocked": False, "unanswered_taps": 0}

    assert [key.data for key in screen_of(chat).keys] == ["q:2", "q:1"]


def sent(chat: int, *data: str, status: int = 200) -> dict[str, object]:
    keyboard = [[{"text": "label", "callback_data": each}] for each in data]
    params = {"chat_id": chat, "reply_markup": {"inline_keyboard": keyboard}}
    return {"method": "sendMessage", "status": status, "chat_id": chat, "params": params, "at": NOW.isoformat()}


def tapped(person: int, data: str, *, answered: bool = True) -> dict[str, object]:
    return {"callback_query_id": f"{person}{data}", "person": person, "data": data, "answered": answered}


def counted(
    *calls: dict[str, object],
    taps: tuple[dict[str, object], ...] = (),
    refusals: tuple[dict[str, object], ...] = (),
    faults: dict[str, int] | None = None,
    willing: frozenset[int] = frozenset(),
) -> Tally:
    journal = {"calls": list(calls), "taps": list(taps), "refusals": list(refusals), "unreachable": []}
    since = datetime(2027, 1, 1, tzinfo=UTC)
    return tally(journal, ANSWERS, blocks=0, faults=faults or {}, willing=willing, since=since)


def test_a_lesson_is_counted_when_it_reached_a_phone() -> None:
    assert counted(sent(1, "q:7"), sent(2, "q:8", status=429)).lessons == 1


def test_a_question_without_a_lesson_is_a_repeat() -> None:
    assert counted(sent(1, "q:7"), sent(1, *question_keys(7)), sent(1, *question_keys(8))).repeats == 1


def test_the_first_choice_counts() -> None:
    assert QUESTION is not None
    wrong = next(key for key in question_keys() if not key.endswith(QUESTION.key))
    told = counted(sent(1, *question_keys()), taps=(tapped(1, wrong), tapped(1, f"a:7:{QUESTION.key}")))

    assert (told.answered, told.right) == (1, 0)


def test_a_lesson_that_comes_twice_unasked_is_doubled() -> None:
    told = counted(sent(1, "q:7"), sent(1, "q:7"))

    assert (told.doubled, told.holds()) == ({(1, 7): 1}, False)


def test_one_double_after_a_fault_is_forgiven() -> None:
    assert counted(sent(1, "q:7"), sent(1, "q:7"), faults={"cut-after": 1}).holds()


def test_two_doubles_of_one_lesson_are_not_forgiven() -> None:
    assert not counted(*[sent(1, "q:7")] * 3, faults={"cut-after": 1}).holds()


def test_a_lesson_asked_for_again_is_not_doubled() -> None:
    assert counted(sent(1, "q:7"), sent(1, "read:7"), sent(1, "q:7"), taps=(tapped(1, "read:7"),)).holds()


def test_a_tap_without_an_answer_does_not_hold() -> None:
    assert not counted(taps=(tapped(1, "q:7", answered=False),)).holds()


def test_a_refusal_does_not_hold() -> None:
    assert not counted(refusals=({"method": "sendMessage", "description": "Bad Request", "params": {}},)).holds()


def test_a_willing_reader_left_with_a_lesson_does_not_hold() -> None:
    assert counted(sent(1, "q:7"), willing=frozenset({1})).stuck == ((1, 7),)


def test_the_table_names_what_must_be_nought() -> None:
    shown = [str(cell) for cell in table(counted(), learners=3, days=2).columns[0].cells]

    assert {"Refusals by the sandbox", "Taps without an answer", "Doubled deliveries"} <= set(shown)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        bot_token=None,
        bot_token_file=None,
        bot_api="http://127.0.0.1:1",
        database_url=None,
        data=tmp_path,
        coordinators=(cast.COORDINATOR.id,),
        clock=None,
    )


async def test_the_alumna_has_completed_before_the_curtain(settings: Settings) -> None:
    await cast.prepare(settings, NOW)

    async def look(tx: Tx) -> tuple[EnrolmentState, date | None, datetime | None]:
        learner = await people.learner_of(tx, cast.ALUMNA.id, now=NOW)
        assert learner is not None
        enrolment = (await enrolments.of_learner(tx, learner.id))[0]
        return enrolment.state, enrolment.refresher_on, await enrolments.next_look(tx)

    async with await Store.open(url_of(None, settings.data)) as store:
        found = await store.read(look)
    # Monday 08:30 in London
    assert found == (EnrolmentState.COMPLETED, date(2026, 11, 23), datetime(2026, 11, 23, 8, 30, tzinfo=UTC))


@pytest.mark.slow
async def test_the_coordinator_reads_times_of_dhaka(settings: Settings) -> None:
    await cast.prepare(settings, NOW)

    async with await Store.open(url_of(None, settings.data)) as store:
        assert await store.read(lambda tx: people.zone_of_coordinator(tx, cast.COORDINATOR.id)) == "Asia/Dhaka"


async def test_a_kept_folder_is_prepared_once(settings: Settings) -> None:
    await cast.prepare(settings, NOW)
    await cast.prepare(settings, NOW)

    async with await Store.open(url_of(None, settings.data)) as store:
        assert sorted(each.name for each in await store.read(cohorts.every)) == [cast.GULF, cast.SPRING]


async def test_a_folder_of_an_earlier_week_is_refused(tmp_path: Path) -> None:
    (tmp_path / "attache.sqlite3").touch()

    with pytest.raises(StageError, match="holds an earlier run"):
        await week.play(learners=1, days=1, faults=False, seed=1, keep=tmp_path)


async def serve(folder: Path, *, kill: bool = False) -> None:
    """A stage that stands until something falls; for at most 20 s."""
    async with stage(keep=folder, start_at=NOW, coordinators=[1]) as made:
        await made.serve()
        if kill:
            os.kill(made.pid_of_service, signal.SIGKILL)
        await asyncio.sleep(20)


@pytest.mark.slow
async def test_a_service_that_dies_ends_the_demo(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="The service ended by itself"):
        await serve(tmp_path, kill=True)


@pytest.mark.slow
async def test_a_service_that_cannot_begin_says_why(tmp_path: Path) -> None:
    (tmp_path / "attache.sqlite3").write_bytes(b"no database" * 100)

    with pytest.raises(StageError, match=r"its log ends so:\n(.*\n)*.*attache\.sqlite3"):
        await serve(tmp_path)


@pytest.mark.slow
async def test_a_taken_port_is_told_in_the_sandboxs_words(tmp_path: Path) -> None:
    async with stage(keep=tmp_path / "one", start_at=NOW) as first:
        port = int(first.address.rpartition(":")[2])
        with pytest.raises(StageError, match=f"Port {port} .* is taken"):
            async with stage(keep=tmp_path / "two", start_at=NOW, port=port):
                pass


@pytest.mark.slow
async def test_three_officials_study_two_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = await week.play(learners=3, days=2, faults=False, seed=1, keep=tmp_path / "week")

    rows = [line.strip("│ ").split("│") for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    shown = {name.strip(): value.strip() for name, value in rows}
    assert held
    assert (shown["Lessons sent"], shown["Answered"], shown["Refusals by the sandbox"]) == ("6", "6", "0")
