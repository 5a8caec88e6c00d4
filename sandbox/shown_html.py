"""Text and entities as the small HTML that a page may show; everything else is escaped."""

import html
from itertools import pairwise

from sandbox.message import Json

SHOWN = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
}


def as_html(text: str, entities: tuple[Json, ...]) -> str:
    """b, i, u, s, code, pre, a, blockquote and tg-spoiler, well nested."""
    if not entities:
        return html.escape(text, quote=False)
    units = text.encode("utf-16-le", "surrogatepass")
    marks = sorted({0, len(units) // 2} | {edge for e in entities for edge in (e["offset"], _end(e))})
    parts: list[str] = []
    opened: list[Json] = []
    for here, after in [*pairwise(marks), (marks[-1], marks[-1])]:
        while opened and any(_end(entity) <= here for entity in opened):
            parts.append(_tags(opened.pop())[1])
        for entity in entities:
            if entity["offset"] <= here < _end(entity) and entity not in opened:
                opened.append(entity)
                parts.append(_tags(entity)[0])
        piece = units[here * 2 : after * 2].decode("utf-16-le", "replace")
        parts.append(html.escape(piece, quote=False))
    return "".join(parts)


def _end(entity: Json) -> int:
    return int(entity["offset"]) + int(entity["length"])


def _tags(entity: Json) -> tuple[str, str]:
    if entity["type"] == "text_link":
        return f'<a href="{html.escape(entity["url"])}">', "</a>"
    return SHOWN.get(entity["type"], ("", ""))
