"""Everything that can be set, read once from the environment; all mistakes are told at once, by name."""

from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

OFFICIAL_API = "https://api.telegram.org"


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
    database_url: str | None = None
    data: Path = Path("data")
    coordinators: Annotated[tuple[int, ...], NoDecode] = ()
    academy: str = "Foreign Service Academy"
    contact: str = "your course coordinator"
    send_rate: float = Field(default=25, gt=0, le=1000)
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
        api = info.data.get("bot_api")  # absent where that is a mistake of its own
        if value is not None and api is not None and urlsplit(api).hostname == urlsplit(OFFICIAL_API).hostname:
            raise ValueError("this is for the sandbox; unset it, or set ATTACHE_BOT_API to the sandbox")
        return value

    @model_validator(mode="after")
    def _token(self) -> Self:
        if self.bot_token_file is not None:
            self.bot_token = SecretStr(self.bot_token_file.read_text("utf-8").strip())
        return self


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
