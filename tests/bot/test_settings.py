"""Settings: read once, all mistakes told at once by name, the token never shown."""

from pathlib import Path

import pytest

from bot.settings import OFFICIAL_API, Settings, SettingsError, read
from tests.bot.rim import SECRET, TOKEN


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ATTACHE_{name.upper()}", raising=False)


def setting(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"ATTACHE_{name.upper()}", value)


def mistakes() -> list[str]:
    with pytest.raises(SettingsError) as told:
        read()
    return str(told.value).split("\n")


def test_everything_has_a_default_but_the_token() -> None:
    found = read()
    assert found.bot_token is None
    assert (found.bot_api, found.http_host, found.http_port, found.send_rate) == (OFFICIAL_API, "127.0.0.1", 8080, 25)


def test_all_mistakes_are_told_at_once_and_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    setting(
        monkeypatch,
        http_port="eighty",
        send_rate="0",
        coordinators="1001, Asha",
        bot_token_file=str(tmp_path / "nowhere"),
        clock="http://127.0.0.1:1/sandbox/clock",
    )
    told = mistakes()
    names = {line.split(":")[0] for line in told}
    assert names == {f"ATTACHE_{n}" for n in ("HTTP_PORT", "SEND_RATE", "COORDINATORS", "BOT_TOKEN_FILE", "CLOCK")}
    assert len(told) == 5


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("bot_api", "telegram.example", "starts with https://"),
        ("clock", "ftp://here", "starts with https://"),
        ("coordinators", "1001;1002", "separated by commas"),
        ("coordinators", "-5", "separated by commas"),
        ("http_port", "70000", "65535"),
        ("http_port", "-1", "greater than or equal to 0"),
        ("send_rate", "-3", "greater than 0"),
    ],
)
def test_a_mistake_names_the_mend(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    setting(monkeypatch, **{name: value})
    (line,) = mistakes()
    assert line.startswith(f"ATTACHE_{name.upper()}: ")
    assert words in line


def test_the_token_is_hidden_in_every_word_about_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, bot_token=TOKEN)
    found = read()
    shown = f"{found} {found!r} {found.model_dump()} {found.model_dump_json()}"
    assert SECRET not in shown
    assert found.bot_token is not None
    assert found.bot_token.get_secret_value() == TOKEN


def test_the_token_is_in_no_mistake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    setting(monkeypatch, bot_token=TOKEN, bot_token_file=str(file), http_port=TOKEN, coordinators=TOKEN, clock=TOKEN)
    assert SECRET not in "\n".join(mistakes())


def test_the_token_comes_from_a_file_without_its_line_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    setting(monkeypatch, bot_token_file=str(file))
    token = read().bot_token
    assert token is not None
    assert token.get_secret_value() == TOKEN


@pytest.mark.parametrize(("content", "words"), [(b"\xff\xfe", "cannot be read"), (b" \n", "is empty")])
def test_a_token_file_that_holds_no_token_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    setting(monkeypatch, bot_token_file=str(file))
    (line,) = mistakes()
    assert line.startswith("ATTACHE_BOT_TOKEN_FILE: ")
    assert words in line


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, bot_token="", clock="", http_port="", coordinators="")
    assert (read().bot_token, read().clock, read().http_port, read().coordinators) == (None, None, 8080, ())


@pytest.mark.parametrize(
    ("text", "ids"), [("1001", (1001,)), ("1001,1002", (1001, 1002)), (" 1001 , 1002 ,", (1001, 1002)), (",", ())]
)
def test_coordinators_are_numbers_with_commas(monkeypatch: pytest.MonkeyPatch, text: str, ids: tuple[int, ...]) -> None:
    setting(monkeypatch, coordinators=text)
    assert read().coordinators == ids


@pytest.mark.parametrize("api", [None, OFFICIAL_API, f"{OFFICIAL_API}/", "https://API.telegram.org:443"])
def test_a_made_up_clock_is_refused_with_the_official_api(monkeypatch: pytest.MonkeyPatch, api: str | None) -> None:
    setting(monkeypatch, clock="http://127.0.0.1:8099/sandbox/clock", **({"bot_api": api} if api else {}))
    (line,) = mistakes()
    assert line.startswith("ATTACHE_CLOCK: ")


def test_a_made_up_clock_goes_with_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, clock="http://127.0.0.1:8099/sandbox/clock/", bot_api="http://127.0.0.1:8099/")
    assert (read().clock, read().bot_api) == ("http://127.0.0.1:8099/sandbox/clock", "http://127.0.0.1:8099")


HOOK_URL, HOOK_SECRET = "https://attache.example/updates", "hook_SECRET-0123456789abcdefghij"


def test_a_webhook_is_an_address_and_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, webhook_url=HOOK_URL, webhook_secret=HOOK_SECRET)
    found = read()
    assert found.webhook_url == HOOK_URL
    assert found.webhook_secret is not None
    assert found.webhook_secret.get_secret_value() == HOOK_SECRET
    assert HOOK_SECRET not in f"{found} {found!r} {found.model_dump()} {found.model_dump_json()}"


def test_mistakes_about_the_webhook_are_told_at_once_and_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, webhook_url="attache.example", http_port="0", send_rate="0")
    names = [line.split(":")[0] for line in mistakes()]
    assert sorted(names) == [f"ATTACHE_{name}" for name in ("HTTP_PORT", "SEND_RATE", "WEBHOOK_SECRET", "WEBHOOK_URL")]


def test_an_address_without_a_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, webhook_url=HOOK_URL, webhook_secret="")
    (line,) = mistakes()
    assert line.startswith("ATTACHE_WEBHOOK_SECRET: a webhook needs a secret")


def test_a_webhook_needs_the_web_side(monkeypatch: pytest.MonkeyPatch) -> None:
    setting(monkeypatch, webhook_url=HOOK_URL, webhook_secret=HOOK_SECRET, http_port="0")
    (line,) = mistakes()
    assert line.startswith("ATTACHE_HTTP_PORT: 0 turns the web side off")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://attache.example/updates", "https:// only"),
        ("https://attache.example:8080/updates", "ports 443, 80, 88 and 8443"),
        ("attache.example/updates", "give an address"),
        ("https://attache.example/healthz", "a path of its own"),
        ("https://attache.example/updates?a=1", "give an address"),
        ("https://attache.example/updates#a", "give an address"),
        ("https://attache.example/{update}", "give an address"),
        ("https://user:word@attache.example/updates", "give an address"),
        ("https:///updates", "give an address"),
        ("https://attache.example:99999/updates", "give an address"),
    ],
)
def test_an_address_that_telegram_cannot_use_is_refused(monkeypatch: pytest.MonkeyPatch, url: str, words: str) -> None:
    setting(monkeypatch, webhook_url=url, webhook_secret=HOOK_SECRET)
    (line,) = mistakes()
    assert line.startswith("ATTACHE_WEBHOOK_URL: ")
    assert words in line


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/updates", "https://attache.example:9000", HOOK_URL])
def test_a_bot_api_of_ones_own_delivers_anywhere(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    setting(monkeypatch, webhook_url=url, webhook_secret=HOOK_SECRET, bot_api="http://127.0.0.1:8081")
    assert read().webhook_url == url


@pytest.mark.parametrize("secret", ["two words", "naïve", "a" * 257, "semi;colon", "line\n", " "])
def test_a_secret_that_telegram_would_not_take_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    setting(monkeypatch, webhook_url=HOOK_URL, webhook_secret=secret)
    (line,) = mistakes()
    assert line == "ATTACHE_WEBHOOK_SECRET: use 1 to 256 of the letters A-Z and a-z, digits, _ and -"
