"""Texts of ten thousand characters, wide ones, bytes that are no text, and what is meant for the
terminal: inert on every screen, in its place, and never worked on where keys are answered."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Static

from forensics.key import Key
from tests.tui.hostile import LONG, made
from tests.tui.piloting import drive, settled
from tui.pager import Pager
from tui.screens.triage import detail
from tui.screens.triage.columns import SORTED_BY
from tui.screens.triage.detail_lines import detail_lines
from tui.table.table import Table

SIZES = [(80, 24), (120, 40), (160, 50), (200, 60)]
KEYS = {
    "overview": ["j", "j"],
    "triage": ["j", "plus", "plus", "backslash", "j", "escape"],
    "rotation": ["j", "backslash", "j", "escape", "enter"],
    "audit": ["j", "enter"],
}
_MOST = 2_000
"""Characters of one text that may be worked on between two keys."""


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """Its name is wide too."""
    return made(tmp_path / "索引索引.db", key)


def lines(pilot: Pilot[Any]) -> list[str]:
    """The lines of the screen with the spaces at their ends."""
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def cells(line: str) -> list[str]:
    """What stands in each cell; nothing in the second one of a wide character."""
    return [part for one in line for part in (one, "")[: cell_len(one)]]


def gaps(table: Table[Any]) -> Iterator[int]:
    """Where no cell of a table's rows may have anything: between two columns."""
    at = 1
    for width in [*table._wide.values()][:-1]:
        at += width + 1
        yield at


def check(pilot: Pilot[Any]) -> None:
    """Nothing moves the cursor or the layout; columns stand under their heads."""
    width, height = pilot.app.size
    shown = lines(pilot)
    assert len(shown) == height
    assert [cell_len(line) for line in shown] == [width] * height
    text = "".join(shown)
    assert not set("\x1b\u202e\u200b\r\n") & set(text)
    if pilot.app.screen.is_modal or isinstance(pilot.app.screen, Pager):
        return
    for table in pilot.app.screen.query(Table):
        if not table.display or pilot.app.screen.has_class("-facets"):
            continue
        left, top = table.region.offset
        for y in range(top, min(top + 1 + table.count, table.region.bottom)):
            line = cells(shown[y])
            assert all(line[left + x] == " " for x in gaps(table) if left + x < width), shown[y]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("mode", KEYS)
def test_everything_stays_in_its_place(index: Path, mode: str, size: tuple[int, int]) -> None:
    """Whatever is opened."""

    async def look(pilot: Pilot[Any]) -> None:
        check(pilot)
        for key in KEYS[mode]:
            await pilot.press(key)
            await settled(pilot)
            check(pilot)

    drive(index, mode, look, size=size)


@pytest.mark.parametrize("mode", KEYS)
def test_long_texts_are_cut_before_they_reach_what_answers_keys(
    index: Path, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Threads may take their time; the one that draws is given no text longer than what shows."""
    from textual.app import App

    longest = {"printable": 0, "update": 0}

    def noted(what: str, real: Callable[..., Any], place: int) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            if threading.current_thread() is threading.main_thread() and len(arguments) > place:
                given = max(map(len, str(arguments[place]).splitlines()), default=0)
                longest[what] = max(longest[what], given)
            return real(*arguments, **options)

        return wrapped

    def nothing_here(*arguments: Any, **options: Any) -> Any:
        assert threading.current_thread() is not threading.main_thread()
        return detail_lines(*arguments, **options)

    monkeypatch.setattr(detail, "detail_lines", nothing_here)
    monkeypatch.setattr(Static, "update", noted("update", Static.update, 1))

    async def look(pilot: Pilot[Any]) -> None:
        assert isinstance(pilot.app, App)
        for name, module in [*sys.modules.items()]:
            if name.startswith("tui.") and hasattr(module, "printable"):
                monkeypatch.setattr(module, "printable", noted("printable", module.printable, 0))
        for key in [*KEYS[mode], "escape", "j", "k"]:
            await pilot.press(key)
            await settled(pilot)
        assert 0 < max(longest.values()) < _MOST < LONG

    drive(index, mode, look, size=(160, 50))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_head_above_wide_cells_is_clicked_where_it_stands(
    index: Path, size: tuple[int, int]
) -> None:
    """At its first cell and at its last."""

    async def look(pilot: Pilot[Any]) -> None:
        table = pilot.app.screen.query_one("#secrets", Table)
        at = 2
        clicked = 0
        for name, width in table._wide.items():
            for x in (at, at + width - 1):
                before = table.sorted_by, table.descending
                await pilot.click("#secrets", offset=(x, 0))
                await settled(pilot)
                if name in SORTED_BY:
                    assert table.sorted_by == name
                    assert (table.sorted_by, table.descending) != before
                    clicked += 1
                else:
                    assert (table.sorted_by, table.descending) == before
            at += width + 1
        assert clicked >= 8
        check(pilot)

    drive(index, "triage", look, size=size)
