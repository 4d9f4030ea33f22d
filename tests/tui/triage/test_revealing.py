"""Triage: a value shown for a moment, and by what it is hidden."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from textual.app import App
from textual.command import CommandPalette
from textual.events import AppBlur, MouseDown, MouseMove, MouseUp
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.piloting import comes, drive, grid, settled, until
from tests.tui.triage.scene import VALUE, asks, only, reads, screen, seen
from tests.tui.triage_history import Told
from tui.app import ForensicsApp
from tui.revealed import SECONDS, Revealed
from tui.screens.triage.screen import TriageScreen


async def revealed(pilot: Pilot[Any], told: Told) -> Revealed:
    """Reveal the secret that was rotated; the clock stands still, so that nothing but what a test
    does ends it."""
    await asks(pilot, only(told))
    assert VALUE not in seen(pilot)
    await pilot.press("V")
    found = await comes(pilot, Revealed)
    assert isinstance(found, Revealed)
    found._clock.stop()
    found._left = SECONDS
    return found


async def by_key(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.press("escape")


async def by_a_key_that_does_nothing(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.press("x")


async def by_a_key_of_the_screen_below(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.press("5")
    assert pilot.app.current_mode == "triage"


async def by_a_key_for_panes(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.press("tab")


async def by_scrolling_what_has_one_line(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.press("j")


async def by_time(pilot: Pilot[Any], shown: Revealed) -> None:
    for _ in range(SECONDS - 1):
        shown._second()
    await pilot.pause()
    assert VALUE in "\n".join(grid(pilot))
    shown._second()


async def by_blur(pilot: Pilot[Any], _: Revealed) -> None:
    pilot.app.post_message(AppBlur())


async def by_resize(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.resize_terminal(100, 30)


async def by_palette(pilot: Pilot[Any], shown: Revealed) -> None:
    await pilot.press("ctrl+p")
    await comes(pilot, CommandPalette)
    assert not shown.shows
    shown._second()
    assert str(shown.query_one("#left", Static).render()) == "hidden"
    await pilot.press("escape")


async def by_end_of_time_under_the_palette(pilot: Pilot[Any], shown: Revealed) -> None:
    await pilot.press("ctrl+p")
    await comes(pilot, CommandPalette)
    for _ in range(SECONDS):
        shown._second()
    await pilot.press("escape")


async def by_blur_under_the_palette(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.press("ctrl+p")
    await comes(pilot, CommandPalette)
    pilot.app.post_message(AppBlur())
    await pilot.pause()
    await pilot.press("escape")


@pytest.mark.parametrize(
    "end",
    [by_key, by_a_key_that_does_nothing, by_a_key_of_the_screen_below, by_a_key_for_panes,
     by_scrolling_what_has_one_line, by_time, by_blur, by_resize, by_palette,
     by_end_of_time_under_the_palette, by_blur_under_the_palette],
)  # fmt: skip
def test_a_value_shows_until_it_is_hidden(
    told: Told,
    end: Callable[[Pilot[Any], Revealed], Any],
) -> None:
    """By a key, after 15 seconds, without focus, in another size, under another screen; the
    journal tells of it."""

    async def look(pilot: Pilot[Any]) -> None:
        shown = await revealed(pilot, told)
        assert VALUE in "\n".join(grid(pilot))
        await end(pilot, shown)
        await until(pilot, lambda: not isinstance(pilot.app.screen, Revealed), "its end")
        await pilot.pause()
        assert VALUE not in seen(pilot)
        assert pilot.app.clipboard == ""
        screen(pilot).poll()
        await settled(pilot)
        assert "stale" not in grid(pilot)[0]

    drive(told.index, "triage", look)
    last = told.journal()[-1]
    assert (last.kind, last.subject, last.facts) == (
        "revealed", told.name(1), {"to": "terminal"},
    )  # fmt: skip


def test_a_value_cannot_be_selected(told: Told) -> None:
    """Dragging over it takes nothing that ctrl+c would copy."""

    async def look(pilot: Pilot[Any]) -> None:
        await revealed(pilot, told)
        await pilot._post_mouse_events([MouseDown], "#value", (0, 0), button=1)
        await pilot._post_mouse_events([MouseMove], "#value", (20, 0), button=1)
        await pilot._post_mouse_events([MouseUp], "#value", (20, 0), button=1)
        assert not pilot.app.screen.get_selected_text()

    drive(told.index, "triage", look)


@pytest.mark.parametrize("gone", ["focus", "size"])
def test_nobody_who_looks_no_value(
    told: Told,
    gone: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the terminal lost the focus, or is too small by now, while it was read."""
    hold, reading = threading.Event(), threading.Event()
    read = TriageScreen._value

    def slow(self: TriageScreen, secret: str) -> bytes | None:
        reading.set()
        hold.wait(60)
        return read(self, secret)

    monkeypatch.setattr(TriageScreen, "_value", slow)

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        await pilot.press("V")
        await until(pilot, reading.is_set)
        if gone == "focus":
            pilot.app.post_message(AppBlur())
            await until(pilot, lambda: not pilot.app.app_focus)
        else:
            await pilot.resize_terminal(79, 24)
        hold.set()
        await settled(pilot)
        assert not isinstance(pilot.app.screen, Revealed)

    drive(told.index, "triage", look)


def test_of_a_very_long_value_it_says_how_much_is_shown() -> None:
    """Twenty thousand characters of it."""

    class Shown(App[None]):
        def on_mount(self) -> None:
            self.push_screen(Revealed("#1", b"x" * 20_001))

    async def run() -> None:
        async with Shown().run_test() as pilot:
            await until(pilot, lambda: any("20,000 of 20,001" in one for one in grid(pilot)))
            shown = pilot.app.screen
            assert isinstance(shown, Revealed)
            await pilot.press("j", "k")
            assert shown.shows
            await pilot.press("x")
            await until(pilot, lambda: not isinstance(pilot.app.screen, Revealed))

    asyncio.run(run())


def test_without_a_journal_nothing_is_revealed(
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody holds the index: the value is not even read."""
    monkeypatch.setattr("forensics.index.database._BUSY_SECONDS", 0.1)

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        with closing(sqlite3.connect(told.index, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await pilot.press("V")
            await reads(pilot, "not revealed: the index cannot be written")
        assert not isinstance(pilot.app.screen, Revealed)
        assert VALUE not in seen(pilot)

    drive(told.index, "triage", look)
    assert "revealed" not in [one.kind for one in told.journal()]


@pytest.mark.parametrize("allowed", [False, True])
def test_a_value_is_copied_only_where_that_was_said(
    told: Told,
    allowed: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When starting; the journal is told again, and nothing here pastes it."""
    copied: list[str] = []
    copy = ForensicsApp.copy_to_clipboard

    def to_clipboard(app: ForensicsApp, text: str) -> None:
        copied.append(text)
        copy(app, text)

    monkeypatch.setattr(ForensicsApp, "copy_to_clipboard", to_clipboard)

    async def look(pilot: Pilot[Any]) -> None:
        await revealed(pilot, told)
        await pilot.press("c")
        await reads(pilot, "copied" if allowed else "needs --raw-copy")
        await pilot.press("escape", "slash", "ctrl+v")
        assert pilot.app.clipboard == ""
        assert VALUE not in seen(pilot)

    drive(told.index, "triage", look, raw_copy=allowed)
    assert copied == ([VALUE] if allowed else [])
    where = [one.facts["to"] for one in told.journal() if one.kind == "revealed"]
    assert where == (["terminal", "clipboard"] if allowed else ["terminal"])
