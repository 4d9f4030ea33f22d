"""Until the first picture, and whenever something is said: nothing is done twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.cli.command import ROOT
from tests.tui.piloting import drive
from tui.page import Page
from tui.tabs import TABS

LOADED = """
import sys
import tui.start
from tui.screens import screen_of
for mode in sys.argv[1:]:
    screen_of(mode)
print(*sys.modules)
"""
SLOW = {"numpy", "pygit2", "dulwich", "hyperscan", "sqlite_utils", "yaml", "detect_secrets"}


def test_no_screen_loads_what_it_does_not_show_at_first() -> None:
    """NumPy alone would take a sixth of the time until its first picture."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *TABS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not SLOW & {*done.stdout.split()}


@pytest.mark.parametrize(
    ("size", "classes"),
    [((80, 24), {"-narrow", "-high"}), ((120, 40), {"-middle", "-tall"}), ((160, 50), {"-wide"})],
)
def test_a_screen_has_its_layout_before_it_is_drawn(
    index: Path, size: tuple[int, int], classes: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of the size it has, so that nothing is laid out twice."""
    found: list[frozenset[str]] = []
    made = Page.on_mount

    def mounted(page: Page) -> None:
        found.append(page.classes)
        made(page)

    monkeypatch.setattr(Page, "on_mount", mounted)

    async def told(pilot: Pilot[Any]) -> None:
        assert classes <= found[0]
        assert found[0] == pilot.app.screen.classes - {"-nothing"}  # of what was read since

    drive(index, "audit", told, size=size)


def test_what_is_said_again_is_not_laid_out_again(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something else is."""
    updated: list[str | None] = []
    update = Static.update

    def noted(static: Static, *given: Any, **options: Any) -> None:
        updated.append(static.id)
        update(static, *given, **options)

    async def told(pilot: Pilot[Any]) -> None:
        page = pilot.app.screen
        assert isinstance(page, Page)
        page.say("one thing")
        monkeypatch.setattr(Static, "update", noted)
        page.say("one thing")
        page.warn()
        page.tell_of_scan()
        assert not updated
        page.say("another")
        assert updated == ["status"]

    drive(index, "audit", told)
