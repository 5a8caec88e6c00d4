"""README.md names every command, setting and verb there is, and none that is not."""

import re
from pathlib import Path

import pytest

from bot.routes import COMMANDS
from bot.settings import Settings
from tests.project.verbs import verbs

ROOT = Path(__file__).parents[2]
PAGES_OF_THE_WEB_SIDE = {"healthz", "readyz", "metrics"}


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


GROUPS = {verb.split()[0] for verb in verbs() if " " in verb}


def verbs_named(text: str) -> set[str]:
    """Verbs after `attache`; in a table's first cell the ones that share the line with it, too."""
    named = {_verb(*words) for words in re.findall(r"\battache ([a-z]+)(?: +([a-z]+))?", text)}
    for cell in re.findall(r"^\| (`attache [^|]+)\|", text, re.MULTILINE):
        first, *others = re.findall(r"(?<![\w`])`(?:attache )?([a-z][a-z ]*)[^`]*`", cell)
        group = first.split()[0] if first.split()[0] in GROUPS else ""
        named |= {" ".join([group, other.split()[0]]).strip() for other in others}
    return named


def _verb(first: str, second: str) -> str:
    return f"{first} {second}" if first in GROUPS else first


def test_every_verb_is_named_and_exists(readme: str) -> None:
    assert verbs_named(readme) == set(verbs())


def test_every_setting_is_named_and_exists(readme: str) -> None:
    named = set(re.findall(r"\bATTACHE_[A-Z_]+\b", readme))
    assert named == {f"ATTACHE_{name.upper()}" for name in Settings.model_fields}


def test_every_command_is_named_and_exists(readme: str) -> None:
    named = set(re.findall(r"`/([a-z]+)`", readme)) - PAGES_OF_THE_WEB_SIDE
    assert named == set(COMMANDS)


def test_every_option_named_exists(readme: str) -> None:
    known = {option for command in verbs().values() for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"(?<![\w-])--[a-z]+", readme)) <= known | {"--help"}


def test_every_default_named_is_the_default(readme: str) -> None:
    row = {match[1]: match[2] for match in re.finditer(r"^\| `ATTACHE_(\w+)`[^|]*\|[^|]*\| ([^|]+) \|$", readme, re.M)}
    assert row["SEND_RATE"] == f"{Settings.model_fields['send_rate'].default:.0f}"
    assert row["HTTP_HOST"] == ", ".join(
        str(Settings.model_fields[f"http_{name}"].default) for name in ("host", "port")
    )


def test_every_file_named_is_there(readme: str) -> None:
    linked = set(re.findall(r"\]\((?!https?:)([^)#]+)\)", readme))
    assert [name for name in linked if not (ROOT / name).exists()] == []


def test_every_make_target_named_exists(readme: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", readme, re.MULTILINE)) <= targets
