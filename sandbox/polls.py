"""A native poll: options with lasting ids, votes, closing by hand or by people's time."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.errors import ImpossibleError
from sandbox.message import NO_WORDS, Formatted, Json


@dataclass
class Poll:
    """One poll in one private chat."""

    id: str
    question: Formatted
    options: tuple[Formatted, ...]
    is_quiz: bool
    anonymous: bool
    several: bool
    revoting: bool
    correct: tuple[int, ...] = ()
    explanation: Formatted = NO_WORDS
    closed: bool = False
    open_period: int | None = None
    close_at: datetime | None = None
    votes: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def is_closed(self, now: datetime) -> bool:
        """By hand, or by people's time."""
        return self.closed or (self.close_at is not None and now >= self.close_at)

    def persistent_ids(self, option_ids: tuple[int, ...]) -> list[str]:
        """Ids that survive shuffling."""
        return [f"{self.id}-{option}" for option in option_ids]

    def vote(self, person: int, option_ids: list[int], now: datetime) -> tuple[int, ...]:
        """A vote or, when empty, its retraction. Raises ImpossibleError 409."""
        if self.is_closed(now):
            raise ImpossibleError(409, "This poll is closed.")
        if any(isinstance(o, bool) or not isinstance(o, int) or not 0 <= o < len(self.options) for o in option_ids):
            raise ImpossibleError(409, "This poll has no such option.")
        if len(option_ids) > 1 and not self.several:
            raise ImpossibleError(409, "This poll takes one answer.")
        if person in self.votes and not self.revoting:
            raise ImpossibleError(409, "This poll was answered already.")
        chosen = tuple(sorted(set(option_ids)))
        if chosen:
            self.votes[person] = chosen
        else:
            self.votes.pop(person, None)
        return chosen

    def telegram(self, now: datetime) -> Json:
        """Telegram's Poll."""
        body: Json = {
            "id": self.id,
            "question": self.question.text,
            "options": [self._option(i) for i in range(len(self.options))],
            "total_voter_count": len(self.votes),
            "is_closed": self.is_closed(now),
            "is_anonymous": self.anonymous,
            "type": "quiz" if self.is_quiz else "regular",
            "allows_multiple_answers": self.several,
            "allows_revoting": self.revoting,
            "members_only": False,
        }
        if self.question.entities:
            body["question_entities"] = list(self.question.entities)
        if self.is_quiz:
            body["correct_option_ids"] = list(self.correct)
        if self.explanation.text:
            body["explanation"] = self.explanation.text
            body["explanation_entities"] = list(self.explanation.entities)
        if self.open_period:
            body["open_period"] = self.open_period
        if self.close_at:
            body["close_date"] = int(self.close_at.timestamp())
        return body

    def shown(self, person: int, now: datetime) -> Json:
        """As the phone shows it: right answers only after a vote or the close."""
        mine = self.votes.get(person)
        body = self.telegram(now) | {"chosen": list(mine) if mine is not None else None}
        if mine is None and not self.is_closed(now):
            body.pop("correct_option_ids", None)
            body.pop("explanation", None)
            body.pop("explanation_entities", None)
        return body

    def _option(self, index: int) -> Json:
        count = sum(index in chosen for chosen in self.votes.values())
        option: Json = {
            "persistent_id": f"{self.id}-{index}",
            "text": self.options[index].text,
            "voter_count": count,
        }
        if self.options[index].entities:
            option["text_entities"] = list(self.options[index].entities)
        return option
