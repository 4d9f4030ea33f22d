"""What others do to the index shows on every screen of figures or rows until it is read again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from bench.large_index import build
from forensics.index.database import create_or_open
from forensics.index.journal import Journal
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from tests.tui.piloting import drive, grid, said, settled, until
from tui.page import Page
from tui.polled import Polled

LISTS = pytest.mark.parametrize("mode", ["overview", "triage", "rotation", "audit"])


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """A few secrets."""
    assert key
    path = tmp_path / "index.db"
    build(path, 5)
    return path


def others_decide(index: Path, key: Key) -> None:
    """In another process, as far as the interface can tell."""
    with closing(create_or_open(index, key)) as database:
        Triage(database, key).decide_all([("ab" * 32, Decision("confirmed"))])


async def polled(pilot: Pilot[Any]) -> str:
    """What the first line says once it was looked for changes."""
    screen = pilot.app.screen
    assert isinstance(screen, Polled)
    screen.poll()
    await settled(pilot)
    return grid(pilot)[0]


@LISTS
def test_a_change_by_others_shows_until_the_list_is_read_again(
    index: Path, key: Key, mode: str
) -> None:
    """With how many there are."""

    async def told(pilot: Pilot[Any]) -> None:
        before = await polled(pilot)
        assert "stale" not in before
        others_decide(index, key)
        others_decide(index, key)
        assert "  stale +2  " in await polled(pilot)
        await pilot.press("f5")
        await settled(pilot)
        assert "stale" not in await polled(pilot)

    drive(index, mode, told)


@LISTS
def test_while_a_scan_of_this_session_runs_only_people_are_told_of(
    index: Path, key: Key, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it writes is read once it is done."""
    monkeypatch.setattr(Page, "scan_runs", property(lambda _: True))

    async def told(pilot: Pilot[Any]) -> None:
        with closing(create_or_open(index, key)) as database:
            Journal(database, key).append("scan-finished", "scan:1", "/srv")
        assert "stale" not in await polled(pilot)
        others_decide(index, key)
        assert "  stale +1  " in await polled(pilot)

    drive(index, mode, told)


def test_what_was_done_here_is_news_only_to_the_journal(index: Path) -> None:
    """Elsewhere it stands where the rows are."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("2")
        await settled(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "takes it back" in said(pilot))
        assert "stale" not in await polled(pilot)
        await pilot.press("5")
        assert "  stale +1  " in await polled(pilot)

    drive(index, "audit", told)
