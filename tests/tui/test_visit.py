"""Up to where an index was seen: what is new the next time is what nobody here has seen or done."""

from __future__ import annotations

import gc
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from bench.large_index import build
from forensics.index.database import Connection, create_or_open, in_memory, open_for_reading
from forensics.index.overview import point_of
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from forensics.settings.remembered import Remembered
from tests.tui.piloting import drive, grid, said, settled, until


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """A few secrets."""
    assert key
    path = tmp_path / "index.db"
    build(path, 5)
    return path


def news(index: Path) -> int:
    """How many decisions Overview counts as new."""
    found = []

    async def told(pilot: Pilot[Any]) -> None:
        (line,) = (one for one in grid(pilot) if "decisions, also" in one)
        found.append(int(line.split()[-1]))

    drive(index, "overview", told)
    return found[0]


async def decide(pilot: Pilot[Any]) -> None:
    """Here, about the current secret."""
    await pilot.press("a")
    await until(pilot, lambda: "takes it back" in said(pilot))


def others_decide(index: Path, key: Key) -> None:
    """In another process, as far as the interface can tell."""
    with closing(create_or_open(index, key)) as database:
        Triage(database, key).decide_all([("ab" * 32, Decision("confirmed"))])


def test_what_was_done_in_a_visit_is_not_new_after_it(index: Path) -> None:
    """Though the list was read before."""
    drive(index, "triage", decide)
    assert news(index) == 0


@pytest.mark.parametrize("mode", ["overview", "triage", "rotation", "audit"])
def test_what_others_did_is_new_until_it_was_read(index: Path, key: Key, mode: str) -> None:
    """By whichever screen."""

    async def unread(pilot: Pilot[Any]) -> None:
        others_decide(index, key)
        await decide(pilot)

    async def read(pilot: Pilot[Any]) -> None:
        others_decide(index, key)
        await pilot.press("f5")
        await settled(pilot)

    drive(index, "triage", unread)
    assert news(index) == 2  # from there on, so that nothing of others is missed
    drive(index, mode, read)
    assert news(index) == 0


def test_an_interface_that_ends_at_once_leaves_nothing_half_begun(index: Path) -> None:
    """What is to be read after a scan, and was not begun yet, is let go without a warning."""

    async def told(pilot: Pilot[Any]) -> None:
        pilot.app.index_changed()  # type: ignore[attr-defined]
        pilot.app.workers.cancel_all()
        await pilot.pause()

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        drive(index, "audit", told)
        gc.collect()
    assert not [one for one in warned if "never awaited" in str(one.message)]


def test_the_first_visit_is_kept_of_an_index_that_was_made_in_it(tmp_path: Path, key: Key) -> None:
    """By the first scan."""
    index = tmp_path / "index.db"

    def connect() -> Connection:
        return open_for_reading(index, key) if index.exists() else in_memory(key)

    async def told(pilot: Pilot[Any]) -> None:
        build(index, 5)
        pilot.app.index_changed()  # type: ignore[attr-defined]
        await settled(pilot)

    drive(index, "triage", told, connect=connect)
    with closing(connect()) as database:
        point = point_of(database)
    kept = Remembered(point.index_id).last_visit()
    assert kept is not None
    assert kept.journal == point.journal
