"""docs/tui.md: its tour, played as it stands there, and its pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.pilot import Pilot

from forensics.key import Key
from tests.cli.command import forensics
from tests.tui.pictures import PICTURES
from tests.tui.piloting import drive, grid, until

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "tui.md").read_text("utf-8")
QUOTED = re.compile(r"`([^`]+)`")
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
NAMES = {"Enter": "enter", "Esc": "escape", "Tab": "tab", "Space": "space"}


class Step(NamedTuple):
    """A row of the tour."""

    keys: tuple[str, ...]
    words: tuple[str, ...]


def tour() -> list[Step]:
    """What the page says to press, and what is to be seen then."""
    _, _, after = DOCUMENT.partition("| press | what that does | where it shows |\n|---|---|---|\n")
    steps = []
    for line in after.partition("\n\n")[0].splitlines():
        _, keys, _, words, _ = line.split("|")
        steps.append(Step(tuple(QUOTED.findall(keys)), tuple(QUOTED.findall(words))))
    return steps


def pressed(key: str) -> list[str]:
    """Keys as the pilot knows them; what is no key is typed."""
    return [NAMES[key]] if key in NAMES else [*key]


def test_the_tour_can_be_taken(tmp_path: Path, key: Key) -> None:
    """On the example repository, from its first key to the one that leaves."""
    assert key
    place = tmp_path / "example"
    assert "$ forensics scan" in forensics("demo", "--keep", place).out
    repository = place / "acme"
    steps = tour()

    async def take(pilot: Pilot[Any]) -> None:
        for step in steps:
            for one in step.keys:
                await pilot.press(*pressed(one))
            for words in step.words:
                await until(pilot, lambda w=words: w in "\n".join(grid(pilot)), f"{step}: {words}")
        await until(pilot, lambda: pilot.app._exit, "the end")

    index = repository / ".git" / "forensics" / "index.db"
    drive(index, "overview", take, repository=repository)
    assert len(steps) > 12


def pictures_of(document: Path) -> list[Path]:
    """The files that a document shows."""
    shown = PICTURE.findall(document.read_text("utf-8"))
    return [document.parent / one for one in shown]


@pytest.mark.parametrize("document", ["README.md", "docs/tui.md"])
def test_pictures_are_those_that_tests_draw(document: str) -> None:
    """tests/tui/test_pictures.py compares each with what the interface shows."""
    shown = pictures_of(ROOT / document)
    assert shown
    for one in shown:
        assert one.parent.resolve() == PICTURES
        assert one.is_file()
