"""Photos and documents, and fetching what people sent."""

from sandbox.errors import bad_request
from sandbox.files import Upload
from sandbox.message import Json, Media
from sandbox.methods.sending import send
from sandbox.words import caption_words
from sandbox.world import World


def send_photo(world: World, params: Json) -> Json:
    """sendPhoto."""
    return _send(world, params, "photo")


def send_document(world: World, params: Json) -> Json:
    """sendDocument."""
    return _send(world, params, "document")


def get_file(world: World, params: Json) -> Json:
    """getFile."""
    return world.files.described(params["file_id"])


def _send(world: World, params: Json, kind: str) -> Json:
    if not params[kind]:
        raise bad_request(f"there is no {kind} in the request")
    words = caption_words(params)
    world.chat_to_write(params["chat_id"])  # nothing is kept of a file that cannot be sent
    return world.telegram(send(world, params, words=words, media=_media(world, params[kind], kind)))


def _media(world: World, source: Upload | str, kind: str) -> Media:
    return world.files.add(kind, source) if isinstance(source, Upload) else world.files.again(kind, source)
