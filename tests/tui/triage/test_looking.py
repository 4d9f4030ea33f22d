"""Reveal, diffs, files, clipboard: no value shows but where it was asked for, and was told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.events import AppBlur
from textual.pilot import Pilot

from fixtures_repos.stories.story import token
from tests.tui.piloting import comes, drive, grid, settled, until
from tests.tui.triage.scene import asks, only, reads, screen
from tests.tui.triage_history import Told
from tui.pager import Pager
from tui.revealed import SECONDS, Revealed

VALUE = token(1).decode()


def seen(pilot: Pilot[Any]) -> str:
    """Everything on the screen, and in a picture of it."""
    return "\n".join(grid(pilot)) + pilot.app.export_screenshot().replace("&#160;", " ")


async def revealed(pilot: Pilot[Any], told: Told) -> Revealed:
    """Reveal the secret that was rotated."""
    await asks(pilot, only(told))
    assert VALUE not in seen(pilot)
    await pilot.press("V")
    found = await comes(pilot, Revealed)
    assert isinstance(found, Revealed)
    return found


async def by_key(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.press("escape")


async def by_time(pilot: Pilot[Any], shown: Revealed) -> None:
    for _ in range(SECONDS - 1):
        shown._second()
    await pilot.pause()
    assert VALUE in "\n".join(grid(pilot))
    shown._second()


async def by_blur(pilot: Pilot[Any], _: Revealed) -> None:
    pilot.app.post_message(AppBlur())
    await pilot.pause()


async def by_resize(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.resize_terminal(100, 30)


async def by_palette(pilot: Pilot[Any], _: Revealed) -> None:
    await pilot.press("ctrl+p")
    await pilot.pause()
    await pilot.press("escape")


@pytest.mark.parametrize("end", [by_key, by_time, by_blur, by_resize, by_palette])
def test_a_value_shows_until_it_is_hidden(
    told: Told,
    end: Callable[[Pilot[Any], Revealed], Any],
) -> None:
    """By a key, after 15 seconds, without focus, in another size, under another screen; the
    journal tells of it, and no picture ever has it."""

    async def look(pilot: Pilot[Any]) -> None:
        shown = await revealed(pilot, told)
        assert VALUE in "\n".join(grid(pilot))
        assert pilot.app.export_screenshot() == ""
        await end(pilot, shown)
        await until(pilot, lambda: not isinstance(pilot.app.screen, Revealed))
        await pilot.pause()
        assert VALUE not in seen(pilot)
        assert pilot.app.clipboard == ""
        screen(pilot)._poll()
        await settled(pilot)
        assert "stale" not in grid(pilot)[0]

    drive(told.index, "triage", look)
    last = told.journal()[-1]
    assert (last.kind, last.subject, last.facts) == (
        "revealed", told.name(1), {"to": "terminal"},
    )  # fmt: skip


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

    async def look(pilot: Pilot[Any]) -> None:
        monkeypatch.setattr(pilot.app, "copy_to_clipboard", copied.append)
        await revealed(pilot, told)
        await pilot.press("c")
        await reads(pilot, "copied" if allowed else "needs --raw-copy")

    drive(told.index, "triage", look, raw_copy=allowed)
    assert copied == ([VALUE] if allowed else [])
    where = [one.facts["to"] for one in told.journal() if one.kind == "revealed"]
    assert where == (["terminal", "clipboard"] if allowed else ["terminal"])


def test_the_diff_of_an_event_masks_every_value(told: Told) -> None:
    """Also the old one, in the message of the commit that replaced it; the two are told apart."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, only(told))
        await pilot.press("plus")
        await pilot.pause()
        events = [
            at for at, one in enumerate(screen(pilot).detail.lines)
            if "replaced" in one.text.plain and one.target is not None
        ]  # fmt: skip
        await pilot.press(*"j" * events[0], "enter")
        pager = await comes(pilot, Pager)
        assert isinstance(pager, Pager)
        lines = [one.plain for one in pager._lines.lines]
        assert f"-token: ****#{told.name(1)[:8]}" in lines
        assert f"+token: ****#{told.name(2)[:8]}" in lines
        assert f"The old one was ****#{told.name(1)[:8]}." in lines
        assert not {VALUE, token(2).decode()} & {word for one in lines for word in one.split()}

    drive(told.index, "triage", look)
    assert "revealed" not in [one.kind for one in told.journal()]


def test_a_file_opens_with_every_secret_masked(told: Told) -> None:
    """All sixty of them; the line of the current one is in view."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, f"fp:{told.name(69)[:16]}")
        await pilot.press("o")
        await comes(pilot, Pager)
        await pilot.pause()
        assert any(f"GITHUB_TOKEN=****#{told.name(69)[:8]}" in line for line in grid(pilot))
        await pilot.press("g")
        assert any(f"GITHUB_TOKEN=****#{told.name(10)[:8]}" in line for line in grid(pilot))

    drive(told.index, "triage", look)


def test_names_and_places_go_to_the_clipboard(told: Told) -> None:
    """The fingerprint; repository@commit:path:line."""

    async def look(pilot: Pilot[Any]) -> None:
        await asks(pilot, f"fp:{told.name(2)[:16]}")
        await pilot.press("y")
        assert pilot.app.clipboard == told.name(2)
        await pilot.press("Y")
        await settled(pilot)
        repository, _, place = pilot.app.clipboard.partition("@")
        assert repository.endswith("/parcels")
        assert place[40:] == ":deploy/prod.yaml:2"

    drive(told.index, "triage", look)


def test_the_editor_gets_a_copy_that_is_gone_after(
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which the journal knows of every secret in it."""
    opened: list[tuple[str, bytes]] = []

    def editor(command: list[str]) -> int:
        opened.append((command[-1], Path(command[-1]).read_bytes()))
        return 0

    monkeypatch.setenv("EDITOR", "nothing")
    monkeypatch.setattr("tui.screens.triage.looking.subprocess.call", editor)

    async def look(pilot: Pilot[Any]) -> None:
        class Suspended:
            def __enter__(self) -> None: ...
            def __exit__(self, *_: object) -> None: ...

        monkeypatch.setattr(pilot.app, "suspend", Suspended)
        await asks(pilot, f"fp:{told.name(2)[:16]}")
        await pilot.press("O")
        await reads(pilot, "the copy is gone")

    drive(told.index, "triage", look)
    ((path, content),) = opened
    assert token(2) in content
    assert not Path(path).exists()
    last = told.journal()[-1]
    assert (last.kind, last.subject, last.facts) == ("revealed", told.name(2), {"to": "editor"})
