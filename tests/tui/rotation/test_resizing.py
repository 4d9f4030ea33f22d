"""Rotation goes on where it was when the board takes the place of the list, or the list its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.piloting import drive, grid, settled
from tests.tui.rotation.scene import here, screen


@pytest.mark.parametrize(("before", "after"), [((160, 40), (120, 40)), ((120, 40), (160, 40))])
def test_the_current_secret_stays(
    index: Path, before: tuple[int, int], after: tuple[int, int]
) -> None:
    """In the list, in the detail, and for what is decided; and the keys go on moving."""

    async def told(pilot: Pilot[Any]) -> None:
        await pilot.press("j", "j", "j")
        secret = here(pilot)
        await pilot.resize_terminal(*after)
        await settled(pilot)
        assert here(pilot) == secret
        assert screen(pilot).focused.region.width
        assert any(f"#{secret[:8]}" in line for line in grid(pilot))
        await pilot.press("j")
        await settled(pilot)
        assert here(pilot) != secret

    drive(index, "rotation", told, size=before)
