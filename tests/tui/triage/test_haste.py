"""Triage: keys pressed faster than anything can be written or counted."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from forensics.index.browse.browser import Browser
from tests.tui.piloting import comes, drive, grid, said, settled, until
from tests.tui.triage.scene import ALL, asks, here, only, reads, screen
from tests.tui.triage_history import MANY, Told
from tui.browsing import Browsers
from tui.dialogs import AskFields
from tui.screens.triage.reading import excerpt
from tui.undoing import Undoing


@pytest.fixture
def slow_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every decision takes a moment."""
    decide = Undoing.decide

    def slow(*args: Any) -> Any:
        time.sleep(0.2)
        return decide(*args)

    monkeypatch.setattr(Undoing, "decide", slow)


@pytest.mark.usefixtures("slow_writes")
@pytest.mark.parametrize("pressed", ["AAA", "fjaj", "AZAa"])
def test_no_decision_is_lost(told: Told, pressed: str) -> None:
    """Each is about the row that was current when its key was pressed, and none is news."""
    names: list[str] = []

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:many.env")
        for place in range(3):
            names.append(here(pilot))
            await pilot.press("j" if place < 2 else "g")
        screen(pilot).table.move_to(0)
        await pilot.press(*pressed)
        await settled(pilot)
        assert "stale" not in "\n".join(grid(pilot))

    drive(told.index, "triage", look)
    states = [one.state() if (one := told.decided(name)) else None for name in names]
    assert (
        states
        == {
            "AAA": ["confirmed"] * 3,
            "fjaj": ["false-positive", "confirmed", None],
            "AZAa": ["confirmed", "confirmed", "confirmed"],
        }[pressed]
    )  # there was nothing to do again


@pytest.mark.usefixtures("slow_writes")
def test_a_second_thought_about_a_secret_is_no_conflict(told: Told) -> None:
    """The later key holds."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        await pilot.press("f", "a")
        await settled(pilot)
        assert "stale" not in "\n".join(grid(pilot))

    drive(told.index, "triage", look)
    done = told.decided(told.name(1))
    assert done is not None
    assert done.state() == "confirmed"


def held_vectors(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Only the first three rows are known until this is called."""
    go_on = threading.Event()
    vector, first = Browser.vector, Browser.first

    def late(*args: Any, **options: Any) -> Any:
        go_on.wait(60)
        return vector(*args, **options)

    def short(self: Browser, query: Any, order: Any, _: int) -> Any:
        return first(self, query, order, 3)

    monkeypatch.setattr(Browser, "vector", late)
    monkeypatch.setattr(Browser, "first", short)
    return go_on.set


