"""Columns that the user chooses, and that are there again the next time."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.piloting import comes, drive, grid, settled
from tests.tui.triage_history import Told
from tui.choosing_columns import ChooseColumns
from tui.table.columns import Cell, Column, widths


def header(pilot: Pilot[Any], word: str) -> str:
    """The line above a list."""
    return next(line for line in grid(pilot) if word in line)


async def choose(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys in the dialog."""
    await pilot.press("vertical_line")
    await comes(pilot, ChooseColumns)
    await pilot.press(*keys)
    await settled(pilot)


@pytest.mark.parametrize(
    ("mode", "first", "other"),
    [("triage", "STATE", "RULE"), ("rotation", "SECRET", "SLOT"), ("audit", "NO", "WHAT")],
)
def test_a_column_left_out_stays_so(told: Told, mode: str, first: str, other: str) -> None:
    """Until it is wanted again."""

    async def leave_out(pilot: Pilot[Any]) -> None:
        assert first in header(pilot, other).split()[0]
        await choose(pilot, "space", "enter")
        assert first not in header(pilot, other).split()[0]

    async def take_in(pilot: Pilot[Any]) -> None:
        assert first not in header(pilot, other).split()[0]
        await choose(pilot, "space", "enter")
        assert first in header(pilot, other).split()[0]

    async def there(pilot: Pilot[Any]) -> None:
        assert first in header(pilot, other).split()[0]

    drive(told.index, mode, leave_out)
    drive(told.index, mode, take_in)
    drive(told.index, mode, there)


def test_what_is_left_out_makes_room(told: Told) -> None:
    """Without severity, rule and sightings, the status has room in 80 columns."""

    async def do(pilot: Pilot[Any]) -> None:
        assert "WHERE" not in header(pilot, "STATE")
        await choose(pilot, "j", "space", "j", "j", "space", "enter")
        assert header(pilot, "STATE").split()[:3] == ["STATE", "RULE", "WHERE"]

    drive(told.index, "triage", do)


def test_esc_changes_nothing_and_one_column_stays(told: Told) -> None:
    """All cannot be left out."""

    async def do(pilot: Pilot[Any]) -> None:
        before = header(pilot, "WHAT")
        await choose(pilot, "space", "escape")
        assert header(pilot, "WHAT") == before
        await pilot.press("vertical_line")
        asked = await comes(pilot, ChooseColumns)
        await pilot.press(*["space", "j"] * 6, "enter")
        await pilot.pause()
        assert "At least one stays" in str(asked.query_one("#keys", Static).render())
        await pilot.press("escape")

    drive(told.index, "audit", do)


def test_a_table_leaves_out_first_what_needs_most_room() -> None:
    """A column comes at the width it needs, less what others left to it."""
    columns = [
        Column[str](name, name, Cell, 10, least=least)
        for name, least in (("a", 0), ("b", 21), ("c", 32))
    ]
    assert [*widths(columns, 25)] == ["a", "b"]
    assert [*widths(columns, 25, hidden={"b"})] == ["a", "c"]
    assert [*widths(columns, 20, hidden={"b"})] == ["a"]
    assert [*widths(columns, 20, hidden={"c"})] == ["a"]
