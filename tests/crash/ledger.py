"""Both sides compared: nothing lost in silence, no answer lost, nothing stuck, and nothing twice that need not be."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot import callbacks as b
from tests.crash.evidence import Evidence, Row
from tests.crash.placing import NEWCOMER
from tests.crash.script import buttons

OPEN = ("pending", "sending")
MAY_COME_TWICE = {"lesson", "review", "refresher", "check", "renewal", "reply"}


@dataclass
class Verdict:
    """What is wrong, rule by rule; second copies by kind; how many deliveries ended in doubt, for /lost to show."""

    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    twice: Counter[str] = field(default_factory=Counter)
    doubted: Counter[str] = field(default_factory=Counter)

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not any(self.faults.values())


Rule = Callable[[Evidence, Verdict], Iterator[str]]


def judge(evidence: Evidence, usual: frozenset[str], errors: list[str]) -> Verdict:
    """Every rule over all of it. `usual`: keys that are owed when nobody dies, empty when that is not known yet."""
    verdict = Verdict()
    for name, rule in RULES.items():
        verdict.faults[name] = list(rule(evidence, verdict))
    verdict.faults["owed too little or too much"] = list(_owed(evidence, usual)) if usual else []
    verdict.faults["errors in the log"] = list(errors)
    return verdict


def _updates(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """Every update was kept and served."""
    for name, done in evidence.phones.done.items():
        state = evidence.inbox.get(done.update_id)
        if state != "done":
            yield f"the update of {name!r} is {state or 'lost'}"


def _answers(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """What was answered stands, and was counted once."""
    done = evidence.phones.done
    chosen, sure = done.get("choose"), done.get("sure")
    for asking in evidence.askings.values():
        answer = evidence.answers.get(asking.id)
        if chosen is not None and asking.id == chosen.pressed.asking:
            if answer is None or (answer.choice_id, answer.update_id) != ("good", chosen.update_id):
                yield "the choice is lost"
            elif sure is None or (answer.sure, answer.sure_update_id) != (1, sure.update_id):
                yield "the second tap is lost"
            elif (asking.state, evidence.rungs.get((asking.enrolment_id, asking.lesson_id))) != ("settled", 1):
                yield "the answer was not counted once"
        elif answer is not None and asking.enrolment_id == evidence.phones.placed.enrolments[NEWCOMER]:
            yield f"asking {asking.id} has an answer that nobody gave"


def _shown(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """The tapped message shows the feedback; whoever cannot go on knows of a delivery in doubt that explains it."""
    done = evidence.phones.done
    unknown = {row.kind for row in evidence.rows if row.state == "unknown"}
    for name, excuse in (("open", "lesson"), ("choose", "reply"), ("sure", None)):
        if name not in done:
            if excuse not in unknown:
                yield f"there was no button for {name!r}"
            return
    message = evidence.phones.world.chat(NEWCOMER).messages[done["sure"].message_id or 0]
    if not any(isinstance(pressed, b.ReportMistake) for pressed in buttons(message)):
        yield "the answered question does not show its feedback"


def _acknowledged(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """Every tap was answered."""
    yield from (f"tap {query} was never answered" for query in evidence.unanswered)


def _stuck(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """Nothing that is due waits, and whatever is pending is in the queue."""
    assert evidence.now is not None
    for row in evidence.rows:
        if row.state in OPEN and (row.state != "pending" or row.due_at <= evidence.now):
            yield f"{row.key} is still {row.state}"
        if row.state == "failed":
            yield f"{row.key} has failed"
        if (row.state == "pending") != (row.id in evidence.waiting):
            yield f"{row.key} is {row.state}, and {'' if row.id in evidence.waiting else 'not '}in the queue"
    yield from (f"a look is due since {at}" for at in evidence.looks if at <= evidence.now)
    if len(evidence.looks) != len(evidence.phones.placed.enrolments):
        yield "an enrolment will never be looked at again"
    yield from (f"after {step!r} a question is out that does not count as put" for step in evidence.half_done)
    yield from (f"broadcast {n} is {state}" for n, state in evidence.broadcasts.items() if state != "reported")


def _told(evidence: Evidence, verdict: Verdict) -> Iterator[str]:
    """What is in doubt was in the air when a life ended, is listed under /lost, and a coordinator was told."""
    in_air = {key for death in evidence.deaths for key in death.sending}
    notice = any(row.key.startswith("notice:lost:") for row in evidence.rows)
    for row in evidence.rows:
        if row.state != "unknown":
            continue
        verdict.doubted[row.kind] += 1
        if row.key not in in_air:
            yield f"{row.key} is unknown, though it was never in the air at a death"
        if row.id not in evidence.doubted:
            yield f"{row.key} is unknown and not listed"
        if row.kind != "reply" and row.meaning.get("what") != "lost" and not notice:
            yield f"{row.key} is unknown and nobody was told"


def _copies(evidence: Evidence, verdict: Verdict) -> Iterator[str]:
    """What stands on the phones is what the rows say: once; a harmless kind once more for each death in its window."""
    left = list(evidence.arrived)
    for row in evidence.rows:
        copies = [sent for sent in left if evidence.is_of(row, sent)]
        left = [sent for sent in left if not evidence.is_of(row, sent)]
        if len(copies) > 1:
            verdict.twice[row.kind] += len(copies) - 1
        fewest = int(row.state == "sent")
        most = 1 + (_windows(evidence, row) if row.kind in MAY_COME_TWICE else 0) if row.state != "cancelled" else 0
        if not fewest <= len(copies) <= most:
            yield f"{row.key} is {row.state} and stands {len(copies)} times on the phone, not {fewest} to {most}"
    yield from (f"a message to {sent.chat} is no row's" for sent in left)


def _windows(evidence: Evidence, row: Row) -> int:
    """How many lives ended between http:before of this send and the commit of what became of it."""
    return sum(
        row.key in death.sending and any(evidence.is_of(row, sent) for sent in death.begun) for death in evidence.deaths
    )


def _owed(evidence: Evidence, usual: frozenset[str]) -> Iterator[str]:
    """The deliveries are those of an undisturbed run. Whoever could not go on was reminded instead."""
    done, owed = evidence.phones.done, evidence.named()
    could_not = {"reply:open:0"} if "open" not in done else set()
    yield from (f"{key} has no row" for key in sorted(usual - owed - could_not))
    for key in sorted(owed - usual):
        reminded = key.startswith(f"reminder:{evidence.phones.placed.enrolments[NEWCOMER]}:") and "sure" not in done
        if not key.startswith("notice:lost:") and not reminded:
            yield f"{key} was not owed"


def _refused(evidence: Evidence, _: Verdict) -> Iterator[str]:
    """The sandbox had nothing to refuse."""
    yield from (f"{n} × {words}" for words, n in Counter(evidence.refused).items())


RULES: dict[str, Rule] = {
    "updates lost": _updates,
    "answers lost or counted twice": _answers,
    "feedback not shown": _shown,
    "taps never answered": _acknowledged,
    "stuck": _stuck,
    "lost in silence": _told,
    "messages missing or doubled": _copies,
    "refused calls": _refused,
}
