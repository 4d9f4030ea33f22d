"""Rotation: marks and ranges."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.piloting import drive, said, settled, until
from tests.tui.rotation.scene import says, screen
from tui.undoing import Undoing


def test_marks_from_one_row_to_another(index: Path) -> None:
    """A range begins and ends as on Triage; Escape gives it up, then takes all marks away."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("v")
        assert "a range begins here" in said(pilot)
        await pilot.press("escape", "j", "v", "j", "j", "j", "space")
        assert "4 marked" in said(pilot)
        await pilot.press("k")
        assert "4 marked" in said(pilot)
        await pilot.press("escape")
        assert not screen(pilot)._marked

    drive(index, "rotation", told)


def test_marks_stay_until_they_are_decided_about_or_no_longer_listed(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those set while a decision is written too; on F5 as on Triage."""
    go_on = Event()
    decide = Undoing.decide

    def slow(*given: Any) -> Any:
        go_on.wait(60)
        return decide(*given)

    monkeypatch.setattr(Undoing, "decide", slow)

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("space", "space")
        first = [*screen(pilot)._marked]
        await pilot.press("u", "space", "space")
        go_on.set()
        await until(pilot, says(pilot, "open again: 2 secrets"))
        left = [*screen(pilot)._marked]
        assert len(left) == 2
        assert not {*left} & {*first}
        await pilot.press("f5")
        await settled(pilot)
        assert [*screen(pilot)._marked] == left
        assert len(screen(pilot)._main().marked) == 2
        screen(pilot).enter(f"fp:{left[0]}")
        await settled(pilot)
        assert [*screen(pilot)._marked] == left[:1]

    drive(index, "rotation", told)
