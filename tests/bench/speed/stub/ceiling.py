"""How many requests a second the stub answers: `python -m tests.bench.speed.stub.ceiling ADDRESS [--many 200000]`.

64 connections, eight requests pipelined on each, and as little client as possible.
"""

import argparse
import asyncio
import json
import time
from pathlib import Path
from urllib.parse import urlsplit

CARD = json.loads((Path(__file__).parents[1] / "peers" / "card.json").read_text("utf-8"))


def request(chat: int) -> bytes:
    """A quiz card as sendMessage."""
    body = json.dumps({"chat_id": chat, "text": CARD["text"], "parse_mode": "HTML", "reply_markup": CARD["keyboard"]})
    head = "POST /bot42:x/sendMessage HTTP/1.1\r\nHost: stub\r\nContent-Type: application/json\r\nContent-Length: "
    return f"{head}{len(body)}\r\n\r\n{body}".encode()


async def _client(host: str, port: int, chat: int, many: int, at_once: int) -> None:
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
    asked = request(chat) * at_once
    writer.write(asked)
    length = 0  # of every answer of this connection but for the first
    for left in reversed(range(many // at_once)):
        for _ in range(at_once):
            if not length:
                head = await reader.readuntil(b"\r\n\r\n")
                length = len(head) + int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                await reader.readexactly(length - len(head))
                continue
            await reader.readexactly(length)
        if left:
            writer.write(asked)
    writer.close()


async def measure(address: str, many: int, *, connections: int = 64, at_once: int = 8) -> float:
    """Requests a second."""
    place = urlsplit(address)
    began = time.perf_counter()
    each = many // connections // at_once * at_once
    clients = (_client(place.hostname or "", place.port or 0, 1000 + n, each, at_once) for n in range(connections))
    await asyncio.gather(*clients)
    return each * connections / (time.perf_counter() - began)


def main() -> None:
    """Print the figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.speed.stub.ceiling", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--many", type=int, default=200_000)
    chosen = parser.parse_args()
    print(f"{asyncio.run(measure(chosen.address, chosen.many)):,.0f} requests a second")


if __name__ == "__main__":
    main()
