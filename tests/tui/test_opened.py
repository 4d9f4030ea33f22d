"""Triage that somebody forged counts for nothing on any screen."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from bench.large_index import build
from forensics.index.database import Connection, create_or_open, open_for_reading
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from tui.opened import Opened


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """One secret of three is decided about."""
    path = tmp_path / "index.db"
    build(path, 3)
    with closing(create_or_open(path, key)) as connection:
        (secret,) = connection.execute("SELECT lower(hex(fingerprint)) FROM secret").fetchone()
        Triage(connection, key).decide_all([(secret, Decision("confirmed"))])
    return path


def decided(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM triaged").fetchone()[0])


def counts(opened: Opened) -> list[int]:
    """As several threads see it at once."""

    async def ask() -> list[int]:
        topics = [opened.asking.ask(f"topic {number}", decided) for number in range(6)]
        return [*await asyncio.gather(*topics)]

    return asyncio.run(ask())


def test_forged_triage_counts_in_no_thread(index: Path, key: Key) -> None:
    """Though it is found out only once; and anew when the index is read anew."""
    opened = Opened(index, key, lambda: open_for_reading(index, key))
    assert counts(opened) == [1] * 6
    with closing(create_or_open(index, key)) as connection:
        connection.execute("UPDATE triage SET state = 'accepted'")
    opened.read_anew()
    assert counts(opened) == [0] * 6
    opened.asking.close()


def test_a_warning_stands_as_long_as_it_holds(index: Path, key: Key) -> None:
    """Also while it is looked at again; once the triage is ours again, it is taken back."""
    sound = index.with_name("sound.db")
    sound.write_bytes(index.read_bytes())
    with closing(create_or_open(index, key)) as connection:
        connection.execute("UPDATE triage SET state = 'accepted'")
    opened = Opened(index, key, lambda: open_for_reading(index, key))
    assert not opened.warnings()
    counts(opened)
    assert "changed without your key" in opened.warnings()[0]
    opened.read_anew()
    assert opened.warnings()
    sound.replace(index)
    counts(opened)
    assert not opened.warnings()
    opened.asking.close()
