"""The application as a whole: screens, keys, themes, refusals and crashes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fixtures_repos.stories.story import token
from forensics.index.database import create_or_open
from forensics.key import Key
from tests.cli.command import forensics
from tests.tui.piloting import comes, drive, grid
from tests.tui.terminal import run_in_terminal
from tui.help import Keys
from tui.page import hinted

START = "from forensics.cli.main import run; run()"
CRASH = """
import os
from tui.screens.audit.screen import ThisScreen

def on_mount(self):
    canary = os.environ["TEST_VALUE"]
    raise ValueError(canary)

ThisScreen.on_mount = on_mount
from forensics.cli.main import run
run()
"""


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """One in which nothing is."""
    path = tmp_path / "index.db"
    create_or_open(path, key).close()
    return path


def test_a_crash_tells_no_values(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a variable nor the message of the error, only where it was."""
    canary = token().decode()
    monkeypatch.setenv("TEST_VALUE", canary)
    code, written = run_in_terminal(CRASH, "tui", index, "--screen", "audit")
    assert code == 2
    assert "unexpected ValueError at <string>:7" in written
    assert canary not in written
    assert "canary" not in written


def test_q_leaves(index: Path) -> None:
    """And the terminal is as it was."""
    code, written = run_in_terminal(
        START, "tui", index, "--screen", "audit", keys="q", once="No entry"
    )
    assert code == 0
    assert written.rstrip().endswith(("\x1b[?1049l", "h", "l", "u"))


def test_without_a_terminal_it_says_what_prints_the_same(index: Path) -> None:
    """And leaves with 2."""
    done = forensics("tui", index)
    assert (done.code, "forensics findings" in done.error()) == (2, True)


def test_another_key_is_a_line_before_the_screen_is_taken(tmp_path: Path, key: Key) -> None:
    """As for every other command."""
    path = tmp_path / "index.db"
    with closing(create_or_open(path, Key(bytes(32), "another"))):
        pass
    code, written = run_in_terminal(START, "tui", path, "--screen", "audit")
    assert code == 2
    assert "was made with the key" in written
    assert "\x1b[?1049h" not in written


def test_keys_are_told_and_can_be_others(index: Path) -> None:
    """The help says the keys that are in force, and the ids to change them by."""

    async def told(pilot: Pilot[Any]) -> None:
        pilot.app.set_keymap({"audit.verify": "w"})
        await pilot.press("question_mark")
        await comes(pilot, Keys)
        lines = [line.split() for line in grid(pilot)]
        assert any({"w", "audit.verify"} <= {*words} for words in lines)

    drive(index, "audit", told, size=(100, 40))


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (20, 5)])
def test_a_screen_that_is_too_small_says_so(index: Path, size: tuple[int, int]) -> None:
    """Instead of showing half of it."""

    async def told(pilot: Pilot[Any]) -> None:
        text = " ".join(" ".join(grid(pilot)).split())
        assert "80 columns and 24 lines" in text

    drive(index, "audit", told, size=size)


def test_keys_of_hints_stand_out() -> None:
    """Whether they are signs or names; words of a message never do."""
    line = hinted("j k line  Enter go there  ? keys  counting is done")
    assert line.plain == "j k line  Enter go there  ? keys  counting is done"
    bold = [line.plain[one.start : one.end] for one in line.spans if one.style == "bold"]
    assert bold == ["j k", "Enter", "?"]
