"""The bot's own words: every key exists and is used, values are escaped, and no words bypass the catalogue."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from string import Formatter

import pytest

from bot.alumni import Novelty
from bot.call import HELD, Role
from bot.callbacks.whereabouts import MORE_DAYS, REASONS
from bot.exporting.evidence import WORDS as EVIDENCE_WORDS
from bot.features.broadcast.audience import SIDES
from bot.features.broadcast.outcome import WHY
from bot.features.broadcast.outcome import Refusal as BroadcastRefusal
from bot.features.calendar.changes import Why as CalendarWhy
from bot.features.calendar.words import VERBS as CALENDAR_VERBS
from bot.features.correcting.outcome import Refusal as CorrectingRefusal
from bot.features.enrol.outcome import Refusal as EnrolRefusal
from bot.features.inbox.outcome import Refusal as InboxRefusal
from bot.features.leave.usecase import Refusal as LeaveRefusal
from bot.features.measure.outcome import Refusal as MeasureRefusal
from bot.features.posting.usecase import Refusal as PostingRefusal
from bot.features.preferences.usecase import PACES
from bot.features.questions.view import COLUMNS as QUESTION_COLUMNS
from bot.features.reports.usecase import DATA
from bot.features.roles.usecase import Refusal as RolesRefusal
from bot.features.roster.sheets import COLUMNS, EXAMPLES
from bot.features.simulate.outcome import Refusal as CaseRefusal
from bot.features.study.outcome import Refusal as StudyRefusal
from bot.features.whereabouts.absences import OFFERED as LEAVE_OFFERED
from bot.features.whereabouts.outcome import NotNudged
from bot.features.whereabouts.outcome import Why as WhoWhy
from bot.features.whereabouts.usecase import TO_CARE_ABOUT
from bot.features.whereabouts.view import PICTURES
from bot.phrases import BASE, Html, PhraseMissing, Phrases, Voice, catalogue, plain
from bot.phrases.pseudo import disguise, pseudo
from bot.pictures.strip import Sign
from bot.routes import COMMANDS
from bot.terms.value import FIELDS, REMINDERS
from bot.terms.value import Why as TermsWhy
from lessons.enrolment import AskingKind, EnrolmentState, MeasureKind
from lessons.items import Reason
from scheduler.delivery import DeliveryKind
from scheduler.typed_dates import Why
from storage.whereabouts import GROUPS, Census
from tests.bot.phrase_calls import FILES, Asked, asked, literals


def noted() -> set[str]:
    """What the code writes into the trail, literally."""
    sources = (path.read_text("utf-8") for path in Path("bot").rglob("*.py"))
    return {what for source in sources for what in re.findall(r'audit\.note\(\s*tx,\s*"([^"]+)"', source)}


def who_buttons() -> set[str]:
    """Buttons of the screens about people, by the name that the code gives them."""
    sources = (path.read_text("utf-8") for path in Path("bot/features/whereabouts").glob("*.py"))
    named = {name for source in sources for name in re.findall(r'_button\(voice, "([^"]+)"', source)}
    return named | {"before", "after"} | {f"picture-{what}" for what in PICTURES}


KINDS = ("new", "changed", "there", "twice", "broken")
FAULTS: tuple[str, ...] = (
    "no-name",
    "no-mission",
    "long-name",
    "long-mission",
    "long-rank",
    "long-email",
    "email",
    "language",
    "sex",
)
FAULTS += ("country", "no-country", "zone", "no-zone", "two-people")
TROUBLES: tuple[str, ...] = (
    "too-big",
    "unfetched",
    "unread",
    "empty",
    "no-rows",
    "broken",
    "encrypted",
    "old-format",
    "other-format",
)
TROUBLES += ("bomb", "encoding", "too-many-rows", "too-wide", "formula")
STATES = tuple(state.value for state in EnrolmentState)
# What stands behind each key that is made at run time. A new f-string key belongs here, with its enum.
FAMILIES: dict[str, tuple[str, ...]] = {
    "broadcast.{why}": tuple(BroadcastRefusal),
    "broadcast.{state}": ("failed", "unknown", "cancelled"),
    "broadcast.by-{side}": SIDES,
    "broadcast.group-{name}": GROUPS,
    "broadcast.stands-{sent.state}": ("asked", "refused", "paused", "cancelled"),
    "broadcast.why-{why.replace(' ', '-')}": tuple(why.replace(" ", "-") for why in WHY),
    "broadcast.{kind}-these": ("only-these", "but-these"),
    "inbox.{why}": tuple(InboxRefusal),
    "correcting.{why}": tuple(CorrectingRefusal),
    "evidence.{name}": EVIDENCE_WORDS,
    "evidence.method-{n}": tuple(str(n) for n in range(1, 7)),
    "case.{why}": tuple(CaseRefusal),
    "flow.{why}": ("gone", "none"),
    "reports.{why}": ("gone", "no-cohort", "no-course"),
    "reports.{what}": ("evidence", *DATA),
    "button.rp-{what}": DATA,
    "questions.{why}": ("gone", "no-cohort", "no-course", "no-question"),
    "questions.because-{reason}": tuple(Reason),
    "questions.reason-{reason}": tuple(Reason),
    "questions.col-{name}": QUESTION_COLUMNS,
    "calendar.how-{verb}": CALENDAR_VERBS,
    "calendar.near-{outcome.about}": ("learner", "place"),
    "calendar.what-{verb}": ("deadline", "start", "off", "on"),
    "calendar.which-{outcome.about}": ("cohort", "learner", "place"),
    "calendar.{found.why}": tuple(CalendarWhy),
    "cohort.{name}": Census._fields,
    "cohort.button-{name}": (*GROUPS, "invited"),
    "cohort.list-{found.group}": (*GROUPS, "invited"),
    "cohort.of-{group}": TO_CARE_ABOUT,
    "who.back-{found.group}": GROUPS,
    "who.state-{found.group}": (*GROUPS, "withdrawn"),
    "who.{why}": tuple(WhoWhy),
    "time.because-{why}": REASONS,
    "nudge.not-{found.why}": tuple(NotNudged),
    "button.who-{name}": tuple(sorted(who_buttons())),
    "button.who-days-{n}": tuple(str(n) for n in MORE_DAYS),
    "button.who-leave-{n}": tuple(str(n) for n in LEAVE_OFFERED),
    "button.term-{field}": (*FIELDS, "home"),
    "button.reminders-{n}": tuple(str(n) for n in REMINDERS),
    "opening.ask-{found.field}": FIELDS,
    "opening.title-{kind}": ("new", "edit", "changed"),
    "opening.hint-{kind}": ("new", "edit"),
    "terms.{trouble.why}": tuple(TermsWhy),
    "picture.line-{name}": ("answered", "expected", "completed"),
    "picture.{found.what}": ("missions", "modules"),
    "picture.title-{found.what}": ("missions", "modules"),
    "enrol.{why}": tuple(EnrolRefusal),
    # seat.of_caller never answers with a withdrawn enrolment
    "enrol.back-{state}": tuple(s for s in STATES if s != EnrolmentState.WITHDRAWN),
    "next.{verdict}": ("right-sure", "right-unsure", "wrong-sure", "wrong-unsure"),
    "progress.sign-{sign}": tuple(Sign),
    "leave.{found.why}": (*Why, LeaveRefusal.TOO_MANY),
    "lost.{found.did}": ("again", "left", "dealt-with"),
    # a broadcast is named by its words
    "lost.kind-{group.kind}": tuple(kind for kind in DeliveryKind if kind is not DeliveryKind.BROADCAST),
    "button.pace-{n}": tuple(str(pace) for pace in PACES),
    "posting.{why}": tuple(PostingRefusal),
    "measure.{outcome.why}": tuple(MeasureRefusal),
    "measure.when-{kind}": tuple(MeasureKind),
    # kept questions stand below their place in the measure; a case has no question
    "question.head-{shown.asking.kind}": tuple(k for k in AskingKind if k not in (AskingKind.KEPT, AskingKind.CASE)),
    "question.head-refresher-{shown.novelty}": tuple(Novelty),
    "refusal.not-{route.role}": tuple(role for role in Role if role is not Role.ANYONE),
    "remind.{waiting.what}-{waiting.n}{turn}": tuple(
        f"{what}-{n}{turn}" for what in ("lesson", "case", "question") for n in (1, 2, 3) for turn in "abc"
    ),
    "roster.field-{NAMED.get(field, field)}": (
        "name",
        "mission",
        "country",
        "zone",
        "language",
        "rank",
        "sex",
        "email",
    ),
    "roster.fault-{line.fault}": FAULTS,
    "roster.trouble-{what}": TROUBLES,
    "roster.kind-{kind}": KINDS,
    "roster.kind-{name}": KINDS,
    "roster.offer-{form}": ("sheet", "page"),
    "roster.how-{n}": ("1", "2", "3"),
    "roster.example-{row}-{field}": tuple(f"{row}-{field}" for row in EXAMPLES for field in COLUMNS),
    "roles.{why}": tuple(RolesRefusal),
    "roles.label-{role}": tuple(HELD),
    "roles.may-{role}": tuple(HELD),
    "state.{s.enrolment.state}": STATES,
    "study.{outcome.why}": tuple(StudyRefusal),
    "study.{outcome.why}-next": tuple(f"{why}-next" for why in ("done-today", "full", "nothing-due")),
    # every change that the code notes in the trail
    "trail.{done}": tuple(sorted({what.replace(".", "-") for what in noted()})),
    "unknown.{known}": ("learner", "coordinator", "stranger"),
    "verdict.{verdict}": ("right", "wrong"),
    "verdict.{sure}": ("sure", "unsure", "unsaid"),
}
HELP_LINES = {route.line for route in COMMANDS.values() if route.line}

CATALOGUE = {
    str(message.id[0] if isinstance(message.id, tuple | list) else message.id): message
    for message in catalogue(BASE)
    if message.id
}
VOICE = Phrases.built_in().voice(BASE)


def forms(key: str) -> list[str]:
    """The phrase, or its singular and plural; nothing for a key that is missing."""
    string = CATALOGUE[key].string if key in CATALOGUE else None
    return [string] if isinstance(string, str) else list(string or [])


FORMS = [(key, form) for key in CATALOGUE for form in forms(key)]


def fields_of(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def made_by(pattern: str) -> tuple[str, ...]:
    """Every key that an f-string can make."""
    head = pattern.partition("{")[0]
    return tuple(head + str(value) for value in FAMILIES[pattern])


def keys_of(call: Asked) -> tuple[str, ...]:
    return call.keys if call.pattern is None else made_by(call.pattern)


def test_the_code_asks_for_words_at_all() -> None:
    assert len(asked()) > 80


def test_the_keys_made_at_run_time_are_listed_with_the_values_behind_them() -> None:
    assert {call.pattern for call in asked() if call.pattern} == set(FAMILIES), "put a new one into FAMILIES"


def test_every_key_in_the_code_has_its_phrase() -> None:
    assert [(call.place, key) for call in asked() for key in keys_of(call) if key not in CATALOGUE] == []
    assert set(CATALOGUE) >= HELP_LINES


def test_every_field_of_a_phrase_is_filled() -> None:
    empty = [
        (call.place, key, name)
        for call in asked()
        for key in keys_of(call)
        for form in forms(key)
        for name in fields_of(form) - call.fields
        if "**" not in call.fields
    ]
    assert empty == []


def test_no_value_is_handed_over_for_nothing() -> None:
    spare = [
        (call.place, name)
        for call in asked()
        for name in call.fields - {"**"}
        if call.keys and not any(name in fields_of(form) for key in call.keys for form in forms(key))
        if not (name == "n" and any(len(forms(key)) > 1 for key in call.keys))
    ]
    assert spare == []


def test_every_phrase_is_used() -> None:
    assert set(CATALOGUE) - {key for call in asked() for key in keys_of(call)} - HELP_LINES == set()


def test_a_phrase_that_is_missing_names_the_file_to_mend() -> None:
    for ask in (VOICE.say, VOICE.label):
        with pytest.raises(PhraseMissing, match=r"no phrase 'none\.such'.*en\*\.po"):
            ask("none.such")
    with pytest.raises(PhraseMissing):
        VOICE.say("none.such", n=2)


# Words for people stand in the catalogue


SCREENS = [file for file in FILES if file.startswith("features/") and file.endswith(("view.py", "handler.py"))]


@pytest.mark.parametrize("file", SCREENS)
def test_no_words_for_people_stand_in_the_code(file: str) -> None:
    words = [(line, text) for line, text in literals(file) if re.search(r"[^\W\d_]", text) and " " in text.strip()]
    assert words == []


def test_nothing_is_shouted() -> None:
    assert [key for key, words in FORMS if "!" in words] == []


def test_labels_are_plain_and_fit_on_a_button() -> None:
    labels = [(key, words) for key, words in FORMS if key.startswith("button.")]
    assert len(labels) > 20
    assert [key for key, words in labels if not 0 < len(words) <= 40 or re.search(r"[<>&{}]", words)] == []


def test_toasts_are_plain_and_fit_into_telegrams_two_hundred_characters() -> None:
    toasts = [(key, words) for key, words in FORMS if key.startswith(("refusal.", "study.")) or key == "mistake.thanks"]
    assert len(toasts) > 10
    assert [key for key, words in toasts if len(words) > 200 or re.search(r"[<>&]", words)] == []


def closed(words: str) -> bool:
    """Whether every tag is one of Telegram's and is closed in its turn."""
    opened: list[str] = []
    for slash, name in re.findall(r"<(/?)(\w+)[^>]*>", words):
        if name not in ("b", "i", "u", "s", "a", "code", "pre", "blockquote") or (slash and opened[-1:] != [name]):
            return False
        opened = opened[:-1] if slash else [*opened, name]
    return not opened


