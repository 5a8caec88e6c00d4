"""The fullest list of what may not have arrived still fits on one screen, and its buttons into Telegram's bytes."""

from datetime import UTC, datetime

from bot.features.lost import view
from bot.features.lost.usecase import MOST_GROUPS, MOST_NAMED, Group, Listed, Receiver
from bot.phrases import BASE, Phrases
from lessons.enrolment import LearnerId
from scheduler.delivery import DeliveryKind, Reach
from storage.people import Learner
from tests.support.world import words

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NAME, PLACE = "Md. <Asaduzzaman> Khan Chowdhury & Sons " * 2, "Johor Bahru, Malaysia"
VOICE = Phrases.built_in().voice(BASE, "Asia/Dhaka")


def somebody() -> Receiver:
    zone = "Asia/Kuala_Lumpur"
    return Receiver(Learner(LearnerId(1), 101, NAME, "en", Reach.REACHABLE, None, None, PLACE, "MY", None, zone), AT)


def full(n: int) -> Group:
    kind = DeliveryKind.BROADCAST
    return Group(f"{kind}-{n}", kind, 200, 10**15, (somebody(),) * MOST_NAMED, "Webinar <on> Sunday " * 9, "Gulf 2026")


def test_the_fullest_screen_fits_into_one_message() -> None:
    found = Listed(tuple(full(n) for n in range(MOST_GROUPS)), 77, "again", 200)
    screen = view.screen(found, VOICE)
    shown = words(screen.html)
    assert len(shown) <= 4096
    assert shown.count(f"and {200 - MOST_NAMED} more") == MOST_GROUPS
    assert "77 older messages come into view" in shown
    assert [row[1].label for row in screen.rows] == [f"{n}. Leave it" for n in range(1, MOST_GROUPS + 1)]


def test_whoever_is_no_learner_is_named_by_what_they_are() -> None:
    kind = DeliveryKind.REPLY
    nameless = (Receiver(None, AT, coordinates=True), Receiver(None, AT))
    shown = words(view.screen(Listed((Group(kind.value, kind, 2, 1, nameless),), 0), VOICE).html)
    assert "A coordinator, Sunday 22 November, 15:30" in shown
    assert "Somebody who is not enrolled, Sunday 22 November, 15:30" in shown
