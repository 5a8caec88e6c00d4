"""Both sides compared: every tap has its one answer, every send is accounted for, every phone holds what it should."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot import callbacks as b
from bot.callbacks import pack
from scheduler.delivery import DeliveryKind, broadcast_key, reply_key
from tests.kill.evidence import Bubble, Done, Evidence, Row
from tests.kill.placing import COORDINATOR, Asked, marker

OPEN = ("pending", "sending")
MAY_COME_TWICE = {"lesson", "review", "refresher", "check", "renewal", "reply"}  # once more after a doubt, no oftener


@dataclass
class Verdict:
    """What is wrong, rule by rule, and what was counted."""

    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not any(self.faults.values())


Rule = Callable[[Evidence, Verdict], Iterator[str]]


def judge(evidence: Evidence) -> Verdict:
    """Every rule over all of it."""
    verdict = Verdict()
    for name, rule in RULES.items():
        verdict.faults[name] = list(rule(evidence, verdict))
    return verdict


def _updates(evidence: Evidence, verdict: Verdict) -> Iterator[str]:
    """Every update was kept and served."""
    verdict.counts["updates"] = len(evidence.done)
    for each in evidence.done:
        state = evidence.inbox.get(each.update_id)
        if state != "done":
            yield f"update {each.update_id} ({each.act.kind}) is {state or 'lost'}"
    strange = evidence.inbox.keys() - {each.update_id for each in evidence.done}
    yield from (f"update {n} was kept, which nobody sent" for n in sorted(strange))


def _answers(evidence: Evidence, verdict: Verdict) -> Iterator[str]:
    """The first choice and the first confidence of every question stand, and were counted once."""
    first = _first_of_each(evidence.done)
    asked = {
        each.asking: (who, n, each)
        for who, each_of in enumerate(evidence.placed.questions)
        for n, each in enumerate(each_of)
    }
    for asking, (who, n, question) in asked.items():
        chosen, sure = first.get((who, n, "choose")), first.get((who, n, "sure"))
        answer = evidence.answers.get(asking)
        if chosen is None:
            if answer is not None:
                yield f"asking {asking} has an answer that nobody gave"
            continue
        verdict.counts["answers"] += 1
        if answer is None:
            yield f"asking {asking}: the choice {chosen.act.value} of update {chosen.update_id} is lost"
        elif (answer.choice_id, answer.update_id) != (chosen.act.value, chosen.update_id):
            yield f"asking {asking} holds {answer.choice_id} of update {answer.update_id}, not the first choice"
        elif bool(answer.correct) != (chosen.act.value == question.key):
            yield f"asking {asking}: {answer.choice_id} is marked wrongly"
        elif sure and (answer.sure, answer.sure_update_id) != (int(sure.act.value), sure.update_id):
            yield f"asking {asking}: sure is {answer.sure} of update {answer.sure_update_id}, not {sure.act.value}"
        elif sure:
            yield from _counted_once(evidence, question, right=bool(answer.correct and answer.sure))
    yield from (f"asking {n} has an answer and is nobody's" for n in sorted(evidence.answers.keys() - asked.keys()))


def _counted_once(evidence: Evidence, question: Asked, *, right: bool) -> Iterator[str]:
    in_a_row = evidence.rungs.get((question.enrolment, question.lesson))
    if in_a_row != int(right):
        yield f"asking {question.asking}: {in_a_row} right in a row on the ladder, not {int(right)}"
    if evidence.askings.get(question.asking) != "settled":
        yield f"asking {question.asking} is {evidence.askings.get(question.asking)}, not settled"


def _first_of_each(done: list[Done]) -> dict[tuple[int, int, str], Done]:
    first: dict[tuple[int, int, str], Done] = {}
    for each in sorted(done):
        first.setdefault((each.who, each.act.about, each.act.kind), each)
    return first


def _shown(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """Whoever said how sure sees the feedback in the message that was tapped."""
    first = _first_of_each(evidence.done)
    for who, questions in enumerate(evidence.placed.questions):
        for n, asked in enumerate(questions):
            if (who, n, "sure") not in first:
                continue
            bubble = next(each for each in evidence.phones[asked.who] if each.message_id == asked.message_id)
            if pack(b.ReportMistake(asked.asking)) not in bubble.data:
                yield f"asking {asked.asking}: its message does not show the feedback"


def _acknowledged(evidence: Evidence, verdict: Verdict) -> Iterator[str]:
    """Every tap was answered, or its answer came after the tap's life."""
    taps = [each.query for each in evidence.done if each.query]
    verdict.counts["taps"] = len(taps)
    verdict.counts["taps answered too late"] = len(evidence.unanswered & evidence.too_old)
    yield from (f"tap {query} was never answered" for query in taps if query in evidence.unanswered - evidence.too_old)


def _settled(evidence: Evidence, verdict: Verdict) -> Iterator[str]:
    """No row that is due is still on its way."""
    for row in evidence.rows:
        verdict.counts[f"{'replies' if row.kind == 'reply' else 'sends'}"] += 1
        verdict.counts[f"rows {row.state}"] += 1
        if row.state in OPEN and (row.due_at <= evidence.now or row.state != "pending"):
            yield f"{row.key} is still {row.state}"
        if row.state == "failed":
            yield f"{row.key} has failed"