def test_only_tags_that_telegram_knows_are_used_and_all_are_closed() -> None:
    assert [key for key, words in FORMS if not closed(words)] == []


# Values


HOSTILE = '<b>&"'


def test_a_value_is_escaped() -> None:
    said = VOICE.say("enrol.back-paused", name=HOSTILE)
    assert "&lt;b&gt;&amp;&quot;" in said
    assert HOSTILE not in said


def test_a_value_cannot_break_out_of_an_address() -> None:
    said = VOICE.say("lesson.source", name="IOM", date="2024", address='https://iom.int/"><b>')
    assert said == '<a href="https://iom.int/&quot;&gt;&lt;b&gt;">IOM</a>, 2024'


def test_a_value_that_looks_like_a_field_is_not_filled_again() -> None:
    assert "{name}" in VOICE.say("enrol.back-paused", name="{name}")


def test_words_that_are_markup_already_are_not_escaped_again() -> None:
    once = VOICE.say("lesson.title", title="Asha & Babu")
    assert VOICE.say("question.stem", stem=once) == "<b>Asha &amp; Babu</b>"
    assert VOICE.say("question.stem", stem=Html("<i>x</i>")) == "<i>x</i>"


def test_a_label_is_plain_text() -> None:
    assert VOICE.label("button.resume") == "Resume"


