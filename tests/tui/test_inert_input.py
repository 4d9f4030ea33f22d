"""Lines to write in draw nothing but text, whatever was put there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.pilot import Pilot

import tui
from forensics.report.text import printable
from tests.tui.piloting import drive, grid, settled
from tests.tui.triage_history import Told
from tui.inert_input import InertInput

HOSTILE = "a\x1b[31mb\x1b]0;pwn\x07c\x9b2J\u202ed\u200be\u2028f\x85g\r\nh"


def test_what_is_drawn_is_printable() -> None:
    """Each character takes its own place, so that the cursor stands where it should."""

    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield InertInput(HOSTILE)

    async def run() -> None:
        async with One().run_test(size=(80, 5)) as pilot:
            text = "".join(grid(pilot))
            assert printable(text) == text
            assert "[31mb" in text
            assert pilot.app.query_one(InertInput).value == HOSTILE

    asyncio.run(run())


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("one\n  two\r\n\r\nthree\n", "one two three"),
        ("a\x1b[31mb\x07\x9bc\td", "a[31mbc d"),
        (" b", " b"),
        ("\n", ""),
    ],
)
def test_all_lines_that_are_pasted_are_taken(pasted: str, text: str) -> None:
    """One after another, and no control character; a space at the start of one line stays."""

    class One(App[None]):
        def compose(self) -> ComposeResult:
            yield InertInput("a")

    async def run() -> None:
        async with One().run_test(size=(80, 5)) as pilot:
            field = pilot.app.query_one(InertInput)
            field.action_end()
            pilot.app.post_message(Paste(pasted))
            await pilot.pause()
            assert field.value == f"a{text}"

    asyncio.run(run())


@pytest.mark.parametrize("mode", ["triage", "rotation"])
def test_a_query_from_a_facet_is_inert(told: Told, mode: str) -> None:
    """Whoever names a folder writes what stands in the line then."""

    async def do(pilot: Pilot[Any]) -> None:
        await pilot.app.open_screen(mode, f'path:"{HOSTILE[:30]}"')  # type: ignore[attr-defined]
        await settled(pilot)
        text = "".join(grid(pilot))
        assert printable(text) == text
        assert "[31mb" in text

    drive(told.index, mode, do)


def test_there_is_no_other_line_to_write_in() -> None:
    """The library's own draws what it is given."""
    for path in Path(tui.__path__[0]).rglob("*.py"):
        if path.name != "inert_input.py":
            text = path.read_text()
            assert " Input(" not in text, path
            assert "(Input)" not in text.replace("query_one(Input)", ""), path
