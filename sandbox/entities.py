"""Entities of a text, in UTF-16 units: given by a caller or found by markup, cut to the trimmed text."""

from collections.abc import Callable, Sequence

from sandbox.errors import bad_request
from sandbox.links import checked_url
from sandbox.message import Formatted, Json

MOST_ENTITIES = 100  # Telegram ignores what goes beyond
KINDS = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def sixteen(text: str, found: Sequence[tuple[int, int, Json]]) -> Formatted:
    """Entities by code point (start, end, fields) as entities by UTF-16 unit."""
    at: Callable[[int], int] = (lambda i: i) if units(text) == len(text) else (lambda i: units(text[:i]))
    return Formatted(text, tuple({"offset": at(s), "length": at(e) - at(s), **fields} for s, e, fields in found))


def tidied(words: Formatted) -> Formatted:
    """Trimmed at both ends as Telegram stores it; entities cut to what is left, at most 100 of them."""
    text = words.text.strip()
    if not words.entities or text == words.text:
        return Formatted(text, words.entities[:MOST_ENTITIES])
    lead = units(words.text[: len(words.text) - len(words.text.lstrip())])
    last = units(text)
    kept: list[Json] = []
    for entity in words.entities:
        start = max(0, entity["offset"] - lead)
        end = min(last, entity["offset"] + entity["length"] - lead)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return Formatted(text, tuple(kept[:MOST_ENTITIES]))


def given(text: str, entities: Sequence[Json]) -> Formatted:
    """Entities as a caller listed them. Raises RefusalError 400 in td's words."""
    last = units(text)
    kept: list[Json] = []
    for entity in entities:
        start, length = entity["offset"], entity["length"]
        if entity["type"] not in KINDS:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if start < 0:
            raise bad_request(f"receive an entity with incorrect offset {start}")
        if length < 0:
            raise bad_request(f"receive an entity with incorrect length {length}")
        if start > last:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {start}")
        if start + length > last:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text "
                f"at UTF-16 offset {start + length}"
            )
        _check_argument(entity)
        if length:
            kept.append(dict(entity))
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return tidied(Formatted(text, tuple(kept)))


def _check_argument(entity: Json) -> None:
    needed = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id"}.get(entity["type"])
    if needed and needed not in entity:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needed}\"")
    if entity["type"] == "text_link" and (wrong := checked_url(entity["url"]).wrong):
        raise bad_request(f"entity URL '{entity['url']}' is invalid: {wrong}")
    if entity["type"] == "custom_emoji":
        number = entity["custom_emoji_id"]
        if not number.isdecimal() or int(number) >= 2**63:
            raise bad_request('can\'t parse MessageEntity: Field "custom_emoji_id" must be a valid Number')
