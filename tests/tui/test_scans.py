"""A scan from within the interface: in the background, told on every screen, stopped at will."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fixtures_repos.stories import STORIES
from forensics.index.database import create_or_open, open_for_reading
from forensics.key import Key
from tests.cli.command import forensics
from tests.tui.piloting import comes, drive, grid, settled, until
from tests.tui.rotation.scene import says
from tests.tui.scan_scene import FAKE, begin, line, opened, text
from tui.scanning import ScanLine, Scanning


@pytest.mark.parametrize("screen", ["overview", "triage", "rotation", "audit"])
def test_where_there_is_no_index_a_scan_makes_one(tmp_path: Path, key: Key, screen: str) -> None:
    """It is offered on every screen; once it has ended all is there."""
    story = STORIES["replaced"](tmp_path / "r")
    index = tmp_path / "index.db"

    async def told(pilot: Pilot[Any]) -> None:
        if screen != "audit":
            assert "S scans" in text(pilot)
        scans = await begin(pilot)
        await until(pilot, lambda: not scans.at_work)
        await settled(pilot)
        known = open_for_reading(index, key).execute("SELECT count(*) FROM secret").fetchone()[0]
        assert known
        assert f"The scan is done: {known} new secret" in text(pilot)
        await pilot.press("1")
        await settled(pilot)
        assert f"{known} secrets" in grid(pilot)[0]
        await pilot.press("3")
        await settled(pilot)
        assert f"of {known}" in grid(pilot)[0]

    drive(index, screen, told, repository=story.path, connect=partial(opened, index, key))


def test_a_scan_that_is_stopped_leaves_no_process_and_a_right_index(
    tmp_path: Path, key: Key
) -> None:
    """The next scan goes on where it ended."""
    story = STORIES["replaced"](tmp_path / "r")
    index = tmp_path / "index.db"
    create_or_open(index, key).close()

    async def told(pilot: Pilot[Any]) -> None:
        scans = await begin(pilot)
        await until(pilot, lambda: scans._process is not None)
        group = scans._process.number  # type: ignore[union-attr]
        await pilot.press("S")
        await comes(pilot, Scanning)
        await pilot.press("x")
        await until(pilot, lambda: not scans.at_work)
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)
        await until(pilot, lambda: "what it read is kept" in line(pilot))

    drive(index, "overview", told, repository=story.path)
    assert forensics("scan", story.path, "--index", index).code == 1


def test_looking_at_a_scan_does_not_stop_it(told_what: tuple[Path, Path]) -> None:
    """Nor does Esc on a screen; a click on its line looks at it as S does."""
    index, folder = told_what

    async def told(pilot: Pilot[Any]) -> None:
        scans = await begin(pilot)
        await pilot.press("escape", "S")
        await comes(pilot, Scanning)
        assert "0 new secrets in the index" in text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert scans.at_work
        await pilot.click(ScanLine)
        await comes(pilot, Scanning)
        (folder / "end").touch()
        await until(pilot, lambda: not scans.at_work)
        await until(pilot, lambda: "The scan is done" in text(pilot))
        await pilot.press("q")
        await until(pilot, lambda: not isinstance(pilot.app.screen, Scanning))
        assert pilot.app.is_running

    drive(index, "triage", told, repository=folder)


def test_leaving_while_a_scan_runs_asks(told_what: tuple[Path, Path]) -> None:
    """Esc stays; a second q stops the scan and leaves nothing of it."""
    index, folder = told_what
    groups = []

    async def told(pilot: Pilot[Any]) -> None:
        scans = await begin(pilot)
        await until(pilot, lambda: "10%" in line(pilot))
        groups.append(scans._process.number)  # type: ignore[union-attr]
        await pilot.press("q")
        await comes(pilot, Scanning)
        assert "stops it and leaves" in text(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert scans.at_work
        await pilot.press("q")
        await comes(pilot, Scanning)
        await pilot.press("q")
        await until(pilot, lambda: not pilot.app.is_running)

    drive(index, "triage", told, repository=folder)
    with pytest.raises(ProcessLookupError):
        os.killpg(groups[0], 0)


def test_an_interface_that_ends_by_itself_leaves_no_scan(told_what: tuple[Path, Path]) -> None:
    """Whatever ended it."""
    index, folder = told_what
    groups = []

    async def told(pilot: Pilot[Any]) -> None:
        scans = await begin(pilot)
        await until(pilot, lambda: "10%" in line(pilot))
        groups.append(scans._process.number)  # type: ignore[union-attr]

    drive(index, "triage", told, repository=folder)
    with pytest.raises(ProcessLookupError):
        os.killpg(groups[0], 0)


def test_a_scan_that_is_killed_says_so(tmp_path: Path, key: Key) -> None:
    """It is not taken for one that found nothing; nor is one whose options are wrong."""
    story = STORIES["replaced"](tmp_path / "r")
    index = tmp_path / "index.db"
    create_or_open(index, key).close()

    async def told(pilot: Pilot[Any]) -> None:
        for options in ("", "--no-such-option"):
            scans = await begin(pilot, options)
            if not options:
                await until(pilot, lambda: scans._process is not None)  # noqa: B023
                os.kill(scans._process.number, signal.SIGKILL)  # type: ignore[union-attr]
            await until(pilot, lambda: not scans.at_work)  # noqa: B023
            await until(pilot, lambda: "The scan did not end" in line(pilot))
            assert ("no-such-option" in line(pilot)) is bool(options)

    drive(index, "overview", told, repository=story.path)


@pytest.mark.parametrize("mode", ["overview", "triage", "rotation", "drift", "audit"])
def test_read_only_does_not_scan(told_what: tuple[Path, Path], mode: str) -> None:
    """Nor does an index without its repository."""
    index, folder = told_what

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("S")
        await until(pilot, says(pilot, "read-only"))

    async def alone(pilot: Pilot[Any]) -> None:
        await pilot.press("S")
        await until(pilot, says(pilot, "no repository is at hand"))

    drive(index, mode, told, read_only=True, repository=folder)
    drive(index, mode, alone)


def test_the_index_is_read_only_once_it_can_be(tmp_path: Path, key: Key) -> None:
    """A file that is about to become one does not disturb what is shown."""
    index, folder = tmp_path / "index.db", tmp_path / "steps"
    folder.mkdir()

    async def told(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        scans = app.scans
        scans.command = lambda *_: [sys.executable, "-c", FAKE, str(index), str(folder)]
        index.touch(0o600)
        await begin(pilot)
        before = app.generation
        await scans._count_once()
        assert app.generation == before
        index.unlink()
        with closing(create_or_open(index, key)):
            await scans._count_once()
        assert app.generation == before + 1

    drive(index, "overview", told, repository=folder, connect=partial(opened, index, key))
