"""Tests use real parts: nothing is patched but the environment."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
SUSPECTS = ("mock", "monkeypatch")


def patches(code: str) -> list[int]:
    """Lines that import a mocking library or replace an attribute of somebody else's object."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
            imported = [name.name for name in node.names]
            if any(part in ("mock", "pytest_mock") for name in [*modules, *imported] for part in name.split(".")):
                found.append(node.lineno)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "monkeypatch" and node.attr in ("setattr", "delattr", "setitem", "delitem"):
                found.append(node.lineno)
        elif isinstance(node, ast.arg) and node.arg == "mocker":
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("file", sorted(TESTS.rglob("*.py")), ids=lambda file: file.relative_to(TESTS).as_posix())
def test_nothing_is_mocked(file: Path) -> None:
    assert patches(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "from unittest import mock",
        "from unittest.mock import patch",
        "import unittest.mock as m",
        "import mock",
        "def test(monkeypatch): monkeypatch.setattr('a', 'b')",
        "def test(monkeypatch): monkeypatch.setitem({}, 'a', 'b')",
        "def test(mocker): pass",
    ],
)
def test_a_mock_would_be_seen(code: str) -> None:
    assert patches(code) == [1]


def test_the_environment_may_be_set() -> None:
    assert patches("def test(monkeypatch): monkeypatch.setenv('A', 'b')") == []
