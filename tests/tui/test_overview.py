"""Overview: figures that lead somewhere, what is new, and a scan from inside."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from bench.large_index import build
from fixtures_repos.stories import STORIES
from forensics.index.coverage import Coverage
from forensics.index.database import create_or_open, in_memory, open_for_reading, writing
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from tests.cli.command import forensics
from tests.tui.piloting import NOW, comes, drive, grid, settled, until
from tests.tui.test_rotation import says
from tui.dialogs import AskText
from tui.opened import Opened
from tui.scanning import Scanning
from tui.screens.overview.exposure import bars


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """A hundred secrets."""
    path = tmp_path / "index.db"
    build(path, 100)
    return path


def line_of(pilot: Pilot[Any], text: str) -> str:
    """The first line of the screen that has a text."""
    return next((line for line in grid(pilot) if text in line), "")


def test_figures_are_counted(index: Path, key: Key) -> None:
    """By state and severity, in words; overdue ones by who has them; what was skipped."""
    with closing(create_or_open(index, key)) as database:
        secret = database.execute("SELECT lower(hex(fingerprint)) FROM secret").fetchone()[0]
        Triage(database, key).decide_all(
            [(secret, Decision("confirmed", "Ada", due=int(NOW) - 3 * 86_400))]
        )
        with writing(database):
            database.execute(
                "INSERT INTO skipped (repository_id, oid, reason, first_run_id, run_id)"
                " VALUES (1, x'00', 'an object is missing', 1, 1)"
            )
            Coverage(database, key, 1, "bench").add("ids", b"all", bytes(20 * 1234))

    async def told(pilot: Pilot[Any]) -> None:
        assert "100 secrets" in grid(pilot)[0]
        assert line_of(pilot, "confirmed").split()[:5] == ["confirmed", "-", "1", "-", "-"]
        assert "3d" in line_of(pilot, f"#{secret[:6]} Ada")
        assert "1,234" in line_of(pilot, "objects")
        assert "! skipped: an object is m" in "\n".join(grid(pilot))
        assert "not recorded: run `forensics drift`" in "\n".join(grid(pilot))
        assert line_of(pilot, "assigned").split()[:2] == ["assigned", "1"]
        assert "secrets at a tip now" in line_of(pilot, "EXPOSURE")

    drive(index, "overview", told)


def test_a_figure_is_entered_by_key_and_by_mouse(index: Path) -> None:
    """It opens its screen, and that lists what the figure counted."""

    async def told(pilot: Pilot[Any]) -> None:
        while not line_of(pilot, ">replaced"):
            await pilot.press("j")
        count = line_of(pilot, ">replaced").split()[1]
        await pilot.press("enter")
        await settled(pilot)
        assert "3[ROTATE]" in grid(pilot)[0]
        assert pilot.app.screen.query_one(Input).value == "stage:replaced"
        assert f" {count} of 100" in grid(pilot)[0]
        await pilot.press("1")
        await settled(pilot)
        lines = grid(pilot)
        y = next(place for place, line in enumerate(lines) if " detected" in line)
        await pilot.click(offset=(3, y))
        await settled(pilot)
        assert pilot.app.screen.query_one(Input).value == "stage:detected"

    drive(index, "overview", told)


def test_news_are_what_came_since_the_last_visit(index: Path) -> None:
    """A visit ends when the interface is left; the first one has no news."""

    async def first(pilot: Pilot[Any]) -> None:
        assert line_of(pilot, "this is the first visit")

    async def second(pilot: Pilot[Any]) -> None:
        assert line_of(pilot, "decisions, also").split()[-1] == "0"

    drive(index, "overview", first)
    drive(index, "overview", second)


def test_drift_that_was_recorded_is_told_by_age(tmp_path: Path, key: Key) -> None:
    """As many as `forensics drift` has open."""
    story = STORIES["replaced"](tmp_path / "r")
    index = tmp_path / "index.db"
    forensics("scan", story.path, "--index", index)

    async def told(pilot: Pilot[Any]) -> None:
        assert "not recorded" not in "\n".join(grid(pilot))
        assert line_of(pilot, " open ").split()[-1] == "0"

    forensics("drift", story.path, "--index", index)
    drive(index, "overview", told)


def test_a_scan_from_inside_is_read_anew(tmp_path: Path, key: Key) -> None:
    """Where there is no index, one is offered; once the scan has ended its secrets are there."""
    story = STORIES["replaced"](tmp_path / "r")
    index = tmp_path / "index.db"

    async def told(pilot: Pilot[Any]) -> None:
        assert "No scan yet: S scans here" in grid(pilot)[-1]
        assert line_of(pilot, "no scan yet")
        await pilot.press("S")
        await comes(pilot, AskText)
        await pilot.press("enter")
        dialog = await comes(pilot, Scanning)
        await until(pilot, lambda: "Esc back" in "\n".join(grid(pilot)))
        assert "done" in "\n".join(grid(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not dialog)
        await settled(pilot)
        known = open_for_reading(index, key).execute("SELECT count(*) FROM secret").fetchone()[0]
        assert known
        assert f"{known} secrets" in grid(pilot)[0]
        await pilot.press("3")
        await settled(pilot)
        assert f"of {known}" in grid(pilot)[0]

    def connect() -> Any:
        return open_for_reading(index, key) if index.exists() else in_memory(key)

    drive(index, "overview", told, repository=story.path, connect=connect)


def test_a_scan_that_is_stopped_leaves_no_process_and_a_right_index(
    tmp_path: Path, key: Key
) -> None:
    """The next scan goes on where it ended."""
    story = STORIES["replaced"](tmp_path / "r")
    index = tmp_path / "index.db"
    create_or_open(index, key).close()

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("S")
        await comes(pilot, AskText)
        await pilot.press("enter")
        dialog = await comes(pilot, Scanning)
        await until(pilot, lambda: dialog._process is not None)
        process = dialog._process
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not dialog)
        assert process._process.returncode is not None
        with pytest.raises(ProcessLookupError):
            os.killpg(process.number, 0)
        await until(pilot, says(pilot, "did not end"))

    drive(index, "overview", told, repository=story.path)
    assert forensics("scan", story.path, "--index", index).code == 1


def test_a_scan_that_is_killed_says_so(tmp_path: Path, key: Key) -> None:
    """It is not taken for one that found nothing; nor is one whose options are wrong."""
    story = STORIES["replaced"](tmp_path / "r")
    index = tmp_path / "index.db"
    create_or_open(index, key).close()

    async def told(pilot: Pilot[Any]) -> None:
        for options in ("", "--no-such-option"):
            await pilot.press("S")
            dialog = await comes(pilot, AskText)
            dialog.query_one(Input).value = options
            await pilot.press("enter")
            scanning = await comes(pilot, Scanning)
            if not options:
                await until(pilot, lambda: scanning._process is not None)  # noqa: B023
                os.kill(scanning._process.number, signal.SIGKILL)
            await until(pilot, lambda: "did not come to an end" in "\n".join(grid(pilot)))
            if options:
                assert "no-such-option" in "\n".join(grid(pilot))
            await pilot.press("escape")
            await until(pilot, says(pilot, "did not end"))

    drive(index, "overview", told, repository=story.path)


def test_read_only_does_not_scan(index: Path) -> None:
    """Nor does an index without its repository."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("S")
        await until(pilot, says(pilot, "read-only"))

    async def alone(pilot: Pilot[Any]) -> None:
        await pilot.press("S")
        await until(pilot, says(pilot, "no repository is at hand"))

    drive(index, "overview", told, read_only=True, repository=Path())
    drive(index, "overview", alone)


def test_what_fails_says_so_in_its_place(index: Path, key: Key) -> None:
    """The other figures are there; F5 tries again."""
    assert Opened(index, key, lambda: open_for_reading(index, key)).name == "index.db"

    def connect() -> Any:
        return open_for_reading(index.with_name("none.db"), key)

    async def told(pilot: Pilot[Any]) -> None:
        assert "there is no index at" in "\n".join(grid(pilot))

    drive(index, "overview", told, connect=connect)


def test_bars_show_the_largest_of_what_shares_a_column() -> None:
    """And nothing where nothing is."""
    assert bars([0, 1, 8], 3, 1) == [" ▁█"]
    assert bars([0, 8, 0, 1], 2, 1) == ["█▁"]
    assert bars([8, 4], 2, 2) == ["█ ", "██"]
    assert bars([], 5, 1) == [""]