@pytest.mark.parametrize(
    ("n", "words"),
    [(1, "It goes to 1 person in Gulf."), (2, "It goes to 2 people in Gulf."), (0, "It goes to 0 people in Gulf.")],
)
def test_the_number_chooses_the_plural(n: int, words: str) -> None:
    assert VOICE.say("broadcast.to", n=n, cohort="Gulf") == words


def test_a_phrase_without_plural_may_name_a_number() -> None:
    assert VOICE.say("cohort.active", n=3) == "Active: 3"


@pytest.mark.parametrize("mark", [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF])
def test_marks_that_turn_the_reading_direction_are_taken_out(mark: int) -> None:
    assert plain(f"Asha{chr(mark)} Rahman") == "Asha Rahman"


@pytest.mark.parametrize(
    ("typed", "line"),
    [("  Asha \n\t Rahman ", "Asha Rahman"), ("আশা রহমান", "আশা রহমান"), ("محمد", "محمد"), ("\u202e", "")],
)
def test_a_persons_words_become_one_line(typed: str, line: str) -> None:
    assert plain(typed) == line


# Dates and times


AT = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # 01:30 the next day in Riyadh


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "Saturday 21 November, 22:30"),
        ("Asia/Riyadh", "Sunday 22 November, 01:30"),
        ("Asia/Kolkata", "Sunday 22 November, 04:00"),
    ],
)
def test_an_instant_is_told_in_the_readers_zone(zone: str, words: str) -> None:
    assert VOICE.at(zone).when(AT) == words
    assert VOICE.at(zone).day_of(AT) == words.partition(",")[0]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 11, 21, 12, tzinfo=UTC), "Sunday 01:30"),
        (datetime(2026, 11, 15, 22, tzinfo=UTC), "Sunday 01:30"),
        (datetime(2026, 11, 15, 12, tzinfo=UTC), "Sunday 22 November, 01:30"),
        (datetime(2026, 11, 23, 12, tzinfo=UTC), "Sunday 22 November, 01:30"),
    ],
)
def test_a_weekday_alone_is_told_only_where_it_is_enough(now: datetime, words: str) -> None:
    assert VOICE.at("Asia/Riyadh").soon(AT, now) == words


