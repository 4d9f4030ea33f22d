"""What a screen looks like does not depend on which ones were shown before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from textual.dom import DOMNode
from textual.pilot import Pilot

import tui
from bench.large_index import build
from forensics.key import Key
from tests.tui.piloting import drive, settled


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """A few secrets."""
    assert key
    path = tmp_path / "index.db"
    build(path, 5)
    return path


def ours(kind: type[Any]) -> Iterator[type[Any]]:
    """What of the interface is of a kind."""
    for one in kind.__subclasses__():
        if one.__module__.startswith("tui."):
            yield one
        yield from ours(one)


def test_each_part_of_the_interface_has_a_name_of_its_own() -> None:
    """Styles go by it."""
    for module in walk_packages(tui.__path__, "tui."):
        import_module(module.name)
    names = Counter(one.__name__ for one in {*ours(DOMNode)})
    assert len(names) > 30
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 50)])
def test_a_screen_looks_the_same_after_all_others(index: Path, size: tuple[int, int]) -> None:
    """Wherever things stand on it."""

    async def told(pilot: Pilot[Any]) -> None:
        def places() -> dict[str, Any]:
            return {f"{one!r}": one.region for one in pilot.app.screen.query("#body *")}

        before = places()
        await pilot.press("1", "2", "4", "5")
        await settled(pilot)
        await pilot.press("3")
        await settled(pilot)
        assert places() == before

    drive(index, "rotation", told, size=size)
