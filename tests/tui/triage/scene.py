"""What tests of the Triage screen do."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.piloting import grid, settled, until
from tests.tui.triage_history import MANY, Told
from tui.screens.triage.screen import TriageScreen

__all__ = ["ALL", "asks", "here", "only", "reads", "screen"]


ALL = MANY + 2


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
