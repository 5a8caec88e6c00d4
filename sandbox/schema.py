"""Every call is checked against the official schema: names, required fields, types, nested objects.

`schema.json` holds `fields: {name: [types, required]}` of each method and type of Bot API 10.1, a method's
`returns` and a union's `subtypes`: api.json of PaulSonOfLars/telegram-bot-api-spec (LICENSES.txt) without
its sentences and addresses. Telegram ignores unknown names; the sandbox refuses them, because they are
always a mistake.
"""

import json
from functools import cache
from importlib import resources
from typing import Any

from sandbox.errors import RefusalError, bad_request
from sandbox.files import Upload
from sandbox.message import Json

MISSING = {  # the sentences Client.cpp has for what is left out
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "from_chat_id": "from_chat_id is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "file_id": "file_id not specified",
    "question": "poll question must be non-empty",
    "options": "poll must have at least one answer option",
    "action": "wrong parameter action in request",
    "media": "there is no media in the request",
}
PREFIXES = {
    "InlineKeyboardButton": "can't parse inline keyboard button: ",
    "KeyboardButton": "can't parse keyboard button: ",
    "MessageEntity": "can't parse MessageEntity: ",
    "BotCommand": "can't parse BotCommand: ",
    "InputPollOption": "can't parse InputPollOption: ",
}
JSON_KINDS: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
}
TELEGRAM_KINDS = {"Integer": "Number", "Float": "Number"}
TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no", "")


class _WrongTypeError(Exception):
    """A value is not of a type; `depth` tells which of several tries came nearest."""

    def __init__(self, words: str, depth: int = 0) -> None:
        super().__init__(words)
        self.words, self.depth = words, depth