def _broadcasts(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """Every broadcast that was confirmed is one row a receiver, and no rows else."""
    confirmed = {each.act.about for each in evidence.done if each.act.kind == "send"}
    owed = {
        broadcast_key(evidence.placed.drafts[n], learner)  # type: ignore[arg-type]  # a learner's id
        for n in confirmed
        for learner in evidence.placed.learners
    }
    kept = {row.key for row in evidence.rows if row.kind == DeliveryKind.BROADCAST}
    yield from (f"{key} was not owed" for key in sorted(kept - owed))
    yield from (f"{key} has no row" for key in sorted(owed - kept))


def _replies(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """Every command and every first opening of a question has its reply."""
    rows = {row.key for row in evidence.rows}
    for each in evidence.done:
        if each.act.kind in ("term", "open") and reply_key(each.update_id, 0) not in rows:
            yield f"update {each.update_id} ({each.act.kind}) has no reply"


def _lessons(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """Every newcomer was given one first lesson."""
    given = Counter(row.enrolment_id for row in evidence.rows if row.kind == DeliveryKind.LESSON)
    for enrolment in evidence.placed.newcomers:
        if given[enrolment] != 1:
            yield f"enrolment {enrolment} was given {given[enrolment]} first lessons"


def _copies(evidence: Evidence, verdict: Verdict) -> Iterator[str]:
    """What stands on the phones is what the rows say: once when sent, at most once when unknown."""
    unexplained = {who: list(bubbles) for who, bubbles in evidence.phones.items()}
    for questions in evidence.placed.questions:
        for asked in questions:
            unexplained[asked.who] = [b_ for b_ in unexplained[asked.who] if b_.message_id != asked.message_id]
    unexplained[COORDINATOR] = [b_ for b_ in unexplained[COORDINATOR] if b_.message_id != evidence.placed.desk]
    signs = _Signs(evidence)
    for row in evidence.rows:
        who = signs.receiver(row)
        sign = signs.of(row)
        copies = [each for each in unexplained[who] if sign(each)]
        unexplained[who] = [each for each in unexplained[who] if not sign(each)]
        yield from _right_number(row, len(copies), verdict)
    for who, left in unexplained.items():
        for each in left:
            yield f"message {each.message_id} to {'the coordinator' if who == COORDINATOR else 'a learner'} is no row's"


def _right_number(row: Row, copies: int, verdict: Verdict) -> Iterator[str]:
    doubted = row.tries > 1 and row.kind in MAY_COME_TWICE
    most = {"sent": 2 if doubted else 1, "unknown": 2 if doubted else 1}.get(row.state, 1 if doubted else 0)
    fewest = 1 if row.state == "sent" else 0
    verdict.counts["second copies after a doubt"] += max(0, copies - 1)
    verdict.counts["tried again after a doubt"] += doubted
    if row.state == "unknown":
        verdict.counts["unknown that had arrived"] += copies > 0
    if not fewest <= copies <= most:
        yield f"{row.key} is {row.state} after {row.tries} tries and stands {copies} times on the phone"


class _Signs:
    """By what a message on a phone is known as a row's."""

    def __init__(self, evidence: Evidence) -> None:
        self._placed = evidence.placed
        self._updates = {each.update_id: each for each in evidence.done}
        self._broadcasts = {id_: n for n, id_ in enumerate(evidence.placed.drafts)}

    def receiver(self, row: Row) -> int:
        """Telegram's number."""
        if row.kind == DeliveryKind.REPLY:
            return self._updates[_update_of(row)].telegram_id
        return self._placed.learners[row.learner_id] if row.learner_id is not None else COORDINATOR

    def of(self, row: Row) -> Callable[[Bubble], bool]:
        """Whether a message is this row's."""
        match row.kind:
            case DeliveryKind.BROADCAST:
                words = marker(self._broadcasts[row.meaning["broadcast"]])
                return lambda bubble: words in bubble.text
            case DeliveryKind.REPLY:
                return self._of_reply(self._updates[_update_of(row)])
            case DeliveryKind.LESSON:
                button = pack(b.OpenQuestion(row.meaning["asking"]))
                return lambda bubble: button in bubble.data
            case DeliveryKind.CHECK:
                button = pack(b.BeginMeasure(row.enrolment_id or 0, row.meaning["kind"]))
                return lambda bubble: button in bubble.data
        return lambda bubble: bubble.message_id == row.message_id

    def _of_reply(self, done: Done) -> Callable[[Bubble], bool]:
        if done.act.kind == "term":
            means = self._placed.course.glossary[done.act.about].means
            return lambda bubble: means in bubble.text
        asking = self._placed.questions[done.who][done.act.about].asking
        start = pack(b.Choose(asking, ""))
        return lambda bubble: any(data.startswith(start) for data in bubble.data)


def _update_of(row: Row) -> int:
    return int(row.key.split(":")[1])


def _refused(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """The sandbox had nothing to refuse."""
    yield from (f"{n} × {words}" for words, n in Counter(evidence.refused).items())


RULES: dict[str, Rule] = {
    "updates lost": _updates,
    "answers lost or counted twice": _answers,
    "feedback not shown": _shown,
    "taps never answered": _acknowledged,
    "sends not accounted for": _settled,
    "broadcasts": _broadcasts,
    "replies missing": _replies,
    "lessons": _lessons,
    "messages missing or doubled": _copies,
    "refused calls": _refused,
}
