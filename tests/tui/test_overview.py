"""Overview: figures that lead somewhere, what is new."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from bench.large_index import build
from fixtures_repos.git import git
from fixtures_repos.stories import STORIES
from forensics.index.coverage import Coverage
from forensics.index.database import create_or_open, open_for_reading, writing
from forensics.index.overview import OverdueRow
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from tests.cli.command import forensics
from tests.tui.piloting import NOW, drive, grid, said, settled, until
from tui.opened import Opened
from tui.screens.overview.exposure import bars
from tui.screens.overview.words import drift_lines, overdue_lines

if TYPE_CHECKING:
    from forensics.drift.model import DriftEvent


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
        assert "1,234" in line_of(pilot, "objects, trees included")
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


def test_who_comes_back_sees_what_was_decided_meanwhile(index: Path, key: Key) -> None:
    """By others while another screen was in front, and by this session."""

    async def told(pilot: Pilot[Any]) -> None:
        async def confirmed() -> int:
            await pilot.press("1")
            await settled(pilot)
            assert "stale" not in grid(pilot)[0]
            return sum(int(one) for one in line_of(pilot, "confirmed").split()[1:5] if one != "-")

        before = await confirmed()
        await pilot.press("2")
        await settled(pilot)
        with closing(create_or_open(index, key)) as database:
            secrets = database.execute("SELECT lower(hex(fingerprint)) FROM secret").fetchall()
            others = [(secret, Decision("confirmed")) for (secret,) in secrets]
            Triage(database, key).decide_all(others)
        assert await confirmed() == 100 > before
        await pilot.press("2")
        await settled(pilot)
        await pilot.press("f5")
        await settled(pilot)
        await pilot.press("f")
        await until(pilot, lambda: "takes it back" in said(pilot))
        assert await confirmed() == 99

    drive(index, "overview", told)


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


def test_objects_are_those_of_the_repository(tmp_path: Path, key: Key) -> None:
    """All of them, as the label says; a scan reads of a pack all but trees."""
    assert key
    repository = STORIES["replaced"](tmp_path / "r").path
    git(repository, "repack", "-a", "-d", "-q")
    index = tmp_path / "index.db"
    scan = forensics("scan", repository, "--index", index)
    kinds = git(
        repository, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"
    ).split()
    read = len(kinds) - kinds.count(b"tree")
    assert 0 < read < len(kinds)
    assert re.search(rf"objects +{read} read", scan.out + scan.err)

    async def told(pilot: Pilot[Any]) -> None:
        assert line_of(pilot, "objects, trees included").split()[-1] == str(len(kinds))

    drive(index, "overview", told)


def test_what_fails_says_so_in_its_place(index: Path, key: Key) -> None:
    """The other figures are there; F5 tries again."""
    assert Opened(index, key, lambda: open_for_reading(index, key)).name == "index.db"

    def connect() -> Any:
        return open_for_reading(index.with_name("none.db"), key)

    async def told(pilot: Pilot[Any]) -> None:
        assert "there is no index at" in "\n".join(grid(pilot))

    drive(index, "overview", told, connect=connect)


def test_drift_is_told_by_age_each_once() -> None:
    """Of a link and its figure the bounds are the same."""
    days = (0, 6, 7, 8, 29, 30, 364, 365, 1000)
    events = [SimpleNamespace(opened=SimpleNamespace(time=NOW - one * 86_400)) for one in days]
    lines = drift_lines(cast("list[DriftEvent]", events), NOW)
    figures = [one.values[0] for one in lines]
    assert [text for text, _ in figures] == ["9", "2", "3", "2", "2"]
    assert [link.query for _, link in figures if link is not None] == [
        "age:0..", "age:0..7", "age:7..30", "age:30..365", "age:365..",
    ]  # fmt: skip


def test_the_oldest_of_what_is_overdue_are_named() -> None:
    """Three of them, and how many there are."""
    rows = [OverdueRow(f"{n:064x}", "x", "Ada", int(NOW) - n * 86_400) for n in (9, 7, 5, 3)]
    lines = overdue_lines(rows, NOW)
    assert [one.values[0][0] for one in lines] == ["4", "9d", "7d", "5d"]


def test_bars_show_the_largest_of_what_shares_a_column() -> None:
    """And nothing where nothing is."""
    assert bars([0, 1, 8], 3, 1) == [" ▁█"]
    assert bars([0, 8, 0, 1], 2, 1) == ["█▁"]
    assert bars([8, 4], 2, 2) == ["█ ", "██"]
    assert bars([], 5, 1) == [""]
