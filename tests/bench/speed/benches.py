"""What is measured: the benches, their cases, the figures of each, and whose figure is held against whose."""

from dataclasses import dataclass

ATTACHE, PTB, AIOGRAM, GRAMMY = "Attaché", "PTB stock", "aiogram", "grammY"
TELEGRAM = ("--delay", "0.05", "--chats")  # a round trip of 50 ms, one message a second in a chat


@dataclass(frozen=True, slots=True)
class Case:
    """One process. `runs`: attache, peers or node (see tools.py); `stub`: options of its stub, None for no stub."""

    name: str
    runs: str
    command: tuple[str, ...]
    stub: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of the table, by its name in the JSON."""

    name: str
    label: str
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Ratio:
    """`figure` of `case` divided by that of `against`; at most `limit`. Without `against` the figure itself.

    `least` turns it round: at least `limit`.
    """

    figure: str
    case: str
    against: str | None
    limit: float
    least: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """A table: cases that take turns, so many rounds of them unless others are asked for."""

    title: str
    cases: tuple[Case, ...]
    figures: tuple[Figure, ...]
    ratios: tuple[Ratio, ...]
    rounds: int = 5


def _ours(case: str, *options: str) -> tuple[str, ...]:
    return ("-m", "tests.bench.speed.attache", case, *options)


def _peer(name: str, case: str, *options: str) -> tuple[str, ...]:
    return ("-m", f"tests.bench.speed.peers.with_{name}", case, *options)


def _four(bench: str, messages: str) -> tuple[Case, ...]:
    many = ("--messages", messages)
    return (
        Case(PTB, "peers", _peer("ptb", bench, *many)),
        Case(AIOGRAM, "peers", _peer("aiogram", bench, *many)),
        Case(GRAMMY, "node", ("tests/bench/speed/peers/with_grammy.cjs", bench, *many)),
        Case(ATTACHE, "attache", _ours(bench, *many)),
    )


COST = (
    Figure("cpu_us", "CPU µs each"),
    Figure("per_second", "a second"),
    Figure("rss_mb", "memory MiB"),
)
WAITS = (
    Figure("used_percent", "cap %", 2),
    Figure("most_in_a_second", "most/s"),
    Figure("refused", "429s"),
    Figure("shown_p50_ms", "tap to edit: p50 ms"),
    Figure("shown_p95_ms", "p95 ms"),
    Figure("shown_p99_ms", "p99 ms"),
    Figure("unanswered", "lost"),
    Figure("cpu_percent", "core %", 1),
)


def benches(seconds: float) -> dict[str, Bench]:
    """By the name that --only takes; `seconds`: how long each broadcast lasts."""
    lasts = ("--seconds", str(seconds))
    fast = (*lasts, "--rate", "1000", "--taps", "20")
    return {
        "bulk": Bench(
            "A bulk message: claim, render, gate, send, record durably; 64 in flight, gate lifted",
            _four("bulk", "4000"),
            COST,
            (
                Ratio("cpu_us", ATTACHE, PTB, 1 / 25),
                Ratio("cpu_us", ATTACHE, AIOGRAM, 1 / 4),
                Ratio("cpu_us", ATTACHE, GRAMMY, 1),
            ),
        ),
        "press": Bench(
            "A press: answer, edit, durable row; 32 in flight",
            _four("press", "1500"),
            COST,
            (Ratio("cpu_us", ATTACHE, PTB, 1 / 3), Ratio("cpu_us", ATTACHE, AIOGRAM, 1)),
        ),
        "broadcast": Bench(
            f"A broadcast of {seconds:.0f} s at 30 calls a second, 2 taps a second beside",
            (
                Case("AIORateLimiter", "peers", _peer("ptb", "broadcast", *lasts), (*TELEGRAM, "--rate", "30")),
                Case("taps alone", "attache", _ours("broadcast", *lasts, "--alone"), (*TELEGRAM, "--rate", "30")),
                Case(ATTACHE, "attache", _ours("broadcast", *lasts), (*TELEGRAM, "--rate", "30")),
            ),
            WAITS,
            (
                Ratio("used_percent", ATTACHE, None, 99, least=True),
                Ratio("most_in_a_second", ATTACHE, None, 30),
                Ratio("refused", ATTACHE, None, 0),
                Ratio("shown_p99_ms", ATTACHE, "taps alone", 1.15),
                Ratio("shown_p99_ms", ATTACHE, "AIORateLimiter", 1 / 10),
            ),
            rounds=1,
        ),
        "paid": Bench(
            f"A broadcast of {seconds:.0f} s at 1,000 calls a second, 20 taps a second beside",
            (
                Case("taps alone", "attache", _ours("broadcast", *fast, "--alone"), (*TELEGRAM, "--rate", "1000")),
                Case(ATTACHE, "attache", _ours("broadcast", *fast), (*TELEGRAM, "--rate", "1000")),
            ),
            WAITS,
            (
                Ratio("used_percent", ATTACHE, None, 95, least=True),
                Ratio("cpu_percent", ATTACHE, None, 40),
                Ratio("most_in_a_second", ATTACHE, None, 1000),
                Ratio("refused", ATTACHE, None, 0),
                Ratio("shown_p99_ms", ATTACHE, "taps alone", 1.15),
            ),
            rounds=1,
        ),
        "claim": Bench(
            "1,000 due among many that wait, claimed; 50,000 due in one minute",
            (
                Case("among 100,000", "attache", _ours("claim", "--learners", "100000"), None),
                Case("among 1,000,000", "attache", _ours("claim", "--learners", "1000000"), None),
                Case("50,000 in a minute", "attache", _ours("tide", "--learners", "100000"), None),
            ),
            (
                Figure("claim_ms", "a claim ms", 2),
                Figure("hold_ms", "loop held ms", 1),
                Figure("tide_ms", "all claimed ms"),
            ),
            (
                Ratio("claim_ms", "among 1,000,000", None, 5),
                Ratio("claim_ms", "among 1,000,000", "among 100,000", 1.3),
                Ratio("hold_ms", "50,000 in a minute", None, 10),
            ),
        ),
        "start": Bench(
            "Process start to the first tap answered and shown, whole course; memory",
            tuple(
                Case(f"{many:,} learners", "attache", _ours("start", "--learners", str(many)))
                for many in (1_000, 100_000, 1_000_000)
            ),
            (Figure("ready_ms", "start to answer ms"), Figure("rss_mb", "memory MiB", 1)),
            (
                Ratio("ready_ms", "100,000 learners", None, 1500),
                Ratio("rss_mb", "1,000,000 learners", None, 120),
                Ratio("rss_mb", "1,000,000 learners", "1,000 learners", 1.05),
            ),
        ),
    }
