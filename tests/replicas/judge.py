"""What a run came to, by the sandbox's journal alone: the figures, and the rules that were broken."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

TELEGRAMS_LIMIT = 30  # new messages in any sliding second
ON_THEIR_WAY = 0.5  # seconds after a 429 in which calls that had left before may still come in
CLIMB = 12.0  # seconds after a pause in which the rate climbs back to the whole
MARGIN = 5.0  # seconds at either end of a broadcast that are not its steady part
LEAST_USED = 0.95
NEW = ("send", "copy", "forward")  # what Telegram counts
COUNTED = (*NEW, "edit")  # what the budget counts


class Call(NamedTuple):
    """One call as it came in; `at` in seconds, `status` of the answer, `fault` where the sandbox made it fail."""

    at: float
    method: str
    chat: int | None
    status: int
    fault: str | None = None

    @property
    def new(self) -> bool:
        """A new message, accepted or refused."""
        return self.method.startswith(NEW) and self.method != "sendChatAction"

    @property
    def counted(self) -> bool:
        """It takes of the budget."""
        return self.new or self.method.startswith("edit")


class Act(NamedTuple):
    """A tap, or words where there is no query; `answered` and `shown`: milliseconds, None for never."""

    at: float
    person: int
    tap: bool
    answered: float | None
    shown: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the run was to keep: the rate that was configured, the receivers, the pause that was provoked."""

    rate: float
    receivers: range
    retry_after: float | None = None
    least_used: float = LEAST_USED
    p95: float = 150.0  # milliseconds
    p99: float = 400.0


class Quantiles(NamedTuple):
    """Of so many, in milliseconds."""

    n: int
    p50: float
    p95: float
    p99: float
    most: float


