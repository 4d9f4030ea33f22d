"""What a scan finds, told and listed on every screen while it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from forensics.index.database import create_or_open
from forensics.key import Key
from tests.tui.piloting import drive, grid, settled, until
from tests.tui.scan_scene import FAKE, begin, line, text
from tui.scans import Scans
from tui.screens.triage.screen import TriageScreen


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
        Scans.command = lambda *_: [sys.executable, "-c", FAKE, str(index), str(folder)]  # type: ignore[method-assign]
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
