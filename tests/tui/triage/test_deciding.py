"""Triage: marks, decisions one by one and in bulk, undone and done again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.piloting import comes, drive, grid, said, settled
from tests.tui.triage.scene import ALL, asks, here, only, reads, screen
from tests.tui.triage_history import MANY, Told
from tui.dialogs import AskFields, AskText


@pytest.mark.parametrize(
    ("pressed", "state", "word"),
    [("a", "confirmed", "REAL"), ("f", "false-positive", "FP"), ("A", "confirmed", "REAL")],
)
def test_a_key_decides_and_the_row_stays(told: Told, pressed: str, state: str, word: str) -> None:
    """Restyled where it stands; shifted, the next one is current after it."""
    names: list[str] = []

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "state:open path:deploy")
        names.append(here(pilot))
        await pilot.press(pressed)
        await settled(pilot)
        row = next(line for line in grid(pilot) if word in line.split()[:3])
        assert row.startswith("  " if pressed.isupper() else "> ")
        assert grid(pilot)[0].endswith(f"2 of {ALL}")
        await pilot.press("f5")
        await settled(pilot)
        assert grid(pilot)[0].endswith(f"1 of {ALL}")

    drive(told.index, "triage", look)
    done = told.decided(names[0])
    assert done is not None
    assert done.state() == state


def test_accepting_needs_an_expiry(told: Told) -> None:
    """Without one the dialog says so."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        await pilot.press("w")
        dialog = await comes(pilot, AskFields)
        dialog.query_one("#field-reason", Input).value = "a test account"
        await pilot.press("enter")
        await reads(pilot, "expires is needed")
        dialog.query_one("#field-expires", Input).value = "2034-01-31"
        await pilot.press("enter")
        await reads(pilot, "z takes it back")

    drive(told.index, "triage", look)
    done = told.decided(told.name(1))
    assert done is not None
    assert (done.state(), done.decision.reason) == ("accepted", "a test account")
    assert done.decision.expires is not None


@pytest.mark.parametrize(
    ("pressed", "field", "text"), [("c", "note", "ask Ben"), ("r", "owner", "Cleo")]
)
def test_notes_and_owners(told: Told, pressed: str, field: str, text: str) -> None:
    """What is typed is kept; a note leaves the state as it is."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        await pilot.press(pressed)
        dialog = await comes(pilot, AskFields)
        dialog.query_one(f"#field-{field}", Input).value = text
        await pilot.press("enter")
        await reads(pilot, "z takes it back")

    drive(told.index, "triage", look)
    done = told.decided(told.name(1))
    assert done is not None
    assert getattr(done.decision, field) == text
    assert done.state() == ("open" if pressed == "c" else "confirmed")


def test_a_bulk_asks_for_the_count_and_is_frozen_before(told: Told) -> None:
    """All that match are marked at once; a wrong number changes nothing."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("asterisk")
        await reads(pilot, f"marked all {ALL}")
        assert f"{ALL} marked" in grid(pilot)[1]
        await pilot.press("f")
        dialog = await comes(pilot, AskText)
        dialog.query_one(Input).value = "5"
        await pilot.press("enter")
        await reads(pilot, f"that is not {ALL}")
        dialog.query_one(Input).value = str(ALL)
        await pilot.press("enter")
        await reads(pilot, "z takes it back")
        await settled(pilot)
        assert all("FP" in line.split()[:3] for line in grid(pilot)[4:10])
        await pilot.press("z")
        await reads(pilot, "took back")

    drive(told.index, "triage", look)
    assert told.decided(told.name(1)) is None
    assert told.decided(told.name(10 + MANY - 1)) is None


def test_marks_and_ranges(told: Told) -> None:
    """Space marks one, v from one row to another; marks stay when the list is read again."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("space", "j", "v", "j", "j", "v")
        assert "4 marked" in grid(pilot)[1]
        await pilot.press("f5")
        await settled(pilot)
        assert "4 marked" in grid(pilot)[1]
        assert sum(line[1:2] == "*" for line in grid(pilot)[3:16]) == 4
        await pilot.press("escape")
        assert "marked" not in grid(pilot)[1]

    drive(told.index, "triage", look)


def test_a_range_goes_on_when_the_list_is_read_again(told: Told) -> None:
    """From the secret that it began at, and the last line says so; another query gives it up."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("j", "v", "j", "f5")
        await settled(pilot)
        assert "a range begins at row 2:" in said(pilot)
        await pilot.press("j", "v")
        assert "3 marked" in grid(pilot)[1]
        await pilot.press("escape", "G")
        began = here(pilot)
        await pilot.press("v", "g")
        await asks(pilot, f"-fp:{began[:16]}")
        assert "a range begins" not in said(pilot)
        await pilot.press("v")
        assert "a range begins at row 1:" in said(pilot)

    drive(told.index, "triage", look)


def test_a_range_whose_beginning_is_gone_is_given_up(told: Told) -> None:
    """Which is said."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "state:open")
        await pilot.press("v")
        await asyncio.to_thread(told.decide_about, here(pilot), "false-positive")
        await pilot.press("j", "f5")
        await settled(pilot)
        assert "the range is given up" in said(pilot)
        await pilot.press("escape")
        assert "state:open" not in grid(pilot)[1]

    drive(told.index, "triage", look)


def test_undo_and_redo(told: Told) -> None:
    """Each is a change of its own in the journal."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        for key, words in (("a", "takes it back"), ("z", "took back"), ("Z", "did again")):
            await pilot.press(key)
            await reads(pilot, words)

    drive(told.index, "triage", look)
    done = told.decided(told.name(1))
    assert done is not None
    assert done.state() == "confirmed"
    assert [one.kind for one in told.journal()][-3:] == ["triaged", "undone", "triaged"]


@pytest.mark.parametrize("pressed", ["a", "z"])
def test_what_somebody_else_decided_is_not_overwritten(told: Told, pressed: str) -> None:
    """Neither by a decision about what the screen still shows, nor by an undo."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        if pressed == "z":
            await pilot.press("a")
            await reads(pilot, "takes it back")
        await asyncio.to_thread(told.decide, 1, "test")
        await pilot.press(pressed)
        await reads(pilot, "stale: 1 changed meanwhile")
        screen(pilot).poll()
        await reads(pilot, "stale +1")
        await pilot.press("f5")
        await settled(pilot)
        assert "stale" not in grid(pilot)[0]
        assert grid(pilot)[3].split()[1] == "TEST"

    drive(told.index, "triage", look)
    done = told.decided(told.name(1))
    assert done is not None
    assert done.state() == "test"
