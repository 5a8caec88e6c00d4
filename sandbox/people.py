"""The people with phones: who they are to Telegram, and the e-mail that waits for them."""

from dataclasses import dataclass, replace
from typing import Any

from sandbox.errors import ImpossibleError

MAIL_FIELDS = ("from", "subject", "text", "link")


@dataclass(frozen=True, slots=True)
class Person:
    """One person; `title`, `place`, `zone` and `mail` are for the page only."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    title: str | None = None
    place: str | None = None
    zone: str | None = None
    mail: dict[str, str] | None = None

    def user(self) -> dict[str, Any]:
        """As Telegram's User."""
        return {"id": self.id, "is_bot": False} | self._names() | self._optional("language_code")

    def chat(self) -> dict[str, Any]:
        """As Telegram's private Chat."""
        return {"id": self.id, "type": "private"} | self._names()

    def shown(self) -> dict[str, Any]:
        """As the control answers."""
        return {name: getattr(self, name) for name in self.__slots__}

    def _names(self) -> dict[str, Any]:
        return {"first_name": self.first_name} | self._optional("last_name", "username")

    def _optional(self, *names: str) -> dict[str, Any]:
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def person_from(fields: dict[str, Any], known: Person | None) -> Person:
    """A new person, or the known one with these fields changed. Raises ImpossibleError."""
    strange = set(fields) - set(Person.__slots__) - {"started"}
    if strange:
        raise ImpossibleError(400, f"A person has no field {sorted(strange)[0]!r}.")
    if isinstance(fields.get("id"), bool) or not isinstance(fields.get("id"), int) or fields["id"] <= 0:
        raise ImpossibleError(400, "A person needs `id`, a whole number above 0.")
    values = {name: fields[name] for name in Person.__slots__ if name in fields}
    for name, value in values.items():
        if name not in ("id", "mail") and value is not None and not isinstance(value, str):
            raise ImpossibleError(400, f"`{name}` of a person is a text.")
    mail = values.get("mail")
    if mail is not None and (not isinstance(mail, dict) or set(mail) != set(MAIL_FIELDS)):
        raise ImpossibleError(400, f"`mail` needs {', '.join(MAIL_FIELDS)}.")
    if known:
        return replace(known, **values)
    if not values.get("first_name"):
        raise ImpossibleError(400, "A person needs `first_name`.")
    return Person(**values)
