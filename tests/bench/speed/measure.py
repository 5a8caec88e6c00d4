"""What a case tells the harness: one line of JSON with numbers under fixed names. Standard library only.

messages, seconds, cpu    how many, how long, and user and system seconds of this process (all threads)
rss_mb                    memory at its most, MiB
used, refused, …          see `under_way`
"""

import json
import resource
import time
from statistics import quantiles
from typing import Any

Figures = dict[str, float]


class Watch:
    """Processor and wall clock from its making on."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), _cpu()

    def read(self, messages: int) -> Figures:
        """So many messages since."""
        seconds = time.perf_counter() - self._began
        return {"messages": messages, "seconds": seconds, "cpu": _cpu() - self._cpu, "rss_mb": memory()}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory() -> float:
    """MiB at its most, of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def under_way(counted: dict[str, Any], rate: float) -> Figures:
    """What the stub counted during a broadcast: share of the cap in per cent, calls, waits from tap to edit in ms."""
    seconds = counted["last_at"] - counted["first_at"]
    told: Figures = {
        "used_percent": 100 * (counted["accepted"] - 1) / seconds / rate if seconds else 0.0,
        "refused": counted["refused"],
        "most_in_a_second": counted["most_in_a_second"],
        "taps": counted["taps"],
        "unanswered": counted["taps"] - len(counted["shown"]),
    }
    for what in ("answered", "shown"):
        told |= _waits(what, [1000 * wait for wait in counted[what]])
    return told


def _waits(what: str, waits: list[float]) -> Figures:
    if len(waits) < 2:
        return {}
    parts = quantiles(waits, n=100, method="inclusive")
    return {f"{what}_p{part}_ms": parts[part - 1] for part in (50, 95, 99)}


def tell(figures: Figures) -> None:
    """The line that the harness reads: the last one of a case."""
    print(json.dumps({name: round(value, 6) for name, value in figures.items()}), flush=True)
