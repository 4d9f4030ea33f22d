"""Triage: orders, matches, hostile names, an empty index and a read-only one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from forensics.index.database import create_or_open
from forensics.key import Key
from tests.tui.piloting import comes, drive, grid, settled
from tests.tui.triage.scene import ALL, asks, reads, screen
from tests.tui.triage_history import Told
from tui.dialogs import AskText
from tui.picking import Pick


def test_sorting_by_key_and_by_header(told: Told) -> None:
    """The same column once more turns the order around."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("s")
        dialog = await comes(pilot, Pick)
        dialog.query_one(OptionList).highlighted = 4
        await pilot.press("enter")
        await reads(pilot, "LAST^")
        await settled(pilot)
        at = grid(pilot)[2].index("LAST")
        await pilot.click("#secrets", offset=(at, 0))
        await settled(pilot)
        assert "LASTv" in grid(pilot)[2]
        assert grid(pilot)[0].endswith(f"{ALL} of {ALL}")

    drive(told.index, "triage", look)


def test_the_next_match_of_a_text(told: Told) -> None:
    """Asked for where the query has none; around the end."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("j", "j", "j", "n")
        dialog = await comes(pilot, AskText)
        dialog.query_one(Input).value = "deploy/prod"
        await pilot.press("enter")
        await settled(pilot)
        places = []
        for _ in range(3):
            await pilot.press("n")
            await settled(pilot)
            places.append(screen(pilot).table.cursor)
        assert len(set(places)) == 2
        assert places[0] == places[2]

    drive(told.index, "triage", look)


def test_hostile_names_stay_where_they_belong(told: Told) -> None:
    """Escapes, directions, bytes and markup are shown as what they are; every line fits."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:many.env")
        for keys in ((), ("plus",), ("plus", "backslash")):
            await pilot.press(*keys)
            await settled(pilot)
            text = "\n".join(grid(pilot))
            assert not set("\x1b\u202e\u200b") & set(text)
            assert "[red]b" in text
            assert all(len(line) <= 80 for line in grid(pilot))

    drive(told.index, "triage", look)


def test_an_index_without_a_scan_says_so(tmp_path: Path, key: Key) -> None:
    """And where one is started."""
    index = tmp_path / "index.db"
    create_or_open(index, key).close()

    async def look(pilot: Pilot[Any]) -> None:
        assert any("S scans here" in line for line in grid(pilot))
        assert grid(pilot)[0].endswith("0 of 0")

    drive(index, "triage", look)


def test_read_only_decides_and_reveals_nothing(told: Told) -> None:
    """The journal is as before."""
    before = told.journal()

    async def look(pilot: Pilot[Any]) -> None:
        for key in "afVO":
            await pilot.press(key)
            await reads(pilot, "this is read-only")
            screen(pilot).say("")

    drive(told.index, "triage", look, read_only=True)
    assert told.journal() == before
