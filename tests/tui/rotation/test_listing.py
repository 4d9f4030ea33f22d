"""Rotation: the board and the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from forensics.lifecycle.stages import STAGES
from tests.tui.piloting import drive, grid, settled
from tests.tui.rotation.scene import SECRETS, here, screen, stage


def test_secrets_stand_under_their_stages_and_the_current_one_is_told(index: Path) -> None:
    """Its slot by environment, what is pending, and the events that show it."""

    async def told(pilot: Pilot[Any]) -> None:
        assert f"{SECRETS} of {SECRETS}" in grid(pilot)[0]
        lines = grid(pilot)
        assert any("-- DETECTED" in line for line in lines)
        assert any("SLOTS" in line for line in lines)
        screen(pilot).enter("stage:replaced")
        await settled(pilot)
        assert "-- REPLACED" in grid(pilot)[3]
        assert any("replaced 20" in line for line in grid(pilot))

    drive(index, "rotation", told)


def test_the_board_has_a_column_a_stage(index: Path) -> None:
    """From 140 columns on; left and right go from one to the next."""

    async def told(pilot: Pilot[Any]) -> None:
        heads = grid(pilot)[2]
        assert [heads.index(one.upper()) for one in STAGES] == sorted(
            heads.index(one.upper()) for one in STAGES
        )
        assert stage(pilot, here(pilot)) == "detected"
        await pilot.press("l", "l")
        await settled(pilot)
        assert stage(pilot, here(pilot)) == "replaced"
        await pilot.press("left", "left", "h")
        assert screen(pilot)._main().id == "verified"

    drive(index, "rotation", told, size=(160, 50))
