"""Files that went through the sandbox: kept in memory, looked at as far as Telegram looks at them."""

import mimetypes
import struct
from dataclasses import dataclass

from sandbox.errors import bad_request
from sandbox.message import Json, Media

MOST_PHOTO_BYTES = 10 * 1024 * 1024
MOST_DOCUMENT_BYTES = 50 * 1024 * 1024
MOST_DOWNLOAD_BYTES = 20 * 1024 * 1024
MOST_SIDES = 10_000
MOST_RATIO = 20
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a request or from a phone."""

    name: str
    content: bytes

    def shown(self) -> Json:
        """For the journal."""
        return {"file_name": self.name, "size": len(self.content)}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that can be fetched and sent again."""

    kind: str  # "photo" or "document"
    upload: Upload
    path: str
    media: Media


class Files:
    """All files of one sandbox, by file_id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, kind: str, upload: Upload) -> Media:
        """Keep a file. Raises RefusalError 400 when Telegram would not take it."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        n = len(self._by_id) + 1
        file_id, unique = f"SbxFile{kind.title()}{n:06d}AAQ", f"SbxU{n:06d}"
        file: Json = {"file_id": file_id, "file_unique_id": unique, "file_size": len(upload.content)}
        if kind == "photo":
            width, height = _photo_size(upload.content)
            described: object = [file | {"width": width, "height": height}]
            path = f"photos/file_{n}.jpg"
        else:
            if len(upload.content) > MOST_DOCUMENT_BYTES:
                raise bad_request("file is too big")
            mime = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
            described = file | {"file_name": upload.name, "mime_type": mime}
            path = f"documents/file_{n}{_ending(upload.name)}"
        media = Media(kind, file_id, upload.name, described)
        self._by_id[file_id] = self._by_path[path] = StoredFile(kind, upload, path, media)
        return media

    def again(self, kind: str, file_id: str) -> Media:
        """Send a file by its id. Raises RefusalError 400."""
        stored = self._by_id.get(file_id)
        if stored is None:
            if "://" in file_id:  # the sandbox opens no outside address
                raise bad_request("failed to get HTTP URL content")
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored.media

    def described(self, file_id: str) -> Json:
        """Telegram's File. Raises RefusalError 400."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        size = len(stored.upload.content)
        if size > MOST_DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        unique = f"SbxU{file_id.removesuffix('AAQ')[-6:]}"
        return {"file_id": file_id, "file_unique_id": unique, "file_size": size, "file_path": stored.path}

    def at(self, path: str) -> Upload | None:
        """For the download by path."""
        stored = self._by_path.get(path)
        return stored.upload if stored else None

    def by_id(self, file_id: str) -> Upload | None:
        """For the phones."""
        stored = self._by_id.get(file_id)
        return stored.upload if stored else None


def _ending(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:] if dot > 0 and name[dot + 1 :].isalnum() else ""


def _photo_size(content: bytes) -> tuple[int, int]:
    if len(content) > MOST_PHOTO_BYTES:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is {MOST_PHOTO_BYTES} bytes"
        )
    size = _sides(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > MOST_SIDES or max(size) > MOST_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _sides(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP by its header; None when it is none of them."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return struct.unpack(">II", content[16:24])
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return struct.unpack("<HH", content[6:10])
    if content[8:16] == b"WEBPVP8X" and len(content) >= 30:
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if content[8:16] == b"WEBPVP8 " and len(content) >= 30:
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return _jpeg_sides(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_sides(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