class Schema:
    """Checks values against names and types."""

    def __init__(self) -> None:
        text = resources.files("sandbox").joinpath("schema.json").read_text(encoding="utf-8")
        whole: Json = json.loads(text)
        self.version: str = whole["bot_api"]
        self._types: Json = whole["types"]
        self.methods: dict[str, dict[str, tuple[list[str], int]]] = {
            name: {field: (types, required) for field, (types, required) in method["fields"].items()}
            for name, method in whole["methods"].items()
        }
        self.returns: dict[str, list[str]] = {name: m["returns"] for name, m in whole["methods"].items()}

    def read(self, method: str, raw: Json, uploads: dict[str, Upload]) -> Json:
        """Parameters as plain values, uploads in their places. Raises RefusalError 400."""
        fields = self.methods[method]
        used: set[str] = set()
        params: Json = {}
        for name, value in raw.items():
            if name not in fields:
                raise _unknown(name, method)
            if value is not None:
                params[name] = self._param(name, value, fields[name][0], uploads, used)
        for name, upload in uploads.items():
            if name in fields and "InputFile" in fields[name][0]:
                params[name] = upload
            elif name not in used:
                raise _unknown(name, method)
        missing = [name for name, (_, required) in fields.items() if required and name not in params]
        if missing:
            name = "text" if "text" in missing else missing[0]
            raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
        return params

    def check(self, value: Any, kind: str) -> None:
        """Whether a result is of a type of the Bot API. Raises RefusalError 400 naming the field."""
        try:
            self._any(value, [kind], {}, set())
        except _WrongTypeError as wrong:
            raise bad_request(wrong.words) from None

    def _param(self, name: str, value: Any, types: list[str], uploads: dict[str, Upload], used: set[str]) -> Any:
        kind = types[0]
        if isinstance(value, str):
            if "InputFile" in types:
                return _attached(value, uploads, used)
            if "String" in types:
                return value
            value = _decoded(name, value, kind)
        try:
            return self._any(value, types, uploads, used)
        except _WrongTypeError as wrong:
            if wrong.depth:
                raise bad_request(wrong.words) from None
            if name == "reply_markup":
                raise bad_request("object expected as reply markup") from None
            expected = " or ".join(TELEGRAM_KINDS.get(each, each) for each in types)
            raise bad_request(f'parameter "{name}" must be of type {expected}') from None

    def _any(self, value: Any, types: list[str], uploads: dict[str, Upload], used: set[str]) -> Any:
        nearest: _WrongTypeError | None = None
        for each in self._by_likelihood(value, types):
            try:
                return self._one(value, each, uploads, used)
            except _WrongTypeError as wrong:
                if nearest is None or wrong.depth > nearest.depth:
                    nearest = wrong
        raise nearest or _WrongTypeError("object expected")

    def _by_likelihood(self, value: Any, types: list[str]) -> list[str]:
        if not isinstance(value, dict):
            return types
        flat: list[str] = []
        for each in types:
            flat.extend(self._types.get(each, {}).get("subtypes", [each]))
        if len(flat) == 1:
            return flat

        def strangeness(name: str) -> int:
            fields = self._types.get(name, {}).get("fields", {})
            missing = sum(1 for field, (_, required) in fields.items() if required and field not in value)
            return 10 * missing + sum(1 for field in value if field not in fields)

        return sorted(flat, key=strangeness)[:2]

    def _one(self, value: Any, kind: str, uploads: dict[str, Upload], used: set[str]) -> Any:
        if kind in JSON_KINDS:
            if not isinstance(value, JSON_KINDS[kind]) or (isinstance(value, bool) and kind != "Boolean"):
                raise _WrongTypeError(f"must be of type {TELEGRAM_KINDS.get(kind, kind)}")
            return value
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                raise _WrongTypeError("must be of type Array")
            inner = kind.removeprefix("Array of ")
            return [self._any(each, [inner], uploads, used) for each in value]
        if kind == "InputFile" or not isinstance(value, dict):
            raise _WrongTypeError("must be of type Object")
        try:
            return self._object(value, kind, uploads, used)
        except _WrongTypeError as wrong:
            prefix = PREFIXES.get(kind, "")
            raise _WrongTypeError(
                wrong.words if wrong.words.startswith("can't parse") else prefix + wrong.words,
                wrong.depth + 1,
            ) from None

    def _object(self, value: Json, kind: str, uploads: dict[str, Upload], used: set[str]) -> Json:
        fields: Json = self._types[kind].get("fields", {})
        read: Json = {}
        for name, inner in value.items():
            if name not in fields:
                raise _WrongTypeError(f'unknown field "{name}" in {kind}')
            if inner is None:
                continue
            if name == "media" and kind.startswith("InputMedia") and isinstance(inner, str):
                read[name] = _attached(inner, uploads, used)
                continue
            try:
                read[name] = self._any(inner, fields[name][0], uploads, used)
            except _WrongTypeError as wrong:
                raise wrong if wrong.depth else _WrongTypeError(f'Field "{name}" {wrong.words}') from None
        for name, (_, required) in fields.items():
            if required and name not in read:
                raise _WrongTypeError(f'Can\'t find field "{name}"')
        return read


@cache
def official() -> Schema:
    """The schema, read once a process."""
    return Schema()


def _decoded(name: str, value: str, kind: str) -> Any:
    """A parameter that came as text: in a form, in the address, or quoted in JSON."""
    low = value.strip().lower()
    if kind == "Boolean" and low in TRUE + FALSE:
        return low in TRUE
    if kind in ("Integer", "Float"):
        try:
            return int(low) if kind == "Integer" else float(low)
        except ValueError:
            return value
    if kind in JSON_KINDS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        what = "reply keyboard markup" if name == "reply_markup" else name
        raise bad_request(f"can't parse {what} JSON object") from None


def _attached(value: str, uploads: dict[str, Upload], used: set[str]) -> Upload | str:
    if not value.startswith("attach://"):
        return value
    name = value.removeprefix("attach://")
    if name not in uploads:
        raise bad_request(f'there is no file "{name}" in the request')
    used.add(name)
    return uploads[name]


def _unknown(name: str, method: str) -> RefusalError:
    return bad_request(f'unknown parameter "{name}" for method {method}')
