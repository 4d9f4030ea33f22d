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
from textual.widgets import Input

from bench.large_index import build
from fixtures_repos.stories import STORIES
from forensics.index.database import create_or_open, in_memory, open_for_reading
from forensics.key import Key
from tests.cli.command import forensics
from tests.tui.piloting import comes, drive, grid, settled, until
from tests.tui.rotation.scene import says
from tui.dialogs import AskText
from tui.scanning import ScanLine, Scanning
from tui.scans import Scans
from tui.screens.triage.screen import TriageScreen

# Tells of progress, and adds a secret to the index for each file that a test makes.
_FAKE = """
import json, os, pathlib, sqlite3, sys, time
index, folder = sys.argv[1], pathlib.Path(sys.argv[2])
secrets = 0
while not (folder / "end").exists():
    facts = {"phase": "reading objects", "objects": 5, "bytes": 10, "done": 10, "total": 100}
    print(json.dumps(facts), file=sys.stderr, flush=True)
    if (folder / str(secrets)).exists():
        secrets += 1
        with sqlite3.connect(index) as one:
            new = 1000 + secrets
            one.execute("INSERT INTO secret SELECT ?, randomblob(32), preview, length,"
                        " character_class, rule_id, confidence FROM secret WHERE id = 1", (new,))
            row = one.execute("SELECT * FROM sighting WHERE id = 1").fetchone()
            marks = ", ".join("?" * len(row))
            row = (10_000 + secrets, new, *row[2:])
            one.execute(f"INSERT INTO sighting VALUES ({marks})", row)
    time.sleep(0.05)
sys.exit(1)
"""


def opened(index: Path, key: Key) -> Any:
    """The index, or an empty one where none is there yet."""
    return open_for_reading(index, key) if index.exists() else in_memory(key)


def text(pilot: Pilot[Any]) -> str:
    """All of the screen."""
    return "\n".join(grid(pilot))


def line(pilot: Pilot[Any]) -> str:
    """What is told of the scan."""
    shown = pilot.app._page.query_one(ScanLine)  # type: ignore[attr-defined]
    return str(shown.content) if shown.display else ""


async def begin(pilot: Pilot[Any], options: str = "") -> Scans:
    """Scan here, with options."""
    await pilot.press("S")
    dialog = await comes(pilot, AskText)
    dialog.query_one(Input).value = options
    await pilot.press("enter")
    scans: Scans = pilot.app.scans  # type: ignore[attr-defined]
    await until(pilot, lambda: scans.at_work or scans.last is not None)
    return scans


@pytest.fixture
def told_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """An index of a hundred secrets, and a folder whose files say what a scan does."""
    index, folder = tmp_path / "index.db", tmp_path / "steps"
    build(index, 100)
    folder.mkdir()
    command = [sys.executable, "-c", _FAKE, str(index), str(folder)]
    monkeypatch.setattr(Scans, "command", lambda *_: command)
    return index, folder


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


def test_every_screen_is_usable_while_it_runs(told_what: tuple[Path, Path]) -> None:
    """And says how far it is, how much is found, and how it ended."""
    index, folder = told_what

    async def told(pilot: Pilot[Any]) -> None:
        scans = await begin(pilot)
        for mode, key in (("triage", "2"), ("rotation", "3"), ("audit", "5"), ("overview", "1")):
            await pilot.press(key)
            await until(pilot, lambda: "reading objects  10%  0 new" in line(pilot))
            assert pilot.app.current_mode == mode
            assert line(pilot) in [one.strip() for one in grid(pilot)]
        (folder / "0").touch()
        await until(pilot, lambda: "1 new" in line(pilot))
        await until(pilot, lambda: "101 secrets" in grid(pilot)[0])
        (folder / "end").touch()
        await until(pilot, lambda: not scans.at_work)
        await until(pilot, lambda: line(pilot) == "The scan is done: 1 new secret")

    drive(index, "overview", told, repository=folder)


def test_findings_arrive_where_nothing_is_marked(told_what: tuple[Path, Path]) -> None:
    """The current secret stays; where something is marked, the list says that there are more."""
    index, folder = told_what

    async def told(pilot: Pilot[Any]) -> None:
        await begin(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, TriageScreen)
        await pilot.press("j", "j", "j")
        await settled(pilot)
        current = screen.table.row
        (folder / "0").touch()
        await until(pilot, lambda: "101 of 101" in grid(pilot)[0])
        await settled(pilot)
        assert screen.table.row == current
        await pilot.press("space")
        (folder / "1").touch()
        await until(pilot, lambda: "+1 new, F5  101 of 101" in grid(pilot)[0])
        (folder / "2").touch()
        await until(pilot, lambda: "+2 new, F5  101 of 101" in grid(pilot)[0])
        await pilot.press("f5")
        await until(pilot, lambda: "103 of 103" in grid(pilot)[0])
        assert "new, F5" not in grid(pilot)[0]
        assert len(screen.marked) == 1

    drive(index, "triage", told, repository=folder)


def test_a_list_with_a_decision_waits_until_it_is_read_again(told_what: tuple[Path, Path]) -> None:
    """What was decided stays where it stands."""
    index, folder = told_what

    async def told(pilot: Pilot[Any]) -> None:
        await begin(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "FP" in text(pilot))
        (folder / "0").touch()
        await until(pilot, lambda: "+1 new, F5" in grid(pilot)[0])
        assert "100 of 100" in grid(pilot)[0]

    drive(index, "triage", told, repository=folder)


def test_what_a_scan_is_still_looking_for_is_not_called_clean(tmp_path: Path, key: Key) -> None:
    """Nor after it was stopped."""
    index = tmp_path / "index.db"
    create_or_open(index, key).close()
    folder = tmp_path / "steps"
    folder.mkdir()

    async def told(pilot: Pilot[Any]) -> None:
        Scans.command = lambda *_: [sys.executable, "-c", _FAKE, str(index), str(folder)]  # type: ignore[method-assign]
        await begin(pilot)
        for number in "123":
            await pilot.press(number, "f5")
            await settled(pilot)
            assert "clean" not in text(pilot).lower()
            said = {"2": "No secret yet: the scan goes on", "3": "once the scan is done"}
            assert said.get(number, "") in text(pilot)

    before = Scans.command
    try:
        drive(index, "overview", told, repository=folder)
    finally:
        Scans.command = before  # type: ignore[method-assign]


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
        scans.command = lambda *_: [sys.executable, "-c", _FAKE, str(index), str(folder)]
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
