"""Columns that the user chooses, and that are there again the next time."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.piloting import comes, drive, grid, settled
from tests.tui.triage_history import Told
from tui.choosing_columns import ChooseColumns
from tui.table.columns import Cell, Column, widths
from tui.table.table import Table


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
    ("mode", "keys", "left_out", "other"),
    [
        ("triage", (), "STATE", "SECRET"),
        ("rotation", ("j",), "SEV", "SECRET"),
        ("audit", ("j",), "UTC", "NO"),
    ],
)
def test_a_column_left_out_stays_so(
    told: Told, mode: str, keys: tuple[str, ...], left_out: str, other: str
) -> None:
    """Until it is wanted again."""

    async def leave_out(pilot: Pilot[Any]) -> None:
        assert left_out in header(pilot, other)
        await choose(pilot, *keys, "space", "enter")
        assert left_out not in header(pilot, other)

    async def take_in(pilot: Pilot[Any]) -> None:
        assert left_out not in header(pilot, other)
        await choose(pilot, *keys, "space", "enter")
        assert left_out in header(pilot, other)

    async def there(pilot: Pilot[Any]) -> None:
        assert left_out in header(pilot, other)

    drive(told.index, mode, leave_out)
    drive(told.index, mode, take_in)
    drive(told.index, mode, there)


def test_what_is_left_out_makes_room(told: Told) -> None:
    """Without severity and rule, the status has room in 80 columns."""

    async def do(pilot: Pilot[Any]) -> None:
        assert "WHERE" not in header(pilot, "STATE")
        await choose(pilot, "j", "space", "j", "space", "enter")
        assert header(pilot, "STATE").split()[:3] == ["STATE", "SECRET", "WHERE"]

    drive(told.index, "triage", do)


def test_esc_changes_nothing(told: Told) -> None:
    """Whatever was chosen until then."""

    async def do(pilot: Pilot[Any]) -> None:
        before = header(pilot, "WHAT")
        await choose(pilot, "j", "space", "escape")
        assert header(pilot, "WHAT") == before

    drive(told.index, "audit", do)


NAMING = [("triage", "SECRET"), ("rotation", "SECRET"), ("audit", "NO")]


@pytest.mark.parametrize(("mode", "title"), NAMING)
def test_what_says_which_row_is_which_stays(told: Told, mode: str, title: str) -> None:
    """The dialog says so; all else can be left out."""

    async def do(pilot: Pilot[Any]) -> None:
        await pilot.press("vertical_line")
        dialog = await comes(pilot, ChooseColumns)
        for _ in range(dialog.list.option_count):
            await pilot.press("space", "j")
        assert any(f"{title} says which row is which" in line for line in grid(pilot))
        await pilot.press("enter")
        await settled(pilot)
        assert header(pilot, title).split() == [title]
        assert any(line.startswith(">") for line in grid(pilot))

    drive(told.index, mode, do)


@pytest.mark.parametrize(("mode", "title"), NAMING)
def test_an_older_version_could_leave_it_out(told: Told, mode: str, title: str) -> None:
    """What was kept of that does not hold."""

    async def keep(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        table = next(one for one in app.screen.query(Table) if one.region.width)
        hidden = {f"{mode}-hidden": [one.name for one in table.columns]}
        app.visit.remembered.keep(**hidden)

    async def look(pilot: Pilot[Any]) -> None:
        assert header(pilot, title).split() == [title]

    drive(told.index, mode, keep)
    drive(told.index, mode, look)


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
