"""What tests of the Triage screen do."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from fixtures_repos.stories.story import token
from tests.tui.piloting import grid, settled, until
from tests.tui.triage_history import MANY, Told
from tui.screens.triage.screen import TriageScreen

__all__ = ["ALL", "VALUE", "asks", "here", "only", "reads", "screen", "seen"]


ALL = MANY + 2
VALUE = token(1).decode()
"""The secret that was rotated."""


def screen(pilot: Pilot[Any]) -> TriageScreen:
    """The screen in front."""
    found = pilot.app.screen
    assert isinstance(found, TriageScreen)
    return found


def here(pilot: Pilot[Any]) -> str:
    """The fingerprint of the current secret."""
    row = screen(pilot).table.row
    assert row is not None
    return row.fingerprint


def only(told: Told) -> str:
    """A query for the secret that was rotated."""
    return f"fp:{told.name(1)[:16]}"


async def asks(pilot: Pilot[Any], text: str) -> None:
    """Write a query and list what it says."""
    await pilot.press("slash")
    screen(pilot).query_one(Input).value = text
    await pilot.press("enter")
    await settled(pilot)


async def reads(pilot: Pilot[Any], words: str) -> None:
    """Wait until the screen has these words."""
    await until(pilot, lambda: any(words in line for line in grid(pilot)), words)


def seen(pilot: Pilot[Any]) -> str:
    """Everything on the screen, and in a picture of it."""
    return "\n".join(grid(pilot)) + pilot.app.export_screenshot().replace("&#160;", " ")