def test_all_are_marked_only_once_all_are_known(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then it says so, and marks none."""
    go_on = held_vectors(monkeypatch)

    async def look(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: len(screen(pilot).ids) == 3)
        await pilot.press("*")
        await reads(pilot, "not all that fit are known yet")  # keys do not wait for ever
        assert not screen(pilot).marked
        go_on()
        await settled(pilot)
        await pilot.press("*")
        assert len(screen(pilot).marked) == MANY + 2

    drive(told.index, "triage", look, settle=False)


def test_marks_of_another_query_are_not_decided_about(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is known which of them are still listed."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:many.env")
        await pilot.press("space", "space")
        assert len(screen(pilot).marked) == 2
        go_on = held_vectors(monkeypatch)
        await pilot.press("slash")
        screen(pilot).query_one(Input).value = only(told)
        await pilot.press("enter")
        await until(pilot, lambda: len(screen(pilot).ids) == 1)
        await pilot.press("f")
        await reads(pilot, "not all that fit are known yet")
        go_on()
        await settled(pilot)
        assert not screen(pilot).marked

    before = told.journal()
    drive(told.index, "triage", look)
    assert told.journal() == before


def test_the_current_secret_stays_while_the_list_is_read_again(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was current when that began: keys go on meanwhile."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:many.env")
        go_on = held_vectors(monkeypatch)
        await pilot.press("f5")
        await pilot.press("j", "j", "j", "j")
        secret = here(pilot)
        go_on()
        await settled(pilot)
        assert (screen(pilot).table.cursor, here(pilot)) == (4, secret)

    drive(told.index, "triage", look)


def test_a_page_of_an_older_list_is_not_shown_under_a_newer_one(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows would be marked and decided about as others."""
    go_on, reading = threading.Event(), threading.Event()
    rows = Browsers.rows

    def late(self: Browsers, connection: Any, ids: Any) -> Any:
        if len(ids) == ALL:
            reading.set()
            go_on.wait(60)
        return rows(self, connection, ids)

    async def look(pilot: Pilot[Any]) -> None:
        monkeypatch.setattr(Browsers, "rows", late)
        await pilot.press("G", "f5")
        await until(pilot, reading.is_set)
        screen(pilot).enter("path:deploy")
        await until(pilot, lambda: grid(pilot)[0].endswith(f" 2 of {ALL}"))
        go_on.set()
        await settled(pilot)
        assert {one.id for one in screen(pilot).table.pages.here()} == {*screen(pilot).ids}

    drive(told.index, "triage", look)


def test_no_context_stands_where_no_secret_is_shown(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it was being read when there still was one."""
    go_on, reading = threading.Event(), threading.Event()

    def late(*given: Any) -> Any:
        reading.set()
        go_on.wait(60)
        return excerpt(*given)

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        monkeypatch.setattr("tui.screens.triage.screen.excerpt", late)
        screen(pilot).reread_detail()
        await until(pilot, reading.is_set)
        screen(pilot).enter("rule:nothing")
        await reads(pilot, "Esc clears it")
        go_on.set()
        await settled(pilot)
        assert screen(pilot).detail._excerpt is None
        assert any("Esc clears it" in line for line in grid(pilot))

    drive(told.index, "triage", look)


@pytest.mark.parametrize("wrong", ["2001-01-31", "soon", "2300-01-31"])
def test_a_wrong_date_keeps_the_dialog(told: Told, wrong: str) -> None:
    """With all that was written in it."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        await pilot.press("w")
        dialog = await comes(pilot, AskFields)
        dialog.query_one("#field-reason", Input).value = "a test account"
        dialog.query_one("#field-expires", Input).value = wrong
        await pilot.press("enter")
        await reads(pilot, "expires")
        assert "--expires" not in "\n".join(grid(pilot))
        assert pilot.app.screen is dialog
        assert dialog.query_one("#field-reason", Input).value == "a test account"
        dialog.query_one("#field-expires", Input).value = "2034-01-31"
        await pilot.press("enter")
        await reads(pilot, "z takes it back")

    drive(told.index, "triage", look)


@pytest.mark.parametrize("pressed", ["c", "w", "r"])
def test_what_is_typed_before_a_dialog_is_there_decides_nothing(told: Told, pressed: str) -> None:
    """It was meant for the dialog."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        for one in (pressed, "f", "u", "2", "V"):
            pilot.app.post_message(events.Key(one, one))
        dialog = await comes(pilot, AskFields)
        assert pilot.app.screen is dialog
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("f")
        await reads(pilot, "takes it back")

    drive(told.index, "triage", look)
    kinds = [one.facts.get("state") for one in told.journal() if one.kind == "triaged"]
    assert kinds == ["false-positive"]
    assert not [one for one in told.journal() if one.kind == "revealed"]


def test_what_is_stale_is_passed_over(told: Told) -> None:
    """The next undo is about the change before."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:many.env")
        first = here(pilot)
        await pilot.press("F")
        await settled(pilot)
        second = here(pilot)
        await pilot.press("f")
        await settled(pilot)
        await asyncio.to_thread(told.decide_about, second, "test")
        await pilot.press("z")
        await until(pilot, lambda: f"false: #{second[:8]} stays as it is" in said(pilot))
        await pilot.press("z")
        await reads(pilot, f"took back: false: #{first[:8]}")
        await pilot.press("z")
        await reads(pilot, "there is nothing to undo")

    drive(told.index, "triage", look)


def test_what_takes_long_to_write_is_blamed_on_nobody(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be that somebody else writes, or that it is much."""
    decide, go_on = Undoing.decide, threading.Event()

    def held(*args: Any) -> Any:
        go_on.wait(60)
        return decide(*args)

    monkeypatch.setattr(Undoing, "decide", held)

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:many.env")
        await pilot.press("a")
        await reads(pilot, "not written yet: it is much, or somebody else writes the index")
        go_on.set()
        await reads(pilot, "takes it back")

    drive(told.index, "triage", look)
