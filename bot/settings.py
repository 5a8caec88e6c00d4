"""Everything that can be set, read once from the environment; all mistakes are told at once, by name."""

import re
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from scheduler.pacing import Rates

OFFICIAL_API = "https://api.telegram.org"
WEBHOOK_PORTS = (443, 80, 88, 8443)  # Telegram delivers to no others
PAGES = ("/healthz", "/readyz", "/metrics")  # paths of the web side that are taken


class NoToken(Exception):
    """There is no bot token: set ATTACHE_BOT_TOKEN to the one from @BotFather, or try it all with `attache demo`."""


class TokenRefused(Exception):
    """Telegram does not accept the bot token. Check ATTACHE_BOT_TOKEN against what @BotFather shows."""


class SettingsError(Exception):
    """Settings that cannot be used; the message names each and how to mend it."""


class Settings(BaseSettings):
    """README, table of settings. The token is a secret: it shows in no repr, log or error."""

    model_config = SettingsConfigDict(
        env_prefix="ATTACHE_", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    bot_token: SecretStr | None = None
    bot_token_file: Path | None = None
    bot_api: str = OFFICIAL_API
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = Field(default=None, validate_default=True)
    database_url: str | None = None
    data: Path = Path("data")
    coordinators: Annotated[tuple[int, ...], NoDecode] = ()
    academy: str = "Foreign Service Academy"
    contact: str = "your course coordinator"
    send_rate: float = Field(default=25, gt=0, le=1000)
    chat_pace: float = Field(default=1.05, ge=0, le=60)
    undo_seconds: int = Field(default=60, ge=0, le=3600)
    typing_seconds: float = Field(default=5, ge=0, le=5)
    approval_above: int = Field(default=500, ge=0)
    paid_rate: float = Field(default=0, ge=0, le=1000)
    paid_stars: int = Field(default=0, ge=0)
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    content: Path | None = None
    clock: str | None = None

    @field_validator("coordinators", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError("give Telegram ids (numbers) separated by commas, such as 1001,1002")
        return tuple(int(part) for part in parts)

    @field_validator("bot_api", "clock")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("give an address that starts with https:// or http://")
        return value and value.rstrip("/")

    @field_validator("bot_token_file")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        try:
            if value is not None and not value.read_text("utf-8").strip():
                raise ValueError("the file is empty; put the token from @BotFather into it")
        except (OSError, UnicodeDecodeError):
            raise ValueError("the file cannot be read; check the path and its rights") from None
        return value

    @field_validator("clock")
    @classmethod
    def _pretended(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and _official(info):
            raise ValueError("this is for the sandbox; unset it, or set ATTACHE_BOT_API to the sandbox")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _reached_by_telegram(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        found = re.fullmatch(r"(https?)://[A-Za-z0-9._-]+(?::(\d{1,5}))?((?:/[A-Za-z0-9._~-]*)*)", value)
        port = int(found[2] or 443) if found else 0
        if found is None or found[3] in PAGES or port > 65535:
            raise ValueError("give an address such as https://attache.example/updates, with a path of its own")
        if _official(info) and found[1] != "https":
            raise ValueError("Telegram delivers to https:// only; put the address that your proxy serves")
        if _official(info) and port not in WEBHOOK_PORTS:
            raise ValueError("Telegram delivers to the ports 443, 80, 88 and 8443 only")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _unguessed(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and _webhook(info):
            raise ValueError("a webhook needs a secret, else anybody can post as Telegram; set 32 random letters")
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("use 1 to 256 of the letters A-Z and a-z, digits, _ and -")
        return value

    @field_validator("http_port")
    @classmethod
    def _listening(cls, value: int, info: ValidationInfo) -> int:
        if value == 0 and _webhook(info):
            raise ValueError("0 turns the web side off, which a webhook needs; choose a port, or unset the webhook")
        return value

    @property
    def rates(self) -> Rates:
        """Messages a second, and what may be paid for."""
        return Rates(self.send_rate, self.paid_rate, self.paid_stars)

    @model_validator(mode="after")
    def _token(self) -> Self:
        if self.bot_token_file is not None:
            self.bot_token = SecretStr(self.bot_token_file.read_text("utf-8").strip())
        return self


def _official(info: ValidationInfo) -> bool:
    api = info.data.get("bot_api")  # absent where that is a mistake of its own
    return api is not None and urlsplit(api).hostname == urlsplit(OFFICIAL_API).hostname


def _webhook(info: ValidationInfo) -> bool:
    return info.data.get("webhook_url", "mistaken") is not None


def read(**overrides: Any) -> Settings:
    """Settings from the environment; SettingsError with a line for each mistake."""
    try:
        return Settings(**overrides)
    except ValidationError as broken:
        lines = []
        for error in broken.errors(include_url=False, include_input=False):
            name = "ATTACHE_" + str(error["loc"][0]).upper() if error["loc"] else ""
            sentence = error["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {sentence}" if name else sentence)
        raise SettingsError("\n".join(lines)) from None