@dataclass
class Verdict:
    """Figures by name, delays by stretch and kind, and of each rule what broke it."""

    figures: dict[str, float] = field(default_factory=dict)
    delays: dict[str, dict[str, Quantiles]] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Every rule held."""
        return not any(self.faults.values())


class Storm(NamedTuple):
    """From the 429 to the instant when calls may come again, and to the instant when the whole rate must be back."""

    at: float
    ends: float
    over: float


def judge(calls: Sequence[Call], acts: Sequence[Act], asked: Asked, shares: Collection[int]) -> Verdict:
    """`calls` in order; `shares`: how much of the broadcast each replica sent."""
    verdict, storm = Verdict(), _storm(calls, asked)
    bulk = [call for call in calls if call.new and call.chat in asked.receivers]
    if not bulk:
        verdict.faults["each receiver once"] = ["nothing was sent"]
        return verdict
    _seconds(verdict, calls)
    _used(verdict, calls, (bulk[0].at, bulk[-1].at), storm, asked)
    _paused(verdict, bulk, storm, asked)
    _each_once(verdict, bulk, asked)
    _waited(verdict, acts, (bulk[0].at, bulk[-1].at), storm, asked)
    idle = sum(not share for share in shares)
    verdict.faults["each replica sends"] = [f"{idle} of {len(shares)} sent nothing"] if idle else []
    return verdict


def busiest(times: Sequence[float]) -> tuple[int, float]:
    """The most in any second, and when that second began. `times` in order."""
    most, since, first = 0, 0.0, 0
    for last, at in enumerate(times):
        while at - times[first] >= 1.0:
            first += 1
        if last - first + 1 > most:
            most, since = last - first + 1, times[first]
    return most, since


def _storm(calls: Iterable[Call], asked: Asked) -> Storm | None:
    provoked = next((call.at for call in calls if call.fault == "429"), None)
    if provoked is None or asked.retry_after is None:
        return None
    ends = provoked + asked.retry_after
    return Storm(provoked, ends, ends + CLIMB)


def _seconds(verdict: Verdict, calls: Sequence[Call]) -> None:
    most, _ = busiest([call.at for call in calls if call.new])
    verdict.figures["new messages in the busiest second"] = most
    verdict.figures["with edits"], _ = busiest([call.at for call in calls if call.counted])
    over = [f"{most} in one second"] if most > TELEGRAMS_LIMIT else []
    verdict.faults[f"{TELEGRAMS_LIMIT} in any second"] = over
    refused = [call for call in calls if call.status == 429 and call.fault is None]
    verdict.figures["429 unprovoked"] = len(refused)
    verdict.faults["no 429 in calm weather"] = [f"{call.method} at {call.at:.1f}" for call in refused]
    if asked_for := sum(call.fault == "429" for call in calls):
        verdict.figures["429 provoked"] = asked_for


def _used(
    verdict: Verdict, calls: Sequence[Call], whole: tuple[float, float], storm: Storm | None, asked: Asked
) -> None:
    """How much of the budget was used, edits counted: from the first bulk call to the last, and without the ends."""
    first, last = whole
    verdict.figures["seconds of the broadcast"] = last - first
    margin = min(MARGIN, (last - first) / 5)
    steady = (first + margin, last - margin)
    for name, (begins, ends) in (("steady", steady), ("whole", whole)):
        used = sum(call.counted and begins <= call.at < ends and not _in(storm, call.at) for call in calls)
        seconds = ends - begins - (max(0.0, min(storm.over, ends) - max(storm.at, begins)) if storm else 0.0)
        verdict.figures[f"budget used, {name}"] = share = used / (asked.rate * seconds) if seconds > 0 else 1.0
        told = f"{name}: {share:.1%} of {asked.rate:g} a second"
        verdict.faults.setdefault("the budget is used", []).extend([told] if share < asked.least_used else [])


def _in(storm: Storm | None, at: float) -> bool:
    return storm is not None and storm.at <= at < storm.over


def _paused(verdict: Verdict, bulk: Sequence[Call], storm: Storm | None, asked: Asked) -> None:
    """Nothing while the pause lasts; then half the rate, and the whole one in the end."""
    if storm is None:
        if asked.retry_after is not None:
            verdict.faults["nothing in a pause"] = ["no 429 came"]
        return
    late = [call.at - storm.at for call in bulk if storm.at + ON_THEIR_WAY < call.at < storm.ends]
    verdict.figures["bulk on its way at the 429"] = sum(storm.at < c.at <= storm.at + ON_THEIR_WAY for c in bulk)
    verdict.faults["nothing in a pause"] = [f"{len(late)} bulk calls, {late[0]:.1f} s after the 429"] if late else []
    again = next((call.at for call in bulk if call.at >= storm.ends), None)
    if again is None:
        verdict.faults["half the rate after a pause"] = ["the broadcast did not go on"]
        return
    verdict.figures["seconds from the end of the pause to the next bulk"] = again - storm.ends
    two, ten = (sum(again <= call.at < again + seconds for call in bulk) / seconds for seconds in (2, 10))
    verdict.figures["bulk a second after it, 2 s"], verdict.figures["bulk a second after it, 10 s"] = two, ten
    told = f"{two:.1f} a second"
    verdict.faults["half the rate after a pause"] = [told] if two > 0.75 * asked.rate else []


def _each_once(verdict: Verdict, bulk: Sequence[Call], asked: Asked) -> None:
    got = Counter(call.chat for call in bulk if call.status == 200)
    verdict.figures["receivers"] = len(got)
    wrong = [(who, got[who]) for who in asked.receivers if got[who] != 1]
    verdict.faults["each receiver once"] = [f"{len(wrong)} got it never or twice"] if wrong else []


def _waited(
    verdict: Verdict, acts: Sequence[Act], whole: tuple[float, float], storm: Storm | None, asked: Asked
) -> None:
    stretches = {
        "before": [act for act in acts if act.at < whole[0] - 1],
        "during": [act for act in acts if whole[0] <= act.at < whole[1] and not _in(storm, act.at)],
        "pause and climb": [act for act in acts if _in(storm, act.at)],
    }
    for name, some in stretches.items():
        taps = [act for act in some if act.tap]
        found = {
            "tap to answer": [act.answered for act in taps],
            "tap to screen": [act.shown for act in taps],
            "word to message": [act.shown for act in some if not act.tap],
        }
        verdict.delays[name] = {kind: quantiles([ms for ms in each if ms is not None]) for kind, each in found.items()}
    never = sum(act.shown is None or (act.tap and act.answered is None) for act in acts)
    verdict.faults["every tap is answered"] = [f"{never} were not"] if never else []
    slow = verdict.faults["nobody waits"] = []
    for kind, found_ in verdict.delays["during"].items():
        if found_.p95 > asked.p95 or found_.p99 > asked.p99:
            slow.append(f"{kind}: p95 {found_.p95:.0f} ms, p99 {found_.p99:.0f} ms")


def quantiles(values: Iterable[float]) -> Quantiles:
    """All 0 where there are none."""
    found = sorted(values)
    if not found:
        return Quantiles(0, 0.0, 0.0, 0.0, 0.0)
    p50, p95, p99 = (found[ceil(share * len(found)) - 1] for share in (0.5, 0.95, 0.99))
    return Quantiles(len(found), p50, p95, p99, found[-1])
