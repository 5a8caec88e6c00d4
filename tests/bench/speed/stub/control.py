"""The stub's control as its clients see it: people tap, counts begin anew, figures are read. Standard library only."""

import json
import urllib.request
from collections.abc import Sequence
from typing import Any


class Control:
    """Blocking: call it where nothing is being measured, or from a thread."""

    def __init__(self, address: str) -> None:
        self._address = f"{address}/control"

    def taps(self, taps: Sequence[tuple[int, int, str]], *, rate: float = 0) -> None:
        """People tap: (chat, message id, the button's data), so many a second, or all at once."""
        self._call("taps", {"taps": taps, "rate": rate})

    def reset(self) -> None:
        """Count from now on; no more taps come."""
        self._call("reset", {})

    def figures(self) -> dict[str, Any]:
        """See Stub.figures."""
        return dict(self._call("figures"))

    def shown(self) -> int:
        """How many taps have led to an edited message; cheap enough to be asked often."""
        return int(self._call("shown"))

    def _call(self, what: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self._address}/{what}", data, timeout=60) as answer:  # noqa: S310 - http on loopback
            told = json.loads(answer.read())
        return told["result"] if isinstance(told, dict) and "result" in told else told
