"""Triage: queries, facets, marks, decisions; by others too."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from forensics.index.database import create_or_open
from forensics.key import Key
from tests.tui.piloting import comes, drive, grid, settled, until
from tests.tui.triage_history import MANY, Told
from tui.dialogs import AskFields, AskText
from tui.picking import Pick
from tui.screens.triage.screen import TriageScreen

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


def test_the_list_its_counts_and_the_current_secret(told: Told) -> None:
    """At 80x24: tabs, query, header, rows; below them six lines of the current one."""

    async def look(pilot: Pilot[Any]) -> None:
        lines = grid(pilot)
        assert lines[0].endswith(f"{ALL} of {ALL}")
        assert lines[2].split() == ["STATE", "SEV^", "RULE", "SECRET", "REPO", "SIGHT", "LAST"]
        assert lines[3].split()[:4] == [">", "NEW", "CRIT", "github.pat-classic"]
        assert lines[-1].startswith("a real  f false")
        assert f"#{here(pilot)[:8]}" in lines[-7]
        await asks(pilot, f"fp:{told.name(2)[:16]}")
        lines = grid(pilot)
        assert any("deploy/prod.yaml:2  masked: V reveals" in line for line in lines)
        assert any("token: ****" in line for line in lines)

    drive(told.index, "triage", look)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_wider_terminals_show_more_beside(told: Told, size: tuple[int, int]) -> None:
    """From 100 columns the detail stands at the right, from 140 the facets at the left."""

    async def look(pilot: Pilot[Any]) -> None:
        lines = grid(pilot)
        assert any("FACETS" in line for line in lines) is (size[0] >= 140)
        beside = any("STATE" in line and f"#{here(pilot)[:8]}" in line for line in lines)
        assert beside is (size[0] >= 100)

    drive(told.index, "triage", look, size=size)


def test_a_query_narrows_and_escape_clears_it(told: Told) -> None:
    """The line says how many filters there are; where nothing fits, what to do."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:deploy sev:>=high")
        assert grid(pilot)[0].endswith(f"2 of {ALL}")
        assert grid(pilot)[1].rstrip().endswith("2 filters")
        await asks(pilot, "rule:nothing")
        assert any("Esc clears it" in line for line in grid(pilot))
        await pilot.press("escape")
        await settled(pilot)
        assert grid(pilot)[0].endswith(f"{ALL} of {ALL}")

    drive(told.index, "triage", look)


def test_a_wrong_query_has_a_caret_and_keeps_the_rows(told: Told) -> None:
    """Under the character that cannot be read."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, "path:deploy sev:>=hihg")
        lines = grid(pilot)
        assert lines[2].index("^") == lines[1].index(">=hihg")
        assert "high is" in lines[3]
        assert lines[0].endswith(f"{ALL} of {ALL}")
        assert lines[5].startswith("> NEW")

    drive(told.index, "triage", look)


def test_tab_completes(told: Told) -> None:
    """First a field, then a value of the index."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("slash", *"ru")
        await settled(pilot)
        await pilot.press("tab")
        await settled(pilot)
        assert screen(pilot).query_one(Input).value == "rule:"
        await pilot.press("tab", "enter")
        await settled(pilot)
        assert grid(pilot)[1].split()[1] == "rule:github.pat-classic"

    drive(told.index, "triage", look)


def test_facets_edit_the_query(told: Told) -> None:
    """Over the list where there is no room beside it; what is chosen stands in the query."""

    async def look(pilot: Pilot[Any]) -> None:
        await pilot.press("backslash")
        await settled(pilot)
        assert any("github.pat-classic" in line for line in grid(pilot))
        await pilot.press("j", "enter")
        await settled(pilot)
        assert "rule:=github.pat-classic" in grid(pilot)[1] or "rule:github" in grid(pilot)[1]
        await pilot.press("enter")
        await settled(pilot)
        assert "rule:" not in grid(pilot)[1]
        await pilot.press("minus")
        await settled(pilot)
        assert "-rule:" in grid(pilot)[1]
        assert grid(pilot)[0].endswith(f"0 of {ALL}")

    drive(told.index, "triage", look)


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
        dialog.query_one("#field-expires", Input).value = "2099-01-31"
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
        screen(pilot)._poll()
        await reads(pilot, "stale +1")
        await pilot.press("f5")
        await settled(pilot)
        assert "stale" not in grid(pilot)[0]
        assert grid(pilot)[3].split()[1] == "TEST"

    drive(told.index, "triage", look)
    done = told.decided(told.name(1))
    assert done is not None
    assert done.state() == "test"


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
        assert any("No scan yet" in line for line in grid(pilot))
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
