"""Every verb of the command `attache`, as it is typed, with what its help is made from."""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot import cli


def verbs() -> dict[str, TyperCommand]:
    """`run`, `cohort create`…"""
    root = typer.main.get_command(cli.app)
    assert isinstance(root, TyperGroup)
    found: dict[str, Any] = {}
    for name, command in root.commands.items():
        if isinstance(command, TyperGroup):
            found |= {f"{name} {inner}": each for inner, each in command.commands.items()}
        else:
            found[name] = command
    return found
