"""Reveal, diffs, files, clipboard: no value shows but where it was asked for, and was told."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.command import CommandPalette
from textual.events import AppBlur, MouseDown, MouseMove, MouseUp
from textual.pilot import Pilot

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import token
from forensics.key import Key
from tests.cli.command import forensics
from tests.tui.piloting import comes, drive, grid, settled, until
from tests.tui.triage.scene import asks, only, reads, screen
from tests.tui.triage_history import MANY, Told
from tui.app import ForensicsApp
from tui.pager import Pager
from tui.revealed import SECONDS, Revealed
from tui.screens.triage.editing import edited
from tui.screens.triage.screen import TriageScreen

VALUE = token(1).decode()


def seen(pilot: Pilot[Any]) -> str:
    """Everything on the screen, and in a picture of it."""
    return "\n".join(grid(pilot)) + pilot.app.export_screenshot().replace("&#160;", " ")


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
    [by_key, by_time, by_blur, by_resize, by_palette, by_end_of_time_under_the_palette,
     by_blur_under_the_palette],
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
        screen(pilot)._poll()
        await settled(pilot)
        assert "stale" not in grid(pilot)[0]

    drive(told.index, "triage", look)
    last = told.journal()[-1]
    assert (last.kind, last.subject, last.facts) == (
        "revealed", told.name(1), {"to": "terminal"},
    )  # fmt: skip


def test_no_picture_is_made_while_a_value_shows(
    told: Told,
    tmp_path: Path,
) -> None:
    """It says so, and no file is there; afterwards there is one."""

    async def look(pilot: Pilot[Any]) -> None:
        def pictures() -> list[Path]:
            return [*tmp_path.glob("*.svg")]

        await revealed(pilot, told)
        pilot.app.deliver_screenshot(path=str(tmp_path))
        await reads(pilot, "no picture is made while a value shows")
        assert VALUE in "\n".join(grid(pilot))
        await pilot.press("escape")
        assert not pictures()
        pilot.app.deliver_screenshot(path=str(tmp_path))
        await until(pilot, lambda: bool(pictures()), "a picture")

    drive(told.index, "triage", look)


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
    """Which the journal knows of every secret in it, and nobody else can read."""
    opened: list[tuple[Path, bytes, int]] = []

    def editor(command: list[str], **_: Any) -> int:
        copy = Path(command[-1])
        opened.append((copy, copy.read_bytes(), copy.stat().st_mode))
        return 0

    monkeypatch.setenv("EDITOR", "nothing")
    monkeypatch.setattr("tui.screens.triage.editing.subprocess.call", editor)

    async def look(pilot: Pilot[Any]) -> None:
        class Suspended:
            def __enter__(self) -> None: ...
            def __exit__(self, *_: object) -> None: ...

        monkeypatch.setattr(pilot.app, "suspend", Suspended)
        await asks(pilot, f"fp:{told.name(69)[:16]}")
        await pilot.press("O")
        await reads(pilot, "the copy is gone")

    drive(told.index, "triage", look)
    ((path, content, mode),) = opened
    assert token(69) in content
    assert stat.S_IMODE(mode) == 0o400
    assert not path.exists()
    names = {told.name(seed) for seed in range(10, 10 + MANY)}
    rows = [one for one in told.journal() if one.kind == "revealed"]
    assert {one.subject for one in rows} == names
    assert all(one.facts == {"to": "editor"} for one in rows)


def editing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> str:
    """Edit a file with a shell script as the editor; the word about it."""
    program = tmp_path / "editor"
    program.write_text(f"#!/bin/sh\nfor copy; do :; done\n{script}\n")
    program.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(program))
    return edited(b"plain", b"a.env", 3)


def test_the_editor_is_not_told_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is what it starts; anything else of the environment it is."""
    monkeypatch.setenv("FORENSICS_KEY", "ab" * 32)
    monkeypatch.setenv("TEST_OTHER", "there")
    assert editing(tmp_path, monkeypatch, f"env > {tmp_path}/env") == "the copy is gone"
    given = (tmp_path / "env").read_text()
    assert "TEST_OTHER=there" in given
    assert "FORENSICS_KEY" not in given


def test_an_editor_may_do_away_with_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those do that write a new file and rename it."""
    assert editing(tmp_path, monkeypatch, 'rm -f "$copy"') == "the copy is gone"


def test_what_an_editor_puts_beside_the_copy_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second name of each file shows what was in it at the end."""
    for name in ("copy", "swap"):
        place = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else tmp_path
        kept = place / f"kept-{name}-{os.getpid()}"
        beside = '"$copy"' if name == "copy" else '"$copy.swp"'
        script = f'cp "$copy" "$copy.swp"; ln {beside} {kept}'
        try:
            assert editing(tmp_path, monkeypatch, script) == "the copy is gone"
            assert kept.read_bytes() == bytes(5)
        finally:
            kept.unlink(missing_ok=True)


def test_of_a_very_long_line_the_part_around_the_secret_is_shown(tmp_path: Path, key: Key) -> None:
    """Masked as any; where its repository is not at hand, that is said instead."""
    builder = Builder(tmp_path / "r")
    builder.write("a.env", b"x" * 300_000 + b" TOKEN=" + token(3) + b" " + b"y" * 300_000)
    builder.commit("Long")
    builder.populate()
    index = tmp_path / "index.db"
    forensics("scan", builder.path, "--index", index)

    async def there(pilot: Pilot[Any]) -> None:
        await reads(pilot, "xxx TOKEN=****")
        assert token(3).decode() not in seen(pilot)
        assert not any("not at hand" in line for line in grid(pilot))

    drive(index, "triage", there)
