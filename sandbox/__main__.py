"""`python -m sandbox`: one sandbox until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from datetime import UTC, datetime

from sandbox.server import CannotListenError, Sandbox
from sandbox.world import DEFAULT_TOKEN


def main() -> int:
    """Serve; 0 after a signal, 1 when the port is taken, 2 for a wrong argument."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Pretends to be Telegram.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the bot token that is accepted")
    parser.add_argument("--start", type=_instant, help="people's time at the start, ISO 8601 (default: now)")
    parser.add_argument("--page", action="store_true", help="print the address of the page with the phones too")
    return asyncio.run(_serve(parser.parse_args()))


async def _serve(options: argparse.Namespace) -> int:
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    sandbox = Sandbox(port=options.port, host=options.host, token=options.token, start_at=options.start)
    try:
        await sandbox.start()
    except CannotListenError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"sandbox ready on {sandbox.address}\n")
    if options.page:
        sys.stdout.write(f"phones on {sandbox.address}/\n")
    sys.stdout.flush()
    await ended.wait()
    await sandbox.stop()
    return 0


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


if __name__ == "__main__":
    sys.exit(main())
