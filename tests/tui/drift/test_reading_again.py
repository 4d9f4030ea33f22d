"""Drift: what is shown is read again, stopped, or cannot be read any more."""

from __future__ import annotations

import time
from sqlite3 import DatabaseError
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from forensics.scan.drift_child import bring_up
from tests.tui.drift.driving import (
    Told,
    keys,
    shown,
)
from tests.tui.piloting import drive, grid, said, settled, until
from tui.screens.drift import loading


class Held:
    """Reading the repository, which waits while this is shut."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.times = 0
        self.open = Event()
        self.open.set()

        def held(*words: Any) -> Any:
            self.times += 1
            end = time.monotonic() + 60
            while not self.open.wait(0.02) and words[3]():
                assert time.monotonic() < end, "nobody stopped it"
            return bring_up(*words)

        patch.setattr(loading, "bring_up", held)


def test_a_scan_that_ends_while_it_reads_is_read_too(
    web: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once what is being read is done, and only once."""
    reading = Held(monkeypatch)

    async def told(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        assert reading.times == 1
        reading.open.clear()
        await pilot.press("r")
        await until(pilot, lambda: reading.times == 2)
        app.index_changed()
        app.index_changed()
        await pilot.pause()
        reading.open.set()
        await until(pilot, lambda: reading.times == 3)
        await settled(pilot)
        assert reading.times == 3
        assert "6 keys" in grid(pilot)[0]

    drive(web.database, "drift", told, repository=web.path)


def test_escape_stops_reading(web: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what was to be read after that; what is there stays, and `r` reads on."""
    reading = Held(monkeypatch)

    async def told(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        reading.open.clear()
        await pilot.press("r")
        await until(pilot, lambda: reading.times == 2)
        app.index_changed()
        await pilot.press("escape")
        await until(pilot, lambda: "stopped; r reads on" in said(pilot))
        await settled(pilot)
        assert reading.times == 2
        assert "6 keys" in grid(pilot)[0]
        reading.open.set()
        await keys(pilot, "r")
        assert reading.times == 3
        assert "stopped" not in said(pilot)

    drive(web.database, "drift", told, repository=web.path)


def test_a_damaged_index_is_said_when_it_is_read_again(
    web: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shown stays; once it can be read, all is well."""

    def broken() -> Any:
        raise DatabaseError("database disk image is malformed")

    async def told(pilot: Pilot[Any]) -> None:
        opened: Any = pilot.app.screen
        connect = opened.opened.connect
        object.__setattr__(opened.opened, "connect", broken)
        await keys(pilot, "r")
        assert "the index cannot be read: database disk image is malformed; F5" in said(pilot)
        assert "6 keys" in grid(pilot)[0]
        object.__setattr__(opened.opened, "connect", connect)
        await keys(pilot, "f5")
        assert "malformed" not in shown(pilot)

    drive(web.database, "drift", told, repository=web.path, size=(120, 30))