def test_hours_and_days_are_british() -> None:
    assert (VOICE.hour(time(8, 30)), VOICE.hour(time(17, 0))) == ("08:30", "17:00")
    assert (VOICE.day(date(2026, 11, 22)), VOICE.weekday(date(2026, 11, 22))) == ("Sunday 22 November", "Sunday")


# Languages


@pytest.mark.parametrize("code", [None, "", "bn", "en-GB", "EN", "zz-ZZ", "en_US", "x" * 300])
def test_a_phones_language_that_is_not_spoken_gets_the_base(code: str | None) -> None:
    assert Phrases.built_in().choose(code) == BASE


def test_a_phones_language_that_is_spoken_is_taken() -> None:
    phrases = Phrases({BASE: catalogue(BASE), "cy": pseudo()})
    assert phrases.languages == (BASE, "cy")
    assert phrases.choose("cy-GB") == "cy"
    assert phrases.voice("cy").label("button.resume") == "⟦Résúmé⟧"


PSEUDO = Phrases({"cy": pseudo()}).voice("cy")
TAGS = re.compile(r"<[^>]*>|&\w+;|(?<![<\w])/[a-z]+")


def test_the_made_up_language_keeps_fields_and_tags() -> None:
    for key, words in FORMS:
        made = disguise(words)
        assert (fields_of(made), TAGS.findall(made)) == (fields_of(words), TAGS.findall(words)), key
        assert made[0] + made[-1] == "⟦⟧", key


def test_the_made_up_language_has_every_phrase() -> None:
    known = {str(m.id[0] if isinstance(m.id, tuple | list) else m.id) for m in pseudo() if m.id}
    assert known == set(CATALOGUE)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 6, 40])
def test_the_made_up_language_has_a_form_for_every_number(n: int) -> None:
    said = PSEUDO.say("broadcast.to", n=n, cohort="Gulf")
    assert said.startswith("⟦")
    assert f"{n} p" in said


def test_a_voice_is_a_value() -> None:
    assert VOICE.at("Asia/Dhaka") == Voice(VOICE.language, VOICE.words, "Asia/Dhaka")
