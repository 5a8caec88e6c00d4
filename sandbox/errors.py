"""What can go wrong in the sandbox: a refusal in Telegram's words, or a person who cannot do such a thing."""

from dataclasses import dataclass


class SandboxError(Exception):
    """Base of the sandbox's errors."""


@dataclass
class RefusalError(SandboxError):
    """A Bot API call refused: `code` is both the HTTP status and `error_code`."""

    code: int
    description: str
    retry_after: int | None = None

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


def bad_request(words: str) -> RefusalError:
    """The 400 that Telegram words as `Bad Request: …`; codes in capitals are kept, sentences begin small."""
    if len(words) > 1 and words[0].isupper() and not words[1].isupper():
        words = words[0].lower() + words[1:]
    return RefusalError(400, f"Bad Request: {words}")


@dataclass
class ImpossibleError(SandboxError):
    """A control call that cannot be done (404 nobody, 409 no such button, 400 unreadable): one sentence."""

    status: int
    sentence: str

    def __str__(self) -> str:
        return self.sentence
