"""An index that is replaced or removed beneath the interface is neither read nor written."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from bench.large_index import build
from forensics.errors import IndexReadFailed
from forensics.index.database import create_or_open
from forensics.key import Key
from tests.tui.piloting import drive, grid, said, settled, until
from tui.standing import Standing


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """Two secrets."""
    path = tmp_path / "index.db"
    build(path, 2)
    return path


def journal(path: Path, key: Key) -> int:
    with closing(create_or_open(path, key)) as connection:
        return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])


def take_away(index: Path) -> None:
    """With what SQLite put beside it."""
    for one in index.parent.glob(f"{index.name}*"):
        one.unlink()


def test_nothing_is_decided_in_an_index_that_is_gone(index: Path) -> None:
    """And none is made in its place, by a decision or by a reveal."""

    async def do(pilot: Pilot[Any]) -> None:
        take_away(index)
        await pilot.press("f")
        await until(pilot, lambda: "the index is gone" in said(pilot))
        await pilot.press("V")
        await settled(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: "the index is gone" in " ".join(grid(pilot)))

    drive(index, "triage", do)
    assert not index.exists()


@pytest.mark.parametrize("mode", ["overview", "triage", "rotation", "audit"])
def test_one_advice_is_given_where_the_index_is_gone(index: Path, mode: str) -> None:
    """The one that helps: reading again does not."""

    async def do(pilot: Pilot[Any]) -> None:
        take_away(index)
        await pilot.press("f5")
        await until(pilot, lambda: "the index is gone" in " ".join(grid(pilot)))
        await settled(pilot)
        shown = " ".join(" ".join(grid(pilot)).split())
        assert "leave, and start again" in shown
        assert "tries again" not in shown

    drive(index, mode, do)


def test_nothing_is_decided_in_another_index(index: Path, key: Key, tmp_path: Path) -> None:
    """Which would else hold decisions about secrets that it does not have."""
    other = tmp_path / "other.db"
    build(other, 1)
    with closing(create_or_open(other, key)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = journal(other, key)

    async def do(pilot: Pilot[Any]) -> None:
        take_away(index)
        other.rename(index)
        await pilot.press("f")
        await until(pilot, lambda: "another index stands at" in said(pilot))
        await pilot.press("5")
        await until(pilot, lambda: "another index stands at" in said(pilot))

    drive(index, "triage", do)
    assert journal(index, key) == before


def test_nothing_is_decided_in_one_that_was_written_over_it(
    index: Path, key: Key, tmp_path: Path
) -> None:
    """As `cp` does, so that the file is the same."""
    other = tmp_path / "other.db"
    build(other, 1)
    with closing(create_or_open(other, key)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = journal(other, key)

    async def do(pilot: Pilot[Any]) -> None:
        index.write_bytes(other.read_bytes())
        await pilot.press("f")
        await until(pilot, lambda: "another index stands at" in said(pilot))

    drive(index, "triage", do)
    assert journal(index, key) == before


def test_one_that_comes_later_is_the_one(tmp_path: Path) -> None:
    """Until it is said that another may stand there."""
    path = tmp_path / "index.db"
    standing = Standing(path)
    standing.check()
    path.touch()
    standing.check()
    kept = path.rename(tmp_path / "kept")
    with pytest.raises(IndexReadFailed, match="is gone"):
        standing.check()
    path.touch()
    with pytest.raises(IndexReadFailed, match="another index"):
        standing.check()
    standing.anew()
    standing.check()
    assert kept.exists()
