"""Driving the drift screen in tests, and what it should show."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from textual.pilot import Pilot
from textual.widgets import Input

from fixtures_repos.builder import Builder
from forensics.report.drift.lines import matrix_json
from tests.cli.command import forensics
from tests.tui.piloting import comes, grid, settled
from tui.dialogs import AskText

__all__ = [
    "Told", "asked", "at", "commit_shown", "env", "keys", "of", "row", "same", "shown",
    "told_matrix",
]  # fmt: skip


class Told(NamedTuple):
    """A repository, an index, and commits by name."""

    path: Path
    database: Path
    commits: dict[str, str]


def env(**values: str) -> str:
    """A dotenv file."""
    return "".join(f"{name}={value}\n" for name, value in values.items())


def of(path: Path, **files: str) -> Path:
    """A repository with a commit of these environments."""
    builder = Builder(path)
    for name, text in files.items():
        builder.write(f"web/.env.{name}", text)
    builder.commit("Start")
    return builder.populate()


def shown(pilot: Pilot[Any]) -> str:
    """All of the screen."""
    return "\n".join(grid(pilot))


def row(pilot: Pilot[Any], key: str) -> list[str]:
    """The words of a key's row, without the marks of what is current."""
    for line in grid(pilot)[4:]:
        words = line.lstrip(">* ").split()
        if words and words[0] == key:
            return [word.strip("[]") for word in words[1:]]
    raise AssertionError(f"no row of {key}")


def commit_shown(pilot: Pilot[Any]) -> str:
    """The commit in the slider's line."""
    found = re.search(r" T \S+ ([0-9a-f]{7})", grid(pilot)[1])
    assert found
    return found[1]


async def keys(pilot: Pilot[Any], *pressed: str) -> None:
    """Press, and wait for what comes of it."""
    for one in pressed:
        await pilot.press(one)
    await settled(pilot)


async def asked(pilot: Pilot[Any], text: str) -> None:
    """Jump to a date or ref."""
    await pilot.press("@")
    (await comes(pilot, AskText)).query_one(Input).value = text
    await pilot.press("enter")
    await settled(pilot)


def told_matrix(pilot: Pilot[Any]) -> dict[str, Any]:
    """What is shown, as `-f json` has it."""
    view: Any = pilot.app.screen
    told: dict[str, Any] = json.loads("".join(matrix_json(view._view.matrix, {})))
    return told


def at(told: Told, commit: str) -> dict[str, Any]:
    """The same from the command line."""
    other = told.database.with_name("other.db")
    done = forensics("drift", told.path, "--at", commit, "-f", "json", "--index", other)
    found: dict[str, Any] = json.loads(done.out)
    return found


def same(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    """All but what the commit was asked for by."""
    return found | {"ref": ""} == expected | {"ref": ""}
