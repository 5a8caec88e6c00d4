"""Reading a Bot API call from HTTP: address, form, multipart or JSON, all merged as Telegram merges them."""

import json

from aiohttp import web

from sandbox.errors import bad_request
from sandbox.files import Upload
from sandbox.message import Json


async def read_call(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Raw parameters and uploads by part name. Raises RefusalError 400."""
    raw: Json = dict(request.query) if request.query_string else {}
    uploads: dict[str, Upload] = {}
    if request.method != "POST" or not request.body_exists:
        return raw, uploads
    kind = request.content_type
    if kind == "application/json":
        raw |= _json(await request.read())
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                with value.file as file:
                    uploads[name] = Upload(value.filename or name, file.read())
            elif isinstance(value, bytes | bytearray):
                uploads[name] = Upload(name, bytes(value))
            else:
                raw[name] = value
    return raw, uploads


def _json(body: bytes) -> Json:
    if not body:
        return {}
    try:
        whole = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(whole, dict):
        raise bad_request("JSON object expected")
    return whole
