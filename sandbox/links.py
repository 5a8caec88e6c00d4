"""Which addresses Telegram takes for links: a host with a dot, over http, https or tg."""

import re
from dataclasses import dataclass

_PARTS = re.compile(r"(?:([a-zA-Z][a-zA-Z0-9+.\-]*)://)?([^/?#]*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CheckedUrl:
    """`wrong` is Telegram's sentence, or empty; `address` is then complete."""

    address: str
    wrong: str = ""


def checked_url(words: str) -> CheckedUrl:
    """What get_url of tdlib makes of these words."""
    match = _PARTS.fullmatch(words.strip())
    scheme, host, rest = match.groups() if match else (None, "", "")
    scheme = (scheme or "http").lower()
    if scheme in ("tg", "ton", "tonsite"):
        return CheckedUrl(f"{scheme}://{host}{rest}")
    if scheme not in ("http", "https"):
        return CheckedUrl(words, "Unsupported URL protocol")
    bare = host.rsplit("@", 1)[-1].rsplit(":", 1)[0]
    if not bare:
        return CheckedUrl(words, "URL host is empty")
    # "localhost" is refused too: a phone could not open it.
    if "." not in bare.strip(".") or any(c.isspace() or c in "<>\"'" for c in host):
        return CheckedUrl(words, "Wrong HTTP URL")
    return CheckedUrl(f"{scheme}://{host}{rest if rest.startswith('/') else '/' + rest}")
