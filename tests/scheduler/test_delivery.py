"""What becomes of a delivery: the table of outcomes, keys and lanes."""

from datetime import UTC, datetime, timedelta

import pytest

from lessons.course import LessonId, QuestionId
from lessons.enrolment import AskingId, EnrolmentId, LearnerId, MeasureKind
from scheduler import delivery
from scheduler.delivery import (
    DeliveryKind,
    DeliveryState,
    Lane,
    NotSent,
    Reach,
    Refused,
    Sent,
    Settled,
    Unsure,
    after,
    after_lapse,
    lane_of,
    stale,
)

DUE = datetime(2026, 11, 29, 5, 30, tzinfo=UTC)
NUDGES = [DeliveryKind.REMINDER, DeliveryKind.PAUSE, DeliveryKind.NUDGE]
PATIENT = [kind for kind in DeliveryKind if kind not in NUDGES]
HARMLESS_TWICE = [
    DeliveryKind.LESSON,
    DeliveryKind.REVIEW,
    DeliveryKind.REFRESHER,
    DeliveryKind.CHECK,
    DeliveryKind.RENEWAL,
    DeliveryKind.REPLY,
]
HELD = [kind for kind in DeliveryKind if kind not in HARMLESS_TWICE]


def pending(seconds: float, reason: str) -> Settled:
    return Settled(DeliveryState.PENDING, timedelta(seconds=seconds), reason=reason)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (delivery.lesson_key(EnrolmentId(7), LessonId("why"), 2), "lesson:7:why:2"),
        (delivery.review_key(EnrolmentId(7), QuestionId("q"), 3), "review:7:q:3"),
        (delivery.refresher_key(EnrolmentId(7), QuestionId("q"), 9), "refresher:7:q:9"),
        (delivery.reminder_key(EnrolmentId(7), AskingId(5), 4), "reminder:7:5:4"),
        (delivery.nudge_key(EnrolmentId(7), DUE.date()), "nudge:7:2026-11-29"),
        (delivery.check_key(EnrolmentId(7), MeasureKind.CHECK_30, 2), "check:7:check-30:2"),
        (delivery.word_key(DeliveryKind.ENDED, EnrolmentId(7), DUE.date(), 1), "ended:7:2026-11-29:1"),
        (delivery.broadcast_key(3, LearnerId(12)), "broadcast:3:12"),
        (delivery.reply_key(900, 1), "reply:900:1"),
        (delivery.notice_key("paused", 7, 44), "notice:paused:7:44"),
    ],
)
def test_a_key_says_what_may_exist_once(key: str, words: str) -> None:
    assert key == words


@pytest.mark.parametrize("kind", DeliveryKind)
def test_every_kind_has_a_lane(kind: DeliveryKind) -> None:
    assert lane_of(kind) in Lane


def test_answers_go_before_lessons_before_reminders_before_broadcasts() -> None:
    kinds = [DeliveryKind.REPLY, DeliveryKind.LESSON, DeliveryKind.REMINDER, DeliveryKind.BROADCAST]
    assert sorted(kinds, key=lane_of) == kinds
    assert [lane_of(kind) for kind in kinds] == [0, 1, 2, 3]


@pytest.mark.parametrize("kind", DeliveryKind)
def test_what_is_sent_is_sent(kind: DeliveryKind) -> None:
    assert after(kind, Sent(1), tries=1) == Settled(DeliveryState.SENT)


@pytest.mark.parametrize("kind", DeliveryKind)
@pytest.mark.parametrize("reach", [None, Reach.BLOCKED, Reach.DEACTIVATED])
def test_what_is_refused_has_failed_and_tells_of_the_person(kind: DeliveryKind, reach: Reach | None) -> None:
    settled = after(kind, Refused("no", reach), tries=1)
    assert settled == Settled(DeliveryState.FAILED, reach=reach, reason="no")


@pytest.mark.parametrize(("tries", "seconds"), [(1, 2), (2, 4), (3, 5), (400, 5)])
def test_a_reply_is_tried_again_soon_for_somebody_waits_for_it(tries: int, seconds: int) -> None:
    assert after(DeliveryKind.REPLY, NotSent("no line"), tries=tries) == pending(seconds, "no line")


@pytest.mark.parametrize(("tries", "seconds"), [(1, 2), (2, 4), (4, 16), (8, 256), (9, 300), (499, 300)])
def test_what_was_surely_not_sent_is_tried_again_ever_later(tries: int, seconds: int) -> None:
    assert after(DeliveryKind.LESSON, NotSent("no line"), tries=tries) == pending(seconds, "no line")


def test_telegrams_own_number_of_seconds_is_kept() -> None:
    assert after(DeliveryKind.LESSON, NotSent("429", 417.5), tries=1) == pending(417.5, "429")


@pytest.mark.parametrize("kind", PATIENT)
def test_five_hundred_tries_are_enough(kind: DeliveryKind) -> None:
    assert after(kind, NotSent("no line"), tries=499).state is DeliveryState.PENDING
    assert after(kind, NotSent("no line"), tries=500).state is DeliveryState.FAILED


@pytest.mark.parametrize("kind", NUDGES)
def test_a_nudge_is_tried_five_times(kind: DeliveryKind) -> None:
    assert after(kind, NotSent("no line"), tries=4).state is DeliveryState.PENDING
    assert after(kind, NotSent("no line"), tries=5).state is DeliveryState.FAILED


@pytest.mark.parametrize("kind", HARMLESS_TWICE)
def test_what_is_harmless_twice_goes_once_more_when_in_doubt(kind: DeliveryKind) -> None:
    assert after(kind, Unsure("cut"), tries=1) == pending(60, "cut")
    assert after(kind, Unsure("cut"), tries=2) == Settled(DeliveryState.UNKNOWN, reason="cut")


@pytest.mark.parametrize("kind", HELD)
def test_all_else_in_doubt_is_held(kind: DeliveryKind) -> None:
    assert after(kind, Unsure("cut"), tries=1) == Settled(DeliveryState.UNKNOWN, reason="cut")


@pytest.mark.parametrize("kind", DeliveryKind)
def test_a_lease_that_ends_before_sending_hurts_nobody(kind: DeliveryKind) -> None:
    assert after_lapse(kind, DeliveryState.LEASED, tries=3) == Settled(DeliveryState.PENDING, timedelta())


@pytest.mark.parametrize("kind", DeliveryKind)
@pytest.mark.parametrize("tries", [1, 2])
def test_a_lease_that_ends_while_sending_is_a_doubt(kind: DeliveryKind, tries: int) -> None:
    lapsed = after_lapse(kind, DeliveryState.SENDING, tries=tries)
    assert lapsed.state is after(kind, Unsure("cut"), tries=tries).state


def test_a_lapse_leaves_what_is_settled() -> None:
    assert after_lapse(DeliveryKind.LESSON, DeliveryState.SENT, tries=1) == Settled(DeliveryState.SENT)


@pytest.mark.parametrize("kind", DeliveryKind)
def test_only_nudges_lose_their_sense(kind: DeliveryKind) -> None:
    nudge = kind in NUDGES
    assert not stale(kind, DUE, DUE + timedelta(hours=12))
    assert stale(kind, DUE, DUE + timedelta(hours=12, seconds=1)) is nudge
